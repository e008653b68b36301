"""No gap, no double, no disorder on any connection, however replay, fan-outs and deaths interleave.

The model is the table and the wire, one step of delivery.py at a time; Hypothesis picks who goes
next and who dies. A client that loses its connection comes back with the last seq that it has.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

from reelstep.events import delivery, log
from reelstep.events.delivery import Found, Page, Standing

LAST = 12
PAGE = 3
LOOKS_OF_A_LEASE = 4


@dataclass
class Row:
    sent: int
    wanted: int
    owner: str | None


@dataclass
class World:
    """One job, one client. `heard` is what the client has of each of its connections."""

    written: int = 0
    connection: int = 0
    row: Row | None = None
    heard: list[list[int]] = field(default_factory=lambda: [[]])
    #: Who has died → looks at its lease until that has expired.
    dead: dict[str, int] = field(default_factory=dict)
    open: bool = True
    #: What becomes of the next posts that nobody learns the outcome of: whether they arrive.
    unsure: list[bool] = field(default_factory=list)

    def do(self, who: str, on: int, step: delivery.Step) -> Any:
        row = self.row if on == self.connection and self.open else None
        mine = row is not None and row.owner == who
        match step:
            case delivery.Begin(sent):
                if on != self.connection or not self.open:
                    return Found(Standing.GONE)
                if row and row.owner:
                    return self._held(row)
                self.row = Row(sent, sent, who)
                return Found(Standing.HELD, sent)
            case delivery.Take(wanted):
                if row is None:
                    return Found(Standing.GONE)
                if row.sent >= wanted:
                    return Found(Standing.DONE, row.sent)
                if row.owner:
                    return self._held(row)
                row.owner, row.wanted = who, wanted
                return Found(Standing.HELD, row.sent)
            case delivery.Want(wanted, holder):
                if row is None or row.owner != holder:
                    return False
                row.wanted = max(row.wanted, wanted)
                return True
            case delivery.Read(seq):
                events = [_event(n) for n in range(seq + 1, min(self.written, seq + PAGE) + 1)]
                return Page(events, last=len(events) < PAGE)
            case delivery.Post(message):
                if on != self.connection or not self.open:
                    return False
                seq = message.seq if isinstance(message, log.Event) else message["seq"]
                if not isinstance(message, log.Event):
                    seq = -1 - seq  # the snapshot, as the beginning of a run of events
                known = not self.unsure
                if known or self.unsure.pop():
                    self.heard[-1].append(seq)
                return known
            case delivery.Keep(sent):
                if mine and row:
                    row.sent = sent
                return mine
            case delivery.Release(sent):
                if not mine or row is None:
                    return None
                if row.wanted > sent:
                    return row.wanted
                row.sent, row.owner = sent, None
            case delivery.Leave():
                if row is None:
                    return Found(Standing.GONE)
                if row.owner:
                    return self._held(row)
                self.row = None
                return Found(Standing.DONE)
            case delivery.Close():
                if on == self.connection:
                    self.open, self.row = False, None
        return None

    def _held(self, row: Row) -> Found:
        owner = row.owner or ""
        if owner in self.dead:
            self.dead[owner] -= 1
        expired = self.dead.get(owner, 1) <= 0
        return Found(Standing.EXPIRED if expired else Standing.BUSY, row.wanted, owner)

    def has(self) -> int:
        """The last seq that the client has, on whichever connection."""
        return max((seq for one in self.heard for seq in one if seq > 0), default=0)

    def come_back(self) -> None:
        self.connection += 1
        self.open, self.row = True, None
        self.heard.append([])


def _event(seq: int) -> log.Event:
    return log.Event(log.PROGRESS, "j", seq, "2026-01-01T00:00:00.000Z")


@dataclass
class Runner:
    name: str
    connection: int
    steps: delivery.Delivery
    answer: Any = None


class Scheduler:
    def __init__(self, world: World) -> None:
        self.world = world
        self.runners: list[Runner] = []
        self.born = 0

    def start(self, steps: delivery.Delivery) -> None:
        self.born += 1
        self.runners.append(Runner(f"r{self.born}", self.world.connection, steps))

    def subscribe(self, again_from: int | None = None) -> None:
        last = self.world.has() if again_from is None else again_from
        self.start(delivery.subscribe(last, {"seq": last}))

    def advance(self, index: int) -> None:
        runner = self.runners[index % len(self.runners)]
        try:
            step = runner.steps.send(runner.answer)
        except StopIteration:
            self.runners.remove(runner)
        else:
            runner.answer = self.world.do(runner.name, runner.connection, step)

    def kill(self, index: int, *, after_its_post: bool) -> None:
        """Die; before the next step, or with a post that arrived and whose answer did not."""
        runner = self.runners.pop(index % len(self.runners))
        if after_its_post:
            try:
                step = runner.steps.send(runner.answer)
                if isinstance(step, delivery.Post):
                    self.world.do(runner.name, runner.connection, step)
            except StopIteration:
                pass
        self.world.dead[runner.name] = LOOKS_OF_A_LEASE

    def finish(self) -> None:
        for _ in range(10_000):
            if not self.runners:
                return
            self.advance(0 if len(self.runners) == 1 else 1)
            if self.runners:
                self.advance(0)
        raise AssertionError("somebody never ends")


def in_order(heard: list[int]) -> None:
    """Since each snapshot, every event after the one it names, once and in order."""
    expected: int | None = None
    for seq in heard:
        if seq < 0:
            expected = -1 - seq
        else:
            assert expected is not None, "an event before the snapshot"
            expected += 1
            assert seq == expected, heard


ACTIONS = st.lists(
    st.one_of(
        st.tuples(st.just("step"), st.integers(0, 7)),
        st.tuples(st.just("run"), st.tuples(st.integers(0, 7), st.integers(2, 12))),
        st.tuples(st.just("run"), st.tuples(st.integers(0, 7), st.integers(2, 12))),
        st.tuples(st.just("write"), st.booleans()),
        st.tuples(st.just("twin"), st.integers(1, LAST)),
        st.tuples(st.just("die"), st.integers(0, 7)),
        st.tuples(st.just("die in post"), st.integers(0, 7)),
        st.tuples(st.just("drop"), st.none()),
        st.tuples(st.just("unsure"), st.booleans()),
        st.tuples(st.just("again"), st.integers(0, LAST)),
        st.tuples(st.just("leave"), st.none()),
    ),
    max_size=120,
)


def play(actions: list[tuple[str, Any]]) -> World:
    world = World()
    crew = Scheduler(world)
    crew.subscribe()
    for name, value in actions:
        if name == "write" and world.written < LAST - 1:
            world.written += 1
            if value:  # the stream tells of it now; else with a later one
                crew.start(delivery.tell(world.written))
        elif name == "twin" and value <= world.written:
            crew.start(delivery.tell(value))
        elif name == "unsure":
            world.unsure.append(value)
        elif name == "drop":
            world.come_back()
            crew.subscribe()
        elif name == "again":
            crew.subscribe(min(value, world.written))
        elif name == "leave":
            crew.start(delivery.unsubscribe())
        elif crew.runners and name == "step":
            crew.advance(value)
        elif name == "run":
            for _ in range(value[1]):
                if crew.runners:
                    crew.advance(value[0])
        elif crew.runners and name.startswith("die"):
            crew.kill(value, after_its_post=name == "die in post")
        for heard in world.heard:
            in_order(heard)
    world.unsure.clear()
    left = world.row is None and world.open and not crew.runners
    crew.finish()
    # The job ends: that event's fan-out is patient, and Lambda delivers it until it has ended.
    world.written += 1
    crew.start(delivery.tell(world.written, patient=True))
    crew.finish()
    if not world.open or (left and world.row is None):
        world.come_back()
        crew.subscribe()
        crew.finish()
    for heard in world.heard:
        in_order(heard)
    return world


@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ACTIONS)
def test_every_client_hears_everything_once_and_in_order(actions: list[tuple[str, Any]]) -> None:
    world = play(actions)
    if world.row is not None:
        assert world.row.owner is None
        assert world.heard[-1][-1] == world.written


def test_the_model_notices_a_fan_out_that_does_not_ask_for_the_lease() -> None:
    """The model can fail: a naive post during a replay is a disorder that it sees."""
    world = World(written=3)
    crew = Scheduler(world)
    crew.subscribe()
    for _ in range(3):  # the row, the snapshot, the log
        crew.advance(0)
    world.written = 4
    world.do("naive", 0, delivery.Post(_event(4)))
    crew.finish()
    try:
        in_order(world.heard[-1])
    except AssertionError:
        return
    raise AssertionError("not noticed")


def test_an_event_written_while_the_replay_gives_its_lease_back_is_told_by_somebody() -> None:
    world = World(written=2)
    crew = Scheduler(world)
    crew.subscribe()
    while world.row is None or world.heard[-1][-1:] != [2]:
        crew.advance(0)
    world.written = 3
    crew.start(delivery.tell(3))
    crew.advance(1)  # finds the lease taken
    crew.advance(1)  # asks its holder
    crew.finish()
    assert world.heard == [[-1, 1, 2, 3]]


def test_who_finds_a_dead_holder_posts_nothing_and_closes() -> None:
    world = World(written=2)
    crew = Scheduler(world)
    crew.subscribe()
    for _ in range(4):
        crew.advance(0)
    crew.kill(0, after_its_post=True)
    crew.start(delivery.tell(2))
    crew.finish()
    assert world.open  # it may still be alive
    crew.start(delivery.tell(2, patient=True))
    crew.finish()
    assert not world.open
    assert world.heard[-1][0] == -1


@pytest.mark.parametrize("arrives", [True, False])
def test_a_post_that_nobody_knows_of_is_neither_repeated_nor_passed_over(arrives: bool) -> None:
    world = World(written=1)
    crew = Scheduler(world)
    crew.subscribe()
    crew.finish()
    world.written, world.unsure = 3, [arrives]
    crew.start(delivery.tell(3))
    crew.finish()
    assert not world.open
    assert world.heard == [[-1, 1, 2]] if arrives else [[-1, 1]]
    world.come_back()
    crew.subscribe()
    crew.finish()
    assert world.heard[-1] == ([-3, 3] if arrives else [-2, 2, 3])


def test_an_event_that_has_expired_holds_nobody_up() -> None:
    world = World(written=0)
    crew = Scheduler(world)
    crew.subscribe()
    crew.finish()
    crew.start(delivery.tell(5))
    crew.finish()
    assert world.row == Row(5, 5, None)
