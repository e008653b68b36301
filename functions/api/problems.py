"""Errors to RFC 9457 problem+json, once, at the edge."""

from __future__ import annotations

import json
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field

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


def problem_of(error: ReelstepError, trace: str) -> dict[str, Any]:
    """The body for an error that is meant for clients; others never reach here with detail."""
    problem = Problem(
        type=TYPE_PREFIX + error.code.lower().replace("_", "-"),
        title=error.title,
        status=error.status,
        detail=error.message,
        code=error.code,
        traceId=trace,
        errors=[FieldError(field=field, message=text) for field, text in error.errors]
        if isinstance(error, ValidationFailed)
        else None,
    )
    return problem.model_dump(exclude_none=True)


def gateway_answer(error: ReelstepError, trace: str) -> dict[str, Any]:
    """For errors raised before routing."""
    return {
        "statusCode": error.status,
        "headers": {"Content-Type": CONTENT_TYPE},
        "body": json.dumps(problem_of(error, trace)),
        "isBase64Encoded": False,
    }


def register(app: APIGatewayHttpResolver) -> None:
    """Tell the resolver how each family of errors is answered."""

    def answer(error: ReelstepError) -> Response[str]:
        trace = app.context.get("trace_id", "")
        body = json.dumps(problem_of(error, trace))
        return Response(error.status, content_type=CONTENT_TYPE, body=body)

    @app.exception_handler(ReelstepError)
    def ours(error: ReelstepError) -> Response[str]:
        logger.info("refused", code=error.code, detail=error.detail)
        return answer(error)

    @app.exception_handler(RequestValidationError)
    def invalid(error: RequestValidationError) -> Response[str]:
        return answer(ValidationFailed([explain(item) for item in error.errors()]))

    @app.not_found
    def unknown_route(error: NotFoundError) -> Response[str]:
        return answer(NotFound("There is no such address; see /docs"))

    @app.exception_handler(Exception)
    def unexpected(error: Exception) -> Response[str]:
        logger.exception("unexpected error")
        return answer(ReelstepError("Please try again; if it goes on, tell us the trace id"))


def explain(item: dict[str, Any]) -> tuple[str, str]:
    """(field, message) of a pydantic error: `scenes[0].dialogue`, without our inner names."""
    parts = [part for part in item["loc"] if part not in {"body", "query", "path"}]
    field = ""
    for part in parts:
        if isinstance(part, int):
            field += f"[{part}]"
        elif part != "[key]":
            field += f".{part}" if field else str(part)
    if item["type"] == "extra_forbidden":
        return field, "is not a known field"
    message = str(item["msg"]).removeprefix("Value error, ")
    return field or "body", message[:1].lower() + message[1:]
