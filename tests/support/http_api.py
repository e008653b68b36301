"""Events of the HTTP API (payload 2.0) and the context of an invocation, as Lambda gives them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any


def event(
    method: str,
    path: str,
    body: Any = None,
    *,
    user: str | None = "ada",
    headers: dict[str, str] | None = None,
    claims: dict[str, str] | None = None,
) -> dict[str, Any]:
    """A request of a signed-in `user`, or of nobody."""
    text = body if isinstance(body, str) or body is None else json.dumps(body)
    told = {"sub": user, "token_use": "id", **(claims or {})}
    authorizer = {"authorizer": {"jwt": {"claims": told}}} if user else {}
    return {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": "",
        "headers": {"content-type": "application/json", "accept-language": "en", **(headers or {})},
        "queryStringParameters": {},
        "requestContext": {
            "http": {"method": method, "path": path, "sourceIp": "127.0.0.1"},
            "stage": "$default",
            **authorizer,
        },
        "body": text,
        "isBase64Encoded": False,
    }


@dataclass
class Context:
    """What Lambda tells of an invocation; `remaining` is in milliseconds."""

    function_name: str = "api"
    memory_limit_in_mb: int = 512
    invoked_function_arn: str = "arn:aws:lambda:us-east-1:123456789012:function:api"
    aws_request_id: str = "request-1"
    remaining: int = field(default=29_000)

    def get_remaining_time_in_millis(self) -> int:
        return self.remaining
