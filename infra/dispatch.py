"""The table's stream into the dispatch function: a freed slot starts the next job."""

from __future__ import annotations

from typing import Any

from aws_cdk import Duration
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra import stream

#: Job rows that were queued or have ended; nothing else of the stream wakes the function.
_JOBS: dict[str, Any] = {
    "eventName": ["INSERT", "MODIFY"],
    "dynamodb": {
        "Keys": {"sk": {"S": ["JOB"]}},
        "NewImage": {"status": {"S": ["QUEUED", "COMPLETED", "FAILED", "CANCELLED"]}},
    },
}


class Dispatch(Construct):
    """An event source and the queue for records that could not be handled.

    A record that is lost is no lost job: the sweep looks at the queues as well.
    """

    def __init__(
        self, scope: Construct, id: str, *, function: lambda_.Function, table: dynamodb.TableV2
    ) -> None:
        super().__init__(scope, id)
        # It fails only while the event bus does, and nobody else tells the bus of an end.
        self.failures = stream.consume(
            self, table, function, _JOBS, max_record_age=Duration.hours(12)
        )
