"""Following a job over a WebSocket that breaks in every way, with both clients."""

from __future__ import annotations

import socket
from dataclasses import replace
from typing import Any

import pytest

from reelstep.client import (
    ApiProblem,
    LiveState,
    LostTouch,
    NotSignedIn,
    Password,
    Token,
    wire,
)
from tests.unit.cli.fake_cloud import FakeCloud
from tests.unit.client.conftest import QUICK, Both, deployment_of
from tests.unit.client.live_server import LiveServer, Plan, Talk, drop_after, honest, silent

CONNECTING, LIVE, RECONNECTING = LiveState.CONNECTING, LiveState.LIVE, LiveState.RECONNECTING
POLLING, ENDED = LiveState.POLLING, LiveState.ENDED


def test_a_film_is_told_over_one_connection_and_nothing_is_polled(
    cloud: FakeCloud, follower: Both, live: LiveServer
) -> None:
    assert follower.follow(live.film.id) == live.film.events
    assert follower.states == [CONNECTING, LIVE, ENDED]
    assert live.asked_from == [0]
    assert [each for each in cloud.requests if "/api/" in each[1]] == []
    live.wait_until_left(1)


def test_events_are_typed(follower: Both, live: LiveServer) -> None:
    first, second, third, *_ = follower.items("follow", live.film.id)

    assert (first.event, first.seq, first.position) == ("job:queued", 1, 2)
    assert second.worker_id == "w"
    assert (third.stage, third.stage_percent) == ("SCRIPT_GENERATION", 0)
    assert third.generation_id == live.film.id


def test_a_line_that_breaks_again_and_again_loses_and_doubles_nothing(
    follower: Both, live: LiveServer
) -> None:
    live.plan(drop_after(0), drop_after(3), drop_after(1), drop_after(9))

    assert follower.follow(live.film.id) == live.film.events
    assert live.asked_from == [0, 0, 3, 4, 13]
    assert RECONNECTING in follower.states
    assert POLLING not in follower.states


def test_each_connection_has_a_token_that_is_good_for_now(
    cloud: FakeCloud, follower: Both, live: LiveServer
) -> None:
    cloud.token_lifetime = 30  # seconds: about to expire as soon as it is there
    live.plan(drop_after(2), drop_after(2))

    assert follower.follow(live.film.id) == live.film.events
    assert len(set(live.tokens)) == 3
    assert cloud.sign_ins[0] == "USER_PASSWORD_AUTH"
    assert set(cloud.sign_ins[1:]) == {"REFRESH_TOKEN_AUTH"}


def test_doubles_and_old_events_are_passed_over(follower: Both, live: LiveServer) -> None:
    def doubled(talk: Talk) -> None:
        talk.subscribed()
        for index, event in enumerate(live.film.events):
            talk.say(event, *live.film.events[max(0, index - 2) : index + 1])

    live.plan(doubled)

    assert follower.follow(live.film.id) == live.film.events
    assert live.asked_from == [0]


def test_a_gap_is_noticed_and_asked_for_on_the_same_connection(
    follower: Both, live: LiveServer
) -> None:
    def skips(talk: Talk) -> None:
        talk.subscribed()
        talk.say(*live.film.events[:2], *live.film.events[5:8])
        honest(talk)

    live.plan(skips)

    assert follower.follow(live.film.id) == live.film.events
    assert live.asked_from == [0, 2]
    assert len(live.talks) == 1


def test_events_of_another_job_and_of_kinds_to_come_do_no_harm(
    follower: Both, live: LiveServer
) -> None:
    def chatty(talk: Talk) -> None:
        talk.say({"event": "welcome", "generationId": None, "seq": None})
        talk.subscribed()
        talk.say({**live.film.events[4], "generationId": "somebody-elses", "seq": 1})
        talk.say({"event": "gossip", "generationId": live.film.id, "seq": None})
        talk.say(*live.film.events)
        honest(talk)

    live.plan(chatty)

    assert follower.follow(live.film.id) == live.film.events


@pytest.mark.parametrize(
    "garbage",
    [
        "<html>hello</html>",
        b"\x00\x01",
        "[]",
        "[" * 4000,
        '{"event": "subscribed", "generationId": "JOB", "seq": 0}',
        '{"event": "job:progress", "generationId": "JOB", "seq": "three"}',
        '{"event": "error", "generationId": "JOB", "code": "CONFLICT", "message": "Too many"}',
    ],
    ids=lambda value: str(value)[:16],
)
def test_after_garbage_the_connection_is_made_again(
    follower: Both, live: LiveServer, garbage: Any
) -> None:
    said = garbage.replace("JOB", live.film.id) if isinstance(garbage, str) else garbage

    def mumbles(talk: Talk) -> None:
        last = talk.subscribed()
        talk.say(*live.film.events[last : last + 2], said)
        silent(talk)

    live.plan(mumbles)

    assert follower.follow(live.film.id) == live.film.events
    assert live.asked_from == [0, 2]


def always_garbage(talk: Talk) -> None:
    talk.subscribed()
    talk.say("<html>")
    silent(talk)


def always_skips(talk: Talk) -> None:
    while True:
        talk.subscribed()
        talk.say(talk.server.film.events[7])


@pytest.mark.parametrize("plan", [always_garbage, always_skips, drop_after(0)])
def test_what_never_works_over_the_websocket_is_read_from_the_log(
    follower: Both, live: LiveServer, plan: Plan
) -> None:
    live.plan(*[plan] * 50)

    assert follower.follow(live.film.id) == live.film.events
    assert POLLING in follower.states
    assert follower.states[-1] is ENDED


def test_polling_ends_when_a_websocket_can_be_had_again(
    cloud: FakeCloud, follower: Both, live: LiveServer
) -> None:
    live.film.out, live.film.step = 0, 0  # the log never gets on
    live.refusals.extend([503] * 4)

    assert follower.follow(live.film.id) == live.film.events
    assert follower.states == [CONNECTING, RECONNECTING, POLLING, LIVE, ENDED]


@pytest.mark.parametrize("status", [401, 403])
def test_a_token_that_is_refused_at_the_door_is_renewed(
    cloud: FakeCloud, follower: Both, live: LiveServer, status: int
) -> None:
    follower.call("account")
    live.refusals.append(status)

    assert follower.follow(live.film.id) == live.film.events
    assert cloud.sign_ins == ["USER_PASSWORD_AUTH", "REFRESH_TOKEN_AUTH"]
    assert len(set(live.tokens)) == 2
    assert follower.states == [CONNECTING, LIVE, ENDED]


@pytest.mark.parametrize("status", [302, 401, 403, 404, 502])
def test_behind_a_proxy_that_lets_no_websocket_through_the_log_is_read(
    cloud: FakeCloud, follower: Both, live: LiveServer, status: int
) -> None:
    live.film.out, live.film.step = 0, 1  # many readings, many tries to connect
    live.refusals.extend([status] * 999)

    assert follower.follow(live.film.id) == live.film.events
    assert follower.states == [CONNECTING, RECONNECTING, POLLING, ENDED]
    assert len(live.tokens) > 4
    assert len(cloud.sign_ins) <= 2, "a renewed token that does not help is not renewed again"


def test_without_an_address_the_log_is_read(cloud: FakeCloud, rest: Both) -> None:
    film = cloud.add("A fox", finished=False)

    assert rest.follow(film.id) == film.events
    assert rest.states == [POLLING, ENDED]


def test_where_nobody_listens_the_log_is_read(cloud: FakeCloud, both: Both) -> None:
    film = cloud.add("A fox")
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"ws://127.0.0.1:{closed.getsockname()[1]}/live"
        both.open(deployment_of(cloud, url), Password("me@reelstep.test", "x"))

        assert both.follow(film.id) == film.events


def test_a_gateway_that_takes_the_call_and_never_answers_is_left(
    cloud: FakeCloud, both: Both, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "OPEN_SECONDS", 0.05)
    film = cloud.add("A fox")
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        url = f"ws://127.0.0.1:{deaf.getsockname()[1]}/live"
        both.open(deployment_of(cloud, url), Password("me@reelstep.test", "x"))

        assert both.follow(film.id) == film.events


def test_a_given_token_that_is_refused_is_told_as_such(
    cloud: FakeCloud, live: LiveServer, both: Both
) -> None:
    both.open(deployment_of(cloud, live.url), Token("stale"))

    with pytest.raises(NotSignedIn):
        both.follow(live.film.id)


@pytest.mark.parametrize("about", ["job", None])
def test_somebody_elses_job_is_told_as_unknown(
    follower: Both, live: LiveServer, about: str | None
) -> None:
    def refuses(talk: Talk) -> None:
        talk.next()
        said = {"code": "NOT_FOUND", "message": "There is no such job"}
        job = live.film.id if about else None
        talk.say({"event": "error", "generationId": job, "seq": None, **said})
        silent(talk)

    live.plan(refuses)

    with pytest.raises(ApiProblem, match="There is no such job") as refused:
        follower.follow(live.film.id)
    assert (refused.value.status, refused.value.code) == (404, "NOT_FOUND")
    assert not refused.value.worth_repeating


# -- silence ---------------------------------------------------------------------------------------


def test_silence_is_broken_by_a_ping_and_now_and_then_by_asking_anew(
    cloud: FakeCloud, live: LiveServer, both: Both
) -> None:
    patience = replace(QUICK, ping_after=0.05)
    asked: list[str] = []

    def quiet(talk: Talk) -> None:
        talk.subscribed(known=5)
        talk.say(*live.film.events[:5])
        while True:
            asked.append(talk.next()["action"])
            if asked[-1] == "subscribe":
                talk.snapshot(5, known=5)
                break
            talk.pong()
        talk.say(*live.film.events[5:])

    live.plan(quiet)
    both.open(deployment_of(cloud, live.url), Password("me@reelstep.test", "x"), patience=patience)

    assert both.follow(live.film.id) == live.film.events
    assert asked == ["ping", "ping", "ping", "subscribe"]
    assert both.states == [CONNECTING, LIVE, ENDED]


@pytest.mark.parametrize("told", [0, 4])
def test_a_connection_that_has_died_silently_is_noticed(
    cloud: FakeCloud, live: LiveServer, both: Both, told: int
) -> None:
    patience = replace(QUICK, ping_after=0.05, answer_within=2.0)

    def dies(talk: Talk) -> None:
        if told:
            talk.subscribed(known=told)
            talk.say(*live.film.events[:told])
        silent(talk)

    live.plan(dies)
    both.open(deployment_of(cloud, live.url), Password("me@reelstep.test", "x"), patience=patience)

    assert both.follow(live.film.id) == live.film.events
    assert told in live.asked_from, "it took up where the dead one had got to"
    assert len(live.talks) >= 2


def test_when_nothing_answers_any_more_it_is_said_that_the_job_goes_on(
    cloud: FakeCloud, live: LiveServer, both: Both
) -> None:
    patience = replace(QUICK, lost_after=0.3)

    def last_words(talk: Talk) -> None:
        live.refusals.extend([503] * 999)
        for _ in range(999):
            cloud.plan("GET", "/events", 503, "gone")
        drop_after(4)(talk)

    live.plan(last_words)
    told: list[Any] = []
    both.open(deployment_of(cloud, live.url), Password("me@reelstep.test", "x"), patience=patience)

    with pytest.raises(LostTouch, match="stopped answering") as lost:
        both.call("wait", live.film.id, on_event=told.append)

    assert [event.seq for event in told] == [1, 2, 3, 4]
    assert lost.value.worth_repeating
