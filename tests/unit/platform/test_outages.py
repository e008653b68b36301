"""Which failures of AWS are worth another try, and that the state machine knows their name."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from boto3.exceptions import RetriesExceededError
from botocore.exceptions import (
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    ParamValidationError,
    ReadTimeoutError,
)

from reelstep.local.paths import ROOT
from reelstep.pipelines.entry import step_handler
from reelstep.platform import outages
from reelstep.platform.errors import PlatformUnavailable
from tests.support.http_api import Context


def answer(code: str, status: int) -> ClientError:
    response: Any = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(response, "PutItem")


@pytest.mark.parametrize(
    "error",
    [
        EndpointConnectionError(endpoint_url="https://dynamodb"),
        ConnectTimeoutError(endpoint_url="https://s3"),
        ReadTimeoutError(endpoint_url="https://s3"),
        RetriesExceededError(OSError("broken")),
        answer("InternalServerError", 500),
        answer("SlowDown", 503),
        answer("ProvisionedThroughputExceededException", 400),
    ],
)
def test_what_may_pass_gets_the_one_name(error: Exception) -> None:
    with pytest.raises(PlatformUnavailable) as named, outages.named():
        raise error
    assert type(error).__name__ in str(named.value.detail)
    assert str(error) not in named.value.message, "told to people"


@pytest.mark.parametrize(
    "error",
    [
        NoCredentialsError(),
        ParamValidationError(report="Key"),
        answer("AccessDeniedException", 400),
        answer("ValidationException", 400),
        ValueError("ours"),
    ],
)
def test_what_stays_wrong_keeps_its_name(error: Exception) -> None:
    with pytest.raises(type(error)) as same, outages.named():
        raise error
    assert same.value is error


def test_a_step_that_aws_lets_down_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(_step: Any, _event: Mapping[str, Any]) -> dict[str, Any]:
        raise EndpointConnectionError(endpoint_url="https://s3")

    monkeypatch.setattr("reelstep.pipelines.entry.open_step", lambda *_: None)
    with pytest.raises(PlatformUnavailable):
        step_handler(run)({}, Context())  # type: ignore[arg-type]


def test_every_state_tries_it_again() -> None:
    """Whatever a Task calls, it stands on AWS."""
    text = (ROOT / "statemachine" / "generation.asl.json").read_text(encoding="utf-8")
    tasks = list(_tasks(json.loads(text)["States"]))
    assert len(tasks) > 8
    for name, task in tasks:
        retried = {error for retry in task["Retry"] for error in retry["ErrorEquals"]}
        assert {"PlatformUnavailable", "TableBusy"} <= retried, name


def _tasks(states: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, state in states.items():
        if state["Type"] == "Task":
            yield name, state
        for inner in [*state.get("Branches", []), state.get("ItemProcessor", {})]:
            yield from _tasks(inner.get("States", {}))
