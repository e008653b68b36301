"""The event log of a job: what clients are told, in order, numbered without gaps.

An event is written in the same transaction as the change it tells of, with the job's next `seq`,
so the log can be replayed from any `seq` and misses nothing. Names and fields are those of the
contract's WebSocket section.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

QUEUED = "job:queued"
STARTED = "job:started"
PROGRESS = "job:progress"
COMPLETED = "job:completed"
FAILED = "job:failed"
CANCELLED = "job:cancelled"
#: All of them, in the order of a job's life.
NAMES = (QUEUED, STARTED, PROGRESS, COMPLETED, FAILED, CANCELLED)

EVENT = "EVT#"
_SEQ_DIGITS = 8


@dataclass(frozen=True)
class Event:
    """`fields` are the event's own; the common ones are added by `wire`."""

    name: str
    job_id: str
    seq: int
    at: str
    fields: Mapping[str, Any] = field(default_factory=dict)

    def wire(self) -> dict[str, Any]:
        """The JSON object that clients receive."""
        return {
            "event": self.name,
            "generationId": self.job_id,
            "seq": self.seq,
            "at": self.at,
            **self.fields,
        }


def partition(job_id: str) -> str:
    return f"JOB#{job_id}"


def sort_key(seq: int) -> str:
    """Padded, so that text order is number order."""
    return f"{EVENT}{seq:0{_SEQ_DIGITS}d}"


def to_item(event: Event, expires_at: int) -> dict[str, Any]:
    """The table row; `expires_at` is a Unix time (DynamoDB TTL)."""
    return {
        "pk": partition(event.job_id),
        "sk": sort_key(event.seq),
        "event": event.name,
        "job_id": event.job_id,
        "seq": event.seq,
        "at": event.at,
        "fields": dict(event.fields),
        "expires_at": expires_at,
    }


def from_item(item: Mapping[str, Any]) -> Event:
    return Event(item["event"], item["job_id"], int(item["seq"]), item["at"], item["fields"])


def queued(position: int) -> dict[str, Any]:
    return {"position": position}


def started(worker_id: str) -> dict[str, Any]:
    return {"workerId": worker_id}


def progress(percent: int, stage: str, stage_percent: int, message: str) -> dict[str, Any]:
    return {"percent": percent, "stage": stage, "stagePercent": stage_percent, "message": message}


def completed(video_key: str) -> dict[str, Any]:
    """The key, not a URL: URLs are signed when the event is delivered, so they are never stale."""
    return {"videoKey": video_key}


def failed(code: str, message: str, stage: str) -> dict[str, Any]:
    return {"error": {"code": code, "message": message, "stage": stage}}
