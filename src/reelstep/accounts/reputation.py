"""How far a user is trusted with texts: a score that rejections lower and finished jobs raise.

The rules are pure functions on a frozen `Reputation`; `Reputations` keeps it in one row per user
(`USER#uid / REPUTATION`), each change a write on the condition that nobody else has written in
between, so that two Lambdas at once lose nothing. Events have names, and one that comes twice
counts once.
"""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from reelstep.platform import dynamo
from reelstep.platform.clock import iso, parse_iso, seconds_between
from reelstep.platform.errors import Retryable

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

#: Points of the score: 0 is neutral, and where everybody begins and returns to.
LOWEST, HIGHEST = -100.0, 50.0
REJECTED = -15.0
COMPLETED = 2.0
#: What nobody writes by accident weighs more.
GRAVE = {"SEXUAL_MINORS": -60.0, "HATE": -25.0, "ILLEGAL": -25.0}
WATCHED_BELOW, TRUSTED_FROM = -25.0, 20.0
HALF_LIFE_DAYS = 14.0

#: The third rejection within the window starts a cool-down; each further one doubles it.
WINDOW_SECONDS = 6 * 3_600
FREE_REJECTIONS = 2
FIRST_COOL_DOWN_SECONDS = 60
LONGEST_COOL_DOWN_SECONDS = 3_600

_KEPT_REJECTIONS = 20
_KEPT_EVENTS = 50
#: A score this old is 0 to the eye; the row goes by itself.
_KEPT_DAYS = 180
_TRIES = 12


class Standing(StrEnum):
    """What the score means to who checks texts: less, as much, or more than usual."""

    TRUSTED = "TRUSTED"
    NEUTRAL = "NEUTRAL"
    WATCHED = "WATCHED"


@dataclass(frozen=True)
class Reputation:
    """`score` as of `at` (ISO-8601; empty: never changed); `rejections` are times, newest last."""

    score: float = 0.0
    at: str = ""
    rejections: tuple[str, ...] = ()
    cool_down_until: str = ""
    events: tuple[str, ...] = ()
    version: int = field(default=0, compare=False)


NEUTRAL = Reputation()


def score_at(reputation: Reputation, at: str) -> float:
    """The score, half of it gone every 14 days. Time never runs backwards here."""
    if not reputation.at:
        return 0.0
    days = max(0.0, seconds_between(reputation.at, at)) / 86_400
    return float(reputation.score * 0.5 ** (days / HALF_LIFE_DAYS))


def standing(reputation: Reputation, at: str) -> Standing:
    score = score_at(reputation, at)
    if score < WATCHED_BELOW:
        return Standing.WATCHED
    return Standing.TRUSTED if score >= TRUSTED_FROM else Standing.NEUTRAL


def after_rejection(
    reputation: Reputation, at: str, category: str, event: str | None = None
) -> Reputation:
    """A text was refused. The same `event` counts once."""
    if event is not None and event in reputation.events:
        return reputation
    recent = [*(time for time in reputation.rejections if _within(time, at)), at]
    recent.sort()
    seconds = cool_down_seconds(len(recent))
    until = iso(parse_iso(at) + timedelta(seconds=seconds)) if seconds else ""
    return replace(
        _moved(reputation, at, GRAVE.get(category, REJECTED), event),
        rejections=tuple(recent[-_KEPT_REJECTIONS:]),
        cool_down_until=max(reputation.cool_down_until, until),
    )


def after_completion(reputation: Reputation, at: str, event: str | None = None) -> Reputation:
    """A job was finished. The same `event` counts once."""
    if event is not None and event in reputation.events:
        return reputation
    return _moved(reputation, at, COMPLETED, event)


def cool_down_seconds(rejections: int) -> int:
    """Seconds to wait after so many rejections within the window: 0, 0, 60, 120, 240 … 3,600."""
    steps = rejections - FREE_REJECTIONS - 1
    if steps < 0:
        return 0
    return min(LONGEST_COOL_DOWN_SECONDS, FIRST_COOL_DOWN_SECONDS << min(steps, 20))


def seconds_to_wait(reputation: Reputation, at: str) -> int:
    """Whole seconds until the next text may come; 0 when it may come now."""
    if not reputation.cool_down_until:
        return 0
    left = seconds_between(at, reputation.cool_down_until)
    return min(LONGEST_COOL_DOWN_SECONDS, math.ceil(left)) if left > 0 else 0


def _within(time_of: str, at: str) -> bool:
    return seconds_between(time_of, at) < WINDOW_SECONDS


def _moved(reputation: Reputation, at: str, points: float, event: str | None) -> Reputation:
    later = max(reputation.at, at)
    score = min(HIGHEST, max(LOWEST, score_at(reputation, later) + points))
    events = reputation.events if event is None else (*reputation.events, event)[-_KEPT_EVENTS:]
    return replace(reputation, score=round(score, 4), at=later, events=events)


@dataclass(frozen=True)
class Reputations:
    """The reputation of each user, kept in the table."""

    client: DynamoDBClient
    table: str

    def read(self, user_id: str) -> Reputation:
        """As it is now; neutral for whom nothing is known of."""
        answer = self.client.get_item(
            TableName=self.table, Key=dynamo.marshal(_key(user_id)), ConsistentRead=True
        )
        if "Item" not in answer:
            return NEUTRAL
        row = dynamo.unmarshal(answer["Item"])
        return Reputation(
            score=float(row["score"]),
            at=row["at"],
            rejections=tuple(row["rejections"]),
            cool_down_until=row["cool_down_until"],
            events=tuple(row["events"]),
            version=row["version"],
        )

    def rejected(
        self, user_id: str, at: str, category: str, *, event: str | None = None
    ) -> Reputation:
        """Note a refused text, and give the reputation that follows.

        Raises Retryable when other writes of the same user came first again and again.
        """
        return self._change(user_id, lambda known: after_rejection(known, at, category, event))

    def completed(self, user_id: str, at: str, *, event: str | None = None) -> Reputation:
        """Note a finished job; `event` is the job's id. Raises as `rejected`."""
        return self._change(user_id, lambda known: after_completion(known, at, event))

    def _change(self, user_id: str, change: Callable[[Reputation], Reputation]) -> Reputation:
        for attempt in range(_TRIES):
            known = self.read(user_id)
            changed = change(known)
            if changed == known or self._write(user_id, changed):
                return changed
            time.sleep(random.uniform(0, min(0.5, 0.01 * 2**attempt)))
        raise Retryable("The account is busy; try again", french="Le compte est occupé ; réessayez")

    def _write(self, user_id: str, reputation: Reputation) -> bool:
        """False when the row is no longer what was read."""
        values: dict[str, Any] = {
            item.name: getattr(reputation, item.name)
            for item in fields(reputation)
            if item.name != "version"
        }
        values["version"] = reputation.version + 1
        expires = parse_iso(reputation.at) + timedelta(days=_KEPT_DAYS)
        values["expires_at"] = int(expires.timestamp())
        expression = dynamo.Expression()
        # A row that has expired meanwhile, and was not there when it was read: both are no row.
        unchanged = (
            expression.equals("version", reputation.version)
            if reputation.version
            else f"attribute_not_exists({expression.name('pk')})"
        )
        try:
            self.client.update_item(
                TableName=self.table,
                Key=dynamo.marshal(_key(user_id)),
                **dynamo.update_arguments(expression, sets=values, conditions=[unchanged]),
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
            return False
        return True


def _key(user_id: str) -> dict[str, str]:
    return {"pk": f"USER#{user_id}", "sk": "REPUTATION"}
