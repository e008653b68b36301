"""The function of event streams, called as API Gateway calls it: its door, its errors, its log."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from reelstep.accounts.id_tokens import IdTokens, KeysUnavailable
from reelstep.events import log
from reelstep.jobs.model import Job, JobKind, JobStatus, blank_phases
from reelstep.platform.clock import now_iso
from reelstep.platform.settings import Settings
from tests.support.api import Answer, assert_problem
from tests.support.http_api import Context
from tests.support.tokens import part

KEY = rsa.generate_private_key(65537, 2048)
JOBS, WORKFLOWS = "/api/v1/jobs", "/api/workflow"


def token(user: str = "ada", seconds: int = 3_600, use: str = "id") -> str:
    claims = {
        "sub": user,
        "iss": "us",
        "aud": "app",
        "token_use": use,
        "exp": time.time() + seconds,
    }
    text = f"{part({'alg': 'RS256', 'kid': 'one'})}.{part(claims)}"
    return f"{text}.{part(KEY.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


def _keys() -> dict[str, Any]:
    numbers = KEY.public_key().public_numbers()
    n, e = (part(value.to_bytes(size)) for value, size in ((numbers.n, 256), (numbers.e, 3)))
    return {"keys": [{"kid": "one", "kty": "RSA", "use": "sig", "n": n, "e": e}]}


@pytest.fixture
def job(cloud: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Job]:
    """A job that has ended with its second event: nothing here waits."""
    from functions.stream import door

    tokens = IdTokens("us", "app", _keys)
    monkeypatch.setattr(door, "id_tokens", lambda: tokens)
    made = Job(
        job_id="job-1",
        kind=JobKind.GENERATION,
        user_id="ada",
        request={},
        price=0,
        created_at=now_iso(),
        phases=blank_phases(JobKind.GENERATION),
    )
    made = cloud.jobs.create(made, log.queued(0))
    cloud.jobs.change(
        made,
        sets={"status": JobStatus.CANCELLED},
        allowed=frozenset(JobStatus),
        event=(log.CANCELLED, {}),
        at=now_iso(),
    )
    yield made
    Settings.load.cache_clear()


def send(
    path: str, query: dict[str, str] | None = None, method: str = "GET", **headers: str
) -> Answer:
    from functions.stream.handler import handler

    given = {name.replace("_", "-").lower(): value for name, value in headers.items()}
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": "",
        "headers": given,
        "requestContext": {
            "http": {"method": method, "path": path, "sourceIp": "127.0.0.1"},
            "stage": "$default",
        },
        "isBase64Encoded": False,
    }
    if query:
        event["queryStringParameters"] = query
    answer = handler(event, Context("stream"))  # type: ignore[arg-type]
    body = answer.get("body")
    kind = answer["headers"].get("Content-Type", "")
    return Answer(
        answer["statusCode"], answer["headers"], json.loads(body) if "json" in kind else body
    )


@pytest.mark.parametrize("area", [JOBS, WORKFLOWS])
@pytest.mark.parametrize("where", ["header", "query"])
def test_both_addresses_and_both_ways_to_bring_a_token(job: Job, area: str, where: str) -> None:
    path = f"{area}/{job.job_id}/stream"
    way = {"Authorization": f"Bearer {token()}"} if where == "header" else {}
    query = {} if where == "header" else {"token": token()}
    answer = send(path, query, **way)
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "text/event-stream"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Trace-Id"]
    assert answer.headers["RateLimit-Limit"] == "20"
    assert answer.body.startswith("retry: 1000\n\nid: 1\nevent: job:queued\ndata: {")
    rest = send(path, query, **way, Last_Event_ID="1")
    assert rest.body.startswith("retry: 1000\n\nid: 2\nevent: job:cancelled\ndata: {")
    done = send(path, query, **way, Last_Event_ID="2")
    assert (done.status, done.body) == (204, "")
    assert done.headers["X-Trace-Id"]


def test_the_header_wins_over_the_parameter_which_stays_in_the_address(job: Job) -> None:
    query = {"token": token(), "lastEventId": "1"}
    path = f"{JOBS}/{job.job_id}/stream"
    assert "id: 1\n" not in send(path, query).body
    assert "id: 1\n" in send(path, query, Last_Event_ID="0").body
    assert send(path, query, Last_Event_ID="2").status == 204
    assert "id: 2\n" in send(path, query, Last_Event_ID="").body


@pytest.mark.parametrize(
    "way",
    [
        *({}, {"token": ""}, {"token": "x.y.z"}, {"Token": token()}, {"token": token(seconds=-99)}),
        *({"token": token(use="access")}, {"Authorization": ""}, {"Authorization": "Bearer"}),
        *({"Authorization": token()}, {"Authorization": f"Basic {token()}"}),
        # Whatever else is there: a header is what is meant.
        {"Authorization": "Bearer x.y.z", "token": token()},
    ],
)
def test_who_brings_no_valid_id_token_is_told_how(job: Job, way: dict[str, str]) -> None:
    headers = {name: value for name, value in way.items() if name == "Authorization"}
    query = {name: value for name, value in way.items() if name not in headers}
    answer = send(f"{JOBS}/{job.job_id}/stream", query, **headers)
    assert_problem(answer, 401, "UNAUTHORIZED")
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert "Bearer or ?token=" in answer.body["detail"]


def test_errors_speak_the_callers_language(job: Job) -> None:
    path = f"{JOBS}/{job.job_id}/stream"
    french = send(path, Accept_Language="fr-CA")
    assert french.body["detail"].startswith("Envoyez")
    wanted = send(path, {"locale": "fr"}, Accept_Language="en")
    assert wanted.body["detail"] == french.body["detail"] != send(path).body["detail"]
    wrong = send(path, {"token": token(), "locale": "fr", "lastEventId": "x"})
    assert wrong.body["errors"][0]["message"].startswith("doit être")


@pytest.mark.parametrize("garbage", ["abc", "-1", "1.5", "1,2", "123456789", "1 2", "\xbd"])
def test_an_id_that_is_none_is_named_where_it_was_sent(job: Job, garbage: str) -> None:
    path = f"{JOBS}/{job.job_id}/stream"
    by_header = send(path, {"token": token()}, Last_Event_ID=garbage)
    by_query = send(path, {"token": token(), "lastEventId": garbage})
    for answer, field in ((by_header, "Last-Event-ID"), (by_query, "lastEventId")):
        assert_problem(answer, 422, "VALIDATION_FAILED")
        assert [error["field"] for error in answer.body["errors"]] == [field]
        assert "0 to 99999999" in answer.body["errors"][0]["message"]


def test_somebody_elses_looks_like_none(job: Job) -> None:
    theirs = send(f"{JOBS}/{job.job_id}/stream", {"token": token("bob")})
    nothing = send(f"{JOBS}/nothing/stream", {"token": token("bob")})
    for answer in (theirs, nothing):
        assert_problem(answer, 404, "NOT_FOUND")
    assert theirs.body["detail"] == nothing.body["detail"]
    for path in (f"{JOBS}/a%20b/stream", f"{JOBS}/{'x' * 65}/stream", f"{JOBS}/stream", "/health"):
        assert send(path, {"token": token()}).status in (404, 422)


def test_who_asks_too_often_is_told_when_to_come_back(
    job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    rates = {"rates": {"streams": [{"requests": 2, "seconds": 86_400}]}}
    monkeypatch.setenv("REELSTEP_LIMITS", json.dumps(rates))
    Settings.load.cache_clear()
    path = f"{JOBS}/{job.job_id}/stream"
    assert [send(path, {"token": token()}).status for _ in range(2)] == [200, 200]
    refused = send(path, {"token": token()})
    assert_problem(refused, 429, "RATE_LIMITED")
    assert int(refused.headers["Retry-After"]) > 43_000
    assert send(path, {"token": token("bob")}).status == 404
    # Nobody can use up what somebody has with a token that is not theirs.
    assert send(path, {"token": token("bob", seconds=-99)}).status == 401


def test_keys_that_cannot_be_fetched_are_not_the_callers_fault(
    job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    from functions.stream import door

    def down() -> dict[str, Any]:
        raise KeysUnavailable("Sign-in cannot be checked now")

    monkeypatch.setattr(door, "id_tokens", lambda: IdTokens("us", "app", down))
    answer = send(f"{JOBS}/{job.job_id}/stream", {"token": token()})
    assert_problem(answer, 503, "TEMPORARILY_UNAVAILABLE")


LEAKS = """
import json, sys
from functions.stream import door, handler, routes
from tests.support.http_api import Context

door.user_of = lambda event: "ada"
handler.limits.take_from = lambda user, bucket: {}

def fail(*_):
    raise RuntimeError("a bug")

routes.streams_of = fail
print(handler.handler(json.loads(sys.argv[1]), Context())["statusCode"])
"""


def test_no_token_is_printed_or_logged_whatever_the_environment_says(environment: None) -> None:
    """Not for debugging, and not with an unexpected error either."""
    secret = "secret.secret.secret"
    event = {
        "rawPath": f"{JOBS}/job-1/stream",
        "rawQueryString": f"token={secret}",
        "headers": {"authorization": f"Bearer {secret}"},
        "queryStringParameters": {"token": secret},
        "requestContext": {
            "http": {"method": "GET", "path": f"{JOBS}/job-1/stream"},
            "stage": "$default",
        },
    }
    loud = {"POWERTOOLS_DEV": "true", "POWERTOOLS_LOGGER_LOG_EVENT": "true", "LOG_LEVEL": "DEBUG"}
    done = subprocess.run(
        [sys.executable, "-c", LEAKS, json.dumps(event)],
        env=os.environ | loud,
        cwd=Path(__file__).resolve().parents[3],
        capture_output=True,
        text=True,
        check=True,
    )
    said = done.stdout + done.stderr
    assert "500" in done.stdout
    assert "a bug" in said
    assert "secret" not in said


def test_the_apis_function_describes_streams_and_does_not_answer_them(call: Any) -> None:
    document = call("GET", "/openapi.json").body
    for path in (f"{JOBS}/{{job_id}}/stream", f"{WORKFLOWS}/{{workflow_id}}/stream"):
        described = document["paths"][path]["get"]
        assert "text/event-stream" in described["responses"]["200"]["content"]
        assert set(described["responses"]) == {"200", "204", "401", "404", "422", "429"}
        names = {(one["in"], one["name"].lower()) for one in described["parameters"]}
        assert names >= {
            *(("header", "last-event-id"), ("query", "lasteventid"), ("query", "token")),
        }
        assert described["security"] == [{"idToken": []}]
    assert_problem(call("GET", f"{JOBS}/job-1/stream"), 404, "NOT_FOUND")
