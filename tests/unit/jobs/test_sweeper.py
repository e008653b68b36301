"""Jobs that no execution works on are resumed once, started, or ended."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError

from reelstep.jobs import lifecycle, sweeper
from reelstep.jobs.executions import Executions
from reelstep.jobs.model import Job, JobError, JobStatus
from reelstep.jobs.repository import JobRepository
from tests.support import jobs


def started(cloud: Any) -> Job:
    return lifecycle.begin(cloud.jobs, jobs.started(cloud, jobs.submitted(cloud)), "worker")


def lose(cloud: Any, job: Job) -> None:
    cloud.executions.stop(job.execution_arn, "lost")


def run(cloud: Any, **more: Any) -> sweeper.Outcome:
    return sweeper.sweep(cloud.admission, **more)


def test_a_job_whose_execution_runs_is_left_alone(cloud: Any) -> None:
    job = started(cloud)
    assert run(cloud) == sweeper.Outcome()
    assert cloud.jobs.get(job.job_id) == job


def test_a_lost_execution_resumes_once_and_then_fails_with_a_name(cloud: Any) -> None:
    job = started(cloud)
    lose(cloud, job)
    assert run(cloud).resumed == (job.job_id,)
    again = cloud.jobs.get(job.job_id)
    assert (again.status, again.attempt) == (JobStatus.STARTING, 2)
    assert again.execution_arn.endswith(f"{job.job_id}-2")
    assert run(cloud) == sweeper.Outcome()
    lose(cloud, again)
    assert run(cloud).failed == (job.job_id,)
    ended = cloud.jobs.get(job.job_id)
    assert (ended.status, ended.error.code) == (JobStatus.FAILED, "EXECUTION_LOST")
    assert run(cloud) == sweeper.Outcome()


def test_an_execution_that_was_forgotten_counts_as_lost(cloud: Any) -> None:
    job = started(cloud)
    cloud.jobs.set_execution(
        job, "arn:aws:states:us-east-1:123456789012:execution:generation:never-started"
    )
    assert run(cloud).resumed == (job.job_id,)


def test_a_starting_job_without_execution_is_started_by_the_same_name(
    cloud: Any, monkeypatch: Any
) -> None:
    job = jobs.submitted(cloud)
    with monkeypatch.context() as broken:
        broken.setattr(Executions, "start", _unreachable)
        with pytest.raises(ConnectionError):
            jobs.started(cloud, job)
    assert cloud.jobs.get(job.job_id).status is JobStatus.STARTING
    assert run(cloud) == sweeper.Outcome(), "it may be starting at this moment"
    monkeypatch.setattr(sweeper, "_STARTING_GRACE_SECONDS", 0.0)
    assert run(cloud).launched == (job.job_id,)
    assert cloud.jobs.get(job.job_id).execution_arn.endswith(f"{job.job_id}-1")


def _unreachable(self: Any, job: Job) -> str:
    raise ConnectionError("no network")


def test_a_job_whose_launcher_died_before_it_noted_the_execution_is_not_forgotten(
    cloud: Any, monkeypatch: Any
) -> None:
    """It was begun and had no ARN: no sweep looked at it, and its tokens and slot were gone."""
    job = jobs.submitted(cloud)
    with monkeypatch.context() as dies:
        dies.setattr(JobRepository, "set_execution", _killed)
        with pytest.raises(SystemExit):
            jobs.started(cloud, job)
    begun = lifecycle.begin(cloud.jobs, cloud.jobs.get(job.job_id), "worker")
    assert (begun.status, begun.execution_arn) == (JobStatus.PROCESSING, None)
    assert run(cloud) == sweeper.Outcome(), "it runs"
    cloud.executions.stop(cloud.executions.arn(begun), "lost")
    assert run(cloud).resumed == (job.job_id,)


def _killed(self: Any, job: Job, arn: str) -> None:
    raise SystemExit("killed")


def test_an_event_names_the_job_of_its_execution(cloud: Any) -> None:
    job, other = started(cloud), started(cloud)
    lose(cloud, job)
    lose(cloud, other)
    event = {"detail": {"name": f"{job.job_id}-1", "status": "FAILED"}}
    assert run(cloud, job_ids=sweeper.job_ids_of(event)).resumed == (job.job_id,)
    assert sweeper.job_ids_of({"source": "aws.scheduler"}) is None


def test_a_twin_does_not_resume_twice(cloud: Any) -> None:
    job = started(cloud)
    lose(cloud, job)
    assert lifecycle.begin_again(cloud.jobs, job) is not None
    assert run(cloud, job_ids=[job.job_id]) == sweeper.Outcome()


def test_a_job_that_aws_fails_for_does_not_hold_up_the_others(cloud: Any, monkeypatch: Any) -> None:
    """The oldest comes first in every sweep: while its call failed, nobody else was looked at."""
    bad, good, waits = started(cloud), started(cloud), jobs.submitted(cloud)
    lose(cloud, bad)
    lose(cloud, good)
    status = Executions.status

    def failing(self: Any, arn: str) -> str | None:
        if arn == bad.execution_arn:
            raise EndpointConnectionError(endpoint_url="https://states.example")
        return status(self, arn)

    monkeypatch.setattr(Executions, "status", failing)
    with pytest.raises(EndpointConnectionError):
        run(cloud)
    assert cloud.jobs.get(good.job_id).attempt == 2
    assert cloud.jobs.get(waits.job_id).status is JobStatus.STARTING


def test_the_execution_of_an_earlier_attempt_is_not_taken_for_this_ones(
    cloud: Any, monkeypatch: Any
) -> None:
    """Noted late, after the retry, it cost the new charge its one resumption."""
    job = jobs.running(cloud)
    lifecycle.fail(cloud.jobs, job.job_id, 1, JobError(code="X", message="It broke", stage="Y"))
    failed = jobs.now(cloud, job)
    again = lifecycle.retry(cloud.jobs, failed, position=0, queue_size=100, terms={})
    cloud.jobs.set_execution(again, failed.execution_arn or cloud.executions.arn(failed))
    with monkeypatch.context() as dies:
        dies.setattr(JobRepository, "set_execution", _killed)
        with pytest.raises(SystemExit):
            jobs.started(cloud, jobs.now(cloud, job))
    monkeypatch.setattr(sweeper, "_STARTING_GRACE_SECONDS", 0.0)
    assert run(cloud).launched == (job.job_id,)
    assert jobs.now(cloud, job).resumed == 0
