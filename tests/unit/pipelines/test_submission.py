"""What a submit answers when others are at work on the same queue."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError

from reelstep.accounts.plans import Plan
from reelstep.jobs import lifecycle
from reelstep.jobs.executions import Executions
from reelstep.jobs.model import Job, JobError, JobKind, JobStatus
from reelstep.pipelines.submission import Submission, User
from tests.support.jobs import now, running, submitted


def test_a_job_that_the_stream_started_first_is_not_told_to_wait(
    cloud: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On an idle system a first job was answered with place 1: between its transaction and the
    request's own admission the table's stream had started it."""
    submit = lifecycle.submit

    def submit_and_dispatch(*given: Any, **more: Any) -> tuple[Job, bool]:
        result = submit(*given, **more)
        assert len(cloud.admission.admit(JobKind.GENERATION)) == 1
        return result

    monkeypatch.setattr(lifecycle, "submit", submit_and_dispatch)
    desk = Submission(cloud.admission, cloud.ledger, User("user-1", Plan.FREE))
    job = desk.new_job(
        JobKind.GENERATION, {"prompt": "A film"}, price=25, estimate_micro_usd=1, trace_id=""
    )
    told = desk.submit(job)
    assert (told.job.status, told.position, told.wait_seconds) == (JobStatus.STARTING, 0, 0.0)


def test_a_failed_job_is_retried_while_others_run_and_wait(cloud: Any) -> None:
    """Its place was looked for among those that wait, where a failed job is not: a retry was a
    500 whenever its owner had another film in the making."""
    failed = running(cloud, cap=1)
    error = JobError(code="FFMPEG_FAILED", message="It broke", stage="RENDERING")
    lifecycle.fail(cloud.jobs, failed.job_id, 1, error)
    running(cloud, cap=1)
    submitted(cloud, cap=1)
    desk = Submission(cloud.admission, cloud.ledger, User("user-1", Plan.FREE))
    told = desk.retry(now(cloud, failed))
    assert (told.job.status, told.position) == (JobStatus.QUEUED, 2)
    assert told.wait_seconds > 0


def test_a_retry_is_told_its_place_by_the_plan_of_today(cloud: Any) -> None:
    failed = running(cloud, cap=1)
    error = JobError(code="FFMPEG_FAILED", message="It broke", stage="RENDERING")
    lifecycle.fail(cloud.jobs, failed.job_id, 1, error)
    running(cloud, cap=1)
    submitted(cloud, cap=1)
    desk = Submission(cloud.admission, cloud.ledger, User("user-1", Plan.VIP_PLUS))
    told = desk.retry(now(cloud, failed))
    assert (told.job.status, told.position) == (JobStatus.STARTING, 0)


def test_a_paid_job_that_cannot_be_started_now_is_answered_as_in(
    cloud: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was a 500, and its sender paid once more for the same film."""

    def unreachable(self: Executions, job: Job) -> str:
        raise EndpointConnectionError(endpoint_url="https://states.example")

    monkeypatch.setattr(Executions, "start", unreachable)
    desk = Submission(cloud.admission, cloud.ledger, User("user-1", Plan.FREE))
    job = desk.new_job(JobKind.GENERATION, {"prompt": "A film"}, price=25, estimate_micro_usd=1)
    told = desk.submit(job)
    assert (told.job.job_id, told.job.status) == (job.job_id, JobStatus.STARTING)
    assert cloud.ledger.wallet("user-1").reserved == 25


def test_a_cancel_that_cannot_stop_its_execution_is_a_cancel(
    cloud: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was a 500 for what had been done, and a 409 when it was sent again."""

    def unreachable(self: Executions, arn: str, cause: str) -> None:
        raise EndpointConnectionError(endpoint_url="https://states.example")

    monkeypatch.setattr(Executions, "stop", unreachable)
    job = running(cloud)
    desk = Submission(cloud.admission, cloud.ledger, User("user-1", Plan.FREE))
    assert desk.cancel(job, "test").status is JobStatus.CANCELLED


def test_an_execution_that_nobody_has_noted_yet_is_stopped_too(
    cloud: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Submission(cloud.admission, cloud.ledger, User("user-1", Plan.FREE))
    job = desk.new_job(JobKind.GENERATION, {}, price=25, estimate_micro_usd=1)
    with monkeypatch.context() as patched:
        patched.setattr(type(cloud.jobs), "set_execution", lambda *_: None)
        started = desk.submit(job).job
    found = cloud.jobs.get(started.job_id)
    assert found.execution_arn is None
    desk.cancel(found, "test")
    assert cloud.executions.status(cloud.executions.arn(found)) == "ABORTED"
