"""What the libraries beneath log of a client: never a token, a signature or a password."""

from __future__ import annotations

import logging
from pathlib import Path

import httpx
import pytest

from reelstep.client import Deployment, Token
from reelstep.client.answers import Video
from tests.unit.cli.fake_cloud import FakeCloud
from tests.unit.client.conftest import Both
from tests.unit.client.live_server import LiveServer


def test_a_signed_address_is_logged_without_its_signature(
    cloud: FakeCloud, rest: Both, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    signed = Video(id="x", status="COMPLETED", storage_url=f"{cloud.url}/media/x?Signature=secret")

    with caplog.at_level(logging.DEBUG):
        rest.call("download", signed, tmp_path / "film.mp4")
        rest.call("videos", page=1)

    assert "secret" not in caplog.text
    lines = [each.getMessage() for each in caplog.records if each.name == "httpx"]
    assert [line.partition(cloud.url)[2].split()[0] for line in lines] == [
        "/media/x",
        "/api/v1/videos/user",
    ]


def test_a_password_in_an_address_is_not_logged(
    cloud: FakeCloud, both: Both, caplog: pytest.LogCaptureFixture
) -> None:
    both.open(Deployment(cloud.url.replace("//", "//me:secret@")), Token("good"))

    with caplog.at_level(logging.DEBUG):
        both.call("health")

    assert "httpx" in {each.name for each in caplog.records}
    assert "secret" not in caplog.text


def test_what_the_program_itself_asks_is_logged_as_ever(
    cloud: FakeCloud, rest: Both, caplog: pytest.LogCaptureFixture
) -> None:
    rest.call("health")
    with caplog.at_level(logging.INFO), httpx.Client() as own:
        own.get(f"{cloud.url}/api/v1/health?mine=1")

    assert "health?mine=1" in caplog.text


def test_the_filter_is_there_once(cloud: FakeCloud, both: Both) -> None:
    both.open(Deployment(cloud.url))
    before = list(logging.getLogger("httpx").filters)
    both.call("close")
    both.open(Deployment(cloud.url))

    assert logging.getLogger("httpx").filters == before


def test_the_token_of_a_websocket_and_what_it_tells_are_not_logged(
    cloud: FakeCloud, live: LiveServer, both: Both, caplog: pytest.LogCaptureFixture
) -> None:
    cloud.good_tokens.add("secret")
    deployment = Deployment(cloud.url, live.url, client_id="c", cognito_url=f"{cloud.url}/cognito")
    both.open(deployment, Token("secret"))

    # The server of this test logs its side, as it has to.
    with caplog.at_level(logging.DEBUG):
        assert both.follow(live.film.id) == live.film.events

    assert live.tokens == ["secret"]
    ours = [each for each in caplog.records if each.name != "websockets.server"]
    assert "secret" not in "".join(each.getMessage() for each in ours)
    assert [each for each in ours if each.name.startswith("websockets")] == []
