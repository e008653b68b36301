"""One client per service and process, made when first asked for."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_stepfunctions import SFNClient

# Standard retries cover throttling and connection loss; the short connect timeout makes a dead
# endpoint an error within the step's own budget instead of a hang.
_CONFIG = Config(
    retries={"mode": "standard", "total_max_attempts": 5},
    connect_timeout=5,
    read_timeout=60,
    max_pool_connections=20,
)


@cache
def dynamodb() -> DynamoDBClient:
    return boto3.client("dynamodb", config=_CONFIG)


@cache
def s3() -> S3Client:
    # Path style works with every endpoint, also where bucket host names do not resolve; the
    # region's own host in us-east-1 too, since the page's policy names it (infra/site.py).
    addresses = Config(
        s3={"addressing_style": "path", "us_east_1_regional_endpoint": "regional"},
        signature_version="s3v4",
    )
    return boto3.client("s3", config=_CONFIG.merge(addresses))


@cache
def stepfunctions() -> SFNClient:
    return boto3.client("stepfunctions", config=_CONFIG)


@cache
def cognito() -> CognitoIdentityProviderClient:
    return boto3.client("cognito-idp", config=_CONFIG)


@cache
def eventbridge() -> Any:
    return boto3.client("events", config=_CONFIG)


@cache
def sqs() -> Any:
    return boto3.client("sqs", config=_CONFIG)
