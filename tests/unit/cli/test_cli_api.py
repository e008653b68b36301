"""The client: sign-in, tokens, retries, and every error of the contract as a panel and a code."""

from __future__ import annotations

import json
import socket
import stat
from pathlib import Path

import pytest

from tests.unit.cli.conftest import Run, flat
from tests.unit.cli.fake_cloud import FakeCloud, problem


def test_the_demo_user_signs_in_once_and_the_token_is_kept_for_its_owner_only(
    cloud: FakeCloud, run: Run, home: Path
) -> None:
    run("list")
    run("list")

    assert cloud.sign_ins == ["USER_PASSWORD_AUTH"]
    kept = home / "session.json"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert [each.name for each in home.iterdir() if each.name.startswith(".")] == []


def test_a_token_about_to_expire_is_refreshed_without_the_password(
    cloud: FakeCloud, run: Run
) -> None:
    cloud.token_lifetime = 30
    run("list")
    run("list")

    assert cloud.sign_ins == ["USER_PASSWORD_AUTH", "REFRESH_TOKEN_AUTH"]


def test_a_token_that_is_refused_is_renewed_and_the_request_sent_again(
    cloud: FakeCloud, run: Run
) -> None:
    run("list")
    cloud.good_tokens.clear()

    assert run("generate", "A fox", "--no-follow").exit_code == 0
    assert cloud.sign_ins == ["USER_PASSWORD_AUTH", "REFRESH_TOKEN_AUTH"]
    assert len(cloud.films) == 1


def test_a_dead_refresh_token_falls_back_on_the_password(cloud: FakeCloud, run: Run) -> None:
    run("list")
    cloud.good_tokens.clear()
    cloud.refuse_refresh = True

    assert run("list").exit_code == 0
    assert cloud.sign_ins[1:] == ["REFRESH_TOKEN_AUTH", "USER_PASSWORD_AUTH"]


def test_the_token_of_another_pool_is_not_used(cloud: FakeCloud, run: Run, home: Path) -> None:
    run("list")
    kept = json.loads((home / "session.json").read_text())
    (home / "session.json").write_text(json.dumps({**kept, "clientId": "of-before-the-wipe"}))

    assert run("list").exit_code == 0
    assert cloud.sign_ins == ["USER_PASSWORD_AUTH", "USER_PASSWORD_AUTH"]


def test_a_damaged_token_file_costs_a_sign_in_only(cloud: FakeCloud, run: Run, home: Path) -> None:
    (home / "session.json").write_text('{"idToken": ')

    assert run("list").exit_code == 0


def test_a_refused_sign_in_ends_with_4(cloud: FakeCloud, run: Run) -> None:
    cloud.refuse_sign_in = "Incorrect username or password."

    result = run("list")

    assert result.exit_code == 4
    assert "demo@reelstep.test was refused" in result.stderr
    assert "Incorrect username or password." in result.stderr


def test_a_token_refused_twice_ends_with_4(cloud: FakeCloud, run: Run) -> None:
    for _ in range(2):
        cloud.plan("GET", "/user", 401, {"message": "Unauthorized"})

    result = run("list")

    assert result.exit_code == 4
    assert "Not signed in" in result.stderr


def test_a_deployment_is_named_by_the_environment(
    cloud: FakeCloud, run: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "local.json").unlink()
    cloud.good_tokens.add("from-the-environment")
    monkeypatch.setenv("REELSTEP_API_URL", cloud.url + "/")
    monkeypatch.setenv("REELSTEP_TOKEN", "from-the-environment")

    assert run("list").exit_code == 0
    assert cloud.sign_ins == []

    monkeypatch.setenv("REELSTEP_TOKEN", "stale")
    result = run("list")
    assert result.exit_code == 4
    assert "REELSTEP_TOKEN" in result.stderr


def test_a_studio_and_a_password_in_the_environment_are_enough(
    cloud: FakeCloud, run: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "local.json").unlink()
    described = {"apiUrl": cloud.url, "clientId": "client-1", "cognitoUrl": f"{cloud.url}/cognito"}
    monkeypatch.setenv("REELSTEP_STUDIO_URL", f"{cloud.url}/studio/")
    monkeypatch.setenv("REELSTEP_EMAIL", "me@reelstep.test")
    monkeypatch.setenv("REELSTEP_PASSWORD", "x")
    for _ in range(2):
        cloud.plan("GET", "/studio/config.json", 200, described)

    assert run("list").exit_code == 0
    assert cloud.signed_in == ["me@reelstep.test"]

    cloud.refuse_sign_in = "Incorrect username or password."
    result = run("list")
    assert result.exit_code == 4
    assert "REELSTEP_PASSWORD" in result.stderr


def test_what_is_no_studio_is_told(
    cloud: FakeCloud, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REELSTEP_STUDIO_URL", cloud.url)
    monkeypatch.setenv("REELSTEP_TOKEN", "t")
    cloud.plan("GET", "/config.json", 200, "<html>")

    result = run("list")

    assert result.exit_code == 3
    assert "Check REELSTEP_STUDIO_URL" in result.stderr


@pytest.mark.parametrize(
    ("variables", "code", "said"),
    [
        ({"REELSTEP_STUDIO_URL": "https://studio.example"}, 4, "REELSTEP_EMAIL is not"),
        ({"REELSTEP_EMAIL": "a", "REELSTEP_PASSWORD": "b"}, 2, "REELSTEP_STUDIO_URL is not"),
        ({"REELSTEP_WEBSOCKET_URL": "wss://live.example"}, 2, "REELSTEP_API_URL is not"),
        ({"REELSTEP_API_URL": "https://api.example"}, 4, "REELSTEP_TOKEN is not"),
        ({"REELSTEP_TOKEN": "t"}, 2, "REELSTEP_API_URL is not"),
        ({"REELSTEP_API_URL": "api.example", "REELSTEP_TOKEN": "t"}, 2, "is not a URL"),
    ],
)
def test_half_a_deployment_in_the_environment_is_told(
    run: Run,
    cloud: FakeCloud,
    monkeypatch: pytest.MonkeyPatch,
    variables: dict[str, str],
    code: int,
    said: str,
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    result = run("list")

    assert result.exit_code == code
    assert said in result.stderr


def test_without_local_json_the_command_says_to_start_the_cloud(
    run: Run, cloud: FakeCloud, home: Path
) -> None:
    (home / "local.json").unlink()

    result = run("list")

    assert result.exit_code == 3
    assert "The local cloud is not running" in result.stderr
    assert "reelstep up" in result.stderr


def test_a_half_written_local_json_is_told_as_such(run: Run, cloud: FakeCloud, home: Path) -> None:
    (home / "local.json").write_text('{"apiUrl": 3')

    result = run("list")

    assert result.exit_code == 3
    assert "local.jsoncannotberead" in flat(result.stderr).replace(" ", "")


def test_a_refused_connection_ends_with_3(run: Run, cloud: FakeCloud, home: Path) -> None:
    run("list")  # signed in while it was up
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        cloud.url = f"http://127.0.0.1:{closed.getsockname()[1]}"
    cloud.write_local_json(home)

    result = run("generate", "A fox", "--json")

    assert result.exit_code == 3
    assert "does not answer" in result.stderr
    assert json.loads(result.stdout)["error"]["exitCode"] == 3


@pytest.mark.parametrize(
    ("status", "code", "exit_code", "hint"),
    [
        (400, "MALFORMED_REQUEST", 2, "up to date"),
        (402, "INSUFFICIENT_TOKENS", 4, "reelstep account"),
        (403, "PLAN_LIMIT", 4, "another plan"),
        (404, "NOT_FOUND", 5, ""),
        (409, "CONFLICT", 2, ""),
        (413, "TOO_LARGE", 2, ""),
        (415, "UNSUPPORTED_MEDIA", 2, ""),
        (422, "CONTENT_REJECTED", 2, "something else"),
        (429, "RATE_LIMITED", 3, "Wait a moment"),
        (500, "INTERNAL_ERROR", 3, "Try again"),
        (503, "QUEUE_FULL", 3, "few minutes"),
    ],
)
def test_each_problem_of_the_contract_is_shown_and_has_its_exit_code(
    cloud: FakeCloud, run: Run, status: int, code: str, exit_code: int, hint: str
) -> None:
    body = problem(status, code, f"The title of {code}", "The detail")
    for _ in range(5):
        cloud.plan("POST", "/generate", status, body)

    result = run("generate", "A fox")

    assert result.exit_code == exit_code
    for said in (f"The title of {code}", "The detail", "trace 1-abc", hint):
        assert said in result.stderr
    assert result.stdout == ""
    keys = {headers["Idempotency-Key"] for _, _, headers, _ in cloud.asked("POST", "/generate")}
    assert len(keys) == 1, "what is sent again is the same request"
    assert len(cloud.asked("POST", "/generate")) == (5 if status in (429, 503) else 1)


def test_fields_that_are_wrong_are_named(cloud: FakeCloud, run: Run) -> None:
    errors = [
        {"field": "includeElements[2]", "message": "must contain visible text"},
        {"field": "language", "message": "is not a BCP 47 tag"},
    ]
    cloud.plan(
        "POST", "/generate", 422, problem(422, "VALIDATION_FAILED", "Not valid", "…", errors=errors)
    )

    result = run("generate", "A fox", "--json")

    assert result.exit_code == 2
    said = flat(result.stderr)
    assert "--element must contain visible text" in said
    assert "--language is not a BCP 47 tag" in said
    # For a program, who wrote the answer names its fields.
    document = json.loads(result.stdout)["error"]
    assert document["errors"] == errors
    assert (document["status"], document["code"]) == (422, "VALIDATION_FAILED")


def test_reading_is_tried_again_while_the_api_is_busy(cloud: FakeCloud, run: Run) -> None:
    film = cloud.add("A fox")
    cloud.plan("GET", film.id, 503, "busy")
    cloud.plan("GET", film.id, 429, "slow", Retry_After="0")
    cloud.plan("GET", film.id, 502, "bad gateway")

    assert run("show", film.id).exit_code == 0
    assert len(cloud.asked("GET", film.id)) == 4


def test_an_error_without_a_readable_body_still_has_its_trace_id(
    cloud: FakeCloud, run: Run
) -> None:
    cloud.plan("GET", "/user", 500, "<html>")

    result = run("list")

    assert result.exit_code == 3
    assert "The API answered 500" in result.stderr
    assert "trace-header" in result.stderr


@pytest.mark.parametrize("body", ["<html>hello</html>", [1], {"videos": "none"}])
def test_an_answer_that_is_not_the_apis_ends_with_3(
    cloud: FakeCloud, run: Run, body: object
) -> None:
    cloud.plan("GET", "/user", 200, body)

    result = run("list")

    assert result.exit_code == 3
    assert "not the answer of a Reelstep API" in result.stderr


def test_a_proxy_of_the_environment_is_not_asked_for_this_machine(
    cloud: FakeCloud, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)

    assert run("list").exit_code == 0


def test_ids_cannot_leave_their_place_in_the_path(cloud: FakeCloud, run: Run) -> None:
    assert run("show", "../../health?x=1#").exit_code == 5
    assert "%2F" in cloud.asked("GET", "health")[0][1]
