"""From a step's report to the client that watches, on a local cloud of this case's own.

A job that no execution works on is reported on by the reporter that steps use, one percent at a
time; a WebSocket client is subscribed to it. The next report is made a random moment after the
last one was heard, so that it meets whatever beats inside at any point. Between reports a round
trip of each yardstick is taken, so that a busy moment of the machine hits all.
"""

from __future__ import annotations

import os
import random
import socket
import statistics
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from benchmarks.live_client import LiveClient
from benchmarks.result import Ratio, Unavailable
from reelstep.events import log
from reelstep.jobs.model import PHASE_WEIGHTS, Job, JobKind, JobStatus, Phase, PhaseProgress
from reelstep.jobs.reporter import StepReporter
from reelstep.jobs.repository import JobRepository, job_key
from reelstep.local import cloud
from reelstep.local.description import Description
from reelstep.local.errors import LocalCloudError
from reelstep.local.launcher import STOP_WITH_VARIABLE
from reelstep.platform import dynamo
from reelstep.platform.clock import now_iso

JOBS = 2
"""With 99 reports each: one for every percent that a running job can show."""

WARM_UP = 10
LONGEST_PAUSE = 0.3
_KIND = JobKind.GENERATION


@dataclass
class Taken:
    """Seconds, one of each per report. `written` is the part that the reporter itself takes."""

    heard: list[float] = field(default_factory=list)
    written: list[float] = field(default_factory=list)
    health: list[float] = field(default_factory=list)
    get_item: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class Here:
    """A local cloud and its demo user, signed in."""

    described: Description
    user_id: str
    token: str

    def client(self, service: str) -> Any:
        return cloud.client(self.described.aws_endpoint_url, service)


def report_to_browser() -> list[Ratio]:
    """p50 and p95, as ratios to the median of one warm round trip of each yardstick."""
    taken, pause = Taken(), random.Random(1)
    with private_cloud() as here, requests.Session() as session:
        session.trust_env = False
        jobs = JobRepository(here.client("dynamodb"), here.described.table_name)
        assert here.described.websocket_url
        with LiveClient(here.described.websocket_url, here.token) as client:
            for _ in range(JOBS):
                _watch_one_job(here, jobs, client, session, pause, taken)
    return ratios(taken)


def ratios(taken: Taken) -> list[Ratio]:
    """Percentiles are of all reports but the WARM_UP first of each job, which wake what sleeps."""
    yardsticks = {
        "GET /health: API Gateway + Lambda": statistics.median(taken.health),
        "DynamoDB GetItem": statistics.median(taken.get_item),
    }
    notes = {
        "reports": len(taken.heard),
        "medianOfTheReportItself": round(statistics.median(taken.written), 4),
        "slowest": round(max(taken.heard), 4),
    }
    cuts = statistics.quantiles(taken.heard, n=100, method="inclusive")
    return [
        Ratio(
            case=f"report to browser, {name}",
            ours="report → WebSocket message",
            yardstick=yardstick,
            ours_seconds=cuts[percent - 1],
            yardstick_seconds=seconds,
            notes=notes,
        )
        for yardstick, seconds in yardsticks.items()
        for name, percent in (("p50", 50), ("p95", 95))
    ]


def _watch_one_job(
    here: Here,
    jobs: JobRepository,
    client: LiveClient,
    session: requests.Session,
    pause: random.Random,
    taken: Taken,
) -> None:
    job = _live_job(jobs, here.user_id)
    try:
        client.say("subscribe", job.job_id)
        _until(client, job.job_id, "subscribed")
        for number, (phase, done) in enumerate(_reports(), start=1):
            time.sleep(pause.uniform(0, LONGEST_PAUSE))
            reporter = StepReporter(
                jobs, job.job_id, job.attempt, phase, "0", lambda *_: "Working", interval=0
            )
            began = time.perf_counter()
            reporter.report(done, last=True)
            written = time.perf_counter() - began
            came = _until(client, job.job_id, log.PROGRESS, number)
            health, get_item = _round_trips(here, jobs, session, job)
            if number > WARM_UP:
                taken.heard.append(came - began)
                taken.written.append(written)
                taken.health.append(health)
                taken.get_item.append(get_item)
    finally:
        jobs.delete(job.job_id)


def _reports() -> Iterator[tuple[Phase, int]]:
    """Each is one percent of the whole job, up to the last that a running job shows."""
    units = [
        (phase, done + 1)
        for phase, weight in PHASE_WEIGHTS[_KIND].items()
        for done in range(weight)
    ]
    yield from units[:-1]


def _until(client: LiveClient, job_id: str, event: str, percent: int | None = None) -> float:
    """When that message came. Every report is one event, so none may be passed over."""
    while True:
        came, body = client.next()
        if body["generationId"] != job_id or body["event"] != event:
            continue
        if percent is not None and body["percent"] != percent:
            raise Unavailable(f"{body['percent']} % was told, {percent} % reported")
        return came


def _round_trips(
    here: Here, jobs: JobRepository, session: requests.Session, job: Job
) -> tuple[float, float]:
    """Seconds of one GET /health and of one GetItem, on connections that are open."""
    start = time.perf_counter()
    session.get(f"{here.described.api_url}/health", timeout=60).raise_for_status()
    between = time.perf_counter()
    jobs.client.get_item(TableName=jobs.table, Key=dynamo.marshal(job_key(job.job_id)))
    return between - start, time.perf_counter() - between


def _live_job(jobs: JobRepository, user_id: str) -> Job:
    """A job that runs for its reports alone: in no queue and no index, nobody sweeps it."""
    job = Job(
        job_id=str(uuid.uuid4()),
        kind=_KIND,
        user_id=user_id,
        status=JobStatus.PROCESSING,
        phases={phase: PhaseProgress(total=n) for phase, n in PHASE_WEIGHTS[_KIND].items()},
        request={"prompt": "Reports alone", "durationSeconds": 10, "quality": "STANDARD"},
        price=0,
        attempt=1,
        created_at=now_iso(),
    )
    row = dynamo.marshal({**job_key(job.job_id), **job.model_dump(mode="json")})
    jobs.client.put_item(TableName=jobs.table, Item=row)
    return job


@contextmanager
def private_cloud() -> Iterator[Here]:
    """A local cloud in a folder and on a port of its own, gone after the block, whatever happens.

    Raises Unavailable where none can be started.
    """
    before = os.environ.get(STOP_WITH_VARIABLE)
    os.environ[STOP_WITH_VARIABLE] = str(os.getpid())
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        try:
            yield _signed_in(cloud.up(folder=folder, port=_free_port()))
        except LocalCloudError as error:
            raise Unavailable(f"no local cloud: {error}") from error
        finally:
            cloud.down(folder=folder)
            if before is None:
                del os.environ[STOP_WITH_VARIABLE]
            else:
                os.environ[STOP_WITH_VARIABLE] = before


def _signed_in(described: Description) -> Here:
    cognito = cloud.client(described.aws_endpoint_url, "cognito-idp")
    account = described.demo_user
    tokens = cognito.initiate_auth(
        AuthFlow="USER_PASSWORD_AUTH",
        ClientId=described.client_id,
        AuthParameters={"USERNAME": account.email, "PASSWORD": account.password},
    )["AuthenticationResult"]
    attributes = cognito.get_user(AccessToken=tokens["AccessToken"])["UserAttributes"]
    user_id = next(item["Value"] for item in attributes if item["Name"] == "sub")
    return Here(described, user_id, tokens["IdToken"])


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
