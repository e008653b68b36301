"""The REST contract of system "generation" through the real gateway, checked against OpenAPI."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support import films
from tests.support.local_cloud import LocalCloud, User
from tests.support.openapi import assert_matches

#: The last one leads to the studio, which is public as well.
PUBLIC = {"/health", f"{films.VIDEOS}/queue-status", "/dashboard"}


JSON = "application/json"


@pytest.fixture(scope="module")
def user(cloud: LocalCloud) -> User:
    return cloud.new_user()


@pytest.fixture(scope="module")
def openapi(cloud: LocalCloud) -> dict[str, Any]:
    answer = cloud.http("GET", "/openapi.json")
    assert answer.status_code == 200
    return dict(answer.json())


@pytest.fixture(scope="module")
def film(cloud: LocalCloud, user: User) -> str:
    return films.start(cloud, user, prompt="A contract by the sea")


def test_every_route_answers_as_it_is_documented(
    cloud: LocalCloud, user: User, openapi: dict[str, Any]
) -> None:
    base = films.VIDEOS
    body = {"prompt": "One film", "durationSeconds": 10, "preview": True}
    created = cloud.http("POST", f"{base}/generate", token=user.token, json=body)
    assert created.status_code == 201
    assert_matches(openapi, "post", f"{base}/generate", created)
    one = f"{base}/{created.json()['videoId']}"
    for method, path, template, status in [
        ("GET", f"{base}/user?page=0&size=5", f"{base}/user", 200),
        ("GET", f"{base}/queue-status", f"{base}/queue-status", 200),
        ("GET", one, f"{base}/{{video_id}}", 200),
        ("GET", f"{one}/events?after=0", f"{base}/{{video_id}}/events", 200),
        ("POST", f"{one}/favorite", f"{base}/{{video_id}}/favorite", 200),
        ("DELETE", f"{one}/favorite", f"{base}/{{video_id}}/favorite", 200),
        ("DELETE", one, f"{base}/{{video_id}}", 204),
        ("GET", one, f"{base}/{{video_id}}", 404),
        ("GET", f"{base}/user?size=101", f"{base}/user", 422),
    ]:
        answer = cloud.http(method, path, token=user.token)
        assert answer.status_code == status, (method, path, answer.text)
        assert answer.headers["X-Trace-Id"]
        assert_matches(openapi, method, template, answer)


def test_every_documented_route_but_the_public_ones_wants_a_token(
    cloud: LocalCloud, openapi: dict[str, Any]
) -> None:
    for template, operations in openapi["paths"].items():
        for method, operation in operations.items():
            path = template.replace("{video_id}", "some-film")
            answer = cloud.http(method.upper(), path)
            if template in PUBLIC:
                assert answer.status_code == 200, path
                assert not operation.get("security")
            else:
                assert answer.status_code == 401, path
                assert operation["security"]


def test_the_documentation_is_public_and_swagger_finds_it(cloud: LocalCloud) -> None:
    page = cloud.http("GET", "/docs")
    assert page.status_code == 200
    assert page.headers["Content-Type"].startswith("text/html")
    assert "SwaggerUIBundle" in page.text


@pytest.mark.parametrize(
    ("body", "content_type", "status", "code", "field"),
    [
        (b"{", JSON, 400, "MALFORMED_REQUEST", None),
        (b"\xff\xfe\x00", JSON, 400, "MALFORMED_REQUEST", None),
        (b"[" * 50_000, JSON, 400, "MALFORMED_REQUEST", None),
        (
            b'{"a":' * 8_000 + b"1" + b"}" * 8_000,
            "application/json",
            400,
            "MALFORMED_REQUEST",
            None,
        ),
        (b"prompt=hello", "text/plain", 400, "MALFORMED_REQUEST", None),
        (b"prompt=hello", "application/x-www-form-urlencoded", 400, "MALFORMED_REQUEST", None),
        (b'{"prompt":"' + b"x" * 100_000 + b'"}', JSON, 413, "TOO_LARGE", None),
        (b'{"prompt":"' + b"x" * 2_001 + b'"}', JSON, 422, None, "prompt"),
        (
            b'{"prompt":"a","durationSeconds":"10"}',
            "application/json",
            422,
            None,
            "durationSeconds",
        ),
        (b'{"prompt":"a","quality":"8K"}', JSON, 422, None, "quality"),
        (b'{"prompt":"a","isAdmin":true}', JSON, 422, None, "isAdmin"),
    ],
)
def test_a_bad_body_is_a_named_problem(
    cloud: LocalCloud,
    user: User,
    openapi: dict[str, Any],
    body: bytes,
    content_type: str,
    status: int,
    code: str | None,
    field: str | None,
) -> None:
    answer = cloud.http(
        "POST",
        f"{films.VIDEOS}/generate",
        token=user.token,
        data=body,
        headers={"Content-Type": content_type},
    )
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    assert_matches(openapi, "post", f"{films.VIDEOS}/generate", answer)
    problem = answer.json()
    assert problem["code"] == (code or "VALIDATION_FAILED")
    if field:
        assert [error["field"] for error in problem["errors"]] == [field]


def test_somebody_elses_film_looks_like_none(cloud: LocalCloud, film: str) -> None:
    stranger = cloud.new_user("plan-vip-plus", "admin")
    for method, rest in [
        ("GET", ""),
        ("GET", "/events"),
        ("POST", "/favorite"),
        ("DELETE", "/favorite"),
        ("DELETE", ""),
    ]:
        theirs = cloud.http(method, f"{films.VIDEOS}/{film}{rest}", token=stranger.token)
        nothing = cloud.http(method, f"{films.VIDEOS}/nothing{rest}", token=stranger.token)
        assert (theirs.status_code, nothing.status_code) == (404, 404)
        bodies = [json.loads(answer.text) for answer in (theirs, nothing)]
        for body in bodies:
            del body["traceId"]
        assert bodies[0] == bodies[1]


def test_lists_are_ones_own(cloud: LocalCloud, user: User, film: str) -> None:
    mine = cloud.http("GET", f"{films.VIDEOS}/user?size=100", token=user.token).json()
    assert film in [video["id"] for video in mine["videos"]]
    other = cloud.new_user()
    theirs = cloud.http("GET", f"{films.VIDEOS}/user", token=other.token).json()
    assert (theirs["videos"], theirs["totalElements"], theirs["isLast"]) == ([], 0, True)
