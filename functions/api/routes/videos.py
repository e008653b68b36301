"""System "generation" of the contract: /api/v1/videos."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter
from pydantic import BaseModel

from functions.api.caller import videos_of
from functions.api.problems import SECURED, problem_responses
from reelstep.pipelines.context import repository
from reelstep.pipelines.generation import videos, views
from reelstep.pipelines.generation.request import GenerationRequest
from reelstep.platform.settings import Settings

router = APIGatewayHttpRouter()

_TAGS = ["generation"]
_INVALID = (422, "Some fields are not valid; `errors` names them")
_UNKNOWN = (404, "Unknown, or somebody else's")
_MALFORMED = (400, "Not JSON, or another content type")
_TOO_LARGE = (413, "The body is over its limit")

VideoId = Annotated[str, Path(min_length=1, max_length=64)]


class PublicStatus(StrEnum):
    QUEUED = "QUEUED"
    PROCESSING = "PROCESSING"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"


def _route(
    *problems: tuple[int, str], answers: type[BaseModel] | None, status: int = 200
) -> dict[str, Any]:
    """What all signed-in routes say of themselves; `answers` is the body of `status`."""
    body = {"content": {"application/json": {"model": answers}}} if answers else {}
    return {
        "tags": _TAGS,
        "security": SECURED,
        "status_code": status,
        "responses": {status: {"description": "Done", **body}, **problem_responses(*problems)},
    }


@router.post(
    "/generate",
    summary="Make a film from a prompt",
    **_route(_MALFORMED, _TOO_LARGE, _INVALID, answers=views.VideoCreated, status=201),
)
def generate(request: GenerationRequest) -> views.VideoCreated:
    return videos_of(router).generate(request, router.context["trace_id"])


@router.get("/user", summary="My films, newest first", **_route(_INVALID, answers=views.VideoPage))
def page(
    page: Annotated[int, Query(ge=0, le=100_000)] = 0,
    size: Annotated[int, Query(ge=1, le=100)] = 20,
    status: Annotated[PublicStatus | None, Query()] = None,
    favorite: Annotated[bool | None, Query()] = None,
) -> views.VideoPage:
    return videos_of(router).page(page, size, status=status, favorite=favorite)


@router.get("/queue-status", summary="How busy the system is", tags=_TAGS)
def queue_status() -> views.QueueStatus:
    return videos.queue_status(repository(Settings.load()))


@router.get("/<video_id>", summary="One film", **_route(_UNKNOWN, answers=views.VideoDetails))
def details(video_id: VideoId) -> views.VideoDetails:
    return videos_of(router).get(video_id)


@router.get(
    "/<video_id>/events",
    summary="Its event log, in order",
    **_route(_UNKNOWN, _INVALID, answers=views.EventPage),
)
def events(
    video_id: VideoId, after: Annotated[int, Query(ge=0, le=99_999_998)] = 0
) -> views.EventPage:
    return videos_of(router).events(video_id, after)


@router.post(
    "/<video_id>/favorite", summary="Like it", **_route(_UNKNOWN, answers=views.FavoriteState)
)
def like(video_id: VideoId) -> views.FavoriteState:
    return videos_of(router).favorite(video_id, True)


@router.delete(
    "/<video_id>/favorite",
    summary="Like it no more",
    **_route(_UNKNOWN, answers=views.FavoriteState),
)
def unlike(video_id: VideoId) -> views.FavoriteState:
    return videos_of(router).favorite(video_id, False)


@router.delete(
    "/<video_id>",
    summary="Stop it if it runs, and remove its files and its record",
    **_route(_UNKNOWN, answers=None, status=204),
)
def delete(video_id: VideoId) -> Response[str]:
    videos_of(router).delete(video_id)
    return Response(204, body="")
