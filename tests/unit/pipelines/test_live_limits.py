"""What one client may ask of the WebSocket, and how long a function works for it."""

from __future__ import annotations

import dataclasses
import time

import pytest

from reelstep.accounts.rate_limits import refusal
from reelstep.events.delivery import Standing
from reelstep.events.subscriptions import Subscription
from reelstep.pipelines import live as live_module
from tests.support.live_stage import Stage, seqs
from tests.support.table import TABLE


def test_a_log_that_takes_too_long_is_told_in_pieces(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A function is cut off after half a minute: the client had better come back before that."""
    job = stage.job()
    for _ in range(3):
        stage.write(job)
    stage.connect()
    post = stage.wire.post

    def slowly(connection_id: str, data: bytes) -> bool:
        time.sleep(0.1)
        return post(connection_id, data)

    with monkeypatch.context() as pace:
        pace.setattr(live_module, "_SECONDS_OF_POSTS", 0.25)
        pace.setattr(stage.wire, "post", slowly)
        stage.say("subscribe", job.job_id)
    first = seqs(stage.heard())
    assert 1 < len(first) < 5
    assert stage.wire.closed == ["c1"]
    stage.connect("c2")
    stage.say("subscribe", job.job_id, "c2", lastSeq=first[-1])
    assert seqs(stage.heard("c2")) == list(range(first[-1], 5))


def test_a_message_waits_for_a_moment_and_is_answered(stage: Stage) -> None:
    """While another of the same connection is told of the same job."""
    job = stage.job()
    stage.connect()
    stage.say("subscribe", job.job_id)
    stage.heard()
    row = Subscription(stage.cloud.jobs.client, TABLE, job.job_id, "c1", "somebody else")
    assert row.take(9).standing is Standing.HELD
    for action in ("subscribe", "unsubscribe"):
        stage.say(action, job.job_id)
        (told,) = stage.heard()
        assert (told["code"], told["generationId"]) == ("TEMPORARILY_UNAVAILABLE", job.job_id)
    row.release(9)
    stage.say("unsubscribe", job.job_id)
    assert stage.heard()[0]["event"] == "accepted"


def test_messages_are_counted_and_pings_are_not(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = stage.job()
    stage.connect()
    stage.say("ping")
    assert stage.taken == []
    stage.say("subscribe", job.job_id)
    stage.say("cancel", "nobodys")
    assert stage.taken == ["ada", "ada"]
    stage.heard()

    def refuses(_user: str) -> None:
        raise refusal(1, {})

    monkeypatch.setattr(stage, "live", dataclasses.replace(stage.live, take=refuses))
    monkeypatch.setattr("functions.socket.handler.live", lambda _settings: stage.live)
    stage.say("subscribe", job.job_id)
    (told,) = stage.heard()
    assert told["code"] == "RATE_LIMITED"
