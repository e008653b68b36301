"""A table, and connections on it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

import boto3
import pytest
from moto import mock_aws

from reelstep.events.connections import Connections
from reelstep.platform import aws
from tests.support.table import TABLE, create_table


@pytest.fixture
def connections(environment: None) -> Iterator[Connections]:
    with mock_aws():
        create_table(boto3.client("dynamodb"))
        yield Connections(cast(Any, aws.dynamodb()), TABLE)
