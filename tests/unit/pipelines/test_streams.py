"""What one request of an event stream is answered with, and when; on moto, in no time."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from botocore.exceptions import ClientError

from reelstep.events import log
from reelstep.events.holds import Holds
from reelstep.events.log import Event
from reelstep.jobs.model import Job, JobKind, JobStatus, blank_phases
from reelstep.pipelines import streams
from reelstep.pipelines.streams import EVENTS_PER_ANSWER, LOOK_SECONDS, Streams
from reelstep.platform.clock import now_iso
from reelstep.platform.errors import NotFound
from tests.support.event_source import Message, Parser
from tests.support.table import TABLE

END = {
    log.COMPLETED: JobStatus.COMPLETED,
    log.FAILED: JobStatus.FAILED,
    log.CANCELLED: JobStatus.CANCELLED,
}


@dataclass
class Watch:
    """A clock that sleeping moves, and on which things happen."""

    now: float = 0.0
    looks: int = 0
    plans: list[tuple[float, Callable[[], object]]] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.now, self.looks = self.now + seconds, self.looks + 1
        for plan in [plan for plan in self.plans if plan[0] <= self.now]:
            self.plans.remove(plan)
            plan[1]()


@dataclass
class Stage:
    cloud: Any
    watch: Watch
    streams: Streams

    def job(self, events: int = 1, user: str = "ada", **fields: Any) -> Job:
        job = Job(
            job_id=f"job-{time.time_ns()}",
            **{"kind": JobKind.GENERATION, **fields},
            user_id=user,
            request={},
            price=0,
            created_at=now_iso(),
            phases=blank_phases(JobKind.GENERATION),
        )
        self.cloud.jobs.create(job, log.queued(0))
        self.write(job, events - 1)
        return job

    def write(self, job: Job, count: int = 1, **fields: Any) -> None:
        for _ in range(count):
            self.tell(job, log.PROGRESS, log.progress(1, "RENDERING", 1, "…") | fields)

    def tell(self, job: Job, name: str, fields: Any, **sets: Any) -> None:
        now = self.cloud.jobs.get(job.job_id)
        if name in END:
            sets["status"] = END[name]
        self.cloud.jobs.change(
            now, sets=sets, event=(name, fields), at=now_iso(), allowed=frozenset(JobStatus)
        )

    def remove(self, job: Job) -> None:
        self.tell(job, log.CANCELLED, {})
        assert self.cloud.jobs.delete(job.job_id)

    def ask(self, job: Job, last_seq: int = 0) -> tuple[list[Message], Parser]:
        text = self.streams.after(job.job_id, last_seq)
        assert text is not None
        parser = Parser()
        parser.begin()
        return list(parser.feed(text.encode())), parser


@pytest.fixture
def stage(cloud: Any) -> Stage:
    watch = Watch()
    made = Streams(
        jobs=cloud.jobs,
        media=cloud.media,
        holds=Holds(cloud.jobs.client, TABLE, 2),
        user_id="ada",
        hold_seconds=15,
        url_seconds=600,
        clock=lambda: watch.now,
        sleep=watch.sleep,
    )
    return Stage(cloud, watch, made)


def _ids(messages: list[Message]) -> list[int]:
    return [int(message.last_event_id) for message in messages]


def test_what_is_there_is_told_at_once_as_on_the_websocket(stage: Stage) -> None:
    job = stage.job(3)
    messages, parser = stage.ask(job, 1)
    assert _ids(messages) == [2, 3]
    assert [message.type for message in messages] == ["job:progress", "job:progress"]
    (event, *_) = stage.cloud.jobs.events_after(job.job_id, 1, 1)
    assert streams.protocol.encode(event.wire()).decode() == messages[0].data
    assert parser.retry_ms == streams.RETRY_MS
    assert stage.watch.looks == 0


@pytest.mark.parametrize("kind", list(JobKind))
def test_every_kind_of_job_has_one(stage: Stage, kind: JobKind) -> None:
    assert _ids(stage.ask(stage.job(kind=kind))[0]) == [1]


def test_a_request_waits_until_something_is_new(stage: Stage) -> None:
    job = stage.job(2)
    stage.watch.plans.append((5.0, lambda: stage.write(job, 2)))
    messages, _ = stage.ask(job, 2)
    assert _ids(messages) == [3, 4]
    assert 5.0 <= stage.watch.now < 5.0 + LOOK_SECONDS


def test_a_request_that_waited_for_nothing_says_so_and_comes_back(stage: Stage) -> None:
    job = stage.job()
    messages, parser = stage.ask(job, 1)
    assert messages == []
    assert parser.comments == ["nothing new"]
    assert parser.retry_ms == streams.RETRY_MS
    assert stage.watch.now == 15.0


def test_a_long_log_comes_in_pages_without_a_gap_and_quickly(stage: Stage) -> None:
    total = 2 * EVENTS_PER_ANSWER + 1
    job = stage.job(total, context={})
    told: list[int] = []
    retries = []
    while len(told) < total:
        messages, parser = stage.ask(job, told[-1] if told else 0)
        assert len(messages) <= EVENTS_PER_ANSWER
        told += _ids(messages)
        retries.append(parser.retry_ms)
    assert told == list(range(1, total + 1))
    assert retries == [streams.RETRY_MORE_MS, streams.RETRY_MORE_MS, streams.RETRY_MS]
    assert stage.watch.looks == 0


def test_large_texts_are_cut_so_that_an_answer_stays_small(stage: Stage) -> None:
    job = stage.job()
    stage.write(job, EVENTS_PER_ANSWER, message="word " * 5_000)
    text = stage.streams.after(job.job_id, 0)
    assert text is not None
    assert len(text.encode()) < EVENTS_PER_ANSWER * 4_200


@pytest.mark.parametrize("name", list(END))
def test_the_end_is_told_and_after_it_there_is_nothing(stage: Stage, name: str) -> None:
    job = stage.job(2)
    stage.tell(job, name, log.completed("films/x.mp4") if name == log.COMPLETED else {})
    messages, _ = stage.ask(job, 2)
    assert [(m.type, m.last_event_id) for m in messages] == [(name, "3")]
    if name == log.COMPLETED:
        assert '"videoUrl":"https://' in messages[0].data
        assert "videoKey" not in messages[0].data
    assert stage.streams.after(job.job_id, 3) is None
    assert stage.streams.after(job.job_id, 99) is None
    assert stage.watch.looks == 0


def test_an_end_whose_events_have_expired_is_an_end(stage: Stage) -> None:
    job = stage.job()
    stage.tell(job, log.CANCELLED, {})
    for seq in (1, 2):
        key = {"pk": {"S": log.partition(job.job_id)}, "sk": {"S": log.sort_key(seq)}}
        stage.cloud.jobs.client.delete_item(TableName=TABLE, Key=key)
    assert stage.streams.after(job.job_id, 0) is None


def test_a_log_whose_beginning_has_expired_begins_later(stage: Stage) -> None:
    job = stage.job(4)
    key = {"pk": {"S": log.partition(job.job_id)}, "sk": {"S": log.sort_key(1)}}
    stage.cloud.jobs.client.delete_item(TableName=TABLE, Key=key)
    assert _ids(stage.ask(job)[0]) == [2, 3, 4]


def test_a_failed_job_that_is_tried_again_goes_on(stage: Stage) -> None:
    job = stage.job(2)
    stage.tell(job, log.FAILED, log.failed("X", "…", "RENDERING"))
    assert stage.streams.after(job.job_id, 3) is None
    stage.tell(job, log.QUEUED, log.queued(1), status=JobStatus.QUEUED)
    stage.watch.plans.append((3.0, lambda: stage.write(job)))
    assert _ids(stage.ask(job, 3)[0]) == [4]
    assert _ids(stage.ask(job, 4)[0]) == [5]


def test_a_seq_that_nobody_has_written_is_taken_for_the_last(stage: Stage) -> None:
    job = stage.job(2)
    stage.watch.plans.append((1.0, lambda: stage.write(job)))
    assert _ids(stage.ask(job, 99)[0]) == [3]


def test_unknown_deleted_and_somebody_elses_look_the_same(stage: Stage) -> None:
    gone, theirs = stage.job(), stage.job(user="bob")
    stage.remove(gone)
    said = set()
    for job_id in (gone.job_id, theirs.job_id, "nothing"):
        with pytest.raises(NotFound) as raised:
            stage.streams.after(job_id, 0)
        said.add(raised.value.message)
    assert len(said) == 1


def test_a_job_that_is_deleted_meanwhile_is_gone_with_the_next_request(stage: Stage) -> None:
    job = stage.job()
    stage.watch.plans.append((2.0, lambda: stage.remove(job)))
    assert stage.ask(job, 1)[0] == []
    with pytest.raises(NotFound):
        stage.streams.after(job.job_id, 1)


def test_who_has_too_many_streams_is_not_held_and_misses_nothing(stage: Stage) -> None:
    job = stage.job()
    first, _second = (stage.streams.holds.take("ada", 15) for _ in range(2))
    messages, parser = stage.ask(job, 1)
    assert messages == []
    assert parser.retry_ms == streams.RETRY_UNHELD_MS
    assert stage.watch.now == 0.0
    stage.write(job)
    assert _ids(stage.ask(job, 1)[0]) == [2]
    assert first
    stage.streams.holds.give_back(first)
    stage.ask(job, 2)
    assert stage.watch.now == 15.0


def test_a_place_is_given_back_however_a_request_ends(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = stage.job()

    def die() -> None:
        raise KeyboardInterrupt

    for _ in range(3):
        stage.watch.plans.append((stage.watch.now + 1, die))
        with pytest.raises(KeyboardInterrupt):
            stage.ask(job, 1)
    assert stage.streams.holds.take("ada", 15)
    assert stage.streams.holds.take("ada", 15)


def test_without_places_nobody_is_held(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise ClientError({"Error": {"Code": "ThrottlingException"}}, "UpdateItem")

    monkeypatch.setattr(Holds, "take", fail)
    assert stage.ask(stage.job(), 1)[1].retry_ms == streams.RETRY_UNHELD_MS


def test_an_event_that_the_query_passed_before_it_was_written_is_not_skipped(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A Query is no snapshot: it can pass a place before event n is written there, and then find
    n + 1. Told as it came, n would be lost to the client for good."""
    job = stage.job(6)
    whole = stage.cloud.jobs.events_after(job.job_id, 0, 10)
    reads: list[list[Event]] = [
        [event for event in whole if event.seq in seen]
        for seen in ({1, 2, 4}, {4, 5}, {3, 4, 5, 6})
    ]
    monkeypatch.setattr(type(stage.cloud.jobs), "events_after", lambda *_: reads.pop(0))
    assert _ids(stage.ask(job)[0]) == [1, 2]
    assert _ids(stage.ask(job, 2)[0]) == [3, 4, 5, 6]
    assert reads == []
