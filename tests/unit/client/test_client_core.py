"""The logic of following alone, against servers and networks that Hypothesis makes up: no I/O."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from reelstep.client.answers import Event
from reelstep.client.effects import (
    AskToken,
    Became,
    Connect,
    Effect,
    HangUp,
    Hear,
    LiveState,
    NoConnection,
    Refused,
    Reply,
    Say,
    Send,
    Sleep,
    Steps,
    Tell,
)
from reelstep.client.exchange import Caller, Patience
from reelstep.client.live import Following

JOB, AT = "j", "2026-11-21T10:00:00.000Z"
#: What may happen to what a client does or hears, besides nothing.
FAULTS = ("none", "drop", "double", "skip", "swap", "garbage", "silence", "refuse", "late")


def log_of(length: int) -> list[dict[str, Any]]:
    middle = [{"event": "job:progress", "percent": n} for n in range(length)]
    told = [{"event": "job:queued"}, *middle, {"event": "job:completed"}]
    return [{**e, "generationId": JOB, "seq": n, "at": AT} for n, e in enumerate(told, 1)]


@dataclass
class World:
    """A job whose events are written as time goes by, and a line on which things go wrong."""

    log: list[dict[str, Any]]
    faults: list[str]
    now: float = 0.0
    written: int = 1
    line: list[Any] | None = None
    sent: int | None = None
    told: list[Event] = field(default_factory=list)
    states: list[LiveState] = field(default_factory=list)
    effects: int = 0

    def fault(self) -> str:
        return self.faults.pop() if self.faults else "none"

    def run(self, after: int = 0) -> None:
        caller = Caller("http://api", patience=Patience(lost_after=1e9))
        steps = Steps(Following(caller, "ws://live", JOB, after, clock=lambda: self.now).run())
        while steps.effect is not None:
            self.effects += 1
            assert self.effects < 20_000, "it does not get on"
            try:
                outcome = self.do(steps.effect)
            except (NoConnection, Refused) as error:
                steps.fail(error)
            else:
                steps.answer(outcome)

    def do(self, effect: Effect) -> Any:
        match effect:
            case AskToken(refused):
                return "" if refused else "t"
            case Became(state):
                self.states.append(state)
            case Tell(event):
                self.told.append(event)
            case Sleep(seconds):
                self.pass_time(seconds)
            case HangUp():
                self.line = self.sent = None
            case Connect():
                if self.fault() in ("refuse", "drop"):
                    raise Refused(503)
                self.line = []
            case Say(text):
                self.hear(json.loads(text))
            case Hear(seconds):
                return self.say(seconds)
            case Send(request):
                return self.rest(request.url, dict(request.params))
        return None

    def pass_time(self, seconds: float) -> None:
        self.now += seconds
        self.written = min(len(self.log), self.written + 1 + int(seconds))

    def hear(self, message: dict[str, Any]) -> None:
        if self.line is None or self.fault() == "drop":
            raise NoConnection("gone")
        if message["action"] == "ping":
            self.line.append({"event": "pong", "generationId": None})
            return
        begin = min(message["lastSeq"], self.written)
        ended = self.written == len(self.log)
        job = {"seq": self.written, "status": "COMPLETED" if ended else "PROCESSING"}
        self.line.append({"event": "subscribed", "generationId": JOB, "seq": begin, "job": job})
        self.sent = begin

    def say(self, seconds: float) -> str | None:
        fault = self.fault()
        if self.line is None or fault == "drop":
            raise NoConnection("gone")
        if self.sent is not None:
            self.pass_time(0.0)
            self.line += self.log[self.sent : self.written]
            self.sent = self.written
        if not self.line or fault == "silence":
            self.pass_time(seconds)
            return None
        if fault == "garbage":
            return "<html>"
        if fault == "skip":
            self.line.pop(0)
            if not self.line:
                self.pass_time(seconds)
                return None
        if fault == "double":
            self.line.insert(0, self.line[0])
        if fault == "swap" and len(self.line) > 1:
            self.line[0], self.line[1] = self.line[1], self.line[0]
        return json.dumps(self.line.pop(0))

    def rest(self, url: str, params: dict[str, str]) -> Reply:
        if self.fault() in ("refuse", "drop"):
            raise NoConnection("gone")
        if url.endswith("/events"):
            after = int(params["after"])
            return Reply(200, {}, json.dumps({"events": self.log[after : self.written]}).encode())
        status = "COMPLETED" if self.written == len(self.log) else "PROCESSING"
        return Reply(200, {}, json.dumps({"id": JOB, "status": status}).encode())


@settings(deadline=None)
@given(st.integers(0, 30), st.lists(st.sampled_from(FAULTS), max_size=120), st.data())
def test_whatever_goes_wrong_each_event_is_told_once_and_in_order(
    length: int, faults: list[str], data: st.DataObject
) -> None:
    world = World(log_of(length), faults)
    after = data.draw(st.integers(0, length))

    world.run(after)

    first = min(after, 1)  # one event was written when it began
    seqs = [event.seq for event in world.told]
    assert seqs == list(range(seqs[0], len(world.log) + 1))
    assert first + 1 <= seqs[0] <= after + 1
    assert world.told[-1].event == "job:completed"
    assert world.states[-1] is LiveState.ENDED
    assert all(one is not other for one, other in zip(world.states, world.states[1:], strict=False))


def test_a_good_line_is_not_left() -> None:
    world = World(log_of(20), [])

    world.run()

    assert world.states == [LiveState.CONNECTING, LiveState.LIVE, LiveState.ENDED]
    assert len(world.told) == len(world.log)


@settings(deadline=None)
@given(st.integers(1, 60))
def test_pauses_grow_are_never_equal_and_have_an_end(attempt: int) -> None:
    pauses = {Patience().pause(attempt) for _ in range(20)}

    assert len(pauses) > 1, "clients that lost one server must not all come back at once"
    assert max(pauses) <= Patience().longest_pause * 1.25
    assert min(pauses) >= Patience().first_pause * 0.75
