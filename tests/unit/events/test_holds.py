"""How many requests of a user are held at once, also when they come at once or die."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from reelstep.events import holds
from reelstep.events.holds import Hold, Holds
from tests.support.table import TABLE


class Clock:
    def __init__(self) -> None:
        self.seconds = 1_000_000.0

    def time_ns(self) -> int:
        return int(self.seconds * 1_000_000_000)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(holds, "time", made)
    return made


@pytest.fixture
def three(cloud: Any, clock: Clock) -> Holds:
    return Holds(cloud.jobs.client, TABLE, 3)


def test_as_many_as_there_are_places_and_each_user_has_its_own(three: Holds) -> None:
    taken = [three.take("ada", 15) for _ in range(3)]
    assert len({hold.place for hold in taken if hold}) == 3
    assert three.take("ada", 15) is None
    assert three.take("bob", 15) is not None
    assert taken[1] is not None
    three.give_back(taken[1])
    again = three.take("ada", 15)
    assert again is not None
    assert again.place == taken[1].place
    assert three.take("ada", 15) is None


def test_twenty_at_once_are_three(three: Holds) -> None:
    with ThreadPoolExecutor(20) as pool:
        taken = list(pool.map(lambda _: three.take("ada", 15), range(20)))
    assert sum(hold is not None for hold in taken) == 3


def test_who_died_is_held_no_longer_than_it_said(three: Holds, clock: Clock) -> None:
    for _ in range(3):
        assert three.take("ada", 15)
    clock.seconds += 15
    assert three.take("ada", 15) is None
    clock.seconds += 1
    assert three.take("ada", 15) is not None


def test_a_place_that_has_passed_to_another_is_not_given_back(three: Holds, clock: Clock) -> None:
    late = three.take("ada", 15)
    assert late
    clock.seconds += 20
    new = [three.take("ada", 15) for _ in range(3)]
    three.give_back(late)
    three.give_back(Hold("nobody", "until_0", 1))
    assert three.take("ada", 15) is None
    assert all(new)
