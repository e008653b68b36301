"""OpenAPI 3.1 and Swagger UI, generated from the routes.

Imported when somebody first asks for them: the models of the OpenAPI standard alone
would make every cold start of the API a seventh longer.
"""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.openapi.models import (
    HTTPBearer,
    License,
    SecurityScheme,
)

from functions.stream import routes as streams
from reelstep import __version__

_BEARER: dict[str, SecurityScheme] = {
    "idToken": HTTPBearer(description="Cognito ID token", bearerFormat="JWT")
}
_ABOUT: dict[str, Any] = {
    "title": "Reelstep",
    "version": __version__,
    "description": "Videos made on AWS without a server to keep.",
    "license_info": License(name="Apache-2.0"),
    "security_schemes": _BEARER,
}


def register(app: APIGatewayHttpResolver) -> None:
    """Serve /docs and /openapi.json, which also have what another function answers."""
    app.include_router(streams.make())
    app.enable_swagger(path="/docs", persist_authorization=True, **_ABOUT)

    @app.get("/openapi.json", include_in_schema=False, enable_validation=False)
    def openapi() -> Response[str]:
        schema = app.get_openapi_json_schema(**_ABOUT)
        return Response(200, content_type="application/json", body=schema)
