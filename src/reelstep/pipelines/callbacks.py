"""Calls of `callbackUrl`: one try of one delivery, and what follows from its answer."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from reelstep import __version__
from reelstep.accounts.webhook_secrets import WebhookSecrets
from reelstep.artifacts.store import ArtifactStore
from reelstep.events import log
from reelstep.events.deliveries import Deliveries, Delivery, DeliveryState
from reelstep.events.signature import HEADER, sign
from reelstep.jobs.endings import delivery_id
from reelstep.jobs.repository import JobRepository
from reelstep.pipelines.context import media_store, repository
from reelstep.pipelines.generation.views import wire_event
from reelstep.platform import aws
from reelstep.platform.clock import now_iso
from reelstep.platform.egress import CallFailed, Egress, ForbiddenUrl
from reelstep.platform.observability import logger
from reelstep.platform.settings import Limits, Settings

_GONE = 410
#: A FAILED one is tried again when an operator puts it back into the queue.
_DONE = frozenset({DeliveryState.DELIVERED, DeliveryState.GONE})


class Callback(BaseModel):
    """What the queue holds: the detail of a bus event, of which two fields are needed here."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, extra="ignore", frozen=True
    )

    job_id: str = Field(alias="generationId")
    seq: int


@dataclass(frozen=True)
class Callbacks:
    """Who is called, with what. `unix_time` is the clock that signatures carry."""

    jobs: JobRepository
    media: ArtifactStore
    secrets: WebhookSecrets
    deliveries: Deliveries
    egress: Egress
    limits: Limits
    unix_time: Callable[[], float] = time.time

    def attempt(self, callback: Callback, number: int) -> int | None:
        """Try for the `number`th time (1 is first). None when it is over, else the seconds until
        the next try, 0 after the last one."""
        before = self.deliveries.get(callback.job_id, callback.seq)
        if before is not None and before.state in _DONE:
            return None  # told twice
        job = self.jobs.get(callback.job_id)
        url = job.request.get("callbackUrl") if job else None
        event = self._event(callback)
        if job is None or url is None or event is None:
            return None  # deleted meanwhile: its owner wants to hear no more of it
        status, error = self._post(url, job.user_id, event, number)
        state = self._state(status, number)
        self.deliveries.put(
            job.job_id, Delivery(callback.seq, state, number, status, error, now_iso())
        )
        logger.info("callback", state=state, attempt_number=number, status=status, reason=error)
        if state in _DONE:
            return None
        pauses = self.limits.callback_retry_seconds
        return pauses[number - 1] if number <= len(pauses) else 0

    def _event(self, callback: Callback) -> log.Event | None:
        found = self.jobs.events_after(callback.job_id, callback.seq - 1, 1)
        return next((event for event in found if event.seq == callback.seq), None)

    def _post(
        self, url: str, user_id: str, event: log.Event, number: int
    ) -> tuple[int | None, str | None]:
        """(status, None) of an answer, or (None, why there was none)."""
        wire = wire_event(event, self.media, self.limits.signed_url_seconds)
        body = json.dumps(wire, ensure_ascii=False, separators=(",", ":")).encode()
        secrets = self.secrets.get(user_id).holding(now_iso())
        headers = {
            "Content-Type": "application/json",
            "User-Agent": f"Reelstep/{__version__}",
            "X-Reelstep-Delivery": delivery_id(event.job_id, event.seq),
            "X-Reelstep-Attempt": str(number),
            HEADER: sign(secrets, body, int(self.unix_time())),
        }
        try:
            return self.egress.post(url, body, headers), None
        except CallFailed as failed:
            # What exactly went wrong is for our log: it could tell of networks that are not theirs.
            logger.info("callback not answered", reason=failed.reason, why=failed.detail)
            return None, failed.reason
        except ForbiddenUrl as forbidden:
            logger.warning("callback to a forbidden URL", reason=forbidden.reason)
            return None, "ADDRESS_REFUSED"

    def _state(self, status: int | None, number: int) -> DeliveryState:
        if status is not None and 200 <= status < 300:
            return DeliveryState.DELIVERED
        if status == _GONE:
            return DeliveryState.GONE
        if number > len(self.limits.callback_retry_seconds):
            return DeliveryState.FAILED
        return DeliveryState.RETRYING


def callbacks(settings: Settings) -> Callbacks:
    """The function's own: with its table, its bucket and the way out that its settings allow."""
    return Callbacks(
        jobs=repository(settings),
        media=media_store(settings),
        secrets=WebhookSecrets(aws.dynamodb(), settings.table),
        deliveries=Deliveries(aws.dynamodb(), settings.table),
        egress=Egress(
            loopback=bool(settings.callback_loopback_ca), ca_file=settings.callback_loopback_ca
        ),
        limits=settings.limits,
    )
