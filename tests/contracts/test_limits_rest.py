"""Rates and idempotency through the real gateway, with the API's own rights on the table."""

from __future__ import annotations

import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from tests.support import films
from tests.support.local_cloud import LocalCloud, User

FILM = {"prompt": "A film of its own", "durationSeconds": 10, "preview": True}
SECOND = 1_000_000


@pytest.fixture
def user(cloud: LocalCloud) -> User:
    return cloud.new_user()


def use_up(cloud: LocalCloud, user: User, seconds: int) -> None:
    """The user's bucket as so many requests leave it that the next is allowed in `seconds`."""
    now = time.time_ns() // 1_000
    cloud.client("dynamodb").put_item(
        TableName=cloud.description.table_name,
        Item={
            "pk": {"S": f"USER#{user.id}"},
            "sk": {"S": "RATE#generation"},
            "tat_1": {"N": str(now + (seconds + 1) * SECOND)},
        },
    )


def test_answers_tell_what_is_left(cloud: LocalCloud, user: User) -> None:
    answer = cloud.http("GET", f"{films.VIDEOS}/user", token=user.token)
    assert answer.status_code == 200
    assert answer.headers["RateLimit-Limit"] == "20"
    assert answer.headers["RateLimit-Remaining"] == "19"
    assert answer.headers["RateLimit-Reset"] == "1"


def test_who_asks_too_often_is_told_when_to_come_back(cloud: LocalCloud, user: User) -> None:
    use_up(cloud, user, 600)
    answer = cloud.http("POST", f"{films.VIDEOS}/generate", token=user.token, json=FILM)
    assert answer.status_code == 429
    assert answer.json()["code"] == "RATE_LIMITED"
    assert 500 < int(answer.headers["Retry-After"]) <= 601
    assert answer.headers["RateLimit-Remaining"] == "0"
    other = cloud.new_user()
    assert cloud.http("GET", f"{films.VIDEOS}/user", token=other.token).status_code == 200
    assert cloud.http("GET", f"{films.VIDEOS}/queue-status").status_code == 200


def test_doubles_at_the_same_moment_are_one_film_and_get_one_answer(
    cloud: LocalCloud, user: User
) -> None:
    headers = {"Idempotency-Key": str(uuid.uuid4())}

    def submit(_: int) -> Any:
        url = cloud.description.api_url + f"{films.VIDEOS}/generate"
        signed = headers | {"Authorization": f"Bearer {user.token}"}
        return requests.post(url, json=FILM, headers=signed, timeout=60)

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(submit, range(10)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    first = [a for a in answers if "Idempotency-Replayed" not in a.headers]
    assert len(first) == 1
    page = cloud.http("GET", f"{films.VIDEOS}/user", token=user.token).json()
    assert page["totalElements"] == 1
    other = cloud.http(
        "POST",
        f"{films.VIDEOS}/generate",
        token=user.token,
        json=FILM | {"prompt": "Another film"},
        headers=headers,
    )
    assert (other.status_code, other.json()["code"]) == (409, "CONFLICT")
    video_id = answers[0].json()["videoId"]
    assert cloud.http("DELETE", f"{films.VIDEOS}/{video_id}", token=user.token).status_code == 204
