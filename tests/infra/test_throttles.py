"""Who may ask how often, as far as the gateway decides it."""

from __future__ import annotations

from infra.api import PUBLIC, STREAMS
from tests.infra.conftest import Synthesis


def test_a_flood_of_a_public_route_leaves_room_for_the_signed_in(local: Synthesis) -> None:
    stages = local.of_type("AWS::ApiGatewayV2::Stage").values()
    (stage,) = (one for one in stages if one["StageName"] == "$default")
    assert stage["DefaultRouteSettings"]["ThrottlingRateLimit"] == 1000
    assert stage["DefaultRouteSettings"]["ThrottlingBurstLimit"] == 2000
    settings = stage["RouteSettings"]
    assert set(settings) == {f"{method} {path}" for method, path in (*PUBLIC, *STREAMS)}
    for name, of_route in settings.items():
        rate = 300 if name.endswith("/stream") else 100
        assert of_route["ThrottlingRateLimit"] == rate
        assert of_route["ThrottlingBurstLimit"] == 2 * rate


def test_the_stage_waits_for_the_routes_it_has_settings_for(local: Synthesis) -> None:
    resources = local.template["Resources"]
    (stage,) = [
        resource
        for resource in resources.values()
        if resource["Type"] == "AWS::ApiGatewayV2::Stage"
        and resource["Properties"]["StageName"] == "$default"
    ]
    routes = local.of_type("AWS::ApiGatewayV2::Route")
    public = {
        name
        for name, route in routes.items()
        if route.get("AuthorizationType") != "JWT" and not route["RouteKey"].startswith("$")
    }
    assert public
    assert public <= set(stage["DependsOn"])


def test_browsers_may_read_what_the_limits_say(local: Synthesis) -> None:
    apis = local.of_type("AWS::ApiGatewayV2::Api").values()
    (api,) = (one for one in apis if one["ProtocolType"] == "HTTP")
    assert set(api["CorsConfiguration"]["ExposeHeaders"]) >= {
        *("idempotency-replayed", "ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"),
        *("retry-after", "x-trace-id"),
    }
    assert "idempotency-key" in api["CorsConfiguration"]["AllowHeaders"]
