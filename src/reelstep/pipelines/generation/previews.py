"""What can be seen of a film while it is being made: its script, its pictures, its chunks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field

from reelstep.artifacts.store import ArtifactStore
from reelstep.jobs.model import Job
from reelstep.jobs.previews import Preview, previews_of
from reelstep.jobs.repository import JobRepository
from reelstep.pipelines.generation.film import Shown
from reelstep.pipelines.generation.views import View
from reelstep.providers.base import Scenario


class PreviewScene(View):
    number: int
    description: str
    dialogue: str


class PreviewPicture(View):
    scene: int
    url: str = Field(description="JPEG; what is before the `?` stays while the picture does")
    width: int = Field(description="pixels")
    height: int


class PreviewChunk(View):
    index: int = Field(description="from 0, in the order of the film")
    url: str = Field(description="MP4 without sound")
    seconds: float
    codec: Literal["h264", "hevc"] = Field(description="not every browser plays hevc")


class Previews(View):
    """What is there so far, in order."""

    title: str | None = Field(description="null until there is a script")
    scenes: list[PreviewScene]
    pictures: list[PreviewPicture]
    chunks: list[PreviewChunk]


def of_film(
    job: Job, repository: JobRepository, artifacts: ArtifactStore, url_seconds: int
) -> Previews:
    """GET /{videoId}/previews: of the job's attempt, as far as it is, for as long as it is kept."""
    made = previews_of(repository, job)

    def each(kind: Shown) -> list[dict[str, Any]]:
        return [
            {"number": one.number, "url": artifacts.signed_url(one.key, url_seconds), **one.facts}
            for one in made
            if one.kind == kind
        ]

    script = _script(job, made, artifacts)
    return Previews(
        title=script["title"] or None,
        scenes=[
            PreviewScene(**{name: scene[name] for name in PreviewScene.model_fields})
            for scene in script["scenes"]
        ],
        pictures=[PreviewPicture(scene=one.pop("number"), **one) for one in each(Shown.PICTURE)],
        chunks=[PreviewChunk(index=one.pop("number"), **one) for one in each(Shown.CHUNK)],
    )


def _script(job: Job, made: list[Preview], artifacts: ArtifactStore) -> Mapping[str, Any]:
    """`title` and `scenes`: a finished film has its own, another one those of its scenario."""
    if "scenes" in job.output:
        return {"title": job.output.get("title"), "scenes": job.output["scenes"]}
    for one in made:
        if one.kind == Shown.SCRIPT and (body := artifacts.read_if_kept(one.key)):
            return Scenario.model_validate_json(body).model_dump(mode="json")
    return {"title": None, "scenes": []}
