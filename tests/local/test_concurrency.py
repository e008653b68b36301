"""Many at once, on the real API, table, stream and state machine.

What is replaced: the steps of a film. A job here begins, waits as long as its prompt says and is
completed (tests/support/idle_films.py). Plans, prices, transactions, queue, slots, dispatch and the
functions that begin and end a job are those of the product, with the limits below.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import pytest
import requests

from reelstep.jobs import slots
from reelstep.jobs.model import JobKind
from reelstep.jobs.queue import Waiting, effective_priority
from reelstep.local import emulator
from tests.support import books, evidence
from tests.support.books import Row
from tests.support.films import TERMINAL, VIDEOS
from tests.support.functions import disabled
from tests.support.idle_films import PRICE, project, wish
from tests.support.local_cloud import LocalCloud, User, running

ROOM = 4
AGEING_SECONDS = 2
LIMITS = {
    "rates": {"generation": [{"requests": 10_000, "seconds": 1}]},
    "welcome_tokens": 50 * PRICE,
    "running": {"generation": ROOM},
    "ageing_seconds": AGEING_SECONDS,
}
CAPS = {slots.of_kind(JobKind.GENERATION): ROOM, slots.of_queue(JobKind.GENERATION): 100}
#: Between reading the queue and starting its first, others may come and go.
SLACK_SECONDS = 2.0


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCloud]:
    root = project(tmp_path_factory.mktemp("idle"))
    with running(tmp_path_factory.mktemp("crowded"), root, {"limits": LIMITS}) as cloud:
        yield cloud


@pytest.fixture(autouse=True)
def _books(crowded: LocalCloud) -> Iterator[None]:
    """Whatever happened: at the end nothing waits or runs, and everything adds up."""
    yield
    wait_until(lambda: not live(crowded), "every job has ended")
    assert books.mistakes(rows(crowded), CAPS) == []


# -- one key -------------------------------------------------------------------------------------


def test_a_hundred_submits_with_one_key_are_one_job_and_one_charge(crowded: LocalCloud) -> None:
    user, key = crowded.new_user(), {"Idempotency-Key": "press-me-again"}

    def submit(_number: int) -> requests.Response:
        return generate(crowded, user, wish(0.1), headers=key)

    answers = at_once(submit, range(100))
    assert Counter(answer.status_code for answer in answers) == {201: 100}
    first = answers[0].json()
    assert all(answer.json() == first for answer in answers)
    assert one_job(crowded, user) == first["videoId"]

    # The answers are forgotten: the id alone, derived from user and key, still is the one job's.
    assert forget_answers(crowded, user) == 1
    again = at_once(submit, range(20))
    assert {(a.status_code, a.json()["videoId"]) for a in again} == {(201, first["videoId"])}
    assert one_job(crowded, user) == first["videoId"]

    for note in ("the answer is kept", "the answer is forgotten"):
        other = generate(crowded, user, wish(0.2), headers=key)
        assert (other.status_code, other.json()["code"]) == (409, "CONFLICT"), note
        forget_answers(crowded, user)
    assert one_job(crowded, user) == first["videoId"]


# -- tokens --------------------------------------------------------------------------------------


def test_of_two_hundred_submits_a_wallet_for_fifty_pays_fifty(crowded: LocalCloud) -> None:
    user = crowded.new_user("plan-vip-plus")
    answers = at_once(lambda number: generate(crowded, user, wish(0, number)), range(200))
    assert Counter(answer.status_code for answer in answers) == {201: 50, 402: 150}
    refused = next(answer.json() for answer in answers if answer.status_code == 402)
    assert (refused["code"], refused["required"]) == ("INSUFFICIENT_TOKENS", PRICE)
    assert wallet(crowded, user)["balance"] == 0
    wait_until(lambda: not live(crowded), "the fifty are done")
    done = wallet(crowded, user)
    assert {name: int(done[name]) for name in ("balance", "reserved", "settled", "granted")} == {
        "balance": 0,
        "reserved": 0,
        "settled": 50 * PRICE,
        "granted": 50 * PRICE,
    }


# -- the queue -----------------------------------------------------------------------------------


def test_the_hundred_and_first_waiting_job_is_refused_and_costs_nothing(
    crowded: LocalCloud,
) -> None:
    users = [crowded.new_user() for _ in range(3)]
    with nothing_starts(crowded, users):
        answers = at_once(
            lambda number: generate(crowded, users[number % 3], wish(0, number)), range(104)
        )
        assert Counter(answer.status_code for answer in answers) == {201: 100, 503: 4}
        full = next(answer for answer in answers if answer.status_code == 503)
        assert full.json()["code"] == "QUEUE_FULL"
        assert int(full.headers["Retry-After"]) > 0
        assert sum(int(wallet(crowded, user)["reserved"]) for user in users) == 100 * PRICE

        one = next(job for job in live(crowded) if job["user_id"] == users[0].id)
        assert cancel(crowded, users[0], one["job_id"]) == 202
        assert generate(crowded, users[0], wish(0, "there is room")).status_code == 201
        assert generate(crowded, users[0], wish(0, "and it is gone")).status_code == 503
    assert all(int(wallet(crowded, user)["balance"]) == 50 * PRICE for user in users)


def test_free_and_vip_users_flood_the_queue_together(crowded: LocalCloud) -> None:
    """Caps hold whenever one looks; who starts is never behind somebody better; with ageing, FREE
    jobs do not wait for the last VIP+ one."""
    vips = [crowded.new_user("plan-vip-plus") for _ in range(3)]
    free = [crowded.new_user() for _ in range(3)]
    flood = [
        *((user, wish(0.3, f"free {n}")) for user in free for n in range(3)),
        *((user, wish(0.3, f"vip {n}")) for user in vips for n in range(10)),
    ]
    with watching(crowded) as seen:
        answers = at_once(lambda one: generate(crowded, *one), flood)
        while len(live(crowded)) > 6:  # more VIP+ jobs all the time, until the queue runs dry
            for user in vips:
                answers.append(generate(crowded, user, wish(0.3, "more")))
            if len(answers) > 110:
                break
            time.sleep(0.3)
        wait_until(lambda: not live(crowded), "all are done")
    assert {answer.status_code for answer in answers} == {201}
    assert len(seen.looks) > 5
    assert seen.mistakes == []
    assert max(look["kind#generation"] for look in seen.looks) == ROOM, "it was full"

    ids = {answer.json()["videoId"] for answer in answers}
    jobs = [row for row in rows(crowded) if row["sk"] == "JOB" and row["job_id"] in ids]
    assert {job["status"] for job in jobs} == {"COMPLETED"}
    assert overtaken(jobs) == []
    starts = sorted(jobs, key=lambda job: str(job["attempt_at"]))
    assert {job["priority"] for job in starts[:ROOM]} <= {1, 4}
    first_free = next(n for n, job in enumerate(starts) if job["priority"] == 4)
    last_vip = max(n for n, job in enumerate(starts) if job["priority"] == 1)
    assert first_free < last_vip, "a FREE job started before later VIP+ jobs"


# -- starting ------------------------------------------------------------------------------------


def test_on_an_idle_system_a_job_starts_within_the_request(crowded: LocalCloud) -> None:
    user = crowded.new_user()
    answer = generate(crowded, user, wish(1)).json()
    (job,) = jobs_of(crowded, user)
    assert answer["queuePosition"] == answer["estimatedWaitMinutes"] == 0
    assert job["status"] in {"STARTING", "PROCESSING"}
    assert job["execution_arn"]


def test_a_freed_slot_starts_the_next_by_the_stream_alone(crowded: LocalCloud) -> None:
    user = crowded.new_user()
    with disabled(crowded, "sweep"):
        first = generate(crowded, user, wish(1)).json()
        second = generate(crowded, user, wish(0.1)).json()
        assert (first["queuePosition"], second["queuePosition"]) == (0, 1)
        wait_until(lambda: not live(crowded), "both are done")
    one, two = (
        next(job for job in jobs_of(crowded, user) if job["job_id"] == answer["videoId"])
        for answer in (first, second)
    )
    assert 0 <= at(two["attempt_at"]) - at(one["completed_at"]) < 5


# -- what the tests are written with -------------------------------------------------------------


def generate(cloud: LocalCloud, user: User, body: dict[str, Any], **more: Any) -> requests.Response:
    return cloud.http("POST", f"{VIDEOS}/generate", token=user.token, json=body, **more)


def at_once(call: Callable[[Any], requests.Response], given: Sequence[Any]) -> list[Any]:
    """One thread each, let go together."""
    gate = threading.Barrier(len(given))

    def run(one: Any) -> requests.Response:
        gate.wait()
        return call(one)

    with ThreadPoolExecutor(len(given)) as pool:
        return list(pool.map(run, given))


def rows(cloud: LocalCloud) -> list[Row]:
    return books.rows(cloud.client("dynamodb"), cloud.description.table_name)


def jobs_of(cloud: LocalCloud, user: User) -> list[Row]:
    return [row for row in rows(cloud) if row["sk"] == "JOB" and row["user_id"] == user.id]


def live(cloud: LocalCloud) -> list[Row]:
    return [row for row in rows(cloud) if row["sk"] == "JOB" and row["status"] not in TERMINAL]


def wallet(cloud: LocalCloud, user: User) -> Row:
    return next(r for r in rows(cloud) if (r["pk"], r["sk"]) == (f"USER#{user.id}", "WALLET"))


def one_job(cloud: LocalCloud, user: User) -> str:
    """The id of the user's only job, which was paid once."""
    (job,) = jobs_of(cloud, user)
    paid = [r for r in rows(cloud) if r["pk"] == f"USER#{user.id}" and r.get("type") == "RESERVE"]
    assert [int(row["tokens"]) for row in paid] == [PRICE]
    return str(job["job_id"])


def forget_answers(cloud: LocalCloud, user: User) -> int:
    """Delete the rows that answers to keys are kept in; how many there were."""
    kept = [row for row in rows(cloud) if row["pk"] == f"IDEMPOTENCY#{user.id}"]
    for row in kept:
        cloud.client("dynamodb").delete_item(
            TableName=cloud.description.table_name,
            Key={name: {"S": row[name]} for name in ("pk", "sk")},
        )
    return len(kept)


def wait_until(done: Callable[[], bool], what: str, seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, f"after {seconds} s it is not so that {what}"
        time.sleep(0.3)


@contextmanager
def nothing_starts(cloud: LocalCloud, users: Sequence[User]) -> Iterator[None]:
    """Every slot is taken, by nobody. In the end these users' jobs leave the queue."""

    def add(count: int) -> None:
        cloud.client("dynamodb").update_item(
            TableName=cloud.description.table_name,
            Key={"pk": {"S": "SLOT#kind#generation"}, "sk": {"S": "SLOT"}},
            UpdateExpression="ADD #count :n",
            ExpressionAttributeNames={"#count": "count"},
            ExpressionAttributeValues={":n": {"N": str(count)}},
        )

    add(ROOM)
    try:
        yield
    finally:
        owners = {user.id: user for user in users}
        jobs = [(owners[job["user_id"]], job["job_id"]) for job in live(cloud)]
        with ThreadPoolExecutor(8) as pool:
            left = set(pool.map(lambda job: cancel(cloud, *job), jobs))
        add(-ROOM)
    assert left == {202}


def cancel(cloud: LocalCloud, user: User, job_id: str) -> int:
    return cloud.http("POST", f"{VIDEOS}/{job_id}/cancel", token=user.token).status_code


class Looks:
    """What was seen: the slots' counts, and the mistakes in the books, each as of one moment."""

    def __init__(self) -> None:
        self.looks: list[dict[str, int]] = []
        self.mistakes: list[str] = []

    def look(self, cloud: LocalCloud) -> None:
        found = emulator.find(cloud.home)
        assert found
        found.checkpoint()
        table = evidence.saved_rows(cloud)
        self.mistakes += books.mistakes(table, CAPS)
        self.looks.append(
            {r["pk"].removeprefix("SLOT#"): int(r["count"]) for r in table if r["sk"] == "SLOT"}
        )


@contextmanager
def watching(cloud: LocalCloud) -> Iterator[Looks]:
    """Looks at the whole table again and again, as a checkpoint has it: all rows of one moment."""
    seen, done = Looks(), threading.Event()

    def run() -> None:
        while not done.wait(0.3):
            seen.look(cloud)

    with ThreadPoolExecutor(1) as pool:
        watcher = pool.submit(run)
        try:
            yield seen
        finally:
            done.set()
            watcher.result()


def at(moment: str) -> float:
    return datetime.fromisoformat(moment).timestamp()


def overtaken(jobs: Sequence[Row]) -> list[str]:
    """Starts of a job while one of better effective priority had been waiting all along, and its
    user had room for it."""
    found = []
    for job in jobs:
        now = at(job["attempt_at"])
        for other in jobs:
            waited = at(other["queued_at"]) < now - SLACK_SECONDS
            if not waited or at(other["attempt_at"]) < now + SLACK_SECONDS:
                continue
            if _priority(other, now) >= _priority(job, now):
                continue
            held = sum(
                at(own["attempt_at"]) - SLACK_SECONDS
                < now
                < at(own["completed_at"]) + SLACK_SECONDS
                for own in jobs
                if own["user_id"] == other["user_id"]
            )
            if held < int(other["cap"]):
                found.append(f"{job['job_id']} before {other['job_id']} at {job['attempt_at']}")
    return found


def _priority(job: Row, now: float) -> int:
    entry = Waiting(
        job["job_id"], job["user_id"], int(job["priority"]), job["queued_at"], int(job["cap"])
    )
    moment = datetime.fromtimestamp(now, datetime.fromisoformat(job["queued_at"]).tzinfo)
    return effective_priority(entry, moment.isoformat(), AGEING_SECONDS)
