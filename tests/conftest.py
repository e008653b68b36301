"""Fixtures for every kind of test."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

# What fails in there shall say what it compared.
pytest.register_assert_rewrite("tests.support.films", "tests.support.ordeal")

from tests.support.local_cloud import LocalCloud, running, snapshot  # noqa: E402


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What `make test WORKERS=2` may run side by side (`--dist loadgroup`).

    Everything that shares the session's cloud stays in one process, so that there is one such
    cloud; clouds of tests' own come one after the other. Else a file stays together, with what its
    fixtures have made.
    """
    for item in items:
        folder, *rest = item.path.relative_to(Path(__file__).parent).parts
        group = "/".join((folder, *rest))
        if folder in ("browser", "contracts", "local"):
            if "cloud" in getattr(item, "fixturenames", ()):
                group = "the session's cloud"
            elif folder == "local":
                group = "clouds of their own"
        item.add_marker(pytest.mark.xdist_group(group))


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what gets deployed, as it is at the start of the session."""
    return snapshot(tmp_path_factory.mktemp("project"))


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory, project: Path) -> Iterator[LocalCloud]:
    """The local cloud of this test session: started on first use, stopped at the end.

    Tests share it: make users and jobs of your own instead of counting everybody's.
    """
    with running(tmp_path_factory.mktemp("cloud"), project) as local_cloud:
        yield local_cloud
        assert_streams_flow(local_cloud)


def assert_streams_flow(local_cloud: LocalCloud) -> None:
    """No record was left that a function cannot handle: the emulator tries it again for ever, and
    all that comes after it waits."""
    end = time.monotonic() + 60
    while stuck := _stuck(local_cloud):
        assert time.monotonic() < end, f"a test has left {stuck} with a record it cannot handle"
        time.sleep(1)


def _stuck(local_cloud: LocalCloud) -> list[str]:
    sources = local_cloud.client("lambda").list_event_source_mappings()["EventSourceMappings"]
    return [each["FunctionArn"] for each in sources if each.get("LastProcessingResult") == "FAILED"]
