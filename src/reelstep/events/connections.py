"""Who is connected, and what each connection has subscribed to: rows of the one table.

| row | pk | sk |
|---|---|---|
| connection | `CONN#id` | `CONN` |
| of a user, to count them | `USER#uid` | `CONN#id` |
| subscription | `JOB#id` | `SUB#conn` |
| of a connection, to clean up | `CONN#id` | `SUB#job` |

Whatever is left behind by a lost `$disconnect` expires (TTL) after the longest life that API
Gateway gives a connection, and is removed by the first post that is answered with 410.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reelstep.events.log import partition
from reelstep.platform import dynamo

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

#: Two hours are API Gateway's limit; ten minutes more for clocks and late events.
LIFE_SECONDS = 2 * 3_600 + 600
CONNECTION_SK = "CONN"
SUBSCRIPTION = "SUB#"


@dataclass(frozen=True)
class Connection:
    """A client that is connected. `locale` is the language of what it is told."""

    id: str
    user_id: str
    locale: str
    expires_at: int


def connection_key(connection_id: str) -> dict[str, str]:
    return {"pk": f"CONN#{connection_id}", "sk": CONNECTION_SK}


def of_user_key(user_id: str, connection_id: str) -> dict[str, str]:
    return {"pk": f"USER#{user_id}", "sk": f"CONN#{connection_id}"}


def subscription_key(job_id: str, connection_id: str) -> dict[str, str]:
    return {"pk": partition(job_id), "sk": f"{SUBSCRIPTION}{connection_id}"}


def of_connection_key(connection_id: str, job_id: str) -> dict[str, str]:
    return {"pk": f"CONN#{connection_id}", "sk": f"{SUBSCRIPTION}{job_id}"}


@dataclass(frozen=True)
class Connections:
    """The connections of everybody."""

    client: DynamoDBClient
    table: str

    def open(self, connection_id: str, user_id: str, locale: str, most: int) -> Connection | None:
        """Write a new connection. None when its user has `most` of them.

        Two that come in the same moment may both be let in: the limit bounds what one user can
        cost, it is not exact.
        """
        now = int(time.time())
        if self._open_of(user_id, now) >= most:
            return None
        opened = Connection(connection_id, user_id, locale, now + LIFE_SECONDS)
        row = {
            **connection_key(connection_id),
            "user_id": user_id,
            "locale": locale,
            "subscriptions": 0,
            "expires_at": opened.expires_at,
        }
        mine = {**of_user_key(user_id, connection_id), "expires_at": opened.expires_at}
        dynamo.transact(
            self.client,
            [
                {"Put": {"TableName": self.table, "Item": dynamo.marshal(one)}}
                for one in (row, mine)
            ],
        )
        return opened

    def get(self, connection_id: str) -> Connection | None:
        """The connection, unless it has ended."""
        answer = self.client.get_item(
            TableName=self.table,
            Key=dynamo.marshal(connection_key(connection_id)),
            ConsistentRead=True,
        )
        if "Item" not in answer:
            return None
        row = dynamo.unmarshal(answer["Item"])
        return Connection(connection_id, row["user_id"], row["locale"], row["expires_at"])

    def forget(self, connection_id: str) -> None:
        """Remove a connection and its subscriptions; harmless when they are gone already.

        The connection's own row first: a subscribe that comes meanwhile fails on it, and what one
        wrote before is found here.
        """
        answer = self.client.delete_item(
            TableName=self.table,
            Key=dynamo.marshal(connection_key(connection_id)),
            ReturnValues="ALL_OLD",
        )
        keys: list[dict[str, str]] = []
        for job_id in self.subscriptions_of(connection_id):
            keys.append(subscription_key(job_id, connection_id))
            keys.append(of_connection_key(connection_id, job_id))
        if "Attributes" in answer:
            user_id = dynamo.unmarshal(answer["Attributes"])["user_id"]
            keys.append(of_user_key(user_id, connection_id))
        for key in keys:
            self.client.delete_item(TableName=self.table, Key=dynamo.marshal(key))

    def subscriptions_of(self, connection_id: str) -> list[str]:
        """The jobs that a connection has subscribed to."""
        rows = self._keys(f"CONN#{connection_id}", SUBSCRIPTION)
        return [sk.removeprefix(SUBSCRIPTION) for sk in rows]

    def subscribers_of(self, job_id: str) -> list[str]:
        """The connections that have subscribed to a job."""
        rows = self._keys(partition(job_id), SUBSCRIPTION)
        return [sk.removeprefix(SUBSCRIPTION) for sk in rows]

    def _open_of(self, user_id: str, now: int) -> int:
        rows = self._keys(
            f"USER#{user_id}",
            "CONN#",
            FilterExpression="expires_at > :now",
            values={":now": now},
        )
        return len(rows)

    def _keys(
        self, pk: str, prefix: str, *, values: dict[str, Any] | None = None, **extra: Any
    ) -> Sequence[str]:
        found: list[str] = []
        for page in self.client.get_paginator("query").paginate(
            TableName=self.table,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :sk)",
            ExpressionAttributeValues=dynamo.marshal({":pk": pk, ":sk": prefix, **(values or {})}),
            ProjectionExpression="sk",
            ConsistentRead=True,
            **extra,
        ):
            found += [str(item["sk"]["S"]) for item in page["Items"]]
        return found
