"""The studio's hosting: who reaches the bucket, and what goes with each answer."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from infra.site import SHARED
from tests.infra.conftest import Synthesis, Synthesise

#: CloudFront's quota for this header.
LONGEST_POLICY = 1_783
CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/12345678-abcd"


def distribution(synthesis: Synthesis) -> dict[str, Any]:
    (properties,) = synthesis.of_type("AWS::CloudFront::Distribution").values()
    config: dict[str, Any] = properties["DistributionConfig"]
    return config


def headers(synthesis: Synthesis, behaviour: dict[str, Any]) -> dict[str, Any]:
    policies = synthesis.of_type("AWS::CloudFront::ResponseHeadersPolicy")
    policy = policies[behaviour["ResponseHeadersPolicyId"]["Ref"]]
    config: dict[str, Any] = policy["ResponseHeadersPolicyConfig"]
    return config


def written_out(value: Any) -> str:
    """A template's string with the longest thing that each reference can stand for."""
    if isinstance(value, str):
        return value
    ((function, argument),) = value.items()
    if function == "Fn::Join":
        return str(argument[0]).join(map(written_out, argument[1]))
    assert function == "Ref", value
    if argument == "AWS::URLSuffix":
        return "amazonaws.com.cn"
    return argument.lower().ljust(63, "x")[:63] if argument.startswith("Storage") else "a" * 10


def content_policy(synthesis: Synthesis) -> dict[str, list[str]]:
    security = headers(synthesis, distribution(synthesis)["DefaultCacheBehavior"])
    given = security["SecurityHeadersConfig"]["ContentSecurityPolicy"]
    assert given["Override"] is True
    text = written_out(given["ContentSecurityPolicy"])
    assert len(text) <= LONGEST_POLICY
    return {part.split()[0]: part.split()[1:] for part in text.split("; ")}


def test_the_page_runs_its_own_scripts_and_styles_and_nothing_else(stage: Synthesis) -> None:
    policy = content_policy(stage)
    for name in ("default-src", "base-uri", "frame-ancestors"):
        assert policy[name] == ["'none'"], name
    for name in ("script-src", "style-src", "font-src", "form-action"):
        assert policy[name] == ["'self'"], name
    everything = " ".join(source for sources in policy.values() for source in sources)
    assert "unsafe" not in everything
    assert "*" not in everything
    assert not re.search(r"(^| )(https?|wss?):( |$)", everything)
    assert all(name == "img-src" for name, sources in policy.items() if "data:" in sources)


def test_the_page_talks_to_its_own_deployment_only(stage: Synthesis) -> None:
    policy = content_policy(stage)
    hosts = [source for source in policy["connect-src"] if source != "'self'"]
    assert [re.sub(r"/{2}a{10}\.|\.us-east-1.*", "", host) for host in hosts] == [
        "https:execute-api",
        "wss:execute-api",
        "https://cognito-idp",
        *["https://s3"] * 3,
    ]
    buckets = [host.split("/")[3].removeprefix("storage")[:5] for host in hosts[3:]]
    assert buckets == ["artif", "media", "uploa"]
    # A prefix ends with a slash, or it would be one address.
    assert all(host.endswith("/") for host in hosts[3:])
    for name in ("img-src", "media-src"):
        shown = [source for source in policy[name] if source.startswith("https:")]
        assert shown == hosts[3:5], name


def test_answers_come_with_all_the_headers(stage: Synthesis) -> None:
    config = distribution(stage)
    for behaviour in (config["DefaultCacheBehavior"], *config["CacheBehaviors"]):
        policy = headers(stage, behaviour)
        security = policy["SecurityHeadersConfig"]
        assert security["StrictTransportSecurity"]["AccessControlMaxAgeSec"] >= 31_536_000
        assert security["ContentTypeOptions"] == {"Override": True}
        assert security["FrameOptions"]["FrameOption"] == "DENY"
        assert security["ReferrerPolicy"]["ReferrerPolicy"] == "no-referrer"
        custom = {item["Header"]: item["Value"] for item in policy["CustomHeadersConfig"]["Items"]}
        assert custom["Cross-Origin-Opener-Policy"] == "same-origin"
        for feature in ("camera", "geolocation", "microphone", "payment"):
            assert f"{feature}=()" in custom["Permissions-Policy"]


def test_other_sites_may_load_the_modules_but_not_frame_or_read_the_page(stage: Synthesis) -> None:
    config = distribution(stage)
    shared = {behaviour["PathPattern"]: behaviour for behaviour in config["CacheBehaviors"]}
    assert tuple(shared) == SHARED
    for pattern, behaviour in {**shared, "": config["DefaultCacheBehavior"]}.items():
        policy = headers(stage, behaviour)
        custom = {item["Header"]: item["Value"] for item in policy["CustomHeadersConfig"]["Items"]}
        embedder = custom["Cross-Origin-Resource-Policy"]
        assert embedder == ("cross-origin" if pattern else "same-origin"), pattern
        assert ("CorsConfig" in policy) == bool(pattern), pattern
        if pattern:
            assert policy["CorsConfig"]["AccessControlAllowOrigins"] == {"Items": ["*"]}
            assert policy["CorsConfig"]["AccessControlAllowCredentials"] is False


def test_only_this_distribution_reads_the_bucket(stage: Synthesis) -> None:
    config = distribution(stage)
    (origin,) = config["Origins"]
    assert origin["S3OriginConfig"]["OriginAccessIdentity"] == ""
    (control,) = stage.of_type("AWS::CloudFront::OriginAccessControl").values()
    assert control["OriginAccessControlConfig"]["SigningBehavior"] == "always"
    buckets = stage.of_type("AWS::S3::Bucket")
    (name,) = (name for name in buckets if name.startswith("StorageSite"))
    assert set(buckets[name]["PublicAccessBlockConfiguration"].values()) == {True}
    (policy,) = (
        policy["PolicyDocument"]["Statement"]
        for policy in stage.of_type("AWS::S3::BucketPolicy").values()
        if policy["Bucket"] == {"Ref": name}
    )
    (allowed,) = (statement for statement in policy if statement["Effect"] == "Allow")
    assert allowed["Principal"] == {"Service": "cloudfront.amazonaws.com"}
    assert allowed["Action"] == "s3:GetObject"
    assert "distribution/" in json.dumps(allowed["Condition"]["StringEquals"]["AWS:SourceArn"])
    # No function of ours reaches it.
    assert name not in json.dumps(stage.of_type("AWS::IAM::Policy"))


def test_it_is_served_over_https_as_browsers_like_it(stage: Synthesis) -> None:
    config = distribution(stage)
    assert config["DefaultRootObject"] == "index.html"
    assert config["HttpVersion"] == "http2and3"
    for behaviour in (config["DefaultCacheBehavior"], *config["CacheBehaviors"]):
        assert behaviour["ViewerProtocolPolicy"] == "redirect-to-https"
        assert behaviour["Compress"] is True
        assert set(behaviour["AllowedMethods"]) == {"GET", "HEAD", "OPTIONS"}
    (missing,) = config["CustomErrorResponses"]
    assert (missing["ErrorCode"], missing["ResponseCode"]) == (403, 404)


def test_a_domain_of_its_own_brings_its_certificate_and_may_call_the_api(
    synthesise: Synthesise,
) -> None:
    context = {
        "studio_domain": "films.example.org",
        "studio_certificate_arn": CERTIFICATE,
        "cors_origins": '["https://shop.example.org"]',
    }
    synthesis = synthesise(json.dumps(context))
    assert synthesis.result.returncode == 0, synthesis.result.stderr
    config = distribution(synthesis)
    assert config["Aliases"] == ["films.example.org"]
    assert config["ViewerCertificate"]["MinimumProtocolVersion"] == "TLSv1.2_2021"
    assert config["ViewerCertificate"]["AcmCertificateArn"] == CERTIFICATE
    outputs = synthesis.template["Outputs"]
    assert outputs["StudioUrl"]["Value"] == "https://films.example.org"
    wanted = ["https://shop.example.org", "https://films.example.org"]
    (api,) = (
        api
        for api in synthesis.of_type("AWS::ApiGatewayV2::Api").values()
        if api["ProtocolType"] == "HTTP"
    )
    assert api["CorsConfiguration"]["AllowOrigins"] == wanted
    for bucket in synthesis.of_type("AWS::S3::Bucket").values():
        for rule in bucket.get("CorsConfiguration", {}).get("CorsRules", ()):
            assert rule["AllowedOrigins"] == wanted


@pytest.mark.parametrize(
    ("context", "said"),
    [
        ({"studio_domain": "films.example.org"}, "belong together"),
        ({"studio_certificate_arn": CERTIFICATE}, "belong together"),
        ({"studio_domain": "https://films.example.org"}, "studio_domain"),
        (
            {
                "studio_domain": "films.example.org",
                "studio_certificate_arn": CERTIFICATE.replace("us-east-1", "eu-west-3"),
            },
            "studio_certificate_arn",
        ),
    ],
)
def test_half_a_domain_is_refused(
    synthesise: Synthesise, context: dict[str, str], said: str
) -> None:
    result = synthesise(json.dumps(context)).result
    assert result.returncode == 1
    assert said in result.stderr
