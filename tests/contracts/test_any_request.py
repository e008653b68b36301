"""Whatever is sent: never a 5xx, and every answer is one that the API documents.

schemathesis makes requests out of the API's own description, valid ones and ones with a mistake.
Nothing here renders: what would start a film is sent by somebody without tokens.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.support import films
from tests.support.local_cloud import LocalCloud, User
from tests.support.openapi import assert_matches

CHECKS: list[Any] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
#: Requests for each route, of each of both kinds.
EXAMPLES = 15
#: What starts a film.
MAKES = {f"{films.VIDEOS}/generate", f"{films.VIDEOS}/{{video_id}}/retry"}
ADMINS = "/api/v1/admin"
USERS, LEDGER = f"{ADMINS}/users", "/api/v1/account/ledger"


@dataclass
class Callers:
    """Who sends what. Several with tokens, so that requests are seldom too many for one of them."""

    poor: User
    rich: list[User]
    admins: list[User]
    known: dict[str, list[str]]
    session: requests.Session = field(default_factory=requests.Session)
    _turns: Iterator[int] = field(default_factory=itertools.count)

    def begin(self) -> None:
        """The same callers in the same order for each route, whatever routes are beside it: who
        owns a film must come to it."""
        self._turns = itertools.count()

    def token(self, path: str) -> str:
        if path in MAKES:
            return self.poor.token
        users = self.admins if path.startswith(ADMINS) else self.rich
        return users[next(self._turns) % len(users)].token


@pytest.fixture(scope="module")
def openapi(cloud: LocalCloud) -> dict[str, Any]:
    return dict(cloud.http("GET", "/openapi.json").json())


@pytest.fixture(scope="module")
def callers(cloud: LocalCloud) -> Callers:
    rich = [cloud.new_user("plan-vip-plus") for _ in range(4)]
    admins = [cloud.new_user("admin", "plan-vip-plus"), rich[0]]
    poor, subject = cloud.new_user("plan-vip-plus"), cloud.new_user()
    ruined = cloud.http(
        "POST",
        f"{USERS}/{poor.id}/tokens",
        token=admins[0].token,
        json={"tokens": -1_000, "reason": "makes no films"},
    )
    assert ruined.json()["balance"] == 0
    ended = []
    for user in (rich[0], rich[0], rich[1]):
        film = films.start(cloud, user)
        cloud.http("POST", f"{films.VIDEOS}/{film}/cancel", token=user.token)
        ended.append(film)
    known = {
        **dict.fromkeys(("video_id", "job_id", "workflow_id"), ended),
        "companion_id": ["luna", "sol"],
        "user_id": [subject.id, subject.email],
    }
    made = Callers(poor, rich, admins, known)
    made.session.trust_env = False
    return made


@pytest.mark.parametrize("mode", list(schemathesis.GenerationMode), ids=lambda mode: mode.value)
def test_every_answer_is_documented(
    cloud: LocalCloud,
    callers: Callers,
    openapi: dict[str, Any],
    mode: schemathesis.GenerationMode,
    subtests: pytest.Subtests,
) -> None:
    seen: dict[int, int] = {}
    for result in schemathesis.openapi.from_dict(openapi).get_all_operations():
        operation = result.ok()
        if mode is schemathesis.GenerationMode.NEGATIVE and not _takes_anything(operation):
            continue
        with subtests.test(operation=operation.label):
            _try(cloud, callers, operation, mode, seen)
    # It came through to the routes, and past their validation where it should.
    assert seen.get(429, 0) < sum(seen.values()) / 4, seen
    if mode is schemathesis.GenerationMode.POSITIVE:
        assert {200, 201, 204, 402, 404} <= set(seen), seen


def _takes_anything(operation: Any) -> bool:
    raw = operation.definition.raw
    return bool(raw.get("parameters") or raw.get("requestBody"))


def _try(
    cloud: LocalCloud,
    callers: Callers,
    operation: Any,
    mode: schemathesis.GenerationMode,
    seen: dict[int, int],
) -> None:
    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode), pick=st.integers(0, 5))
    def check(case: Any, pick: int) -> None:
        for name in case.path_parameters or {}:
            known = callers.known[name]
            if pick < len(known):
                case.path_parameters[name] = known[pick]
        token = callers.token(operation.path)
        answer = case.call(
            base_url=cloud.description.api_url,
            session=callers.session,
            headers={"Authorization": f"Bearer {token}"},
            # What a redirect leads to is not the API's answer.
            allow_redirects=False,
        )
        seen[answer.status_code] = seen.get(answer.status_code, 0) + 1
        case.validate_response(answer, checks=CHECKS)

    callers.begin()
    check()


def test_a_conflict_is_documented(
    cloud: LocalCloud, callers: Callers, openapi: dict[str, Any]
) -> None:
    user = callers.rich[2]
    path = f"{films.VIDEOS}/{films.start(cloud, user)}/cancel"
    assert cloud.http("POST", path, token=user.token).status_code == 202
    answer = cloud.http("POST", path, token=user.token)
    assert answer.status_code == 409
    assert_matches(openapi, "post", f"{films.VIDEOS}/{{video_id}}/cancel", answer)


def test_without_a_token_the_answer_is_documented_too(
    cloud: LocalCloud, openapi: dict[str, Any]
) -> None:
    for path, operations in openapi["paths"].items():
        for method, operation in operations.items():
            if operation.get("security"):
                answer = cloud.http(method.upper(), path)
                assert answer.status_code == 401
                assert_matches(openapi, method, path, answer)


# -- what no generator comes upon --------------------------------------------------------------

GENERATE, QUOTE = f"{films.VIDEOS}/generate", f"{films.VIDEOS}/quote"
ID, COMPANION = f"{films.VIDEOS}/{{video_id}}", "/api/v1/companions/{companion_id}"
USER = f"{USERS}/{{user_id}}"
JSON = "application/json"
PAGE = f"{films.VIDEOS}/user"
ODD: list[tuple[str, str, str, Any]] = [
    *(
        ("GET", PAGE, f"{PAGE}?{query}", None)
        for query in (
            *("size=1&size=2", "size=1&page=0&size=", "size=%00", "size=%FF", "size=1%0A", "&&&=&"),
            *("size=99999999999999999999999999", "page=-1", "page=1e3", "size=%D9%A1", "size=+1"),
            *("status=QUEUED&status=FAILED", "status=%ED%A0%80", "favorite=2", "size[]=1"),
            "x=" + "y" * 6_000,
        )
    ),
    *(
        ("GET", LEDGER, f"{LEDGER}?cursor={cursor}", None)
        for cursor in (
            *("", "%00", "%FF", "a&cursor=b", "%ED%A0%80", "e30=", "%F0%9F%8E%82", "x" * 3_000),
            "WyJMRURHRVIjeCIsICJ5Il0=",
        )
    ),
    *(
        (method, template, template.format(**dict.fromkeys(("video_id", "companion_id"), name)), {})
        for method, template in (("GET", ID), ("DELETE", ID), ("GET", COMPANION))
        for name in (
            "%00",
            "%FF",
            "%F0%9F%8E%82",
            "x" * 3_000,
            "%2e%2e",
            "%20",
            "%25",
            "a%0Ab",
            "*",
        )
    ),
    *(
        ("GET", USER, USER.format(user_id=name), None)
        for name in ("%00", "%FF", "%F0%9F%8E%82", "x" * 3_000, "%20", "%25", "a%0Ab", "@", "+")
    ),
]
BODIES: list[tuple[str, bytes]] = [
    (JSON, b""),
    (JSON, b"\x00"),
    (JSON, b'\xef\xbb\xbf{"prompt": "BOM"}'),
    (JSON, '{"prompt": "UTF-16"}'.encode("utf-16")),
    (JSON, b'{"prompt": "\xff"}'),
    (JSON, b'{"prompt": "a\\u0000b"}'),
    (JSON, b'{"prompt": "\\ud800"}'),
    (JSON, b'{"prompt": "ok \\udfff\\ud800 ok"}'),
    (JSON, b'{"prompt": "a", "durationSeconds": 1' + b"0" * 400 + b"}"),
    (JSON, b'{"prompt": "a", "durationSeconds": 1' + b"0" * 5_000 + b"}"),
    (JSON, b'{"prompt": "a", "durationSeconds": 1e999}'),
    (JSON, b'{"prompt": "a", "durationSeconds": NaN}'),
    (JSON, b'{"prompt": "a", "durationSeconds": -Infinity}'),
    (JSON, b'{"prompt": "a", "prompt": "b", "durationSeconds": 10}'),
    (JSON, b'{"prompt": "a", "metadata": {"": "x", "\\ud800": "y", "__proto__": "z"}}'),
    (JSON, b'{"prompt": "a", "metadata": ' + b'{"a":' * 500 + b"1" + b"}" * 501),
    (JSON, b'{"\\ud800": 1, "prompt": "a"}'),
    (JSON, b'{"": 1, "prompt": "a"}'),
    (JSON, b"null"),
    (JSON, b"[]"),
    (JSON, b'"text"'),
    (JSON, b"NaN"),
    ("application/json; charset=utf-16", b'{"prompt": "a"}'),
    ("application/json; charset=nonsense", b'{"prompt": "a"}'),
    ("APPLICATION/JSON", b'{"prompt": ""}'),
    ("application/problem+json", b'{"prompt": "a"}'),
    ("multipart/form-data; boundary=x", b"--x--"),
    ("", b'{"prompt": "a"}'),
]


@pytest.mark.parametrize(("method", "template", "path", "body"), ODD)
def test_an_odd_address_is_answered(
    cloud: LocalCloud,
    callers: Callers,
    openapi: dict[str, Any],
    method: str,
    template: str,
    path: str,
    body: Any,
) -> None:
    answer = _patient(lambda token: cloud.http(method, path, token=token), callers, template)
    assert answer.status_code < 500, answer.text
    assert_matches(openapi, method, template, answer)


@pytest.mark.parametrize(("kind", "body"), BODIES)
@pytest.mark.parametrize("template", [GENERATE, QUOTE])
def test_an_odd_body_is_answered(
    cloud: LocalCloud,
    callers: Callers,
    openapi: dict[str, Any],
    template: str,
    kind: str,
    body: bytes,
) -> None:
    headers = {"Content-Type": kind} if kind else {}

    def send(token: str) -> requests.Response:
        return cloud.http("POST", template, token=token, data=body, headers=headers)

    answer = _patient(send, callers, template)
    assert answer.status_code < 500, answer.text
    assert_matches(openapi, "POST", template, answer)


@pytest.mark.parametrize(
    "headers",
    [
        *({"Idempotency-Key": key} for key in ("", "a b", "x" * 256, "é", "a,b", "\x7f")),
        *({"Accept-Language": tag} for tag in ("", ";q=", "*", "fr;q=nonsense", "x" * 4_000)),
        {"Content-Encoding": "gzip"},
        {"Content-Length-Of-Ours": "-1", "Expect": "nothing"},
        {"X-Amzn-Trace-Id": "Root=nonsense", "Traceparent": "00-x-y-z"},
    ],
)
def test_odd_headers_are_answered(
    cloud: LocalCloud, callers: Callers, openapi: dict[str, Any], headers: dict[str, str]
) -> None:
    wish = {"prompt": "An odd header", "durationSeconds": 10}
    sent: dict[str, Any] = {name: value.encode("latin-1") for name, value in headers.items()}

    def send(token: str) -> requests.Response:
        return cloud.http("POST", GENERATE, token=token, json=wish, headers=sent)

    answer = _patient(send, callers, GENERATE)
    assert answer.status_code < 500, answer.text
    assert_matches(openapi, "POST", GENERATE, answer)


def _patient(
    send: Callable[[str], requests.Response], callers: Callers, path: str
) -> requests.Response:
    """An answer that is not about how often was asked."""
    while True:
        answer = send(callers.token(path))
        if answer.status_code != 429:
            return answer
        time.sleep(int(answer.headers["Retry-After"]))
