"""The library, the account and the queue in a real browser: films are rows, none is rendered."""

from __future__ import annotations

import re
import uuid
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from reelstep.jobs.model import Job, JobKind, JobStatus, Phase, blank_phases
from reelstep.jobs.repository import job_key, user_keys
from reelstep.local.paths import ROOT
from reelstep.platform import dynamo
from reelstep.wallet.ledger import Ledger
from tests.browser.conftest import OpenTab
from tests.browser.studio_page import studio_of
from tests.support.live_jobs import LiveJob, live_job
from tests.support.local_cloud import LocalCloud, User

REFUSED = "Failed to load resource"
PORTRAIT = ROOT / "docs" / "images" / "birthday.jpg"


@pytest.fixture
def user(cloud: LocalCloud) -> User:
    return cloud.new_user("plan-vip-plus")


def ended_films(cloud: LocalCloud, user: User, statuses: list[JobStatus]) -> None:
    """Rows of films that have ended, the first of them the newest."""
    for index, status in enumerate(statuses):
        job_id = str(uuid.uuid4())
        job = Job(
            job_id=job_id,
            kind=JobKind.GENERATION,
            user_id=user.id,
            status=status,
            phase=Phase.FINALIZATION,
            phases=blank_phases(JobKind.GENERATION),
            request={"prompt": f"Film {index}", "durationSeconds": 20, "quality": "HD"},
            price=0,
            attempt=1,
            created_at=f"2026-01-01T00:{59 - index:02}:00.000Z",
            # The table's stream tells the bus of it, by this key.
            output={"film": f"films/{job_id}/film.mp4"} if status is JobStatus.COMPLETED else {},
        )
        row = {**job_key(job.job_id), **job.model_dump(mode="json"), **user_keys(job)}
        cloud.client("dynamodb").put_item(
            TableName=cloud.description.table_name, Item=dynamo.marshal(row)
        )


def show_in_library(cloud: LocalCloud, live: LiveJob) -> None:
    keys = user_keys(live.job)
    cloud.client("dynamodb").update_item(
        TableName=cloud.description.table_name,
        Key=dynamo.marshal(job_key(live.id)),
        UpdateExpression="SET user_pk = :pk, user_sk = :sk",
        ExpressionAttributeValues=dynamo.marshal({":pk": keys["user_pk"], ":sk": keys["user_sk"]}),
    )


def test_pages_filters_and_films_that_move(
    cloud: LocalCloud, open_tab: OpenTab, user: User
) -> None:
    tab = open_tab(viewport={"width": 1280, "height": 900})
    page, studio = tab.page, studio_of(cloud, tab.page)
    cards = page.locator("film-card")
    statuses = [JobStatus.COMPLETED] * 13 + [JobStatus.FAILED] * 2
    ended_films(cloud, user, statuses)
    with live_job(cloud, user, 41) as job:
        show_in_library(cloud, job)
        studio.sign_in(user)
        studio.open("#/films")
        expect(cards).to_have_count(12)
        expect(page.locator(".library-count")).to_have_text("16 films")
        expect(cards.first).to_contain_text("40")
        job.write(5)
        expect(cards.first).to_contain_text("45")
        tab.picture("in-the-making")
        assert tab.violations() == []
        job.end()
        expect(cards.first).to_contain_text("Cancelled")
        page.get_by_role("link", name="Page 2").click()
        expect(cards).to_have_count(4)
        assert page.url.endswith("#/films?page=2")
        page.get_by_role("link", name="Failed").click()
        expect(cards).to_have_count(2)
        assert page.url.endswith("#/films?status=FAILED")
        page.go_back()
        expect(cards).to_have_count(4)
        page.get_by_role("link", name="Favourites").click()
        nothing = page.get_by_role("heading", name="None of your films is like that")
        expect(nothing).to_be_visible()


def test_a_favourite_stays_and_one_that_is_not_kept_is_taken_back(
    cloud: LocalCloud, open_tab: OpenTab, user: User
) -> None:
    tab = open_tab()
    tab.expected.append(REFUSED)
    page, studio = tab.page, studio_of(cloud, tab.page)
    ended_films(cloud, user, [JobStatus.COMPLETED] * 2)
    studio.sign_in(user)
    studio.open("#/films")
    hearts = page.get_by_role("button", name=re.compile("^Favourite: Film"))
    hearts.nth(1).press("Space")
    expect(hearts.nth(1)).to_have_attribute("aria-pressed", "true")
    page.get_by_role("link", name="Favourites").click()
    expect(page.locator("film-card")).to_have_count(1)
    expect(page.locator("film-card")).to_contain_text("Film 1")

    def refuse(route: Route) -> None:
        route.fulfill(status=404, json={"title": "Not found", "detail": "There is no such film"})

    page.route("**/favorite", refuse)
    hearts.first.click()
    expect(page.locator("#toasts")).to_contain_text("There is no such film")
    expect(hearts.first).to_have_attribute("aria-pressed", "true")


def test_the_ledger_comes_in_pages(cloud: LocalCloud, open_tab: OpenTab, user: User) -> None:
    tab = open_tab(viewport={"width": 1280, "height": 900}, color_scheme="dark")
    page, studio = tab.page, studio_of(cloud, tab.page)
    studio.sign_in(user)
    ledger = Ledger(cloud.client("dynamodb"), cloud.description.table_name)
    for number in range(24):
        tokens = 100 if number else -40
        ledger.grant(user.id, f"grant-{number}", tokens, reason=f"Reason {number}", by="admin")
    studio.open("#/account")
    rows = page.locator("ledger-table tbody tr")
    expect(rows).to_have_count(20)
    expect(rows.first).to_contain_text("Reason 23")
    expect(rows.first).to_contain_text("+100")
    page.get_by_role("button", name="Show more").click()
    expect(rows).to_have_count(25)
    expect(rows.filter(has_text=re.compile(r"Reason 0\b"))).to_contain_text("−40")
    expect(page.get_by_role("button", name="Show more")).to_be_hidden()
    expect(page.locator(".purse-balance")).to_contain_text("3,260")
    tab.picture("account")
    assert tab.violations() == []


def test_the_secret_of_callbacks(cloud: LocalCloud, open_tab: OpenTab, user: User) -> None:
    tab = open_tab()
    page, studio = tab.page, studio_of(cloud, tab.page)
    studio.sign_in(user)
    studio.open("#/account")
    field = page.get_by_label("Secret", exact=True)
    page.get_by_role("button", name="Show the secret").click()
    expect(field).to_have_value(re.compile(".{20,}"))
    first = field.input_value()
    page.get_by_role("button", name="Make a new one").click()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert field.input_value() == first
    page.get_by_role("button", name="Make a new one").click()
    page.get_by_role("dialog").get_by_role("button", name="Make a new one").click()
    expect(field).not_to_have_value(first)
    expect(page.locator(".secret-note")).to_contain_text("signs as well until")
    told = cloud.http("GET", "/api/v1/account/webhook-secret", token=user.token).json()
    assert field.input_value() == told["secret"]
    page.get_by_role("button", name="Hide").click()
    expect(page.get_by_role("button", name="Show the secret")).to_be_focused()
    assert told["secret"] not in page.content()


def test_a_companion_comes_changes_and_goes(
    cloud: LocalCloud, open_tab: OpenTab, user: User
) -> None:
    tab = open_tab()
    page, studio = tab.page, studio_of(cloud, tab.page)
    shelf = page.locator(".companion")
    studio.sign_in(user)
    studio.open("#/account")
    make(page, "Luna", PORTRAIT)
    expect(shelf).to_contain_text("Luna")
    face = shelf.locator("img")
    expect(face).to_have_js_property("naturalWidth", 1024)
    page.get_by_role("button", name="Change Luna").click()
    make(page, "Lune", None)
    expect(shelf).to_have_count(1)
    expect(shelf).to_contain_text("Lune")
    expect(face).to_be_visible()
    page.get_by_role("button", name="Delete Lune").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(shelf).to_have_count(0)


def make(page: Page, name: str, picture: Path | None) -> None:
    page.get_by_label("Name").fill(name)
    page.get_by_label("Voice").select_option("female")
    if picture:
        page.get_by_label("Picture").set_input_files(picture)
    page.get_by_role("button", name="Save").click()
