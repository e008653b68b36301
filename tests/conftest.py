"""Fixtures for every kind of test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.local_cloud import LocalCloud, running


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCloud]:
    """The local cloud of this test session: started on first use, stopped at the end.

    Tests share it: make users and jobs of your own instead of counting everybody's.
    """
    with running(tmp_path_factory.mktemp("cloud")) as local_cloud:
        yield local_cloud
