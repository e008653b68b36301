"""Who starts next. One function for all: after a submit, when a slot frees, and in the sweep."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from reelstep.jobs import durations, lifecycle, slots
from reelstep.jobs.executions import Executions
from reelstep.jobs.lifecycle import SlotsFull
from reelstep.jobs.model import Job, JobKind, JobStatus
from reelstep.jobs.queue import Running, Waiting, in_order, seconds_left, wait_seconds
from reelstep.jobs.repository import JobRepository
from reelstep.platform.clock import now_iso, seconds_between
from reelstep.platform.settings import Limits

# The queue index follows the table with a short delay.
_LOOKS, _LOOK_SECONDS = 3, 0.1


@dataclass(frozen=True)
class Outlook:
    """`position` is 0 for a job that starts at once; `seconds` is the expected wait."""

    position: int
    seconds: float


@dataclass(frozen=True)
class Admission:
    """Starts waiting jobs while there is room, and says how long the others wait."""

    jobs: JobRepository
    executions: Executions
    limits: Limits

    def admit(self, kind: JobKind, fresh: Sequence[Job] = ()) -> list[Job]:
        """Start as many jobs of `kind` as there is room for, first come of the first priority.

        A job whose user or provider is at its cap is passed over. `fresh` are queued jobs that
        the index may not have yet. Safe to call from everywhere at once.
        """
        room = slots.of_kind(kind)
        taken = self._counts([room, slots.of_queue(kind)])
        if not taken[slots.of_queue(kind)] or taken[room] >= self.limits.running[kind]:
            return []
        waiting = self._waiting(kind, taken[slots.of_queue(kind)], fresh)
        taken |= self._counts({scope for job in waiting.values() for scope in self.caps(job)})
        started = []
        for entry in in_order(
            [_entry(job, 0.0) for job in waiting.values()], now_iso(), self.limits.ageing_seconds
        ):
            caps = self.caps(waiting[entry.job_id])
            if taken[room] >= self.limits.running[kind]:
                break
            if any(taken[scope] >= cap for scope, cap in caps.items()):
                continue
            try:
                job = lifecycle.start(self.jobs, self.executions, waiting[entry.job_id], caps)
            except SlotsFull as full:
                taken |= {scope: caps[scope] for scope in full.scopes if scope in caps}
                continue
            if job is not None:
                started.append(job)
                taken |= {scope: taken[scope] + 1 for scope in caps}
        return started

    def outlook(self, job: Job, *, submitting: bool = False) -> Outlook:
        """Where a queued job (or one that is about to be submitted) stands.

        Nobody reads a full queue for a job that it will not take: under a flood, that would cost
        those who wait in it.
        """
        kind, caps = job.kind, self.caps(job)
        taken = self._counts([*caps, slots.of_queue(kind)])
        free = all(taken[scope] < cap for scope, cap in caps.items())
        if free and not taken[slots.of_queue(kind)]:
            return Outlook(0, 0.0)
        if submitting and taken[slots.of_queue(kind)] >= self.limits.queue_size:
            return Outlook(taken[slots.of_queue(kind)] + 1, 0.0)
        pace = durations.read(self.jobs, kind).seconds_per_token
        waiting = self._waiting(kind, taken[slots.of_queue(kind)], [job])
        now = now_iso()
        ordered = in_order(
            [_entry(other, pace) for other in waiting.values()], now, self.limits.ageing_seconds
        )
        position = 1 + [entry.job_id for entry in ordered].index(job.job_id)
        running = [
            _running(other, pace, now) for other in self.jobs.running() if other.kind is kind
        ]
        wait = wait_seconds(job.job_id, ordered, running, self.limits.running[kind])
        return Outlook(0, 0.0) if free and not wait else Outlook(position, wait)

    def caps(self, job: Job) -> dict[str, int]:
        """Every scope that the job takes a slot of, with how many that has."""
        providers = {
            slots.of_provider(name): self.limits.provider_slots[name]
            for name in job.providers
            if name in self.limits.provider_slots
        }
        return {
            slots.of_kind(job.kind): self.limits.running[job.kind],
            slots.of_user(job.user_id): job.cap,
            **providers,
        }

    def _counts(self, scopes: Sequence[str] | set[str]) -> dict[str, int]:
        return slots.counts(self.jobs.client, self.jobs.table, scopes)

    def _waiting(self, kind: JobKind, count: int, fresh: Sequence[Job]) -> dict[str, Job]:
        """The queue by job id. The counter is exact and the index late: while the index shows
        fewer jobs than are counted, it is looked at again."""
        own = {job.job_id: job for job in fresh if job.status is JobStatus.QUEUED}
        for look in range(_LOOKS):
            found = {job.job_id: job for job in self.jobs.waiting(kind)} | own
            if len(found) >= count or look == _LOOKS - 1:
                break
            time.sleep(_LOOK_SECONDS)
        return found


def _entry(job: Job, pace: float) -> Waiting:
    return Waiting(
        job_id=job.job_id,
        user_id=job.user_id,
        priority=job.priority,
        queued_at=job.queued_at or job.created_at,
        cap=job.cap,
        seconds=job.price * pace,
    )


def _running(job: Job, pace: float, now: str) -> Running:
    elapsed = seconds_between(job.started_at or job.attempt_at or now, now)
    return Running(job.user_id, seconds_left(job.price * pace, elapsed))
