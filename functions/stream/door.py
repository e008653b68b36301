"""Who asks: by an ID token that is checked here, because an EventSource can send no header for
API Gateway's authorizer to look at."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from typing import Any

from reelstep.accounts.id_tokens import IdTokens, fetch_from, keys_url
from reelstep.platform.errors import Unauthorized
from reelstep.platform.settings import Settings

PARAMETER = "token"
_SCHEME = "bearer"


@cache
def _tokens() -> IdTokens:
    settings = Settings.load()
    url = keys_url(settings.id_issuer, os.environ.get("AWS_ENDPOINT_URL"))
    return IdTokens(settings.id_issuer, settings.id_audience, fetch_from(url))


def user_of(event: Mapping[str, Any]) -> str:
    """The user of the request's token. Raises Unauthorized."""
    try:
        return str(_tokens().check(_token(event))["sub"])
    except Unauthorized as error:
        raise Unauthorized(
            "Send a valid Cognito ID token as Authorization: Bearer or ?token=",
            french="Envoyez un jeton ID de Cognito valide dans Authorization: Bearer ou ?token=",
            detail=error.detail,
        ) from error


def _token(event: Mapping[str, Any]) -> str:
    """The header's, if there is one: who sends both means the newer of them."""
    header = event.get("headers", {}).get("authorization")
    if header is None:
        return str((event.get("queryStringParameters") or {}).get(PARAMETER) or "")
    scheme, _, token = header.partition(" ")
    return token.strip() if scheme.lower() == _SCHEME else ""
