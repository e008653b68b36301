"""Posting to connected clients through API Gateway's @connections.

The one answer that matters is whether a message has arrived: where that is not sure the caller
closes the connection, and the client comes back with the last seq that it has (delivery.py).
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

#: A client that does not take a message in this time is closed instead of waited for.
POST_SECONDS = 5
_THROTTLED = frozenset(
    {"LimitExceededException", "ThrottlingException", "TooManyRequestsException"}
)
_THROTTLE_TRIES = 6


@cache
def management(endpoint: str) -> Any:
    """The client for the connections of one WebSocket API."""
    return boto3.client(
        "apigatewaymanagementapi",
        endpoint_url=endpoint,
        # Not retried by the SDK: a post that was sent twice is an event that was told twice.
        config=Config(
            retries={"total_max_attempts": 1},
            connect_timeout=2,
            read_timeout=POST_SECONDS,
            max_pool_connections=50,
        ),
    )


def endpoint_of(callback_url: str, endpoint_url: str | None) -> str:
    """Where to post: AWS's own host (`https://{api}.execute-api…/{stage}`), or the same API behind
    `endpoint_url`, which is where every call goes on the local cloud."""
    if not endpoint_url:
        return callback_url
    address = urlsplit(callback_url)
    api = (address.hostname or "").split(".")[0]
    return f"{endpoint_url.rstrip('/')}/_aws/execute-api/{api}{address.path}"


class Pace:
    """At most `per_second` turns, evenly, over all threads: the account's API Gateway quota is
    shared with every other request."""

    def __init__(self, per_second: float):
        self._interval = 1.0 / per_second
        self._next = 0.0
        self._lock = threading.Lock()

    def wait(self) -> None:
        """Until it is this caller's turn."""
        with self._lock:
            now = time.monotonic()
            mine = max(now, self._next)
            self._next = mine + self._interval
        if mine > now:
            time.sleep(mine - now)


@dataclass(frozen=True)
class Gateway:
    """`client` is boto3's `apigatewaymanagementapi`."""

    client: Any
    pace: Pace

    def post(self, connection_id: str, data: bytes) -> bool:
        """True when it has arrived at the gateway, False when that is not sure or it is gone.

        Raises ClientError when the call itself is refused (rights, size): no client is to blame.
        """
        for attempt in range(_THROTTLE_TRIES):
            self.pace.wait()
            try:
                self.client.post_to_connection(ConnectionId=connection_id, Data=data)
            except ClientError as error:
                if _code(error) in _THROTTLED:  # it was not taken: the one case to try again
                    time.sleep(random.uniform(0, min(1.0, 0.05 * 2**attempt)))
                    continue
                if _gone(error) or _status(error) >= 500:
                    return False
                raise
            except BotoCoreError:
                return False
            return True
        return False

    def close(self, connection_id: str) -> None:
        """End the connection. Raises what the call raises, unless it has ended already."""
        try:
            self.client.delete_connection(ConnectionId=connection_id)
        except ClientError as error:
            if not _gone(error):
                raise


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


def _status(error: ClientError) -> int:
    metadata: Mapping[str, Any] = error.response.get("ResponseMetadata", {})
    with suppress(TypeError, ValueError):
        return int(metadata.get("HTTPStatusCode", 0))
    return 0


def _gone(error: ClientError) -> bool:
    return _code(error) == "GoneException" or _status(error) == 410
