"""Callbacks and the event bus on the local cloud: from the end of a job to a receiver's door."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from jsonschema import Draft202012Validator

from tests.support import idle_films
from tests.support.local_cloud import LocalCloud, User, running
from tests.support.receiver import Received, Receiver, answers, hangs, receiving

EVENTS = Path(__file__).resolve().parents[2] / "docs" / "events"
VIDEOS = "/api/v1/videos"
# What GET shows of a film besides the file itself.
_REST_OF_A_FILM = '"thumbnails": [], "poster": "poster.jpg", "captions": {}, "bytes": 1, '


@pytest.fixture(scope="module")
def receiver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Receiver]:
    with receiving(tmp_path_factory.mktemp("receiver")) as found:
        yield found


@pytest.fixture(autouse=True)
def _as_new(receiver: Receiver) -> None:
    receiver.requests.clear()
    receiver.manners[:] = [answers(200)]


@pytest.fixture(scope="module")
def calling(receiver: Receiver, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCloud]:
    """A cloud that may call this machine, and tries three times within seconds."""
    folder = tmp_path_factory.mktemp("calling")
    context = {
        "callback_loopback_ca": receiver.ca_file,
        "limits": {"callback_retry_seconds": [1, 1]},
    }
    root = idle_films.project(folder / "project")
    script = root / "functions" / "script" / "handler.py"
    text, film = script.read_text(encoding="utf-8"), '"output": {'
    assert text.count(film) == 1
    script.write_text(text.replace(film, film + _REST_OF_A_FILM), encoding="utf-8")
    with running(folder / "home", root, context) as cloud:
        yield cloud


@pytest.fixture(scope="module")
def listener(calling: LocalCloud) -> str:
    """A queue that has subscribed to the topic, as anybody with an account could."""
    sqs = calling.client("sqs")
    queue = sqs.create_queue(QueueName="listener")["QueueUrl"]
    known = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]
    topic, arn = calling.outputs["JobsTopicArn"], known["QueueArn"]
    letter_in = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": arn,
        "Condition": {"ArnEquals": {"aws:SourceArn": topic}},
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [letter_in]})
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": policy})
    calling.client("sns").subscribe(
        TopicArn=topic,
        Protocol="sqs",
        Endpoint=arn,
        Attributes={"RawMessageDelivery": "true"},
    )
    return str(queue)


def test_a_finished_film_is_told_once_and_signed(
    calling: LocalCloud, receiver: Receiver, listener: str
) -> None:
    user = calling.new_user()
    secret = _secret(calling, user)
    video = _film(calling, user, 0.2, callbackUrl=receiver.url("/done?film=1"))
    (got,) = receiver.wait_for(1)
    assert (got.method, got.target) == ("POST", "/done?film=1")
    assert got.headers["host"] == f"localhost:{receiver.port}"
    _check_signature(got, secret)

    told = got.json
    Draft202012Validator(_schema("callback")).validate(told)
    assert (told["event"], told["generationId"]) == ("job:completed", video)
    assert got.headers["x-reelstep-delivery"] == f"{video}-{told['seq']}"
    # Signed now: the address is one that opens this very film.
    assert urlsplit(told["videoUrl"]).path.endswith(f"films/{video}/film.mp4")
    assert "X-Amz-Signature" in told["videoUrl"]
    events = calling.http("GET", f"{VIDEOS}/{video}/events", token=user.token).json()["events"]
    assert {**events[-1], "videoUrl": ""} == {**told, "videoUrl": ""}

    seen = _wait_for_state(calling, user, video, "DELIVERED")
    assert (seen["callback"]["attempts"], seen["callback"]["lastStatus"]) == (1, 200)
    assert seen["callbackUrl"] == receiver.url("/done?film=1")

    (on_bus,) = _heard(calling, listener, video)
    Draft202012Validator(_schema("bus")).validate(on_bus)
    assert on_bus["source"] == "reelstep"
    assert on_bus["detail-type"] == "job:completed"
    assert on_bus["detail"]["userId"] == user.id
    assert on_bus["detail"]["videoKey"] == f"films/{video}/film.mp4"
    assert receiver.url("/done?film=1") not in json.dumps(on_bus)

    # Liked: the row of the ended job changes, and nobody is called again.
    calling.http("POST", f"{VIDEOS}/{video}/favorite", token=user.token)
    time.sleep(3)
    assert len(receiver.requests) == 1
    assert _heard(calling, listener, video, seconds=1) == []


def test_a_cancelled_film_is_told_and_one_without_a_url_only_to_the_bus(
    calling: LocalCloud, receiver: Receiver, listener: str
) -> None:
    user = calling.new_user()
    video = _film(calling, user, 60, callbackUrl=receiver.url())
    assert calling.http("POST", f"{VIDEOS}/{video}/cancel", token=user.token).status_code == 202
    (got,) = receiver.wait_for(1)
    Draft202012Validator(_schema("callback")).validate(got.json)
    assert got.json["event"] == "job:cancelled"
    assert [event["detail-type"] for event in _heard(calling, listener, video)] == ["job:cancelled"]

    quiet = _film(calling, user, 0.2)
    (on_bus,) = _heard(calling, listener, quiet)
    assert on_bus["detail"]["callback"] is False
    assert len(receiver.requests) == 1


def test_a_receiver_that_fails_is_called_again_with_the_same_delivery(
    calling: LocalCloud, receiver: Receiver
) -> None:
    user = calling.new_user()
    secret = _secret(calling, user)
    receiver.manners[:] = [answers(500), answers(503), answers(204)]
    video = _film(calling, user, 0.2, callbackUrl=receiver.url())
    got = receiver.wait_for(3)
    assert {request.body.split(b'"videoUrl"')[0] for request in got} == {
        got[0].body.split(b'"videoUrl"')[0]
    }
    assert len({request.headers["x-reelstep-delivery"] for request in got}) == 1
    assert [request.headers["x-reelstep-attempt"] for request in got] == ["1", "2", "3"]
    for request in got:
        _check_signature(request, secret)
    seen = _wait_for_state(calling, user, video, "DELIVERED")
    assert (seen["callback"]["attempts"], seen["callback"]["lastStatus"]) == (3, 204)


def test_a_redirect_into_this_machine_is_not_followed_and_ends_as_a_dead_letter(
    calling: LocalCloud, receiver: Receiver, tmp_path: Path
) -> None:
    user = calling.new_user()
    with receiving(tmp_path) as inner:
        receiver.manners[:] = [answers(307, f"Location: {inner.url('/inside', '127.0.0.1')}")]
        video = _film(calling, user, 0.2, callbackUrl=receiver.url())
        seen = _wait_for_state(calling, user, video, "FAILED")
        assert (seen["callback"]["attempts"], seen["callback"]["lastStatus"]) == (3, 307)
        assert inner.connections == 0
    assert len(receiver.requests) == 3
    (dead,) = _letters(calling, calling.outputs["UndeliveredQueueUrl"], video)
    assert dead["generationId"] == video


def test_gone_is_never_called_again(calling: LocalCloud, receiver: Receiver) -> None:
    user = calling.new_user()
    receiver.manners[:] = [answers(410)]
    video = _film(calling, user, 0.2, callbackUrl=receiver.url())
    assert _wait_for_state(calling, user, video, "GONE")["callback"]["attempts"] == 1
    time.sleep(3)
    assert len(receiver.requests) == 1


def test_a_receiver_that_hangs_keeps_nobody_else_waiting(
    calling: LocalCloud, receiver: Receiver, tmp_path: Path
) -> None:
    user, other = calling.new_user(), calling.new_user()
    receiver.manners[:] = [hangs(), answers(200)]
    slow = _film(calling, user, 0.2, callbackUrl=receiver.url("/slow"))
    receiver.wait_for(1)
    quick = _film(calling, other, 0.2, callbackUrl=receiver.url("/quick"))
    seen = _wait_for_state(calling, other, quick, "DELIVERED", seconds=9)
    assert seen["callback"]["attempts"] == 1
    first = _wait_for_state(calling, user, slow, "RETRYING", "DELIVERED")
    assert first["callback"]["lastError"] in ("TIMED_OUT", None)
    assert _wait_for_state(calling, user, slow, "DELIVERED")["callback"]["attempts"] == 2


def test_what_may_not_be_called_is_refused_at_submit(calling: LocalCloud) -> None:
    user = calling.new_user()
    for url in ("http://example.com/", "https://169.254.169.254/latest/", "https://10.0.0.1/"):
        body = {**idle_films.wish(1), "callbackUrl": url}
        answer = calling.http("POST", f"{VIDEOS}/generate", token=user.token, json=body)
        assert answer.status_code == 422, url
        assert answer.json()["errors"][0]["field"] == "callbackUrl"


# -- what the tests above are made of --------------------------------------------------------------


def _film(cloud: LocalCloud, user: User, seconds: float, **more: Any) -> str:
    body = {**idle_films.wish(seconds), **more}
    answer = cloud.http("POST", f"{VIDEOS}/generate", token=user.token, json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["videoId"])


def _secret(cloud: LocalCloud, user: User) -> str:
    answer = cloud.http("GET", "/api/v1/account/webhook-secret", token=user.token)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["secret"])


def _check_signature(got: Received, secret: str) -> None:
    """As a stranger would, from the documentation alone."""
    parts = dict(part.split("=", 1) for part in got.headers["x-reelstep-signature"].split(","))
    message = parts["t"].encode("ascii") + b"." + got.body
    assert hmac.digest(secret.encode(), message, hashlib.sha256).hex() == parts["v1"]
    assert abs(time.time() - int(parts["t"])) < 60


def _wait_for_state(
    cloud: LocalCloud, user: User, video: str, *states: str, seconds: float = 90
) -> dict[str, Any]:
    end = time.monotonic() + seconds
    while True:
        seen = cloud.http("GET", f"{VIDEOS}/{video}", token=user.token).json()
        if seen["callback"] and seen["callback"]["state"] in states:
            return dict(seen)
        assert time.monotonic() < end, seen["callback"]
        time.sleep(0.2)


def _heard(cloud: LocalCloud, queue: str, video: str, seconds: float = 30) -> list[dict[str, Any]]:
    """Events of this film that the subscriber has heard; waits for the first."""
    events = [json.loads(text) for text in _bodies(cloud, queue, video, seconds)]
    return [event for event in events if event["detail"]["generationId"] == video]


def _letters(cloud: LocalCloud, queue: str, video: str) -> list[dict[str, Any]]:
    return [json.loads(text) for text in _bodies(cloud, queue, video, 30)]


def _bodies(cloud: LocalCloud, queue: str, video: str, seconds: float) -> list[str]:
    """Bodies of messages that name this film; the others are left to those who wait for them."""
    sqs, found, end = cloud.client("sqs"), [], time.monotonic() + seconds
    while not found and time.monotonic() < end:
        answer = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10, VisibilityTimeout=0)
        for message in answer.get("Messages", []):
            if video in message["Body"]:
                found.append(message["Body"])
                sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
        time.sleep(0.2)
    return found


def _schema(name: str) -> Any:
    return json.loads((EVENTS / f"{name}.schema.json").read_text(encoding="utf-8"))
