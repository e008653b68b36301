"""The books under faults, against DynamoDB as moto plays it. `make soak` plays for longer."""

from __future__ import annotations

import os
from functools import cache
from typing import Any

import boto3
from moto import mock_aws
from moto.dynamodb.models import dynamodb_backends

from tests.support import bookkeeping, books
from tests.support.table import TABLE, create_table


@cache
def _client() -> Any:
    return boto3.client(
        "dynamodb",
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )


class Books(bookkeeping.Books):
    def open_table(self) -> None:
        self.aws = mock_aws()
        self.aws.start()
        self.dynamodb, self.table = _client(), TABLE
        create_table(self.dynamodb)

    def close_table(self) -> None:
        self.aws.stop()

    def read_rows(self) -> list[books.Row]:
        """Straight from moto: a scan through botocore would take most of the test's time."""
        table = dynamodb_backends["123456789012"]["us-east-1"].tables[TABLE]
        return [item.to_regular_json() for item in table.all_items()]


SOAK = "REELSTEP_SOAK" in os.environ
TestBooksUnderFaults = bookkeeping.played(Books, 400 if SOAK else 25, 60 if SOAK else 30)
