"""The studio as a person uses it: by what is written on it."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.support.browser import FILM_MS, PATIENCE_MS
from tests.support.local_cloud import PASSWORD, LocalCloud, User

PHASES = 6
#: A film that is quick to make.
SHORT_SECONDS = 10
_LOOK_MS = 100


class StudioPage:
    """One person before one page; `words` are what the page's language calls things."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url

    def open(self, hash_: str = "") -> None:
        self.page.goto(self.url + hash_)

    def type_sign_in(self, email: str, password: str) -> None:
        form = self.page.locator("form")
        form.locator('input[name="email"]').fill(email)
        form.locator('input[name="password"]').fill(password)
        form.locator('button[type="submit"]').click()

    def sign_in(self, user: User) -> None:
        """As somebody made by `LocalCloud.new_user`; ends on the page for a new film."""
        self.open()
        self.type_sign_in(user.email, PASSWORD)
        expect(self.prompt).to_be_visible()

    @property
    def prompt(self) -> Locator:
        return self.page.locator("form.create textarea")

    def ask_for_film(self, prompt: str, seconds: int = SHORT_SECONDS) -> str:
        """A draft of so many seconds, from the page for a new film. Returns its id."""
        self.prompt.fill(prompt)
        exact = self.page.locator('form.create input[type="number"]')
        exact.fill(str(seconds))
        exact.blur()
        self.page.locator(".choice.draft input").check()
        button = self.page.locator("form.create button[type=submit]")
        expect(button).to_be_enabled()
        button.click()
        self.page.wait_for_url(re.compile(r"#/films/[0-9a-f-]{36}$"))
        return self.page.url.rpartition("/")[2]

    def until(self, expression: str) -> None:
        """Wait until a JavaScript expression is true.

        From here and not in the page, whose policy allows no eval."""
        for _ in range(PATIENCE_MS // _LOOK_MS):
            if self.page.evaluate(expression):
                return
            self.page.wait_for_timeout(_LOOK_MS)
        raise AssertionError(f"never true: {expression}")

    def go(self, hash_: str, title: str) -> None:
        """To another page of the studio, until it is there with what it has asked for."""
        self.page.goto(self.url + hash_)
        expect(self.page.get_by_role("heading", level=1)).to_have_text(title)
        expect(self.page.locator("main .skeleton")).to_have_count(0)

    def note_films(self) -> None:
        """From now on the page itself keeps what its films tell: `globalThis.heard`."""
        self.page.evaluate(
            """globalThis.heard = [];
            document.addEventListener("film", ({ detail: { film }, target }) => heard.push({
              seq: film.seq,
              percents: film.phases.map((phase) => phase.percent),
              states: [...target.shadowRoot.querySelectorAll(".frame")].map((f) => f.dataset.state),
              pictures: target.shadowRoot.querySelectorAll(".rushes img").length,
            }));"""
        )

    def heard(self) -> list[dict[str, Any]]:
        """What `note_films` has kept."""
        found: list[dict[str, Any]] = self.page.evaluate("heard")
        return found

    def wait_for_film(self) -> None:
        expect(self.badge).to_have_attribute("data-status", "COMPLETED", timeout=FILM_MS)

    @property
    def frames(self) -> Locator:
        """The six phases, in order; `data-state` says next, now, done, failed or stopped."""
        return self.page.locator("workflow-visualizer .frame")

    @property
    def badge(self) -> Locator:
        """What the film is doing."""
        return self.page.locator(".film-head .badge")

    def states(self) -> list[str]:
        found = self.frames.evaluate_all("all => all.map((one) => one.dataset.state)")
        return [str(each) for each in found]

    def percents(self) -> list[int]:
        bars = self.page.locator("workflow-visualizer .frame [role=progressbar]")
        found = bars.evaluate_all("all => all.map((one) => Number(one.ariaValueNow))")
        return [int(each) for each in found]

    def video(self) -> dict[str, Any]:
        """What the player's <video> says of itself."""
        found: dict[str, Any] = self.page.locator("film-player video").evaluate(
            """(v) => ({at: v.currentTime, length: v.duration, width: v.videoWidth,
                height: v.videoHeight, error: v.error && v.error.message,
                tracks: [...v.textTracks].map((t) => (t.cues ?? []).length)})"""
        )
        return found


def studio_of(cloud: LocalCloud, page: Page) -> StudioPage:
    url = cloud.description.studio_url
    assert url, "the local cloud has no studio"
    return StudioPage(page, url)
