"""Who is held: requests of a user that wait for something to happen, a bounded number at once.

| row | pk | sk |
|---|---|---|
| held requests of a user | `USER#uid` | `HOLDS` |

One row with a place for each, and in a place the moment until which it is taken. Taking one and
giving it back is a conditional write each; a function that dies leaves a place that is free again
by itself. Times are Unix milliseconds.
"""

from __future__ import annotations

import random
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from reelstep.platform import dynamo

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

#: A place is kept for a little longer than its request says, for clocks that differ.
_GRACE_MS = 1_000
_REFUSED = "ConditionalCheckFailedException"


@dataclass(frozen=True)
class Hold:
    """A place that was taken."""

    user_id: str
    place: str
    until: int


@dataclass(frozen=True)
class Holds:
    """Everybody's places, `most` a user."""

    client: DynamoDBClient
    table: str
    most: int

    def take(self, user_id: str, seconds: float) -> Hold | None:
        """A place for so long at most. None when all are taken."""
        now = time.time_ns() // 1_000_000
        until = now + int(seconds * 1_000) + _GRACE_MS
        places = [f"until_{index}" for index in range(self.most)]
        free = places
        # Each try that fails has seen one place more that is taken.
        for _ in places:
            place = random.choice(free)
            row = self._write(user_id, place, now, until)
            if row is None:
                return Hold(user_id, place, until)
            free = [name for name in places if int(row.get(name, 0)) <= now]
            if not free:
                break
        return None

    def give_back(self, hold: Hold) -> None:
        """Free the place, unless its time was over and another has it."""
        expression = dynamo.Expression()
        arguments = dynamo.update_arguments(
            expression,
            removes=[hold.place],
            conditions=[expression.equals(hold.place, hold.until)],
        )
        try:
            self.client.update_item(
                TableName=self.table, Key=dynamo.marshal(_key(hold.user_id)), **arguments
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != _REFUSED:
                raise

    def _write(self, user_id: str, place: str, now: int, until: int) -> Mapping[str, Any] | None:
        """None when it is ours now, else the row that is in the way."""
        expression = dynamo.Expression()
        name = expression.name(place)
        arguments = dynamo.update_arguments(
            expression,
            # By then nobody is held, and a missing row is one with all places free.
            sets={place: until, "expires_at": until // 1_000 + 60},
            conditions=[f"(attribute_not_exists({name}) OR {name} <= {expression.value(now)})"],
        )
        try:
            self.client.update_item(
                TableName=self.table,
                Key=dynamo.marshal(_key(user_id)),
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
                **arguments,
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != _REFUSED:
                raise
            return dynamo.unmarshal(error.response.get("Item", {}))  # type: ignore[arg-type]
        return None


def _key(user_id: str) -> dict[str, str]:
    return {"pk": f"USER#{user_id}", "sk": "HOLDS"}
