"""A browser for the session, a context for each test, and no test that leaves complaints behind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.support import browser as browsers
from tests.support.browser import Tab
from tests.support.local_cloud import LocalCloud

OpenTab = Callable[..., Tab]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Of one file, not of the session: while Playwright runs, its event loop is this thread's, and
    nobody's asyncio.run works."""
    browsers.executable()  # skips before anything is started
    expect.set_options(timeout=browsers.PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = browsers.launched(playwright)
        yield browser
        browser.close()


@pytest.fixture
def open_tab(
    chromium: Browser, cloud: LocalCloud, request: pytest.FixtureRequest
) -> Iterator[OpenTab]:
    """`open_tab(locale=…, viewport=…)`: the studio's page in a browser that nobody has used yet.

    What the page complains of in its console fails the test, except for texts that contain one of
    the tab's `expected`.
    """
    tabs: list[Tab] = []
    with ExitStack() as stack:

        def open_one(**context: Any) -> Tab:
            own = chromium.new_context(**({"locale": "en-GB"} | context))
            stack.callback(own.close)
            name = request.node.name.removeprefix("test_").replace("_", "-")
            tab = browsers.opened(own, name)
            tabs.append(tab)
            return tab

        yield open_one
        failed = getattr(request.node, "failed", False)
        for tab in tabs:
            if failed:
                tab.picture("failed")
    complaints = [text for tab in tabs for text in tab.unexpected()]
    assert complaints == []


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Any:
    report = (yield).get_result()
    if report.when == "call":
        item.failed = report.failed  # type: ignore[attr-defined]
