"""What a report of units done means for the whole job: pure, so that it can be tried exhaustively.

A report is a *difference*: the reporter has already taken off what was reported before, so a
retried or doubled step adds nothing and the percentage cannot move back.
"""

from __future__ import annotations

from dataclasses import dataclass

from reelstep.jobs.model import Job, Phase, PhaseProgress
from reelstep.platform.clock import seconds_between

# 100 % is said by the terminal transition alone, after the film has been checked.
HIGHEST_WHILE_RUNNING = 99
EVENT_SECONDS = 1.0


@dataclass(frozen=True)
class Advance:
    """The job after a report, and whether clients are told."""

    phase: Phase
    phase_progress: PhaseProgress
    percent: int
    publish: bool
    phase_begins: bool


def whole_percent(job: Job, phases: dict[Phase, PhaseProgress]) -> int:
    """Percent of the whole job from the phases' units, never under what was shown before."""
    points = sum(
        weight * min(1.0, phases[phase].done / phases[phase].total)
        for phase, weight in job.weights.items()
        if phase in phases and phases[phase].total > 0
    )
    # The tiny addition keeps 45 × (3/3) + … from landing a float's breadth under the integer.
    return max(job.percent, min(HIGHEST_WHILE_RUNNING, int(points + 1e-9)))


def advance(job: Job, phase: Phase, added: int, now: str) -> Advance:
    """The job once `added` more units of `phase` are done at `now`."""
    before = job.phases.get(phase, PhaseProgress())
    done = before.done + added
    finished = before.total > 0 and done >= before.total
    progress = PhaseProgress(
        done=done,
        total=before.total,
        started_at=before.started_at or now,
        completed_at=before.completed_at or (now if finished else None),
    )
    percent = whole_percent(job, {**job.phases, phase: progress})
    order = list(job.weights)
    current = phase if job.phase is None else max(job.phase, phase, key=order.index)
    due = job.last_event_at is None or (
        added > 0 and seconds_between(job.last_event_at, now) >= EVENT_SECONDS
    )
    publish = percent > job.percent or current != job.phase or due
    return Advance(current, progress, percent, publish, phase_begins=before.started_at is None)
