"""`account`, its ledger, and what admins may do."""

from __future__ import annotations

import json
import stat
import time
from pathlib import Path
from typing import Any

import pytest

from tests.unit.cli.conftest import Run, flat
from tests.unit.cli.fake_cloud import FakeCloud
from tests.unit.cli.fake_people import USER_ID, entry, problem

FILM = "3f1c9a2b-0000-4000-8000-000000000000"
MOVEMENTS: list[dict[str, Any]] = [
    entry(9, "PLAN", 0, reason="PREMIUM: asked for it"),
    entry(8, "GRANT", -40, reason="a mistake"),
    entry(7, "REFUND", 60, jobId=FILM),
    entry(6, "SETTLE", 40, jobId=FILM),
    entry(5, "RESERVE", 100, jobId=FILM),
    entry(4, "GRANT", 1000, reason="welcome"),
]


def test_the_account_tells_plan_limits_and_tokens(cloud: FakeCloud, run: Run) -> None:
    result = run("account")

    assert result.exit_code == 0, result.output
    said = flat(result.stdout)
    for part in (
        *("Plan PREMIUM", "up to 5 min · up to HD", "1 of 3 at once"),
        "Queue priority 2 (1 goes first)",
        *("Balance 940 tokens", "Reserved 60 tokens", "reelstep account ledger"),
    ):
        assert part in said
    assert "admin" not in said
    assert json.loads(run("account", "--json").stdout) == cloud.people.account


def test_an_admin_is_told_to_be_one(cloud: FakeCloud, run: Run) -> None:
    cloud.people.account |= {"admin": True, "plan": "VIP_PLUS"}

    assert "VIP_PLUS · admin" in run("account").stdout


def test_the_ledger_shows_what_each_movement_did_to_the_balance(
    cloud: FakeCloud, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud.people.entries = MOVEMENTS
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("TZ", "Asia/Tokyo")
        time.tzset()
        result = run("account", "ledger")
    time.tzset()

    lines = [line.split() for line in result.stdout.splitlines()]
    assert lines[0] == ["when", "what", "tokens", "film", "reason"]
    assert lines[1][:4] == ["2026-11-09", "19:00", "plan", "PREMIUM:"]
    assert lines[2][2:] == ["grant", "−40", "a", "mistake"]
    assert lines[3][2:] == ["refund", "+60", FILM[:8]]
    assert lines[4][2:] == ["settle", "40", FILM[:8]]
    assert lines[5][2:] == ["reserve", "−100", FILM[:8]]
    assert lines[6][2:] == ["grant", "+1,000", "welcome"]
    assert max(len(line) for line in result.stdout.splitlines()) <= 80


def test_one_page_says_that_there_is_more(cloud: FakeCloud, run: Run) -> None:
    cloud.people.entries = MOVEMENTS

    result = run("account", "ledger", "--size", "2")

    assert len(result.stdout.splitlines()) == 4
    assert "reelstep account ledger --all" in result.stdout
    assert json.loads(run("account", "ledger", "--size", "2", "--json").stdout) == {
        "entries": MOVEMENTS[:2],
        "cursor": "2",
    }


def test_all_of_the_ledger_is_read_page_by_page(cloud: FakeCloud, run: Run) -> None:
    cloud.people.entries = [entry(1 + number % 28, "GRANT", 1) for number in range(230)]

    document = json.loads(run("account", "ledger", "--all", "--json").stdout)

    assert document == {"entries": cloud.people.entries, "cursor": None}
    asked = [path.partition("?")[2] for _, path, _, _ in cloud.asked("GET", "/ledger")]
    assert asked == ["size=100", "size=100&cursor=100", "size=100&cursor=200"]


def test_a_ledger_that_goes_round_is_left(cloud: FakeCloud, run: Run) -> None:
    for _ in range(3):
        cloud.plan("GET", "/ledger", 200, {"entries": [], "cursor": "same"})

    result = run("account", "ledger", "--all")

    assert result.exit_code == 3
    assert len(cloud.asked("GET", "/ledger")) == 2


def test_an_empty_ledger_says_so(cloud: FakeCloud, run: Run) -> None:
    assert "No tokens have moved yet" in run("account", "ledger").stdout


@pytest.mark.parametrize("size", ["0", "101", "many"])
def test_a_size_that_cannot_be_is_refused_here(cloud: FakeCloud, run: Run, size: str) -> None:
    assert run("account", "ledger", "--size", size).exit_code == 2
    assert cloud.requests == []


def test_admin_commands_sign_in_as_the_admin_of_the_local_cloud_and_keep_it_apart(
    cloud: FakeCloud, run: Run, home: Path
) -> None:
    result = run("admin", "show", "demo+x@reelstep.test")
    run("list")
    run("admin", "show", USER_ID)

    assert result.exit_code == 0, result.output
    assert "Balance 940 tokens" in flat(result.stdout)
    assert cloud.signed_in == ["admin@reelstep.test", "demo@reelstep.test"]
    for name in ("session.json", "session-admin.json"):
        assert stat.S_IMODE((home / name).stat().st_mode) == 0o600
    assert cloud.asked("GET", "/admin")[0][1] == "/api/v1/admin/users/demo%2Bx@reelstep.test"


def test_a_deployment_is_asked_with_the_token_of_the_environment(
    cloud: FakeCloud, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud.good_tokens.add("given")
    monkeypatch.setenv("REELSTEP_API_URL", cloud.url)
    monkeypatch.setenv("REELSTEP_TOKEN", "given")

    result = run("admin", "show", USER_ID)

    assert result.exit_code == 5
    assert "no such user, or you are not an admin" in result.stderr
    cloud.people.admin_tokens.add("given")
    assert run("admin", "show", USER_ID, "--json").exit_code == 0


def test_granting_tells_the_new_balance(cloud: FakeCloud, run: Run) -> None:
    result = run("admin", "grant", USER_ID, "500", "--reason", "for the fair")

    assert result.exit_code == 0, result.output
    assert f"Granted 500 tokens to {USER_ID} · the balance is 1,440" in result.stdout
    ((_, _, headers, body),) = cloud.asked("POST", "/tokens")
    assert body == {"tokens": 500, "reason": "for the fair"}
    assert len(headers["Idempotency-Key"]) == 36


def test_a_grant_whose_answer_is_lost_is_sent_again_as_the_same(cloud: FakeCloud, run: Run) -> None:
    cloud.plan("POST", "/tokens", 502, "bad gateway")

    assert run("admin", "grant", USER_ID, "500", "--reason", "r").exit_code == 0
    keys = [headers["Idempotency-Key"] for _, _, headers, _ in cloud.asked("POST", "/tokens")]
    assert len(keys) == 2
    assert len(set(keys)) == 1


@pytest.mark.parametrize(
    "order",
    [
        ("admin", "grant", USER_ID, "-500", "--reason", "r"),
        ("admin", "grant", "--reason", "r", USER_ID, "-500"),
        ("admin", "grant", "--reason", "r", "--", USER_ID, "-500"),
    ],
)
def test_tokens_can_be_taken_back(cloud: FakeCloud, run: Run, order: tuple[str, ...]) -> None:
    result = run(*order)

    assert result.exit_code == 0, result.output
    assert "Took 500 tokens from" in result.stdout
    assert cloud.people.balance == 440


def test_more_than_there_is_cannot_be_taken_back(cloud: FakeCloud, run: Run) -> None:
    result = run("admin", "grant", USER_ID, "-5000", "--reason", "r")

    assert result.exit_code == 2
    assert "The balance is lower than that" in result.stderr
    assert f"reelstep admin show {USER_ID}" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("grant", USER_ID, "0", "--reason", "r"), "TOKENS"),
        (("grant", USER_ID, "ten", "--reason", "r"), "TOKENS"),
        (("grant", USER_ID, "5"), "--reason"),
        (("grant", USER_ID, "5", "--reason", " "), "--reason"),
        (("grant", USER_ID, "5", "--reson", "r"), "--reason"),
        (("plan", USER_ID, "GOLD", "--reason", "r"), "PLAN"),
        (("plan", USER_ID, "FREE", "--reason", ""), "--reason"),
    ],
)
def test_what_cannot_be_is_refused_here(
    cloud: FakeCloud, run: Run, arguments: tuple[str, ...], named: str
) -> None:
    result = run("admin", *arguments)

    assert result.exit_code == 2
    assert named in result.stderr
    assert cloud.requests == []


@pytest.mark.parametrize("written", ["vip_plus", "VIP_PLUS"])
def test_a_plan_is_set(cloud: FakeCloud, run: Run, written: str) -> None:
    result = run("admin", "plan", USER_ID, written, "--reason", "paid")

    assert f"{USER_ID} has the plan VIP_PLUS" in result.stdout
    assert cloud.asked("PUT", "/plan")[0][3] == {"plan": "VIP_PLUS", "reason": "paid"}
    document = json.loads(run("admin", "plan", USER_ID, "FREE", "--reason", "r", "--json").stdout)
    assert document == {"userId": USER_ID, "plan": "FREE"}


@pytest.mark.parametrize(
    "command",
    [("show",), ("grant", "5", "--reason", "r"), ("plan", "FREE", "--reason", "r")],
)
def test_an_unknown_user_ends_with_5(cloud: FakeCloud, run: Run, command: tuple[str, ...]) -> None:
    name, *rest = command

    result = run("admin", name, "nobody@reelstep.test", *rest)

    assert result.exit_code == 5
    assert "no such user" in result.stderr
    assert "reelstep list" not in result.stderr


def test_a_users_id_cannot_leave_its_place_in_the_path(cloud: FakeCloud, run: Run) -> None:
    assert run("admin", "show", "../../health?x=1#").exit_code == 5
    assert cloud.asked("GET", "/admin")[0][1].endswith("/users/..%2F..%2Fhealth%3Fx%3D1%23")


def test_words_of_the_api_cannot_steer_the_terminal(cloud: FakeCloud, run: Run) -> None:
    cloud.people.entries = [entry(1, "GRANT", 5, reason="\x1b[2Jgone", jobId="\x1b]0;x")]
    cloud.plan("GET", "/account", 403, problem(403, "PLAN_LIMIT", "No\x1b[2J", "…", limit="\x1b["))

    assert "\x1b" not in run("account").stderr
    assert "\x1b" not in run("account", "ledger").stdout
