"""Quotes for the systems beside generation, which has its own next to its films."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from functions.api.caller import submission_of
from functions.api.describe import BODY, signed_in
from reelstep.pipelines.quotes import (
    ClipRequest,
    MediaRequest,
    QuoteView,
    WorkflowRequest,
    quote_clip,
    quote_media,
    quote_workflow,
)

router = APIGatewayHttpRouter()


def _route(tag: str) -> dict[str, Any]:
    return signed_in(tag, *BODY, answers=QuoteView)


@router.post("/api/generate/video/quote", summary="What a clip would cost", **_route("clips"))
def clip(request: ClipRequest) -> QuoteView:
    return quote_clip(submission_of(router), request)


@router.post("/api/workflow/quote", summary="What a workflow would cost", **_route("workflows"))
def workflow(request: WorkflowRequest) -> QuoteView:
    return quote_workflow(submission_of(router), request)


@router.post(
    "/orchestrator/quote", summary="What the steps on an upload would cost", **_route("media")
)
def media(request: MediaRequest) -> QuoteView:
    return quote_media(submission_of(router), request)
