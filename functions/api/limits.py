"""Rate limits per user, before anything else is done for a request.

Public routes have no user: the gateway's stage throttle is theirs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools.metrics import MetricUnit
from botocore.exceptions import BotoCoreError, ClientError

from reelstep.accounts import rate_limits
from reelstep.accounts.rate_limits import LimiterFailed
from reelstep.platform import aws
from reelstep.platform.errors import RateLimited
from reelstep.platform.observability import logger, metrics
from reelstep.platform.settings import Settings

#: Start of a path → the bucket that its requests take from; the first that fits.
BUCKETS = (
    ("/api/v1/", "generation"),
    ("/api/generate/", "generation"),
    ("/api/workflow/", "generation"),
    ("/orchestrator/", "media"),
)


def take(event: Mapping[str, Any]) -> dict[str, str]:
    """One request out of the caller's bucket; the headers that tell how much is left. Raises
    RateLimited."""
    user, bucket = _user(event), _bucket(event["rawPath"])
    return {} if user is None or bucket is None else take_from(user, bucket)


def take_from(user: str, bucket: str) -> dict[str, str]:
    """One request out of this bucket of theirs, as `Rates` names it.

    Raises RateLimited. A limiter that does not work lets the request pass, without headers: it
    guards against too much, and a user who does nothing wrong must not pay for its failure. What
    costs tokens is guarded by the wallet and the queue all the same. Only when DynamoDB says that
    this user's own rows are written too often is the request refused, for that *is* too much.
    """
    settings = Settings.load()
    rates = getattr(settings.limits.rates, bucket)
    try:
        left = rate_limits.take(aws.dynamodb(), settings.table, user, bucket, rates)
    except RateLimited:
        metrics.add_metric("RateLimited", MetricUnit.Count, 1)
        raise
    except (BotoCoreError, ClientError, LimiterFailed) as error:
        if _throttled(error):
            metrics.add_metric("RateLimited", MetricUnit.Count, 1)
            raise rate_limits.refusal(1, {}) from error
        metrics.add_metric("RateLimiterFailed", MetricUnit.Count, 1)
        logger.exception("rate limiter failed; the request passes")
        return {}
    return left.headers


def _user(event: Mapping[str, Any]) -> str | None:
    """By any of its tokens that the gateway has verified; whether it is the right one is asked
    later (`caller`), and costs us as much."""
    authorizer = event["requestContext"].get("authorizer") or {}
    claims = (authorizer.get("jwt") or {}).get("claims") or {}
    subject = claims.get("sub")
    return str(subject) if subject else None


def _bucket(path: str) -> str | None:
    return next((bucket for start, bucket in BUCKETS if path.startswith(start)), None)


def _throttled(error: Exception) -> bool:
    return (
        isinstance(error, ClientError) and error.response["Error"]["Code"] in rate_limits.THROTTLED
    )
