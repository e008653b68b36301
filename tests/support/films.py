"""Films on the local cloud, as a client makes and follows them."""

from __future__ import annotations

import time
from itertools import groupby
from typing import Any

import requests

from tests.support.local_cloud import LocalCloud, User

VIDEOS = "/api/v1/videos"
TERMINAL = {"COMPLETED", "FAILED", "CANCELLED"}


def start(cloud: LocalCloud, user: User, **request: Any) -> str:
    """Submit a film; its id. Short and small unless the request says otherwise."""
    body = {"prompt": "A cat on a hill", "durationSeconds": 10, "preview": True, **request}
    answer = cloud.http("POST", f"{VIDEOS}/generate", token=user.token, json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["videoId"])


def get(cloud: LocalCloud, user: User, video_id: str) -> dict[str, Any]:
    answer = cloud.http("GET", f"{VIDEOS}/{video_id}", token=user.token)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def finished(
    cloud: LocalCloud, user: User, video_id: str, *, seconds: float = 300
) -> dict[str, Any]:
    """The film once it has ended, however it has."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        video = get(cloud, user, video_id)
        if video["status"] in TERMINAL:
            return video
        time.sleep(0.4)
    raise AssertionError(f"not finished after {seconds} s: {get(cloud, user, video_id)}")


def completed(cloud: LocalCloud, user: User, video_id: str) -> dict[str, Any]:
    video = finished(cloud, user, video_id)
    assert video["status"] == "COMPLETED", (
        f"{video['errorPhase']}: {video['errorCode']}: {video['errorMessage']}",
        [line for line in cloud.logs("finish").splitlines() if video_id in line],
    )
    return video


def seen_while_made(
    cloud: LocalCloud, user: User, video_id: str, *, seconds: float = 300
) -> list[dict[str, Any]]:
    """What could be seen of it, each time it was more; the last of them once it had ended."""
    end, seen = time.monotonic() + seconds, list[dict[str, Any]]()
    while time.monotonic() < end:
        ended = get(cloud, user, video_id)["status"] in TERMINAL
        answer = cloud.http("GET", f"{VIDEOS}/{video_id}/previews", token=user.token)
        assert answer.status_code == 200, answer.text
        if not seen or ended or _count(answer.json()) != _count(seen[-1]):
            seen.append(dict(answer.json()))
        if ended:
            return seen
        time.sleep(0.4)
    raise AssertionError(f"not finished after {seconds} s: {get(cloud, user, video_id)}")


def _count(seen: dict[str, Any]) -> tuple[int, int, int]:
    return len(seen["scenes"]), len(seen["pictures"]), len(seen["chunks"])


def events(cloud: LocalCloud, user: User, video_id: str, after: int = 0) -> list[dict[str, Any]]:
    answer = cloud.http("GET", f"{VIDEOS}/{video_id}/events?after={after}", token=user.token)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["events"])


def assert_told_in_order(found: list[dict[str, Any]], last: str) -> None:
    """No gap, nothing twice, progress and stage never back, and one end."""
    assert [event["seq"] for event in found] == list(range(1, len(found) + 1))
    progress = [event for event in found if event["event"] == "job:progress"]
    percents = [event["percent"] for event in progress]
    assert percents == sorted(percents)
    stages = [stage for stage, _ in groupby(event["stage"] for event in progress)]
    assert len(stages) == len(set(stages)), f"a stage came back: {stages}"
    names = [event["event"] for event in found]
    assert names[0] == "job:queued"
    assert names[-1] == last
    ends = {"job:completed", "job:failed", "job:cancelled"}
    assert sum(name in ends for name in names) == 1


def download(url: str, kind: str = "") -> bytes:
    """What is there; `kind` is the Content-Type that it has to have."""
    answer = requests.get(url, timeout=60)
    assert answer.status_code == 200, answer.text
    assert kind in ("", answer.headers["Content-Type"])
    return answer.content
