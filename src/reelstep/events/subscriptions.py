"""One subscription's row: `sent`, `wanted` and the lease (delivery.py says what they are for).

Each method is one conditional write, and says what it found when its condition did not hold.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from reelstep.events.connections import (
    Connection,
    connection_key,
    of_connection_key,
    subscription_key,
)
from reelstep.events.delivery import Found, Standing
from reelstep.platform import dynamo
from reelstep.platform.dynamo import TransactionRefused

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

#: A holder posts or says that it is there at least this often; longer than one post may take by
#: far, so that only what has died is taken for dead.
LEASE_SECONDS = 15.0
_FREE = "attribute_not_exists(lease_owner)"


@dataclass(frozen=True)
class Subscription:
    """The row of `connection_id` at `job_id`, as `owner` (unique to a run) may change it."""

    client: DynamoDBClient
    table: str
    job_id: str
    connection_id: str
    owner: str

    @property
    def key(self) -> dict[str, str]:
        return subscription_key(self.job_id, self.connection_id)

    def begin(self, connection: Connection, sent: int, most: int) -> Found:
        """Write it, lease held. FULL when the connection has `most`, GONE when it has ended."""
        found = self._update(
            "SET sent = :sent, wanted = :sent, lease_owner = :owner, lease_until = :until",
            f"attribute_exists(pk) AND {_FREE}",
            {":sent": sent, **self._lease()},
        )
        if isinstance(found, dict):
            return Found(Standing.HELD, sent)
        if found.standing is not Standing.GONE:
            return found
        return self._create(connection, sent, most)

    def take(self, wanted: int) -> Found:
        """Take the lease if there is something to tell."""
        found = self._update(
            "SET wanted = :wanted, lease_owner = :owner, lease_until = :until",
            f"attribute_exists(pk) AND {_FREE} AND sent < :wanted",
            {":wanted": wanted, **self._lease()},
            wanted,
        )
        return Found(Standing.HELD, found["sent"]) if isinstance(found, dict) else found

    def want(self, wanted: int, holder: str) -> bool:
        """Ask the holder to tell up to `wanted`; False when it has given the lease back."""
        found = self._update(
            "SET wanted = :wanted",
            "lease_owner = :holder AND wanted < :wanted",
            {":wanted": wanted, ":holder": holder},
        )
        return isinstance(found, dict) or (found.holder == holder and found.sent >= wanted)

    def keep(self, sent: int) -> bool:
        """Hold the lease for longer; False when it is somebody else's."""
        found = self._update(
            "SET sent = :sent, lease_until = :until",
            "lease_owner = :owner",
            {":sent": sent, **self._lease()},
        )
        return isinstance(found, dict)

    def release(self, sent: int) -> int | None:
        """Give the lease back; the `wanted` that is in the way if there is one."""
        found = self._update(
            "SET sent = :sent REMOVE lease_owner, lease_until",
            "lease_owner = :owner AND wanted <= :sent",
            {":sent": sent, ":owner": self.owner},
        )
        if isinstance(found, dict) or found.holder != self.owner:
            return None
        return found.sent

    def leave(self) -> Found:
        """Remove it, unless somebody posts."""
        gone = dynamo.marshal(self.key)
        mine = dynamo.marshal(of_connection_key(self.connection_id, self.job_id))
        connection = dynamo.marshal(connection_key(self.connection_id))
        try:
            dynamo.transact(
                self.client,
                [
                    {
                        "Delete": {
                            "TableName": self.table,
                            "Key": gone,
                            "ConditionExpression": _FREE,
                        }
                    },
                    {
                        "Delete": {
                            "TableName": self.table,
                            "Key": mine,
                            "ConditionExpression": "attribute_exists(pk)",
                        }
                    },
                    {
                        "Update": {
                            "TableName": self.table,
                            "Key": connection,
                            "UpdateExpression": "ADD subscriptions :less",
                            "ConditionExpression": "attribute_exists(pk)",
                            "ExpressionAttributeValues": dynamo.marshal({":less": -1}),
                        }
                    },
                ],
            )
        except TransactionRefused as refused:
            return self._standing() if refused.failed == {0} else Found(Standing.GONE)
        return Found(Standing.DONE)

    def _create(self, connection: Connection, sent: int, most: int) -> Found:
        row = {
            **self.key,
            "connection_id": self.connection_id,
            "job_id": self.job_id,
            "sent": sent,
            "wanted": sent,
            "lease_owner": self.owner,
            "lease_until": self._lease()[":until"],
            "expires_at": connection.expires_at,
        }
        mine = {
            **of_connection_key(self.connection_id, self.job_id),
            "expires_at": connection.expires_at,
        }
        connection_row = dynamo.marshal(connection_key(self.connection_id))
        room = {
            "Key": connection_row,
            "UpdateExpression": "ADD subscriptions :more",
            "ConditionExpression": "attribute_exists(pk) AND subscriptions < :most",
            "ExpressionAttributeValues": dynamo.marshal({":more": 1, ":most": most}),
        }
        new = {"Item": dynamo.marshal(row), "ConditionExpression": "attribute_not_exists(pk)"}
        try:
            dynamo.transact(
                self.client,
                [
                    {"Put": {"TableName": self.table, **new}},
                    {"Put": {"TableName": self.table, "Item": dynamo.marshal(mine)}},
                    {"Update": {"TableName": self.table, **room}},
                ],
            )
        except TransactionRefused as refused:
            if 0 in refused.failed:  # the same client subscribed twice in one moment
                return Found(Standing.BUSY)
            there = self.client.get_item(
                TableName=self.table, Key=connection_row, ConsistentRead=True
            )
            return Found(Standing.FULL if "Item" in there else Standing.GONE)
        return Found(Standing.HELD, sent)

    def _lease(self) -> dict[str, Any]:
        return {":owner": self.owner, ":until": int((time.time() + LEASE_SECONDS) * 1000)}

    def _update(
        self, update: str, condition: str, values: dict[str, Any], wanted: int | None = None
    ) -> dict[str, Any] | Found:
        """The row as it is now, or what was found instead."""
        try:
            answer = self.client.update_item(
                TableName=self.table,
                Key=dynamo.marshal(self.key),
                UpdateExpression=update,
                ConditionExpression=condition,
                ExpressionAttributeValues=dynamo.marshal(values),
                ReturnValues="ALL_NEW",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
            old: Any = error.response.get("Item")
            return _found(dynamo.unmarshal(old) if old else None, wanted)
        return dynamo.unmarshal(answer["Attributes"])

    def _standing(self) -> Found:
        answer = self.client.get_item(
            TableName=self.table, Key=dynamo.marshal(self.key), ConsistentRead=True
        )
        item = answer.get("Item")
        return _found(dynamo.unmarshal(item) if item else None, None)


def _found(row: dict[str, Any] | None, wanted: int | None) -> Found:
    """`sent` of somebody else's lease is what it will have told when it is given back."""
    if row is None:
        return Found(Standing.GONE)
    if wanted is not None and row["sent"] >= wanted:
        return Found(Standing.DONE, row["sent"], row.get("lease_owner", ""))
    holder = row.get("lease_owner")
    if holder is None:
        return Found(Standing.BUSY)  # given back in this moment: look again
    alive = row["lease_until"] > time.time() * 1000
    return Found(Standing.BUSY if alive else Standing.EXPIRED, row["wanted"], holder)
