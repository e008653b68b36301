"""What a batch of the table's stream has to tell subscribers. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reelstep.events import log
from reelstep.platform import dynamo

#: After these nothing comes by itself.
LAST = frozenset({log.COMPLETED, log.FAILED, log.CANCELLED})


@dataclass(frozen=True)
class News:
    """The new events of one job, in order. `first_record` is the stream's number of the first:
    from there on Lambda delivers again when telling them failed."""

    job_id: str
    events: Sequence[log.Event]
    first_record: str

    @property
    def wanted(self) -> int:
        return self.events[-1].seq

    @property
    def ended(self) -> bool:
        return any(event.name in LAST for event in self.events)

    def after(self, seq: int) -> Sequence[log.Event] | None:
        """The events after `seq`, or None when some of them were in an earlier batch."""
        later = [event for event in self.events if event.seq > seq]
        whole = bool(later) and [event.seq for event in later] == list(
            range(seq + 1, seq + 1 + len(later))
        )
        return later if whole else None


def news_of(records: Sequence[Mapping[str, Any]]) -> list[News]:
    """Event rows that were inserted, by job. Records may come twice and late."""
    events: dict[str, dict[int, log.Event]] = {}
    first: dict[str, str] = {}
    for record in records:
        image = record.get("dynamodb", {}).get("NewImage")
        if record.get("eventName") != "INSERT" or not image:
            continue
        if not image["sk"]["S"].startswith(log.EVENT):
            continue
        event = log.from_item(dynamo.unmarshal(image))
        events.setdefault(event.job_id, {})[event.seq] = event
        first.setdefault(event.job_id, record["dynamodb"].get("SequenceNumber", ""))
    return [
        News(job_id, [of_job[seq] for seq in sorted(of_job)], first[job_id])
        for job_id, of_job in events.items()
    ]
