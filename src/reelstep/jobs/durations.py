"""How long jobs take, measured: a moving average per kind, for the wait that people are told."""

from __future__ import annotations

from dataclasses import dataclass

from reelstep.jobs.model import Job, JobKind
from reelstep.jobs.repository import JobRepository
from reelstep.platform import dynamo
from reelstep.platform.clock import seconds_between

# Weight of the newest job. The price stands for the work: both grow with seconds and pixels.
_NEWEST = 0.2
_FIRST_GUESS_SECONDS_PER_TOKEN = 0.3


@dataclass(frozen=True)
class Durations:
    """Seconds of running per token of price, and seconds of waiting before that."""

    seconds_per_token: float = _FIRST_GUESS_SECONDS_PER_TOKEN
    wait_seconds: float = 0.0
    count: int = 0

    def with_job(self, run_seconds: float, waited_seconds: float, price: int) -> Durations:
        """The averages after one more job."""
        pace = run_seconds / max(1, price)
        if not self.count:
            return Durations(pace, waited_seconds, 1)
        return Durations(
            self.seconds_per_token + _NEWEST * (pace - self.seconds_per_token),
            self.wait_seconds + _NEWEST * (waited_seconds - self.wait_seconds),
            self.count + 1,
        )


def read(jobs: JobRepository, kind: JobKind) -> Durations:
    answer = jobs.client.get_item(TableName=jobs.table, Key=_key(kind))
    if "Item" not in answer:
        return Durations()
    row = dynamo.unmarshal(answer["Item"])
    return Durations(float(row["seconds_per_token"]), float(row["wait_seconds"]), int(row["count"]))


def record(jobs: JobRepository, job: Job) -> None:
    """Add a completed job. Two at once may lose one of them, which an average can bear."""
    if not (job.started_at and job.completed_at):
        return
    averages = read(jobs, job.kind).with_job(
        seconds_between(job.started_at, job.completed_at),
        max(0.0, seconds_between(job.queued_at or job.created_at, job.started_at)),
        job.price,
    )
    row = {
        "seconds_per_token": round(averages.seconds_per_token, 6),
        "wait_seconds": round(averages.wait_seconds, 3),
        "count": averages.count,
    }
    jobs.client.put_item(TableName=jobs.table, Item={**_key(job.kind), **dynamo.marshal(row)})


def _key(kind: JobKind) -> dict[str, dict[str, str]]:
    return {"pk": {"S": f"DURATIONS#{kind}"}, "sk": {"S": "DURATIONS"}}
