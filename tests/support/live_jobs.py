"""Jobs that exist for their events alone: a test writes each event when it wants it written.

They are in no queue and no index, so nobody starts, sweeps or counts them.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from reelstep.events import log
from reelstep.jobs.model import Job, JobKind, JobStatus, Phase, blank_phases
from reelstep.jobs.repository import JobRepository, job_key
from reelstep.platform import dynamo
from reelstep.platform.clock import now_iso
from tests.support.local_cloud import LocalCloud, User
from tests.support.websocket import Client


@dataclass(frozen=True)
class Here:
    """A local cloud and somebody signed in."""

    cloud: LocalCloud
    user: User

    @property
    def url(self) -> str:
        url = self.cloud.description.websocket_url
        assert url
        return url

    def client(self, user: User | None = None, **options: Any) -> Client:
        return Client(self.url, token=(user or self.user).token, **options)

    def rows(self, pk: str) -> list[Any]:
        return list(
            self.cloud.client("dynamodb").query(
                TableName=self.cloud.description.table_name,
                KeyConditionExpression="pk = :pk",
                ExpressionAttributeValues={":pk": {"S": pk}},
            )["Items"]
        )


@dataclass
class LiveJob:
    """A job whose state is what was written last."""

    jobs: JobRepository
    job: Job

    @property
    def id(self) -> str:
        return self.job.job_id

    @property
    def seq(self) -> int:
        return self.job.seq

    def write(self, count: int = 1) -> None:
        """So many progress events more."""
        for _ in range(count):
            percent = min(99, self.job.seq)
            fields = log.progress(percent, "RENDERING", percent, f"Event {self.job.seq + 1}")
            self._change((log.PROGRESS, fields), percent=percent)

    def end(self) -> None:
        self._change((log.CANCELLED, {}), status=JobStatus.CANCELLED)

    def _change(self, event: tuple[str, dict[str, object]], **sets: object) -> None:
        self.jobs.change(self.job, sets=sets, event=event, at=now_iso())
        self.job = self.job.model_copy(update={"seq": self.job.seq + 1, **sets})


@contextmanager
def live_job(cloud: LocalCloud, user: User, events: int = 1) -> Iterator[LiveJob]:
    """A running job of this user with so many events; gone after the block."""
    now = now_iso()
    job = Job(
        job_id=str(uuid.uuid4()),
        kind=JobKind.GENERATION,
        user_id=user.id,
        status=JobStatus.PROCESSING,
        phase=Phase.RENDERING,
        phases=blank_phases(JobKind.GENERATION),
        request={"prompt": "Events alone", "durationSeconds": 10, "quality": "STANDARD"},
        price=0,
        attempt=1,
        created_at=now,
    )
    jobs = JobRepository(cloud.client("dynamodb"), cloud.description.table_name)
    row = dynamo.marshal({**job_key(job.job_id), **job.model_dump(mode="json")})
    jobs.client.put_item(TableName=jobs.table, Item=row)
    made = LiveJob(jobs, job)
    try:
        made.write(events)
        yield made
    finally:
        jobs.delete(job.job_id)
