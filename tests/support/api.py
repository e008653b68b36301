"""Answers of the REST API in unit tests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: Any


Call = Callable[..., Answer]

_MEMBERS = {"type", "title", "status", "detail", "code", "traceId", "errors"}
# Members of our own, by code.
_MORE = {
    "INSUFFICIENT_TOKENS": {"required", "balance"},
    "PLAN_LIMIT": {"limit", "plan", "field"},
    "CONTENT_REJECTED": {"category", "field"},
}


def assert_problem(answer: Answer, status: int, code: str) -> None:
    """problem+json with this status and code, and nothing that is not for clients."""
    assert (answer.status, answer.body["code"]) == (status, code)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.body["status"] == status
    assert answer.body["traceId"] == answer.headers["X-Trace-Id"]
    more = _MORE.get(code, set())
    assert more <= set(answer.body) <= _MEMBERS | more
