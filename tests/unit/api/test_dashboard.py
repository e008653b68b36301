"""`/dashboard`: to the studio, wherever the deployment is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from reelstep.platform import settings
from reelstep.platform.settings import Settings
from tests.support.api import Call


@pytest.fixture
def deployed(monkeypatch: pytest.MonkeyPatch, environment: None) -> Iterator[None]:
    monkeypatch.setenv(settings.STUDIO_URL, "https://d123.cloudfront.net")
    Settings.load.cache_clear()
    yield
    Settings.load.cache_clear()


def test_it_leads_to_cloudfront(deployed: None, call: Call) -> None:
    answer = call("GET", "/dashboard", user=None)
    assert answer.status == 302
    assert answer.headers["Location"] == "https://d123.cloudfront.net/"
    assert answer.headers["Cache-Control"] == "no-store"


def test_on_a_laptop_it_leads_to_the_emulators_own_port(
    deployed: None, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    from functions.api.routes import dashboard

    address = dashboard.address("https://d123.cloudfront.net", "http://127.0.0.1:4567/")
    assert address == "http://127.0.0.1:4567/studio/"
