"""A user's companions in the table: `USER#uid / COMPANION#id`, and how many there are.

`USER#uid / COMPANIONS` counts them, in the transaction that adds or takes one, so that twins
cannot pass the limit together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from reelstep.platform import dynamo
from reelstep.platform.dynamo import Expression, TransactionRefused
from reelstep.platform.errors import Conflict

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

MOST_COMPANIONS = 50
_PREFIX, _COUNT = "COMPANION#", "COMPANIONS"
_TRIES = 4


@dataclass(frozen=True)
class AvatarRef:
    """Where an avatar is kept, what its bytes hash to (SHA-256), and the upload it came from."""

    key: str
    sha256: str
    upload_id: str


@dataclass(frozen=True)
class Companion:
    """One row. Times are ISO-8601 UTC; `version` grows with every change."""

    companion_id: str
    name: str
    voice: str | None
    avatar: AvatarRef | None
    created_at: str
    updated_at: str
    version: int = 1


@dataclass(frozen=True)
class CompanionRows:
    """Reads and conditional writes of one user's companions."""

    client: DynamoDBClient
    table: str
    user_id: str

    def get(self, companion_id: str) -> Companion | None:
        """The companion as it is now (a consistent read)."""
        answer = self.client.get_item(
            TableName=self.table, Key=dynamo.marshal(self._key(companion_id)), ConsistentRead=True
        )
        return _companion(dynamo.unmarshal(answer["Item"])) if "Item" in answer else None

    def list(self) -> list[Companion]:
        """All of them, oldest first: at most MOST_COMPANIONS, which one page holds."""
        answer = self.client.query(
            TableName=self.table,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :prefix)",
            ExpressionAttributeValues=dynamo.marshal({":pk": self._pk, ":prefix": _PREFIX}),
            ConsistentRead=True,
        )
        found = [_companion(dynamo.unmarshal(item)) for item in answer["Items"]]
        return sorted(found, key=lambda companion: (companion.created_at, companion.companion_id))

    def put(
        self,
        companion_id: str,
        *,
        name: str,
        voice: str | None,
        avatar: AvatarRef | None,
        now: str,
    ) -> tuple[Companion, Companion | None]:
        """Make the companion or change it; its avatar stays when `avatar` is None.

        Returns it as it is now and as it was before. Raises Conflict beyond MOST_COMPANIONS, and
        when it keeps being changed at the same moment.
        """
        for _ in range(_TRIES):
            before = self.get(companion_id)
            after = Companion(
                companion_id=companion_id,
                name=name,
                voice=voice,
                avatar=avatar or (before.avatar if before else None),
                created_at=before.created_at if before else now,
                updated_at=now,
                version=before.version + 1 if before else 1,
            )
            if self._create(after) if before is None else self._replace(after, before):
                return after, before
        raise _busy()

    def delete(self, companion_id: str) -> Companion | None:
        """Take the companion away; what it was, or None when there was none."""
        for _ in range(_TRIES):
            before = self.get(companion_id)
            if before is None:
                return None
            removal = {
                "TableName": self.table,
                "Key": dynamo.marshal(self._key(companion_id)),
                **_unchanged(before),
            }
            try:
                dynamo.transact(self.client, [{"Delete": removal}, self._counted(-1)])
            except TransactionRefused:
                continue
            return before
        raise _busy()

    def _create(self, companion: Companion) -> bool:
        """False when it is there by now. Raises Conflict beyond MOST_COMPANIONS."""
        addition = {
            "TableName": self.table,
            "Item": dynamo.marshal(self._item(companion)),
            "ConditionExpression": "attribute_not_exists(pk)",
        }
        try:
            dynamo.transact(self.client, [{"Put": addition}, self._counted(1)])
        except TransactionRefused as error:
            if 0 not in error.failed:
                raise Conflict(
                    f"You have {MOST_COMPANIONS} companions; delete one first",
                    french=f"Vous avez {MOST_COMPANIONS} compagnons ; supprimez-en un d'abord",
                ) from error
            return False
        return True

    def _replace(self, companion: Companion, before: Companion) -> bool:
        """False when the row is no longer as it was before."""
        try:
            self.client.put_item(
                TableName=self.table,
                Item=dynamo.marshal(self._item(companion)),
                **_unchanged(before),
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
            return False
        return True

    def _counted(self, change: int) -> dict[str, Any]:
        """The update of the count by 1 or -1, within 0 and MOST_COMPANIONS."""
        expression = Expression()
        count, zero = expression.name("companions"), expression.value(0)
        if change > 0:
            most = expression.value(MOST_COMPANIONS)
            condition = f"attribute_not_exists({count}) OR {count} < {most}"
        else:
            condition = f"{count} > {zero}"
        counted = f"if_not_exists({count}, {zero}) + {expression.value(change)}"
        return {
            "Update": {
                "TableName": self.table,
                "Key": dynamo.marshal({"pk": self._pk, "sk": _COUNT}),
                "UpdateExpression": f"SET {count} = {counted}",
                "ConditionExpression": condition,
                **expression.arguments(),
            }
        }

    @property
    def _pk(self) -> str:
        return f"USER#{self.user_id}"

    def _key(self, companion_id: str) -> dict[str, str]:
        return {"pk": self._pk, "sk": f"{_PREFIX}{companion_id}"}

    def _item(self, companion: Companion) -> dict[str, Any]:
        avatar = companion.avatar
        return {
            **self._key(companion.companion_id),
            "companion_id": companion.companion_id,
            "name": companion.name,
            "voice": companion.voice,
            "avatar": avatar
            and {"key": avatar.key, "sha256": avatar.sha256, "upload_id": avatar.upload_id},
            "created_at": companion.created_at,
            "updated_at": companion.updated_at,
            "version": companion.version,
        }


def _companion(item: Mapping[str, Any]) -> Companion:
    avatar = item.get("avatar")
    return Companion(
        companion_id=item["companion_id"],
        name=item["name"],
        voice=item["voice"],
        avatar=AvatarRef(**avatar) if avatar else None,
        created_at=item["created_at"],
        updated_at=item["updated_at"],
        version=item["version"],
    )


def _unchanged(companion: Companion) -> dict[str, Any]:
    """The condition that a row is still this one: a new companion of the same id begins at
    version 1 again, at another time."""
    expression = Expression()
    same = (
        expression.equals("version", companion.version),
        expression.equals("created_at", companion.created_at),
    )
    return {"ConditionExpression": " AND ".join(same), **expression.arguments()}


def _busy() -> Conflict:
    return Conflict(
        "This companion is being changed by another request; send yours again",
        french="Ce compagnon est modifié par une autre requête ; renvoyez la vôtre",
    )
