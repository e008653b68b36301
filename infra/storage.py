"""The table that holds all state and the buckets that hold all bytes."""

from __future__ import annotations

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra import nag
from infra.config import DeployConfig
from reelstep.platform.settings import ARTIFACT_DAYS

#: index name → (partition key, sort key); items carry the keys only while they belong there.
INDEXES = {
    "by_user": ("user_pk", "user_sk"),
    "queue": ("queue_pk", "queue_sk"),
    "running": ("running_pk", "running_sk"),
}
TTL_ATTRIBUTE = "expires_at"


class Storage(Construct):
    """One on-demand table and four private buckets."""

    def __init__(self, scope: Construct, id: str, config: DeployConfig) -> None:
        super().__init__(scope, id)
        self._config = config
        self._removal = RemovalPolicy.RETAIN if config.production else RemovalPolicy.DESTROY
        self.table = self._table()
        # Intermediate results can be made again: they expire, and need no versions.
        self.artifacts = self._bucket("Artifacts", expires_days=ARTIFACT_DAYS)
        self.media = self._bucket("Media", versioned=True)
        self.uploads = self._bucket("Uploads", expires_days=7)
        self.site = self._bucket(
            "Site", versioned=True, why="CloudFront alone reads it, and all of it is public."
        )
        # Browsers send files straight here, to a URL that the API has signed.
        self._open_to_browsers(self.uploads, s3.HttpMethods.PUT, "content-type")
        # A player's captions, and whoever reads a film's bytes, need more than an address.
        for bucket in (self.artifacts, self.media):
            self._open_to_browsers(bucket, s3.HttpMethods.GET, "range")

    def _open_to_browsers(self, bucket: s3.Bucket, method: s3.HttpMethods, header: str) -> None:
        bucket.add_cors_rule(
            allowed_methods=[method],
            allowed_origins=list(self._config.browser_origins),
            allowed_headers=[header],
            exposed_headers=["content-length", "content-range", "etag"],
            max_age=3600,
        )

    def _table(self) -> dynamodb.TableV2:
        def text(name: str) -> dynamodb.Attribute:
            return dynamodb.Attribute(name=name, type=dynamodb.AttributeType.STRING)

        return dynamodb.TableV2(
            self,
            "Table",
            partition_key=text("pk"),
            sort_key=text("sk"),
            billing=dynamodb.Billing.on_demand(),
            global_secondary_indexes=[
                dynamodb.GlobalSecondaryIndexPropsV2(
                    index_name=name, partition_key=text(pk), sort_key=text(sk)
                )
                for name, (pk, sk) in INDEXES.items()
            ],
            time_to_live_attribute=TTL_ATTRIBUTE,
            dynamo_stream=dynamodb.StreamViewType.NEW_AND_OLD_IMAGES,
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True
            ),
            deletion_protection=self._config.production,
            removal_policy=self._removal,
        )

    def _bucket(
        self,
        id: str,
        *,
        expires_days: int | None = None,
        versioned: bool = False,
        why: str = "Access goes through signed URLs that the API logs.",
    ) -> s3.Bucket:
        """`why` access to it needs no log of its own."""
        bucket = s3.Bucket(
            self,
            id,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            encryption=s3.BucketEncryption.S3_MANAGED,
            enforce_ssl=True,
            minimum_tls_version=1.2,
            versioned=versioned,
            lifecycle_rules=[
                s3.LifecycleRule(
                    id="unfinished-uploads",
                    abort_incomplete_multipart_upload_after=Duration.days(7),
                ),
                *([self._expiry(expires_days)] if expires_days else []),
                *([self._old_versions()] if versioned else []),
            ],
            removal_policy=self._removal,
        )
        nag.acknowledge(bucket, "AwsSolutions-S1", why)
        return bucket

    @staticmethod
    def _expiry(days: int) -> s3.LifecycleRule:
        return s3.LifecycleRule(id="expire", expiration=Duration.days(days))

    @staticmethod
    def _old_versions() -> s3.LifecycleRule:
        # A film deleted by mistake can be brought back for a month.
        return s3.LifecycleRule(
            id="old-versions",
            noncurrent_version_expiration=Duration.days(30),
            expired_object_delete_marker=True,
        )
