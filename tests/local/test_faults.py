"""Functions killed and the cloud stopped in the middle of films: nothing is lost, nothing is paid
or made twice. The long form is tests/soak/test_faults.py."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from tests.support.local_cloud import running
from tests.support.ordeal import KILLED, Ordeal

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/stat").exists(), reason="finds workers as Linux lists them"
)


def test_films_survive_killed_functions_and_a_crash(tmp_path: Path, project: Path) -> None:
    seed = random.SystemRandom().randrange(1_000_000)
    print("seed", seed)
    with running(tmp_path / "cloud", project) as cloud:
        ordeal = Ordeal(cloud, project, seed=seed, at_once=2, kill_every_seconds=1.0)
        with ordeal.killer.at_work():
            ordeal.run(60, kills=5)
            ordeal.restart(KILLED)
            ordeal.run(60, kills=8)
        ordeal.settle()
        print(*ordeal.killer.told, json.dumps(ordeal.figures(), indent=2), sep="\n")
        ordeal.assert_nothing_lost()
        assert ordeal.faulty_films(tmp_path, look_at=1) == []
        assert ordeal.killer.kills.total() >= 8
