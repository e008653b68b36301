"""What a job has made so far: said by a step's last report, once, by the attempt that runs."""

from __future__ import annotations

from typing import Any

import pytest

from reelstep.jobs import lifecycle
from reelstep.jobs.model import Job, JobError, Phase
from reelstep.jobs.previews import Preview, previews_of
from reelstep.jobs.reporter import StepReporter
from reelstep.platform.clock import utc_now
from reelstep.platform.errors import StaleExecution
from tests.support import books
from tests.support.jobs import now, running, started, submitted

FOREVER = 4_000_000_000


def a_preview(number: int = 0, key: str = "chunk/a.mp4", **changes: Any) -> Preview:
    facts = {"seconds": 5.033, "codec": "h264"}
    values = {"kind": "chunk", "number": number, "key": key, "kept_until": FOREVER, "facts": facts}
    return Preview.model_validate(values | changes)


def reporter(cloud: Any, job: Job, index: object = 0) -> StepReporter:
    return StepReporter(
        cloud.jobs, job.job_id, job.attempt, Phase.RENDERING, str(index), lambda *_: "", interval=0
    )


def shown(cloud: Any, job: Job) -> list[Preview]:
    return previews_of(cloud.jobs, now(cloud, job))


def test_it_comes_with_the_last_report_and_as_it_was_said(cloud: Any) -> None:
    job = running(cloud)
    mine, preview = reporter(cloud, job), a_preview()
    mine.report(75)
    assert shown(cloud, job) == []
    mine.report(150, last=True, preview=preview)
    assert shown(cloud, job) == [preview]
    assert now(cloud, job).phases[Phase.RENDERING].done == 150


def test_a_step_whose_units_are_all_counted_still_says_what_it_made(cloud: Any) -> None:
    """The renderer reports its last frame while it renders; the file is stored afterwards."""
    job = running(cloud)
    mine = reporter(cloud, job)
    mine.report(150)
    mine.report(150, last=True, preview=a_preview())
    assert shown(cloud, job) == [a_preview()]
    assert now(cloud, job).phases[Phase.RENDERING].done == 150


def test_in_order_of_number_and_not_of_text(cloud: Any) -> None:
    job = running(cloud)
    for number in (10, 2, 0):
        reporter(cloud, job, number).report(10, last=True, preview=a_preview(number))
    reporter(cloud, job, "x").report(1, last=True, preview=a_preview(5, kind="picture"))
    reporter(cloud, job, "silent").report(1, last=True)
    found = [(one.kind, one.number) for one in shown(cloud, job)]
    assert found == [("chunk", 0), ("chunk", 2), ("chunk", 10), ("picture", 5)]


def test_a_doubled_step_writes_nothing(cloud: Any) -> None:
    job = running(cloud)
    reporter(cloud, job).report(150, last=True, preview=a_preview())
    before = books.rows(cloud.jobs.client, cloud.jobs.table)
    twin = reporter(cloud, job)
    twin.report(150, last=True, preview=a_preview())
    twin.report(150, last=True, preview=a_preview())
    assert books.rows(cloud.jobs.client, cloud.jobs.table) == before


def test_a_step_that_goes_on_keeps_what_it_has_shown(cloud: Any) -> None:
    job = running(cloud)
    reporter(cloud, job).report(150, last=True, preview=a_preview())
    reporter(cloud, job).report(160, last=True)
    assert shown(cloud, job) == [a_preview()]


def test_a_new_attempt_shows_what_it_made_and_not_what_the_last_one_did(cloud: Any) -> None:
    """The last one had three chunks of another script; its third belongs to no film any more."""
    job = running(cloud)
    for number in range(3):
        old = a_preview(number, f"chunk/old-{number}.mp4")
        reporter(cloud, job, number).report(100, last=True, preview=old)
    again = lifecycle.begin_again(cloud.jobs, now(cloud, job))
    assert again is not None
    assert shown(cloud, job) == []
    events = now(cloud, job).seq
    kept, other = a_preview(0, "chunk/old-0.mp4"), a_preview(1, "chunk/new-1.mp4")
    reporter(cloud, again, 0).report(100, last=True, preview=kept)
    reporter(cloud, again, 1).report(100, last=True, preview=other)
    assert shown(cloud, job) == [kept, other]
    found = now(cloud, job)
    assert found.phases[Phase.RENDERING].done == 300, "found results are not counted again"
    assert found.seq == events, "and nobody is told of progress that is none"


def test_a_straggler_of_an_older_attempt_cannot_replace_what_the_new_one_shows(cloud: Any) -> None:
    job = running(cloud)
    again = lifecycle.begin_again(cloud.jobs, job)
    assert again is not None
    reporter(cloud, again).report(100, last=True, preview=a_preview(0, "chunk/new.mp4"))
    with pytest.raises(StaleExecution):
        reporter(cloud, job).report(100, last=True, preview=a_preview(0, "chunk/old.mp4"))
    assert [one.key for one in shown(cloud, job)] == ["chunk/new.mp4"]


def test_two_attempts_that_cross_leave_the_newer_one(
    cloud: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The older one has read its row and the job; then the job begins again and the new one says
    what it made; then the older one writes."""
    job = running(cloud)
    change, crossed = type(cloud.jobs).change, []

    def begin_again_first(jobs: Any, seen: Job, **given: Any) -> None:
        if not crossed:
            crossed.append(seen)
            again = lifecycle.begin_again(cloud.jobs, now(cloud, job))
            assert again is not None
            new = a_preview(0, "chunk/new.mp4")
            reporter(cloud, again).report(100, last=True, preview=new)
        change(jobs, seen, **given)

    monkeypatch.setattr(type(cloud.jobs), "change", begin_again_first)
    with pytest.raises(StaleExecution):
        reporter(cloud, job).report(100, last=True, preview=a_preview(0, "chunk/old.mp4"))
    assert [one.key for one in shown(cloud, job)] == ["chunk/new.mp4"]


def test_a_failed_job_shows_what_it_had_until_it_starts_again(cloud: Any) -> None:
    job = running(cloud)
    reporter(cloud, job).report(100, last=True, preview=a_preview())
    error = JobError(code="FFMPEG_FAILED", message="It broke", stage="RENDERING")
    lifecycle.fail(cloud.jobs, job.job_id, 1, error)
    assert shown(cloud, job) == [a_preview()]
    lifecycle.retry(cloud.jobs, now(cloud, job), position=0, queue_size=100, terms={})
    assert shown(cloud, job) == [a_preview()], "it waits"
    started(cloud, now(cloud, job))
    assert shown(cloud, job) == []


def test_what_the_bucket_has_dropped_is_not_shown(cloud: Any) -> None:
    job = running(cloud)
    at = int(utc_now().timestamp())
    for number, kept_until in enumerate((at - 1, at + 60)):
        mine = reporter(cloud, job, number)
        mine.report(10, last=True, preview=a_preview(number, kept_until=kept_until))
    assert [one.number for one in shown(cloud, job)] == [1]


def test_a_job_that_waits_has_nothing_and_a_deleted_one_leaves_nothing(cloud: Any) -> None:
    waiting, job = submitted(cloud), running(cloud)
    assert shown(cloud, waiting) == []
    reporter(cloud, job).report(100, last=True, preview=a_preview())
    ended = lifecycle.cancel(cloud.jobs, now(cloud, job))
    assert ended is not None
    assert shown(cloud, job) == [a_preview()]
    assert cloud.jobs.delete(job.job_id)
    assert previews_of(cloud.jobs, ended) == []
