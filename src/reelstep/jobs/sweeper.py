"""Jobs that no execution works on any more are resumed once, or ended; waiting ones are started.

Runs on a schedule, on execution-status events, and after the local cloud has started. Reads only
the indexes of what runs and what waits. A job whose execution was *lost* (stopped by the platform,
not failed by its own work: then a Catch would have finished it) goes on as a new attempt, which
finds every stored result of the last one; when it may not be tried again it fails as
EXECUTION_LOST. What ran too long or went silent fails as TIMED_OUT. Either is refunded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from reelstep.jobs import lifecycle
from reelstep.jobs.admission import Admission
from reelstep.jobs.model import RUNNING, Job, JobError, JobKind, JobStatus
from reelstep.platform.clock import now_iso, seconds_between
from reelstep.platform.errors import ReelstepError, StaleExecution
from reelstep.platform.observability import logger
from reelstep.platform.settings import Limits

# An execution takes a moment to be visible after StartExecution.
_STARTING_GRACE_SECONDS = 15.0

_MESSAGES = {
    "EXECUTION_LOST": {
        "en": "This was interrupted more often than it may be tried; please start it again",
        "fr": "Interrompu plus souvent que permis ; veuillez recommencer",
    },
    "TIMED_OUT": {
        "en": "This took longer than it may; please try again",
        "fr": "Cela a pris plus de temps que permis ; veuillez réessayer",
    },
}


@dataclass(frozen=True)
class Outcome:
    """Ids of what was done: resumed, launched (had no execution yet), failed, admitted."""

    resumed: tuple[str, ...] = ()
    launched: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    admitted: tuple[str, ...] = ()


def sweep(
    admission: Admission, *, job_ids: Iterable[str] | None = None, budget: int = 50
) -> Outcome:
    """Look at every running job (or just `job_ids`), oldest heartbeat first, then at the queues.

    At most `budget` executions are described in one run: DescribeExecution refills at 15 a second
    for the whole account. A job that AWS fails for does not keep the others from their turn; its
    error is raised when all had theirs.
    """
    repository = admission.jobs
    if job_ids is None:
        jobs = sorted(repository.running(), key=lambda job: job.heartbeat_at or "")
    else:
        found = (repository.get(job_id) for job_id in job_ids)
        jobs = [job for job in found if job is not None and job.status in RUNNING]
    done: dict[str, list[str]] = {"resumed": [], "launched": [], "failed": []}
    troubles: list[Exception] = []
    for job in jobs[:budget]:
        with _noted(troubles, job.job_id):
            verdict = _sweep_one(admission, job)
            if verdict:
                done[verdict].append(job.job_id)
    admitted = []
    for kind in JobKind:
        with _noted(troubles, kind.value):
            admitted += [job.job_id for job in admission.admit(kind)]
    if troubles:
        # Said at the end: who calls tries again, and nobody else had to wait for that.
        raise troubles[0]
    return Outcome(
        **{name: tuple(ids) for name, ids in done.items()},
        admitted=tuple(admitted),
    )


@contextmanager
def _noted(troubles: list[Exception], whose: str) -> Iterator[None]:
    try:
        yield
    except (BotoCoreError, ClientError, ReelstepError) as error:
        logger.exception("sweep failed", whose=whose)
        troubles.append(error)


def _sweep_one(admission: Admission, job: Job) -> str | None:
    repository, executions = admission.jobs, admission.executions
    now = now_iso()
    if job.execution_arn is None and job.status is JobStatus.STARTING:
        return _launch(admission, job, now)
    # Whoever launched it may have died before it noted the execution, which ran all the same.
    arn = job.execution_arn or executions.arn(job)
    status = executions.status(arn)
    if status == "RUNNING" and not overdue(job, now, admission.limits):
        return None
    # The execution may have finished the job, or the job moved on, since it was read.
    latest = repository.get(job.job_id)
    if latest is None or latest.status not in RUNNING or latest.attempt != job.attempt:
        return None
    if status in {"RUNNING", "TIMED_OUT"}:
        if status == "RUNNING" and not overdue(latest, now, admission.limits):
            return None
        # Ended before it is stopped, so that nothing takes the stopped execution for lost.
        failed = _fail(admission, latest, "TIMED_OUT")
        executions.stop(arn, "The job ran longer than it may")
        return failed
    if latest.resumed + 1 >= admission.limits.attempts:
        return _fail(admission, latest, "EXECUTION_LOST")
    again = lifecycle.begin_again(repository, latest)
    if again is None:
        return None
    try:
        lifecycle.launch(repository, executions, again)
    except StaleExecution:  # deleted in this moment; its first step will notice
        return None
    return "resumed"


def _launch(admission: Admission, job: Job, now: str) -> str | None:
    if seconds_between(job.heartbeat_at or job.created_at, now) < _STARTING_GRACE_SECONDS:
        return None
    try:
        lifecycle.launch(admission.jobs, admission.executions, job)
    except StaleExecution:
        return None
    return "launched"


def _fail(admission: Admission, job: Job, code: str) -> str | None:
    texts = _MESSAGES[code]
    error = JobError(
        code=code,
        message=texts.get(job.locale, texts["en"]),
        stage=lifecycle.current_stage(job),
    )
    return "failed" if lifecycle.fail(admission.jobs, job.job_id, job.attempt, error) else None


def overdue(job: Job, now: str, limits: Limits) -> bool:
    """Whether this attempt, or its phase, has run too long, or nothing was heard for too long."""
    begun = job.attempt_at or job.created_at

    def longer_than(seconds: int, since: str | None) -> bool:
        # Nothing that happened before this attempt counts against it.
        return seconds_between(max(begun, since or begun), now) > seconds

    progress = job.phases.get(job.phase) if job.phase else None
    return (
        longer_than(limits.job_seconds, begun)
        or longer_than(limits.heartbeat_seconds, job.heartbeat_at)
        or (progress is not None and longer_than(limits.phase_seconds, progress.started_at))
    )


def job_ids_of(event: Mapping[str, Any]) -> list[str] | None:
    """The job of a "Step Functions Execution Status Change" event; None (all) for any other.

    An execution is named `{job_id}-{attempt}`.
    """
    name = event.get("detail", {}).get("name") if isinstance(event.get("detail"), dict) else None
    return [str(name).rpartition("-")[0]] if name else None
