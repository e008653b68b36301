"""The API's handler, called as API Gateway calls it, on moto."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.api import Answer, Call
from tests.support.http_api import Context


@pytest.fixture
def call(cloud: Any) -> Call:
    from functions.api.handler import handler

    def send(
        method: str,
        path: str,
        body: Any = None,
        *,
        query: dict[str, str] | None = None,
        user: str | None = "user-1",
        language: str = "en",
        content_type: str = "application/json",
        encoded: bool = False,
        token_use: str = "id",
        groups: tuple[str, ...] = (),
        headers: dict[str, str] | None = None,
    ) -> Answer:
        text = body if isinstance(body, str) or body is None else json.dumps(body)
        claims: dict[str, Any] = {"sub": user, "token_use": token_use}
        if groups:
            # As HTTP APIs write a list.
            claims["cognito:groups"] = f"[{' '.join(groups)}]"
        authorizer = {"authorizer": {"jwt": {"claims": claims}}} if user else {}
        event = {
            "version": "2.0",
            "routeKey": "$default",
            "rawPath": path,
            "rawQueryString": "",
            "headers": {
                "content-type": content_type,
                "accept-language": language,
                **(headers or {}),
            },
            "queryStringParameters": query or {},
            "requestContext": {
                "http": {"method": method, "path": path, "sourceIp": "127.0.0.1"},
                "stage": "$default",
                **authorizer,
            },
            "body": text,
            "isBase64Encoded": encoded,
        }
        answer = handler(event, Context())  # type: ignore[arg-type]
        sent = answer.get("body")
        kind = answer["headers"].get("Content-Type", "")
        return Answer(
            answer["statusCode"], answer["headers"], json.loads(sent) if "json" in kind else sent
        )

    return send
