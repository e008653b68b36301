"""Functions take turns at the cores."""

from __future__ import annotations

import threading

from reelstep.local.emulator_fixes import Turns


def test_no_more_than_the_places_at_once_and_all_get_theirs() -> None:
    turns, lock = Turns(2), threading.Lock()
    inside, most, done = 0, 0, []
    gate = threading.Barrier(2)

    def work(number: int) -> None:
        nonlocal inside, most
        with turns.turn():
            with lock:
                inside += 1
                most = max(most, inside)
            gate.wait(10)  # two must be inside together, or this would never open
            with lock:
                inside -= 1
                done.append(number)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert most == 2
    assert sorted(done) == list(range(10))


def test_first_come_first_served() -> None:
    turns, order = Turns(1), []
    waiting: list[threading.Thread] = []
    with turns.turn():
        for number in range(5):
            thread = threading.Thread(target=lambda n=number: _note(turns, order, n))
            thread.start()
            while len(turns._waiting) <= number:  # until it stands in line
                threading.Event().wait(0.001)
            waiting.append(thread)
    for thread in waiting:
        thread.join(10)
    assert order == [0, 1, 2, 3, 4]


def _note(turns: Turns, order: list[int], number: int) -> None:
    with turns.turn():
        order.append(number)


def test_a_failure_gives_its_place_back() -> None:
    turns = Turns(1)
    for _ in range(3):
        try:
            with turns.turn():
                raise ValueError
        except ValueError:
            pass
    with turns.turn():
        assert turns._free == 0
    assert turns._free == 1
