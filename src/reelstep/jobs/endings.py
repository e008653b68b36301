"""The ends of jobs as the table's stream tells them, and as the event bus is told. Pure.

The shapes are public: docs/events/ has their schemas.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from reelstep.events import log
from reelstep.jobs.dispatch import JobChange
from reelstep.jobs.model import TERMINAL, Job, JobStatus

_NAMES = {
    JobStatus.COMPLETED: log.COMPLETED,
    JobStatus.FAILED: log.FAILED,
    JobStatus.CANCELLED: log.CANCELLED,
}


@dataclass(frozen=True)
class Ending:
    """One job that ended, with the event of its log that says so.

    The stream may tell of it twice: `id` is the same then, and different when the job was tried
    again and ended again.
    """

    event: log.Event
    kind: str
    user_id: str
    attempt: int
    callback: bool

    @property
    def id(self) -> str:
        return delivery_id(self.event.job_id, self.event.seq)

    def detail(self) -> dict[str, Any]:
        """What goes onto the bus: the event's own fields, and whose it is. The film is named by
        its key, as a signed URL would let everybody in who reads a log of the bus; where the
        owner wants to be called is not in it either."""
        return {
            "id": self.id,
            **self.event.wire(),
            "kind": self.kind,
            "userId": self.user_id,
            "attempt": self.attempt,
            "callback": self.callback,
        }


def delivery_id(job_id: str, seq: int) -> str:
    """Names one end of one job, for telling doubles apart."""
    return f"{job_id}-{seq}"


def event_of(job: Job) -> log.Event:
    """The last event of a job that has ended, made from its row."""
    fields: dict[str, Any] = {}
    if job.status is JobStatus.COMPLETED:
        fields = log.completed(str(job.output.get("film", "")))
    elif job.error is not None and job.status is JobStatus.FAILED:
        fields = log.failed(job.error.code, job.error.message, job.error.stage)
    at = job.completed_at or job.last_event_at or job.created_at
    return log.Event(_NAMES[job.status], job.job_id, job.seq, at, fields)


def endings_of(changes: Iterable[JobChange]) -> list[Ending]:
    """Every job that ended in these changes, once, in their order.

    A row that was changed after its end (liked, say) is no end.
    """
    found: dict[str, Ending] = {}
    for before, job in changes:
        if job.status.terminal and before not in TERMINAL:
            ending = Ending(
                event_of(job),
                kind=job.kind.value,
                user_id=job.user_id,
                attempt=job.attempt,
                callback=bool(job.request.get("callbackUrl")),
            )
            found[ending.id] = ending
    return list(found.values())
