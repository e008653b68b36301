"""Jobs in the table. Every change is conditional on the state it starts from.

Any handler may run twice, late, or next to its twin: a change whose condition no longer holds is
answered with `StaleExecution` (steps) or None (edges), never applied over newer state.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from reelstep.events import log
from reelstep.jobs.model import RUNNING, TERMINAL, Job, JobKind, JobStatus, Phase
from reelstep.platform import dynamo
from reelstep.platform.clock import parse_iso
from reelstep.platform.dynamo import TransactionRefused
from reelstep.platform.errors import StaleExecution

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

# The running index is spread over a few partitions: each holds 1,000 writes a second. The queue
# needs none of that: it is bounded.
SHARDS = 4
JOB_SK = "JOB"
_PROGRESS = "PROG#"
_DAY_SECONDS = 86_400
_BATCH = 25  # of BatchWriteItem


def job_key(job_id: str) -> dict[str, str]:
    return {"pk": log.partition(job_id), "sk": JOB_SK}


def shard_of(job_id: str) -> int:
    return hashlib.sha256(job_id.encode()).digest()[0] % SHARDS


def queue_keys(job: Job) -> dict[str, str]:
    return {
        "queue_pk": f"QUEUE#{job.kind}",
        "queue_sk": f"{job.priority}#{job.queued_at or job.created_at}#{job.job_id}",
    }


def running_keys(job_id: str, heartbeat_at: str) -> dict[str, str]:
    return {"running_pk": f"RUNNING#{shard_of(job_id)}", "running_sk": heartbeat_at}


def user_keys(job: Job) -> dict[str, str]:
    return {
        "user_pk": user_partition(job.user_id, job.kind),
        "user_sk": f"{job.created_at}#{job.job_id}",
    }


def user_partition(user_id: str, kind: JobKind) -> str:
    return f"USER#{user_id}#{kind}"


def to_item(job: Job) -> dict[str, Any]:
    """The whole row of a new, queued job."""
    return {
        **job_key(job.job_id),
        **job.model_dump(mode="json"),
        **user_keys(job),
        **queue_keys(job),
    }


@dataclass(frozen=True)
class Reported:
    """Of a step's own row: its units done, and what it has made to be seen (jobs/previews.py)."""

    done: int = 0
    preview: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class JobRepository:
    """Reads and conditional writes. `event_days` is how long events are kept."""

    client: DynamoDBClient
    table: str
    event_days: int = 30

    # -- reading -------------------------------------------------------------------------------

    def get(self, job_id: str) -> Job | None:
        """The job as it is now (a consistent read)."""
        answer = self.client.get_item(
            TableName=self.table, Key=dynamo.marshal(job_key(job_id)), ConsistentRead=True
        )
        return Job.model_validate(dynamo.unmarshal(answer["Item"])) if "Item" in answer else None

    def events_after(self, job_id: str, seq: int, limit: int) -> list[log.Event]:
        answer = self.client.query(
            TableName=self.table,
            KeyConditionExpression="pk = :pk AND sk BETWEEN :first AND :last",
            ExpressionAttributeValues=dynamo.marshal(
                {
                    ":pk": log.partition(job_id),
                    ":first": log.sort_key(seq + 1),
                    ":last": log.sort_key(99_999_999),
                }
            ),
            ConsistentRead=True,
            Limit=limit,
        )
        return [log.from_item(dynamo.unmarshal(item)) for item in answer["Items"]]

    def query_index(self, index: str, partition: str, **extra: Any) -> Iterator[dict[str, Any]]:
        """Pages of a query on one of the three indexes, as raw answers."""
        for page in self.client.get_paginator("query").paginate(
            TableName=self.table,
            IndexName=index,
            KeyConditionExpression="#pk = :pk",
            ExpressionAttributeNames={"#pk": f"{index.removeprefix('by_')}_pk"}
            | extra.pop("names", {}),
            ExpressionAttributeValues=dynamo.marshal({":pk": partition} | extra.pop("values", {})),
            **extra,
        ):
            yield dict(page)

    def waiting(self, kind: JobKind) -> list[Job]:
        """Every queued job of this kind, best priority and longest wait first (index: may lag)."""
        return self._indexed("queue", [f"QUEUE#{kind}"])

    def running(self) -> list[Job]:
        """Every job that starts or is processed (index: may lag)."""
        return self._indexed("running", [f"RUNNING#{shard}" for shard in range(SHARDS)])

    def _indexed(self, index: str, partitions: Sequence[str]) -> list[Job]:
        return [
            Job.model_validate(dynamo.unmarshal(item))
            for partition in partitions
            for page in self.query_index(index, partition)
            for item in page["Items"]
        ]

    # -- writing -------------------------------------------------------------------------------

    def create(
        self, job: Job, fields: Mapping[str, Any], also: Sequence[Mapping[str, Any]] = ()
    ) -> Job:
        """Put a new job with its first event, and whatever must go with them.

        Raises TransactionRefused: index 0 when the id is taken, from 2 on the parts of `also`.
        """
        created = job.model_copy(update={"seq": 1, "last_event_at": job.created_at})
        dynamo.transact(
            self.client,
            [
                {
                    "Put": {
                        "TableName": self.table,
                        "Item": dynamo.marshal(to_item(created)),
                        "ConditionExpression": "attribute_not_exists(pk)",
                    }
                },
                self._put_event(log.Event(log.QUEUED, job.job_id, 1, job.created_at, fields)),
                *also,
            ],
        )
        return created

    def change(
        self,
        job: Job,
        *,
        sets: Mapping[str, Any],
        removes: Sequence[str] = (),
        allowed: frozenset[JobStatus] = RUNNING,
        event: tuple[str, Mapping[str, Any]] | None = None,
        at: str,
        also: Sequence[Mapping[str, Any]] = (),
        expected: Mapping[str, Any] | None = None,
    ) -> None:
        """One transaction: the job, the event that tells of it, and whatever must go with them.

        `job` is the state that was read: the write holds only if status is still in `allowed`,
        the attempt is the same, every path of `expected` has its value and, with an event, no
        other event came in between. Raises TransactionRefused (index 0 is the job itself).
        """
        expression = dynamo.Expression()
        conditions = [
            expression.one_of("status", sorted(allowed)),
            expression.equals("attempt", job.attempt),
            *(expression.equals(path, value) for path, value in (expected or {}).items()),
        ]
        changes = dict(sets)
        if event:
            conditions.append(expression.equals("seq", job.seq))
            changes |= {"seq": job.seq + 1, "last_event_at": at}
        arguments = dynamo.update_arguments(
            expression, sets=changes, removes=removes, conditions=conditions
        )
        key = dynamo.marshal(job_key(job.job_id))
        actions: list[Mapping[str, Any]] = [
            {"Update": {"TableName": self.table, "Key": key, **arguments}}
        ]
        if event:
            name, fields = event
            actions.append(self._put_event(log.Event(name, job.job_id, job.seq + 1, at, fields)))
        dynamo.transact(self.client, [*actions, *also])

    def set_totals(self, job: Job, totals: Mapping[Phase, int]) -> None:
        """How many units each phase has, once a step knows. Raises StaleExecution."""
        expression = dynamo.Expression()
        arguments = dynamo.update_arguments(
            expression,
            sets={f"phases.{phase}.total": total for phase, total in totals.items()},
            conditions=[
                expression.one_of("status", sorted(RUNNING)),
                expression.equals("attempt", job.attempt),
            ],
        )
        self._update_or_stale(job.job_id, arguments)

    def set_execution(self, job: Job, arn: str) -> None:
        expression = dynamo.Expression()
        arguments = dynamo.update_arguments(
            expression,
            sets={"execution_arn": arn},
            conditions=[expression.equals("attempt", job.attempt)],
        )
        self._update_or_stale(job.job_id, arguments)

    def set_favorite(self, job_id: str, user_id: str, favorite: bool) -> bool:
        """False when there is no such job of this user."""
        expression = dynamo.Expression()
        arguments = dynamo.update_arguments(
            expression,
            sets={"favorite": favorite},
            conditions=[expression.equals("user_id", user_id)],
        )
        try:
            self._update_or_stale(job_id, arguments)
        except StaleExecution:
            return False
        return True

    def progress_row(self, job_id: str, phase: Phase, index: str) -> Reported:
        """What this step (or an earlier run of it) has reported already."""
        answer = self.client.get_item(
            TableName=self.table,
            Key=dynamo.marshal(_progress_key(job_id, phase, index)),
            ConsistentRead=True,
        )
        row = dynamo.unmarshal(answer.get("Item", {}))
        return Reported(int(row.get("done", 0)), row.get("preview"))

    def progress_rows(self, job_id: str) -> list[dict[str, Any]]:
        """The rows of all steps that have reported."""
        return self._rows(job_id, _PROGRESS)

    def progress_action(
        self, job_id: str, phase: Phase, index: str, before: int, now: Reported
    ) -> dict[str, Any]:
        """The part of a transaction that moves a step's own row from `before` units to `now`."""
        expression = dynamo.Expression()
        name = expression.name("done")
        arguments = dynamo.update_arguments(
            expression,
            sets={"done": now.done} | ({"preview": now.preview} if now.preview else {}),
            conditions=[
                f"attribute_not_exists({name})"
                if before == 0
                else expression.equals("done", before)
            ],
        )
        key = dynamo.marshal(_progress_key(job_id, phase, index))
        return {"Update": {"TableName": self.table, "Key": key, **arguments}}

    def put_cost(
        self, job_id: str, phase: str, index: str, provider: str, units: float, micro_usd: int
    ) -> None:
        """A cost line. The same step writes the same line, so a retry does not add to the bill;
        a run that found its result made already does not take from it either. A job that was
        deleted meanwhile gets none: nobody would remove it."""
        there, new = dynamo.Expression(), dynamo.Expression()
        exists = f"attribute_exists({there.name('pk')})"
        amount = new.name("micro_usd")
        more = f"attribute_not_exists({amount}) OR {amount} <= {new.value(micro_usd)}"
        line = {
            "pk": log.partition(job_id),
            "sk": f"COST#{phase}#{index}",
            "provider": provider,
            "units": units,
            "micro_usd": micro_usd,
        }
        job = {"Key": dynamo.marshal(job_key(job_id)), "ConditionExpression": exists}
        put = {"Item": dynamo.marshal(line), "ConditionExpression": more}
        with suppress(TransactionRefused):
            dynamo.transact(
                self.client,
                [
                    {"ConditionCheck": {"TableName": self.table, **job, **there.arguments()}},
                    {"Put": {"TableName": self.table, **put, **new.arguments()}},
                ],
            )

    def cost_micro_usd(self, job_id: str) -> int:
        rows = self._rows(job_id, "COST#")
        return sum(int(row["micro_usd"]) for row in rows)

    def delete(self, job_id: str) -> bool:
        """The job with its events, progress and cost lines; the job row after what is there, so
        that a crash in between leaves something to delete again. Other rows are only written
        while that one exists: what came after the first look is found by the second.

        False when the job is live (it was retried this moment): its row stays, with the slots and
        tokens that it holds, for the caller to cancel.
        """
        self._delete_rows(job_id)
        ended = dynamo.Expression()
        gone = f"attribute_not_exists({ended.name('pk')})"
        condition = f"{gone} OR {ended.one_of('status', sorted(TERMINAL))}"
        arguments: dict[str, Any] = {
            "Key": dynamo.marshal(job_key(job_id)),
            "ConditionExpression": condition,
            **ended.arguments(),
        }
        try:
            dynamo.write(lambda: self.client.delete_item(TableName=self.table, **arguments))
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
            return False
        self._delete_rows(job_id)
        return True

    def _delete_rows(self, job_id: str) -> None:
        """All of a job but the job's own."""
        deletions = [
            {"DeleteRequest": {"Key": dynamo.marshal({"pk": row["pk"], "sk": row["sk"]})}}
            for row in self._rows(job_id, "")
            if row["sk"] != JOB_SK
        ]
        # A long film has thousands of events: one by one they would take longer than a request may.
        for first in range(0, len(deletions), _BATCH):
            request: dict[str, Any] = {self.table: deletions[first : first + _BATCH]}
            while request:
                answer = self.client.batch_write_item(RequestItems=request)
                request = dict(answer.get("UnprocessedItems") or {})

    def _rows(self, job_id: str, prefix: str) -> list[dict[str, Any]]:
        condition, values = "pk = :pk", {":pk": log.partition(job_id)}
        if prefix:
            condition, values = condition + " AND begins_with(sk, :sk)", values | {":sk": prefix}
        rows = []
        for page in self.client.get_paginator("query").paginate(
            TableName=self.table,
            KeyConditionExpression=condition,
            ExpressionAttributeValues=dynamo.marshal(values),
            ConsistentRead=True,
        ):
            rows += [dynamo.unmarshal(item) for item in page["Items"]]
        return rows

    def _put_event(self, event: log.Event) -> dict[str, Any]:
        expires_at = int(parse_iso(event.at).timestamp()) + self.event_days * _DAY_SECONDS
        return {
            "Put": {
                "TableName": self.table,
                "Item": dynamo.marshal(log.to_item(event, expires_at)),
                # A number is used once: a twin with the same next seq loses here.
                "ConditionExpression": "attribute_not_exists(pk)",
            }
        }

    def _update_or_stale(self, job_id: str, arguments: Mapping[str, Any]) -> None:
        try:
            dynamo.write(
                lambda: self.client.update_item(
                    TableName=self.table, Key=dynamo.marshal(job_key(job_id)), **arguments
                )
            )
        except ClientError as error:
            if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
                raise StaleExecution("This job is no longer in that state") from error
            raise


def _progress_key(job_id: str, phase: Phase, index: str) -> dict[str, str]:
    return {"pk": log.partition(job_id), "sk": f"{_PROGRESS}{phase}#{index}"}
