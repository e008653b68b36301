"""Who is next, and how long it will take: pure functions over what waits and what runs."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from reelstep.platform.clock import seconds_between

# What is left of a job that has run longer than foreseen.
_ALMOST_DONE_SECONDS = 5.0


@dataclass(frozen=True)
class Waiting:
    """A queued job. `cap` is how many of its user's jobs may run at once, `seconds` its own run."""

    job_id: str
    user_id: str
    priority: int
    queued_at: str
    cap: int
    seconds: float = 0.0


@dataclass(frozen=True)
class Running:
    """A job that runs, with the seconds it still needs."""

    user_id: str
    seconds_left: float


def effective_priority(job: Waiting, now: str, ageing_seconds: int) -> int:
    """Smaller is sooner. One step better for each `ageing_seconds` of waiting, without an end, so
    that nobody starves behind newer jobs of higher plans."""
    return job.priority - int(max(0.0, seconds_between(job.queued_at, now)) // ageing_seconds)


def in_order(waiting: Sequence[Waiting], now: str, ageing_seconds: int) -> list[Waiting]:
    """By effective priority, then by age."""
    return sorted(
        waiting,
        key=lambda job: (effective_priority(job, now, ageing_seconds), job.queued_at, job.job_id),
    )


def seconds_left(expected: float, elapsed: float) -> float:
    return max(_ALMOST_DONE_SECONDS, expected - elapsed)


def wait_seconds(
    job_id: str, ordered: Sequence[Waiting], running: Sequence[Running], slots: int
) -> float:
    """Until `job_id` (one of `ordered`) starts: the queue played through with expected run times.

    `slots` is how many may run at once; each user's own cap holds too.
    """
    ends = [(job.seconds_left, job.user_id) for job in running]
    heapq.heapify(ends)
    held = Counter(job.user_id for job in running)
    queue, now = list(ordered), 0.0
    while True:
        for job in list(queue):
            if len(ends) >= slots:
                break
            if held[job.user_id] >= job.cap:
                continue
            if job.job_id == job_id:
                return now
            queue.remove(job)
            held[job.user_id] += 1
            heapq.heappush(ends, (now + job.seconds, job.user_id))
        if not ends:
            return now
        now, user_id = heapq.heappop(ends)
        held[user_id] -= 1
