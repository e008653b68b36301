"""The caller's account and its ledger, as API Gateway calls them, on moto."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from reelstep.wallet.ledger import Ledger
from tests.support.api import Call, assert_problem

ACCOUNT, LEDGER = "/api/v1/account", "/api/v1/account/ledger"
FILM = {"prompt": "Un jardin fleuri", "durationSeconds": 10}


def _filled(ledger: Ledger, user: str, count: int) -> None:
    ledger.open(user, 1_000)
    for number in range(count):
        ledger.grant(user, f"g{number}", 1, reason=f"number {number}", by="boss")


@pytest.mark.parametrize(
    ("groups", "plan", "limits"),
    [
        ((), "FREE", (60, "STANDARD", 1, 4)),
        (("plan-standard",), "STANDARD", (180, "HD", 2, 3)),
        (("plan-premium", "plan-standard"), "PREMIUM", (300, "HD", 3, 2)),
        (("admin", "plan-vip-plus"), "VIP_PLUS", (600, "ULTRA", 5, 1)),
    ],
)
def test_an_account_is_what_its_groups_say(
    call: Call, groups: tuple[str, ...], plan: str, limits: tuple[Any, ...]
) -> None:
    answer = call("GET", ACCOUNT, groups=groups)
    assert answer.status == 200
    names = ("maxDurationSeconds", "maxQuality", "concurrentJobs", "priority")
    assert answer.body == {
        "userId": "user-1",
        "plan": plan,
        "admin": "admin" in groups,
        "limits": dict(zip(names, limits, strict=True)),
        "balance": 1_000,
        "reserved": 0,
        "runningJobs": 0,
    }


def test_the_welcome_grant_comes_once(call: Call) -> None:
    for _ in range(3):
        assert call("GET", ACCOUNT).body["balance"] == 1_000
    entries = call("GET", LEDGER).body["entries"]
    assert [(entry["type"], entry["tokens"]) for entry in entries] == [("GRANT", 1_000)]


def test_the_ledger_alone_opens_the_account_too(call: Call) -> None:
    assert [entry["reason"] for entry in call("GET", LEDGER).body["entries"]] == ["welcome"]
    french = call("GET", LEDGER, language="fr").body["entries"]
    assert [entry["reason"] for entry in french] == ["bienvenue"]


def test_a_reason_that_an_admin_wrote_is_not_translated(call: Call, cloud: Any) -> None:
    cloud.ledger.open("user-1", 1_000)
    cloud.ledger.grant("user-1", "g", 5, reason="welcome", by="boss")
    newest = call("GET", LEDGER, language="fr").body["entries"][0]
    assert (newest["tokens"], newest["reason"]) == (5, "welcome")


def test_a_running_film_is_counted_and_its_tokens_are_reserved(call: Call) -> None:
    film = call("POST", "/api/v1/videos/generate", FILM).body
    account = call("GET", ACCOUNT).body
    assert (account["balance"], account["reserved"], account["runningJobs"]) == (950, 50, 1)
    newest = call("GET", LEDGER).body["entries"][0]
    assert set(newest) == {"id", "type", "tokens", "jobId", "reason", "at"}
    assert (newest["type"], newest["tokens"], newest["jobId"]) == ("RESERVE", 50, film["videoId"])
    call("POST", f"/api/v1/videos/{film['videoId']}/cancel")
    account = call("GET", ACCOUNT).body
    assert (account["balance"], account["reserved"], account["runningJobs"]) == (1_000, 0, 0)


@pytest.mark.parametrize(("entries", "sizes"), [(5, [2, 2, 2]), (3, [2, 2]), (1, [2]), (2, [2, 1])])
def test_pages_follow_each_other_to_the_end(
    call: Call, cloud: Any, entries: int, sizes: list[int]
) -> None:
    """`entries` and the welcome. The last page has no cursor, also when it is a full one."""
    _filled(cloud.ledger, "user-1", entries)
    found, seen = [], []
    query: dict[str, str] = {"size": "2"}
    while True:
        page = call("GET", LEDGER, query=query).body
        found.append(len(page["entries"]))
        seen += [entry["id"] for entry in page["entries"]]
        if page["cursor"] is None:
            break
        query["cursor"] = page["cursor"]
    assert found == sizes
    newest_first = [f"g{n}#GRANT" for n in reversed(range(entries))]
    assert seen == [*newest_first, "welcome#GRANT"]


def _encoded(value: Any) -> str:
    text = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(text).decode()


BROKEN_CURSORS = [
    *("x", "%", "not base64!", "é", "\ud800", "\x00", "====", " "),
    _encoded(b"\xff\xfe"),
    _encoded(b"no-such-entry#GRANT"),
    _encoded(b"x" * 300),
    _encoded(b"welcome#GRANT\x00"),
    _encoded(7),
    _encoded(["LEDGER#x", "y"]),
    _encoded([{"deep": []}]),
    _encoded(b"../WALLET"),
]


def test_a_broken_cursor_is_named(call: Call, cloud: Any) -> None:
    _filled(cloud.ledger, "user-1", 3)
    for cursor in BROKEN_CURSORS:
        answer = call("GET", LEDGER, query={"cursor": cursor})
        assert_problem(answer, 422, "VALIDATION_FAILED")
        assert [error["field"] for error in answer.body["errors"]] == ["cursor"], cursor


def test_somebody_elses_cursor_is_as_broken_and_shows_nothing(call: Call, cloud: Any) -> None:
    _filled(cloud.ledger, "user-2", 3)
    theirs = call("GET", LEDGER, query={"size": "1"}, user="user-2").body["cursor"]
    assert call("GET", LEDGER, query={"cursor": theirs}, user="user-2").status == 200
    answer = call("GET", LEDGER, query={"cursor": theirs}, language="fr")
    assert_problem(answer, 422, "VALIDATION_FAILED")
    assert "relevé" in answer.body["errors"][0]["message"]


def test_a_page_has_one_to_a_hundred_entries(call: Call) -> None:
    for size in ("0", "101", "-1", "x", "1.5", "", "1" * 30):
        answer = call("GET", LEDGER, query={"size": size})
        assert_problem(answer, 422, "VALIDATION_FAILED")
        assert [error["field"] for error in answer.body["errors"]] == ["size"], size


def test_ledgers_are_ones_own(call: Call, cloud: Any) -> None:
    _filled(cloud.ledger, "user-2", 3)
    assert len(call("GET", LEDGER, user="user-1").body["entries"]) == 1


def test_a_deployment_may_welcome_nobody(cloud: Any) -> None:
    """A grant of 0 was an update with nothing to update, which DynamoDB refuses."""
    assert cloud.ledger.open("user-3", 0).balance == 0


def test_an_access_token_shows_nothing(call: Call) -> None:
    for path in (ACCOUNT, LEDGER):
        assert_problem(call("GET", path, token_use="access"), 401, "UNAUTHORIZED")
