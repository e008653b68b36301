"""`follow` over a WebSocket, and what is said when it breaks."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console

from reelstep.cli.progress_view import PlainLines
from reelstep.cli.terminal import Terminal
from reelstep.client import JobProgress, LiveState
from tests.unit.cli.conftest import Run
from tests.unit.cli.fake_cloud import MOVIE, FakeCloud
from tests.unit.client.live_server import LiveServer, drop_after, serving


@pytest.fixture
def live(cloud: FakeCloud, home: Path) -> Iterator[LiveServer]:
    with serving(cloud, cloud.add("A fox")) as server:
        cloud.websocket_url = server.url
        cloud.write_local_json(home)
        yield server


def test_events_come_over_the_websocket_and_nothing_is_polled(
    cloud: FakeCloud, run: Run, live: LiveServer
) -> None:
    result = run("follow", live.film.id, "--json")

    assert result.exit_code == 0, result.output
    assert [json.loads(line) for line in result.stdout.splitlines()] == live.film.events
    assert cloud.asked("GET", "/events") == []


def test_a_line_that_breaks_is_told_and_the_film_is_fetched_all_the_same(
    cloud: FakeCloud, run: Run, live: LiveServer
) -> None:
    live.plan(drop_after(4))

    result = run("follow", live.film.id)

    assert result.exit_code == 0, result.output
    assert "no connection; trying again" in result.stdout
    assert "connected again" in result.stdout
    assert "Finalization done" in result.stdout
    assert Path("a-fox.mp4").read_bytes() == MOVIE


def test_a_pause_is_told_once_and_so_is_its_end() -> None:
    out = io.StringIO()
    terminal = Terminal(out=Console(file=out, width=80), err=Console(file=io.StringIO()))
    with PlainLines(terminal, JobProgress("v")) as view:
        for state in ("connecting", "live", "reconnecting", "reconnecting", "polling", "live"):
            view.became(LiveState(state))

    assert out.getvalue().splitlines() == [
        "  0 %  no connection; trying again",
        "  0 %  connected again",
    ]
