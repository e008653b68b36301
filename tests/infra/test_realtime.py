"""The WebSocket API: one door, its own connections only, and what cannot be told is kept."""

from __future__ import annotations

import json
from typing import Any

from infra import function_table
from reelstep.platform import settings
from tests.infra.conftest import Synthesis


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def _api(stage: Synthesis) -> str:
    (api,) = (
        name
        for name, api in stage.of_type("AWS::ApiGatewayV2::Api").items()
        if api["ProtocolType"] == "WEBSOCKET"
    )
    return api


def _routes(stage: Synthesis) -> dict[str, dict[str, Any]]:
    return {
        route["RouteKey"]: route
        for route in stage.of_type("AWS::ApiGatewayV2::Route").values()
        if route["ApiId"] == {"Ref": _api(stage)}
    }


def _variables(stage: Synthesis, name: str) -> dict[str, Any]:
    (function,) = (
        function
        for function in stage.of_type("AWS::Lambda::Function").values()
        if function["FunctionName"].endswith(f"-{name}")
    )
    return dict(function["Environment"]["Variables"])


def test_connecting_needs_a_token_and_every_message_goes_to_one_function(stage: Synthesis) -> None:
    routes = _routes(stage)
    assert {name: route["AuthorizationType"] for name, route in routes.items()} == {
        "$connect": "CUSTOM",
        "$disconnect": "NONE",
        "$default": "NONE",
    }
    (authorizer,) = (
        one
        for one in stage.of_type("AWS::ApiGatewayV2::Authorizer").values()
        if one["AuthorizerType"] == "REQUEST"
    )
    assert authorizer["IdentitySource"] == ["route.request.querystring.token"]
    assert "FunctionsAuthorize" in _text(authorizer["AuthorizerUri"])
    # Results are not kept: a token that has expired is refused the second after.
    assert "AuthorizerResultTtlInSeconds" not in authorizer
    targets = {
        name: _text(one["IntegrationUri"])
        for name, one in stage.of_type("AWS::ApiGatewayV2::Integration").items()
    }
    for route in routes.values():
        (integration,) = (name for name in targets if name in _text(route["Target"]))
        assert "FunctionsSocket" in targets[integration]
    # The emulator has none, and none is needed.
    assert not stage.of_type("AWS::ApiGatewayV2::RouteResponse")


def test_the_door_knows_issuer_and_client_and_may_do_nothing_else(stage: Synthesis) -> None:
    known = _variables(stage, "authorize")
    (client,) = stage.of_type("AWS::Cognito::UserPoolClient")
    (pool,) = stage.of_type("AWS::Cognito::UserPool")
    assert known[settings.ID_AUDIENCE] == {"Ref": client}
    assert {"Ref": pool} in known[settings.ID_ISSUER]["Fn::Join"][1]
    assert function_table.AUTHORIZE.table == ()


def test_only_socket_and_fanout_post_and_only_to_this_api(stage: Synthesis) -> None:
    found = {
        name.split("Role")[0]: statement["Resource"]
        for name, policy in stage.of_type("AWS::IAM::Policy").items()
        for statement in policy["PolicyDocument"]["Statement"]
        if statement["Action"] == "execute-api:ManageConnections"
    }
    assert set(found) == {"FunctionsSocket", "FunctionsFanout"}
    for resource in found.values():
        assert {"Ref": _api(stage)} in resource["Fn::Join"][1]
        assert resource["Fn::Join"][1][-1] == "/live/*/@connections/*"
    for spec in function_table.FUNCTIONS:
        knows = settings.WEBSOCKET_ENDPOINT in _variables(stage, spec.name)
        assert knows == (spec.name in ("socket", "fanout")), spec.name


def test_the_stage_is_throttled_and_its_log_has_no_tokens(stage: Synthesis) -> None:
    (live,) = (
        one
        for one in stage.of_type("AWS::ApiGatewayV2::Stage").values()
        if one["ApiId"] == {"Ref": _api(stage)}
    )
    assert live["StageName"] == "live"
    assert live["DefaultRouteSettings"]["ThrottlingRateLimit"] == 500
    format_ = json.loads(live["AccessLogSettings"]["Format"])
    assert format_["connection"] == "$context.connectionId"
    assert "querystring" not in _text(format_).lower()
    assert "path" not in format_


def test_new_events_reach_the_fan_out_and_failures_are_kept(stage: Synthesis) -> None:
    (source,) = (
        one
        for one in stage.of_type("AWS::Lambda::EventSourceMapping").values()
        if "FunctionsFanout" in _text(one["FunctionName"])
    )
    assert source["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert source["BisectBatchOnFunctionError"] is True
    assert source["MaximumRetryAttempts"] == 3
    (filter_,) = source["FilterCriteria"]["Filters"]
    assert json.loads(filter_["Pattern"]) == {
        "eventName": ["INSERT"],
        "dynamodb": {"Keys": {"sk": {"S": [{"prefix": "EVT#"}]}}},
    }
    (queue,) = (
        name for name in stage.of_type("AWS::SQS::Queue") if name.startswith("RealtimeFailures")
    )
    assert queue in _text(source["DestinationConfig"]["OnFailure"])


def test_clients_are_told_where(stage: Synthesis) -> None:
    url = stage.template["Outputs"]["WebSocketUrl"]["Value"]
    assert url["Fn::Join"][1][0] == "wss://"
    assert {"Ref": _api(stage)} in url["Fn::Join"][1]
