"""What is left of films that were stopped by their owner."""

from __future__ import annotations

from typing import Any

import pytest

from reelstep.artifacts import keys
from reelstep.jobs import lifecycle
from reelstep.jobs.model import JobError
from reelstep.jobs.repository import JobRepository
from tests.support import books
from tests.support.api import Call

BASE = "/api/v1/videos"
FILM = {"prompt": "A garden", "durationSeconds": 10}


def test_a_film_cancelled_while_it_is_published_leaves_no_file(call: Call, cloud: Any) -> None:
    """Its thumbnails used to stay: nobody could see them, and nobody removed them."""
    video_id = call("POST", f"{BASE}/generate", FILM).body["videoId"]
    other = call("POST", f"{BASE}/generate", FILM).body["videoId"]
    for one in (video_id, other):
        cloud.media.put(keys.thumbnail(one, 0), b"picture")
    assert call("POST", f"{BASE}/{video_id}/cancel").status == 202
    assert not cloud.media.exists(keys.thumbnail(video_id, 0))
    assert cloud.media.exists(keys.thumbnail(other, 0))


def test_a_film_that_is_retried_while_it_is_deleted_goes_with_what_it_holds(
    call: Call, cloud: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its row went and its tokens and its place in the queue stayed taken, for ever."""
    video_id = call("POST", f"{BASE}/generate", FILM).body["videoId"]
    job = cloud.jobs.get(video_id)
    error = JobError(code="FFMPEG_FAILED", message="It broke", stage="RENDERING")
    lifecycle.fail(cloud.jobs, video_id, job.attempt, error)
    delete, retried = JobRepository.delete, []

    def retry_first(jobs: JobRepository, job_id: str) -> bool:
        if not retried:
            retried.append(call("POST", f"{BASE}/{job_id}/retry").status)
        return delete(jobs, job_id)

    monkeypatch.setattr(JobRepository, "delete", retry_first)
    assert call("DELETE", f"{BASE}/{video_id}").status == 204
    assert retried == [202]
    assert call("GET", f"{BASE}/{video_id}").status == 404
    account = call("GET", "/api/v1/account").body
    assert (account["balance"], account["reserved"], account["runningJobs"]) == (1000, 0, 0)
    assert books.mistakes(books.rows(cloud.jobs.client, cloud.jobs.table)) == []
