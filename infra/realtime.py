"""The WebSocket API, its door, and the table's stream into what tells its clients."""

from __future__ import annotations

import json
from typing import Any, cast

import aws_cdk as cdk
from aws_cdk import Duration
from aws_cdk import aws_apigatewayv2 as apigw
from aws_cdk import aws_apigatewayv2_authorizers as authorizers
from aws_cdk import aws_apigatewayv2_integrations as integrations
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra import nag, stream
from infra.config import DeployConfig
from infra.function_table import CONNECTIONS
from infra.functions import allow
from infra.identity import Identity
from infra.log_groups import log_group
from reelstep.platform import settings

STAGE = "live"

#: New rows of event logs; nothing else of the stream wakes the function.
_EVENTS: dict[str, Any] = {
    "eventName": ["INSERT"],
    "dynamodb": {"Keys": {"sk": {"S": [{"prefix": "EVT#"}]}}},
}

#: The query string has the token: it is in none of these.
_ACCESS_LOG = {
    "requestId": "$context.requestId",
    "at": "$context.requestTime",
    "ip": "$context.identity.sourceIp",
    "route": "$context.routeKey",
    "event": "$context.eventType",
    "connection": "$context.connectionId",
    "status": "$context.status",
    "user": "$context.authorizer.principalId",
    "error": "$context.error.message",
    "authorizerError": "$context.authorizer.error",
}


class Realtime(Construct):
    """`$connect` needs an ID token; all messages go to one function, which the emulator's lack of
    route responses does not touch, because it answers by posting."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        config: DeployConfig,
        *,
        identity: Identity,
        table: dynamodb.TableV2,
        authorize: lambda_.Function,
        socket: lambda_.Function,
        fanout: lambda_.Function,
    ) -> None:
        super().__init__(scope, id)
        self.api = apigw.WebSocketApi(
            self,
            "Api",
            api_name=f"reelstep-{config.stage}-live",
            connect_route_options=apigw.WebSocketRouteOptions(
                integration=integrations.WebSocketLambdaIntegration("Connect", socket),
                authorizer=authorizers.WebSocketLambdaAuthorizer(
                    "IdToken", authorize, identity_source=["route.request.querystring.token"]
                ),
            ),
            disconnect_route_options=apigw.WebSocketRouteOptions(
                integration=integrations.WebSocketLambdaIntegration("Disconnect", socket)
            ),
            default_route_options=apigw.WebSocketRouteOptions(
                integration=integrations.WebSocketLambdaIntegration("Messages", socket)
            ),
        )
        for name in ("$disconnect", "$default"):
            nag.acknowledge(
                self.api.node.find_child(f"{name}-Route"),
                "AwsSolutions-APIG4",
                "API Gateway authorizes a WebSocket once, at $connect.",
            )
        stack = cdk.Stack.of(self)
        host = f"{self.api.api_id}.execute-api.{stack.region}.{stack.url_suffix}"
        #: Where clients connect, and where functions post.
        self.url, endpoint = f"wss://{host}/{STAGE}", f"https://{host}/{STAGE}"
        #: The same without the path, as a page's policy names it.
        self.origin = f"wss://{host}"
        self._stage(config)
        authorize.add_environment(settings.ID_ISSUER, identity.issuer)
        authorize.add_environment(settings.ID_AUDIENCE, identity.client.user_pool_client_id)
        for function in (socket, fanout):
            function.add_environment(settings.WEBSOCKET_ENDPOINT, endpoint)
            self._allow_posts(function)
        # A record that is lost is no lost event: the next one of the job finds what is missing,
        # and a client that comes back replays the log.
        self.failures = stream.consume(
            self,
            table,
            fanout,
            _EVENTS,
            report_failures=True,
            retry_attempts=3,
            max_record_age=Duration.minutes(15),
        )

    def _stage(self, config: DeployConfig) -> None:
        group = log_group(self, "AccessLogs", f"/reelstep/{config.stage}/live-access", config)
        stage = apigw.WebSocketStage(
            self, "Stage", web_socket_api=self.api, stage_name=STAGE, auto_deploy=True
        )
        resource = cast(apigw.CfnStage, stage.node.default_child)
        resource.default_route_settings = apigw.CfnStage.RouteSettingsProperty(
            throttling_rate_limit=config.websocket_messages_per_second,
            throttling_burst_limit=2 * config.websocket_messages_per_second,
            detailed_metrics_enabled=True,
        )
        resource.access_log_settings = apigw.CfnStage.AccessLogSettingsProperty(
            destination_arn=group.log_group_arn, format=json.dumps(_ACCESS_LOG)
        )

    def _allow_posts(self, function: lambda_.Function) -> None:
        role = cast(iam.Role, function.role)
        arn = cdk.Stack.of(self).format_arn(
            service="execute-api",
            resource=self.api.api_id,
            resource_name=f"{STAGE}/*/@connections/*",
        )
        allow(role, CONNECTIONS, arn)
        stack = cdk.Stack.of(self)
        api = stack.get_logical_id(cast(cdk.CfnElement, self.api.node.default_child))
        nag.acknowledge(
            role,
            f"AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:execute-api:{stack.region}:"
            f"<AWS::AccountId>:<{api}>/{STAGE}/*/@connections/*]",
            "Any connection of this one API.",
        )
