"""cdk-nag's AWS Solutions rules, and how an exception is written down where it applies."""

from __future__ import annotations

from typing import cast

import aws_cdk as cdk
import cdk_nag
from aws_cdk import aws_iam as iam
from constructs import IConstruct

_PACK = "AwsSolutions::"


def attach(app: cdk.App) -> None:
    """Fail synthesis on a rule that nobody has acknowledged."""
    cdk.Validations.of(app).add_plugins(cdk_nag.AwsSolutionsChecks(app))


def acknowledge(construct: IConstruct, rule: str, reason: str) -> None:
    """Accept `rule` on this construct and what it made. `reason` says why it does not hold."""
    cdk.Validations.of(construct).acknowledge(
        cdk.Acknowledgment(id=f"{_PACK}{rule}", reason=reason)
    )


def acknowledge_wildcard(role: iam.Role, resource: IConstruct | str, suffix: str, why: str) -> None:
    """Accept one wildcard of a role's policy: `suffix` behind this resource's ARN.

    The rule wants each wildcard named, so that another one in the same policy still fails.
    `resource` is the construct, or the finding's own spelling of an ARN.
    """
    if not isinstance(resource, str):
        element = cast(cdk.CfnElement, resource.node.default_child)
        resource = f"<{cdk.Stack.of(element).get_logical_id(element)}.Arn>"
    acknowledge(role, f"AwsSolutions-IAM5[Resource::{resource}{suffix}]", why)
