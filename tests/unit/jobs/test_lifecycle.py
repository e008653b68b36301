"""A job's way from submit to its end, with every call doubled, late or crossed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from reelstep.events import log
from reelstep.jobs import lifecycle
from reelstep.jobs.listing import jobs_of_user
from reelstep.jobs.model import Job, JobError, JobKind, JobStatus, Phase
from reelstep.jobs.reporter import StepReporter
from reelstep.jobs.repository import JobRepository
from reelstep.platform.errors import Conflict, StaleExecution, TableBusy
from tests.support import books
from tests.support.jobs import now, running, started, submitted

ERROR = JobError(code="FFMPEG_FAILED", message="It broke", stage="RENDERING")
OUTPUT = {"film": "films/x/film.mp4", "bytes": 10}


def reporter(cloud: Any, job: Job, phase: Phase, index: object = 0) -> StepReporter:
    return StepReporter(
        cloud.jobs, job.job_id, job.attempt, phase, str(index), lambda *_: "text", interval=0
    )


def events(cloud: Any, job: Job) -> list[log.Event]:
    return cloud.jobs.events_after(job.job_id, 0, 10_000)


def assert_in_order(found: list[log.Event]) -> None:
    assert [event.seq for event in found] == list(range(1, len(found) + 1))
    percents = [e.fields["percent"] for e in found if e.name == log.PROGRESS]
    assert percents == sorted(percents)


def test_submit_start_begin_complete(cloud: Any) -> None:
    job = submitted(cloud)
    assert [j.job_id for j in cloud.jobs.waiting(JobKind.GENERATION)] == [job.job_id]
    job = started(cloud, job)
    assert (job.status, job.attempt) == (JobStatus.STARTING, 1)
    assert cloud.jobs.waiting(JobKind.GENERATION) == []
    assert now(cloud, job).execution_arn == job.execution_arn
    job = lifecycle.begin(cloud.jobs, now(cloud, job), "worker-1")
    assert job.status is JobStatus.PROCESSING
    done = lifecycle.complete(cloud.jobs, job.job_id, 1, OUTPUT)
    assert done is not None
    assert (done.status, done.percent, done.output) == (JobStatus.COMPLETED, 100, OUTPUT)
    assert cloud.jobs.running() == []
    names = [event.name for event in events(cloud, job)]
    assert names == [log.QUEUED, log.STARTED, log.COMPLETED]
    assert_in_order(events(cloud, job))


def test_the_same_submit_twice_is_one_job_and_one_charge(cloud: Any) -> None:
    job = submitted(cloud)
    again, new = lifecycle.submit(cloud.jobs, job, position=0, queue_size=100)
    assert (again.job_id, new) == (job.job_id, False)
    assert cloud.ledger.wallet("user-1").reserved == job.price
    other = job.model_copy(update={"fingerprint": "another"})
    with pytest.raises(Conflict, match="another request"):
        lifecycle.submit(cloud.jobs, other, position=0, queue_size=100)
    assert cloud.ledger.wallet("user-1").reserved == job.price


def test_a_second_start_or_begin_changes_nothing(cloud: Any) -> None:
    job = submitted(cloud)
    first = started(cloud, job)
    caps = cloud.admission.caps(job)
    assert lifecycle.start(cloud.jobs, cloud.executions, job, caps) is None
    assert now(cloud, job).attempt == 1
    begun = lifecycle.begin(cloud.jobs, first, "worker-1")
    lifecycle.begin(cloud.jobs, begun, "worker-2")
    # A twin that read it before: the first one's start is told of, and told of once.
    assert lifecycle.begin(cloud.jobs, first, "worker-2") == begun
    with pytest.raises(StaleExecution):
        # A twin that read STARTING before: its write must lose, also as a retry.
        lifecycle.begin(cloud.jobs, first.model_copy(update={"attempt": 9}), "worker-2")
    assert len(events(cloud, job)) == 2


def test_an_end_is_final(cloud: Any) -> None:
    job = running(cloud)
    assert lifecycle.fail(cloud.jobs, job.job_id, 1, ERROR) is not None
    assert lifecycle.complete(cloud.jobs, job.job_id, 1, OUTPUT) is None
    assert lifecycle.fail(cloud.jobs, job.job_id, 1, ERROR) is None
    assert lifecycle.cancel(cloud.jobs, now(cloud, job)) is None
    found = now(cloud, job)
    assert (found.status, found.error) == (JobStatus.FAILED, ERROR)
    with pytest.raises(StaleExecution):
        reporter(cloud, job, Phase.RENDERING).report(5)


def test_an_older_attempt_cannot_end_or_report(cloud: Any) -> None:
    job = running(cloud)
    again = lifecycle.begin_again(cloud.jobs, job)
    assert again is not None
    assert again.attempt == 2
    assert lifecycle.complete(cloud.jobs, job.job_id, 1, OUTPUT) is None
    with pytest.raises(StaleExecution):
        reporter(cloud, job, Phase.RENDERING).report(5)
    assert reporter(cloud, job, Phase.RENDERING).should_stop()
    assert lifecycle.begin_again(cloud.jobs, job) is None


def test_a_repeated_step_adds_nothing(cloud: Any) -> None:
    job = running(cloud)
    reporter(cloud, job, Phase.RENDERING, 3).report(200, last=True)
    before = now(cloud, job)
    again = reporter(cloud, job, Phase.RENDERING, 3)
    again.report(150)
    again.report(200, last=True)
    assert now(cloud, job) == before
    again.report(201, last=True)
    assert now(cloud, job).phases[Phase.RENDERING].done == 201


def test_a_report_that_finds_the_table_busy_is_made_up_for_by_the_next(
    cloud: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Forty chunks write one row: a film must not fail because one could not say how far it is."""
    job = running(cloud)
    mine = reporter(cloud, job, Phase.RENDERING)

    def busy(*_: Any, **__: Any) -> None:
        raise TableBusy("busy")

    with monkeypatch.context() as crowded:
        crowded.setattr(JobRepository, "change", busy)
        mine.report(100)
        with pytest.raises(TableBusy):
            mine.report(150, last=True)
    mine.report(200, last=True)
    assert now(cloud, job).phases[Phase.RENDERING].done == 200


def test_a_next_attempt_goes_on_counting_where_the_last_one_was(cloud: Any) -> None:
    job = running(cloud)
    reporter(cloud, job, Phase.RENDERING, 0).report(300, last=True)
    again = lifecycle.begin_again(cloud.jobs, now(cloud, job))
    assert again is not None
    reporter(cloud, again, Phase.RENDERING, 0).report(300, last=True)
    reporter(cloud, again, Phase.RENDERING, 1).report(300, last=True)
    progress = now(cloud, job).phases[Phase.RENDERING]
    assert (progress.done, progress.percent) == (600, 100)
    assert progress.completed_at is not None


def test_reporters_side_by_side_lose_no_unit_and_no_event(cloud: Any) -> None:
    job = running(cloud)

    def work(index: int) -> None:
        mine = reporter(cloud, job, Phase.RENDERING, index)
        for done in range(10, 101, 10):
            mine.report(done, last=True)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(work, range(6)))
    found = now(cloud, job)
    assert found.phases[Phase.RENDERING].done == 600
    assert found.phases[Phase.RENDERING].completed_at is not None
    assert_in_order(events(cloud, job))
    assert found.seq == len(events(cloud, job))


def test_an_end_among_reports_is_the_last_event(cloud: Any) -> None:
    job = running(cloud)

    def work(_: int) -> None:
        mine = reporter(cloud, job, Phase.RENDERING, 0)
        try:
            for done in range(1, 40):
                mine.report(done, last=True)
        except StaleExecution:
            return

    with ThreadPoolExecutor(2) as pool:
        running_work = pool.submit(work, 0)
        lifecycle.fail(cloud.jobs, job.job_id, 1, ERROR)
        running_work.result()
    found = events(cloud, job)
    assert found[-1].name == log.FAILED
    assert_in_order(found)


def test_cancel_ends_a_queued_and_a_running_job(cloud: Any) -> None:
    for job in (submitted(cloud), running(cloud)):
        assert lifecycle.cancel(cloud.jobs, job) is not None
        assert now(cloud, job).status is JobStatus.CANCELLED
        assert events(cloud, job)[-1].name == log.CANCELLED
    assert cloud.jobs.waiting(JobKind.GENERATION) == []
    assert cloud.jobs.running() == []


def test_delete_leaves_no_row(cloud: Any) -> None:
    job = running(cloud)
    reporter(cloud, job, Phase.RENDERING).report(5)
    for chunk in range(60):
        cloud.jobs.put_cost(job.job_id, Phase.ENCODING, str(chunk), "offline", 1, 0)
    cloud.jobs.put_cost(job.job_id, Phase.RENDERING, "0", "offline", 1, 42)
    assert cloud.jobs.cost_micro_usd(job.job_id) == 42
    lifecycle.cancel(cloud.jobs, job)
    assert cloud.jobs.delete(job.job_id)
    left = {row["pk"] for row in books.rows(cloud.jobs.client, cloud.jobs.table)}
    assert not any(pk.startswith("JOB#") for pk in left)


def test_a_job_that_was_retried_while_it_was_deleted_keeps_its_row(cloud: Any) -> None:
    """The row was gone with its place in the queue and its tokens, neither of which came back: a
    hundred times that, and the queue was full for ever, for everybody."""
    job = running(cloud)
    lifecycle.fail(cloud.jobs, job.job_id, 1, ERROR)
    lifecycle.retry(cloud.jobs, now(cloud, job), position=0, queue_size=100, terms={})
    assert not cloud.jobs.delete(job.job_id)
    again = now(cloud, job)
    assert again.status is JobStatus.QUEUED
    lifecycle.cancel(cloud.jobs, again)
    assert cloud.jobs.delete(job.job_id)
    assert cloud.jobs.delete(job.job_id), "there is nothing to keep"
    assert books.mistakes(books.rows(cloud.jobs.client, cloud.jobs.table)) == []


def test_a_step_that_ends_after_its_job_was_deleted_leaves_no_cost_line(cloud: Any) -> None:
    """It could write one, which then belonged to nothing and stayed."""
    job = running(cloud)
    lifecycle.cancel(cloud.jobs, job)
    assert cloud.jobs.delete(job.job_id)
    cloud.jobs.put_cost(job.job_id, "COMPUTE", "render-0", "lambda", 1, 42)
    assert cloud.jobs.cost_micro_usd(job.job_id) == 0


def test_a_cost_line_that_came_while_its_job_was_being_deleted_goes_too(
    cloud: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = running(cloud)
    lifecycle.cancel(cloud.jobs, job)
    listed = JobRepository._rows

    def listed_too_early(jobs: JobRepository, job_id: str, prefix: str) -> list[dict[str, Any]]:
        found = listed(jobs, job_id, prefix)
        if jobs.get(job_id):
            jobs.put_cost(job_id, "COMPUTE", "render-0", "lambda", 1, 42)
        return found

    monkeypatch.setattr(JobRepository, "_rows", listed_too_early)
    assert cloud.jobs.delete(job.job_id)
    monkeypatch.undo()
    assert cloud.jobs.cost_micro_usd(job.job_id) == 0


def test_list_by_page_status_and_favorite(cloud: Any) -> None:
    ids = [submitted(cloud).job_id for _ in range(7)]
    submitted(cloud, user_id="user-2")
    cloud.jobs.set_favorite(ids[2], "user-1", True)
    queued = cloud.jobs.get(ids[0])
    lifecycle.begin(cloud.jobs, started(cloud, queued), "worker")

    def page(number: int, size: int, **filters: Any) -> tuple[list[str], int]:
        found = jobs_of_user(cloud.jobs, "user-1", JobKind.GENERATION, number, size, **filters)
        return [job.job_id for job in found.jobs], found.total

    newest_first = ids[::-1]
    assert page(0, 3) == (newest_first[:3], 7)
    assert page(2, 3) == (newest_first[6:], 7)
    assert page(9, 3) == ([], 7)
    assert page(0, 10, favorite=True) == ([ids[2]], 1)
    assert page(0, 10, status="PROCESSING") == ([ids[0]], 1)
    assert page(0, 10, status="QUEUED")[1] == 6


def test_somebody_elses_film_cannot_be_liked(cloud: Any) -> None:
    job = submitted(cloud)
    assert not cloud.jobs.set_favorite(job.job_id, "user-2", True)
    assert not cloud.jobs.set_favorite("no-such-job", "user-1", True)
    assert now(cloud, job).favorite is False
