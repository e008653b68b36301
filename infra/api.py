"""The HTTP API: signed in except where the contract says not; admins have their own function."""

from __future__ import annotations

import json
from typing import cast

from aws_cdk import Stack
from aws_cdk import aws_apigatewayv2 as apigw
from aws_cdk import aws_apigatewayv2_authorizers as authorizers
from aws_cdk import aws_apigatewayv2_integrations as integrations
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra import nag
from infra.config import DeployConfig
from infra.identity import Identity
from infra.log_groups import log_group
from reelstep.platform import settings

#: (method, path) that need no token.
PUBLIC = (
    ("GET", "/health"),
    ("GET", "/openapi.json"),
    ("GET", "/docs"),
    ("GET", "/dashboard"),
    ("GET", "/api/v1/videos/queue-status"),
)
#: What a token opens; the more specific public routes win over it.
SIGNED_IN = (
    "/api/v1/{proxy+}",
    "/api/generate/{proxy+}",
    "/api/workflow/{proxy+}",
    "/orchestrator/{proxy+}",
)
#: What goes to the function that may change plans; more specific, so it wins as well.
FOR_ADMINS = ("/api/v1/admin/{proxy+}",)
#: What looks at the token itself, because an EventSource can send no header.
STREAMS = (
    ("GET", "/api/v1/jobs/{job_id}/stream"),
    ("GET", "/api/workflow/{workflow_id}/stream"),
)
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")

#: The query string of a stream has its token, and is not in here.
_ACCESS_LOG = {
    "requestId": "$context.requestId",
    "at": "$context.requestTime",
    "ip": "$context.identity.sourceIp",
    "route": "$context.routeKey",
    "path": "$context.path",
    "status": "$context.status",
    "bytes": "$context.responseLength",
    "milliseconds": "$context.responseLatency",
    "user": "$context.authorizer.claims.sub",
    "error": "$context.error.message",
    "authorizerError": "$context.authorizer.error",
}


class Api(Construct):
    """An HTTP API with a JWT authorizer on the pool's ID tokens (audience: the client)."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        config: DeployConfig,
        *,
        identity: Identity,
        handler: lambda_.Function,
        admin: lambda_.Function,
        stream: lambda_.Function,
    ) -> None:
        super().__init__(scope, id)
        self.api = apigw.HttpApi(
            self,
            "Http",
            api_name=f"reelstep-{config.stage}",
            create_default_stage=False,
            cors_preflight=apigw.CorsPreflightOptions(
                allow_origins=list(config.browser_origins),
                allow_methods=[apigw.CorsHttpMethod[name] for name in METHODS],
                allow_headers=[
                    "accept-language",
                    "authorization",
                    "content-type",
                    "idempotency-key",
                    "last-event-id",
                ],
                expose_headers=[
                    "idempotency-replayed",
                    "ratelimit-limit",
                    "ratelimit-remaining",
                    "ratelimit-reset",
                    "retry-after",
                    "x-trace-id",
                ],
            ),
        )
        stack = Stack.of(self)
        #: Where it answers on AWS, as a page's policy names it.
        self.origin = f"https://{self.api.api_id}.execute-api.{stack.region}.{stack.url_suffix}"
        authorizer = authorizers.HttpJwtAuthorizer(
            "Cognito",
            identity.issuer,
            jwt_audience=[identity.client.user_pool_client_id],
        )
        integration = integrations.HttpLambdaIntegration("Function", handler)
        for_admins = integrations.HttpLambdaIntegration("AdminFunction", admin)
        for path in (*SIGNED_IN, *FOR_ADMINS):
            self.api.add_routes(
                path=path,
                methods=[apigw.HttpMethod[name] for name in METHODS],
                integration=for_admins if path in FOR_ADMINS else integration,
                authorizer=authorizer,
            )
        public = self._open(PUBLIC, integration, "The public contract leaves this route open.")
        streams = self._open(
            STREAMS,
            integrations.HttpLambdaIntegration("StreamFunction", stream),
            "The function checks the ID token, which a browser's EventSource has in its address.",
        )
        stream.add_environment(settings.ID_ISSUER, identity.issuer)
        stream.add_environment(settings.ID_AUDIENCE, identity.client.user_pool_client_id)
        self._stage(config, [*public, *streams])

    def _open(
        self,
        routes: tuple[tuple[str, str], ...],
        integration: integrations.HttpLambdaIntegration,
        why: str,
    ) -> list[apigw.HttpRoute]:
        made = [
            route
            for method, path in routes
            for route in self.api.add_routes(
                path=path, methods=[apigw.HttpMethod[method]], integration=integration
            )
        ]
        for route in made:
            nag.acknowledge(route, "AwsSolutions-APIG4", why)
        return made

    def _stage(self, config: DeployConfig, unguarded: list[apigw.HttpRoute]) -> None:
        group = log_group(self, "AccessLogs", f"/reelstep/{config.stage}/api-access", config)
        stage = apigw.HttpStage(
            self,
            "Stage",
            http_api=self.api,
            stage_name="$default",
            auto_deploy=True,
            detailed_metrics_enabled=True,
            throttle=apigw.ThrottleSettings(
                rate_limit=config.api_requests_per_second, burst_limit=config.api_burst
            ),
        )
        resource = cast(apigw.CfnStage, stage.node.default_child)
        resource.access_log_settings = apigw.CfnStage.AccessLogSettingsProperty(
            destination_arn=group.log_group_arn, format=json.dumps(_ACCESS_LOG)
        )
        # Nobody is known there, so nobody has a limit: a flood of one of them must not use up what
        # the stage allows to all, nor read the queue's indexes a thousand times a second.
        rates = dict.fromkeys(PUBLIC, config.public_requests_per_second)
        rates |= dict.fromkeys(STREAMS, config.stream_requests_per_second)
        resource.route_settings = {
            f"{method} {path}": {
                "ThrottlingRateLimit": rate,
                "ThrottlingBurstLimit": 2 * rate,
                "DetailedMetricsEnabled": True,
            }
            for (method, path), rate in rates.items()
        }
        # The gateway refuses settings of a route that is not there yet.
        stage.node.add_dependency(*unguarded)
