"""What the local cloud's edge passes on to the distribution, and as what."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from reelstep.local.studio_edge import StudioEdge

DOMAIN = "d123.cloudfront.net"


def scope(path: str, **more: Any) -> dict[str, Any]:
    return {
        "type": "http",
        "method": "GET",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(b"host", b"127.0.0.1:4566"), (b"if-none-match", b'"etag"')],
        **more,
    }


def ask(asked: dict[str, Any], domain: str = DOMAIN) -> tuple[list[Any], list[Any]]:
    """The scopes that the emulator got, and the messages that the viewer got."""
    passed: list[Any] = []
    sent: list[Any] = []

    async def emulator(seen: Any, _receive: Any, _send: Any) -> None:
        passed.append(seen)

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b""}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(StudioEdge(emulator, lambda: domain)(asked, receive, send))
    return passed, sent


@pytest.mark.parametrize(
    ("path", "taken"),
    [
        ("/studio", True),
        ("/studio/", True),
        ("/studio/js/main.js", True),
        ("/studios", False),  # somebody's bucket
        ("/studio.css", False),
        ("/", False),
        ("/media/studio/", False),
        ("/_aws/execute-api/x/studio/", False),
    ],
)
def test_it_takes_what_is_below_studio_and_nothing_else(path: str, taken: bool) -> None:
    assert StudioEdge.takes(scope(path)) is taken
    assert StudioEdge.takes({"type": "websocket", "path": path}) is False


def test_a_browser_at_the_bare_address_is_sent_to_the_studio() -> None:
    browser = [(b"accept", b"text/html,application/xhtml+xml,*/*;q=0.8")]
    assert StudioEdge.takes(scope("/", headers=browser))
    assert StudioEdge.takes(scope("/bucket", headers=browser)) is False
    assert StudioEdge.takes(scope("/", headers=[(b"accept", b"*/*")])) is False
    assert StudioEdge.takes(scope("/", headers=browser, method="POST")) is False
    passed, (start, _body) = ask(scope("/", headers=browser))
    assert (passed, start["status"]) == ([], 302)
    assert (b"location", b"/studio/") in start["headers"]
    assert StudioEdge.takes({"type": "lifespan"}) is False


def test_a_request_arrives_as_if_made_for_the_distribution_over_https() -> None:
    (passed,), sent = ask(scope("/studio/js/main.js", query_string=b"v=1"))
    assert (passed["path"], passed["raw_path"]) == ("/js/main.js", b"/js/main.js")
    assert passed["query_string"] == b"v=1"
    assert passed["headers"] == [
        (b"if-none-match", b'"etag"'),
        (b"host", DOMAIN.encode()),
        (b"x-forwarded-proto", b"https"),
    ]
    assert sent == []


def test_a_viewer_cannot_bring_another_host_or_a_signature() -> None:
    headers = [(b"Host", b"x"), (b"Authorization", b"AWS4"), (b"VIA", b"(CloudFront)")]
    (passed,), _ = ask(scope("/studio/", headers=headers))
    assert passed["headers"] == [(b"host", DOMAIN.encode()), (b"x-forwarded-proto", b"https")]
    assert (passed["path"], passed["raw_path"]) == ("/", b"/")


def test_without_its_slash_the_page_would_look_for_its_parts_elsewhere() -> None:
    passed, (start, _body) = ask(scope("/studio"))
    assert passed == []
    assert start["status"] == 301
    assert dict(start["headers"])[b"location"] == b"/studio/"


def test_before_the_stack_is_there_the_studio_is_not() -> None:
    passed, (start, body) = ask(scope("/studio/"), domain="")
    assert passed == []
    assert start["status"] == 404
    assert b"not deployed" in body["body"]


def test_a_way_out_of_the_studio_stays_below_the_distribution() -> None:
    """Whatever is asked for is looked up in the site bucket and nowhere else."""
    for path in ("/studio/../_reelstep/status", "/studio//media/film", "/studio/%2e%2e/x"):
        (passed,), _ = ask(scope(path))
        assert dict(passed["headers"])[b"host"] == DOMAIN.encode()
        assert passed["path"] == path.removeprefix("/studio")
