"""Requests of both clients: signed in, sent again where that is safe, refused in words."""

from __future__ import annotations

import inspect
import socket
from pathlib import Path
from typing import Any

import httpx
import pytest

from reelstep.client import (
    ApiProblem,
    AsyncClient,
    Client,
    Deployment,
    FieldError,
    NotSignedIn,
    NotTheApi,
    Picture,
    Token,
    Unreachable,
    UploadFailed,
    WrongPicture,
    wire,
)
from tests.unit.cli.fake_cloud import LINE_DROPPED, FakeCloud, problem
from tests.unit.cli.fake_people import USER_ID, entry
from tests.unit.client.conftest import Both

PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 100


def test_both_clients_have_the_same_methods_with_the_same_words() -> None:
    def public(kind: type) -> dict[str, Any]:
        return {
            name: (str(inspect.signature(each)).replace("Async", ""), inspect.getdoc(each))
            for name, each in vars(kind).items()
            if not name.startswith("_") and callable(each)
        }

    assert public(AsyncClient) == public(Client)


def test_a_film_is_asked_for_under_the_contracts_names(cloud: FakeCloud, rest: Both) -> None:
    submitted = rest.call(
        "generate",
        "A fox",
        duration_seconds=20,
        visual_style="ANIME",
        include_elements=["a lamp"],
        scenes=[{"description": "a hill", "visual_elements": ["moon"]}],
        metadata={"order": "7"},
        max_tokens=None,
    )

    assert submitted.video_id in cloud.films
    ((_, _, headers, body),) = cloud.asked("POST", "/generate")
    assert body == {
        "prompt": "A fox",
        "durationSeconds": 20,
        "visualStyle": "ANIME",
        "includeElements": ["a lamp"],
        "scenes": [{"description": "a hill", "visualElements": ["moon"]}],
        "metadata": {"order": "7"},
    }
    assert len(headers["Idempotency-Key"]) == 36


def test_answers_are_frozen_and_keep_what_they_do_not_know(cloud: FakeCloud, rest: Both) -> None:
    video = rest.call("video", cloud.add("A fox").id)

    assert video.quality == "STANDARD"
    assert video.document["qualityReport"]["passed"] is True
    with pytest.raises(ValueError, match="frozen"):
        video.quality = "ULTRA"


def test_every_film_is_given_once_also_when_pages_move(cloud: FakeCloud, rest: Both) -> None:
    films = [cloud.add(f"Film {number}") for number in range(230)]
    iterator = rest.items("all_videos")

    assert [each.id for each in iterator] == [film.id for film in reversed(films)]
    assert len(cloud.asked("GET", "/user")) == 3


def test_a_page_can_be_chosen_and_filtered(cloud: FakeCloud, rest: Both) -> None:
    liked = cloud.add("A fox")
    cloud.add("A hen")

    assert rest.call("set_favorite", liked.id) is True
    assert [each.id for each in rest.call("videos", favorite=True).videos] == [liked.id]
    assert rest.call("set_favorite", liked.id, False) is False
    rest.call("delete", liked.id)
    with pytest.raises(ApiProblem) as gone:
        rest.call("video", liked.id)
    assert (gone.value.status, gone.value.trace_id) == (404, "1-abc")


def test_what_needs_no_sign_in_is_asked_without_one(cloud: FakeCloud, both: Both) -> None:
    both.open(Deployment(cloud.url))

    assert both.call("queue_status").queued_count == 1
    assert both.call("health").status == "ok"
    assert all("Authorization" not in headers for _, _, headers, _ in cloud.requests)
    with pytest.raises(NotSignedIn):
        both.call("account")


def test_the_studio_is_where_the_api_says(cloud: FakeCloud, both: Both) -> None:
    both.open(Deployment(cloud.url))
    cloud.plan("GET", "/dashboard", 302, "", Location="https://studio.example/")

    assert both.call("studio_url") == "https://studio.example/"
    cloud.plan("GET", "/dashboard", 200, "<html>")
    with pytest.raises(NotTheApi, match="studio"):
        both.call("studio_url")


def test_previews_are_what_is_there_so_far(cloud: FakeCloud, rest: Both) -> None:
    body = {
        "title": None,
        "scenes": [{"number": 1, "description": "A hill", "dialogue": "Look."}],
        "pictures": [{"scene": 1, "url": "https://a/p.jpg", "width": 640, "height": 360}],
        "chunks": [{"index": 0, "url": "https://a/c.mp4", "seconds": 5.5}],
    }
    film = cloud.add("A fox")
    cloud.plan("GET", f"{film.id}/previews", 200, body)

    found = rest.call("previews", film.id)

    assert (found.title, found.scenes[0].dialogue) == (None, "Look.")
    assert (found.pictures[0].width, found.chunks[0].seconds) == (640, 5.5)


def test_the_whole_ledger_page_by_page(cloud: FakeCloud, rest: Both) -> None:
    cloud.people.entries = [entry(1, "GRANT", number) for number in range(250)]

    pages = rest.items("ledger_pages")

    assert [len(page.entries) for page in pages] == [100, 100, 50]


def test_a_ledger_that_goes_round_is_noticed(cloud: FakeCloud, rest: Both) -> None:
    for _ in range(5):
        cloud.plan("GET", "/ledger", 200, {"entries": [], "cursor": "again"})

    with pytest.raises(NotTheApi, match="does not end"):
        rest.items("ledger_pages")


def test_a_companion_with_its_picture(cloud: FakeCloud, rest: Both, tmp_path: Path) -> None:
    file = tmp_path / "luna.jpeg"
    file.write_bytes(PNG)
    cloud.plan("PUT", "/store/", 503, "busy")

    made = rest.call("put_companion", "luna", name="Luna", picture=Picture.read(file))

    assert made.avatar_url
    sent = cloud.asked("PUT", "/store/")[-1]
    assert (sent[2]["Content-Type"], sent[3]) == ("image/png", PNG)
    assert "Authorization" not in sent[2], "the token is the API's, not the store's"
    rest.call("delete_companion", "luna")
    assert rest.call("companions").companions == []


def test_a_picture_that_the_store_refuses_changes_no_companion(
    cloud: FakeCloud, rest: Both
) -> None:
    cloud.plan("PUT", "/store/", 403, "<Error><Code>AccessDenied</Code></Error>")

    with pytest.raises(UploadFailed, match="AccessDenied"):
        rest.call("put_companion", "luna", name="Luna", picture=Picture.of(PNG))
    assert cloud.people.companions == {}


@pytest.mark.parametrize("data", [b"", b"GIF89a", PNG[:8] + b"x" * 5 * 1024**2])
def test_what_is_no_picture_is_not_sent(data: bytes) -> None:
    with pytest.raises(WrongPicture):
        Picture.of(data)


def test_what_admins_do(cloud: FakeCloud, rest: Both) -> None:
    cloud.people.admin_tokens.add("good")

    assert rest.call("person", "demo+x@reelstep.test").user_id == USER_ID
    assert rest.call("grant", USER_ID, 60, reason="fair").balance == 1000
    assert rest.call("set_plan", USER_ID, "PREMIUM", reason="paid").plan == "PREMIUM"
    assert "Idempotency-Key" in cloud.asked("POST", "/tokens")[0][2]


# -- again -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [429, 502, 503, LINE_DROPPED])
def test_reading_is_repeated_with_pauses_that_grow(
    cloud: FakeCloud, rest: Both, status: int
) -> None:
    for _ in range(3):
        cloud.plan("GET", "/account", status, "busy")

    assert rest.call("account").balance == 940
    assert len(rest.naps) == 3
    assert rest.naps == sorted(rest.naps) or max(rest.naps) < 0.05


@pytest.mark.parametrize("status", [429, 503])
def test_a_submission_waits_as_it_is_asked_and_keeps_its_key(
    cloud: FakeCloud, rest: Both, status: int
) -> None:
    body = problem(status, "BUSY", "Not now", "…")
    for seconds in ("7", "30"):
        cloud.plan("POST", "/generate", status, body, Retry_After=seconds)

    rest.call("generate", "A fox")

    assert rest.naps == [7, 30]
    assert [(w.why, w.seconds, w.attempt, w.attempts) for w in rest.waits] == [
        ("Not now", 7, 2, 5),
        ("Not now", 30, 3, 5),
    ]
    asked = cloud.asked("POST", "/generate")
    assert len(asked) == 3
    assert len({headers["Idempotency-Key"] for _, _, headers, _ in asked}) == 1
    assert len(cloud.films) == 1


def test_patience_has_an_end(cloud: FakeCloud, rest: Both) -> None:
    for _ in range(9):
        body = problem(503, "QUEUE_FULL", "The queue is full", "…")
        cloud.plan("POST", "/generate", 503, body, Retry_After="50")

    with pytest.raises(ApiProblem) as refused:
        rest.call("generate", "A fox")

    assert rest.naps == [50, 50]
    assert (refused.value.retry_after, refused.value.worth_repeating) == (50, True)


@pytest.mark.parametrize(
    ("status", "sent"), [(429, 2), (502, 1), (503, 1), (500, 1), (LINE_DROPPED, 1)]
)
def test_what_might_be_done_twice_is_sent_again_only_when_nothing_was_done(
    cloud: FakeCloud, rest: Both, status: int, sent: int
) -> None:
    film = cloud.add("A fox", finished=False)
    cloud.plan("POST", "/cancel", status, "busy")
    try:
        rest.call("cancel", film.id)
    except (ApiProblem, Unreachable):
        assert sent == 1

    assert len(cloud.asked("POST", "/cancel")) == sent


@pytest.mark.parametrize("body", ["<html>hello</html>", [1], {"videos": "none"}, ""])
def test_an_answer_that_is_not_the_apis_is_told_as_such(
    cloud: FakeCloud, rest: Both, body: Any
) -> None:
    cloud.plan("GET", "/user", 200, body)

    with pytest.raises(NotTheApi) as wrong:
        rest.call("videos")
    assert wrong.value.address == cloud.url
    assert not wrong.value.worth_repeating


def test_nobody_there(both: Both) -> None:
    both.open(Deployment("http://127.0.0.1:9"), Token("t"))

    with pytest.raises(Unreachable, match=r"http://127.0.0.1:9: ConnectError") as gone:
        both.call("account")
    assert gone.value.worth_repeating
    assert len(both.naps) == 4


def test_an_api_that_takes_the_call_and_never_answers(
    both: Both, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "TIMEOUT", httpx.Timeout(30.0, read=0.2))
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        both.open(Deployment(f"http://127.0.0.1:{deaf.getsockname()[1]}"), Token("t"))

        with pytest.raises(Unreachable, match="ReadTimeout"):
            both.call("account")
    assert len(both.naps) == 4


def test_a_refusal_has_all_that_the_api_said(cloud: FakeCloud, rest: Both) -> None:
    errors = [{"field": "durationSeconds", "message": "must be 10 to 600"}]
    more = {"errors": errors, "required": 5, "balance": 1}
    body = problem(422, "VALIDATION_FAILED", "Not valid", "…", **more)
    cloud.plan("POST", "/quote", 422, body)

    with pytest.raises(ApiProblem) as refused:
        rest.call("quote", "A fox", duration_seconds=1)

    said = refused.value
    assert (said.status, said.code, said.title) == (422, "VALIDATION_FAILED", "Not valid")
    assert said.errors == (FieldError("durationSeconds", "must be 10 to 600"),)
    assert (said.trace_id, said.problem["required"]) == ("1-abc", 5)
    assert not said.worth_repeating


@pytest.mark.parametrize("errors", ["none", [1], [{"field": None}], {}])
def test_a_refusal_of_the_wrong_shape_is_still_one(
    cloud: FakeCloud, rest: Both, errors: Any
) -> None:
    cloud.plan("GET", "/account", 500, {"title": 7, "errors": errors})

    with pytest.raises(ApiProblem) as refused:
        rest.call("account")
    assert (refused.value.code, refused.value.trace_id) == ("HTTP_500", "trace-header")
