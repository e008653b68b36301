"""Where jobs run: the state machine of each kind. The only module that talks to Step Functions."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from reelstep.jobs.model import Job

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient

INPUT_SCHEMA_VERSION = 1


@dataclass(frozen=True)
class Executions:
    """`machines` has the state machine's ARN for each kind of job."""

    client: SFNClient
    machines: Mapping[str, str]

    def start(self, job: Job) -> str:
        """Start this attempt and return its ARN. Name and input depend on job and attempt alone,
        so starting it twice gives the same execution while it runs (Step Functions' own
        idempotency)."""
        try:
            return self.client.start_execution(
                stateMachineArn=self.machines[job.kind],
                name=execution_name(job),
                input=execution_input(job),
            )["executionArn"]
        except self.client.exceptions.ExecutionAlreadyExists:
            return self.arn(job)

    def arn(self, job: Job) -> str:
        machine = self.machines[job.kind].replace(":stateMachine:", ":execution:", 1)
        return f"{machine}:{execution_name(job)}"

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


def execution_name(job: Job) -> str:
    return f"{job.job_id}-{job.attempt}"


def execution_input(job: Job) -> str:
    """Byte-stable: the same attempt always gives the same text."""
    return json.dumps(
        {"schema_version": INPUT_SCHEMA_VERSION, "job_id": job.job_id, "attempt": job.attempt},
        sort_keys=True,
    )
