"""One stack that wires the constructs and says what clients need to know."""

from __future__ import annotations

import aws_cdk as cdk
from constructs import Construct

from infra import code_asset
from infra.api import Api
from infra.config import DeployConfig
from infra.function_table import API, RECONCILE, STEPS
from infra.functions import FunctionFactory
from infra.identity import Identity
from infra.storage import Storage
from infra.workflows import Reconciliation, Workflow
from reelstep.platform import settings


def stack_name(stage: str) -> str:
    """The CloudFormation stack of a stage."""
    return f"Reelstep-{stage}"


class ReelstepStack(cdk.Stack):
    """Everything of one stage. Knows no account: the one that deploys is the one that owns."""

    def __init__(self, scope: Construct, config: DeployConfig) -> None:
        super().__init__(
            scope,
            stack_name(config.stage),
            env=cdk.Environment(region=config.region),
            description=f"Reelstep ({config.stage}): prompts, images and uploads into videos",
            termination_protection=config.production,
            analytics_reporting=False,
        )
        cdk.Tags.of(self).add("project", "reelstep")
        cdk.Tags.of(self).add("stage", config.stage)
        storage = Storage(self, "Storage", config)
        identity = Identity(self, "Identity", config)
        factory = FunctionFactory(self, "Functions", config, storage, code_asset.stage())

        steps = {spec.name: factory.make(spec) for spec in STEPS}
        generation = Workflow(self, "Generation", config, kind="generation", steps=steps)
        api_function = factory.make(API)
        reconcile = factory.make(RECONCILE)
        for function, spec in ((api_function, API), (reconcile, RECONCILE)):
            generation.allow(function, spec.states)
            function.add_environment(
                settings.GENERATION_STATE_MACHINE_ARN, generation.machine.state_machine_arn
            )
        Reconciliation(self, "Reconciliation", function=reconcile, machine=generation.machine)
        api = Api(self, "Api", config, identity=identity, handler=api_function)

        for name, value in {
            "ApiId": api.api.api_id,
            "ApiUrl": api.api.api_endpoint,
            "UserPoolId": identity.pool.user_pool_id,
            "ClientId": identity.client.user_pool_client_id,
            "TableName": storage.table.table_name,
            "ArtifactsBucket": storage.artifacts.bucket_name,
            "MediaBucket": storage.media.bucket_name,
            "UploadsBucket": storage.uploads.bucket_name,
            "GenerationStateMachineArn": generation.machine.state_machine_arn,
            "ReconcileFunction": reconcile.function_name,
        }.items():
            cdk.CfnOutput(self, name, value=value)
