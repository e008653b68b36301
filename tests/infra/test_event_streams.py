"""Event streams: a door of their own, few rights, and no more of them than the account can bear."""

from __future__ import annotations

import json
from typing import Any

from infra import function_table
from infra.api import STREAMS
from reelstep.platform import settings
from tests.infra.conftest import Synthesis, Synthesise


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def _functions(stage: Synthesis) -> dict[str, dict[str, Any]]:
    return {
        function["FunctionName"].split("-")[-1]: function
        for function in stage.of_type("AWS::Lambda::Function").values()
    }


def _http_stage(synthesis: Synthesis) -> dict[str, Any]:
    (stage,) = (
        one
        for one in synthesis.of_type("AWS::ApiGatewayV2::Stage").values()
        if one["StageName"] == "$default"
    )
    return stage


def test_streams_go_to_their_function_and_nothing_else_does(stage: Synthesis) -> None:
    targets = {
        name: _text(one["IntegrationUri"])
        for name, one in stage.of_type("AWS::ApiGatewayV2::Integration").items()
    }
    streams = {f"{method} {path}" for method, path in STREAMS}
    assert streams == {
        "GET /api/v1/jobs/{job_id}/stream",
        "GET /api/workflow/{workflow_id}/stream",
    }
    for route in stage.of_type("AWS::ApiGatewayV2::Route").values():
        (integration,) = (name for name in targets if name in _text(route["Target"]))
        ours = route["RouteKey"] in streams
        assert ("FunctionsStream" in targets[integration]) == ours, route["RouteKey"]
        if ours:
            assert route["AuthorizationType"] == "NONE"
            assert "AuthorizerId" not in route


def test_the_door_knows_whose_tokens_are_ours(stage: Synthesis) -> None:
    known = _functions(stage)["stream"]["Environment"]["Variables"]
    (client,) = stage.of_type("AWS::Cognito::UserPoolClient")
    (pool,) = stage.of_type("AWS::Cognito::UserPool")
    assert known[settings.ID_AUDIENCE] == {"Ref": client}
    assert {"Ref": pool} in known[settings.ID_ISSUER]["Fn::Join"][1]
    assert known["POWERTOOLS_SERVICE_NAME"] == "stream"


def test_it_reads_jobs_and_films_and_counts_who_asks() -> None:
    spec = function_table.STREAM
    writes = {action for action in spec.table if action.split(":")[1][:3] not in ("Get", "Que")}
    assert writes == {"dynamodb:UpdateItem"}
    assert spec.media == ("s3:GetObject",)
    assert {spec.artifacts, spec.uploads, spec.states, spec.users, spec.avatars} == {()}


def test_held_requests_leave_room_for_everything_else(
    stage: Synthesis, synthesise: Synthesise
) -> None:
    functions = _functions(stage)
    reserved = {
        name: function["ReservedConcurrentExecutions"]
        for name, function in functions.items()
        if "ReservedConcurrentExecutions" in function
    }
    assert reserved == {"stream": 200}
    chosen = synthesise('{"stream_concurrency": "7", "stream_requests_per_second": 9}')
    assert _functions(chosen)["stream"]["ReservedConcurrentExecutions"] == 7
    without = synthesise('{"stream_concurrency": "null"}')
    assert "ReservedConcurrentExecutions" not in _functions(without)["stream"]
    of_route = _http_stage(chosen)["RouteSettings"]["GET /api/v1/jobs/{job_id}/stream"]
    assert (of_route["ThrottlingRateLimit"], of_route["ThrottlingBurstLimit"]) == (9, 18)


def test_a_request_is_answered_before_the_function_and_the_gateway_give_up() -> None:
    longest = settings.Limits.model_fields["stream_seconds"].metadata
    (most,) = (one.le for one in longest if hasattr(one, "le"))
    assert most + 3 < function_table.STREAM.timeout_seconds < 30


def test_the_access_log_has_no_query_string_and_so_no_token(stage: Synthesis) -> None:
    format_ = json.loads(_http_stage(stage)["AccessLogSettings"]["Format"])
    assert "query" not in _text(format_).lower()
    assert "header" not in _text(format_).lower()
    # Neither of these has one.
    assert format_["path"] == "$context.path"
    assert format_["route"] == "$context.routeKey"


def test_browsers_may_send_the_last_event_id(stage: Synthesis) -> None:
    (api,) = (
        one
        for one in stage.of_type("AWS::ApiGatewayV2::Api").values()
        if one["ProtocolType"] == "HTTP"
    )
    assert "last-event-id" in api["CorsConfiguration"]["AllowHeaders"]
