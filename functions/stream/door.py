"""Who asks: by an ID token that is checked here, because an EventSource can send no header for
API Gateway's authorizer to look at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from functions.authorize.tokens import id_tokens
from reelstep.platform.errors import Unauthorized

PARAMETER = "token"
_SCHEME = "bearer"


def user_of(event: Mapping[str, Any]) -> str:
    """The user of the request's token. Raises Unauthorized."""
    try:
        return str(id_tokens().check(_token(event))["sub"])
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
