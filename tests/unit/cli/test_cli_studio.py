"""`open` without a film, `password`, `publish`."""

from __future__ import annotations

import json
import os
import webbrowser
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import boto3
import pytest
from moto import mock_aws

from reelstep.cli import studio
from reelstep.local import description, locks
from reelstep.local.paths import Home
from reelstep.studio.files import PageFile
from tests.unit.cli.conftest import Run
from tests.unit.cli.fake_cloud import FakeCloud
from tests.unit.cli.test_cli_local_cloud import described

STUDIO = "http://127.0.0.1:4566/studio/"


@pytest.fixture
def down(cloud: FakeCloud, home: Path) -> None:
    """A cloud with a studio that was stopped."""
    there = described(cloud.url).model_copy(update={"studio_url": STUDIO})
    description.write(home / "local.json", there)


@pytest.fixture
def up(down: None, home: Path) -> Iterator[None]:
    """The same while it runs."""
    lock = locks.hold(Home(home).running, json.dumps({"pid": os.getpid(), "port": 4566}))
    assert lock is not None
    with lock:
        yield


def test_open_shows_the_studio(up: None, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", lambda url: opened.append(url) or True)
    monkeypatch.setenv("BROWSER", "anything")
    assert run("open").exit_code == 0
    assert opened == [STUDIO]


def test_its_address_can_be_had_alone(up: None, run: Run) -> None:
    assert run("open", "--url").stdout == f"{STUDIO}\n"


def test_without_a_local_cloud_nothing_opens(cloud: FakeCloud, run: Run, home: Path) -> None:
    (home / "local.json").unlink()
    assert run("open").exit_code == 3


def test_a_stopped_cloud_opens_nothing(down: None, run: Run) -> None:
    result = run("open", "--url")
    assert (result.exit_code, result.stdout) == (3, "")
    assert "reelstep up" in result.stderr


def test_the_password_is_printed_alone(up: None, run: Run) -> None:
    assert run("password").stdout == "correct horse\n"


STACK_OUTPUTS = {
    "Stage": "dev",
    "Region": "us-east-1",
    "ApiUrl": "https://api.example.org",
    "WebSocketUrl": "wss://live.example.org/live",
    "UserPoolId": "pool",
    "ClientId": "client",
    "SignInUrl": "https://cognito-idp.us-east-1.amazonaws.com",
    "SiteBucket": "site",
    "StudioUrl": "https://d1.cloudfront.net",
    "StudioDistributionId": "E1",
}


class Session:
    """boto3's, on moto for S3, with one stack and a distribution that takes notes."""

    forgotten: ClassVar[list[str]] = []

    def __init__(self, region_name: str | None = None):
        self.region = region_name

    def client(self, service: str) -> Any:
        return boto3.client("s3", region_name="us-east-1") if service == "s3" else self

    def describe_stacks(self, *, StackName: str) -> Any:  # noqa: N803
        assert StackName == "Reelstep-dev"
        outputs = [
            {"OutputKey": name, "OutputValue": value} for name, value in STACK_OUTPUTS.items()
        ]
        return {"Stacks": [{"Outputs": outputs}]}

    def create_invalidation(self, *, DistributionId: str, **_: Any) -> Any:  # noqa: N803
        self.forgotten.append(DistributionId)
        return {"Invalidation": {"Id": "I1"}}


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Session]]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with mock_aws():
        boto3.client("s3", region_name="us-east-1").create_bucket(Bucket="site")
        monkeypatch.setattr(Session, "forgotten", [])
        monkeypatch.setattr(boto3, "Session", Session)
        files = [PageFile("index.html", b"<p>")]
        monkeypatch.setattr("reelstep.studio.files.page_files", lambda *_: files)
        yield Session


def test_publishing_tells_cloudfront_when_something_has_changed(
    aws: type[Session], run: Run
) -> None:
    first = json.loads(run("publish", "--stack", "Reelstep-dev", "--json").stdout)
    assert first == {
        "studioUrl": "https://d1.cloudfront.net",
        "written": ["config.json", "index.html"],
        "removed": [],
    }
    assert aws.forgotten == ["E1"]
    again = json.loads(run("publish", "--stack", "Reelstep-dev", "--json").stdout)
    assert (again["written"], aws.forgotten) == ([], ["E1"])
    every = json.loads(run("publish", "--stack", "Reelstep-dev", "--all", "--json").stdout)
    assert len(every["written"]) == 2


def test_a_stack_that_aws_does_not_know_is_said(
    aws: type[Session], run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    from botocore.exceptions import ClientError

    def refuse(*_: Any, **__: Any) -> None:
        raise ClientError(
            {"Error": {"Code": "ValidationError", "Message": "Stack does not exist"}}, "Describe"
        )

    monkeypatch.setattr(studio, "_publish", refuse)
    result = run("publish", "--stack", "Nope")
    assert result.exit_code == 2
    assert "Stack does not exist" in result.stderr
    assert "Nope" in result.stderr
