"""What tests of pipelines share."""

from __future__ import annotations

from typing import Any

import pytest

from reelstep.events.connections import Connections
from reelstep.pipelines import live as live_module
from reelstep.pipelines.live import Live
from reelstep.platform.settings import Settings
from tests.support.live_stage import Stage, Wire
from tests.support.table import TABLE


@pytest.fixture
def stage(cloud: Any, monkeypatch: pytest.MonkeyPatch) -> Stage:
    wire = Wire()
    taken: list[str] = []
    live = Live(
        Settings.load(),
        Connections(cloud.jobs.client, TABLE),
        wire,  # type: ignore[arg-type]
        taken.append,
    )
    monkeypatch.setattr(live_module, "repository", lambda _settings: cloud.jobs)
    monkeypatch.setattr("functions.socket.handler.live", lambda _settings: live)
    monkeypatch.setattr("functions.fanout.handler.live", lambda _settings: live)
    return Stage(live, wire, cloud, taken)
