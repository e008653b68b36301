"""Fixtures for every kind of test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

# What fails in there shall say what it compared.
pytest.register_assert_rewrite("tests.support.films", "tests.support.ordeal")

from tests.support.local_cloud import LocalCloud, running, snapshot  # noqa: E402


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
