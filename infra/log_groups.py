"""Log groups that the stack owns, so that they have a retention and go with it."""

from __future__ import annotations

from typing import cast

from aws_cdk import RemovalPolicy
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.config import DeployConfig


def log_group(scope: Construct, id: str, name: str, config: DeployConfig) -> logs.LogGroup:
    """A group called `name`, kept for the config's number of days."""
    group = logs.LogGroup(scope, id, log_group_name=name, removal_policy=RemovalPolicy.DESTROY)
    # The L2 takes an enum of names; the number is what the config has and CloudFormation wants.
    cast(logs.CfnLogGroup, group.node.default_child).retention_in_days = config.retention_days
    return group
