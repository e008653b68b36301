"""The books under faults, against the DynamoDB of the local cloud."""

from __future__ import annotations

import os
import uuid
from typing import Any, ClassVar

import pytest

from tests.support import bookkeeping
from tests.support.local_cloud import LocalCloud
from tests.support.table import create_table


class Books(bookkeeping.Books):
    aws: ClassVar[Any]

    def open_table(self) -> None:
        self.dynamodb, self.table = self.aws, f"books-{uuid.uuid4().hex}"
        create_table(self.dynamodb, self.table)

    def close_table(self) -> None:
        self.dynamodb.delete_table(TableName=self.table)


@pytest.fixture(scope="module", autouse=True)
def dynamodb(cloud: LocalCloud) -> None:
    Books.aws = cloud.client("dynamodb")


SOAK = "REELSTEP_SOAK" in os.environ
TestBooksUnderFaults = bookkeeping.played(Books, 50 if SOAK else 5, 40 if SOAK else 20)
