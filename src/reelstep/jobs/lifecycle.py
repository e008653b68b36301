"""A job's way from submit to its end. The only module that changes a job's status.

    submit → QUEUED → start → STARTING → begin → PROCESSING → complete | fail

Each function reads the job, and writes one transaction that holds only if nothing has changed
since; called twice it does its work once.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from reelstep.events import log
from reelstep.jobs.model import RUNNING, Job, JobError, JobStatus, Phase
from reelstep.jobs.repository import JobRepository, queue_keys, running_keys
from reelstep.platform.clock import now_iso
from reelstep.platform.dynamo import TransactionRefused
from reelstep.platform.errors import StaleExecution

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient

INPUT_SCHEMA_VERSION = 1
_QUEUED = frozenset({JobStatus.QUEUED})
_INDEX_ATTRIBUTES = ("queue_pk", "queue_sk", "running_pk", "running_sk")
# Losing to a progress event that was written in between is ordinary: read again and try again.
_TRIES = 20


@dataclass(frozen=True)
class Executions:
    """Where a job runs: the state machine of its kind."""

    client: SFNClient
    state_machine_arn: str

    def start(self, job: Job) -> str:
        """Start this attempt. Name and input depend on job and attempt alone, so starting it
        twice gives the same execution while it runs (Step Functions' own idempotency)."""
        name = f"{job.job_id}-{job.attempt}"
        try:
            return self.client.start_execution(
                stateMachineArn=self.state_machine_arn,
                name=name,
                input=execution_input(job),
            )["executionArn"]
        except self.client.exceptions.ExecutionAlreadyExists:
            return self.arn(name)

    def arn(self, name: str) -> str:
        return self.state_machine_arn.replace(":stateMachine:", ":execution:", 1) + f":{name}"

    def stop(self, arn: str, cause: str) -> None:
        """Stop an execution; one that has ended or is unknown is fine."""
        try:
            self.client.stop_execution(executionArn=arn, error="Cancelled", cause=cause)
        except ClientError as error:
            if error.response["Error"]["Code"] not in {
                "ExecutionDoesNotExist",
                "ValidationException",
            }:
                raise

    def status(self, arn: str) -> str | None:
        """RUNNING, SUCCEEDED, FAILED, TIMED_OUT, ABORTED; None when there is no such execution."""
        try:
            return self.client.describe_execution(executionArn=arn)["status"]
        except self.client.exceptions.ExecutionDoesNotExist:
            return None


def execution_input(job: Job) -> str:
    """Byte-stable: the same attempt always gives the same text."""
    return json.dumps(
        {"schema_version": INPUT_SCHEMA_VERSION, "job_id": job.job_id, "attempt": job.attempt},
        sort_keys=True,
    )


def submit(repository: JobRepository, job: Job, *, position: int) -> Job:
    """Write the new job, queued at `position`. Raises TransactionRefused when its id is taken."""
    return repository.create(job, log.queued(position))


def start(repository: JobRepository, executions: Executions, job: Job) -> Job:
    """QUEUED → STARTING and start its execution; a job that is past that is returned as it is.

    When StartExecution fails the job stays STARTING without an execution: `reconcile` starts it
    again by the same name.
    """
    now = now_iso()
    started = job.model_copy(
        update={"status": JobStatus.STARTING, "attempt": job.attempt + 1, "heartbeat_at": now}
    )
    try:
        repository.change(
            job,
            sets={
                "status": started.status,
                "attempt": started.attempt,
                "heartbeat_at": now,
                **running_keys(job.job_id, now),
            },
            removes=list(queue_keys(job)),
            allowed=_QUEUED,
            at=now,
        )
    except TransactionRefused:
        return repository.get(job.job_id) or job
    return launch(repository, executions, started)


def launch(repository: JobRepository, executions: Executions, job: Job) -> Job:
    """Start the execution of a STARTING job and keep its ARN."""
    arn = executions.start(job)
    repository.set_execution(job, arn)
    return job.model_copy(update={"execution_arn": arn})


def begin(repository: JobRepository, job: Job, worker_id: str) -> Job:
    """STARTING → PROCESSING, told as job:started. A second call changes nothing."""
    if job.status is JobStatus.PROCESSING:
        return job
    now = now_iso()
    return _change_again(
        repository,
        job,
        event=(log.STARTED, log.started(worker_id)),
        sets={
            "status": JobStatus.PROCESSING,
            "started_at": job.started_at or now,
            "heartbeat_at": now,
            "running_sk": now,
        },
        at=now,
    )


def begin_again(repository: JobRepository, job: Job) -> Job | None:
    """A running job whose execution was lost becomes STARTING under its next attempt.

    None when somebody else has moved it in the meantime.
    """
    now = now_iso()
    again = {"status": JobStatus.STARTING, "attempt": job.attempt + 1, "heartbeat_at": now}
    try:
        repository.change(job, sets={**again, "running_sk": now}, removes=["execution_arn"], at=now)
    except TransactionRefused:
        return None
    return job.model_copy(update={**again, "execution_arn": None})


def complete(
    repository: JobRepository, job_id: str, attempt: int, output: Mapping[str, Any]
) -> Job | None:
    """The film is checked and published: PROCESSING → COMPLETED. None when it had ended before."""
    return _finish(
        repository,
        job_id,
        attempt,
        JobStatus.COMPLETED,
        {"output": dict(output), "percent": 100},
        (log.COMPLETED, log.completed(str(output["film"]))),
    )


def fail(repository: JobRepository, job_id: str, attempt: int, error: JobError) -> Job | None:
    """→ FAILED with a named error. None when the job had ended before."""
    return _finish(
        repository,
        job_id,
        attempt,
        JobStatus.FAILED,
        {"error": error.model_dump()},
        (log.FAILED, log.failed(error.code, error.message, error.stage)),
    )


def cancel(repository: JobRepository, job: Job) -> Job | None:
    """→ CANCELLED, from QUEUED or while it runs. None when it had ended before."""
    live = RUNNING | _QUEUED
    try:
        return _change_again(
            repository,
            job,
            event=(log.CANCELLED, {}),
            sets={"status": JobStatus.CANCELLED, "completed_at": now_iso()},
            removes=_INDEX_ATTRIBUTES,
            at=now_iso(),
            allowed=live,
        )
    except StaleExecution:
        return None


def current_stage(job: Job) -> str:
    """The phase to name in an error."""
    return (job.phase or Phase.SCRIPT_GENERATION).value


def _finish(
    repository: JobRepository,
    job_id: str,
    attempt: int,
    status: JobStatus,
    sets: Mapping[str, Any],
    event: tuple[str, Mapping[str, Any]],
) -> Job | None:
    job = repository.get(job_id)
    if job is None or job.status not in RUNNING or job.attempt != attempt:
        return None
    now = now_iso()
    try:
        return _change_again(
            repository,
            job,
            event=event,
            sets={**sets, "status": status, "completed_at": now},
            removes=_INDEX_ATTRIBUTES,
            at=now,
        )
    except StaleExecution:
        return None


def _change_again(
    repository: JobRepository,
    job: Job,
    *,
    event: tuple[str, Mapping[str, Any]],
    sets: Mapping[str, Any],
    removes: tuple[str, ...] = (),
    at: str,
    allowed: frozenset[JobStatus] = RUNNING,
) -> Job:
    """Write a transition, over however many progress events come in between."""
    attempt = job.attempt
    for _ in range(_TRIES):
        try:
            repository.change(job, sets=sets, removes=removes, event=event, at=at, allowed=allowed)
        except TransactionRefused:
            latest = repository.get(job.job_id)
            if latest is None or latest.status not in allowed or latest.attempt != attempt:
                raise StaleExecution("This job has ended or runs under a newer attempt") from None
            job = latest
        else:
            return repository.get(job.job_id) or job
    raise StaleExecution("This job is being changed by others without a pause")
