"""Films stopped by their owner wherever they are, and failed films tried again.

Real films on a cloud of their own, where three things take longer, so that there is time to act:
the script's provider thinks for a while (in a copy of the project), and each ffmpeg waits before it
begins (by a function's setting). Films of one test have the same wishes: each finds what those
before it have made, and is stopped where there is still work to do.
"""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from reelstep.artifacts import keys
from reelstep.local import cloud as local
from reelstep.local.machine import cores
from reelstep.media.ffmpeg import find_ffmpeg
from reelstep.providers.registry import DEFAULTS
from reelstep.wallet.refunds import spent_tokens
from tests.support import books, films
from tests.support.books import Row
from tests.support.functions import disabled, environment
from tests.support.local_cloud import LocalCloud, User, running
from tests.support.workers import Watch, of_job

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/stat").exists(), reason="finds workers as Linux lists them"
)

_SLOW_WRITER = '''"""A provider that takes its time."""

import time

from reelstep.providers.base import Scenario, ScriptRequest
from reelstep.providers.offline.template_writer import TemplateWriter


class SlowWriter(TemplateWriter):
    name = "slow"

    def write(self, request: ScriptRequest) -> Scenario:
        time.sleep(3)
        return super().write(request)
'''
_SLOW_FFMPEG = '#!/bin/sh\nsleep 0.8\nexec "{ffmpeg}" "$@"\n'

WAITING = "waiting for the script's provider"
#: Where GET shows a film to be when it is stopped, in the order that it gets there.
STOPS = [
    "queued",
    "starting",
    WAITING,
    "SCRIPT_GENERATION",
    "ASSET_GENERATION",
    "COMPOSITING",
    "RENDERING",
    "ENCODING",
    "FINALIZATION",
]
#: The product's promise, on a machine that is not overloaded.
SPEND_STOPS_SECONDS = 5.0
_STEPS = {"script", "picture", "voice", "music", "compose", "timeline", "render", "encode"}
_STEPS |= {"finalize", "finish"}


@pytest.fixture(scope="module")
def slow(tmp_path_factory: pytest.TempPathFactory, project: Path) -> Iterator[LocalCloud]:
    folder = tmp_path_factory.mktemp("slow")
    root = Path(shutil.copytree(project, folder / "project"))
    providers = root / "src" / "reelstep" / "providers"
    (providers / "slow.py").write_text(_SLOW_WRITER, encoding="utf-8")
    table = (providers / "registry.py").read_text(encoding="utf-8")
    ours = '"script": {"slow": ("reelstep.providers.slow", "SlowWriter"), '
    assert table.count('"script": {') == 1
    (providers / "registry.py").write_text(table.replace('"script": {', ours), encoding="utf-8")
    ffmpeg = folder / "slow-ffmpeg"
    ffmpeg.write_text(_SLOW_FFMPEG.format(ffmpeg=find_ffmpeg()), encoding="utf-8")
    ffmpeg.chmod(0o755)
    context = {
        "providers": {**DEFAULTS, "script": "slow"},
        "limits": {"rates": {"generation": [{"requests": 10_000, "seconds": 1}]}},
    }
    with ExitStack() as stack:
        cloud = stack.enter_context(running(folder / "cloud", root, context))
        for function in ("render", "encode", "finalize"):
            stack.enter_context(environment(cloud, function, REELSTEP_FFMPEG=str(ffmpeg)))
        yield cloud


@pytest.fixture(autouse=True)
def _books(slow: LocalCloud) -> Iterator[None]:
    yield
    assert books.mistakes(rows(slow)) == []


@pytest.fixture(scope="module")
def canceller(slow: LocalCloud) -> User:
    return slow.new_user()


@pytest.fixture(scope="module")
def deleter(slow: LocalCloud) -> User:
    return slow.new_user()


@pytest.mark.parametrize("stop", STOPS)
def test_a_cancelled_film_stops_spending_and_is_refunded(
    slow: LocalCloud, canceller: User, stop: str
) -> None:
    wishes = {"prompt": "A lighthouse in a storm"}
    with stopped_at(slow, canceller, stop, wishes) as video_id:
        spent_before = spent(slow, video_id)
        answer = slow.http("POST", f"{films.VIDEOS}/{video_id}/cancel", token=canceller.token)
        said = time.monotonic()
        assert answer.status_code == 202, answer.text
        assert_spend_stops(slow, video_id, said)
        if stop == WAITING:
            assert_given_up(slow, "script", video_id, said)

    job = job_of(slow, video_id)
    assert job["status"] == answer.json()["status"] == "CANCELLED"
    price, refunded = int(job["price"]), int(job["refunded"])
    assert answer.json()["tokensRefunded"] == refunded
    # Steps that ended in this moment may have told their cost before the cancel, or after it.
    least, most = (
        spent_tokens(price, micro_usd, int(job["estimate_micro_usd"]))
        for micro_usd in (spent_before, spent(slow, video_id))
    )
    assert least <= price - refunded <= most
    if stop in {"queued", "starting", WAITING}:
        assert refunded == price, "nothing was spent"
    if stop in {"RENDERING", "ENCODING", "FINALIZATION"}:
        assert refunded < price
    assert charge(slow, canceller, video_id, 1) == {
        name: tokens
        for name, tokens in (("RESERVE", price), ("SETTLE", price - refunded), ("REFUND", refunded))
        if tokens
    }
    found = films.events(slow, canceller, video_id)
    films.assert_told_in_order(found, "job:cancelled")
    assert_nothing_stays(slow, video_id)
    again = slow.http("POST", f"{films.VIDEOS}/{video_id}/cancel", token=canceller.token)
    assert again.status_code == 409

    begun = executions(slow, video_id)
    assert len(begun) == int(job["attempt"]) == (0 if stop == "queued" else 1)
    sweep(slow)
    assert executions(slow, video_id) == begun
    assert job_of(slow, video_id) == job


def assert_nothing_stays(cloud: LocalCloud, video_id: str) -> None:
    """A last step that was putting files up when it was stopped takes them away again itself."""
    end = time.monotonic() + 60
    while published(cloud, video_id) and time.monotonic() < end:
        time.sleep(0.2)
    assert published(cloud, video_id) == []


@pytest.mark.parametrize("stop", STOPS)
def test_a_deleted_film_leaves_no_row_and_no_file(
    slow: LocalCloud, deleter: User, stop: str
) -> None:
    with stopped_at(slow, deleter, stop, {"prompt": "A lighthouse in the sun"}) as video_id:
        answer = slow.http("DELETE", f"{films.VIDEOS}/{video_id}", token=deleter.token)
        said = time.monotonic()
        assert answer.status_code == 204, answer.text
        assert_spend_stops(slow, video_id, said)
    path = f"{films.VIDEOS}/{video_id}"
    assert slow.http("GET", path, token=deleter.token).status_code == 404
    sweep(slow)
    assert [row for row in rows(slow) if row["pk"] == f"JOB#{video_id}"] == []
    assert_nothing_stays(slow, video_id)


def test_a_failed_film_is_retried_from_the_step_that_failed(slow: LocalCloud) -> None:
    user, stranger = slow.new_user(), slow.new_user()
    path = f"{films.VIDEOS}/{{}}/retry"
    with environment(slow, "encode", REELSTEP_FFMPEG="/bin/false"):
        video_id = films.start(slow, user, prompt="A lighthouse at night")
        failed = films.finished(slow, user, video_id)
    assert (failed["status"], failed["errorPhase"]) == ("FAILED", "ENCODING")
    price = int(job_of(slow, video_id)["price"])
    assert charge(slow, user, video_id, 1) == {"RESERVE": price, "REFUND": price}
    made, costs = artifacts(slow), render_costs(slow, video_id)
    assert costs

    assert slow.http("POST", path.format(video_id), token=stranger.token).status_code == 404
    answer = slow.http("POST", path.format(video_id), token=user.token)
    assert (answer.status_code, answer.json()["tokensCost"]) == (202, price), answer.text
    films.completed(slow, user, video_id)
    now = artifacts(slow)
    assert {key: now[key] for key in made} == made, "what was there was not made again"
    assert {key.split("/")[0] for key in now.keys() - made.keys()} == {"sound", "master"}
    assert render_costs(slow, video_id) == costs
    assert charge(slow, user, video_id, 1) == {"RESERVE": price, "REFUND": price}
    assert charge(slow, user, video_id, 2) == {"RESERVE": price, "SETTLE": price}

    found = films.events(slow, user, video_id)
    assert [event["seq"] for event in found] == list(range(1, len(found) + 1))
    percents = [event["percent"] for event in found if event["event"] == "job:progress"]
    assert percents == sorted(percents)
    told = [event["event"] for event in found if event["event"] != "job:progress"]
    run = ["job:queued", "job:started"]
    assert told == [*run, "job:failed", *run, "job:completed"]

    assert slow.http("POST", path.format(video_id), token=user.token).status_code == 409
    assert slow.http("POST", path.format(video_id), token=stranger.token).status_code == 404


# -- what the tests are written with -------------------------------------------------------------


class stopped_at:  # noqa: N801  reads as what it is: with stopped_at(…)
    """A film that has come to `stop`; what keeps it there ends with the block."""

    def __init__(self, cloud: LocalCloud, user: User, stop: str, wishes: dict[str, Any]):
        self._cloud, self._user, self._stop = cloud, user, stop
        # Chunks without captions are others: who is to be stopped in rendering finds none.
        early = STOPS.index(stop) < STOPS.index("RENDERING")
        self._wishes = wishes | ({"captions": "NONE"} if early else {})
        self._kept = ExitStack()

    def __enter__(self) -> str:
        cloud, user = self._cloud, self._user
        if self._stop in {"queued", "starting"}:
            self._kept.enter_context(disabled(cloud, "script"))
        if self._stop == "queued":  # behind the user's other film
            first = films.start(cloud, user, **self._wishes)
            self._kept.callback(cloud.http, "DELETE", f"{films.VIDEOS}/{first}", token=user.token)
        video_id = films.start(cloud, user, **self._wishes)
        end = time.monotonic() + 120
        while not self._there(video_id):
            assert time.monotonic() < end, films.get(cloud, user, video_id)
            time.sleep(0.05)
        return video_id

    def __exit__(self, *error: object) -> None:
        self._kept.close()

    def _there(self, video_id: str) -> bool:
        if self._stop in {"queued", "starting"}:
            return bool(job_of(self._cloud, video_id)["status"] == self._stop.upper())
        video = films.get(self._cloud, self._user, video_id)
        assert video["status"] not in films.TERMINAL, f"it is {video['status']} already"
        if self._stop == WAITING:
            return bool(video["status"] == "PROCESSING" and video["currentPhase"] is None)
        at_work = self._stop != "RENDERING" or of_job(self._cloud.home, video_id)
        return bool(video["currentPhase"] == self._stop and at_work)


def assert_spend_stops(cloud: LocalCloud, video_id: str, since: float) -> None:
    """Soon no ffmpeg of this job is left and no function works on a step."""
    allowed = allowed_seconds()
    watch = Watch(cloud.home)
    watch.busy()
    while True:
        time.sleep(0.25)
        at_work = [worker.function for worker in watch.busy() if worker.function in _STEPS]
        left = of_job(cloud.home, video_id)
        if not at_work and not left:
            return
        assert time.monotonic() - since < allowed, (at_work, left)


def assert_given_up(cloud: LocalCloud, function: str, video_id: str, since: float) -> None:
    """The function does not wait for its provider any longer: its log says so."""

    def told() -> bool:
        lines = [line for line in cloud.logs(function).splitlines() if video_id in line]
        return any("StepCancelled" in line for line in lines)

    while not told():
        assert time.monotonic() - since < allowed_seconds()
        time.sleep(0.1)


def allowed_seconds() -> float:
    return SPEND_STOPS_SECONDS * max(1.0, os.getloadavg()[0] / cores())


def rows(cloud: LocalCloud) -> list[Row]:
    return books.rows(cloud.client("dynamodb"), cloud.description.table_name)


def job_of(cloud: LocalCloud, video_id: str) -> Row:
    return next(r for r in rows(cloud) if (r["pk"], r["sk"]) == (f"JOB#{video_id}", "JOB"))


def costs_of(cloud: LocalCloud, video_id: str) -> list[Row]:
    return [
        row
        for row in rows(cloud)
        if row["pk"] == f"JOB#{video_id}" and row["sk"].startswith("COST#")
    ]


def spent(cloud: LocalCloud, video_id: str) -> int:
    """Micro-USD, by the cost lines."""
    return sum(int(row["micro_usd"]) for row in costs_of(cloud, video_id))


def render_costs(cloud: LocalCloud, video_id: str) -> dict[str, int]:
    return {
        row["sk"]: int(row["micro_usd"])
        for row in costs_of(cloud, video_id)
        if row["sk"].startswith("COST#COMPUTE#render")
    }


def charge(cloud: LocalCloud, user: User, video_id: str, number: int) -> dict[str, int]:
    """Ledger rows of one charge of a job: type → tokens."""
    return {
        row["type"]: int(row["tokens"])
        for row in rows(cloud)
        if row["pk"] == f"USER#{user.id}" and row["sk"].startswith(f"LEDGER#{video_id}.{number}#")
    }


def published(cloud: LocalCloud, video_id: str) -> list[str]:
    found = cloud.client("s3").list_objects_v2(
        Bucket=cloud.description.buckets.media, Prefix=keys.film_prefix(video_id)
    )
    return [item["Key"] for item in found.get("Contents", [])]


def artifacts(cloud: LocalCloud) -> dict[str, str]:
    """Key → when it was written, of everything that steps have made."""
    pages = cloud.client("s3").get_paginator("list_objects_v2")
    bucket = cloud.description.buckets.artifacts
    return {
        item["Key"]: str(item["LastModified"])
        for page in pages.paginate(Bucket=bucket)
        for item in page.get("Contents", [])
    }


def executions(cloud: LocalCloud, video_id: str) -> list[str]:
    machine = cloud.description.state_machines["generation"]
    pages = cloud.client("stepfunctions").get_paginator("list_executions")
    return [
        one["name"]
        for page in pages.paginate(stateMachineArn=machine)
        for one in page["executions"]
        if one["name"].startswith(video_id)
    ]


def sweep(cloud: LocalCloud) -> None:
    """What the schedule does every five minutes."""
    answer = cloud.client("lambda").invoke(
        FunctionName=cloud.outputs["SweepFunction"], Payload=json.dumps(local.SWEEP_EVENT)
    )
    assert "FunctionError" not in answer, answer["Payload"].read()
