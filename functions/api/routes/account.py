"""The caller's own account: /api/v1/account."""

from __future__ import annotations

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Query
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from functions.api.caller import account_of, webhooks_of
from functions.api.describe import CONFLICT, INVALID, signed_in
from functions.api.idempotency import KeyHeader, idempotency_key
from reelstep.pipelines.accounts import AccountView, LedgerPage
from reelstep.pipelines.webhooks import SecretView

router = APIGatewayHttpRouter()

_TAG = "account"


@router.get("", summary="My plan, its limits and my tokens", **signed_in(_TAG, answers=AccountView))
def account() -> AccountView:
    return account_of(router).get()


@router.get(
    "/ledger",
    summary="Where my tokens came from and went, newest first",
    **signed_in(_TAG, INVALID, answers=LedgerPage),
)
def ledger(
    size: Annotated[int, Query(ge=1, le=100)] = 20,
    cursor: Annotated[
        str | None, Query(max_length=512, description="`cursor` of the page before")
    ] = None,
) -> LedgerPage:
    return account_of(router).page(size, cursor)


@router.get(
    "/webhook-secret",
    summary="What callbacks to me are signed with; made when first asked for",
    **signed_in(_TAG, answers=SecretView),
)
def webhook_secret() -> SecretView:
    return webhooks_of(router).get()


@router.post(
    "/webhook-secret/rotate",
    summary="A new secret; the old one signs beside it for a day",
    **signed_in(_TAG, CONFLICT, INVALID, answers=SecretView),
)
def rotate_webhook_secret(_key: KeyHeader = None) -> SecretView:
    return webhooks_of(router).rotate(idempotency_key(router))
