"""What a batch of stream records says about jobs and their queues."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from reelstep.jobs.model import Job, JobKind, JobStatus
from reelstep.platform import dynamo
from reelstep.platform.observability import logger

#: Status before ("" for a new job), and the job as it was written.
JobChange = tuple[str, Job]


def job_rows(records: Sequence[Mapping[str, Any]]) -> Iterator[JobChange]:
    """Each job row that was written.

    One that cannot be read is logged and left out: it would stay unreadable, and every job behind
    it would wait.
    """
    for record in records:
        change = record.get("dynamodb", {})
        image = change.get("NewImage")
        if image and image.get("sk") == {"S": "JOB"}:
            before = change.get("OldImage", {}).get("status", {}).get("S", "")
            try:
                yield before, Job.model_validate(dynamo.unmarshal(image))
            except ValidationError:
                logger.exception("a job row that cannot be read", row=image.get("pk"))


def kinds_of(changes: Iterable[JobChange]) -> dict[JobKind, list[Job]]:
    """Kinds whose queue is worth a look, each with the jobs that were queued in these changes.

    They may come twice and late: the jobs are as they were then, and whoever starts one checks
    that it still waits.
    """
    found: dict[JobKind, dict[str, Job]] = {}
    for _before, job in changes:
        if job.status is JobStatus.QUEUED:
            found.setdefault(job.kind, {})[job.job_id] = job
        elif job.status.terminal:
            found.setdefault(job.kind, {}).pop(job.job_id, None)
    return {kind: list(jobs.values()) for kind, jobs in found.items()}
