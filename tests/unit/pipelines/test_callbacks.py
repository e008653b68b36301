"""One try of a callback and what follows from it, on moto and a real receiver."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from reelstep.accounts.webhook_secrets import WebhookSecrets
from reelstep.events.deliveries import Deliveries, DeliveryState
from reelstep.jobs import lifecycle
from reelstep.jobs.model import Job
from reelstep.pipelines.callbacks import Callback, Callbacks
from reelstep.platform.egress import Egress
from reelstep.platform.settings import Limits
from tests.support import jobs
from tests.support.receiver import Receiver, answers, receiving

SCHEMA = Path(__file__).resolve().parents[3] / "docs/events/callback.schema.json"
PAUSES = (5, 7)


@pytest.fixture(scope="module")
def receiver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Receiver]:
    with receiving(tmp_path_factory.mktemp("receiver")) as found:
        yield found


@pytest.fixture
def desk(cloud: Any, receiver: Receiver) -> Callbacks:
    receiver.requests.clear()
    receiver.manners[:] = [answers(200)]
    client, table = cloud.jobs.client, cloud.jobs.table
    return Callbacks(
        jobs=cloud.jobs,
        media=cloud.media,
        secrets=WebhookSecrets(client, table),
        deliveries=Deliveries(client, table),
        egress=Egress(3.0, loopback=True, ca_file=receiver.ca_file),
        limits=Limits(callback_retry_seconds=PAUSES),
        unix_time=lambda: 1_700_000_000.9,
    )


def ended(cloud: Any, url: str) -> tuple[Job, Callback]:
    job = jobs.running(cloud, request={"prompt": "x", "callbackUrl": url})
    lifecycle.complete(cloud.jobs, job.job_id, job.attempt, {"film": "films/1/film.mp4"})
    job = jobs.now(cloud, job)
    return job, Callback(job_id=job.job_id, seq=job.seq)


def test_what_is_sent_is_the_event_and_is_signed(
    cloud: Any, desk: Callbacks, receiver: Receiver
) -> None:
    job, callback = ended(cloud, receiver.url())
    secret = desk.secrets.get(job.user_id).current
    assert desk.attempt(callback, 1) is None
    (got,) = receiver.requests
    Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8"))).validate(got.json)
    assert (got.json["event"], got.json["seq"]) == ("job:completed", job.seq)
    code = hmac.digest(secret.encode(), b"1700000000." + got.body, hashlib.sha256).hex()
    assert got.headers["x-reelstep-signature"] == f"t=1700000000,v1={code}"
    assert got.headers["x-reelstep-delivery"] == f"{job.job_id}-{job.seq}"
    told = desk.deliveries.last(job.job_id)
    assert told
    assert (told.state, told.attempts, told.last_status) == (DeliveryState.DELIVERED, 1, 200)


def test_both_secrets_sign_after_a_rotation(
    cloud: Any, desk: Callbacks, receiver: Receiver
) -> None:
    _, callback = ended(cloud, receiver.url())
    desk.secrets.get("user-1")
    desk.secrets.rotate("user-1")
    desk.attempt(callback, 1)
    assert receiver.requests[0].headers["x-reelstep-signature"].count("v1=") == 2


def test_what_was_delivered_is_not_sent_again(
    cloud: Any, desk: Callbacks, receiver: Receiver
) -> None:
    for status in (204, 410):
        receiver.manners[:] = [answers(status)]
        _, callback = ended(cloud, receiver.url())
        assert [desk.attempt(callback, number) for number in (1, 1, 2)] == [None, None, None]
    assert len(receiver.requests) == 2


@pytest.mark.parametrize("status", [301, 307, 400, 404, 429, 500, 503])
def test_pauses_grow_until_the_last_try(
    cloud: Any, desk: Callbacks, receiver: Receiver, status: int
) -> None:
    receiver.manners[:] = [answers(status, "Location: https://127.0.0.1:1/")]
    job, callback = ended(cloud, receiver.url())
    states = []
    for number, pause in ((1, 5), (2, 7), (3, 0)):
        assert desk.attempt(callback, number) == pause
        told = desk.deliveries.last(job.job_id)
        assert told
        assert (told.attempts, told.last_status) == (number, status)
        states.append(told.state.value)
    assert states == ["RETRYING", "RETRYING", "FAILED"]
    # An operator puts the dead letter back: it counts from one again.
    receiver.manners[:] = [answers(200)]
    assert desk.attempt(callback, 1) is None
    told = desk.deliveries.last(job.job_id)
    assert told
    assert told.state is DeliveryState.DELIVERED


def test_why_there_was_no_answer_is_told_without_addresses(cloud: Any, desk: Callbacks) -> None:
    from dataclasses import replace

    inside = replace(desk, egress=Egress(2.0, resolver=lambda _h, _p: ["10.1.2.3"]))
    job, callback = ended(cloud, "https://hooks.example.com/")
    assert inside.attempt(callback, 1) == 5
    told = desk.deliveries.last(job.job_id)
    assert told
    assert (told.last_status, told.last_error) == (None, "ADDRESS_REFUSED")
    job, callback = ended(cloud, "https://127.0.0.1:1/")  # a row from a laptop, say
    assert inside.attempt(callback, 1) == 5
    told = desk.deliveries.last(job.job_id)
    assert told
    assert told.last_error == "ADDRESS_REFUSED"


def test_a_deleted_film_is_told_to_nobody_and_leaves_no_row(
    cloud: Any, desk: Callbacks, receiver: Receiver
) -> None:
    job, callback = ended(cloud, receiver.url())
    cloud.jobs.delete(job.job_id)
    assert desk.attempt(callback, 1) is None
    assert receiver.requests == []

    def deletes_meanwhile(_connection: Any) -> None:
        cloud.jobs.delete(job.job_id)

    job, callback = ended(cloud, receiver.url())
    receiver.manners[:] = [deletes_meanwhile]
    desk.attempt(callback, 1)
    assert desk.deliveries.last(job.job_id) is None


def test_the_last_end_is_the_one_shown(cloud: Any, desk: Callbacks, receiver: Receiver) -> None:
    job, callback = ended(cloud, receiver.url())
    desk.attempt(callback, 1)
    (delivery,) = [desk.deliveries.get(job.job_id, job.seq)]
    assert delivery
    from dataclasses import replace

    desk.deliveries.put(job.job_id, replace(delivery, seq=job.seq + 90, last_status=202))
    told = desk.deliveries.last(job.job_id)
    assert told
    assert told.last_status == 202
