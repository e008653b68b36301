"""Which files of a checkout become the page, and how browsers get them."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from reelstep.local.paths import ROOT
from reelstep.studio.errors import NothingToPublish, UnknownKindOfFile
from reelstep.studio.files import Addresses, PageFile, page_files

OUTPUTS = {
    "Stage": "dev",
    "Region": "eu-west-3",
    "ApiUrl": "https://api.example.org/",
    "WebSocketUrl": "wss://live.example.org/live",
    "UserPoolId": "eu-west-3_pool",
    "ClientId": "client",
    "SignInUrl": "https://cognito-idp.eu-west-3.amazonaws.com",
    "TableName": "not for browsers",
}


@pytest.fixture
def checkout(tmp_path: Path) -> tuple[Path, Path]:
    """A page and its fonts."""
    page, fonts = tmp_path / "studio", tmp_path / "fonts"
    for name in (
        *("index.html", "mark.svg", "js/main.js", "styles/base.css"),
        *("package.json", "package-lock.json", ".npmrc", "README.md", "js/main.test.mjs"),
        *("node_modules/left/pad.js", ".cache/x.js"),
    ):
        (page / name).parent.mkdir(parents=True, exist_ok=True)
        (page / name).write_text(name)
    fonts.mkdir()
    (fonts / "serif.woff2").write_bytes(b"letters")
    (fonts / "serif-LICENSE.txt").write_text("OFL")
    return page, fonts


def test_the_page_is_what_browsers_need_and_nothing_of_the_project(
    checkout: tuple[Path, Path],
) -> None:
    found = {file.name: file.body for file in page_files(*checkout)}
    assert set(found) == {
        *("index.html", "mark.svg", "js/main.js", "styles/base.css", "not-found.txt"),
        *("fonts/serif.woff2", "fonts/serif-LICENSE.txt"),
    }
    assert found["js/main.js"] == b"js/main.js"
    assert found["fonts/serif.woff2"] == b"letters"


def test_browsers_ask_for_all_but_fonts_each_time(checkout: tuple[Path, Path]) -> None:
    sent = {file.name: (file.content_type, file.cache_control) for file in page_files(*checkout)}
    assert sent["index.html"] == ("text/html; charset=utf-8", "no-cache")
    assert sent["js/main.js"] == ("text/javascript; charset=utf-8", "no-cache")
    assert sent["styles/base.css"] == ("text/css; charset=utf-8", "no-cache")
    assert sent["mark.svg"] == ("image/svg+xml", "no-cache")
    assert sent["fonts/serif.woff2"] == ("font/woff2", "public, max-age=2592000")


def test_a_file_that_browsers_would_have_to_guess_is_refused_by_name() -> None:
    file = PageFile("js/notes.odt", b"")
    with pytest.raises(UnknownKindOfFile, match=r"studio/js/notes\.odt") as caught:
        _ = file.content_type
    assert caught.value.field == "js/notes.odt"


def test_without_a_page_or_without_fonts_there_is_nothing_to_publish(
    checkout: tuple[Path, Path], tmp_path: Path
) -> None:
    page, fonts = checkout
    with pytest.raises(NothingToPublish, match="no page"):
        page_files(fonts, fonts)
    with pytest.raises(NothingToPublish, match="make setup"):
        page_files(page, tmp_path / "nowhere")


def test_config_json_is_what_the_page_reads(checkout: tuple[Path, Path]) -> None:
    file = Addresses.of_stack(OUTPUTS).config()
    assert (file.name, file.content_type) == ("config.json", "application/json")
    assert json.loads(file.body) == {
        "stage": "dev",
        "region": "eu-west-3",
        "apiUrl": "https://api.example.org",
        "websocketUrl": "wss://live.example.org/live",
        "userPoolId": "eu-west-3_pool",
        "clientId": "client",
        "cognitoUrl": "https://cognito-idp.eu-west-3.amazonaws.com/",
        "features": ["films"],
    }
    assert file.md5 == hashlib.md5(file.body).hexdigest()  # noqa: S324


def test_a_stack_from_before_the_studio_is_told_to_be_deployed() -> None:
    old = {name: value for name, value in OUTPUTS.items() if name not in ("Stage", "SignInUrl")}
    with pytest.raises(NothingToPublish, match="SignInUrl, Stage: deploy it first"):
        Addresses.of_stack(old)


def test_every_file_of_this_studio_has_a_kind_and_every_local_address_in_it_a_file() -> None:
    files = page_files(ROOT / "studio", ROOT / ".build" / "studio-fonts")
    names = {file.name for file in files}
    assert {"index.html", "js/main.js", "fonts/fraunces-latin-wght-normal.woff2"} <= names
    for file in files:
        assert file.content_type
    page = next(file for file in files if file.name == "index.html").body.decode()
    for part in page.split('href="')[1:] + page.split('src="')[1:]:
        address = part.split('"')[0]
        # Below `/` on CloudFront and below `/studio/` here: relative, or one of them is broken.
        assert address in names, address
