"""GET /{videoId}/previews: what the steps of a film have made, as its owner sees it."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from botocore.exceptions import ClientError
from PIL import Image

from reelstep.artifacts.keys import content_key
from reelstep.artifacts.store import ArtifactStore
from reelstep.jobs import lifecycle
from reelstep.media.chunks import plan_chunks
from reelstep.media.profiles import profile_for
from reelstep.media.timeline import Layer, Motion, Placement, Timeline, TimelineScene
from reelstep.pipelines.context import Step
from reelstep.pipelines.generation import picture, render, script
from reelstep.platform.clock import utc_now
from reelstep.platform.settings import Settings
from tests.support.api import Call, assert_problem

BASE = "/api/v1/videos"
NOTHING: dict[str, Any] = {"title": None, "scenes": [], "pictures": [], "chunks": []}


@pytest.fixture
def video_id(call: Call) -> str:
    wishes = {"prompt": "A boat at night", "durationSeconds": 10, "preview": True}
    return str(call("POST", f"{BASE}/generate", wishes).body["videoId"])


def step_of(cloud: Any, video_id: str) -> Step:
    return Step(Settings.load(), cloud.jobs, cloud.jobs.get(video_id), "worker")


def timeline_of(cloud: Any, seconds: float, *, fps: int = 30) -> str:
    """Key of a stored timeline of one scene; its chunks are stored too, as if found."""
    full = Placement(x=0, y=0, width=1, height=1)
    layer = Layer(kind="background", source="picture.png", motion=Motion(start=full, end=full))
    frames = round(seconds * fps)
    scene = TimelineScene(number=1, start_frame=0, frame_count=frames, layers=(layer,))
    plan = Timeline(
        language="en", width=1280, height=720, fps=fps, frame_count=frames, scenes=(scene,)
    )
    cloud.artifacts.put("timeline/a.json", plan.model_dump_json().encode())
    for part in plan_chunks(plan, profile_for("STANDARD", preview=True)):
        key = content_key("chunk", {"fingerprint": part.fingerprint}, ".mp4")
        cloud.artifacts.put(key, f"chunk {part.index}".encode())
    return "timeline/a.json"


def fetched(url: str) -> requests.Response:
    answer = requests.get(url, timeout=10)
    assert answer.status_code == 200, answer.text
    return answer


def test_it_grows_with_the_film(call: Call, cloud: Any, video_id: str) -> None:
    def seen() -> dict[str, Any]:
        return dict(call("GET", f"{BASE}/{video_id}/previews").body)

    assert seen() == NOTHING
    made = script.run(step_of(cloud, video_id))
    told = seen()
    assert told["title"]
    assert [scene["number"] for scene in told["scenes"]] == made["scenes"]
    assert all(set(scene) == {"number", "description", "dialogue"} for scene in told["scenes"])
    assert (told["pictures"], told["chunks"]) == ([], [])

    last = made["scenes"][-1]
    drawn = picture.run(step_of(cloud, video_id), made["scenario"], last)
    (shown,) = seen()["pictures"]
    assert (shown["scene"], shown["width"], shown["height"]) == (last, 640, 360)
    jpeg = fetched(shown["url"])
    assert jpeg.headers["Content-Type"] == "image/jpeg"
    assert len(jpeg.content) < len(cloud.artifacts.read(drawn["picture"])) / 5
    with Image.open(BytesIO(jpeg.content)) as image:
        assert (image.format, image.size) == ("JPEG", (640, 360))

    timeline = timeline_of(cloud, 20.5)
    for chunk in (2, 0):
        render.run(step_of(cloud, video_id), timeline, chunk)
    chunks = seen()["chunks"]
    assert [one["index"] for one in chunks] == [0, 2]
    assert {one["codec"] for one in chunks} == {"h264"}
    assert all(5 <= one["seconds"] <= 10 for one in chunks)
    mp4 = fetched(chunks[1]["url"])
    assert (mp4.headers["Content-Type"], mp4.content) == ("video/mp4", b"chunk 2")


def test_a_page_knows_a_picture_again_by_what_is_before_the_question_mark(
    call: Call, cloud: Any, video_id: str
) -> None:
    script.run(step_of(cloud, video_id))
    render.run(step_of(cloud, video_id), timeline_of(cloud, 10), 0)
    urls = [call("GET", f"{BASE}/{video_id}/previews").body["chunks"][0]["url"] for _ in range(2)]
    assert len({url.split("?")[0] for url in urls}) == 1
    assert all(urlsplit(url).query for url in urls), "they are signed"


def test_a_step_that_runs_twice_or_finds_its_result_shows_it_once(
    call: Call, cloud: Any, video_id: str
) -> None:
    made = script.run(step_of(cloud, video_id))
    first, *_ = made["scenes"]
    for _ in range(2):
        script.run(step_of(cloud, video_id))
        picture.run(step_of(cloud, video_id), made["scenario"], first)
    before = call("GET", f"{BASE}/{video_id}/previews").body
    assert [one["scene"] for one in before["pictures"]] == [first]
    # A new attempt finds all of it, and says so again.
    assert lifecycle.begin_again(cloud.jobs, cloud.jobs.get(video_id)) is not None
    assert call("GET", f"{BASE}/{video_id}/previews").body == NOTHING
    script.run(step_of(cloud, video_id))
    picture.run(step_of(cloud, video_id), made["scenario"], first)
    after = call("GET", f"{BASE}/{video_id}/previews").body
    assert [one["scene"] for one in after["pictures"]] == [first]
    assert after["scenes"] == before["scenes"]


def test_a_picture_found_without_its_small_one_gets_it(
    call: Call, cloud: Any, video_id: str
) -> None:
    """Pictures of films made before there were previews are found as well."""
    made = script.run(step_of(cloud, video_id))
    picture.run(step_of(cloud, video_id), made["scenario"], 1)
    store = cloud.artifacts
    listed = store.client.list_objects_v2(Bucket=store.bucket, Prefix="preview/")["Contents"]
    (key,) = (item["Key"] for item in listed)
    store.delete(key)
    picture.run(step_of(cloud, video_id), made["scenario"], 1)
    (shown,) = call("GET", f"{BASE}/{video_id}/previews").body["pictures"]
    assert urlsplit(shown["url"]).path.endswith(key)
    assert fetched(shown["url"]).content == store.read(key)


def test_after_thirty_days_only_the_finished_films_script_is_left(
    call: Call, cloud: Any, video_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = script.run(step_of(cloud, video_id))
    picture.run(step_of(cloud, video_id), made["scenario"], 1)
    scenes = [
        {"number": 1, "description": "a boat", "dialogue": "Hello", "startSeconds": 0.0},
    ]
    output = {"film": "films/x/film.mp4", "bytes": 1, "thumbnails": [], "captions": {}}
    more = {"poster": "films/x/poster.jpg", "title": "The boat", "scenes": scenes}
    lifecycle.complete(cloud.jobs, video_id, 1, output | more)
    told = call("GET", f"{BASE}/{video_id}/previews").body
    assert told["title"] == "The boat"
    assert told["scenes"] == [{"number": 1, "description": "a boat", "dialogue": "Hello"}]
    assert len(told["pictures"]) == 1
    later_on = utc_now() + timedelta(days=31)
    monkeypatch.setattr("reelstep.jobs.previews.utc_now", lambda: later_on)
    later = call("GET", f"{BASE}/{video_id}/previews").body
    assert later == told | {"pictures": []}


def test_a_script_that_is_gone_is_no_error(
    call: Call, cloud: Any, video_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To the API, which may not list the bucket, S3 says 'forbidden' of what is not there."""
    made = script.run(step_of(cloud, video_id))
    cloud.artifacts.delete(made["scenario"])
    assert call("GET", f"{BASE}/{video_id}/previews").body == NOTHING

    def forbidden(*_: Any) -> bytes:
        raise ClientError({"Error": {"Code": "AccessDenied", "Message": ""}}, "GetObject")

    monkeypatch.setattr(ArtifactStore, "read", forbidden)
    assert call("GET", f"{BASE}/{video_id}/previews").body == NOTHING


def test_nobody_else_sees_them(call: Call, cloud: Any, video_id: str) -> None:
    script.run(step_of(cloud, video_id))
    assert_problem(call("GET", f"{BASE}/{video_id}/previews", user="user-2"), 404, "NOT_FOUND")
    assert_problem(call("GET", f"{BASE}/no-such-film/previews"), 404, "NOT_FOUND")
    lifecycle.cancel(cloud.jobs, cloud.jobs.get(video_id))
    assert call("DELETE", f"{BASE}/{video_id}").status == 204
    assert_problem(call("GET", f"{BASE}/{video_id}/previews"), 404, "NOT_FOUND")


def test_the_route_is_in_the_openapi_document(call: Call) -> None:
    document = call("GET", "/openapi.json", user=None).body
    route = document["paths"][f"{BASE}/{{video_id}}/previews"]["get"]
    assert set(route["responses"]) >= {"200", "401", "404"}
    assert {"Previews", "PreviewPicture", "PreviewChunk"} <= set(document["components"]["schemas"])
