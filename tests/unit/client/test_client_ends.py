"""Where following a job begins and where it ends, with both clients."""

from __future__ import annotations

from dataclasses import replace

from reelstep.client import LiveState, Password
from tests.support.cable import Cable
from tests.unit.cli.fake_cloud import FakeCloud, failing_events, numbered
from tests.unit.client.conftest import QUICK, Both, deployment_of
from tests.unit.client.live_server import LiveServer, Talk, silent

CONNECTING, LIVE, ENDED = LiveState.CONNECTING, LiveState.LIVE, LiveState.ENDED


def test_it_begins_where_it_is_asked_to(follower: Both, live: LiveServer) -> None:
    assert follower.follow(live.film.id, after=7) == live.film.events[7:]
    assert live.asked_from == [7]


def test_a_job_of_which_all_is_known_has_nothing_more_to_tell(
    follower: Both, live: LiveServer
) -> None:
    assert follower.follow(live.film.id, after=len(live.film.events)) == []
    assert follower.states == [CONNECTING, LIVE, ENDED]


def test_a_seq_that_is_not_written_yet_hides_nothing(follower: Both, live: LiveServer) -> None:
    whole = live.film.events
    live.film.events = whole[:4]
    live.film.out = 4

    def goes_on(talk: Talk) -> None:
        talk.subscribed()
        live.film.events = whole
        live.film.out = len(whole)
        talk.say(*whole[4:])

    live.plan(goes_on)

    assert follower.follow(live.film.id, after=99) == whole[4:]


def test_an_attempt_that_failed_is_no_end_when_another_came_after(
    follower: Both, live: LiveServer
) -> None:
    first = failing_events(live.film.id)
    again = [{"event": "job:queued", "position": 0}, {"event": "job:started", "workerId": "w"}]
    live.film.events = numbered(live.film.id, [*first, *again, {"event": "job:completed"}])
    live.film.out = len(live.film.events)

    assert follower.follow(live.film.id) == live.film.events


def test_a_failure_is_an_end(follower: Both, live: LiveServer) -> None:
    live.film.events = failing_events(live.film.id)
    live.film.out = len(live.film.events)

    *_, last = follower.items("follow", live.film.id)

    assert (last.event, last.error.code) == ("job:failed", "FfmpegFailed")


def test_the_end_of_a_job_whose_log_has_expired_is_told_from_its_record(
    cloud: FakeCloud, live: LiveServer, both: Both
) -> None:
    def forgot(talk: Talk) -> None:
        talk.subscribed()
        silent(talk)

    # A stall may cost connections and readings: none of them knows more than the first.
    for _ in range(50):
        cloud.plan("GET", "/events", 200, {"events": []})
    live.plan(*[forgot] * 50)
    patience = replace(QUICK, answer_within=0.5)
    both.open(deployment_of(cloud, live.url), Password("me@reelstep.test", "x"), patience=patience)

    (only,) = both.follow(live.film.id)

    assert (only["event"], only["seq"]) == ("job:completed", 1)
    assert only["videoUrl"].startswith("http")


def test_who_stops_listening_leaves_no_connection_behind(follower: Both, live: LiveServer) -> None:
    live.film.out = 3
    live.plan(lambda talk: (talk.subscribed(), talk.say(*live.film.events[:3]), silent(talk)))

    assert len(follower.items("follow", live.film.id, most=2)) == 2
    live.wait_until_left(1)


def test_waiting_gives_the_film(follower: Both, live: LiveServer) -> None:
    video = follower.call("wait", live.film.id)

    assert (video.id, video.status, video.finished) == (live.film.id, "COMPLETED", True)


def test_texts_come_in_the_language_that_was_asked_for(
    cloud: FakeCloud, live: LiveServer, both: Both
) -> None:
    both.open(deployment_of(cloud, live.url), Password("m@reelstep.test", "x"), language="fr")

    both.call("wait", live.film.id)

    assert live.languages == ["fr"]
    assert cloud.asked("GET", live.film.id)[0][2]["Accept-Language"] == "fr"


def test_lines_that_break_within_what_the_server_has_sent_lose_nothing(
    cloud: FakeCloud, live: LiveServer, both: Both
) -> None:
    with Cable(live.url, breaks_after=(2, 2, 2)) as cable:
        both.open(deployment_of(cloud, cable.url), Password("me@reelstep.test", "x"))

        assert both.follow(live.film.id) == live.film.events
        assert cable.connections == 4
    assert live.asked_from == [0, 1, 2, 3]
    assert both.states.count(LIVE) == 4
