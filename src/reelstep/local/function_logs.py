"""What functions said, out of the log groups that they have on AWS too."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError

from reelstep.local.deploy import STAGE

#: Lines that Lambda itself writes around every invocation.
_PLATFORM = ("START RequestId", "END RequestId", "REPORT RequestId")


def tail(logs: Any, function: str, *, since_ms: int = 0, limit: int = 200) -> list[str]:
    """The newest lines of one function (`render`, `api`…), oldest first, each with its UTC time.

    `logs` is a boto3 client of CloudWatch Logs; `since_ms` is Unix time in milliseconds. A function
    that has never run has no lines.
    """
    lines = [
        f"{datetime.fromtimestamp(event['timestamp'] / 1000, UTC):%H:%M:%S.%f}"[:-3]
        + f"Z {event['message'].rstrip()}"
        for event in _events(logs, f"/aws/lambda/reelstep-{STAGE}-{function}", since_ms)
        if not event["message"].startswith(_PLATFORM)
    ]
    return lines[-limit:]


def _events(logs: Any, group: str, since_ms: int) -> Iterator[dict[str, Any]]:
    pages = logs.get_paginator("filter_log_events")
    try:
        for page in pages.paginate(logGroupName=group, startTime=since_ms):
            yield from page["events"]
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise
