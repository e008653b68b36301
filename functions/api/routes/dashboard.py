"""Where the page is that people use."""

from __future__ import annotations

import os

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from reelstep.platform.settings import Settings

router = APIGatewayHttpRouter()


def address(studio_url: str, endpoint_url: str | None) -> str:
    """CloudFront's own, or the studio behind `endpoint_url` on the local cloud, whose edge answers
    below this path (reelstep/local/studio_edge.py)."""
    return f"{endpoint_url.rstrip('/')}/studio/" if endpoint_url else f"{studio_url}/"


@router.get(
    "/dashboard",
    summary="To the studio",
    tags=["studio"],
    status_code=302,
    responses={302: {"description": "Its address is in Location", "content": {}}},
)
def dashboard() -> Response[str]:
    studio = address(Settings.load().studio_url, os.environ.get("AWS_ENDPOINT_URL"))
    # It may be elsewhere after the next deployment.
    return Response(302, body="", headers={"Location": studio, "Cache-Control": "no-store"})
