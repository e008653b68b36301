"""System "generation" of the contract: /api/v1/videos."""

from __future__ import annotations

from enum import StrEnum
from functools import partial
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter
from pydantic import BaseModel

from functions.api import describe
from functions.api.caller import videos_of
from functions.api.describe import BODY, CONFLICT, FULL, INVALID, PLAN, UNKNOWN, UNPAID
from functions.api.idempotency import KeyHeader, idempotency_key, once
from reelstep.pipelines.context import repository
from reelstep.pipelines.generation import videos, views
from reelstep.pipelines.generation.previews import Previews
from reelstep.pipelines.generation.request import GenerationRequest
from reelstep.pipelines.quotes import QuoteView
from reelstep.platform.settings import Settings

router = APIGatewayHttpRouter()

_TAG = "generation"

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
    return describe.signed_in(_TAG, *problems, answers=answers, status=status)


@router.post(
    "/generate",
    summary="Make a film from a prompt",
    **_route(*BODY, UNPAID, PLAN, CONFLICT, FULL, answers=views.VideoCreated, status=201),
)
def generate(request: GenerationRequest, _key: KeyHeader = None) -> views.VideoCreated:
    trace = router.context["trace_id"]
    key = idempotency_key(router)
    make = partial(videos_of(router).generate, request, trace, key)
    return once(router, views.VideoCreated, make)


@router.post(
    "/quote",
    summary="What a film would cost, and how long it would wait; nothing is made",
    **_route(*BODY, PLAN, answers=QuoteView),
)
def quote(request: GenerationRequest) -> QuoteView:
    return videos_of(router).quote(request)


@router.get("/user", summary="My films, newest first", **_route(INVALID, answers=views.VideoPage))
def page(
    page: Annotated[int, Query(ge=0, le=100_000)] = 0,
    size: Annotated[int, Query(ge=1, le=100)] = 20,
    status: Annotated[PublicStatus | None, Query()] = None,
    favorite: Annotated[bool | None, Query()] = None,
) -> views.VideoPage:
    return videos_of(router).page(page, size, status=status, favorite=favorite)


@router.get("/queue-status", summary="How busy the system is", tags=[_TAG])
def queue_status() -> views.QueueStatus:
    return videos.queue_status(repository(Settings.load()))


@router.get("/<video_id>", summary="One film", **_route(UNKNOWN, answers=views.VideoDetails))
def details(video_id: VideoId) -> views.VideoDetails:
    return videos_of(router).get(video_id)


@router.get(
    "/<video_id>/events",
    summary="Its event log, in order",
    **_route(UNKNOWN, INVALID, answers=views.EventPage),
)
def events(
    video_id: VideoId, after: Annotated[int, Query(ge=0, le=99_999_998)] = 0
) -> views.EventPage:
    return videos_of(router).events(video_id, after)


@router.get(
    "/<video_id>/previews",
    summary="Its script, pictures and chunks as they appear",
    **_route(UNKNOWN, answers=Previews),
)
def previews(video_id: VideoId) -> Previews:
    return videos_of(router).previews(video_id)


@router.post(
    "/<video_id>/cancel",
    summary="Stop it; what is not spent yet comes back",
    **_route(UNKNOWN, CONFLICT, answers=views.CancelView, status=202),
)
def cancel(video_id: VideoId) -> Response[views.CancelView]:
    return Response(202, body=videos_of(router).cancel(video_id))


@router.post(
    "/<video_id>/retry",
    summary="A failed film again, from the step that failed",
    **_route(
        UNKNOWN, CONFLICT, INVALID, UNPAID, PLAN, FULL, answers=views.VideoCreated, status=202
    ),
)
def retry(video_id: VideoId, _key: KeyHeader = None) -> Response[views.VideoCreated]:
    again = partial(videos_of(router).retry, video_id)
    return Response(202, body=once(router, views.VideoCreated, again))


@router.post(
    "/<video_id>/favorite", summary="Like it", **_route(UNKNOWN, answers=views.FavoriteState)
)
def like(video_id: VideoId) -> views.FavoriteState:
    return videos_of(router).favorite(video_id, True)


@router.delete(
    "/<video_id>/favorite",
    summary="Like it no more",
    **_route(UNKNOWN, answers=views.FavoriteState),
)
def unlike(video_id: VideoId) -> views.FavoriteState:
    return videos_of(router).favorite(video_id, False)


@router.delete(
    "/<video_id>",
    summary="Stop it if it runs, and remove its files and its record",
    **_route(UNKNOWN, answers=None, status=204),
)
def delete(video_id: VideoId) -> Response[str]:
    videos_of(router).delete(video_id)
    return Response(204, body="")
