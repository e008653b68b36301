"""Who calls: from the claims that API Gateway's authorizer has verified, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from functions.api.problems import no_such_address
from reelstep.accounts.companions import CompanionRows
from reelstep.accounts.directory import Directory
from reelstep.accounts.plans import ADMIN_GROUP, Plan, groups_of, plan_of
from reelstep.accounts.webhook_secrets import WebhookSecrets
from reelstep.artifacts.store import ArtifactStore
from reelstep.events.deliveries import Deliveries
from reelstep.pipelines.accounts import Account, Administration
from reelstep.pipelines.companions import Companions
from reelstep.pipelines.context import admission, ledger, media_store, screening
from reelstep.pipelines.generation.videos import Videos
from reelstep.pipelines.submission import Submission, User
from reelstep.pipelines.webhooks import Webhooks
from reelstep.platform import aws
from reelstep.platform.errors import Unauthorized
from reelstep.platform.settings import Settings

App = APIGatewayHttpResolver | APIGatewayHttpRouter

#: To who is no admin, what is under it does not exist.
ADMIN_AREA = "/api/v1/admin/"


@dataclass(frozen=True)
class Caller:
    user_id: str
    locale: str
    groups: frozenset[str] = frozenset()

    @property
    def plan(self) -> Plan:
        return plan_of(self.groups)

    @property
    def admin(self) -> bool:
        return ADMIN_GROUP in self.groups


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
    groups = groups_of(claims.get("cognito:groups"))
    return Caller(str(subject), app.context["locale"], groups)


def submission_of(app: App) -> Submission:
    """The caller's way to submit, cancel and retry jobs."""
    settings, who = Settings.load(), caller(app)
    return Submission(
        admission=admission(settings),
        ledger=ledger(settings),
        user=User(who.user_id, who.plan, who.locale),
    )


def videos_of(app: App) -> Videos:
    """The caller's films."""
    settings = Settings.load()
    return Videos(
        submission=submission_of(app),
        media=media_store(settings),
        artifacts=ArtifactStore(aws.s3(), settings.artifacts_bucket),
        companions=companions_of(app),
        screening=screening(settings),
        url_seconds=settings.limits.signed_url_seconds,
        providers=settings.providers,
        deliveries=Deliveries(aws.dynamodb(), settings.table),
        loopback=bool(settings.callback_loopback_ca),
    )


def webhooks_of(app: App) -> Webhooks:
    """The caller's secret for callbacks."""
    settings, who = Settings.load(), caller(app)
    return Webhooks(WebhookSecrets(aws.dynamodb(), settings.table), who.user_id)


def companions_of(app: App) -> Companions:
    """The caller's companions."""
    settings, who = Settings.load(), caller(app)
    return Companions(
        rows=CompanionRows(aws.dynamodb(), settings.table, who.user_id),
        media=media_store(settings),
        uploads=ArtifactStore(aws.s3(), settings.uploads_bucket),
        artifacts=ArtifactStore(aws.s3(), settings.artifacts_bucket),
        screening=screening(settings),
        user_id=who.user_id,
        locale=who.locale,
        url_seconds=settings.limits.signed_url_seconds,
        voice_provider=settings.providers.get("voice", ""),
    )


def account_of(app: App) -> Account:
    """The caller's plan and tokens."""
    settings, who = Settings.load(), caller(app)
    return Account(
        ledger=ledger(settings),
        user_id=who.user_id,
        plan=who.plan,
        admin=who.admin,
        locale=who.locale,
        welcome_tokens=settings.limits.welcome_tokens,
    )


def administration_of(app: App) -> Administration:
    """Accounts of others, for an admin. Raises NotFound for anybody else, and in a function that
    was not given the user pool."""
    settings, who = Settings.load(), caller(app)
    if not (who.admin and settings.user_pool_id):
        raise no_such_address()
    return Administration(
        directory=Directory(aws.cognito(), settings.user_pool_id),
        ledger=ledger(settings),
        admin_id=who.user_id,
        welcome_tokens=settings.limits.welcome_tokens,
    )


def check_area(event: Mapping[str, Any]) -> None:
    """Raises NotFound at an admin's address for anybody else.

    Asked before the request is routed and validated: a field that is missing would tell that the
    address exists.
    """
    authorizer = event["requestContext"].get("authorizer") or {}
    claims = (authorizer.get("jwt") or {}).get("claims") or {}
    inside = event["rawPath"].startswith(ADMIN_AREA)
    if inside and ADMIN_GROUP not in groups_of(claims.get("cognito:groups")):
        raise no_such_address()
