"""Posting: what counts as arrived, what is tried again, what closes the connection."""

from __future__ import annotations

import time
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError, ReadTimeoutError

from reelstep.events.gateway import Gateway, Pace, endpoint_of


def _error(code: str, status: int) -> ClientError:
    return ClientError(
        {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}},  # type: ignore
        "PostToConnection",
    )


class Wire:
    """Answers as it is told, the last one for ever."""

    def __init__(self, *answers: Exception | None):
        self.answers, self.calls = list(answers), 0

    def post_to_connection(self, **_arguments: Any) -> None:
        self.calls += 1
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if answer:
            raise answer

    delete_connection = post_to_connection


def _gateway(wire: Wire) -> Gateway:
    return Gateway(wire, Pace(100_000))


GONE = _error("GoneException", 410)
THROTTLED = _error("LimitExceededException", 429)
FORBIDDEN = _error("ForbiddenException", 403)


def test_a_post_that_arrives_is_made_once() -> None:
    wire = Wire(None)
    assert _gateway(wire).post("c", b"{}")
    assert wire.calls == 1


@pytest.mark.parametrize(
    "unsure",
    [
        GONE,
        _error("410", 410),
        _error("InternalServerError", 500),
        ReadTimeoutError(endpoint_url="x"),
        ConnectTimeoutError(endpoint_url="x"),
    ],
    ids=str,
)
def test_what_may_have_arrived_is_never_posted_again(unsure: Exception) -> None:
    wire = Wire(unsure)
    assert not _gateway(wire).post("c", b"{}")
    assert wire.calls == 1


def test_what_was_throttled_has_not_arrived_and_is_tried_again() -> None:
    wire = Wire(THROTTLED, THROTTLED, None)
    assert _gateway(wire).post("c", b"{}")
    assert wire.calls == 3


def test_throttling_without_an_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reelstep.events.gateway.time.sleep", lambda _seconds: None)
    assert not _gateway(Wire(THROTTLED)).post("c", b"{}")


def test_a_missing_right_is_our_own_fault_and_no_clients() -> None:
    with pytest.raises(ClientError):
        _gateway(Wire(FORBIDDEN)).post("c", b"{}")
    with pytest.raises(ClientError):
        _gateway(Wire(FORBIDDEN)).close("c")


def test_closing_what_is_closed_is_done() -> None:
    _gateway(Wire(GONE)).close("c")


def test_posts_are_spread_over_time() -> None:
    gateway, begin = Gateway(Wire(None), Pace(100)), time.monotonic()
    for _ in range(11):
        gateway.post("c", b"{}")
    assert 0.1 <= time.monotonic() - begin < 1


def test_where_to_post() -> None:
    url = "https://abc123.execute-api.eu-west-3.amazonaws.com/live"
    assert endpoint_of(url, None) == url
    assert endpoint_of(url, "http://127.0.0.1:4566") == (
        "http://127.0.0.1:4566/_aws/execute-api/abc123/live"
    )
