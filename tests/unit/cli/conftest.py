"""A fake cloud per test, and a runner of the real command line against it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from reelstep.cli import api
from reelstep.cli.main import app
from reelstep.client import Patience
from tests.unit.cli.fake_cloud import FakeCloud, start


def flat(output: str) -> str:
    """Output as one line of words, without the frames of panels."""
    return " ".join(re.sub("[╭─╮│╰╯]", " ", output).split())


Run = Callable[..., Result]


@pytest.fixture
def cloud(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeCloud]:
    """A cloud that is up, in a home of its own; the working directory is empty."""
    fake = FakeCloud()
    server = start(fake)
    home, work = tmp_path / "home", tmp_path / "work"
    work.mkdir()
    fake.write_local_json(home)
    monkeypatch.setenv("REELSTEP_HOME", str(home))
    for name in ("API_URL", "WEBSOCKET_URL", "STUDIO_URL", "TOKEN", "EMAIL", "PASSWORD", "DEBUG"):
        monkeypatch.delenv(f"REELSTEP_{name}", raising=False)
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    monkeypatch.setenv("COLUMNS", "80")
    quick = Patience(first_pause=0.005, poll_every=0.02, lost_after=0)
    monkeypatch.setattr(api, "PATIENCE", quick)
    monkeypatch.chdir(work)
    yield fake
    server.shutdown()
    server.server_close()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def run() -> Run:
    """`run("show", id)` → exit_code, stdout, stderr."""
    runner = CliRunner()

    def invoke(*arguments: str, **more: object) -> Result:
        return runner.invoke(app, [str(each) for each in arguments], **more)  # type: ignore[arg-type]

    return invoke
