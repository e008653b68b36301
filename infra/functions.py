"""Makes a Lambda of each row of the function table: same code, own role, own log group."""

from __future__ import annotations

import json

import aws_cdk as cdk
from aws_cdk import Duration, Size
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra import nag
from infra.code_asset import CodeAsset
from infra.config import DeployConfig
from infra.function_table import AVATARS, PREVIEWS, FunctionSpec
from infra.layers import ARCHITECTURE, RUNTIME, Layers
from infra.log_groups import log_group
from infra.storage import Storage
from reelstep.platform import settings


class FunctionFactory(Construct):
    """What all functions share: the code asset, the layers, the storage and the config."""

    def __init__(
        self, scope: Construct, id: str, config: DeployConfig, storage: Storage, code: CodeAsset
    ) -> None:
        super().__init__(scope, id)
        self._config = config
        self._storage = storage
        self._layers = Layers(self, "Layers", config)
        self._code = lambda_.Code.from_asset(
            str(code.path), asset_hash=code.sha256, asset_hash_type=cdk.AssetHashType.CUSTOM
        )

    def make(self, spec: FunctionSpec) -> lambda_.Function:
        """A function with its own role that may do what `spec` lists and nothing else."""
        config = self._config
        name = f"reelstep-{config.stage}-{spec.name}"
        group = log_group(self, f"{spec.name.capitalize()}Logs", f"/aws/lambda/{name}", config)
        function = lambda_.Function(
            self,
            spec.name.capitalize(),
            function_name=name,
            description=spec.purpose,
            code=self._code,
            handler=spec.handler,
            runtime=RUNTIME,
            architecture=ARCHITECTURE,
            memory_size=config.memory_mb.get(spec.name, spec.memory_mb),
            timeout=Duration.seconds(spec.timeout_seconds),
            ephemeral_storage_size=Size.mebibytes(spec.scratch_mb),
            layers=self._layers.of(spec.layers),
            role=self._role(spec, group),
            log_group=group,
            tracing=lambda_.Tracing.ACTIVE,
            reserved_concurrent_executions=config.stream_concurrency if spec.waits else None,
            environment=self._environment(spec),
        )
        nag.acknowledge(
            function,
            "AwsSolutions-L1",
            "Python 3.13 is the newest runtime that every pinned wheel supports.",
        )
        return function

    def _environment(self, spec: FunctionSpec) -> dict[str, str]:
        storage = self._storage
        return {
            settings.STAGE: self._config.stage,
            settings.TABLE: storage.table.table_name,
            settings.ARTIFACTS_BUCKET: storage.artifacts.bucket_name,
            settings.MEDIA_BUCKET: storage.media.bucket_name,
            settings.UPLOADS_BUCKET: storage.uploads.bucket_name,
            settings.PROVIDERS: _json(self._config.providers),
            settings.LIMITS: _json(self._config.limits.model_dump()),
            "POWERTOOLS_SERVICE_NAME": spec.name,
            "POWERTOOLS_METRICS_NAMESPACE": "Reelstep",
            "LOG_LEVEL": self._config.log_level,
        }

    def _role(self, spec: FunctionSpec, group: logs.LogGroup) -> iam.Role:
        """Own log group only; the managed basic-execution policy would allow every group."""
        role = iam.Role(
            self,
            f"{spec.name.capitalize()}Role",
            assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
        )
        nag.acknowledge_wildcard(role, "", "*", "X-Ray has no resource-level permissions.")
        allow(role, ("logs:CreateLogStream", "logs:PutLogEvents"), f"{group.log_group_arn}:*")
        nag.acknowledge_wildcard(role, group, ":*", "The streams of the function's own log group.")
        storage = self._storage
        table = storage.table.table_arn
        allow(role, spec.table, table, f"{table}/index/*")
        nag.acknowledge_wildcard(role, storage.table, "/index/*", "The indexes of the one table.")
        for bucket, actions in (
            (storage.artifacts, spec.artifacts),
            (storage.media, spec.media),
            (storage.uploads, spec.uploads),
        ):
            of_bucket = tuple(a for a in actions if a == "s3:ListBucket")
            of_object = tuple(a for a in actions if a not in of_bucket)
            allow(role, of_bucket, bucket.bucket_arn)
            allow(role, of_object, bucket.arn_for_objects("*"))
            nag.acknowledge_wildcard(role, bucket, "/*", "The objects of one bucket.")
        buckets = {"media": storage.media, "artifacts": storage.artifacts}
        for name, objects in AVATARS:
            allow(role, spec.avatars, buckets[name].arn_for_objects(objects))
            nag.acknowledge_wildcard(role, buckets[name], f"/{objects}", "Avatars only.")
        for name, objects in PREVIEWS:
            allow(role, spec.previews, buckets[name].arn_for_objects(objects))
            nag.acknowledge_wildcard(role, buckets[name], f"/{objects}", "Previews only.")
        return role


def allow(role: iam.Role, actions: tuple[str, ...], *resources: str) -> None:
    """Add one statement, or none when there is nothing to allow."""
    if actions:
        role.add_to_principal_policy(
            iam.PolicyStatement(actions=sorted(actions), resources=list(resources))
        )


def _json(value: object) -> str:
    # Sorted: a template must not change without a reason.
    return json.dumps(value, sort_keys=True, separators=(",", ":"))
