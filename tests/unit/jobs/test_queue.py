"""Who is next and how long it takes: order, ageing, and the queue played through."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reelstep.jobs.queue import Running, Waiting, effective_priority, in_order, wait_seconds
from reelstep.platform.clock import iso, parse_iso

NOW = "2026-01-01T12:00:00.000Z"
AGEING = 600


def waiting(name: str, priority: int = 4, waited: float = 0, **more: object) -> Waiting:
    queued_at = iso(parse_iso(NOW).fromtimestamp(parse_iso(NOW).timestamp() - waited))
    values = {"user_id": name, "cap": 1, "seconds": 10.0} | more
    return Waiting(name, priority=priority, queued_at=queued_at, **values)  # type: ignore[arg-type]


def names(*jobs: Waiting) -> list[str]:
    return [job.job_id for job in in_order(jobs, NOW, AGEING)]


def test_higher_plans_first_and_then_the_longest_wait() -> None:
    free, late = waiting("free", 4, 30), waiting("late", 1, 1)
    early = waiting("early", 1, 20)
    assert names(free, late, early) == ["early", "late", "free"]


def test_each_ten_minutes_are_one_step() -> None:
    assert [effective_priority(waiting("a", 4, s), NOW, AGEING) for s in (0, 599, 600, 2400)] == [
        4,
        4,
        3,
        0,
    ]


def test_nobody_starves_behind_newer_jobs_of_the_highest_plan() -> None:
    """After half an hour FREE stands beside VIP+, and goes first for its age; after forty minutes
    it is before everyone who came later."""
    old = waiting("old", 4, 1800)
    assert names(old, *(waiting(f"vip{n}", 1, n) for n in range(50)))[0] == "old"


def test_a_clock_that_runs_behind_does_not_push_a_job_back() -> None:
    assert effective_priority(waiting("a", 2, -5000), NOW, AGEING) == 2


jobs = st.lists(
    st.builds(
        lambda number, priority, waited, cap, seconds: waiting(
            f"job{number}", priority, waited, user_id=f"user{number % 3}", cap=cap, seconds=seconds
        ),
        st.integers(0, 10_000),
        st.integers(1, 4),
        st.floats(0, 5000),
        st.integers(1, 3),
        st.floats(1, 500),
    ),
    min_size=1,
    max_size=12,
    unique_by=lambda job: job.job_id,
)


@given(jobs, st.integers(0, 3))
def test_the_order_is_total_and_loses_nobody(found: list[Waiting], shift: int) -> None:
    turned = found[shift:] + found[:shift]
    assert in_order(found, NOW, AGEING) == in_order(turned, NOW, AGEING)
    assert sorted(names(*found)) == sorted(job.job_id for job in found)


@given(jobs, st.integers(1, 4))
def test_everybody_starts_in_the_end(found: list[Waiting], slots: int) -> None:
    ordered = in_order(found, NOW, AGEING)
    waits = [wait_seconds(job.job_id, ordered, [], slots) for job in ordered]
    assert waits[0] == 0
    assert max(waits) <= sum(job.seconds for job in found)


def test_the_wait_is_the_time_until_a_slot_is_free() -> None:
    running = [Running("x", 30.0), Running("y", 50.0)]
    ordered = [waiting("a"), waiting("b"), waiting("c")]
    found = [wait_seconds(name, ordered, running, 2) for name in "abc"]
    # a after x; b after a, which takes 10; c after b, still before y.
    assert found == [30.0, 40.0, 50.0]


def test_a_user_at_its_cap_lets_others_pass_and_waits_for_itself() -> None:
    running = [Running("greedy", 100.0)]
    ordered = [waiting("g2", user_id="greedy"), waiting("other")]
    assert wait_seconds("other", ordered, running, 2) == 0.0
    assert wait_seconds("g2", ordered, running, 2) == 100.0
