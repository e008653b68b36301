"""Tokens and plans of others, for admins: /api/v1/admin.

To everybody else these addresses do not exist (`caller.check_area`). The gateway sends them to a
function of their own, the only one that may talk to Cognito.
"""

from __future__ import annotations

from functools import partial
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from functions.api.caller import administration_of
from functions.api.describe import BODY, CONFLICT, INVALID, signed_in
from functions.api.idempotency import KeyHeader, idempotency_key, once
from reelstep.pipelines.accounts import (
    FundsView,
    GrantRequest,
    PersonView,
    PlanRequest,
    PlanView,
)

router = APIGatewayHttpRouter()

_TAG = "admin"
_UNKNOWN = (404, "No such user, or you are not an admin")

UserId = Annotated[str, Path(min_length=1, max_length=320, description="id or e-mail address")]


@router.get(
    "/users/<user_id>",
    summary="Plan and tokens of a user",
    **signed_in(_TAG, _UNKNOWN, INVALID, answers=PersonView),
)
def person(user_id: UserId) -> PersonView:
    return administration_of(router).person(user_id)


@router.post(
    "/users/<user_id>/tokens",
    summary="Give tokens to a user, or take them back",
    **signed_in(_TAG, *BODY, _UNKNOWN, CONFLICT, answers=FundsView, status=201),
)
def grant(user_id: UserId, request: GrantRequest, _key: KeyHeader = None) -> FundsView:
    administration, key = administration_of(router), idempotency_key(router)
    return once(router, FundsView, partial(administration.grant, user_id, request, key))


@router.put(
    "/users/<user_id>/plan",
    summary="Put a user on another plan; it counts from the next token on",
    **signed_in(_TAG, *BODY, _UNKNOWN, CONFLICT, answers=PlanView),
)
def put_on_plan(user_id: UserId, request: PlanRequest) -> PlanView:
    return administration_of(router).put_on_plan(user_id, request)
