"""How a function is fed with the table's stream, and where records go that it cannot handle."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from aws_cdk import Duration
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as sources
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra import nag
from infra.function_table import STREAM_READ
from infra.functions import allow


def consume(
    scope: Construct,
    table: dynamodb.TableV2,
    function: lambda_.Function,
    pattern: Mapping[str, Any],
    *,
    max_record_age: Duration,
    report_failures: bool = False,
    retry_attempts: int | None = None,
) -> sqs.Queue:
    """Call `function` with the records that fit `pattern`; returns the queue of its failures.

    A record is tried until it is `max_record_age` old, or `retry_attempts` times.
    `report_failures` is for a function that says which records failed. A shard bears two consumers.
    """
    failures = sqs.Queue(
        scope,
        "Failures",
        retention_period=Duration.days(14),
        encryption=sqs.QueueEncryption.SQS_MANAGED,
        enforce_ssl=True,
    )
    nag.acknowledge(failures, "AwsSolutions-SQS3", "It is the queue for what failed elsewhere.")
    allow(cast(iam.Role, function.role), STREAM_READ, cast(str, table.table_stream_arn))
    lambda_.EventSourceMapping(
        scope,
        "Stream",
        target=function,
        event_source_arn=table.table_stream_arn,
        starting_position=lambda_.StartingPosition.LATEST,
        batch_size=100,
        bisect_batch_on_error=True,
        report_batch_item_failures=report_failures,
        retry_attempts=retry_attempts,
        max_record_age=max_record_age,
        on_failure=sources.SqsDlq(failures),
        filters=[lambda_.FilterCriteria.filter(dict(pattern))],
    )
    return failures
