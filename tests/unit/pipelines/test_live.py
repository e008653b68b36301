"""The WebSocket's functions on moto, with a wire that keeps what is posted."""

from __future__ import annotations

import threading
import time

import pytest

from reelstep.events import log
from reelstep.events.stream import news_of
from reelstep.jobs.model import JobStatus
from reelstep.pipelines import live as live_module
from reelstep.pipelines.fanout import fan_out
from reelstep.platform.clock import now_iso
from reelstep.platform.settings import Settings
from tests.support.live_stage import Killed, Stage, deliver, seqs


def test_connecting_posts_nothing_and_leaving_leaves_nothing(stage: Stage) -> None:
    assert stage.connect() == {"statusCode": 200}
    assert stage.wire.told == {}
    job = stage.job()
    stage.say("subscribe", job.job_id)
    stage.event("DISCONNECT", "c1")
    assert stage.live.connections.subscribers_of(job.job_id) == []
    assert stage.live.connections.get("c1") is None


def test_the_snapshot_then_the_log_then_live(stage: Stage) -> None:
    job = stage.job()
    for _ in range(3):
        stage.write(job)
    stage.connect()
    stage.say("subscribe", job.job_id, lastSeq=2)
    snapshot, *replay = stage.heard()
    assert (snapshot["event"], snapshot["seq"]) == ("subscribed", 2)
    assert snapshot["job"]["seq"] == 4
    assert snapshot["job"]["status"] == "QUEUED"
    assert len(snapshot["job"]["phases"]) == 6
    assert seqs(replay) == [3, 4]
    record = stage.write(job)
    assert deliver([record]) == []
    assert deliver([record, record]) == []  # streams deliver at least once
    assert seqs(stage.heard()) == [5]


def test_a_fan_out_that_comes_after_a_lost_one_tells_both(stage: Stage) -> None:
    job = stage.job()
    stage.connect()
    stage.say("subscribe", job.job_id)
    stage.heard()
    stage.write(job)
    late = stage.write(job)
    assert deliver([late]) == []
    assert seqs(stage.heard()) == [2, 3]


def test_a_long_log_is_replayed_whole(stage: Stage) -> None:
    job = stage.job()
    for _ in range(live_module._EVENTS_PER_READ * 2):
        stage.write(job)
    stage.connect()
    stage.say("subscribe", job.job_id)
    assert seqs(stage.heard()) == list(range(live_module._EVENTS_PER_READ * 2 + 2))


def test_a_seq_that_nobody_has_written_is_taken_for_the_last(stage: Stage) -> None:
    job = stage.job()
    stage.connect()
    stage.say("subscribe", job.job_id, lastSeq=99)
    assert seqs(stage.heard()) == [1]
    deliver([stage.write(job)])
    assert seqs(stage.heard()) == [2]


def test_somebody_elses_job_looks_like_none(stage: Stage) -> None:
    theirs = stage.job("bob")
    stage.connect()
    answers = []
    for action in ("subscribe", "cancel"):
        for job_id in (theirs.job_id, "nothing"):
            stage.say(action, job_id)
            (answer,) = stage.heard()
            assert answer.pop("generationId") == job_id
            answers.append({**answer, "at": ""})
    assert all(answer == answers[0] for answer in answers)
    assert (answers[0]["event"], answers[0]["code"]) == ("error", "NOT_FOUND")
    assert stage.live.connections.subscribers_of(theirs.job_id) == []
    assert stage.cloud.jobs.get(theirs.job_id).status is JobStatus.QUEUED


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "MALFORMED_REQUEST"),
        ("{", "MALFORMED_REQUEST"),
        ('{"action": "dance"}', "VALIDATION_FAILED"),
        ("x" * 40_000, "TOO_LARGE"),
    ],
)
def test_nonsense_is_answered_in_the_clients_language(stage: Stage, text: str, code: str) -> None:
    stage.connect("en", headers={"Accept-Language": "de, en;q=0.5"})
    stage.connect("fr", headers={"Accept-Language": "fr-CA"})
    stage.connect("wish", queryStringParameters={"locale": "fr"})
    told = {}
    for name in ("en", "fr", "wish"):
        stage.event("MESSAGE", name, text)
        stage.say("ping", name=name)  # the connection lives on
        told[name], pong = stage.heard(name)
        assert pong["event"] == "pong"
        assert told[name]["code"] == code
    assert told["en"]["message"] != told["fr"]["message"] == told["wish"]["message"]


def test_unsubscribed_is_silent(stage: Stage) -> None:
    job = stage.job()
    stage.connect()
    stage.say("subscribe", job.job_id)
    stage.heard()
    stage.say("unsubscribe", job.job_id)
    stage.say("unsubscribe", job.job_id)
    first, second = stage.heard()
    assert (first["event"], first["action"]) == ("accepted", "unsubscribe")
    assert second["code"] == "NOT_FOUND"
    assert deliver([stage.write(job)]) == []
    assert stage.heard() == []


def test_cancel_as_over_rest_and_once(stage: Stage) -> None:
    stage.cloud.ledger.open("ada", 1_000)
    job = stage.job()
    stage.connect()
    stage.say("cancel", job.job_id)
    stage.say("cancel", job.job_id)
    first, second = stage.heard()
    assert (first["event"], first["action"], first["tokensRefunded"]) == ("accepted", "cancel", 0)
    assert second["code"] == "CONFLICT"
    assert stage.cloud.jobs.get(job.job_id).status is JobStatus.CANCELLED


def test_the_films_url_is_signed_when_it_is_told(stage: Stage) -> None:
    job = stage.job()
    stage.connect()
    stage.say("subscribe", job.job_id)
    stage.heard()
    done = log.Event(log.COMPLETED, job.job_id, 2, now_iso(), log.completed("films/x/film.mp4"))
    assert deliver([stage.record(done)]) == []
    (told,) = stage.heard()
    assert "videoKey" not in told
    assert "Signature" in told["videoUrl"]


def test_a_connection_may_follow_so_many_jobs(stage: Stage) -> None:
    limits = stage.live.settings.limits.model_copy(update={"subscriptions": 1})
    settings = stage.live.settings.model_copy(update={"limits": limits})
    object.__setattr__(stage.live, "settings", settings)
    one, two = stage.job(), stage.job()
    stage.connect()
    stage.say("subscribe", one.job_id)
    stage.say("subscribe", two.job_id)
    assert [b.get("code") for b in stage.heard() if b["event"] == "error"] == ["CONFLICT"]


def test_too_many_connections_of_one_user_are_refused(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REELSTEP_LIMITS", '{"connections": 2}')
    Settings.load.cache_clear()
    statuses = [stage.connect(name)["statusCode"] for name in ("c1", "c2", "c3")]
    assert statuses == [200, 200, 429]
    assert stage.connect("c4", user="bob") == {"statusCode": 200}


def test_a_message_on_a_forgotten_connection_closes_it(stage: Stage) -> None:
    stage.say("ping", name="ghost")
    assert stage.wire.closed == ["ghost"]


def test_dead_and_slow_clients_are_closed_and_delay_nobody(stage: Stage) -> None:
    job = stage.job()
    names = [f"c{n}" for n in range(40)]
    for name in names:
        stage.connect(name)
        stage.say("subscribe", job.job_id, name=name)
        stage.heard(name)
    stage.wire.gone, stage.wire.slow = {"c0", "c1"}, {"c2", "c3", "c4"}
    arrived: dict[str, float] = {}
    post = stage.wire.post
    begin = time.monotonic()

    def timed(connection_id: str, data: bytes) -> bool:
        done = post(connection_id, data)
        arrived[connection_id] = time.monotonic() - begin
        return done

    stage.wire.post = timed  # type: ignore[method-assign]
    assert deliver([stage.write(job)]) == []
    for name in names[5:]:
        assert seqs(stage.heard(name)) == [2], name
    assert sum(arrived[name] < 1.0 for name in names[5:]) > 25
    bad = {"c0", "c1", "c2", "c3", "c4"}
    assert set(stage.wire.closed) == bad
    assert set(stage.live.connections.subscribers_of(job.job_id)) == set(names) - bad


def test_what_fails_on_our_side_is_delivered_again_from_there(stage: Stage) -> None:
    one, two = stage.job(), stage.job()
    stage.connect()
    for job in (one, two):
        stage.say("subscribe", job.job_id)
    stage.connect("c2")
    stage.say("subscribe", two.job_id, name="c2")
    stage.wire.told.clear()
    stage.wire.broken = {"c2"}
    records = [stage.write(one), stage.write(two), stage.write(two)]
    assert deliver(records) == [f"{two.job_id}/2"]
    assert seqs(stage.heard()) == [2, 2, 3]
    assert "c2" not in stage.wire.closed


def test_a_message_that_fails_on_our_side_closes_so_that_the_client_asks_again(
    stage: Stage,
) -> None:
    job = stage.job()
    stage.connect()
    stage.wire.broken = {"c1"}
    with pytest.raises(RuntimeError):
        stage.say("subscribe", job.job_id)
    assert stage.wire.closed == ["c1"]
    assert stage.live.connections.subscribers_of(job.job_id) == []


def test_the_end_waits_for_a_holder_that_has_died_and_closes(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reelstep.events.subscriptions.LEASE_SECONDS", 1.0)
    job = stage.job()
    stage.connect()
    stage.wire.deadly = {"c1"}
    with pytest.raises(Killed):  # dies while it replays
        stage.say("subscribe", job.job_id)
    stage.wire.deadly = set()
    assert deliver([stage.write(job)]) == []
    assert stage.wire.closed == []
    end = log.Event(log.CANCELLED, job.job_id, 3, now_iso(), {})
    assert deliver([stage.record(end)]) == []
    assert stage.wire.closed == ["c1"]
    assert stage.heard() == []


def test_replay_and_fan_out_at_the_same_time_miss_and_double_nothing(stage: Stage) -> None:
    """Threads and moto's table, as a check that rows do what the model in tests/unit/events
    takes for granted."""
    job = stage.job()
    stage.connect()
    stop = threading.Event()

    def keep_writing() -> None:
        while not stop.is_set():
            fan_out(stage.live, news_of([stage.write(job)]))

    writer = threading.Thread(target=keep_writing)
    writer.start()
    for _ in range(8):
        stage.say("subscribe", job.job_id)
        time.sleep(0.05)
    stop.set()
    writer.join()
    heard = stage.heard()
    expected = 0
    for body in heard:
        expected = 0 if body["event"] == "subscribed" else expected + 1
        assert body["seq"] == expected
    assert expected == stage.cloud.jobs.get(job.job_id).seq
