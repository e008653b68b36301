"""Passwords and tokens of both clients."""

from __future__ import annotations

import asyncio
import json
import threading
from pathlib import Path
from typing import Any

import pytest

from reelstep.client import (
    AsyncClient,
    Client,
    Deployment,
    NotSignedIn,
    NotTheApi,
    Password,
    Token,
    Unreachable,
    WrongSettings,
)
from tests.unit.cli.fake_cloud import FakeCloud
from tests.unit.client.conftest import QUICK, Both, deployment_of


def test_a_password_is_sent_once_and_its_token_used_after(
    cloud: FakeCloud, signed_in: Both
) -> None:
    signed_in.call("account")
    signed_in.call("account")

    assert cloud.sign_ins == ["USER_PASSWORD_AUTH"]
    assert signed_in.call("token") == "token-1"


def test_a_refused_token_is_renewed_once(cloud: FakeCloud, signed_in: Both) -> None:
    signed_in.call("account")
    cloud.good_tokens.clear()

    signed_in.call("account")
    assert cloud.sign_ins == ["USER_PASSWORD_AUTH", "REFRESH_TOKEN_AUTH"]
    for _ in range(2):
        cloud.plan("GET", "/account", 401, {"message": "Unauthorized"})
    with pytest.raises(NotSignedIn, match="Unauthorized"):
        signed_in.call("account")


def test_a_given_token_is_not_sent_again_when_it_is_refused(cloud: FakeCloud, both: Both) -> None:
    both.open(Deployment(cloud.url), Token("stale"))

    with pytest.raises(NotSignedIn):
        both.call("account")
    assert len(cloud.requests) == 1


@pytest.mark.parametrize(
    ("status", "body", "error", "said"),
    [
        (400, {"__type": "NotAuthorizedException", "message": "Wrong."}, NotSignedIn, "Wrong."),
        (400, {"__type": "x#UserNotConfirmedException"}, NotSignedIn, "UserNotConfirmedException"),
        (200, {"ChallengeName": "NEW_PASSWORD_REQUIRED"}, NotSignedIn, "NEW_PASSWORD_REQUIRED"),
        (200, {"AuthenticationResult": {}}, NotSignedIn, "refused"),
        (400, {"__type": "TooManyRequestsException"}, Unreachable, "busy"),
        (200, "<html>", NotTheApi, "readable"),
    ],
)
def test_every_way_a_sign_in_can_fail(
    cloud: FakeCloud, signed_in: Both, status: int, body: Any, error: type, said: str
) -> None:
    cloud.plan("POST", "/cognito", status, body)

    with pytest.raises(error, match=said):
        signed_in.call("account")


def test_a_password_never_shows(cloud: FakeCloud) -> None:
    known = Deployment(cloud.url, demo_user=Password("a", "hidden"))

    assert "hidden" not in repr((Password("a", "hidden"), Token("hidden"), known))


def test_a_password_needs_to_know_where_to_sign_in(cloud: FakeCloud) -> None:
    with pytest.raises(WrongSettings) as lacking:
        Client(Deployment(cloud.url), Password("a", "b"))
    assert lacking.value.name == "cognitoUrl"


def test_tokens_are_kept_in_a_file_of_its_owner(
    cloud: FakeCloud, both: Both, tmp_path: Path
) -> None:
    cache = tmp_path / "session.json"
    for _ in range(2):
        both.open(deployment_of(cloud), Password("me@reelstep.test", "x", cache))
        both.call("account")
        both.call("close")

    assert cloud.sign_ins == ["USER_PASSWORD_AUTH"]
    assert cache.stat().st_mode & 0o777 == 0o600
    assert json.loads(cache.read_text())["email"] == "me@reelstep.test"


def test_threads_that_need_a_token_at_once_sign_in_once(cloud: FakeCloud) -> None:
    with Client(deployment_of(cloud), Password("me@reelstep.test", "x"), patience=QUICK) as client:
        threads = [threading.Thread(target=client.account) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert cloud.sign_ins == ["USER_PASSWORD_AUTH"]
    assert len(cloud.asked("GET", "/account")) == 8


def test_tasks_that_need_a_token_at_once_sign_in_once(cloud: FakeCloud) -> None:
    async def all_at_once() -> None:
        who = Password("me@reelstep.test", "x")
        async with AsyncClient(deployment_of(cloud), who, patience=QUICK) as client:
            await asyncio.gather(*[client.account() for _ in range(8)])

    asyncio.run(all_at_once())

    assert cloud.sign_ins == ["USER_PASSWORD_AUTH"]
    assert len(cloud.asked("GET", "/account")) == 8


def test_a_proxy_of_the_environment_is_not_asked_for_this_machine(
    cloud: FakeCloud, both: Both, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    both.open(Deployment(cloud.url), Token("good"))

    assert both.call("account").balance == 940
