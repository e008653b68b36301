"""What routes say of themselves in the OpenAPI document."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from functions.api.problems import SECURED, problem_responses

INVALID = (422, "Some fields are not valid (`errors` names them), or a text is not allowed")
UNKNOWN = (404, "Unknown, or somebody else's")
NO_ADDRESS = (404, "The id has characters that no address has")
MALFORMED = (400, "Not JSON, or another content type")
TOO_LARGE = (413, "The body is over its limit")
CONFLICT = (409, "The state does not allow it, or an Idempotency-Key with another body")
PLAN = (403, "Above the plan; the body has `limit` and `plan`")
UNPAID = (402, "Not enough tokens; the body has `required` and `balance`")
FULL = (503, "As many jobs wait as may wait; see Retry-After")
RATE = (429, "Too many requests; see Retry-After and RateLimit-*")
BODY = (MALFORMED, TOO_LARGE, INVALID)


class GatewayMessage(BaseModel):
    """What API Gateway says by itself, about a token or an address that never reaches us."""

    message: str


_EMPTY: dict[str, Any] = {}
_BY_GATEWAY = {"application/json": {"model": GatewayMessage}}
_UNAUTHORIZED = (401, "No ID token of ours, or not a valid one")


def signed_in(
    tag: str, *problems: tuple[int, str], answers: type[BaseModel] | None, status: int = 200
) -> dict[str, Any]:
    """Arguments of a route that needs a token; `answers` is the body of `status`."""
    body = {"application/json": {"model": answers}} if answers else _EMPTY
    responses = {
        status: {"description": "Done", "content": body},
        # Powertools would describe a 422 of its own.
        **problem_responses(_UNAUTHORIZED, INVALID, *problems, RATE),
    }
    for by_gateway in {401, 404} & set(responses):
        responses[by_gateway]["content"] |= _BY_GATEWAY
    return {"tags": [tag], "security": SECURED, "status_code": status, "responses": responses}
