"""Jobs for tests."""

from __future__ import annotations

import itertools
from typing import Any

from reelstep.jobs import lifecycle
from reelstep.jobs.model import Job, JobKind, Phase, blank_phases

_numbers = itertools.count(1)


def a_job(**changes: Any) -> Job:
    """A new job of user-1, unlike every other one."""
    number = next(_numbers)
    request = {"prompt": f"A film, number {number}", "durationSeconds": 10, "quality": "STANDARD"}
    values: dict[str, Any] = {
        "job_id": f"job-{number}",
        "kind": JobKind.GENERATION,
        "user_id": "user-1",
        "phases": blank_phases(JobKind.GENERATION),
        "request": request,
        "price": 50,
        "cap": 99,
        "created_at": f"2026-01-01T00:{number // 60 % 60:02d}:{number % 60:02d}.000Z",
    }
    return Job.model_validate(values | changes)


TOTALS = {
    Phase.SCRIPT_GENERATION: 1,
    Phase.ASSET_GENERATION: 7,
    Phase.COMPOSITING: 4,
    Phase.RENDERING: 600,
    Phase.ENCODING: 100,
    Phase.FINALIZATION: 100,
}


def submitted(cloud: Any, **changes: Any) -> Job:
    """A queued job, paid by a user who has plenty."""
    job = a_job(**changes)
    cloud.ledger.open(job.user_id, 1_000_000)
    return lifecycle.submit(cloud.jobs, job, position=0, queue_size=100)[0]


def started(cloud: Any, job: Job) -> Job:
    """The queued job, as admission would start it."""
    found = lifecycle.start(cloud.jobs, cloud.executions, job, cloud.admission.caps(job))
    assert found is not None
    return found


def running(cloud: Any, **changes: Any) -> Job:
    """A job that is being worked on, with the totals of its phases set."""
    job = lifecycle.begin(cloud.jobs, started(cloud, submitted(cloud, **changes)), "worker-1")
    cloud.jobs.set_totals(job, TOTALS)
    return now(cloud, job)


def now(cloud: Any, job: Job) -> Job:
    """The job as the table has it."""
    found = cloud.jobs.get(job.job_id)
    assert found is not None
    return Job.model_validate(found)
