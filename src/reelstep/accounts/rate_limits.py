"""Token buckets per user that hold across concurrent Lambdas.

GCRA (ITU-T I.371, the "virtual scheduling" form): a token bucket kept as one number per rate, the
theoretical arrival time (TAT), the moment at which the bucket is full again. A request moves it
one interval on, and is refused where that would put it further ahead than the bucket is deep.

All rates of a bucket (clips: 10/min and 100/h and 500/day) are attributes of one row, and one
conditional UpdateItem moves them all or none: a refusal by one takes nothing from the others, with
no transaction to conflict and nothing to give back when a Lambda dies in between. A write costs
one unit when the bucket was full (the usual case: the next request comes after the refill), two
when it was not, one when the request is refused; `ALL_OLD` tells a write that failed what is there.

Times are whole microseconds since 1970. Clocks of two Lambdas may differ by milliseconds, which
moves a limit by as much and no more.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from reelstep.platform import dynamo
from reelstep.platform.errors import RateLimited
from reelstep.platform.settings import Rate

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_SECOND = 1_000_000
# A failed write tells the state, and states only fill up: each rate can turn from full to in use
# once, and a row can vanish by TTL once. More tries than that mean that something is broken.
_TRIES = 10

#: What DynamoDB says when one row or partition is written too often.
THROTTLED = frozenset(
    {"ProvisionedThroughputExceededException", "RequestLimitExceeded", "ThrottlingException"}
)


class LimiterFailed(Exception):
    """The row kept changing under us; nothing was taken."""


def interval(rate: Rate) -> int:
    """Microseconds until one token is back. Rounded up: never more than the rate."""
    return -(-rate.seconds * _SECOND // rate.requests)


def depth(rate: Rate) -> int:
    """Microseconds until an empty bucket is full."""
    return rate.burst * interval(rate)


def advance(rate: Rate, tat: int, now: int) -> int:
    """The TAT after one more request; `tat` 0 for a bucket that nobody has used."""
    return max(tat, now) + interval(rate)


def wait(rate: Rate, tat: int, now: int) -> int:
    """Microseconds until one more request is allowed; 0 is now."""
    return max(0, advance(rate, tat, now) - now - depth(rate))


@dataclass(frozen=True)
class Allowance:
    """What is left in a bucket: `limit` requests at once, `remaining` of them now, all of them
    again in `reset_seconds`."""

    limit: int
    remaining: int
    reset_seconds: int

    @property
    def headers(self) -> dict[str, str]:
        """As draft-ietf-httpapi-ratelimit-headers-06 has them."""
        return {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.remaining),
            "RateLimit-Reset": str(self.reset_seconds),
        }


def allowance(rates: Sequence[Rate], tats: Mapping[int, int], now: int) -> Allowance:
    """Of the rate that refuses first; `tats` by the rate's seconds."""

    def ahead(rate: Rate) -> int:
        return max(0, tats.get(rate.seconds, 0) - now)

    def remaining(rate: Rate) -> int:
        return max(0, depth(rate) - ahead(rate)) // interval(rate)

    tightest = min(
        rates, key=lambda rate: (remaining(rate), -wait(rate, tats.get(rate.seconds, 0), now))
    )
    return Allowance(tightest.burst, remaining(tightest), _seconds(ahead(tightest)))


def take(
    client: DynamoDBClient,
    table: str,
    user_id: str,
    bucket: str,
    rates: Sequence[Rate],
    *,
    now: int | None = None,
) -> Allowance:
    """One request out of a user's bucket.

    Raises RateLimited with its headers, LimiterFailed, and botocore's errors as they are. A write
    whose answer was lost and that boto3 sends again takes two: better than none.
    """
    now = time.time_ns() // 1_000 if now is None else now
    key = dynamo.marshal({"pk": f"USER#{user_id}", "sk": f"RATE#{bucket}"})
    tats: dict[int, int] = {}
    for _ in range(_TRIES):
        waits = [wait(rate, tats.get(rate.seconds, 0), now) for rate in rates]
        if any(waits):
            seconds = _seconds(max(waits))
            raise refusal(seconds, allowance(rates, tats, now).headers)
        try:
            answer = client.update_item(
                TableName=table,
                Key=key,
                ReturnValues="ALL_NEW",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
                **_arguments(rates, tats, now),
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
            tats = _tats(rates, error.response.get("Item", {}))  # type: ignore[arg-type]
        else:
            return allowance(rates, _tats(rates, answer["Attributes"]), now)
    raise LimiterFailed(f"bucket {bucket} of {user_id} kept changing")


def _arguments(rates: Sequence[Rate], tats: Mapping[int, int], now: int) -> dict[str, Any]:
    """An update that holds only if every rate still allows the request.

    UpdateExpressions have no max(): each rate is expected full (then its time starts from now) or
    in use (then it is added to, so that two requests at once both count), as last seen.
    """
    expression = dynamo.Expression()
    present = expression.value(now)
    changes, conditions = [], []
    for rate in rates:
        name = expression.name(_attribute(rate))
        if tats.get(rate.seconds, 0) <= now:
            changes.append(f"{name} = {expression.value(now + interval(rate))}")
            conditions.append(f"(attribute_not_exists({name}) OR {name} <= {present})")
        else:
            latest = expression.value(now + depth(rate) - interval(rate))
            changes.append(f"{name} = {name} + {expression.value(interval(rate))}")
            conditions.append(f"{name} BETWEEN {present} AND {latest}")
    # By then every bucket is full, and a missing row is a full bucket.
    full_at = now // _SECOND + max(_seconds(depth(rate)) for rate in rates) + 1
    changes.append(expression.equals("expires_at", full_at))
    return {
        "UpdateExpression": "SET " + ", ".join(changes),
        "ConditionExpression": " AND ".join(conditions),
        **expression.arguments(),
    }


def _attribute(rate: Rate) -> str:
    # By its period: a deployment that changes how many requests it allows keeps what was used.
    return f"tat_{rate.seconds}"


def _tats(rates: Sequence[Rate], item: Mapping[str, Any]) -> dict[int, int]:
    row = dynamo.unmarshal(item)
    return {rate.seconds: int(row.get(_attribute(rate), 0)) for rate in rates}


def refusal(seconds: int, headers: Mapping[str, str]) -> RateLimited:
    """For the person, and for its client."""
    return RateLimited(
        f"Too many requests; try again in {seconds} s",
        french=f"Trop de requêtes ; réessayez dans {seconds} s",
        headers={"Retry-After": str(seconds), **headers},
    )


def _seconds(microseconds: int) -> int:
    return -(-microseconds // _SECOND)
