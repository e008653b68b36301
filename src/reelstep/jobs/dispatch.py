"""What a batch of stream records says about jobs and their queues. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from reelstep.jobs.model import Job, JobKind, JobStatus
from reelstep.platform import dynamo


def job_rows(records: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, Job]]:
    """(status before, job) of each job row that was written; "" before for a new one."""
    for record in records:
        change = record.get("dynamodb", {})
        image = change.get("NewImage")
        if image and image.get("sk") == {"S": "JOB"}:
            before = change.get("OldImage", {}).get("status", {}).get("S", "")
            yield before, Job.model_validate(dynamo.unmarshal(image))


def kinds_of(records: Sequence[Mapping[str, Any]]) -> dict[JobKind, list[Job]]:
    """Kinds whose queue is worth a look, each with the jobs that were queued in these records.

    Only job rows count. Records may come twice and late: the jobs are as they were then, and
    whoever starts one checks that it still waits.
    """
    found: dict[JobKind, dict[str, Job]] = {}
    for _before, job in job_rows(records):
        if job.status is JobStatus.QUEUED:
            found.setdefault(job.kind, {})[job.job_id] = job
        elif job.status.terminal:
            found.setdefault(job.kind, {}).pop(job.job_id, None)
    return {kind: list(jobs.values()) for kind, jobs in found.items()}
