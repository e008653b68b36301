"""<upload-drop> in a real browser, against a server that speaks the upload protocol and fails."""

from __future__ import annotations

import hashlib
import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser, Locator, Page, expect

from tests.support.browser import Tab, opened

HERE = Path(__file__).resolve().parent
PART = 64 * 1024
Open = Callable[..., Tab]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    node = Path(sys.executable).parent / "node"
    command = [str(node), str(HERE / "upload_widget" / "server.mjs")]
    # The environment's node is a program that starts another one: both have to end.
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as server:
        assert server.stdout
        yield server.stdout.readline().strip()
        os.killpg(server.pid, signal.SIGKILL)


@pytest.fixture
def tell(address: str) -> Iterator[Callable[..., Any]]:
    """An order to the server; afterwards it does as it should again."""

    def order(path: str, **body: Any) -> Any:
        return requests.post(address + path, json=body, timeout=30).json()

    yield order
    order("/fates")
    order("/release")


@pytest.fixture
def open_widget(chromium: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Open]:
    tabs: list[Tab] = []

    def open_one(**context: Any) -> Tab:
        own = chromium.new_context(**({"locale": "en-GB"} | context))
        name = request.node.name.removeprefix("test_").replace("_", "-")
        tabs.append(opened(own, name))
        # The browser itself writes refusals into its console.
        tabs[-1].expected.append("Failed to load resource")
        tabs[-1].page.goto(address)
        expect(tabs[-1].page.get_by_role("heading", level=1)).to_be_visible()
        return tabs[-1]

    yield open_one
    for tab in tabs:
        tab.page.context.close()
    assert [text for tab in tabs for text in tab.unexpected()] == []


def file_of(folder: Path, name: str, parts: float) -> tuple[Path, str]:
    """A file of so many parts, and its SHA-256."""
    data = random.Random(name).randbytes(int(parts * PART))
    (folder / name).write_bytes(data)
    return folder / name, hashlib.sha256(data).hexdigest()


def choose(page: Page, *files: Path) -> None:
    page.get_by_label("Choose files").set_input_files(files)


def row(page: Page, name: str) -> Locator:
    return page.get_by_role("listitem").filter(has_text=name)


def arrived(tell: Callable[..., Any], name: str) -> str:
    (found,) = [each for each in tell("/arrived")["files"] if each["filename"] == name]
    return str(found["sha256"])


def test_several_files_are_chosen_by_keyboard_and_arrive(
    open_widget: Open, tell: Callable[..., Any], tmp_path: Path
) -> None:
    tab = open_widget()
    page = tab.page
    page.keyboard.press("Tab")
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Space")
    files = [file_of(tmp_path, f"several-{number}.mp4", 2.5) for number in range(4)]
    chooser.value.set_files([path for path, _ in files])
    for path, sha256 in files:
        expect(row(page, path.name)).to_contain_text("Arrived")
        assert arrived(tell, path.name) == sha256
    assert tab.violations() == []


def test_a_file_that_is_dropped_arrives(open_widget: Open, tell: Callable[..., Any]) -> None:
    page = open_widget().page
    page.evaluate(
        """() => {
          const transfer = new DataTransfer();
          transfer.items.add(new File(["dropped"], "dropped.webm", { type: "video/webm" }));
          const zone = document.querySelector(".upload-zone");
          for (const name of ["dragenter", "dragover", "drop"]) {
            const event = { bubbles: true, cancelable: true, dataTransfer: transfer };
            zone.dispatchEvent(new DragEvent(name, event));
          }
        }"""
    )
    expect(row(page, "dropped.webm")).to_contain_text("Arrived")
    assert arrived(tell, "dropped.webm") == hashlib.sha256(b"dropped").hexdigest()


def test_parts_that_fail_and_urls_that_expire_are_nobodys_trouble(
    open_widget: Open, tell: Callable[..., Any], tmp_path: Path
) -> None:
    page = open_widget().page
    fates = [
        {"number": 1, "attempts": [1, 2], "status": 503},
        {"number": 2, "attempts": [1], "cut": True},
        {"number": 4, "attempts": [1], "expire": True},
    ]
    tell("/fates", fates=fates)
    path, sha256 = file_of(tmp_path, "troubled.mp4", 5.2)
    choose(page, path)
    expect(row(page, path.name)).to_contain_text("Arrived")
    assert arrived(tell, path.name) == sha256


def test_pause_and_go_on_keep_the_focus_and_what_has_arrived(
    open_widget: Open, tell: Callable[..., Any], tmp_path: Path
) -> None:
    tab = open_widget()
    page = tab.page
    tell("/fates", fates=[{"number": 4, "hold": True}])
    path, sha256 = file_of(tmp_path, "paused.mp4", 4)
    choose(page, path)
    tell("/until", filename=path.name, parts=3)
    page.get_by_role("button", name="Pause paused.mp4").press("Enter")
    expect(row(page, path.name)).to_contain_text("Paused")
    expect(page.get_by_role("button", name="Go on paused.mp4")).to_be_focused()
    assert tab.violations() == []
    tell("/release")
    page.keyboard.press("Enter")
    expect(row(page, path.name)).to_contain_text("Arrived")
    assert arrived(tell, path.name) == sha256


def test_after_a_reload_only_the_rest_is_sent(
    open_widget: Open, tell: Callable[..., Any], tmp_path: Path
) -> None:
    page = open_widget().page
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    tell("/fates", fates=[{"number": 6, "hold": True}])
    path, sha256 = file_of(tmp_path, "reloaded.mp4", 6)
    choose(page, path)
    tell("/until", filename=path.name, parts=5)
    page.reload()
    assert asked == ["beforeunload"]
    tell("/release")
    before = len(tell("/arrived")["puts"])
    choose(page, path)
    expect(row(page, path.name)).to_contain_text("Arrived")
    assert set(tell("/arrived")["puts"][before:]) <= {6}
    assert arrived(tell, path.name) == sha256


def test_it_goes_on_while_another_page_is_looked_at_and_ends_with_the_sign_in(
    open_widget: Open, tell: Callable[..., Any], tmp_path: Path
) -> None:
    page = open_widget().page
    tell("/fates", fates=[{"number": 2, "hold": True}])
    path, sha256 = file_of(tmp_path, "elsewhere.mp4", 2)
    choose(page, path)
    tell("/until", filename=path.name, parts=1)
    page.evaluate("document.querySelector('main').replaceChildren()")
    tell("/release")
    page.evaluate("showAgain()")
    expect(row(page, path.name)).to_contain_text("Arrived")
    assert arrived(tell, path.name) == sha256
    page.evaluate("signOut()")
    expect(page.get_by_role("listitem")).to_have_count(0)


def test_a_lost_connection_pauses_and_its_return_resumes(
    open_widget: Open, tell: Callable[..., Any], tmp_path: Path
) -> None:
    page = open_widget().page
    tell("/fates", fates=[{"number": 2, "cut": True}])
    path, sha256 = file_of(tmp_path, "lost.mp4", 3)
    choose(page, path)
    expect(row(page, path.name)).to_contain_text("goes on by itself")
    tell("/fates")
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(row(page, path.name)).to_contain_text("Arrived")
    assert arrived(tell, path.name) == sha256


@pytest.mark.parametrize(
    ("refusal", "words"),
    [
        ({"status": 415, "detail": "No video stream."}, "No video stream."),
        ({"status": 413, "detail": "At most 5 GB."}, "too large"),
        ({"status": 402, "required": 40, "balance": 3}, "it costs 40, you have 3"),
    ],
)
def test_refusals_are_told(
    open_widget: Open,
    tell: Callable[..., Any],
    tmp_path: Path,
    refusal: dict[str, Any],
    words: str,
) -> None:
    tab = open_widget()
    tell("/fates", refusal={"title": "Refused", **refusal})
    path, _ = file_of(tmp_path, f"refused-{refusal['status']}.mp4", 1)
    choose(tab.page, path)
    expect(row(tab.page, path.name)).to_contain_text("Failed")
    expect(row(tab.page, path.name)).to_contain_text(words)
    assert tab.violations() == []


def test_on_a_french_phone(open_widget: Open, tell: Callable[..., Any], tmp_path: Path) -> None:
    tab = open_widget(locale="fr-FR", viewport={"width": 360, "height": 740}, color_scheme="dark")
    tell("/fates", fates=[{"number": 2, "hold": True}])
    path, _ = file_of(tmp_path, f"{'un-tres-long-nom-' * 6}.mp4", 2)
    tab.page.get_by_label("Choisir des fichiers").set_input_files(path)
    expect(row(tab.page, path.name)).to_contain_text("En route")
    assert tab.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    tab.picture("half-way")
    assert tab.violations() == []
