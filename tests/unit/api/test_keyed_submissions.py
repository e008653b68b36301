"""Idempotency-Key on the routes that create or spend: one film, one charge, one answer."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from reelstep.jobs.repository import JobRepository
from reelstep.platform import dynamo
from tests.support.api import Call, assert_problem

BASE = "/api/v1/videos"
FILM = {"prompt": "A garden", "durationSeconds": 10}
KEY = {"idempotency-key": "key-1"}


def films(call: Call, user: str = "user-1") -> int:
    return int(call("GET", f"{BASE}/user", user=user).body["totalElements"])


def balance(call: Call) -> int:
    return int(call("POST", f"{BASE}/quote", FILM).body["balance"])


def forget_answers(cloud: Any) -> int:
    """As if the first Lambda had died before it could keep its answer, a while ago."""
    rows = [
        dynamo.unmarshal(row) for row in cloud.jobs.client.scan(TableName=cloud.jobs.table)["Items"]
    ]
    gone = [row for row in rows if row["pk"].startswith("IDEMPOTENCY#")]
    for row in gone:
        key = dynamo.marshal({"pk": row["pk"], "sk": row["sk"]})
        cloud.jobs.client.delete_item(TableName=cloud.jobs.table, Key=key)
    return len(gone)


def test_a_double_submit_is_one_film_one_charge_and_one_answer(call: Call) -> None:
    before = balance(call)
    first = call("POST", f"{BASE}/generate", FILM, headers=KEY)
    second = call("POST", f"{BASE}/generate", FILM, headers=KEY)
    assert (first.status, second.status) == (201, 201)
    assert first.body == second.body
    assert "Idempotency-Replayed" not in first.headers
    assert second.headers["Idempotency-Replayed"] == "true"
    assert films(call) == 1
    assert before - balance(call) == first.body["tokensCost"]


def test_without_the_kept_answer_the_job_still_is_the_same(call: Call, cloud: Any) -> None:
    """The derived id is the truth; the kept answer only saves work."""
    before = balance(call)
    first = call("POST", f"{BASE}/generate", FILM, headers=KEY)
    assert forget_answers(cloud) == 1
    second = call("POST", f"{BASE}/generate", FILM, headers=KEY)
    assert second.status == 201
    assert second.body["videoId"] == first.body["videoId"]
    assert films(call) == 1
    assert before - balance(call) == first.body["tokensCost"]


@pytest.mark.parametrize("forgotten", [False, True])
def test_a_key_with_another_body_makes_nothing(call: Call, cloud: Any, forgotten: bool) -> None:
    call("POST", f"{BASE}/generate", FILM, headers=KEY)
    if forgotten:
        forget_answers(cloud)
    other = call("POST", f"{BASE}/generate", FILM | {"prompt": "A wood"}, headers=KEY)
    assert_problem(other, 409, "CONFLICT")
    assert films(call) == 1


def test_a_key_of_somebody_else_is_another_key(call: Call) -> None:
    mine = call("POST", f"{BASE}/generate", FILM, headers=KEY)
    theirs = call("POST", f"{BASE}/generate", FILM, headers=KEY, user="user-2")
    assert mine.body["videoId"] != theirs.body["videoId"]
    assert (films(call), films(call, "user-2")) == (1, 1)


@pytest.mark.parametrize("key", ["two words", "x" * 256, "clé"])
def test_a_bad_key_makes_nothing(call: Call, key: str) -> None:
    answer = call("POST", f"{BASE}/generate", FILM, headers={"idempotency-key": key})
    assert_problem(answer, 422, "VALIDATION_FAILED")
    assert [error["field"] for error in answer.body["errors"]] == ["Idempotency-Key"]
    assert films(call) == 0


@pytest.mark.parametrize("key", ["a,b", "1", "true", '"quoted"', "a=b;c", "[1]"])
def test_a_key_may_be_any_visible_ascii(call: Call, key: str) -> None:
    ids = {
        call("POST", f"{BASE}/generate", FILM, headers={"idempotency-key": key}).body["videoId"]
        for _ in range(2)
    }
    assert (len(ids), films(call)) == (1, 1)


def test_an_invalid_body_does_not_use_up_its_key(call: Call) -> None:
    wrong = call("POST", f"{BASE}/generate", FILM | {"durationSeconds": 1}, headers=KEY)
    assert_problem(wrong, 422, "VALIDATION_FAILED")
    assert call("POST", f"{BASE}/generate", FILM, headers=KEY).status == 201


def test_a_bug_does_not_use_up_its_key(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise ClientError({"Error": {"Code": "InternalServerError", "Message": ""}}, "Any")

    with monkeypatch.context() as patched:
        patched.setattr(JobRepository, "create", broken)
        assert call("POST", f"{BASE}/generate", FILM, headers=KEY).status >= 500
    assert call("POST", f"{BASE}/generate", FILM, headers=KEY).status == 201
    assert films(call) == 1


def test_retrying_what_has_not_failed_is_refused_each_time(call: Call) -> None:
    """A refusal is not kept: later the film may have failed, and the key works."""
    video_id = call("POST", f"{BASE}/generate", FILM).body["videoId"]
    for _ in range(2):
        answer = call("POST", f"{BASE}/{video_id}/retry", headers=KEY)
        assert_problem(answer, 409, "CONFLICT")


def test_the_key_is_documented_where_it_works(call: Call) -> None:
    paths = call("GET", "/openapi.json", user=None).body["paths"]
    with_key = {
        path
        for path, operations in paths.items()
        for operation in operations.values()
        for parameter in operation.get("parameters", [])
        if parameter["name"].lower() == "idempotency-key"
    }
    assert with_key >= {f"{BASE}/generate", f"{BASE}/{{video_id}}/retry"}
    assert f"{BASE}/quote" not in with_key
