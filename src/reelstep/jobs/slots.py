"""Counters of what runs and what waits, moved in the same transaction as the job they count."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from reelstep.jobs.model import JobKind
from reelstep.platform import dynamo

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_SK = "SLOT"


def of_kind(kind: JobKind) -> str:
    """Jobs of this kind that run, everybody's."""
    return f"kind#{kind}"


def of_user(user_id: str) -> str:
    """Jobs of this user that run, of every kind."""
    return f"user#{user_id}"


def of_provider(name: str) -> str:
    """Jobs that run and use this provider."""
    return f"provider#{name}"


def of_queue(kind: JobKind) -> str:
    """Jobs of this kind that wait."""
    return f"queue#{kind}"


def take(table: str, scope: str, cap: int) -> dict[str, Any]:
    """Part of a transaction that holds only while fewer than `cap` are taken."""
    expression = dynamo.Expression()
    count = expression.name("count")
    condition = f"(attribute_not_exists({count}) OR {count} < {expression.value(cap)})"
    arguments = dynamo.update_arguments(expression, adds={"count": 1}, conditions=[condition])
    return {"Update": {"TableName": table, "Key": _key(scope), **arguments}}


def give_back(table: str, scope: str) -> dict[str, Any]:
    """Part of a transaction. Without a condition: a count can never keep a job from ending."""
    arguments = dynamo.update_arguments(dynamo.Expression(), adds={"count": -1})
    return {"Update": {"TableName": table, "Key": _key(scope), **arguments}}


def counts(client: DynamoDBClient, table: str, scopes: Iterable[str]) -> dict[str, int]:
    """Scope → how many are taken (consistent reads; 0 for a scope that was never used)."""
    wanted = sorted(set(scopes))
    found = dict.fromkeys(wanted, 0)
    for first in range(0, len(wanted), 100):
        request: dict[str, Any] = {
            table: {"Keys": [_key(s) for s in wanted[first : first + 100]], "ConsistentRead": True}
        }
        while request:
            answer = client.batch_get_item(RequestItems=request)
            for item in answer["Responses"].get(table, []):
                row = dynamo.unmarshal(item)
                found[str(row["pk"]).removeprefix("SLOT#")] = int(row["count"])
            request = dict(answer.get("UnprocessedKeys") or {})
    return found


def _key(scope: str) -> dict[str, Any]:
    return dynamo.marshal({"pk": f"SLOT#{scope}", "sk": _SK})
