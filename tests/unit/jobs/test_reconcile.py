"""Jobs that no execution works on are resumed once, started, or ended."""

from __future__ import annotations

from typing import Any

import pytest

from reelstep.jobs import lifecycle, reconcile
from reelstep.jobs.model import Job, JobStatus
from tests.support.jobs import a_job


def started(cloud: Any) -> Job:
    job = lifecycle.submit(cloud.jobs, a_job(), position=0)
    job = lifecycle.start(cloud.jobs, cloud.executions, job)
    return lifecycle.begin(cloud.jobs, job, "worker")


def lose(cloud: Any, job: Job) -> None:
    cloud.executions.stop(job.execution_arn, "lost")


def run(cloud: Any, **more: Any) -> reconcile.Outcome:
    return reconcile.reconcile(cloud.jobs, cloud.executions, attempts=2, **more)


def test_a_job_whose_execution_runs_is_left_alone(cloud: Any) -> None:
    job = started(cloud)
    assert run(cloud) == reconcile.Outcome()
    assert cloud.jobs.get(job.job_id) == job


def test_a_lost_execution_resumes_once_and_then_fails_with_a_name(cloud: Any) -> None:
    job = started(cloud)
    lose(cloud, job)
    assert run(cloud).resumed == (job.job_id,)
    again = cloud.jobs.get(job.job_id)
    assert (again.status, again.attempt) == (JobStatus.STARTING, 2)
    assert again.execution_arn.endswith(f"{job.job_id}-2")
    assert run(cloud) == reconcile.Outcome()
    lose(cloud, again)
    assert run(cloud).failed == (job.job_id,)
    ended = cloud.jobs.get(job.job_id)
    assert (ended.status, ended.error.code) == (JobStatus.FAILED, "EXECUTION_LOST")
    assert run(cloud) == reconcile.Outcome()


def test_an_execution_that_was_forgotten_counts_as_lost(cloud: Any) -> None:
    job = started(cloud)
    cloud.jobs.set_execution(job, cloud.executions.arn("never-started"))
    assert run(cloud).resumed == (job.job_id,)


def test_a_starting_job_without_execution_is_started_by_the_same_name(
    cloud: Any, monkeypatch: Any
) -> None:
    job = lifecycle.submit(cloud.jobs, a_job(), position=0)
    with monkeypatch.context() as broken:
        broken.setattr(lifecycle.Executions, "start", _unreachable)
        with pytest.raises(ConnectionError):
            lifecycle.start(cloud.jobs, cloud.executions, job)
    assert cloud.jobs.get(job.job_id).status is JobStatus.STARTING
    assert run(cloud) == reconcile.Outcome(), "it may be starting at this moment"
    monkeypatch.setattr(reconcile, "_STARTING_GRACE_SECONDS", 0.0)
    assert run(cloud).launched == (job.job_id,)
    assert cloud.jobs.get(job.job_id).execution_arn.endswith(f"{job.job_id}-1")


def _unreachable(self: Any, job: Job) -> str:
    raise ConnectionError("no network")


def test_an_event_names_the_job_of_its_execution(cloud: Any) -> None:
    job, other = started(cloud), started(cloud)
    lose(cloud, job)
    lose(cloud, other)
    event = {"detail": {"name": f"{job.job_id}-1", "status": "FAILED"}}
    assert run(cloud, job_ids=reconcile.job_ids_of(event)).resumed == (job.job_id,)
    assert reconcile.job_ids_of({"source": "aws.scheduler"}) is None


def test_a_twin_does_not_resume_twice(cloud: Any) -> None:
    job = started(cloud)
    lose(cloud, job)
    assert lifecycle.begin_again(cloud.jobs, job) is not None
    assert run(cloud, job_ids=[job.job_id]) == reconcile.Outcome()
