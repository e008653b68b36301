"""Who calls: from the claims that API Gateway's authorizer has verified, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from reelstep.jobs.lifecycle import Executions
from reelstep.pipelines.context import media_store, repository
from reelstep.pipelines.generation.videos import Videos
from reelstep.pipelines.texts import locale_of
from reelstep.platform import aws
from reelstep.platform.errors import NotFound
from reelstep.platform.settings import Settings

App = APIGatewayHttpResolver | APIGatewayHttpRouter


@dataclass(frozen=True)
class Caller:
    user_id: str
    locale: str


def caller(app: App) -> Caller:
    """The signed-in user. Routes without an authorizer must not ask: they get NotFound."""
    authorizer = app.current_event.request_context.authorizer
    claims = (authorizer.jwt_claim if authorizer else None) or {}
    subject = claims.get("sub")
    if not subject:
        raise NotFound("There is no such address; see /docs")
    locale = locale_of(app.current_event.headers.get("accept-language"))
    return Caller(str(subject), locale)


def videos_of(app: App) -> Videos:
    """The caller's films."""
    settings, who = Settings.load(), caller(app)
    return Videos(
        jobs=repository(settings),
        media=media_store(settings),
        executions=Executions(aws.stepfunctions(), settings.generation_state_machine_arn),
        user_id=who.user_id,
        locale=who.locale,
        url_seconds=settings.limits.signed_url_seconds,
    )
