"""Every route × everybody: who gets what. A route without a row here fails.

The WebSocket's rows are its actions: one door, behind it only what is one's own.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

import pytest
import requests

from reelstep.events.protocol import Action
from tests.support import films, tokens
from tests.support.live_jobs import live_job
from tests.support.local_cloud import LocalCloud, User
from tests.support.websocket import Refused, connected, is_end

VIDEOS, COMPANIONS, USERS = films.VIDEOS, "/api/v1/companions", "/api/v1/admin/users"
HD = {"prompt": "Who may?", "durationSeconds": 10, "quality": "HD", "preview": True}
JOB_STREAM, WORKFLOW_STREAM = "/api/v1/jobs/{job_id}/stream", "/api/workflow/{workflow_id}/stream"
CLIP = {"prompt": "Who may?"}
WORKFLOW = {"imagePrompt": "Who may?", "videoPrompt": "Nobody moves"}
LUNA = {"name": "Luna"}
AVATAR = {"contentType": "image/png", "sizeBytes": 100}
GIFT = {"tokens": 1, "reason": "matrix"}
PLAN = {"plan": "STANDARD", "reason": "matrix"}


class Kind(Enum):
    """What decides the answer."""

    PUBLIC = "nothing"
    MINE = "a user has its own of it, whoever it is"
    PLAN = "the plan"
    OWNED = "whose it is"
    ADMIN = "the role"
    NOWHERE = "there is no such address"


@dataclass(frozen=True)
class Row:
    """`done` is what who may do it gets; a body goes with it. `checked_inside`: the function
    looks at the token, and not the gateway."""

    kind: Kind
    done: int = 200
    body: Any = None
    documented: bool = True
    checked_inside: bool = False


P, M, O, A = Kind.PUBLIC, Kind.MINE, Kind.OWNED, Kind.ADMIN  # noqa: E741
ROWS: dict[tuple[str, str], Row] = {
    ("GET", "/health"): Row(P),
    ("GET", "/openapi.json"): Row(P, documented=False),
    ("GET", "/docs"): Row(P, documented=False),
    ("GET", "/dashboard"): Row(P, 302),
    ("GET", f"{VIDEOS}/queue-status"): Row(P),
    ("POST", f"{VIDEOS}/generate"): Row(Kind.PLAN, 201, HD),
    ("POST", f"{VIDEOS}/quote"): Row(Kind.PLAN, 200, HD),
    ("GET", f"{VIDEOS}/user"): Row(M),
    ("GET", f"{VIDEOS}/{{video_id}}"): Row(O),
    ("GET", f"{VIDEOS}/{{video_id}}/events"): Row(O),
    ("GET", f"{VIDEOS}/{{video_id}}/previews"): Row(O),
    # Its owner is told that it has ended, which nobody else may know.
    ("POST", f"{VIDEOS}/{{video_id}}/cancel"): Row(O, 409),
    ("POST", f"{VIDEOS}/{{video_id}}/retry"): Row(O, 409),
    ("POST", f"{VIDEOS}/{{video_id}}/favorite"): Row(O),
    ("DELETE", f"{VIDEOS}/{{video_id}}/favorite"): Row(O),
    ("DELETE", f"{VIDEOS}/{{video_id}}"): Row(O, 204),
    ("GET", COMPANIONS): Row(M),
    ("GET", f"{COMPANIONS}/{{companion_id}}"): Row(O),
    # Ids are per user: another's PUT makes one of its own, beside the owner's.
    ("PUT", f"{COMPANIONS}/{{companion_id}}"): Row(M, 200, LUNA),
    ("POST", f"{COMPANIONS}/{{companion_id}}/avatar"): Row(M, 201, AVATAR),
    ("DELETE", f"{COMPANIONS}/{{companion_id}}"): Row(O, 204),
    ("GET", "/api/v1/account"): Row(M),
    ("GET", "/api/v1/account/ledger"): Row(M),
    ("GET", "/api/v1/account/webhook-secret"): Row(M),
    ("POST", "/api/v1/account/webhook-secret/rotate"): Row(M),
    ("GET", f"{USERS}/{{user_id}}"): Row(A),
    ("POST", f"{USERS}/{{user_id}}/tokens"): Row(A, 201, GIFT),
    ("PUT", f"{USERS}/{{user_id}}/plan"): Row(A, 200, PLAN),
    ("POST", "/api/generate/video/quote"): Row(M, 200, CLIP),
    ("POST", "/api/workflow/quote"): Row(M, 200, WORKFLOW),
    ("POST", "/orchestrator/quote"): Row(M, 200, {"duration_seconds": 5}),
    # What has ended is told at once, and whole.
    ("GET", JOB_STREAM): Row(O, checked_inside=True),
    ("GET", WORKFLOW_STREAM): Row(O, checked_inside=True),
    ("GET", "/api/v1/nothing"): Row(Kind.NOWHERE, 404, documented=False),
    ("POST", "/api/v1/admin/nothing"): Row(Kind.NOWHERE, 404, {}, documented=False),
}

#: Who → what is made of the owner's token. None of these is let in anywhere.
FORGERS: dict[str, Callable[[LocalCloud, User], str | None]] = {
    "nobody": lambda _cloud, _user: None,
    "expired": lambda cloud, user: tokens.expired(cloud, user.token),
    "alg none": lambda _cloud, user: tokens.unsigned(user.token, cognito_groups=["admin"]),
    "another key": lambda _cloud, user: tokens.signed_by_stranger(user.token),
    "public key": lambda cloud, user: tokens.signed_with_public_key(cloud, user.token),
    "another pool": lambda cloud, _user: tokens.of_another_pool(cloud, "admin"),
    "another client": lambda cloud, _user: tokens.of_another_client(cloud, "admin"),
}


@dataclass(frozen=True)
class People:
    """`things` are (films, companion) of each owner; the last film is there to be deleted."""

    users: dict[str, User]
    things: dict[str, tuple[list[str], str]]
    forged: dict[str, str | None]
    subject: User


@pytest.fixture(scope="module")
def people(cloud: LocalCloud) -> People:
    users = {
        "FREE owner": cloud.new_user(),
        "VIP+ owner": cloud.new_user("plan-vip-plus"),
        "other user": cloud.new_user("plan-vip-plus"),
        "admin": cloud.new_user("admin"),
    }
    things = {}
    for name in ("FREE owner", "VIP+ owner"):
        user, made = users[name], []
        for _ in range(2):
            film = films.start(cloud, user, prompt=f"A film of {name}")
            stopped = cloud.http("POST", f"{VIDEOS}/{film}/cancel", token=user.token)
            assert stopped.status_code == 202, stopped.text
            made.append(film)
        luna = f"luna-{user.id[:8]}"
        assert _send(cloud, "PUT", f"{COMPANIONS}/{luna}", user.token, LUNA).status_code == 200
        things[name] = (made, luna)
    forged = {name: forge(cloud, users["FREE owner"]) for name, forge in FORGERS.items()}
    return People(users, things, forged, cloud.new_user())


def _send(
    cloud: LocalCloud, method: str, path: str, token: str | None, body: Any = None
) -> requests.Response:
    """An answer that is not about how often was asked."""
    while True:
        answer = cloud.http(method, path, token=token, json=body, follow=False)
        if answer.status_code != 429:
            return answer
        time.sleep(int(answer.headers["Retry-After"]))


def _path(people: People, route: tuple[str, str], owner: str) -> str:
    made, companion = people.things[owner]
    film = made[1] if route == ("DELETE", f"{VIDEOS}/{{video_id}}") else made[0]
    things = {"video_id": film, "job_id": film, "workflow_id": film, "companion_id": companion}
    return route[1].format(**things, user_id=people.subject.id)


def _routes(*kinds: Kind) -> list[Any]:
    return [
        pytest.param(route, id=" ".join(route)) for route, row in ROWS.items() if row.kind in kinds
    ]


ROUTES = _routes(*Kind)


@pytest.mark.parametrize("who", FORGERS)
@pytest.mark.parametrize("route", ROUTES)
def test_without_a_valid_token_only_what_is_public(
    cloud: LocalCloud, people: People, route: tuple[str, str], who: str
) -> None:
    row = ROWS[route]
    answer = _send(
        cloud, route[0], _path(people, route, "FREE owner"), people.forged[who], row.body
    )
    assert answer.status_code == (row.done if row.kind is Kind.PUBLIC else 401), answer.text


@pytest.mark.parametrize("route", ROUTES)
def test_an_access_token_is_no_id_token(
    cloud: LocalCloud, people: People, route: tuple[str, str]
) -> None:
    row, path = ROWS[route], _path(people, route, "FREE owner")
    for who, area in (("FREE owner", 404), ("VIP+ owner", 404), ("admin", 401)):
        answer = _send(cloud, route[0], path, people.users[who].access_token, row.body)
        wanted = {Kind.PUBLIC: row.done, Kind.NOWHERE: 404, Kind.ADMIN: area}.get(row.kind, 401)
        assert answer.status_code == wanted, (who, answer.text)


@pytest.mark.parametrize("who", ["other user", "admin"])
@pytest.mark.parametrize("whose", ["FREE owner", "VIP+ owner"])
@pytest.mark.parametrize("route", _routes(Kind.OWNED))
def test_what_belongs_to_somebody_else_is_not_there(
    cloud: LocalCloud, people: People, route: tuple[str, str], whose: str, who: str
) -> None:
    """Reads and writes alike, for the highest plan and for admins."""
    token = people.users[who].token
    answer = _send(cloud, route[0], _path(people, route, whose), token, ROWS[route].body)
    assert answer.status_code == 404, answer.text


@pytest.mark.parametrize("who", ["FREE owner", "VIP+ owner", "other user", "admin"])
@pytest.mark.parametrize("route", _routes(*(kind for kind in Kind if kind is not Kind.OWNED)))
def test_what_is_shared_or_ones_own_depends_on_plan_and_role(
    cloud: LocalCloud, people: People, route: tuple[str, str], who: str
) -> None:
    row, user = ROWS[route], people.users[who]
    owner = who if who in people.things else "FREE owner"
    answer = _send(cloud, route[0], _path(people, route, owner), user.token, row.body)
    wanted = row.done
    if row.kind is Kind.PLAN and who in ("FREE owner", "admin"):  # a role is no plan
        wanted = 403
    if row.kind is Kind.ADMIN and who != "admin":
        wanted = 404
    assert answer.status_code == wanted, answer.text
    if route[1].endswith("/generate") and answer.status_code == 201:
        _send(cloud, "DELETE", f"{VIDEOS}/{answer.json()['videoId']}", user.token)


@pytest.mark.parametrize("owner", ["FREE owner", "VIP+ owner"])
def test_after_all_that_everything_is_still_its_owners(
    cloud: LocalCloud, people: People, owner: str
) -> None:
    """Owners come last: what they delete would be 404 for everybody."""
    for route, row in ROWS.items():
        if row.kind is Kind.OWNED:
            path, token = _path(people, route, owner), people.users[owner].token
            answer = _send(cloud, route[0], path, token, row.body)
            assert answer.status_code == row.done, (route, answer.text)


def test_the_forged_tokens_differ_from_real_ones_in_what_is_forged(
    cloud: LocalCloud, people: People
) -> None:
    """A token that this test signs with the pool's key is let in, so the others are refused for
    their time, key or address and not for how they are written."""
    user = people.users["FREE owner"]
    token = tokens.signed_by_pool(cloud, user.token)
    assert token != user.token or tokens.read(token) == tokens.read(user.token)
    assert _send(cloud, "GET", "/api/v1/account", token).json()["userId"] == user.id
    raised = tokens.signed_by_pool(cloud, user.token, cognito_groups=["plan-vip-plus"])
    assert _send(cloud, "GET", "/api/v1/account", raised).json()["plan"] == "VIP_PLUS"


def test_every_documented_route_has_a_row_and_every_row_a_route(cloud: LocalCloud) -> None:
    document = cloud.http("GET", "/openapi.json").json()
    documented = {
        (method.upper(), path)
        for path, operations in document["paths"].items()
        for method in operations
    }
    assert documented == {route for route, row in ROWS.items() if row.documented}


def test_the_gateway_opens_what_the_matrix_calls_public_and_nothing_else(cloud: LocalCloud) -> None:
    gateway, api = cloud.client("apigatewayv2"), cloud.outputs["ApiId"]
    routes = gateway.get_routes(ApiId=api, MaxResults="500")["Items"]
    public = {tuple(r["RouteKey"].split(" ")) for r in routes if r["AuthorizationType"] != "JWT"}
    opened = {route for route, row in ROWS.items() if row.checked_inside or row.kind is Kind.PUBLIC}
    assert public == opened
    signed_in = {r["RouteKey"].split(" ")[1] for r in routes if r["AuthorizationType"] == "JWT"}
    areas = ("/api/v1", "/api/v1/admin", "/api/generate", "/api/workflow", "/orchestrator")
    assert signed_in == {f"{area}/{{proxy+}}" for area in areas}


@pytest.mark.parametrize("who", [*FORGERS, "access token", "other user", "FREE owner"])
@pytest.mark.parametrize("route", [JOB_STREAM, WORKFLOW_STREAM])
def test_a_token_in_the_address_of_a_stream_opens_what_one_in_the_header_does(
    cloud: LocalCloud, people: People, route: str, who: str
) -> None:
    known = {name: user.token for name, user in people.users.items()} | people.forged
    token = known.get(who, people.users["FREE owner"].access_token) or ""
    with live_job(cloud, people.users["FREE owner"]) as job:
        path = route.format(job_id=job.id, workflow_id=job.id)
        answer = cloud.http("GET", f"{path}?token={token}")
        wanted = {"FREE owner": 200, "other user": 404}.get(who, 401)
        assert answer.status_code == wanted, answer.text
        assert answer.headers["X-Trace-Id"]
        if wanted != 200:
            assert answer.headers["Content-Type"] == "application/problem+json"
            assert answer.json()["status"] == wanted


#: Action → what its owner gets for a film that has ended; None takes no film.
ACTIONS: dict[str, str | None] = {
    "subscribe": "subscribed",
    "unsubscribe": "accepted",
    "cancel": "CONFLICT",
    "ping": None,
}


@pytest.mark.parametrize("who", [*FORGERS, "access token"])
def test_without_a_valid_id_token_there_is_no_websocket(
    cloud: LocalCloud, people: People, who: str
) -> None:
    owner = people.users["FREE owner"]
    token = owner.access_token if who == "access token" else people.forged[who]
    with pytest.raises(Refused) as caught, connected(cloud.description.websocket_url, token or ""):
        pass
    assert caught.value.status == (403 if token else 401)


@pytest.mark.parametrize("whose", ["FREE owner", "VIP+ owner"])
@pytest.mark.parametrize("who", ["FREE owner", "VIP+ owner", "other user", "admin"])
def test_over_the_websocket_only_what_is_ones_own_is_there(
    cloud: LocalCloud, people: People, who: str, whose: str
) -> None:
    with live_job(cloud, people.users[whose]) as job:
        job.end()
        with connected(cloud.description.websocket_url, people.users[who].token) as client:
            for action, done in ACTIONS.items():
                client.say(action, job.id if done else None)
                answer = client.until(lambda body: not body["event"].startswith("job:"))[-1]
                wanted = (done if who == whose else "NOT_FOUND") if done else "pong"
                assert wanted in (answer["event"], answer.get("code")), answer
                if answer["event"] == "subscribed":
                    client.until(is_end)


def test_every_action_is_in_the_matrix() -> None:
    assert set(ACTIONS) == set(Action)


def test_every_api_is_in_the_matrix(cloud: LocalCloud) -> None:
    gateway = cloud.client("apigatewayv2")
    ours = [api for api in gateway.get_apis()["Items"] if api["ApiId"] in cloud.outputs.values()]
    assert sorted(api["ProtocolType"] for api in ours) == ["HTTP", "WEBSOCKET"]
    (live,) = (api["ApiId"] for api in ours if api["ProtocolType"] == "WEBSOCKET")
    routes = gateway.get_routes(ApiId=live, MaxResults="500")["Items"]
    assert {route["RouteKey"]: route["AuthorizationType"] for route in routes} == {
        "$connect": "CUSTOM",
        "$disconnect": "NONE",
        "$default": "NONE",
    }
