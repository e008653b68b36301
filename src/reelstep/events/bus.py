"""The EventBridge bus, where others listen to what happens to jobs."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reelstep.platform.errors import Retryable

#: Whose events these are; the detail type is the event's name, such as job:completed.
SOURCE = "reelstep"
_AT_ONCE = 10


class BusUnavailable(Retryable):
    """The bus did not take an event."""


@dataclass(frozen=True)
class Bus:
    """`client` is EventBridge's; `name` of the bus."""

    client: Any
    name: str

    def put(self, details: Sequence[Mapping[str, Any]]) -> None:
        """Put events that have `event` and `at`. Raises BusUnavailable when one is not taken: all
        of them may come again then."""
        for first in range(0, len(details), _AT_ONCE):
            batch = details[first : first + _AT_ONCE]
            answer = self.client.put_events(Entries=[self._entry(detail) for detail in batch])
            if answer["FailedEntryCount"]:
                codes = sorted({entry.get("ErrorCode", "") for entry in answer["Entries"]} - {""})
                raise BusUnavailable("The event bus is not available", detail=", ".join(codes))

    def _entry(self, detail: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "EventBusName": self.name,
            "Source": SOURCE,
            "DetailType": detail["event"],
            "Detail": json.dumps(detail, ensure_ascii=False),
        }
