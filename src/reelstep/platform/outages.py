"""Failures of AWS that may pass, by one name that the state machine knows.

botocore has dozens of classes for "not now", and a state machine matches names. What is our own
mistake (a right that lacks, an argument that is wrong) keeps its name and is not tried again.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from boto3.exceptions import RetriesExceededError, S3UploadFailedError
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    HTTPClientError,
    IncompleteReadError,
    ResponseStreamingError,
)
from botocore.exceptions import ConnectionError as NoConnection

from reelstep.platform.errors import PlatformUnavailable

_LOST = (
    NoConnection,
    HTTPClientError,
    IncompleteReadError,
    ResponseStreamingError,
    RetriesExceededError,
    S3UploadFailedError,
)
_NOT_NOW = frozenset(
    [
        "LimitExceededException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestTimeout",
        "RequestTimeoutException",
        "SlowDown",
        "Throttling",
        "ThrottledException",
        "ThrottlingException",
        "TooManyRequestsException",
        "TransactionInProgressException",
    ]
)


@contextmanager
def named() -> Iterator[None]:
    """Raises PlatformUnavailable for what `passes` and outlasted the SDK; the rest goes on as it
    is."""
    try:
        yield
    except (BotoCoreError, ClientError, RetriesExceededError, S3UploadFailedError) as error:
        if not passes(error):
            raise
        raise PlatformUnavailable(
            "A service that we stand on did not answer; please try again",
            french="Un service dont nous dépendons n'a pas répondu ; veuillez réessayer",
            detail=f"{type(error).__name__}: {error}",
        ) from error


def passes(error: Exception) -> bool:
    """Whether the same call may work later."""
    if isinstance(error, ClientError):
        status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
        return status >= 500 or error.response.get("Error", {}).get("Code", "") in _NOT_NOW
    return isinstance(error, _LOST)
