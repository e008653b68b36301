"""Jobs that no execution works on any more are resumed once, or ended.

Runs on a schedule, on execution-status events, and after the local cloud has started. Reads only
the running index. A job whose execution was *lost* (stopped by the platform, not failed by its own
work: then a Catch would have finished it) goes on as a new attempt, which finds every stored
result of the last one; when its attempts are used up it fails as EXECUTION_LOST.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from reelstep.jobs import lifecycle
from reelstep.jobs.lifecycle import Executions
from reelstep.jobs.model import RUNNING, Job, JobError, JobStatus
from reelstep.jobs.repository import JobRepository
from reelstep.platform.clock import now_iso, seconds_between

# An execution takes a moment to be visible after StartExecution.
_STARTING_GRACE_SECONDS = 15.0


@dataclass(frozen=True)
class Outcome:
    """Ids of what was done: resumed, launched (had no execution yet), failed."""

    resumed: tuple[str, ...] = ()
    launched: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()


def reconcile(
    repository: JobRepository,
    executions: Executions,
    *,
    attempts: int,
    job_ids: Iterable[str] | None = None,
    budget: int = 50,
) -> Outcome:
    """Look at every running job (or just `job_ids`), oldest heartbeat first.

    At most `budget` executions are described in one run: DescribeExecution refills at 15 a second
    for the whole account.
    """
    if job_ids is None:
        jobs = sorted(
            repository.in_shards("running", "RUNNING"), key=lambda j: j.heartbeat_at or ""
        )
    else:
        found = (repository.get(job_id) for job_id in job_ids)
        jobs = [job for job in found if job is not None and job.status in RUNNING]
    done: dict[str, list[str]] = {"resumed": [], "launched": [], "failed": []}
    for job in jobs[:budget]:
        verdict = _reconcile_one(repository, executions, job, attempts)
        if verdict:
            done[verdict].append(job.job_id)
    return Outcome(**{name: tuple(ids) for name, ids in done.items()})


def _reconcile_one(
    repository: JobRepository, executions: Executions, job: Job, attempts: int
) -> str | None:
    if job.execution_arn is None:
        waited = seconds_between(job.heartbeat_at or job.created_at, now_iso())
        if job.status is JobStatus.STARTING and waited >= _STARTING_GRACE_SECONDS:
            lifecycle.launch(repository, executions, job)
            return "launched"
        return None
    if executions.status(job.execution_arn) == "RUNNING":
        return None
    # The execution may have finished the job between our read and its end.
    latest = repository.get(job.job_id)
    if latest is None or latest.status not in RUNNING or latest.attempt != job.attempt:
        return None
    if job.attempt < attempts:
        again = lifecycle.begin_again(repository, latest)
        if again is None:
            return None
        lifecycle.launch(repository, executions, again)
        return "resumed"
    error = JobError(
        code="EXECUTION_LOST",
        message="The film was interrupted more often than it may be tried; please start it again",
        stage=lifecycle.current_stage(job),
    )
    lifecycle.fail(repository, job.job_id, job.attempt, error)
    return "failed"


def job_ids_of(event: Mapping[str, Any]) -> list[str] | None:
    """The job of a "Step Functions Execution Status Change" event; None (all) for any other.

    An execution is named `{job_id}-{attempt}`.
    """
    name = event.get("detail", {}).get("name") if isinstance(event.get("detail"), dict) else None
    return [str(name).rpartition("-")[0]] if name else None
