"""One stack that wires the constructs and says what clients need to know."""

from __future__ import annotations

import aws_cdk as cdk
from constructs import Construct

from infra import code_asset
from infra.api import Api
from infra.config import DeployConfig
from infra.dispatch import Dispatch
from infra.function_table import (
    ADMIN,
    API,
    AUTHORIZE,
    CALLBACK,
    DISPATCH,
    FANOUT,
    SOCKET,
    STEPS,
    STREAM,
    SWEEP,
)
from infra.functions import FunctionFactory
from infra.identity import Identity
from infra.notifications import Notifications
from infra.realtime import Realtime
from infra.site import Site
from infra.storage import Storage
from infra.workflows import Sweep, Workflow
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
        admin_function = factory.make(ADMIN)
        identity.allow(admin_function, ADMIN.users)
        sweep, dispatch = factory.make(SWEEP), factory.make(DISPATCH)
        socket = factory.make(SOCKET)
        for function, spec in (
            (api_function, API),
            (sweep, SWEEP),
            (dispatch, DISPATCH),
            (socket, SOCKET),
        ):
            generation.allow(function, spec.states)
            function.add_environment(
                settings.GENERATION_STATE_MACHINE_ARN, generation.machine.state_machine_arn
            )
        Sweep(self, "Sweep", function=sweep, machine=generation.machine)
        Dispatch(self, "Dispatch", function=dispatch, table=storage.table)
        notifications = Notifications(
            self,
            "Notifications",
            config,
            takes=api_function,
            tells=dispatch,
            calls=factory.make(CALLBACK),
        )
        stream = factory.make(STREAM)
        api = Api(
            self,
            "Api",
            config,
            identity=identity,
            handler=api_function,
            admin=admin_function,
            stream=stream,
        )
        realtime = Realtime(
            self,
            "Realtime",
            config,
            identity=identity,
            table=storage.table,
            authorize=factory.make(AUTHORIZE),
            socket=socket,
            fanout=factory.make(FANOUT),
        )
        site = Site(
            self,
            "Site",
            config,
            bucket=storage.site,
            talks_to=(api.origin, realtime.origin, identity.service),
            shows=(storage.artifacts, storage.media),
            sends_to=(storage.uploads,),
        )
        api_function.add_environment(settings.STUDIO_URL, site.url)

        for name, value in {
            "Stage": config.stage,
            "Region": config.region,
            "ApiId": api.api.api_id,
            "ApiUrl": api.api.api_endpoint,
            "WebSocketApiId": realtime.api.api_id,
            "WebSocketUrl": realtime.url,
            "UserPoolId": identity.pool.user_pool_id,
            "SignInUrl": identity.service,
            "ClientId": identity.client.user_pool_client_id,
            "TableName": storage.table.table_name,
            "ArtifactsBucket": storage.artifacts.bucket_name,
            "MediaBucket": storage.media.bucket_name,
            "UploadsBucket": storage.uploads.bucket_name,
            "SiteBucket": storage.site.bucket_name,
            "StudioUrl": site.url,
            "StudioHost": site.distribution.distribution_domain_name,
            "StudioDistributionId": site.distribution.distribution_id,
            "GenerationStateMachineArn": generation.machine.state_machine_arn,
            "SweepFunction": sweep.function_name,
            "EventBus": notifications.bus.event_bus_name,
            "JobsTopicArn": notifications.topic.topic_arn,
            "UndeliveredQueueUrl": notifications.undelivered.queue_url,
        }.items():
            cdk.CfnOutput(self, name, value=value)
