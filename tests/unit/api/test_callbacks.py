"""callbackUrl in requests and views, and the secret of one's callbacks."""

from __future__ import annotations

from typing import Any

import pytest

from reelstep.events.deliveries import Deliveries, Delivery, DeliveryState
from reelstep.platform.settings import Settings
from tests.support.api import Call, assert_problem

VIDEOS = "/api/v1/videos"
SECRET = "/api/v1/account/webhook-secret"
URL = "https://hooks.example.com/done?order=1"


def wish(url: Any) -> dict[str, Any]:
    return {"prompt": "A film", "durationSeconds": 10, "callbackUrl": url}


def test_it_is_kept_and_shown_to_its_owner_alone(cloud: Any, call: Call) -> None:
    made = call("POST", f"{VIDEOS}/generate", wish(URL))
    assert made.status == 201
    path = f"{VIDEOS}/{made.body['videoId']}"
    seen = call("GET", path).body
    assert (seen["callbackUrl"], seen["callback"]) == (URL, None)
    assert call("GET", path, user="user-2").status == 404
    told = Delivery(9, DeliveryState.RETRYING, 2, None, "TIMED_OUT", "2026-01-01T00:00:00.000Z")
    Deliveries(cloud.jobs.client, cloud.jobs.table).put(made.body["videoId"], told)
    assert call("GET", path).body["callback"] == {
        "state": "RETRYING",
        "attempts": 2,
        "lastStatus": None,
        "lastError": "TIMED_OUT",
        "at": "2026-01-01T00:00:00.000Z",
    }
    assert URL not in str(call("GET", f"{VIDEOS}/user").body)


@pytest.mark.parametrize(
    ("url", "english", "french"),
    [
        ("http://example.com/", "must begin with https://", "doit commencer par https://"),
        ("https://a:b@example.com/", "user name or password", "mot de passe"),
        ("https://localhost/", "public internet", "internet public"),
        ("https://127.0.0.1/", "public internet", "internet public"),
        ("https://[::1]/", "public internet", "internet public"),
        ("https://169.254.169.254/", "public internet", "internet public"),
        ("https://0x7f000001/", "public internet", "internet public"),
        ("https://bücher.example/", "xn--", "xn--"),
        ("https://example.com/" + "a" * 2048, "2048 characters", "2048 caractères"),
        ("https://example.com:22/", "port 443", "port 443"),
        ("https://example.com/#a", "#", "#"),
        ("", "2048 characters", "2048 caractères"),
        (7, "must be text", "doit être un texte"),
    ],
)
def test_what_cannot_be_called_is_refused_in_words(
    call: Call, url: Any, english: str, french: str
) -> None:
    for path in ("generate", "quote"):
        for language, words in (("en", english), ("fr", french)):
            answer = call("POST", f"{VIDEOS}/{path}", wish(url), language=language)
            assert_problem(answer, 422, "VALIDATION_FAILED")
            (error,) = answer.body["errors"]
            assert error["field"] == "callbackUrl"
            assert words in error["message"]


def test_this_machine_may_be_named_on_a_laptop(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REELSTEP_STAGE", "local")
    monkeypatch.setenv("REELSTEP_CALLBACK_LOOPBACK_CA", "ca.pem")
    Settings.load.cache_clear()
    assert call("POST", f"{VIDEOS}/quote", wish("https://localhost:8443/")).status == 200
    assert call("POST", f"{VIDEOS}/quote", wish("https://10.0.0.1/")).status == 422


def test_everybody_has_a_secret_and_can_change_it(call: Call) -> None:
    first = call("GET", SECRET)
    assert first.status == 200
    assert first.body["previousUntil"] is None
    assert call("GET", SECRET).body == first.body
    assert call("GET", SECRET, user="user-2").body["secret"] != first.body["secret"]
    rotated = call("POST", f"{SECRET}/rotate")
    assert rotated.status == 200
    assert rotated.body["secret"] != first.body["secret"]
    assert rotated.body["previousUntil"] > rotated.body["createdAt"]
    assert call("GET", SECRET).body == rotated.body


def test_a_request_that_is_sent_again_rotates_once(call: Call) -> None:
    key = {"idempotency-key": "wish-1"}
    first = call("POST", f"{SECRET}/rotate", headers=key)
    assert call("POST", f"{SECRET}/rotate", headers=key).body == first.body
    other = call("POST", f"{SECRET}/rotate", headers={"idempotency-key": "wish-2"})
    assert other.body["secret"] != first.body["secret"]
    refused = call("POST", f"{SECRET}/rotate", headers={"idempotency-key": "with a blank"})
    assert_problem(refused, 422, "VALIDATION_FAILED")


def test_a_secret_is_in_no_log(call: Call, capfd: pytest.CaptureFixture[str]) -> None:
    secret = call("GET", SECRET).body["secret"]
    again = call("POST", f"{SECRET}/rotate").body["secret"]
    said = "".join(capfd.readouterr())
    assert secret not in said
    assert again not in said
