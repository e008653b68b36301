"""What a caller sees and does with the secret of its callbacks."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import Field

from reelstep.accounts.webhook_secrets import WebhookSecret, WebhookSecrets
from reelstep.pipelines.generation.views import View
from reelstep.platform.clock import now_iso


class SecretView(View):
    secret: str = Field(description="the newest; callbacks are signed with it")
    created_at: str
    previous_until: str | None = Field(description="until then the one before signs as well")


@dataclass(frozen=True)
class Webhooks:
    """The secret of one caller."""

    secrets: WebhookSecrets
    user_id: str

    def get(self) -> SecretView:
        return _view(self.secrets.get(self.user_id))

    def rotate(self, key: str | None) -> SecretView:
        """Once for an Idempotency-Key. Raises Conflict when somebody else does it at the same
        moment."""
        return _view(self.secrets.rotate(self.user_id, key))


def _view(secret: WebhookSecret) -> SecretView:
    overlaps = len(secret.holding(now_iso())) > 1
    return SecretView(
        secret=secret.current,
        created_at=secret.created_at,
        previous_until=secret.until() if overlaps else None,
    )
