"""Who calls: from the claims that API Gateway's authorizer has verified, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from reelstep.jobs.lifecycle import Executions
from reelstep.pipelines.context import media_store, repository
from reelstep.pipelines.generation.videos import Videos
from reelstep.platform import aws
from reelstep.platform.errors import Unauthorized
from reelstep.platform.settings import Settings

App = APIGatewayHttpResolver | APIGatewayHttpRouter


@dataclass(frozen=True)
class Caller:
    user_id: str
    locale: str


def caller(app: App) -> Caller:
    """The signed-in user. Raises Unauthorized."""
    authorizer = app.current_event.request_context.authorizer
    claims = (authorizer.jwt_claim if authorizer else None) or {}
    subject = claims.get("sub")
    # The gateway also lets an access token of our client through; ours is the ID token, whose
    # claims are about the user.
    if not subject or claims.get("token_use") != "id":
        raise Unauthorized(
            "Send the Cognito ID token as Authorization: Bearer",
            french="Envoyez le jeton ID de Cognito dans Authorization: Bearer",
        )
    return Caller(str(subject), app.context["locale"])


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
        voice_provider=settings.providers.get("voice", ""),
    )
