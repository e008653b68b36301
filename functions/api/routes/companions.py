"""Companions: /api/v1/companions."""

from __future__ import annotations

from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from functions.api.caller import companions_of
from functions.api.describe import BODY, CONFLICT, INVALID, NO_ADDRESS, UNKNOWN, signed_in
from reelstep.pipelines.companions import (
    AvatarRequest,
    AvatarUpload,
    CompanionList,
    CompanionRequest,
    CompanionView,
)
from reelstep.pipelines.generation.request import OpaqueId

router = APIGatewayHttpRouter()

_TAG = "companions"
_WRONG_KIND = (415, "The file is not a PNG, JPEG or WebP image")

CompanionId = Annotated[OpaqueId, Path(description="chosen by you")]


@router.get("", summary="My companions, oldest first", **signed_in(_TAG, answers=CompanionList))
def companions() -> CompanionList:
    return companions_of(router).list()


@router.get(
    "/<companion_id>",
    summary="One companion",
    **signed_in(_TAG, UNKNOWN, INVALID, answers=CompanionView),
)
def details(companion_id: CompanionId) -> CompanionView:
    return companions_of(router).get(companion_id)


@router.put(
    "/<companion_id>",
    summary="Make a companion, or change it",
    **signed_in(_TAG, *BODY, NO_ADDRESS, _WRONG_KIND, CONFLICT, answers=CompanionView),
)
def put(companion_id: CompanionId, request: CompanionRequest) -> CompanionView:
    return companions_of(router).put(companion_id, request)


@router.delete(
    "/<companion_id>",
    summary="Remove it; films that were started with it keep what it looked like",
    **signed_in(_TAG, UNKNOWN, INVALID, CONFLICT, answers=None, status=204),
)
def delete(companion_id: CompanionId) -> Response[str]:
    companions_of(router).delete(companion_id)
    return Response(204, body="")


@router.post(
    "/<companion_id>/avatar",
    summary="Where to send a new avatar; PUT the companion with its `uploadId` afterwards",
    **signed_in(_TAG, *BODY, NO_ADDRESS, _WRONG_KIND, answers=AvatarUpload, status=201),
)
def start_upload(companion_id: CompanionId, request: AvatarRequest) -> AvatarUpload:
    return companions_of(router).start_upload(companion_id, request)
