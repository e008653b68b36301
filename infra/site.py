"""The studio's page: a private bucket behind CloudFront, and the headers of each answer."""

from __future__ import annotations

from collections.abc import Sequence

import aws_cdk as cdk
from aws_cdk import Duration
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra import nag
from infra.config import DeployConfig

#: What pages of other sites may load: the modules with their styles and fonts, and the addresses
#: that they talk to. None of it is secret, and no cookie goes with it.
SHARED = ("js/*", "styles/*", "fonts/*", "config.json")
#: What the publisher puts there for every name that is not (src/reelstep/studio/).
NOT_FOUND = "not-found.txt"

_PERMISSIONS = {
    **dict.fromkeys(("autoplay", "clipboard-write", "fullscreen", "picture-in-picture"), "self"),
    **dict.fromkeys(
        (
            *("accelerometer", "camera", "display-capture", "geolocation", "gyroscope"),
            *("magnetometer", "microphone", "midi", "payment", "publickey-credentials-get", "usb"),
        ),
        "",
    ),
}


def content_security_policy(
    *, talks_to: Sequence[str], shows: Sequence[str], sends_to: Sequence[str]
) -> str:
    """The policy of the page. `'self'` is all that the local cloud needs: everything has the page's
    own origin there, WebSockets included (CSP level 3, §6.7.2.8).

    `talks_to` are origins of fetch and WebSocket; `shows` and `sends_to` the prefixes of signed
    addresses that the page reads and writes. CloudFront takes 1,783 characters.
    """
    parts = {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "font-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:", *shows],
        "media-src": ["'self'", "blob:", *shows],
        "connect-src": ["'self'", *talks_to, *shows, *sends_to],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
    return "; ".join(f"{name} {' '.join(values)}" for name, values in parts.items())


class Site(Construct):
    """`bucket` seen through a distribution, over HTTPS and with a page's full set of headers.

    `talks_to` are the origins of the API, the WebSocket and the sign-in; `shows` and `sends_to` the
    buckets whose signed addresses the page reads and writes.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        config: DeployConfig,
        *,
        bucket: s3.Bucket,
        talks_to: Sequence[str],
        shows: Sequence[s3.Bucket],
        sends_to: Sequence[s3.Bucket],
    ) -> None:
        super().__init__(scope, id)
        suffix = cdk.Stack.of(self).url_suffix

        def signed(buckets: Sequence[s3.Bucket]) -> list[str]:
            # Functions sign in path style (reelstep.platform.aws).
            return [f"https://s3.{config.region}.{suffix}/{each.bucket_name}/" for each in buckets]

        page = self._headers(
            "Page",
            embedder="same-origin",
            policy=content_security_policy(
                talks_to=talks_to, shows=signed(shows), sends_to=signed(sends_to)
            ),
        )
        # Nothing in a module, a style sheet or a font runs as a document of its own.
        shared = self._headers("Shared", embedder="cross-origin", policy="default-src 'none'")
        origin = origins.S3BucketOrigin.with_origin_access_control(bucket)

        def behaviour(headers: cloudfront.ResponseHeadersPolicy) -> cloudfront.BehaviorOptions:
            return cloudfront.BehaviorOptions(
                origin=origin,
                viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
                allowed_methods=cloudfront.AllowedMethods.ALLOW_GET_HEAD_OPTIONS,
                # Keeps what an object's own Cache-Control allows; gzip and Brotli.
                cache_policy=cloudfront.CachePolicy.CACHING_OPTIMIZED,
                response_headers_policy=headers,
                compress=True,
            )

        own = config.studio_domain
        self.distribution = cloudfront.Distribution(
            self,
            "Distribution",
            comment=f"reelstep {config.stage}: studio",
            default_root_object="index.html",
            default_behavior=behaviour(page),
            additional_behaviors=dict.fromkeys(SHARED, behaviour(shared)),
            # A bucket that may not be listed says "forbidden" of what is not there.
            error_responses=[
                cloudfront.ErrorResponse(
                    http_status=403,
                    response_http_status=404,
                    response_page_path=f"/{NOT_FOUND}",
                    ttl=Duration.seconds(10),
                )
            ],
            http_version=cloudfront.HttpVersion.HTTP2_AND_3,
            minimum_protocol_version=cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021,
            domain_names=[own] if own else None,
            certificate=(
                acm.Certificate.from_certificate_arn(
                    self, "Certificate", config.studio_certificate_arn
                )
                if own
                else None
            ),
        )
        #: Where the page is, without a slash at its end.
        self.url = f"https://{own or self.distribution.distribution_domain_name}"
        self._acknowledge(own)

    def _headers(self, id: str, *, policy: str, embedder: str) -> cloudfront.ResponseHeadersPolicy:
        """`embedder` is whose pages may load it; with other sites' comes the CORS header too."""
        custom = {
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": embedder,
            "Permissions-Policy": ", ".join(
                f"{name}=({who})" for name, who in sorted(_PERMISSIONS.items())
            ),
        }
        return cloudfront.ResponseHeadersPolicy(
            self,
            id,
            comment=f"Reelstep studio: {id.lower()}",
            cors_behavior=(
                cloudfront.ResponseHeadersCorsBehavior(
                    access_control_allow_origins=["*"],
                    access_control_allow_methods=["GET", "HEAD", "OPTIONS"],
                    access_control_allow_headers=["*"],
                    access_control_allow_credentials=False,
                    access_control_max_age=Duration.hours(1),
                    origin_override=True,
                )
                if embedder == "cross-origin"
                else None
            ),
            custom_headers_behavior=cloudfront.ResponseCustomHeadersBehavior(
                custom_headers=[
                    cloudfront.ResponseCustomHeader(header=name, value=value, override=True)
                    for name, value in custom.items()
                ]
            ),
            security_headers_behavior=cloudfront.ResponseSecurityHeadersBehavior(
                content_security_policy=cloudfront.ResponseHeadersContentSecurityPolicy(
                    content_security_policy=policy, override=True
                ),
                content_type_options=cloudfront.ResponseHeadersContentTypeOptions(override=True),
                frame_options=cloudfront.ResponseHeadersFrameOptions(
                    frame_option=cloudfront.HeadersFrameOption.DENY, override=True
                ),
                referrer_policy=cloudfront.ResponseHeadersReferrerPolicy(
                    referrer_policy=cloudfront.HeadersReferrerPolicy.NO_REFERRER, override=True
                ),
                strict_transport_security=cloudfront.ResponseHeadersStrictTransportSecurity(
                    access_control_max_age=Duration.days(365),
                    include_subdomains=True,
                    override=True,
                ),
            ),
        )

    def _acknowledge(self, own_domain: str) -> None:
        for rule, why in {
            "AwsSolutions-CFR1": "Films are made for everybody, wherever they are.",
            "AwsSolutions-CFR2": "Static files that are the same for all; the API has its limits.",
            "AwsSolutions-CFR3": "Static files without names of users; the API logs its requests.",
        }.items():
            nag.acknowledge(self.distribution, rule, why)
        if not own_domain:
            nag.acknowledge(
                self.distribution,
                "AwsSolutions-CFR4",
                "CloudFront's own certificate decides the protocol; studio_domain brings TLS 1.2.",
            )
