"""Every signed-in request takes from its user's bucket, and says how much is left."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError

from reelstep.accounts import rate_limits
from reelstep.platform.settings import Settings
from tests.support.http_api import Context, event

PAGE = ("GET", "/api/v1/videos/user")
LEFT = {"RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"}


@pytest.fixture
def three(cloud: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A deployment that allows three requests a day."""
    rates = {"rates": {"generation": [{"requests": 3, "seconds": 86_400}]}}
    monkeypatch.setenv("REELSTEP_LIMITS", json.dumps(rates))
    Settings.load.cache_clear()


def send(method: str, path: str, body: Any = None, **more: Any) -> dict[str, Any]:
    from functions.api.handler import handler

    return handler(event(method, path, body, **more), Context())  # type: ignore[arg-type]


def broken(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fail(*_: Any, **__: Any) -> Any:
        raise error

    monkeypatch.setattr(rate_limits, "take", fail)


def client_error(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": ""}}, "UpdateItem")


def test_answers_count_down_then_refuse(three: None) -> None:
    left = [send(*PAGE)["headers"]["RateLimit-Remaining"] for _ in range(3)]
    assert left == ["2", "1", "0"]
    refused = send(*PAGE)
    assert refused["statusCode"] == 429
    assert refused["headers"]["Content-Type"] == "application/problem+json"
    assert refused["headers"]["RateLimit-Remaining"] == "0"
    assert refused["headers"]["RateLimit-Limit"] == "3"
    wait = int(refused["headers"]["Retry-After"])
    assert 28_700 < wait <= 28_800
    body = json.loads(refused["body"])
    assert (body["code"], body["status"]) == ("RATE_LIMITED", 429)
    assert body["traceId"] == refused["headers"]["X-Trace-Id"]
    assert str(wait) in body["detail"]


def test_a_refusal_speaks_the_callers_language(three: None) -> None:
    for _ in range(3):
        send(*PAGE)
    body = json.loads(send(*PAGE, headers={"accept-language": "fr"})["body"])
    assert body["title"] == "Trop de requêtes"
    assert body["detail"].startswith("Trop de requêtes ; réessayez dans")


def test_the_contracts_rate_is_the_default(cloud: Any) -> None:
    headers = send(*PAGE)["headers"]
    assert headers["RateLimit-Limit"] == "20"
    assert headers["RateLimit-Remaining"] == "19"


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (("GET", "/api/v1/videos/none"), 404),
        (("POST", "/api/v1/videos/generate", "{"), 400),
        (("POST", "/api/v1/videos/generate", "{}"), 422),
        (("POST", "/api/v1/videos/generate", "x" * 70_000), 413),
        (("GET", "/api/v1/none"), 404),
    ],
)
def test_what_fails_counts_too(three: None, request_: Any, status: int) -> None:
    for left in ("2", "1", "0"):
        answer = send(*request_)
        assert (answer["statusCode"], answer["headers"]["RateLimit-Remaining"]) == (status, left)
    assert send(*request_)["statusCode"] == 429


def test_a_refused_request_does_nothing(three: None, cloud: Any) -> None:
    for _ in range(3):
        send(*PAGE)
    film = {"prompt": "A garden", "durationSeconds": 10}
    assert send("POST", "/api/v1/videos/generate", film)["statusCode"] == 429
    rows = cloud.jobs.client.scan(TableName=cloud.jobs.table)["Items"]
    assert {row["sk"]["S"] for row in rows} == {"RATE#generation"}


def test_a_repeated_offender_is_told_of_its_own_limit(cloud: Any) -> None:
    """`RateLimit-Remaining: 19` stood beside a Retry-After of a minute."""
    films = [{"prompt": f"fuck {number}", "durationSeconds": 10} for number in range(4)]
    *refused, waiting = [send("POST", "/api/v1/videos/generate", film) for film in films]
    assert {answer["statusCode"] for answer in refused} == {422}
    assert waiting["statusCode"] == 429
    assert waiting["headers"]["RateLimit-Remaining"] == "0"
    assert waiting["headers"]["RateLimit-Reset"] == waiting["headers"]["Retry-After"]
    assert waiting["headers"]["X-Trace-Id"]


def test_users_do_not_share_a_bucket(three: None) -> None:
    for _ in range(4):
        send(*PAGE)
    assert send(*PAGE)["statusCode"] == 429
    assert send(*PAGE, user="bob")["statusCode"] == 200


def test_no_header_of_the_caller_opens_another_bucket(three: None) -> None:
    for _ in range(3):
        send(*PAGE)
    for headers in ({"x-forwarded-for": "10.0.0.9"}, {"x-user-id": "bob"}, {"authorization": "x"}):
        assert send(*PAGE, headers=headers)["statusCode"] == 429


def test_an_access_token_takes_from_its_users_bucket(three: None) -> None:
    for _ in range(3):
        assert send(*PAGE, claims={"token_use": "access"})["statusCode"] == 401
    assert send(*PAGE)["statusCode"] == 429


@pytest.mark.parametrize("path", ["/health", "/openapi.json", "/api/v1/videos/queue-status"])
def test_public_routes_have_no_user_and_no_limit_of_one(three: None, path: str) -> None:
    for _ in range(4):
        answer = send("GET", path, user=None)
        assert answer["statusCode"] == 200
        assert not LEFT & set(answer["headers"])


@pytest.mark.parametrize(
    "error",
    [
        client_error("InternalServerError"),
        client_error("AccessDeniedException"),
        ConnectTimeoutError(endpoint_url="http://127.0.0.1"),
        rate_limits.LimiterFailed("kept changing"),
    ],
)
def test_a_limiter_that_fails_lets_good_users_pass_and_is_counted(
    cloud: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: Any
) -> None:
    broken(monkeypatch, error)
    answer = send(*PAGE)
    assert answer["statusCode"] == 200
    assert not LEFT & set(answer["headers"])
    said = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["RateLimiterFailed"] for line in said if "_aws" in line] == [[1.0]]


@pytest.mark.parametrize("code", sorted(rate_limits.THROTTLED))
def test_a_user_whose_rows_are_too_hot_is_refused_not_let_through(
    cloud: Any, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    """Else flooding would be the way around the limit."""
    broken(monkeypatch, client_error(code))
    answer = send(*PAGE)
    assert answer["statusCode"] == 429
    assert answer["headers"]["Retry-After"] == "1"


def test_the_limit_is_documented_where_it_applies(cloud: Any) -> None:
    paths = json.loads(send("GET", "/openapi.json", user=None)["body"])["paths"]
    operations = [operation for path in paths.values() for operation in path.values()]
    assert len([o for o in operations if "security" in o]) > 5
    for operation in operations:
        limited = "security" in operation
        assert ("429" in operation["responses"]) == limited, operation["summary"]
        if limited:
            assert set(operation["responses"]["429"]["headers"]) == LEFT | {"Retry-After"}
