"""Hundreds of killed functions and dozens of stopped clouds, over short films: `make soak`.

REELSTEP_SOAK_SEED repeats a run's choices; REELSTEP_SOAK_MINUTES is when it ends at the latest.
"""

from __future__ import annotations

import json
import os
import random
import time
from pathlib import Path

import pytest

from tests.support.local_cloud import running
from tests.support.ordeal import KILLED, STOPPED, Ordeal

pytestmark = [pytest.mark.soak, pytest.mark.timeout(3600)]

KILLS, RESTARTS = 200, 20


def test_two_hundred_kills_and_twenty_restarts(tmp_path: Path, project: Path) -> None:
    seed = int(os.environ.get("REELSTEP_SOAK_SEED") or random.SystemRandom().randrange(1_000_000))
    minutes = float(os.environ.get("REELSTEP_SOAK_MINUTES") or 40)
    print(f"seed {seed}")
    end = time.monotonic() + 60 * minutes
    with running(tmp_path / "cloud", project) as cloud:
        ordeal = Ordeal(
            cloud, project, seed=seed, at_once=3, kill_every_seconds=0.5, look_seconds=1.0
        )
        with ordeal.killer.at_work():
            while not _enough(ordeal) and time.monotonic() < end:
                ordeal.run(40, ended=ordeal.rng.randint(1, 4))
                ordeal.run(ordeal.rng.uniform(0, 10))
                if ordeal.restarts.total() < RESTARTS:
                    ordeal.restart(ordeal.rng.choice((KILLED, STOPPED)))
                else:
                    ordeal.check_books()
                print(ordeal.restarts.total(), ordeal.killer.kills.total(), len(ordeal.films))
                assert ordeal.mistakes == []
        ordeal.settle(600)
        figures = ordeal.figures()
        print(json.dumps(figures, indent=2))
        ordeal.assert_nothing_lost()
        assert ordeal.faulty_films(tmp_path, look_at=12) == []
        assert _enough(ordeal), f"not done within {minutes} minutes"
    assert figures["films"].get("COMPLETED", 0) > 0
    assert figures["completed after a lost execution"] > 0


def _enough(ordeal: Ordeal) -> bool:
    return ordeal.restarts.total() >= RESTARTS and ordeal.killer.kills.total() >= KILLS
