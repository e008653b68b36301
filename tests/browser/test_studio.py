"""The studio in a real browser, on the local cloud; screenshots are kept in out/browser."""

from __future__ import annotations

import json
import re
from itertools import pairwise

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenTab
from tests.browser.studio_page import PHASES, StudioPage, studio_of
from tests.support import films
from tests.support.browser import FILM_MS, Tab
from tests.support.functions import environment
from tests.support.local_cloud import PASSWORD, LocalCloud, User

#: What the browser itself writes to its console about answers that a test means to cause.
REFUSED = "Failed to load resource"


@pytest.fixture(scope="module")
def ada(cloud: LocalCloud) -> User:
    return cloud.new_user("plan-vip-plus")


def test_a_film_from_signing_in_to_watching_it(
    cloud: LocalCloud, open_tab: OpenTab, ada: User
) -> None:
    tab: Tab = open_tab(viewport={"width": 1440, "height": 900})
    studio = studio_of(cloud, tab.page)
    studio.open()
    expect(tab.page.get_by_role("heading", name="Sign in")).to_be_visible()
    tab.picture("1-sign-in")
    assert tab.violations() == []
    studio.type_sign_in(ada.email, PASSWORD)

    expect(studio.prompt).to_be_visible()
    price = tab.page.locator(".fare-price")
    expect(price).to_contain_text(re.compile(r"\d"))
    studio.prompt.fill("A fox who counts the stars from a hill")
    tab.picture("2-create")
    assert tab.violations() == []

    studio.note_films()
    video_id = studio.ask_for_film("A fox who counts the stars from a hill")
    expect(studio.frames).to_have_count(PHASES)
    first = tab.page.locator("workflow-visualizer .rushes img").first
    expect(first).to_be_visible()
    tab.picture("3-making")
    assert tab.violations() == []
    studio.wait_for_film()
    heard = studio.heard()
    for before, after in pairwise(heard):
        assert before["seq"] <= after["seq"]
        assert all(b <= a for b, a in zip(before["percents"], after["percents"], strict=True))
    told = {i for each in heard[:-1] for i, percent in enumerate(each["percents"]) if percent}
    assert told >= set(range(PHASES - 1)), "a phase that nobody saw before the end"
    assert sum("now" in each["states"] for each in heard) >= 3
    assert any(each["pictures"] and "next" in each["states"] for each in heard), "no early picture"

    expect(tab.page.locator("film-player video")).to_be_visible()
    tab.page.locator("film-player video").evaluate("v => { v.muted = true; return v.play(); }")
    studio.until("document.querySelector('film-player video').currentTime > 1")
    studio.until("document.querySelector('film-player video').textTracks[0]?.cues?.length > 0")
    played = studio.video()
    assert (played["width"], played["height"], played["error"]) == (1280, 720, None)
    assert played["length"] == pytest.approx(10, abs=0.1)
    tab.picture("4-watching")
    assert tab.violations() == []

    studio.go("#/films", "Your films")
    card = tab.page.locator("film-card").first
    expect(card).to_contain_text(films.get(cloud, ada, video_id)["prompt"])
    tab.picture("5-library")
    assert tab.violations() == []
    studio.go("#/account", "Your account")
    expect(tab.page.locator("ledger-table")).to_contain_text("Reserved for a film")
    tab.picture("6-account")
    assert tab.violations() == []


def test_a_reload_in_the_middle_goes_on_where_it_was(
    cloud: LocalCloud, open_tab: OpenTab, ada: User
) -> None:
    tab = open_tab()
    studio = studio_of(cloud, tab.page)
    studio.sign_in(ada)
    studio.ask_for_film("Two lighthouses that write letters to each other")
    expect(studio.frames.nth(1)).to_have_attribute("data-state", re.compile("now|done"))
    before = studio.percents()
    tab.page.reload()
    expect(studio.frames).to_have_count(PHASES)
    studio.until("document.querySelector('workflow-visualizer').film?.phases[0].percent === 100")
    after = studio.percents()
    assert all(now >= then for now, then in zip(after, before, strict=True))
    studio.wait_for_film()
    assert studio.states() == ["done"] * PHASES


def test_ten_seconds_without_network_are_caught_up(
    cloud: LocalCloud, open_tab: OpenTab, ada: User
) -> None:
    tab = open_tab()
    tab.expected += ["WebSocket", REFUSED, "net::ERR"]
    tab.watch_wires()
    studio = studio_of(cloud, tab.page)
    studio.sign_in(ada)
    reconnect = tab.page.get_by_role("button", name="Reconnect")
    studio.note_films()
    video_id = studio.ask_for_film("A robot waters the last flower of the city")
    expect(studio.frames.nth(0)).to_have_attribute("data-state", re.compile("now|done"))
    with tab.without_network():
        # Said when it has not come back by itself at once.
        expect(reconnect).to_be_visible()
        tab.picture("lost")
        at = len(studio.heard())
        tab.page.wait_for_timeout(10_000)
        assert len(studio.heard()) == at, "heard without a network"
    studio.wait_for_film()
    expect(reconnect).to_be_hidden()
    seqs = [each["seq"] for each in studio.heard()]
    assert seqs == sorted(seqs)
    last = films.events(cloud, ada, video_id)[-1]
    assert (seqs[-1], last["event"]) == (last["seq"], "job:completed")


def test_a_cancelled_film_says_what_came_back(
    cloud: LocalCloud, open_tab: OpenTab, ada: User
) -> None:
    tab = open_tab()
    studio = studio_of(cloud, tab.page)
    studio.sign_in(ada)
    video_id = studio.ask_for_film("A snail climbs the tallest tower", seconds=60)
    tab.page.get_by_role("button", name="Cancel").click()
    dialog = tab.page.get_by_role("dialog")
    expect(dialog).to_contain_text("Stop making this film?")
    assert tab.violations() == []
    dialog.get_by_role("button", name="Keep going").click()
    expect(dialog).to_be_hidden()
    assert films.get(cloud, ada, video_id)["status"] in ("QUEUED", "PROCESSING")
    tab.page.get_by_role("button", name="Cancel").click()
    dialog.get_by_role("button", name="Stop it").click()
    expect(studio.badge).to_have_attribute("data-status", "CANCELLED")
    expect(tab.page.locator("main")).to_contain_text("This film was stopped")
    refunded = films.get(cloud, ada, video_id)["tokensRefunded"]
    assert refunded > 0
    expect(tab.page.locator("main")).to_contain_text(str(refunded))
    tab.picture("cancelled")


def test_a_failed_film_is_tried_again_from_where_it_failed(
    cloud: LocalCloud, open_tab: OpenTab, ada: User
) -> None:
    tab = open_tab()
    studio = studio_of(cloud, tab.page)
    studio.sign_in(ada)
    form = tab.page.locator("form.create")
    form.locator("select[name=transition]").select_option("wipe_left")
    form.locator("input[name=voice][value=male]").check()
    with environment(cloud, "encode", REELSTEP_FFMPEG="/bin/false"):
        with tab.page.expect_request("**/api/v1/videos/generate") as sent:
            video_id = studio.ask_for_film("A gardener who plants umbrellas")
        expect(studio.badge).to_have_attribute("data-status", "FAILED", timeout=FILM_MS)
    failure = tab.page.locator(".failure")
    refunded = films.get(cloud, ada, video_id)["tokensRefunded"]
    assert refunded > 0
    for said in ("It failed at: Mixing", f"{refunded} tokens", "FFMPEG_FAILED"):
        expect(failure).to_contain_text(said)
    assert studio.states() == [*["done"] * 4, "failed", "next"]
    tab.picture("failed")
    assert tab.violations() == []

    studio.note_films()
    failure.get_by_role("button", name="Try again").click()
    studio.wait_for_film()
    expect(tab.page.locator("film-player video")).to_be_visible()
    assert studio.states() == ["done"] * PHASES
    assert studio.heard()[-1]["percents"] == [100] * PHASES
    told = films.events(cloud, ada, video_id)
    assert [event["event"] for event in told].count("job:failed") == 1
    asked = sent.value.post_data_json
    assert (asked["transition"], asked["voice"]) == ("wipe_left", "male")


def test_a_wrong_password_is_told_and_nothing_is_kept(
    cloud: LocalCloud, open_tab: OpenTab, ada: User
) -> None:
    tab = open_tab()
    tab.expected.append(REFUSED)
    studio = studio_of(cloud, tab.page)
    studio.open()
    studio.type_sign_in(ada.email, "Wrong-horse-1!")
    expect(tab.page.get_by_role("alert").first).to_contain_text("E-mail or password is not right")
    assert tab.page.evaluate("sessionStorage.length + localStorage.length") == 0
    tab.picture("refused")
    studio.type_sign_in(ada.email, PASSWORD)
    expect(studio.prompt).to_be_visible()
    kept = str(tab.page.evaluate("JSON.stringify([localStorage, document.cookie])"))
    assert "ey" not in kept, "a token where every page of this host can read it for ever"


def test_the_demo_user_that_up_made_signs_in(cloud: LocalCloud, open_tab: OpenTab) -> None:
    """With what `make demo` and `reelstep password` print, which the page itself says."""
    tab = open_tab()
    studio = studio_of(cloud, tab.page)
    demo = cloud.description.demo_user
    studio.open()
    expect(tab.page.locator("form")).to_contain_text(demo.email)
    expect(tab.page.locator("form")).to_contain_text("reelstep password")
    studio.type_sign_in(demo.email, demo.password)
    expect(studio.prompt).to_be_visible()


def test_an_expired_token_is_renewed_and_a_dead_session_asks_again(
    cloud: LocalCloud, open_tab: OpenTab, ada: User
) -> None:
    tab = open_tab()
    tab.expected.append(REFUSED)
    studio = studio_of(cloud, tab.page)
    studio.sign_in(ada)
    refused = 0

    def expired_once(route, request) -> None:  # type: ignore[no-untyped-def]
        nonlocal refused
        refused += 1
        if refused == 1:
            route.fulfill(status=401, body=json.dumps({"message": "Unauthorized"}))
        else:
            route.continue_()

    tab.page.route("**/api/v1/videos/user*", expired_once)
    studio.go("#/films", "Your films")
    expect(tab.page.locator("main [role=status]").first).to_contain_text(re.compile(r"\d"))
    assert refused == 2, "it was not asked again with a fresh token"

    # Signed out everywhere: nothing can be renewed any more.
    cloud.client("cognito-idp").admin_user_global_sign_out(
        UserPoolId=cloud.description.user_pool_id, Username=ada.email
    )
    tab.page.unroute_all()
    tab.page.route("**/api/v1/**", lambda route: route.fulfill(status=401, body="{}"))
    tab.page.goto(f"{studio.url}#/account")
    expect(tab.page.locator('input[name="password"]')).to_be_visible()
    tab.page.unroute_all()
    studio.type_sign_in(ada.email, PASSWORD)
    expect(tab.page.locator("ledger-table")).to_be_visible()  # back to where it was


def test_a_french_session(cloud: LocalCloud, open_tab: OpenTab, ada: User) -> None:
    tab = open_tab(locale="fr-FR")
    studio = studio_of(cloud, tab.page)
    studio.open()
    expect(tab.page.locator("html")).to_have_attribute("lang", "fr")
    studio.type_sign_in(ada.email, PASSWORD)
    expect(studio.prompt).to_be_visible()
    tab.picture("create")
    studio.ask_for_film("Un phare qui raconte des histoires aux bateaux")
    expect(tab.page.locator("workflow-visualizer")).to_contain_text("Scénario")
    tab.page.get_by_role("button", name="Annuler").click()
    tab.picture("cancel")
    tab.page.get_by_role("dialog").get_by_role("button").last.click()
    tab.page.get_by_role("dialog").wait_for(state="hidden")
    text = tab.page.locator("body").inner_text()
    assert not re.search(r"\b(Cancel|Sign out|Films? of|Delete)\b", text), text


def test_on_a_phone_nothing_is_cut_off(cloud: LocalCloud, open_tab: OpenTab, ada: User) -> None:
    tab = open_tab(
        viewport={"width": 390, "height": 844},
        device_scale_factor=2,
        is_mobile=True,
        has_touch=True,
        color_scheme="dark",
    )
    studio = studio_of(cloud, tab.page)
    studio.open()
    tab.picture("sign-in")
    assert _too_wide(studio) == []
    studio.type_sign_in(ada.email, PASSWORD)
    expect(studio.prompt).to_be_visible()
    tab.picture("create")
    assert tab.violations() == []
    for name, title in {
        "#/films": "Your films",
        "#/account": "Your account",
        "#/queue": "The queue",
        "#/": "What shall we film?",
    }.items():
        studio.go(name, title)
        tab.picture(name.strip("#/") or "create")
        assert _too_wide(studio) == [], name
        assert tab.violations() == [], name
    small = tab.page.locator("nav a").evaluate_all(
        "all => all.map((a) => a.getBoundingClientRect()).filter((b) => b.height < 44).length"
    )
    assert small == 0, "a way that a thumb misses"


def _too_wide(studio: StudioPage) -> list[str]:
    """Elements that make the page scroll sideways."""
    found = studio.page.evaluate(
        """() => document.documentElement.scrollWidth <= innerWidth ? [] :
          [...document.querySelectorAll('body *')]
            .filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
            .map((one) => one.tagName + '.' + one.className)"""
    )
    return [str(each) for each in found]
