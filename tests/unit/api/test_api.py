"""The REST API of system "generation", as API Gateway calls it, on moto."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from reelstep.jobs import lifecycle
from reelstep.jobs.admission import Admission
from reelstep.jobs.executions import Executions
from reelstep.jobs.sweeper import Outcome, sweep
from tests.support.api import Call, assert_problem
from tests.support.jobs import TOTALS

PROMPT = {"prompt": "Un jardin fleuri", "durationSeconds": 10}
BASE = "/api/v1/videos"


def test_generate_answers_as_the_contract_says(call: Call) -> None:
    film = PROMPT | {"quality": "HD"}
    french, groups = "fr-FR,en;q=0.5", ("plan-premium",)
    answer = call("POST", f"{BASE}/generate", film, language=french, groups=groups)
    assert answer.status == 201
    assert answer.body["status"] == "QUEUED"
    assert answer.body["tokensCost"] == 10 * 5 * 2
    assert answer.body["queuePosition"] == 0
    assert answer.body["message"].startswith("Votre vidéo")
    assert answer.body["createdAt"].endswith("Z")
    assert answer.headers["X-Trace-Id"]


def test_a_new_film_is_seen_with_every_field_of_the_contract(call: Call) -> None:
    video_id = call("POST", f"{BASE}/generate", PROMPT).body["videoId"]
    details = call("GET", f"{BASE}/{video_id}").body
    expected = {
        "id": video_id,
        "userId": "user-1",
        "companionId": None,
        "prompt": PROMPT["prompt"],
        "durationSeconds": 10,
        "resolution": "1080p",
        "frameRate": 30,
        "quality": "STANDARD",
        "status": "QUEUED",
        "currentPhase": None,
        "progressPercentage": 0,
        "storageUrl": None,
        "thumbnailUrls": None,
        "fileSizeMb": None,
        "generationTimeMinutes": None,
        "isFavorite": False,
        "tokensCost": 50,
        "errorMessage": None,
        "completedAt": None,
    }
    assert expected.items() <= details.items()
    assert [phase["phase"] for phase in details["phases"]] == [phase.value for phase in TOTALS]


def test_a_finished_film_has_urls(call: Call, cloud: Any) -> None:
    video_id = call("POST", f"{BASE}/generate", PROMPT).body["videoId"]
    job = lifecycle.begin(cloud.jobs, cloud.jobs.get(video_id), "worker")
    output = {
        "film": f"films/{video_id}/film.mp4",
        "bytes": 3 * 1024 * 1024,
        "thumbnails": [f"films/{video_id}/thumb_00s.jpg"],
        "poster": f"films/{video_id}/poster.jpg",
        "captions": {"vtt": f"films/{video_id}/captions.vtt"},
        "title": "Garden",
        "language": "fr",
    }
    lifecycle.complete(cloud.jobs, video_id, job.attempt, output)
    details = call("GET", f"{BASE}/{video_id}").body
    assert (details["status"], details["progressPercentage"]) == ("COMPLETED", 100)
    assert f"films/{video_id}/film.mp4?" in details["storageUrl"]
    assert details["fileSizeMb"] == 3.0
    assert [output["format"] for output in details["outputs"]] == ["MP4"]
    row = call("GET", f"{BASE}/user").body["videos"][0]
    assert "thumb_00s.jpg" in row["thumbnailUrl"]
    last = call("GET", f"{BASE}/{video_id}/events").body["events"][-1]
    assert last["event"] == "job:completed"
    assert "film.mp4?" in last["videoUrl"]
    assert "videoKey" not in last


def test_events_after_a_seq(call: Call, cloud: Any) -> None:
    video_id = call("POST", f"{BASE}/generate", PROMPT).body["videoId"]
    lifecycle.begin(cloud.jobs, cloud.jobs.get(video_id), "worker")
    found = call("GET", f"{BASE}/{video_id}/events", query={"after": "1"}).body["events"]
    assert [(event["event"], event["seq"]) for event in found] == [("job:started", 2)]
    assert found[0]["generationId"] == video_id


@pytest.mark.parametrize(
    "kind", ["APPLICATION/JSON", "Application/Json; Charset=UTF-8", " application/json"]
)
def test_a_content_type_in_capitals_is_the_same(call: Call, kind: str) -> None:
    """The router compared it letter by letter, and what it did not know became a 500."""
    assert call("POST", f"{BASE}/generate", PROMPT, content_type=kind).status == 201


def test_pages_are_counted(call: Call) -> None:
    for _ in range(3):
        call("POST", f"{BASE}/generate", PROMPT)
    page = call("GET", f"{BASE}/user", query={"page": "1", "size": "2"}).body
    assert len(page["videos"]) == 1
    assert (page["currentPage"], page["pageSize"]) == (1, 2)
    assert (page["totalElements"], page["totalPages"], page["isLast"]) == (3, 2, True)
    empty = call("GET", f"{BASE}/user", user="user-2").body
    assert (empty["totalElements"], empty["totalPages"], empty["isLast"]) == (0, 0, True)


def test_favorite_and_back(call: Call) -> None:
    video_id = call("POST", f"{BASE}/generate", PROMPT).body["videoId"]
    assert call("POST", f"{BASE}/{video_id}/favorite").body == {"isFavorite": True}
    assert call("GET", f"{BASE}/user", query={"favorite": "true"}).body["totalElements"] == 1
    assert call("DELETE", f"{BASE}/{video_id}/favorite").body == {"isFavorite": False}
    assert call("GET", f"{BASE}/user", query={"favorite": "true"}).body["totalElements"] == 0


def test_delete_stops_removes_and_is_gone(call: Call, cloud: Any) -> None:
    video_id = call("POST", f"{BASE}/generate", PROMPT).body["videoId"]
    execution = cloud.jobs.get(video_id).execution_arn
    cloud.media.put(f"films/{video_id}/film.mp4", b"x")
    assert call("DELETE", f"{BASE}/{video_id}").status == 204
    assert cloud.executions.status(execution) == "ABORTED"
    assert not cloud.media.exists(f"films/{video_id}/film.mp4")
    assert_problem(call("GET", f"{BASE}/{video_id}"), 404, "NOT_FOUND")
    assert_problem(call("DELETE", f"{BASE}/{video_id}"), 404, "NOT_FOUND")


def test_deleting_does_not_look_like_a_lost_execution(
    call: Call, cloud: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The event of the stopped execution may reach the sweep before delete is through: a job that
    was still running then was started again."""
    video_id = call("POST", f"{BASE}/generate", PROMPT).body["videoId"]
    stop, found = Executions.stop, []

    def stop_and_sweep(self: Executions, arn: str, cause: str) -> None:
        stop(self, arn, cause)
        found.append(sweep(Admission(cloud.jobs, self, cloud.admission.limits), job_ids=[video_id]))

    monkeypatch.setattr(Executions, "stop", stop_and_sweep)
    assert call("DELETE", f"{BASE}/{video_id}").status == 204
    assert found == [Outcome()]


@pytest.mark.parametrize(
    ("method", "rest"),
    [
        ("GET", ""),
        ("GET", "/events"),
        ("POST", "/favorite"),
        ("DELETE", "/favorite"),
        ("DELETE", ""),
    ],
)
def test_somebody_elses_film_looks_like_none(call: Call, method: str, rest: str) -> None:
    video_id = call("POST", f"{BASE}/generate", PROMPT).body["videoId"]
    other = call(method, f"{BASE}/{video_id}{rest}", user="user-2")
    none = call(method, f"{BASE}/no-such-film{rest}", user="user-2")
    assert_problem(other, 404, "NOT_FOUND")
    for answer in (other, none):
        answer.body.pop("traceId")
    assert other.body == none.body
    assert call("GET", f"{BASE}/{video_id}").status == 200


def test_a_route_reached_without_an_authorizer_gives_nothing(call: Call) -> None:
    assert_problem(call("GET", f"{BASE}/user", user=None), 401, "UNAUTHORIZED")


def test_an_access_token_is_not_an_id_token(call: Call) -> None:
    """API Gateway accepts both (it checks `client_id` where there is no `aud`)."""
    assert_problem(call("GET", f"{BASE}/user", token_use="access"), 401, "UNAUTHORIZED")


@pytest.mark.parametrize(
    ("body", "more", "status", "code"),
    [
        ("{", {}, 400, "MALFORMED_REQUEST"),
        ("[1, 2]", {}, 400, "MALFORMED_REQUEST"),
        ('"text"', {}, 400, "MALFORMED_REQUEST"),
        ("a=1", {"content_type": "application/x-www-form-urlencoded"}, 400, "MALFORMED_REQUEST"),
        ("{}", {"content_type": "text/plain"}, 400, "MALFORMED_REQUEST"),
        ("{}", {"content_type": "multipart/form-data"}, 400, "MALFORMED_REQUEST"),
        ("[" * 60_000, {}, 400, "MALFORMED_REQUEST"),
        ('{"a":' * 10_000 + "1" + "}" * 10_000, {}, 400, "MALFORMED_REQUEST"),
        ("!!!", {"encoded": True}, 400, "MALFORMED_REQUEST"),
        (base64.b64encode(b"\xff\xfe{}").decode(), {"encoded": True}, 400, "MALFORMED_REQUEST"),
        ('{"prompt": "' + "x" * 70_000 + '"}', {}, 413, "TOO_LARGE"),
        ("{}", {}, 422, "VALIDATION_FAILED"),
        (None, {}, 422, "VALIDATION_FAILED"),
        ('{"prompt": NaN}', {}, 422, "VALIDATION_FAILED"),
        ('{"prompt": "a", "durationSeconds": 1e400}', {}, 422, "VALIDATION_FAILED"),
        ('{"prompt": "a", "durationSeconds": 9}', {}, 422, "VALIDATION_FAILED"),
        ('{"prompt": "\\ud800"}', {}, 422, "VALIDATION_FAILED"),
    ],
)
def test_a_bad_body_is_a_named_problem_and_no_job(
    call: Call, cloud: Any, body: str | None, more: dict[str, Any], status: int, code: str
) -> None:
    answer = call("POST", f"{BASE}/generate", body, **more)
    assert_problem(answer, status, code)
    if status == 422:
        assert answer.body["errors"]
    rows = cloud.jobs.client.scan(TableName=cloud.jobs.table)["Items"]
    assert {row["sk"]["S"] for row in rows} <= {"RATE#generation"}


def test_each_wrong_field_is_named_in_the_callers_language(call: Call) -> None:
    body = {"prompt": "x" * 2001, "durationSeconds": 5, "colour": 1, "scenes": [{"dialogue": 2}]}
    answer = call("POST", f"{BASE}/generate", body, language="fr")
    assert {e["field"]: e["message"] for e in answer.body["errors"]} == {
        "prompt": "doit compter au plus 2000 caractères",
        "durationSeconds": "doit être au moins 10",
        "colour": "n'est pas un champ connu",
        "scenes[0].dialogue": "doit être un texte",
    }


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("language", "tlh", "no voice speaks tlh"),
        ("language", "Klingon, please", "must be a language tag such as fr or pt-BR"),
        ("voice", "darth-vader", "must be one of female, male"),
        ("companionId", "../x", "must be 1 to 64 letters, digits, - or _"),
    ],
)
def test_what_no_voice_can_speak_is_refused_before_anything_is_made(
    call: Call, field: str, value: str, message: str
) -> None:
    answer = call("POST", f"{BASE}/generate", PROMPT | {field: value})
    assert_problem(answer, 422, "VALIDATION_FAILED")
    assert answer.body["errors"] == [{"field": field, "message": message}]


def test_more_than_max_tokens_is_refused(call: Call) -> None:
    answer = call("POST", f"{BASE}/generate", PROMPT | {"maxTokens": 49})
    assert_problem(answer, 422, "VALIDATION_FAILED")
    assert answer.body["errors"][0]["field"] == "maxTokens"


@pytest.mark.parametrize(
    ("path", "query"),
    [
        (f"{BASE}/user", {"page": "-1"}),
        (f"{BASE}/user", {"size": "0"}),
        (f"{BASE}/user", {"size": "101"}),
        (f"{BASE}/user", {"size": "ten"}),
        (f"{BASE}/user", {"status": "STARTING"}),
        (f"{BASE}/user", {"favorite": "maybe"}),
        (f"{BASE}/x/events", {"after": "-1"}),
        (f"{BASE}/x/events", {"after": "1e9"}),
    ],
)
def test_a_bad_query_names_its_parameter(call: Call, path: str, query: dict[str, str]) -> None:
    answer = call("GET", path, query=query)
    assert_problem(answer, 422, "VALIDATION_FAILED")
    assert [error["field"] for error in answer.body["errors"]] == list(query)


def test_an_unknown_address_says_where_to_look(call: Call) -> None:
    answer = call("GET", "/api/v2/nothing")
    assert_problem(answer, 404, "NOT_FOUND")
    assert "/docs" in answer.body["detail"]


def test_a_bug_shows_nothing_of_the_inside(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    from reelstep.pipelines.generation.videos import Videos

    def broken(*_: Any, **__: Any) -> None:
        raise KeyError("secret-internal-name")

    monkeypatch.setattr(Videos, "get", broken)
    answer = call("GET", f"{BASE}/some-film")
    assert_problem(answer, 500, "INTERNAL_ERROR")
    assert "secret" not in json.dumps(answer.body)


def test_queue_status_is_public_and_counts(call: Call, cloud: Any) -> None:
    video_id = call("POST", f"{BASE}/generate", PROMPT).body["videoId"]
    call("POST", f"{BASE}/generate", PROMPT)
    lifecycle.begin(cloud.jobs, cloud.jobs.get(video_id), "worker")
    status = call("GET", f"{BASE}/queue-status", user=None).body
    assert (status["queuedCount"], status["processingCount"]) == (1, 1)
    assert status["lastUpdate"].endswith("Z")


def test_health_openapi_and_docs_are_public(call: Call) -> None:
    assert call("GET", "/health", user=None).body["status"] == "ok"
    schema = call("GET", "/openapi.json", user=None).body
    assert schema["openapi"].startswith("3.1")
    assert set(schema["paths"]) >= {f"{BASE}/generate", f"{BASE}/user", f"{BASE}/queue-status"}
    created = schema["paths"][f"{BASE}/generate"]["post"]["responses"]
    assert {"201", "400", "413", "422"} <= set(created)
    page = call("GET", "/docs", user=None)
    assert page.status == 200
    assert "swagger" in page.body.lower()
