"""The deploy config: what it accepts, and that a bad value is named."""

from __future__ import annotations

from typing import Any

import pytest

from infra.config import CAPABILITIES, DeployConfig
from reelstep.platform.errors import InvalidSettings


def test_the_default_is_the_local_stage_with_offline_providers() -> None:
    config = DeployConfig.from_context({})
    assert config.stage == "local"
    assert config.providers == dict.fromkeys(CAPABILITIES, "offline")
    assert not config.packs_built_layers
    assert not config.production


def test_production_keeps_its_data_and_packs_real_layers() -> None:
    config = DeployConfig.from_context({"stage": "prod"})
    assert config.production
    assert config.packs_built_layers
    assert config.retention_days == 90


def test_values_of_the_command_line_are_strings() -> None:
    config = DeployConfig.from_context(
        {
            "stage": "dev",
            "log_retention_days": "30",
            "render_concurrency": "8",
            "memory_mb": '{"render": 8192}',
            "limits": '{"signed_url_seconds": 600}',
            "cors_origins": '["https://studio.example.org"]',
        }
    )
    assert config.retention_days == 30
    assert config.render_concurrency == 8
    assert config.memory_mb == {"render": 8192}
    assert config.limits.signed_url_seconds == 600
    assert config.cors_origins == ("https://studio.example.org",)


def test_keys_of_the_cdk_itself_are_left_alone() -> None:
    context = {"@aws-cdk/core:newStyleStackSynthesis": True, "aws:cdk:enable-path-metadata": True}
    assert DeployConfig.from_context(context) == DeployConfig()


@pytest.mark.parametrize(
    ("context", "key", "said"),
    [
        ({"stage": "production"}, "stage", "production"),
        ({"stagee": "dev"}, "stagee", "not permitted"),
        ({"region": "us-east-1; rm -rf"}, "region", "rm -rf"),
        ({"architecture": "x86_64"}, "architecture", "x86_64"),
        ({"providers": {"script": "offline"}}, "providers", "no provider for picture"),
        ({"providers": "openai"}, "providers", "not JSON"),
        (
            {"providers": {**dict.fromkeys(CAPABILITIES, "offline"), "smell": "x"}},
            "providers",
            "unknown capability smell",
        ),
        ({"memory_mb": {"render": 64}}, "memory_mb", "render: 64"),
        ({"memory_mb": {"redner": 512}}, "memory_mb", "no function redner"),
        ({"limits": {"signed_url_seconds": 1}}, "limits.signed_url_seconds", "60"),
        ({"limits": {"speed": 1}}, "limits.speed", "not permitted"),
        ({"log_retention_days": "11"}, "log_retention_days", "11"),
        ({"render_concurrency": 41}, "render_concurrency", "40"),
        ({"api_requests_per_second": 0}, "api_requests_per_second", "greater than 0"),
        ({"stage": "prod", "layers": "recipe"}, "layers", "built layers"),
    ],
)
def test_a_bad_value_is_named(context: dict[str, Any], key: str, said: str) -> None:
    with pytest.raises(InvalidSettings) as raised:
        DeployConfig.from_context(context)
    assert key in raised.value.message
    assert said in raised.value.message
