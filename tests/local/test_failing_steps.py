"""Each step made to fail: the job is FAILED with a name and a phase, and the next film is fine."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support import films
from tests.support.functions import environment
from tests.support.local_cloud import LocalCloud, User

WISHES = {"prompt": "A lighthouse by the sea", "companionId": "keeper"}


@pytest.fixture(scope="module")
def user(cloud: LocalCloud) -> User:
    return cloud.new_user()


def without_provider(capability: str) -> dict[str, str]:
    names = dict.fromkeys(("script", "picture", "companion", "voice", "music"), "offline")
    return {"REELSTEP_PROVIDERS": json.dumps(names | {capability: "no-such-provider"})}


BROKEN_FFMPEG = {"REELSTEP_FFMPEG": "/bin/false"}


@pytest.mark.parametrize(
    ("function", "changes", "phase", "code"),
    [
        ("script", without_provider("script"), "SCRIPT_GENERATION", "INVALID_SETTINGS"),
        ("picture", without_provider("picture"), "ASSET_GENERATION", "INVALID_SETTINGS"),
        ("voice", without_provider("voice"), "ASSET_GENERATION", "INVALID_SETTINGS"),
        ("music", without_provider("music"), "ASSET_GENERATION", "INVALID_SETTINGS"),
        ("compose", without_provider("companion"), "COMPOSITING", "INVALID_SETTINGS"),
        ("timeline", {"REELSTEP_LIMITS": "{"}, "COMPOSITING", "INVALID_SETTINGS"),
        ("render", BROKEN_FFMPEG, "RENDERING", "FFMPEG_FAILED"),
        ("encode", BROKEN_FFMPEG, "ENCODING", "FFMPEG_FAILED"),
        ("finalize", BROKEN_FFMPEG, "FINALIZATION", "QUALITY_CHECK_FAILED"),
    ],
)
def test_a_failing_step_is_named_and_leaves_nothing_behind(
    cloud: LocalCloud,
    user: User,
    function: str,
    changes: dict[str, str],
    phase: str,
    code: str,
) -> None:
    wishes: dict[str, Any] = WISHES | {"prompt": f"A lighthouse without {function}"}
    with environment(cloud, function, **changes):
        video = films.finished(cloud, user, films.start(cloud, user, **wishes))
    assert (video["status"], video["errorPhase"], video["errorCode"]) == ("FAILED", phase, code)
    assert video["errorMessage"]
    assert video["storageUrl"] is None
    found = films.events(cloud, user, video["id"])
    films.assert_told_in_order(found, "job:failed")
    assert found[-1]["error"] == {
        "code": code,
        "message": video["errorMessage"],
        "stage": phase,
    }
    left = [path for path in cloud.home.tmp.rglob("*") if video["id"] in path.name]
    assert left == []


def test_words_that_cannot_fit_are_told_to_who_wrote_them(cloud: LocalCloud, user: User) -> None:
    scenes = [{"dialogue": "So many words in so little time. " * 25}]
    video = films.finished(cloud, user, films.start(cloud, user, scenes=scenes))
    assert (video["errorCode"], video["errorPhase"]) == ("SCRIPT_TOO_LONG", "COMPOSITING")


def test_the_next_film_is_unaffected(cloud: LocalCloud, user: User) -> None:
    films.completed(cloud, user, films.start(cloud, user, **WISHES))
