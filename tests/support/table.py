"""The table as infra/ makes it, for tests that talk to moto."""

from __future__ import annotations

from typing import Any

TABLE = "reelstep-test"


def create_table(client: Any, name: str = TABLE) -> None:
    names = ["pk", "sk"] + [f"{i}_{k}" for i in ("user", "queue", "running") for k in ("pk", "sk")]
    client.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": n, "AttributeType": "S"} for n in names],
        KeySchema=[
            {"AttributeName": "pk", "KeyType": "HASH"},
            {"AttributeName": "sk", "KeyType": "RANGE"},
        ],
        GlobalSecondaryIndexes=[
            {
                "IndexName": index,
                "KeySchema": [
                    {"AttributeName": f"{prefix}_pk", "KeyType": "HASH"},
                    {"AttributeName": f"{prefix}_sk", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "ALL"},
            }
            for index, prefix in (("by_user", "user"), ("queue", "queue"), ("running", "running"))
        ],
    )
