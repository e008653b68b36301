"""The WebSocket on the local cloud, by a client that speaks the protocol itself (wsproto)."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.support import films, tokens
from tests.support.live_jobs import Here, LiveJob, live_job
from tests.support.local_cloud import LocalCloud
from tests.support.websocket import (
    Body,
    Client,
    Closed,
    Refused,
    assert_no_gap,
    connected,
    events,
    is_end,
)


@pytest.fixture(scope="module")
def here(cloud: LocalCloud) -> Here:
    return Here(cloud, cloud.new_user("plan-vip-plus"))


@pytest.fixture
def job(here: Here) -> Iterator[LiveJob]:
    with live_job(here.cloud, here.user, 5) as made:
        yield made


def subscribe(client: Client, job: LiveJob, last_seq: int = 0) -> Body:
    return client.ask("subscribe", job.id, lastSeq=last_seq)


def up_to(client: Client, seq: int) -> list[Body]:
    return client.until(lambda body: body["seq"] == seq and body["event"].startswith("job:"))


def test_only_a_valid_id_token_opens_it(here: Here) -> None:
    """401 where there is none, as the gateway says it; 403 from the authorizer."""
    refused: dict[str, int] = {}
    cloud, token = here.cloud, here.user.token
    attempts = {
        "another key": tokens.signed_by_stranger(token),
        "unsigned": tokens.unsigned(token),
        "public key": tokens.signed_with_public_key(cloud, token),
        "other claims": tokens.with_claims(token, sub="eve"),
        "other signature": tokens.other_signature(token),
        "expired": tokens.expired(cloud, token),
        "access token": here.user.access_token,
        "another pool": tokens.of_another_pool(cloud),
        "another client": tokens.of_another_client(cloud),
        "nonsense": "x.y.z",
    }
    for name, attempt in attempts.items():
        with pytest.raises(Refused) as caught:
            Client(here.url, token=attempt)
        refused[name] = caught.value.status
    assert refused == dict.fromkeys(attempts, 403)
    for query in ({}, {"token": ""}, {"Token": token}):
        with pytest.raises(Refused) as caught:
            Client(here.url, **query)
        assert caught.value.status == 401
    with connected(here.url, tokens.signed_by_pool(cloud, token)) as client:
        assert client.ask("ping")["event"] == "pong"


def test_a_whole_film_from_the_middle_on_and_again_after_a_drop(here: Here) -> None:
    film = films.start(here.cloud, here.user, prompt="A cat, live")
    with here.client() as client:
        client.say("subscribe", film)
        first = client.until(lambda body: body["event"] == "job:progress", 120)
        assert first[0]["event"] == "subscribed"
        client.drop()
    last = first[-1]["seq"]
    with here.client() as again, here.client() as late:
        again.say("subscribe", film, lastSeq=last)
        rest = again.until(is_end, 300)
        late.say("subscribe", film, lastSeq=0)
        whole = late.until(is_end)
    assert rest[-1]["event"] == "job:completed"
    assert rest[-1]["videoUrl"].startswith("http")
    assert films.download(rest[-1]["videoUrl"])[4:8] == b"ftyp"
    told = events(first + rest, film)
    films.assert_told_in_order(told, "job:completed")
    assert [(b["seq"], b["event"]) for b in told] == [
        (b["seq"], b["event"]) for b in events(whole, film)
    ]
    logged = films.events(here.cloud, here.user, film)
    assert [{**b, "videoUrl": 0} for b in logged] == [{**b, "videoUrl": 0} for b in told]
    assert max(again.largest, late.largest) < 4_096


def test_from_nothing_from_the_middle_and_from_the_end(here: Here, job: LiveJob) -> None:
    for last in (0, 3, 5, 99):
        with here.client() as client:
            snapshot = subscribe(client, job, last)
            begin = min(last, 5)
            assert (snapshot["event"], snapshot["seq"]) == ("subscribed", begin)
            assert snapshot["job"]["seq"] == 5
            assert snapshot["job"]["status"] == "PROCESSING"
            replay = up_to(client, 5) if begin < 5 else []
            assert_no_gap(replay, job.id, begin)
            assert len(replay) == 5 - begin
            assert client.quiet(0.3)


def test_two_clients_hear_the_same_and_one_that_leaves_hears_no_more(
    here: Here, job: LiveJob
) -> None:
    with here.client() as one, here.client() as two:
        for client in (one, two):
            subscribe(client, job, 5)
        job.write(4)
        assert up_to(one, 9) == up_to(two, 9)
        assert one.ask("unsubscribe", job.id)["event"] == "accepted"
        job.write(2)
        assert_no_gap(up_to(two, 11), job.id, 9)
        assert one.quiet(0.3)
        assert one.ask("unsubscribe", job.id)["code"] == "NOT_FOUND"


def test_one_connection_follows_many_jobs(here: Here) -> None:
    with ExitStack() as stack, here.client() as client:
        jobs = [stack.enter_context(live_job(here.cloud, here.user)) for _ in range(5)]
        for job in jobs:
            client.say("subscribe", job.id)
        for _ in range(6):
            for job in jobs:
                job.write()
        for job in jobs:
            job.end()
        ends = [client.until(is_end) for _ in jobs]
        heard = [body for bodies in ends for body in bodies]
    for job in jobs:
        assert_no_gap(heard, job.id)
        assert len(events(heard, job.id)) == job.seq


def test_cancel_is_what_it_is_over_rest(here: Here) -> None:
    film = films.start(here.cloud, here.user, durationSeconds=30, prompt="Stop me")
    with here.client() as client:
        client.say("subscribe", film)
        client.until(lambda body: body["event"] == "job:queued")
        client.say("cancel", film)
        heard = client.until(lambda body: body["event"] == "accepted")
        if not any(is_end(body) for body in heard):
            heard += client.until(is_end)
        assert heard[-1]["event"] in ("job:cancelled", "accepted")
        refusal = client.ask("cancel", film)
        assert (refusal["event"], refusal["code"]) == ("error", "CONFLICT")
    assert films.get(here.cloud, here.user, film)["status"] == "CANCELLED"


def test_somebody_elses_job_is_not_there(here: Here, job: LiveJob) -> None:
    for eve in (here.cloud.new_user(), here.cloud.new_user("admin")):
        with here.client(eve) as client:
            for action in ("subscribe", "cancel", "unsubscribe"):
                theirs, nobodys = client.ask(action, job.id), client.ask(action, "no-such-job")
                assert theirs["code"] == nobodys["code"] == "NOT_FOUND"
                assert theirs["message"] == nobodys["message"]
            job.write()
            assert client.quiet(0.5)
    assert here.cloud.http("GET", f"{films.VIDEOS}/{job.id}", token=here.user.token).ok


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('{"action": "dance"}', "VALIDATION_FAILED"),
        ('{"action": "subscribe", "lastSeq": 0}', "VALIDATION_FAILED"),
        ('{"action": {"x": 1}}', "VALIDATION_FAILED"),
        ("not json", "MALFORMED_REQUEST"),
        ("[]", "MALFORMED_REQUEST"),
        ("[" * 4_000, "MALFORMED_REQUEST"),
        ("", "MALFORMED_REQUEST"),
        (json.dumps({"action": "ping", "x": "y" * 40_000}), "TOO_LARGE"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_nonsense_is_answered_and_the_connection_lives_on(here: Here, text: str, code: str) -> None:
    with here.client(language="fr") as client, here.client() as english:
        told = []
        for one in (client, english):
            one.say_raw(text)
            told.append(one.next())
            assert (told[-1]["event"], told[-1]["code"]) == ("error", code)
            assert one.ask("ping")["event"] == "pong"
        assert told[0]["message"] != told[1]["message"]


def test_nothing_is_left_of_a_client_that_has_gone(here: Here, job: LiveJob) -> None:
    eve = here.cloud.new_user()
    with live_job(here.cloud, eve) as hers, here.client(eve) as client:
        subscribe(client, hers)
    gone = [here.client(), here.client()]
    for client in gone:
        subscribe(client, job)
    assert len([r for r in here.rows(f"JOB#{job.id}") if r["sk"]["S"].startswith("SUB#")]) == 2
    gone[0].close()
    gone[1].drop()
    end = time.monotonic() + 20
    while time.monotonic() < end:
        left = [r["sk"]["S"] for r in here.rows(f"JOB#{job.id}") if "SUB#" in r["sk"]["S"]]
        if not left:
            break
        time.sleep(0.2)
    assert left == []
    assert not [r for r in here.rows(f"USER#{eve.id}") if r["sk"]["S"].startswith("CONN#")]


def test_a_subscriber_that_is_not_there_any_more_is_cleaned_up_by_the_next_event(
    here: Here, job: LiveJob
) -> None:
    """As after a `$disconnect` that was lost: the rows of a live one, under an id that is not."""
    table, client = here.cloud.description.table_name, here.cloud.client("dynamodb")
    with here.client() as listener:
        subscribe(listener, job, 5)
        (row,) = [r for r in here.rows(f"JOB#{job.id}") if r["sk"]["S"].startswith("SUB#")]
        ghost = {**row, "sk": {"S": "SUB#ghost"}, "connection_id": {"S": "ghost"}}
        for held in ("lease_owner", "lease_until"):  # by who has just told the listener
            ghost.pop(held, None)
        client.put_item(TableName=table, Item=ghost)
        mine = {"pk": {"S": "CONN#ghost"}, "sk": {"S": f"SUB#{job.id}"}}
        client.put_item(TableName=table, Item=mine)
        job.write()
        up_to(listener, 6)
        end = time.monotonic() + 20
        while here.rows("CONN#ghost") and time.monotonic() < end:
            time.sleep(0.1)
        assert here.rows("CONN#ghost") == []
        job.write()
        assert_no_gap(up_to(listener, 7), job.id, 6)


def test_subscribing_while_events_are_written_misses_and_doubles_nothing(
    here: Here, job: LiveJob
) -> None:
    writing = threading.Thread(target=lambda: (job.write(60), job.end()))
    writing.start()
    clients: list[tuple[Client, int]] = []
    try:
        for last in (0, 5, 2, 0, 7, 0):
            client = here.client()
            begin = subscribe(client, job, last)["seq"]
            clients.append((client, begin))
            time.sleep(0.05)
        writing.join()
        for client, begin in clients:
            heard = client.until(is_end)
            assert_no_gap(heard, job.id, begin)
            assert heard[-1]["seq"] == job.seq
            assert client.quiet(0.1)
    finally:
        writing.join()
        for client, _ in clients:
            client.close()


def test_a_user_has_so_many_connections(here: Here) -> None:
    """The gateway closes what `$connect` refuses."""
    eve = here.cloud.new_user()
    table = here.cloud.description.table_name
    rows = [
        {
            "pk": {"S": f"USER#{eve.id}"},
            "sk": {"S": f"CONN#{n}"},
            "expires_at": {"N": str(int(time.time()) + 600)},
        }
        for n in range(250)
    ]
    for row in rows:
        here.cloud.client("dynamodb").put_item(TableName=table, Item=row)
    with pytest.raises((Refused, Closed, OSError)):
        here.client(eve)
