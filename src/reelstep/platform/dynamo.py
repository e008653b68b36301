"""Plain values to DynamoDB's typed ones and back, expressions, and transactions with retries."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from botocore.exceptions import ClientError

from reelstep.platform.errors import TableBusy

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_serializer = TypeSerializer()
_deserializer = TypeDeserializer()

_TRIES = 12
# Why a transaction was cancelled that may hold when it is sent again: another one held a row for a
# moment, or a row is written faster than its partition can. SDKs look at neither.
_PASSING = frozenset({"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"})


class TransactionRefused(Exception):
    """A condition did not hold. `failed` has the indexes of the actions that said no."""

    def __init__(self, failed: frozenset[int]):
        super().__init__(f"conditions failed in actions {sorted(failed)}")
        self.failed = failed


def _without_floats(value: Any) -> Any:
    if isinstance(value, float):
        return Decimal(str(value))
    if isinstance(value, Mapping):
        return {key: _without_floats(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_without_floats(inner) for inner in value]
    return value


def _without_decimals(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, dict):
        return {key: _without_decimals(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_without_decimals(inner) for inner in value]
    return value


def marshal(values: Mapping[str, Any]) -> dict[str, Any]:
    """{"n": 1} → {"n": {"N": "1"}}. Floats are stored as exact decimals; None as NULL."""
    return {key: _serializer.serialize(_without_floats(value)) for key, value in values.items()}


def unmarshal(item: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _without_decimals(_deserializer.deserialize(value)) for key, value in item.items()}


@dataclass
class Expression:
    """Placeholders for names and values, so that no attribute name ever meets a reserved word."""

    names: dict[str, str] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)

    def name(self, path: str) -> str:
        """`phases.RENDERING.done` → `#n0.#n1.#n2`."""
        return ".".join(self._one_name(part) for part in path.split("."))

    def _one_name(self, part: str) -> str:
        for alias, known in self.names.items():
            if known == part:
                return alias
        alias = f"#n{len(self.names)}"
        self.names[alias] = part
        return alias

    def value(self, value: Any) -> str:
        alias = f":v{len(self.values)}"
        self.values[alias] = value
        return alias

    def equals(self, path: str, value: Any) -> str:
        return f"{self.name(path)} = {self.value(value)}"

    def one_of(self, path: str, values: Iterable[Any]) -> str:
        return f"{self.name(path)} IN ({', '.join(self.value(v) for v in values)})"

    def arguments(self) -> dict[str, Any]:
        arguments: dict[str, Any] = {}
        if self.names:
            arguments["ExpressionAttributeNames"] = self.names
        if self.values:
            arguments["ExpressionAttributeValues"] = marshal(self.values)
        return arguments


def update_arguments(
    expression: Expression,
    *,
    sets: Mapping[str, Any] | None = None,
    adds: Mapping[str, int] | None = None,
    removes: Sequence[str] = (),
    conditions: Sequence[str] = (),
) -> dict[str, Any]:
    """Arguments of an update: `sets` is path → value, `adds` is path → difference (from 0)."""
    clauses = [
        f"{expression.name(path)} = {expression.value(value)}"
        for path, value in (sets or {}).items()
    ]
    text = "SET " + ", ".join(clauses) if clauses else ""
    if removes:
        text += " REMOVE " + ", ".join(expression.name(path) for path in removes)
    if adds:
        added = (f"{expression.name(path)} {expression.value(n)}" for path, n in adds.items())
        text += " ADD " + ", ".join(added)
    arguments: dict[str, Any] = {"UpdateExpression": text.strip()}
    if conditions:
        arguments["ConditionExpression"] = " AND ".join(conditions)
    return {**arguments, **expression.arguments()}


def transact(client: DynamoDBClient, actions: Sequence[Mapping[str, Any]]) -> None:
    """TransactWriteItems. Raises TransactionRefused when a condition does not hold.

    SDKs do not retry a cancelled transaction; one that lost to others for a moment is tried again
    here, with full jitter. Raises TableBusy when that goes on for seconds.
    """
    for attempt in range(_TRIES):
        try:
            client.transact_write_items(TransactItems=list(actions))  # type: ignore[arg-type]
        except ClientError as error:
            if error.response["Error"]["Code"] != "TransactionCanceledException":
                raise
            reasons: list[Any] = list(error.response.get("CancellationReasons", []))
            codes = [reason.get("Code") for reason in reasons]
            refused = frozenset(i for i, c in enumerate(codes) if c == "ConditionalCheckFailed")
            if refused:
                raise TransactionRefused(refused) from error
            if not _PASSING & set(codes):
                raise
            _pause(attempt, error)
        else:
            return


def write(call: Callable[[], object]) -> None:
    """A write of one row outside of a transaction, tried again while one holds that row: AWS
    refuses it then, and SDKs leave it at that. Raises TableBusy."""
    for attempt in range(_TRIES):
        try:
            call()
        except ClientError as error:
            if error.response["Error"]["Code"] != "TransactionConflictException":
                raise
            _pause(attempt, error)
        else:
            return


def _pause(attempt: int, error: ClientError) -> None:
    if attempt == _TRIES - 1:
        raise TableBusy(
            "Too many at this moment; please try again",
            french="Trop de demandes en ce moment ; veuillez réessayer",
            detail=str(error),
        ) from error
    time.sleep(random.uniform(0, min(1.0, 0.02 * 2**attempt)))
