"""What became of the callback of each end of a job, on a row beside the job's events."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from reelstep.events.log import partition
from reelstep.platform import dynamo
from reelstep.platform.dynamo import TransactionRefused

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_PREFIX = "CALLBACK#"
_JOB_SK = "JOB"


class DeliveryState(StrEnum):
    """RETRYING → DELIVERED (2xx), GONE (410: never again) or FAILED (every try)."""

    RETRYING = "RETRYING"
    DELIVERED = "DELIVERED"
    GONE = "GONE"
    FAILED = "FAILED"


_OPEN = (DeliveryState.RETRYING, DeliveryState.FAILED)


@dataclass(frozen=True)
class Delivery:
    """`attempts` so far; `last_status` of the last answer, or `last_error` when there was none."""

    seq: int
    state: DeliveryState
    attempts: int
    last_status: int | None
    last_error: str | None
    at: str


@dataclass(frozen=True)
class Deliveries:
    client: DynamoDBClient
    table: str

    def get(self, job_id: str, seq: int) -> Delivery | None:
        """What is known of the callback for the event `seq`."""
        answer = self.client.get_item(
            TableName=self.table,
            Key=dynamo.marshal({"pk": partition(job_id), "sk": _sort_key(seq)}),
            ConsistentRead=True,
        )
        return _from_row(dynamo.unmarshal(answer["Item"])) if "Item" in answer else None

    def last(self, job_id: str) -> Delivery | None:
        """That of the job's last end which somebody was called about."""
        answer = self.client.query(
            TableName=self.table,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :prefix)",
            ExpressionAttributeValues=dynamo.marshal(
                {":pk": partition(job_id), ":prefix": _PREFIX}
            ),
            ScanIndexForward=False,
            ConsistentRead=True,
            Limit=1,
        )
        return next((_from_row(dynamo.unmarshal(item)) for item in answer["Items"]), None)

    def put(self, job_id: str, delivery: Delivery) -> None:
        """Write it down, unless it is over already by an earlier call or the job was deleted:
        nobody would remove the row."""
        there, row = dynamo.Expression(), dynamo.Expression()
        state = row.name("state")
        open_still = f"attribute_not_exists({state}) OR {row.one_of('state', _OPEN)}"
        job = {"pk": partition(job_id), "sk": _JOB_SK}
        item = {"pk": partition(job_id), "sk": _sort_key(delivery.seq), **asdict(delivery)}
        exists = f"attribute_exists({there.name('pk')})"
        with suppress(TransactionRefused):
            dynamo.transact(
                self.client,
                [
                    {
                        "ConditionCheck": {
                            "TableName": self.table,
                            "Key": dynamo.marshal(job),
                            "ConditionExpression": exists,
                            **there.arguments(),
                        }
                    },
                    {
                        "Put": {
                            "TableName": self.table,
                            "Item": dynamo.marshal(item),
                            "ConditionExpression": open_still,
                            **row.arguments(),
                        }
                    },
                ],
            )


def _sort_key(seq: int) -> str:
    return f"{_PREFIX}{seq:08d}"


def _from_row(row: dict[str, Any]) -> Delivery:
    return Delivery(
        seq=row["seq"],
        state=DeliveryState(row["state"]),
        attempts=row["attempts"],
        last_status=row["last_status"],
        last_error=row["last_error"],
        at=row["at"],
    )
