"""A WebSocket on moto: the functions as they are, and a wire that keeps what is posted."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from typing import Any

from reelstep.events import log
from reelstep.jobs.model import Job, JobKind, JobStatus, blank_phases
from reelstep.pipelines.live import Live
from reelstep.platform import dynamo
from reelstep.platform.clock import now_iso
from tests.support.http_api import Context


class Killed(BaseException):
    """As a function that dies: nothing in it runs any more."""


@dataclass
class Wire:
    """A gateway whose clients may be gone, slow or broken."""

    told: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    slow: set[str] = field(default_factory=set)
    broken: set[str] = field(default_factory=set)
    deadly: set[str] = field(default_factory=set)
    closed: list[str] = field(default_factory=list)

    def post(self, connection_id: str, data: bytes) -> bool:
        if connection_id in self.deadly:
            raise Killed
        if connection_id in self.broken:
            raise RuntimeError("no right to post")
        if connection_id in self.slow:
            time.sleep(1.0)
        if connection_id in self.gone | self.slow:
            return False
        self.told.setdefault(connection_id, []).append(json.loads(data))
        return True

    def close(self, connection_id: str) -> None:
        self.closed.append(connection_id)


@dataclass
class Stage:
    live: Live
    wire: Wire
    cloud: Any
    taken: list[str]

    def connect(self, name: str = "c1", user: str = "ada", **extra: Any) -> dict[str, Any]:
        return self.event("CONNECT", name, user=user, **extra)

    def event(
        self, kind: str, name: str, body: str = "", user: str = "ada", **extra: Any
    ) -> dict[str, Any]:
        from functions.socket.handler import handler

        given = {
            "eventType": kind,
            "connectionId": name,
            "authorizer": {"principalId": user},
        }
        return dict(handler({"requestContext": given, "body": body, **extra}, Context()))  # type: ignore

    def say(self, action: str, job: str | None = None, name: str = "c1", **fields: Any) -> None:
        body = {"action": action, **({"generationId": job} if job else {}), **fields}
        assert self.event("MESSAGE", name, json.dumps(body)) == {"statusCode": 200}

    def heard(self, name: str = "c1") -> list[dict[str, Any]]:
        return self.wire.told.pop(name, [])

    def job(self, user: str = "ada", **fields: Any) -> Job:
        at = now_iso()
        job = Job(
            job_id=f"job-{time.time_ns()}",
            kind=JobKind.GENERATION,
            user_id=user,
            request={},
            price=0,
            created_at=at,
            phases=blank_phases(JobKind.GENERATION),
            **fields,
        )
        made: Job = self.cloud.jobs.create(job, log.queued(0))
        return made

    def write(self, job: Job, **fields: Any) -> dict[str, Any]:
        """One more progress event; its stream record."""
        now: Job = self.cloud.jobs.get(job.job_id)
        event = (log.PROGRESS, log.progress(1, "RENDERING", 1, "…") | fields)
        self.cloud.jobs.change(
            now, sets={"percent": 1}, event=event, at=now_iso(), allowed=frozenset(JobStatus)
        )
        (written,) = self.cloud.jobs.events_after(job.job_id, now.seq, 1)
        return self.record(written)

    @staticmethod
    def record(event: log.Event) -> dict[str, Any]:
        image = dynamo.marshal(log.to_item(event, 1))
        return {
            "eventName": "INSERT",
            "dynamodb": {"NewImage": image, "SequenceNumber": f"{event.job_id}/{event.seq}"},
        }


def seqs(bodies: list[dict[str, Any]]) -> list[Any]:
    return [body["seq"] for body in bodies]


def deliver(records: list[dict[str, Any]]) -> list[str]:
    from functions.fanout.handler import handler

    answer = handler({"Records": records}, Context())  # type: ignore[arg-type]
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]
