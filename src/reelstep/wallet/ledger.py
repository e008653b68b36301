"""Tokens of a user: a wallet row, and a ledger row for each movement that exists at most once.

    balance + reserved + settled = granted        holds in every wallet after every write

A charge is what one run of a job costs: RESERVE when it is submitted, then SETTLE what was used
and REFUND what was not, in the same transaction as the end of the job. A job that is retried after
a failure (which refunded it) is a new charge.
"""

from __future__ import annotations

import base64
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from reelstep.platform import dynamo
from reelstep.platform.clock import now_iso
from reelstep.platform.dynamo import TransactionRefused
from reelstep.platform.errors import Conflict

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

WELCOME = "welcome"
_WALLET_SK = "WALLET"


class EntryType(StrEnum):
    GRANT = "GRANT"
    RESERVE = "RESERVE"
    SETTLE = "SETTLE"
    REFUND = "REFUND"
    PLAN = "PLAN"


@dataclass(frozen=True)
class Wallet:
    """All in tokens; `settled` and `granted` are totals of all time."""

    balance: int = 0
    reserved: int = 0
    settled: int = 0
    granted: int = 0


@dataclass(frozen=True)
class Charge:
    """One run of a job that is paid for; `number` counts from 1."""

    user_id: str
    job_id: str
    number: int

    @property
    def id(self) -> str:
        return f"{self.job_id}.{self.number}"


@dataclass(frozen=True)
class Entry:
    """A ledger row. `tokens` is what was moved; for GRANT it may be negative (taken back)."""

    id: str
    type: EntryType
    tokens: int
    at: str
    job_id: str | None = None
    reason: str | None = None
    by: str | None = None


def partition(user_id: str) -> str:
    return f"USER#{user_id}"


def reserve_actions(table: str, charge: Charge, tokens: int, at: str) -> list[dict[str, Any]]:
    """[wallet, ledger row] of a transaction: refused at the wallet when the balance is too low."""
    return [
        _move(table, charge.user_id, {"balance": -tokens, "reserved": tokens}, at_least=tokens),
        _put_entry(table, charge, EntryType.RESERVE, tokens, at),
    ]


def close_actions(
    table: str, charge: Charge, *, settled: int, refunded: int, at: str
) -> list[dict[str, Any]]:
    """The wallet and one ledger row for each part that is not 0."""
    difference = {"reserved": -settled - refunded, "settled": settled, "balance": refunded}
    parts = ((EntryType.SETTLE, settled), (EntryType.REFUND, refunded))
    return [
        _move(table, charge.user_id, difference),
        *(_put_entry(table, charge, kind, tokens, at) for kind, tokens in parts if tokens),
    ]


@dataclass(frozen=True)
class Ledger:
    """Reads wallets and ledgers, and grants."""

    client: DynamoDBClient
    table: str

    def wallet(self, user_id: str) -> Wallet | None:
        """The wallet as it is now; None for a user who has not been here before."""
        answer = self.client.get_item(
            TableName=self.table, Key=dynamo.marshal(_wallet_key(user_id)), ConsistentRead=True
        )
        if "Item" not in answer:
            return None
        row = dynamo.unmarshal(answer["Item"])
        return Wallet(**{name: row.get(name, 0) for name in Wallet.__dataclass_fields__})

    def open(self, user_id: str, welcome_tokens: int) -> Wallet:
        """The wallet, which a new user gets with a welcome grant, once."""
        found = self.wallet(user_id)
        if found is not None:
            return found
        return self.grant(user_id, WELCOME, welcome_tokens, reason="welcome", by="system")

    def grant(self, user_id: str, grant_id: str, tokens: int, *, reason: str, by: str) -> Wallet:
        """Add tokens (or take them back: negative). The same `grant_id` counts once.

        Raises Conflict when more is taken back than the balance holds.
        """
        at = now_iso()
        entry = Entry(f"{grant_id}#GRANT", EntryType.GRANT, tokens, at, reason=reason, by=by)
        actions = [
            self._put(user_id, entry),
            _move(
                self.table,
                user_id,
                {"balance": tokens, "granted": tokens},
                at_least=-tokens if tokens < 0 else None,
            ),
        ]
        try:
            dynamo.transact(self.client, actions)
        except TransactionRefused as refused:
            if 0 not in refused.failed:
                raise Conflict(
                    "The balance is lower than what would be taken back",
                    french="Le solde est inférieur à ce qui serait repris",
                ) from refused
        return self.wallet(user_id) or Wallet()

    def note_plan(self, user_id: str, note_id: str, plan: str, *, reason: str, by: str) -> None:
        """A change of plan, for the audit; moves no tokens. The same `note_id` is noted once."""
        text = f"{plan}: {reason}" if reason else plan
        entry = Entry(f"{note_id}#PLAN", EntryType.PLAN, 0, now_iso(), reason=text, by=by)
        try:
            dynamo.transact(self.client, [self._put(user_id, entry)])
        except TransactionRefused:
            return

    def page(
        self, user_id: str, size: int, cursor: str | None = None
    ) -> tuple[list[Entry], str | None]:
        """Newest first, and the cursor of the next page; None when there is no more.

        Raises ValueError for a cursor that this user's ledger did not give.
        """
        arguments: dict[str, Any] = {}
        if cursor:
            arguments["ExclusiveStartKey"] = self._start(cursor, user_id)
        answer = self.client.query(
            TableName=self.table,
            IndexName="by_user",
            KeyConditionExpression="user_pk = :pk",
            ExpressionAttributeValues=dynamo.marshal({":pk": _index(user_id)}),
            ScanIndexForward=False,
            Limit=size + 1,  # one more tells whether there is more
            **arguments,
        )
        rows = [dynamo.unmarshal(item) for item in answer["Items"]]
        more = len(rows) > size
        return [_entry(row) for row in rows[:size]], _cursor(rows[size - 1]) if more else None

    def _start(self, cursor: str, user_id: str) -> dict[str, Any]:
        """The key of the entry that a cursor names, which must be one of this user's: entries are
        never deleted, so one that is not there was not given by us."""
        key = {"pk": partition(user_id), "sk": f"LEDGER#{_entry_of(cursor)}"}
        found = self.client.get_item(
            TableName=self.table, Key=dynamo.marshal(key), ConsistentRead=True
        )
        if "Item" not in found:
            raise ValueError("not a cursor of this ledger")
        return {name: found["Item"][name] for name in ("pk", "sk", "user_pk", "user_sk")}

    def _put(self, user_id: str, entry: Entry) -> dict[str, Any]:
        return _put_row(self.table, user_id, entry)


def _wallet_key(user_id: str) -> dict[str, str]:
    return {"pk": partition(user_id), "sk": _WALLET_SK}


def _index(user_id: str) -> str:
    return f"{partition(user_id)}#ledger"


def _move(
    table: str, user_id: str, difference: Mapping[str, int], *, at_least: int | None = None
) -> dict[str, Any]:
    """A change of the wallet; `at_least` is what the balance must hold before it."""
    expression = dynamo.Expression()
    conditions = []
    if at_least is not None:
        conditions.append(f"{expression.name('balance')} >= {expression.value(at_least)}")
    arguments = dynamo.update_arguments(expression, adds=difference, conditions=conditions)
    key = dynamo.marshal(_wallet_key(user_id))
    return {"Update": {"TableName": table, "Key": key, **arguments}}


def _put_entry(table: str, charge: Charge, kind: EntryType, tokens: int, at: str) -> dict[str, Any]:
    entry = Entry(f"{charge.id}#{kind}", kind, tokens, at, job_id=charge.job_id)
    return _put_row(table, charge.user_id, entry)


def _put_row(table: str, user_id: str, entry: Entry) -> dict[str, Any]:
    row = {
        "pk": partition(user_id),
        "sk": f"LEDGER#{entry.id}",
        "user_pk": _index(user_id),
        # Several fall into one of the milliseconds of `at`.
        "user_sk": f"{entry.at}#{time.time_ns()}#{entry.id}",
        "type": entry.type.value,
        "tokens": entry.tokens,
        "at": entry.at,
        "job_id": entry.job_id,
        "reason": entry.reason,
        "by": entry.by,
    }
    return {
        "Put": {
            "TableName": table,
            "Item": dynamo.marshal({name: v for name, v in row.items() if v is not None}),
            "ConditionExpression": "attribute_not_exists(pk)",
        }
    }


def _entry(row: Mapping[str, Any]) -> Entry:
    return Entry(
        id=str(row["sk"]).removeprefix("LEDGER#"),
        type=EntryType(row["type"]),
        tokens=row["tokens"],
        at=row["at"],
        job_id=row.get("job_id"),
        reason=row.get("reason"),
        by=row.get("by"),
    )


def _cursor(row: Mapping[str, Any]) -> str:
    return base64.urlsafe_b64encode(_entry(row).id.encode()).decode()


def _entry_of(cursor: str) -> str:
    """The id of the entry in a cursor. Raises ValueError for what cannot be one."""
    entry_id = base64.b64decode(cursor.encode("ascii"), altchars=b"-_", validate=True).decode()
    if not re.fullmatch(r"[!-~]{1,255}", entry_id):
        raise ValueError("not a cursor of ours")
    return entry_id
