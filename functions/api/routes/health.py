"""Is it up?"""

from __future__ import annotations

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter
from pydantic import BaseModel

from reelstep import __version__
from reelstep.pipelines.context import repository
from reelstep.platform.settings import Settings

router = APIGatewayHttpRouter()


class Health(BaseModel):
    status: str
    version: str


@router.get("/health", summary="Whether the API and its table answer", tags=["health"])
def health() -> Health:
    # A read of a row that is not there: it fails when the table cannot be reached.
    repository(Settings.load()).get("health")
    return Health(status="ok", version=__version__)
