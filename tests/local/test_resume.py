"""The local cloud dies in the middle of a film: the film goes on where it was."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from reelstep.local import cloud as local
from reelstep.local import emulator
from tests.support import films
from tests.support.local_cloud import LocalCloud, User, added_environment, running


@pytest.mark.parametrize("end", ["killed", "stopped"])
def test_a_film_goes_on_after_a_restart(tmp_path: Path, project: Path, end: str) -> None:
    quickly = added_environment({"REELSTEP_CHECKPOINT_SECONDS": "0.5"})
    with quickly, running(tmp_path / "cloud", project) as before:
        user = before.demo_user()
        video_id = films.start(before, user, prompt="A slow river", durationSeconds=20)
        _wait_for_phase(before, user, video_id, "RENDERING")
        time.sleep(1.0)  # a checkpoint or two
        made = _artifacts(before)
        if end == "killed":
            found = emulator.find(before.home)
            assert found
            os.kill(found.pid, signal.SIGKILL)
            os.waitpid(found.pid, 0)
        else:
            local.down(folder=before.home.folder)

        after = LocalCloud(before.home, local.up(folder=before.home.folder, root=project))
        user = after.demo_user()
        films.completed(after, user, video_id)
        found_events = films.events(after, user, video_id)
        films.assert_told_in_order(found_events, "job:completed")
        starts = [event for event in found_events if event["event"] == "job:started"]
        assert len(starts) == 2, "the second attempt went on, there was no third"
        assert {key: made[key] for key in made} == {
            key: when for key, when in _artifacts(after).items() if key in made
        }, "nothing that was there has been made again"


def _wait_for_phase(cloud: LocalCloud, user: User, video_id: str, phase: str) -> None:
    for _ in range(600):
        video = films.get(cloud, user, video_id)
        if video["currentPhase"] == phase:
            return
        assert video["status"] not in films.TERMINAL, video["errorMessage"]
        time.sleep(0.1)
    raise AssertionError(f"{phase} was never reached")


def _artifacts(cloud: LocalCloud) -> dict[str, str]:
    """Key → when it was written."""
    pages = cloud.client("s3").get_paginator("list_objects_v2")
    bucket = cloud.description.buckets.artifacts
    return {
        item["Key"]: str(item["LastModified"])
        for page in pages.paginate(Bucket=bucket)
        for item in page.get("Contents", [])
    }
