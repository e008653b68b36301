"""Films from a prompt to a checked file, through the real template with IAM enforced."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from reelstep.media.probe import probe
from tests.support import films
from tests.support.local_cloud import LocalCloud, User

PHASES = [
    "SCRIPT_GENERATION",
    "ASSET_GENERATION",
    "COMPOSITING",
    "RENDERING",
    "ENCODING",
    "FINALIZATION",
]


@pytest.fixture(scope="module")
def user(cloud: LocalCloud) -> User:
    return cloud.new_user("plan-vip-plus")


def test_the_seeds_birthday_film(cloud: LocalCloud, user: User, tmp_path: Path) -> None:
    video_id = films.start(
        cloud,
        user,
        prompt="Une vidéo de mon compagnon me souhaitant joyeux anniversaire dans un jardin "
        "fleuri avec des ballons colorés",
        companionId="550e8400-e29b-41d4-a716-446655440000",
        includeElements=["ballons", "gâteau", "confettis"],
        durationSeconds=12,
        preview=False,
    )
    seen = films.seen_while_made(cloud, user, video_id)
    video = films.completed(cloud, user, video_id)
    _assert_seen_as_it_appeared(seen, video)
    assert (video["language"], video["progressPercentage"]) == ("fr", 100)
    assert [phase["phase"] for phase in video["phases"]] == PHASES
    assert all(phase["progressPercentage"] == 100 for phase in video["phases"])
    assert video["qualityReport"]["passed"] is True
    assert sum(scene["durationSeconds"] for scene in video["scenes"]) == pytest.approx(12)
    assert len(video["thumbnailUrls"]) == 2, "at 0 and 10 s; the film ends before 20"
    for url in [*video["thumbnailUrls"], video["posterUrl"]]:
        assert films.download(url)[:3] == b"\xff\xd8\xff"
    assert films.download(video["captionUrls"]["vtt"]).startswith(b"WEBVTT")
    assert b"-->" in films.download(video["captionUrls"]["srt"])

    film = tmp_path / "film.mp4"
    film.write_bytes(films.download(video["storageUrl"]))
    assert film.stat().st_size / 1024 / 1024 == pytest.approx(video["fileSizeMb"], abs=0.01)
    info = probe(film)
    assert (info.video.width, info.video.height) == (1920, 1080)
    assert info.video.frame_count == 12 * 30
    assert info.audio is not None
    assert (info.audio.sample_rate, info.audio.channels) == (48_000, 2)

    found = films.events(cloud, user, video_id)
    films.assert_told_in_order(found, "job:completed")
    stages = [event["stage"] for event in found if event["event"] == "job:progress"]
    assert list(dict.fromkeys(stages)) == PHASES
    assert films.events(cloud, user, video_id, after=found[-2]["seq"]) == found[-1:]


def _assert_seen_as_it_appeared(seen: list[dict[str, Any]], video: dict[str, Any]) -> None:
    """Script, pictures and chunks came one after the other, none went, and all can be loaded."""
    for before, after in pairwise(seen):
        for kind, number in (("scenes", "number"), ("pictures", "scene"), ("chunks", "index")):
            numbers = [[one[number] for one in told[kind]] for told in (before, after)]
            assert set(numbers[0]) <= set(numbers[1]), kind
            assert numbers[1] == sorted(numbers[1]), kind
    early = [told for told in seen if told["pictures"] and not told["chunks"]]
    assert early, "pictures are there before the first chunk"
    assert all(told["title"] and told["scenes"] for told in early)
    assert any(told["chunks"] for told in seen[:-1]), "chunks are there before the film is"
    last, scenes = seen[-1], video["scenes"]
    told = [(one["number"], one["description"], one["dialogue"]) for one in scenes]
    assert [tuple(one.values()) for one in last["scenes"]] == told
    assert [one["scene"] for one in last["pictures"]] == [number for number, *_ in told]
    for one in last["pictures"]:
        assert (one["width"], one["height"]) == (640, 360)
        assert films.download(one["url"], "image/jpeg")[:3] == b"\xff\xd8\xff"
    assert [one["index"] for one in last["chunks"]] == list(range(len(last["chunks"])))
    assert sum(one["seconds"] for one in last["chunks"]) == pytest.approx(12, abs=0.01)
    for one in last["chunks"]:
        assert one["codec"] == "h264"
        assert films.download(one["url"], "video/mp4")[4:8] == b"ftyp"


def test_five_films_at_once_all_complete_in_order(cloud: LocalCloud, user: User) -> None:
    prompts = [f"A balloon over the sea, number {number}" for number in range(5)]
    with ThreadPoolExecutor(5) as pool:
        ids = list(pool.map(lambda prompt: films.start(cloud, user, prompt=prompt), prompts))
    for video_id in ids:
        films.completed(cloud, user, video_id)
        films.assert_told_in_order(films.events(cloud, user, video_id), "job:completed")


def test_an_equal_film_is_not_made_again(cloud: LocalCloud, user: User) -> None:
    """Steps are functions of their inputs: the second film finds every result of the first."""
    request = {"prompt": "A boat in the moonlight", "musicStyle": "CALM"}
    first = films.completed(cloud, user, films.start(cloud, user, **request))
    before = _artifacts(cloud)
    second = films.completed(cloud, user, films.start(cloud, user, **request))
    assert _artifacts(cloud) == before
    assert films.download(first["storageUrl"]) == films.download(second["storageUrl"])
    assert first["id"] != second["id"]


def _artifacts(cloud: LocalCloud) -> set[str]:
    pages = cloud.client("s3").get_paginator("list_objects_v2")
    bucket = cloud.description.buckets.artifacts
    return {
        item["Key"] for page in pages.paginate(Bucket=bucket) for item in page.get("Contents", [])
    }


@pytest.mark.parametrize(
    ("prompt", "language"),
    [
        ("'; rm -rf / # drawtext=text='x':fontfile=/etc/passwd,scale=1:1[out]", "en"),
        (r"{\an8\fs200}A big cat{\r} & <b>bold</b> 100% \N $HOME 🎂👩‍👩‍👧", "en"),
        ("رحلة قارب تحت ضوء القمر في البحر", "ar"),
    ],
    ids=["shell-and-filters", "ass-and-emoji", "right-to-left"],
)
def test_strange_text_becomes_a_film_and_nothing_else(
    cloud: LocalCloud, user: User, prompt: str, language: str
) -> None:
    video = films.completed(
        cloud, user, films.start(cloud, user, prompt=prompt, language=language, durationSeconds=10)
    )
    assert video["prompt"] == prompt
    assert video["language"] == language


def test_text_that_looks_like_markup_is_captioned_to_the_letter(
    cloud: LocalCloud, user: User
) -> None:
    line = r"Press {b} then \N and 50% of $HOME"
    video_id = films.start(cloud, user, scenes=[{"dialogue": line, "description": "a garden"}])
    video = films.completed(cloud, user, video_id)
    captions = films.download(video["captionUrls"]["srt"]).decode()
    spoken = " ".join(text for text in captions.splitlines() if text and "-->" not in text)
    assert line in spoken


@pytest.mark.parametrize(
    "request_",
    [
        {"aspectRatio": "9:16", "captions": "NONE"},
        {"aspectRatio": "1:1", "captions": "SIDECAR", "transition": "wipe_left"},
        {"scenes": [{"description": "a forest", "dialogue": ""}], "transition": "cut"},
    ],
    ids=["tall-without-captions", "square-with-sidecars", "silent-single-scene"],
)
def test_other_shapes_of_film(cloud: LocalCloud, user: User, request_: dict[str, object]) -> None:
    video = films.completed(cloud, user, films.start(cloud, user, **request_))
    assert video["qualityReport"]["passed"]
    assert set(video["captionUrls"]) == (
        set() if request_.get("captions") == "NONE" else {"vtt", "srt"}
    )


def test_deleting_a_running_film_stops_it_and_leaves_nothing(cloud: LocalCloud, user: User) -> None:
    video_id = films.start(cloud, user, prompt="A long walk", durationSeconds=120)
    assert cloud.http("DELETE", f"{films.VIDEOS}/{video_id}", token=user.token).status_code == 204
    assert cloud.http("GET", f"{films.VIDEOS}/{video_id}", token=user.token).status_code == 404
    machine = cloud.description.state_machines["generation"]
    execution = machine.replace(":stateMachine:", ":execution:") + f":{video_id}-1"
    described = cloud.client("stepfunctions").describe_execution(executionArn=execution)
    assert described["status"] in {"ABORTED", "FAILED"}
