"""What matters of the template: nothing open, nothing too much, nothing dangling."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from infra import function_table
from infra.api import STREAMS
from infra.config import CAPABILITIES
from infra.function_table import CONNECTIONS, EVENTS_PUT, QUEUE_READ, QUEUE_WRITE, STREAM_READ
from reelstep.accounts import plans
from reelstep.platform import settings
from tests.infra.conftest import Synthesis, Synthesise

ROOT = Path(__file__).resolve().parents[2]
STEPS = {spec.name for spec in function_table.STEPS}


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def _statements(synthesis: Synthesis) -> list[tuple[str, dict[str, Any]]]:
    """(policy's logical id, statement) of every identity policy."""
    return [
        (name, statement)
        for name, policy in synthesis.of_type("AWS::IAM::Policy").items()
        for statement in policy["PolicyDocument"]["Statement"]
    ]


def _actions(statement: dict[str, Any]) -> list[str]:
    actions = statement["Action"]
    return actions if isinstance(actions, list) else [actions]


def _allowed(synthesis: Synthesis, function: str) -> set[str]:
    return {
        action
        for name, statement in _statements(synthesis)
        if name.startswith(f"Functions{function.capitalize()}Role")
        for action in _actions(statement)
    }


def test_it_synthesises_without_credentials_and_says_nothing(stage: Synthesis) -> None:
    assert stage.result.returncode == 0, stage.result.stderr
    assert stage.result.stdout == ""
    assert stage.result.stderr == ""


def test_cfn_lint_finds_nothing(stage: Synthesis) -> None:
    (template,) = stage.assembly.glob("*.template.json")
    result = subprocess.run(
        [
            str(Path(sys.executable).parent / "cfn-lint"),
            "--regions=us-east-1",
            # CDK's own style: it orders a function after its role's policy, and so after the role.
            "--ignore-checks=W3005",
            "--template",
            str(template),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout


def test_the_same_template_everywhere_but_for_its_stage(
    local: Synthesis, production: Synthesis
) -> None:
    def kinds(synthesis: Synthesis) -> list[tuple[str, str]]:
        resources = synthesis.template["Resources"].items()
        # The CDK builds the stack's own name into ids of permissions that others need.
        named = ("AllowEventRule", "RealtimeApiReelstep")
        return sorted(
            (resource["Type"], "" if any(part in name for part in named) else name)
            for name, resource in resources
        )

    assert kinds(local) == kinds(production)
    # Layer keys, too: they come from the recipes and not from what has been built.
    layers = [
        {
            name: layer["Content"]["S3Key"]
            for name, layer in s.of_type("AWS::Lambda::LayerVersion").items()
        }
        for s in (local, production)
    ]
    assert layers[0] == layers[1]
    assert len(layers[0]) == 7


def test_a_second_synthesis_gives_the_same_template(
    synthesise: Synthesise, local: Synthesis
) -> None:
    assert synthesise('{"stage": "local"}').template == local.template


def test_a_bad_config_ends_with_its_name_and_no_traceback(synthesise: Synthesise) -> None:
    result = synthesise('{"stage": "moon"}').result
    assert result.returncode == 1
    assert "stage" in result.stderr
    assert "Traceback" not in result.stderr


def test_layers_that_are_not_built_end_with_the_command(synthesise: Synthesise) -> None:
    result = synthesise('{"stage": "staging", "layers": "built"}').result
    assert result.returncode == 1
    assert "python layers/build.py" in result.stderr
    assert "Traceback" not in result.stderr


# -- functions -------------------------------------------------------------------------------------


def test_functions_are_as_in_the_table(stage: Synthesis) -> None:
    functions = {
        function["FunctionName"].split("-")[-1]: function
        for function in stage.of_type("AWS::Lambda::Function").values()
    }
    assert set(functions) == {spec.name for spec in function_table.FUNCTIONS}
    for spec in function_table.FUNCTIONS:
        function = functions[spec.name]
        assert function["MemorySize"] == spec.memory_mb
        assert function["Timeout"] == spec.timeout_seconds
        assert function["EphemeralStorage"] == {"Size": spec.scratch_mb}
        assert function["Handler"] == spec.handler
        assert function["Architectures"] == ["arm64"]
        assert function["Runtime"] == "python3.13"
        assert function["TracingConfig"] == {"Mode": "Active"}
        assert len(function["Layers"]) == len(spec.layers)


def test_environment_names_are_those_that_settings_read(stage: Synthesis) -> None:
    read = {settings.PREFIX + name.upper() for name in settings.Settings.model_fields}
    for function in stage.of_type("AWS::Lambda::Function").values():
        variables = function["Environment"]["Variables"]
        ours = {name for name in variables if name.startswith(settings.PREFIX)}
        assert ours <= read
        literal = {
            name: "x" if isinstance(value, dict) else value for name, value in variables.items()
        }
        loaded = settings.Settings.from_env(literal)
        assert set(loaded.providers) == set(CAPABILITIES)


def test_only_those_who_start_or_stop_executions_know_the_machine(stage: Synthesis) -> None:
    for function in stage.of_type("AWS::Lambda::Function").values():
        name = function["FunctionName"].split("-")[-1]
        knows = settings.GENERATION_STATE_MACHINE_ARN in function["Environment"]["Variables"]
        assert knows == (name in ("api", "sweep", "dispatch", "socket"))


def test_all_functions_share_one_code_asset(stage: Synthesis) -> None:
    assert len({_text(f["Code"]) for f in stage.of_type("AWS::Lambda::Function").values()}) == 1


def test_every_log_group_has_a_retention(stage: Synthesis, production: Synthesis) -> None:
    groups = stage.of_type("AWS::Logs::LogGroup")
    functions = stage.of_type("AWS::Lambda::Function").values()
    wanted = 90 if stage is production else 14
    assert all(group["RetentionInDays"] == wanted for group in groups.values())
    names = {group["LogGroupName"] for group in groups.values()}
    assert {f"/aws/lambda/{function['FunctionName']}" for function in functions} <= names


# -- grants ----------------------------------------------------------------------------------------


def test_no_policy_allows_a_whole_service(stage: Synthesis) -> None:
    for name, statement in _statements(stage):
        for action in _actions(statement):
            assert "*" not in action, f"{name}: {action}"


def test_a_bare_star_as_resource_is_for_tracing_and_log_delivery_only(stage: Synthesis) -> None:
    for name, statement in _statements(stage):
        if statement["Resource"] == "*":
            for action in _actions(statement):
                assert action.startswith(("xray:", "logs:")), f"{name}: {action}"


def test_no_managed_policies(stage: Synthesis) -> None:
    for name, role in stage.of_type("AWS::IAM::Role").items():
        assert "ManagedPolicyArns" not in role, name


def test_each_function_may_do_what_the_table_says(stage: Synthesis) -> None:
    always = {
        *("logs:CreateLogStream", "logs:PutLogEvents"),
        *("xray:PutTelemetryRecords", "xray:PutTraceSegments"),
    }
    for spec in function_table.FUNCTIONS:
        states = {f"states:{action}" for action in spec.states}
        buckets = {*spec.artifacts, *spec.media, *spec.uploads, *spec.avatars, *spec.previews}
        more = {
            function_table.DISPATCH: {*STREAM_READ, *QUEUE_WRITE, *EVENTS_PUT},
            function_table.CALLBACK: {*QUEUE_READ},
            function_table.FANOUT: {*STREAM_READ, *QUEUE_WRITE, *CONNECTIONS},
            function_table.SOCKET: {*CONNECTIONS},
        }.get(spec, set())
        wanted = always | set(spec.table) | buckets | states | set(spec.users) | more
        assert _allowed(stage, spec.name) == wanted, spec.name


def test_nobody_may_scan_the_table_or_delete_the_bucket(stage: Synthesis) -> None:
    everything = {action for _, statement in _statements(stage) for action in _actions(statement)}
    assert not everything & {"dynamodb:Scan", "dynamodb:DeleteTable", "s3:DeleteBucket"}


def test_only_few_delete_and_publish(
    stage: Synthesis,
) -> None:
    deletes = {
        spec.name
        for spec in function_table.FUNCTIONS
        if "s3:DeleteObject" in _allowed(stage, spec.name)
    }
    # finalize takes back what it published of a film that was deleted meanwhile; a cancel over the
    # WebSocket removes what one over REST does.
    assert deletes == {"api", "finalize", "socket"}
    writers = {
        name.split("Role")[0]: _text(statement["Resource"])
        for name, statement in _statements(stage)
        if "s3:PutObject" in _actions(statement) and "StorageMedia" in _text(statement["Resource"])
    }
    assert set(writers) == {"FunctionsFinalize", "FunctionsApi"}
    assert "/companions/*" in writers["FunctionsApi"]


def test_the_machine_invokes_its_steps_and_nothing_else(stage: Synthesis) -> None:
    invokable = {
        _text(statement["Resource"])
        for name, statement in _statements(stage)
        if name.startswith("GenerationRole") and _actions(statement) == ["lambda:InvokeFunction"]
        for statement in [statement]
    }
    text = " ".join(invokable)
    for spec in function_table.FUNCTIONS:
        assert (f"Functions{spec.name.capitalize()}" in text) == (spec.name in STEPS), spec.name
    assert "*" not in text


# -- data ------------------------------------------------------------------------------------------


def test_the_table_is_recoverable_and_streams(stage: Synthesis, production: Synthesis) -> None:
    (table,) = stage.of_type("AWS::DynamoDB::GlobalTable").values()
    assert table["BillingMode"] == "PAY_PER_REQUEST"
    assert table["StreamSpecification"] == {"StreamViewType": "NEW_AND_OLD_IMAGES"}
    assert table["TimeToLiveSpecification"] == {"AttributeName": "expires_at", "Enabled": True}
    (replica,) = table["Replicas"]
    assert replica["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert bool(replica.get("DeletionProtectionEnabled")) == (stage is production)
    indexes = {
        index["IndexName"]: [key["AttributeName"] for key in index["KeySchema"]]
        for index in table["GlobalSecondaryIndexes"]
    }
    assert indexes == {
        "by_user": ["user_pk", "user_sk"],
        "queue": ["queue_pk", "queue_sk"],
        "running": ["running_pk", "running_sk"],
    }
    assert {i["Projection"]["ProjectionType"] for i in table["GlobalSecondaryIndexes"]} == {"ALL"}


def test_buckets_are_private_encrypted_and_refuse_plain_http(stage: Synthesis) -> None:
    buckets = stage.of_type("AWS::S3::Bucket")
    assert len(buckets) == 4
    policies = stage.of_type("AWS::S3::BucketPolicy").values()
    closed = {
        policy["Bucket"]["Ref"] for policy in policies if "aws:SecureTransport" in _text(policy)
    }
    assert closed == set(buckets)
    for bucket in buckets.values():
        assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
        assert "BucketEncryption" in bucket
        assert "AbortIncompleteMultipartUpload" in _text(bucket["LifecycleConfiguration"])


def test_what_can_be_made_again_expires_and_films_keep_versions(stage: Synthesis) -> None:
    buckets = stage.of_type("AWS::S3::Bucket")
    (media,) = (b for name, b in buckets.items() if name.startswith("StorageMedia"))
    (artifacts,) = (b for name, b in buckets.items() if name.startswith("StorageArtifacts"))
    assert media["VersioningConfiguration"] == {"Status": "Enabled"}
    rules = artifacts["LifecycleConfiguration"]["Rules"]
    assert [rule["ExpirationInDays"] for rule in rules if "ExpirationInDays" in rule] == [30]


def test_production_data_outlives_the_stack(local: Synthesis, production: Synthesis) -> None:
    kinds = ("AWS::DynamoDB::GlobalTable", "AWS::S3::Bucket", "AWS::Cognito::UserPool")
    for synthesis, policy in ((local, "Delete"), (production, "Retain")):
        for resource in synthesis.template["Resources"].values():
            if resource["Type"] in kinds:
                assert resource["DeletionPolicy"] == policy


# -- identity and API ------------------------------------------------------------------------------


def test_users_cannot_write_what_decides_their_plan(stage: Synthesis) -> None:
    (client,) = stage.of_type("AWS::Cognito::UserPoolClient").values()
    assert set(client["WriteAttributes"]) == {"email", "locale", "name"}
    assert client["GenerateSecret"] is False
    assert set(client["ExplicitAuthFlows"]) == {
        *("ALLOW_USER_SRP_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"),
    }
    assert client["PreventUserExistenceErrors"] == "ENABLED"
    (pool,) = stage.of_type("AWS::Cognito::UserPool").values()
    assert "Schema" not in pool or "Custom" not in _text(pool["Schema"])
    assert pool["Policies"]["PasswordPolicy"]["MinimumLength"] >= 12
    groups = stage.of_type("AWS::Cognito::UserPoolGroup").values()
    assert {group["GroupName"] for group in groups} == {
        *("plan-standard", "plan-premium", "plan-vip-plus", "admin"),
    }
    assert not [group for group in groups if "RoleArn" in group]


def test_every_route_needs_a_token_except_those_of_the_contract(stage: Synthesis) -> None:
    routes = [
        route
        for route in stage.of_type("AWS::ApiGatewayV2::Route").values()
        if not route["RouteKey"].startswith("$")  # those of the WebSocket: test_realtime.py
    ]
    public = {route["RouteKey"] for route in routes if route["AuthorizationType"] == "NONE"}
    # These have a door of their own: test_event_streams.py.
    streams = {f"{method} {path}" for method, path in STREAMS}
    assert public == {
        *("GET /health", "GET /openapi.json", "GET /docs", "GET /api/v1/videos/queue-status"),
        "GET /dashboard",
        *streams,
    }
    signed_in = {route["RouteKey"] for route in routes if route["AuthorizationType"] == "JWT"}
    methods = ("GET", "POST", "PUT", "PATCH", "DELETE")
    areas = ("/api/v1", "/api/v1/admin", "/api/generate", "/api/workflow", "/orchestrator")
    assert signed_in == {f"{method} {area}/{{proxy+}}" for method in methods for area in areas}
    assert len(routes) == len(public) + len(signed_in)


def test_only_the_function_of_admins_touches_users_and_only_those_of_this_pool(
    stage: Synthesis,
) -> None:
    (pool,) = stage.of_type("AWS::Cognito::UserPool")
    found = [
        (name.split("Role")[0], set(_actions(statement)), statement["Resource"])
        for name, statement in _statements(stage)
        if any(action.startswith("cognito") for action in _actions(statement))
    ]
    assert found == [
        ("FunctionsAdmin", set(function_table.USER_PLANS), {"Fn::GetAtt": [pool, "Arn"]})
    ]
    for function in stage.of_type("AWS::Lambda::Function").values():
        knows = settings.USER_POOL_ID in function["Environment"]["Variables"]
        assert knows == (function["FunctionName"].split("-")[-1] == "admin")


def test_routes_of_admins_go_to_their_function_and_no_others(stage: Synthesis) -> None:
    targets = {
        name: _text(integration["IntegrationUri"])
        for name, integration in stage.of_type("AWS::ApiGatewayV2::Integration").items()
    }
    for route in stage.of_type("AWS::ApiGatewayV2::Route").values():
        (integration,) = (name for name in targets if name in _text(route["Target"]))
        for_admins = "/api/v1/admin/" in route["RouteKey"]
        assert ("FunctionsAdmin" in targets[integration]) == for_admins, route["RouteKey"]


def test_the_pool_has_the_groups_that_plans_are_read_from(stage: Synthesis) -> None:
    groups = stage.of_type("AWS::Cognito::UserPoolGroup").values()
    assert {group["GroupName"] for group in groups} == {*plans.GROUPS.values(), plans.ADMIN_GROUP}


def test_the_authorizer_wants_this_client_of_this_pool(stage: Synthesis) -> None:
    authorizers = stage.of_type("AWS::ApiGatewayV2::Authorizer").values()
    (authorizer,) = (one for one in authorizers if one["AuthorizerType"] == "JWT")
    (client,) = stage.of_type("AWS::Cognito::UserPoolClient")
    (pool,) = stage.of_type("AWS::Cognito::UserPool")
    jwt = authorizer["JwtConfiguration"]
    assert jwt["Audience"] == [{"Ref": client}]
    assert {"Ref": pool} in jwt["Issuer"]["Fn::Join"][1]
    assert authorizer["IdentitySource"] == ["$request.header.Authorization"]


def test_the_api_is_throttled_and_logged(stage: Synthesis) -> None:
    stages = stage.of_type("AWS::ApiGatewayV2::Stage").values()
    (api_stage,) = (one for one in stages if one["StageName"] == "$default")
    assert api_stage["DefaultRouteSettings"]["ThrottlingRateLimit"] == 1000
    assert json.loads(api_stage["AccessLogSettings"]["Format"])["status"] == "$context.status"


# -- workflow --------------------------------------------------------------------------------------
