"""Errors to RFC 9457 problem+json, once, at the edge."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field

from functions.api import texts
from reelstep.platform.errors import NotFound, ReelstepError, ValidationFailed
from reelstep.platform.observability import logger

CONTENT_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:reelstep:problem:"


class FieldError(BaseModel):
    field: str
    message: str


class Problem(BaseModel):
    """RFC 9457, with our code and trace id."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    traceId: str  # noqa: N815 - the contract's name
    errors: list[FieldError] | None = Field(default=None, description="for validation")

    model_config = ConfigDict(extra="allow")


SECURED: list[dict[str, list[str]]] = [{"idToken": []}]


_TOO_MANY = (429, "Too many requests of this user")
_RETRY_AFTER = {"Retry-After": "seconds until it may work"}
#: Headers of errors, by status; whole numbers all of them.
_HEADERS: Mapping[int, Mapping[str, str]] = {
    429: {
        **_RETRY_AFTER,
        "RateLimit-Limit": "requests at once",
        "RateLimit-Remaining": "how many of these are left",
        "RateLimit-Reset": "seconds until all are back",
    },
    503: _RETRY_AFTER,
}


def problem_responses(*codes: tuple[int, str]) -> dict[int, Any]:
    """The `responses` of a signed-in route for its errors; each can be one too many."""
    return {
        status: {
            "description": text,
            "headers": {
                name: {"description": meaning, "schema": {"type": "integer"}}
                for name, meaning in _HEADERS.get(status, {}).items()
            },
            "content": {CONTENT_TYPE: {"model": Problem}},
        }
        for status, text in (_TOO_MANY, *codes)
    }


def problem_of(error: ReelstepError, trace: str, locale: str) -> dict[str, Any]:
    """The body for clients; `detail` of the error is ours and is not in it."""
    errors = error.errors if isinstance(error, ValidationFailed) else None
    problem = Problem(
        type=TYPE_PREFIX + error.code.lower().replace("_", "-"),
        title=texts.title(locale, error.code, error.title),
        status=error.status,
        detail=error.text(locale),
        code=error.code,
        traceId=trace,
        errors=errors and [FieldError(field=field, message=text) for field, text in errors],
        **error.extra,
    )
    return problem.model_dump(exclude_none=True)


def gateway_answer(error: ReelstepError, trace: str, locale: str) -> dict[str, Any]:
    """For errors raised before routing."""
    return {
        "statusCode": error.status,
        "headers": {"Content-Type": CONTENT_TYPE, **error.headers},
        "body": to_json(problem_of(error, trace, locale)),
        "isBase64Encoded": False,
    }


def to_json(body: Any) -> str:
    """As people can read it: letters as they are, not as escapes."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def no_such_address() -> NotFound:
    return NotFound(
        "There is no such address; see /docs", french="Cette adresse n'existe pas ; voir /docs"
    )


def register(app: APIGatewayHttpResolver) -> None:
    """Tell the resolver how each family of errors is answered."""

    def answer(error: ReelstepError) -> Response[str]:
        body = problem_of(error, app.context.get("trace_id", ""), app.context.get("locale", "en"))
        return Response(
            error.status,
            content_type=CONTENT_TYPE,
            body=to_json(body),
            headers={**error.headers},
        )

    @app.exception_handler(ReelstepError)
    def ours(error: ReelstepError) -> Response[str]:
        logger.info("refused", code=error.code, detail=error.detail)
        return answer(error)

    @app.exception_handler(RequestValidationError)
    def invalid(error: RequestValidationError) -> Response[str]:
        locale = app.context.get("locale", "en")
        return answer(ValidationFailed([explain(item, locale) for item in error.errors()]))

    @app.not_found
    def unknown_route(error: NotFoundError) -> Response[str]:
        return answer(no_such_address())

    @app.exception_handler(Exception)
    def unexpected(error: Exception) -> Response[str]:
        logger.exception("unexpected error")
        return answer(
            ReelstepError(
                "Please try again; if it goes on, tell us the trace id",
                french="Réessayez ; si cela continue, donnez-nous l'identifiant de trace",
            )
        )


def explain(item: dict[str, Any], locale: str) -> tuple[str, str]:
    """(field, message) of a pydantic error: `scenes[0].dialogue`, without our inner names."""
    field = ""
    for part in item["loc"]:
        if isinstance(part, int):
            field += f"[{part}]"
        elif part not in {"body", "query", "path", "[key]"}:
            field += f".{part}" if field else str(part)
    kind, context = item["type"], item.get("ctx", {})
    # pydantic measures a cleaned string as it would a list.
    if kind in {"too_long", "too_short"} and context.get("field_type") == "Value":
        kind = f"string_{kind}"
    english = str(item["msg"]).removeprefix("Value error, ")
    return field or "body", texts.mistake(locale, kind, context, english)
