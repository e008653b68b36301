"""The secret that a user's callbacks are signed with: one row per user, never logged.

Made when first asked for. A new one does not end the old one at once: both sign for a day, so that
a receiver can be given the new one without missing a callback.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from reelstep.platform import dynamo
from reelstep.platform.clock import iso, now_iso, parse_iso
from reelstep.platform.errors import Conflict

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

OVERLAP = timedelta(days=1)
_BYTES = 32


@dataclass(frozen=True)
class WebhookSecret:
    """Neither value shows in a log of this object."""

    current: str = field(repr=False)
    created_at: str
    previous: str | None = field(default=None, repr=False)
    #: Hash of the Idempotency-Key that it was made with.
    made_for: str = ""

    def until(self) -> str | None:
        """When `previous` ends to sign."""
        return iso(parse_iso(self.created_at) + OVERLAP) if self.previous else None

    def holding(self, now: str) -> list[str]:
        """Those that sign at `now`, the newest first."""
        until = self.until()
        return [self.current, *([self.previous] if self.previous and until and now < until else [])]


@dataclass(frozen=True)
class WebhookSecrets:
    client: DynamoDBClient
    table: str

    def get(self, user_id: str) -> WebhookSecret:
        """The user's secret; made now when there is none."""
        return self._read(user_id) or self._replace(user_id, None)

    def rotate(self, user_id: str, key: str | None = None) -> WebhookSecret:
        """A new secret; the one before signs beside it for OVERLAP.

        The secret that was made for this `key` is not replaced by it again: the answers of
        idempotency are kept in a row that has no place for secrets, so this row knows by itself.
        Raises Conflict when others change it without a pause.
        """
        made_for = hashlib.sha256(key.encode()).hexdigest() if key else ""
        there = self._read(user_id)
        if there and made_for and there.made_for == made_for:
            return there
        return self._replace(user_id, there, made_for)

    def _replace(
        self, user_id: str, there: WebhookSecret | None, made_for: str = ""
    ) -> WebhookSecret:
        """Write a new one over what was read, whoever else does the same."""
        new = WebhookSecret(_new(), now_iso(), there.current if there else None, made_for)
        row = {
            **_key(user_id),
            "secret": new.current,
            "previous": new.previous,
            "created_at": new.created_at,
            "made_for": new.made_for,
        }
        expression = dynamo.Expression()
        condition = (
            expression.equals("secret", there.current)
            if there
            else f"attribute_not_exists({expression.name('pk')})"
        )
        try:
            self.client.put_item(
                TableName=self.table,
                Item=dynamo.marshal(row),
                ConditionExpression=condition,
                **expression.arguments(),
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
            found = self._read(user_id)
            # A twin has made it: that one it is.
            if found and (there is None or (made_for and found.made_for == made_for)):
                return found
            raise Conflict(
                "The secret was changed at the same moment; look at it and try again",
                french="Le secret vient d'être changé ; consultez-le et réessayez",
            ) from error
        return new

    def _read(self, user_id: str) -> WebhookSecret | None:
        answer = self.client.get_item(
            TableName=self.table, Key=dynamo.marshal(_key(user_id)), ConsistentRead=True
        )
        return _from_row(dynamo.unmarshal(answer["Item"])) if "Item" in answer else None


def _from_row(row: Mapping[str, Any]) -> WebhookSecret:
    return WebhookSecret(
        row["secret"], row["created_at"], row["previous"], str(row.get("made_for", ""))
    )


def _key(user_id: str) -> dict[str, str]:
    return {"pk": f"USER#{user_id}", "sk": "WEBHOOK"}


def _new() -> str:
    return f"whsec_{secrets.token_urlsafe(_BYTES)}"
