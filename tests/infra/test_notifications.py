"""The bus and its listeners in the template: who may speak, who hears what, what is kept."""

from __future__ import annotations

import json
from typing import Any

import pytest

from infra.config import DeployConfig
from reelstep.platform import settings
from reelstep.platform.errors import InvalidSettings
from tests.infra.conftest import Synthesis, Synthesise


def _named(synthesis: Synthesis, kind: str, name: str) -> tuple[str, dict[str, Any]]:
    (found,) = (
        item
        for item in synthesis.of_type(kind).items()
        if item[0].startswith(f"Notifications{name}")
    )
    return found


def test_callbacks_are_tried_as_often_as_the_limits_say_and_then_kept(local: Synthesis) -> None:
    _, waiting = _named(local, "AWS::SQS::Queue", "Callbacks")
    name, _ = _named(local, "AWS::SQS::Queue", "Undelivered")
    redrive = waiting["RedrivePolicy"]
    assert redrive["maxReceiveCount"] == len(settings.CALLBACK_RETRIES) + 1 == 13
    assert redrive["deadLetterTargetArn"] == {"Fn::GetAtt": [name, "Arn"]}
    assert sum(settings.CALLBACK_RETRIES) == 24 * 3600
    assert waiting["MessageRetentionPeriod"] > sum(settings.CALLBACK_RETRIES)
    _, mapping = _named(local, "AWS::Lambda::EventSourceMapping", "Calls")
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert mapping["BatchSize"] == 1
    assert mapping["ScalingConfig"] == {"MaximumConcurrency": 50}


def test_the_rules_are_on_the_bus_and_only_callbacks_go_to_their_queue(local: Synthesis) -> None:
    bus, properties = _named(local, "AWS::Events::EventBus", "Bus")
    assert properties["Name"] == "reelstep"
    for name, pattern in {
        "ToCallbacks": {"source": ["reelstep"], "detail": {"callback": [True]}},
        "ToTopic": {"source": ["reelstep"]},
    }.items():
        _, rule = _named(local, "AWS::Events::Rule", name)
        assert rule["EventBusName"] == {"Ref": bus}
        assert rule["EventPattern"] == pattern
        (target,) = rule["Targets"]
        assert "DeadLetterConfig" in target
    assert _named(local, "AWS::Events::Rule", "ToCallbacks")[1]["Targets"][0]["InputPath"] == (
        "$.detail"
    )


def test_only_dispatch_speaks_and_only_to_this_bus(local: Synthesis) -> None:
    bus, _ = _named(local, "AWS::Events::EventBus", "Bus")
    found = [
        (name, statement["Resource"])
        for name, policy in local.of_type("AWS::IAM::Policy").items()
        for statement in policy["PolicyDocument"]["Statement"]
        if "events:PutEvents" in statement["Action"]
    ]
    ((name, resource),) = found
    assert name.startswith("FunctionsDispatchRole")
    assert resource == {"Fn::GetAtt": [bus, "Arn"]}


def test_queues_and_topic_are_spoken_to_over_tls(local: Synthesis) -> None:
    policies = {
        **local.of_type("AWS::SQS::QueuePolicy"),
        **local.of_type("AWS::SNS::TopicPolicy"),
    }
    ours = [text for name, text in policies.items() if name.startswith("Notifications")]
    assert len(ours) == 3
    for policy in ours:
        assert "aws:SecureTransport" in json.dumps(policy)


def test_calling_this_machine_is_off_and_for_a_laptop_only(
    local: Synthesis, synthesise: Synthesise
) -> None:
    for function in local.of_type("AWS::Lambda::Function").values():
        assert settings.CALLBACK_LOOPBACK_CA not in function["Environment"]["Variables"]
    for stage in ("dev", "staging", "prod"):
        with pytest.raises(InvalidSettings, match=r"callback_loopback_ca.*stage local only"):
            DeployConfig.from_context({"stage": stage, "callback_loopback_ca": "ca.pem"})
        with pytest.raises(InvalidSettings, match=r"CALLBACK_LOOPBACK_CA.*stage local only"):
            settings.Settings.from_env(
                {
                    settings.STAGE: stage,
                    settings.TABLE: "t",
                    settings.ARTIFACTS_BUCKET: "a",
                    settings.MEDIA_BUCKET: "m",
                    settings.CALLBACK_LOOPBACK_CA: "ca.pem",
                }
            )
    allowed = synthesise('{"callback_loopback_ca": "ca.pem"}')
    knows = {
        function["FunctionName"].split("-")[-1]
        for function in allowed.of_type("AWS::Lambda::Function").values()
        if settings.CALLBACK_LOOPBACK_CA in function["Environment"]["Variables"]
    }
    assert knows == {"api", "callback"}


def test_stages_that_share_an_account_do_not_share_a_bus() -> None:
    names = {
        stage: DeployConfig.from_context({"stage": stage}).event_bus
        for stage in ("local", "dev", "staging", "prod")
    }
    assert names == {
        "local": "reelstep",
        "prod": "reelstep",
        "dev": "reelstep-dev",
        "staging": "reelstep-staging",
    }


@pytest.mark.parametrize("pauses", [[], [-1], [43_001], ["soon"], [1.5], [1] * 51])
def test_pauses_that_no_queue_can_keep_are_refused(pauses: list[Any]) -> None:
    with pytest.raises(InvalidSettings, match="callback_retry_seconds"):
        DeployConfig.from_context({"limits": {"callback_retry_seconds": pauses}})
