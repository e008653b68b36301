"""The studio as the local cloud serves it: the stack's own distribution, bucket and headers."""

from __future__ import annotations

import http.client
from urllib.parse import urlsplit

import pytest
import requests

from tests.support.local_cloud import LocalCloud


def get(cloud: LocalCloud, path: str, **headers: str) -> requests.Response:
    session = requests.Session()
    session.trust_env = False
    return session.get(
        f"{cloud.endpoint}{path}", headers=headers, allow_redirects=False, timeout=30
    )


def test_the_page_comes_with_a_strict_policy(cloud: LocalCloud) -> None:
    answer = get(cloud, "/studio/")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert '<script type="module" src="js/main.js">' in answer.text
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer.headers["Cache-Control"] == "no-cache"


def test_a_page_that_has_not_changed_is_not_sent_again(cloud: LocalCloud) -> None:
    etag = get(cloud, "/studio/js/main.js").headers["ETag"]
    again = get(cloud, "/studio/js/main.js", **{"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")
    assert get(cloud, "/studio/js/main.js", **{"If-None-Match": '"other"'}).status_code == 200


def test_other_sites_may_load_modules_and_not_the_page(cloud: LocalCloud) -> None:
    there = {"Origin": "https://blog.example.org"}
    module, page = get(cloud, "/studio/js/main.js", **there), get(cloud, "/studio/", **there)
    assert module.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert module.headers["Access-Control-Allow-Origin"] == "*"
    assert module.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "Access-Control-Allow-Origin" not in page.headers
    assert page.headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_fonts_may_be_kept(cloud: LocalCloud) -> None:
    font = get(cloud, "/studio/fonts/fraunces-latin-wght-normal.woff2")
    assert font.headers["Content-Type"] == "font/woff2"
    assert font.headers["Cache-Control"] == "public, max-age=2592000"
    assert font.content.startswith(b"wOF2")


@pytest.mark.parametrize(
    "path",
    [
        "/studio/nothing.js",
        "/studio/js/",
        "/studio/../_reelstep/status",
        "/studio/%2e%2e/_reelstep/status",
        "/studio/..%2f..%2flocal.json",
        "/studio/index.html/",
    ],
)
def test_whatever_else_is_asked_for_is_not_there(cloud: LocalCloud, path: str) -> None:
    """As it is written: a client that tidies addresses would not try."""
    address = urlsplit(cloud.endpoint)
    connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=30)
    connection.request("GET", path)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    assert answer.status == 404
    assert body == b"There is nothing at this address.\n"


def test_nobody_changes_the_page_through_it(cloud: LocalCloud) -> None:
    session = requests.Session()
    session.trust_env = False
    for method in ("PUT", "POST", "DELETE"):
        answer = session.request(method, f"{cloud.endpoint}/studio/index.html", data=b"x")
        assert answer.status_code == 403, method
    assert get(cloud, "/studio/index.html").text.startswith("<!doctype html>")


def test_config_json_names_this_cloud(cloud: LocalCloud) -> None:
    described = cloud.description
    assert get(cloud, "/studio/config.json").json() == {
        "stage": "local",
        "region": described.region,
        "apiUrl": described.api_url,
        "websocketUrl": described.websocket_url,
        "userPoolId": described.user_pool_id,
        "clientId": described.client_id,
        "cognitoUrl": f"{described.aws_endpoint_url}/",
        "features": ["films"],
    }


def test_dashboard_leads_to_the_page(cloud: LocalCloud) -> None:
    answer = cloud.http("GET", "/dashboard", follow=False)
    assert answer.status_code == 302
    assert answer.headers["Location"] == cloud.description.studio_url
    there = cloud.http("GET", "/dashboard")
    assert (there.status_code, there.url) == (200, cloud.description.studio_url)
    assert "<title>Reelstep</title>" in there.text


def test_without_its_slash_it_is_the_same_page(cloud: LocalCloud) -> None:
    answer = get(cloud, "/studio")
    assert (answer.status_code, answer.headers["Location"]) == (301, "/studio/")


def test_the_bucket_itself_is_closed(cloud: LocalCloud) -> None:
    bucket = cloud.outputs["SiteBucket"]
    assert get(cloud, f"/{bucket}/index.html").status_code == 403
