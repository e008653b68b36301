"""A real browser for tests: which one, what it is told, and what it complained of."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, WebSocketRoute

from reelstep.local.paths import ROOT

#: `required` makes a machine without a browser a failure, a path names the browser to take.
VARIABLE = "REELSTEP_BROWSER"
REQUIRED = "required"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--autoplay-policy=no-user-gesture-required", "--no-proxy-server"),
)
#: Where screenshots are kept to be looked at.
PICTURES = ROOT / "out" / "browser"
#: What a laptop may need for one page's work while it renders films, its own and others'.
PATIENCE_MS = 120_000
#: And for a film.
FILM_MS = 300_000
#: What Chromium itself writes to the console, at its worst, about what a page is right to do: to
#: ask again after a busy answer, and to hang up a WebSocket that is still being dialled.
_FINE = re.compile(
    r"status of (429|502|503)|WebSocket is closed before the connection is established"
)


def executable() -> str:
    """Path of Chromium or Chrome; skips, or fails where it is required."""
    named = os.environ.get(VARIABLE, "")
    if named and named != REQUIRED:
        return named
    for name in NAMES:
        found = shutil.which(name)
        if found:
            return found
    missing = f"no browser: none of {', '.join(NAMES)} is on PATH"
    if named == REQUIRED:
        pytest.fail(missing)
    pytest.skip(missing)


def launched(playwright: Playwright) -> Browser:
    return playwright.chromium.launch(executable_path=executable(), args=list(ARGUMENTS))


@dataclass
class Tab:
    """One page, and what its console said that it should not have."""

    page: Page
    name: str
    #: Parts of texts that a test means to cause.
    expected: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    _wires: list[WebSocketRoute] = field(default_factory=list)
    _cut: bool = False

    def unexpected(self) -> list[str]:
        """Errors and warnings of the page's console that the test did not mean to cause."""
        return [text for text in self.complaints if not any(part in text for part in self.expected)]

    def picture(self, what: str) -> Path:
        """Keep a screenshot of all of the page."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        path = PICTURES / f"{self.name}-{what}.png"
        self.page.screenshot(path=path, full_page=True)
        return path

    def watch_wires(self) -> None:
        """Let WebSockets through until the network is cut; before the page is opened."""

        def through(wire: WebSocketRoute) -> None:
            if self._cut:
                wire.close(code=1001)
                return
            self._wires.append(wire)
            wire.connect_to_server()

        self.page.route_web_socket("**/*", through)

    @contextmanager
    def without_network(self) -> Iterator[None]:
        """No request and no WebSocket, old or new, comes through inside of the block."""
        self._cut = True
        self.page.context.set_offline(True)
        for wire in self._wires:
            wire.close(code=1001)
        self._wires.clear()
        try:
            yield
        finally:
            self._cut = False
            self.page.context.set_offline(False)

    def violations(self, *, exclude: tuple[str, ...] = ()) -> list[str]:
        """What axe finds serious or critical in the page as it is now: rule, help, elements."""
        # What is half faded in has no contrast yet.
        self.page.emulate_media(reduced_motion="reduce")
        source = (ROOT / "tests/browser/node_modules/axe-core/axe.min.js").read_text("utf-8")
        # By the debugger, so that the page's own policy on scripts stays as it is.
        self.page.evaluate(source)
        found: Any = self.page.evaluate(
            """async (exclude) => {
              const answer = await axe.run({ exclude: exclude.map((one) => [one]) }, {
                resultTypes: ["violations"],
              });
              return answer.violations
                .filter(({ impact }) => impact === "serious" || impact === "critical")
                .map(({ id, help, nodes }) =>
                  `${id}: ${help}: ${nodes.map((node) => node.target.join(" ")).join(", ")}`);
            }""",
            list(exclude),
        )
        self.page.emulate_media(reduced_motion="no-preference")
        return [str(each) for each in found]


def opened(context: BrowserContext, name: str) -> Tab:
    """A new page that notes what goes wrong in it."""
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    tab = Tab(page, name)

    def say(text: str) -> None:
        tab.complaints.append(text)

    page.on("pageerror", lambda error: say(f"error: {error}"))
    page.on(
        "console",
        lambda message: (
            say(f"{message.type}: {message.text}") if message.type in ("error", "warning") else None
        ),
    )
    return tab


def version() -> str:
    """The browser's own name and version."""
    answer = subprocess.run([executable(), "--version"], capture_output=True, text=True, check=True)
    return answer.stdout.strip()
