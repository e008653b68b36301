"""AWS as moto plays it, for tests of what talks to DynamoDB, S3 and Step Functions."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

import boto3
import pytest
from moto import mock_aws

from reelstep.artifacts.store import ArtifactStore
from reelstep.jobs.admission import Admission
from reelstep.jobs.executions import Executions
from reelstep.jobs.model import JobKind
from reelstep.jobs.repository import JobRepository
from reelstep.platform import aws
from reelstep.platform.settings import Limits, Settings
from reelstep.wallet.ledger import Ledger
from tests.support.table import TABLE, create_table

ARTIFACTS, MEDIA, UPLOADS = (f"reelstep-test-{name}" for name in ("artifacts", "media", "uploads"))
STATE_MACHINE = "generation"
_ONE_STATE = (
    '{"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 300, "End": true}}}'
)


@dataclass(frozen=True)
class Cloud:
    jobs: JobRepository
    artifacts: ArtifactStore
    media: ArtifactStore
    executions: Executions
    ledger: Ledger
    admission: Admission


class Serialized:
    """A client whose calls run one at a time: DynamoDB's writes are serializable, moto's are not
    when several threads call at once."""

    def __init__(self, client: Any) -> None:
        self._client, self._lock = client, threading.RLock()

    def __getattr__(self, name: str) -> Any:
        attribute = getattr(self._client, name)
        if not callable(attribute) or name == "get_paginator":
            return attribute

        def call(*arguments: Any, **named: Any) -> Any:
            with self._lock:
                return attribute(*arguments, **named)

        return call


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What a function finds around it; nothing cached from a test before."""
    for name, value in {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
        "POWERTOOLS_TRACE_DISABLED": "1",
        "POWERTOOLS_METRICS_NAMESPACE": "Reelstep",
        "REELSTEP_STAGE": "test",
        "REELSTEP_TABLE": TABLE,
        "REELSTEP_ARTIFACTS_BUCKET": ARTIFACTS,
        "REELSTEP_MEDIA_BUCKET": MEDIA,
        "REELSTEP_UPLOADS_BUCKET": UPLOADS,
        "REELSTEP_GENERATION_STATE_MACHINE_ARN": (
            f"arn:aws:states:us-east-1:123456789012:stateMachine:{STATE_MACHINE}"
        ),
        "REELSTEP_PROVIDERS": (
            '{"script": "offline", "picture": "offline", "companion": "offline",'
            ' "voice": "offline", "music": "offline", "moderation": "offline"}'
        ),
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    cached: list[Any] = [
        *(aws.cognito, aws.dynamodb, aws.s3, aws.stepfunctions),
        Settings.load,
    ]
    for function in cached:
        function.cache_clear()
    yield
    for function in cached:
        function.cache_clear()


@pytest.fixture
def cloud(environment: None) -> Iterator[Cloud]:
    with mock_aws():
        create_table(boto3.client("dynamodb"))
        for bucket in (ARTIFACTS, MEDIA, UPLOADS):
            boto3.client("s3").create_bucket(Bucket=bucket)
        role = boto3.client("iam").create_role(RoleName="role", AssumeRolePolicyDocument="{}")
        machine = boto3.client("stepfunctions").create_state_machine(
            name=STATE_MACHINE, definition=_ONE_STATE, roleArn=role["Role"]["Arn"]
        )
        client = cast(Any, Serialized(aws.dynamodb()))
        jobs = JobRepository(client, TABLE)
        machines = {kind.value: machine["stateMachineArn"] for kind in JobKind}
        executions = Executions(aws.stepfunctions(), machines)
        yield Cloud(
            jobs=jobs,
            artifacts=ArtifactStore(aws.s3(), ARTIFACTS),
            media=ArtifactStore(aws.s3(), MEDIA),
            executions=executions,
            ledger=Ledger(client, TABLE),
            admission=Admission(jobs, executions, Limits()),
        )
