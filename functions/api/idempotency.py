"""Idempotency-Key: the same key and body within 24 hours get the first answer again.

This is about *answers*. That nothing is made or paid twice does not hang on it: ids are derived
from the user and the key, and collide in the table. Powertools' idempotency keeps the answers, as
rows `IDEMPOTENCY#user / <hash of route and key>`; it is imported when a request has a key.
"""

from __future__ import annotations

import copy
import json
import re
import time
from collections.abc import Callable
from functools import lru_cache
from itertools import chain, repeat
from typing import TYPE_CHECKING, Annotated, Any, Generic, TypeVar

from aws_lambda_powertools.event_handler.openapi.params import Header
from aws_lambda_powertools.metrics import MetricUnit
from pydantic import BaseModel

from functions.api.caller import App, caller
from reelstep.platform import aws
from reelstep.platform.errors import Conflict, Retryable, ValidationFailed
from reelstep.platform.observability import logger, metrics
from reelstep.platform.settings import Settings

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.idempotency import DynamoDBPersistenceLayer

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
KEPT_SECONDS = 86_400
#: How long a duplicate waits for the first; less where its own invocation ends sooner.
PATIENCE_SECONDS = 20.0
_MARGIN_MILLISECONDS = 2_000  # for answering
_PAUSES = (0.05, 0.1, 0.2, 0.4)  # seconds; the last again and again

Answer = TypeVar("Answer", bound=BaseModel)

#: The header as a parameter of a route, for its documentation; `idempotency_key` checks it.
KeyHeader = Annotated[
    str | None,
    Header(
        alias=HEADER,
        description="1 to 255 visible ASCII characters; the same key and body within 24 hours "
        f"get the first answer again, with {REPLAYED}: true",
    ),
]

_MISTAKE = {
    "en": "must be 1 to 255 visible ASCII characters, without spaces",
    "fr": "doit compter 1 à 255 caractères ASCII visibles, sans espaces",
}


def idempotency_key(app: App) -> str | None:
    """The request's key. Raises ValidationFailed naming the header."""
    key = app.current_event.headers.get(HEADER)
    if key is None:
        return None
    if not re.fullmatch(r"[!-~]{1,255}", key):
        raise ValidationFailed([(HEADER, _MISTAKE[app.context["locale"]])])
    return str(key)


def once(app: App, answers: type[Answer], function: Callable[[], Answer]) -> Answer:
    """`function()`, or what it answered to the first request with this key.

    A duplicate of a request that is still running waits for its answer. Errors are not kept: the
    same key may be tried again. An attempt that died runs again when its invocation would have
    ended. Raises ValidationFailed for a key of the wrong form, Conflict when the key came with
    another body, Retryable when the first is still running or answers cannot be kept (who sends a
    key asks for a promise; without the table it cannot be given), and what `function` raises.
    """
    key = idempotency_key(app)
    if key is None:
        return function()
    guard = _Guard(app, key, function)
    try:
        kept = guard.run()
    except Retryable:
        app.context["headers"].setdefault("Retry-After", "1")
        raise
    if guard.answer is not None:
        return guard.answer
    app.context["headers"][REPLAYED] = "true"
    metrics.add_metric("IdempotentReplays", MetricUnit.Count, 1)
    return answers.model_validate(kept)


class _Guard(Generic[Answer]):
    """One request with a key; `answer` or `error` is what the function gave, if it ran here."""

    def __init__(self, app: App, key: str, function: Callable[[], Answer]) -> None:
        event, self._context = app.current_event, app.lambda_context
        self._user_id = caller(app).user_id
        self._attempt = {
            "route": f"{event.http_method} {event.path}",
            "key": key,
            "body": json.loads(event.decoded_body or "null"),
        }
        self._function = function
        self.answer: Answer | None = None
        self.error: Exception | None = None

    def run(self) -> Any:
        """The answer as it is kept."""
        from aws_lambda_powertools.utilities.idempotency import exceptions

        guarded, pauses = self._guarded(), chain(_PAUSES, repeat(_PAUSES[-1]))
        until = time.monotonic() + self._patience()
        while True:
            try:
                return guarded(attempt=self._attempt)
            except exceptions.IdempotencyValidationError as error:
                raise _other_body() from error
            except exceptions.IdempotencyPersistenceLayerError as error:
                return self._unkept(error)
            except (
                exceptions.IdempotencyAlreadyInProgressError,
                exceptions.IdempotencyInconsistentStateError,
            ) as error:
                pause = next(pauses)
                if time.monotonic() + pause > until:
                    raise _still_running() from error
                time.sleep(pause)

    def _guarded(self) -> Any:
        from aws_lambda_powertools.utilities.idempotency import (
            IdempotencyConfig,
            idempotent_function,
        )

        return idempotent_function(
            self._call,
            data_keyword_argument="attempt",
            persistence_store=_persistence(self._user_id),
            config=IdempotencyConfig(
                event_key_jmespath="[route, key]",
                payload_validation_jmespath="body",
                expires_after_seconds=KEPT_SECONDS,
                hash_function="sha256",
                lambda_context=self._context,
            ),
            key_prefix="ANSWER",
        )

    def _call(self, *, attempt: dict[str, Any]) -> dict[str, Any]:
        try:
            self.answer = self._function()
        except Exception as error:
            self.error = error
            raise
        return self.answer.model_dump(mode="json", by_alias=True)

    def _patience(self) -> float:
        left = self._context.get_remaining_time_in_millis() - _MARGIN_MILLISECONDS
        return min(PATIENCE_SECONDS, left / 1_000)

    def _unkept(self, error: Exception) -> None:
        """The table failed: what was done is answered as it is, what was not is not begun."""
        metrics.add_metric("IdempotencyFailed", MetricUnit.Count, 1)
        logger.exception("idempotency record failed")
        if self.error is not None:
            raise self.error from error
        if self.answer is None:
            raise _not_now() from error


def _persistence(user_id: str) -> DynamoDBPersistenceLayer:
    """The records of one user."""
    layer = copy.copy(_layer(aws.dynamodb(), Settings.load().table))
    layer.static_pk_value = f"IDEMPOTENCY#{user_id}"
    return layer


@lru_cache(maxsize=1)
def _layer(client: Any, table: str) -> DynamoDBPersistenceLayer:
    # One per client: each adds a line to the user agent of all of the client's later calls.
    from aws_lambda_powertools.utilities.idempotency import DynamoDBPersistenceLayer

    return DynamoDBPersistenceLayer(
        table_name=table,
        key_attr="pk",
        sort_key_attr="sk",
        static_pk_value="",
        expiry_attr="expires_at",
        # `status` is a job's: streams and indexes look for it.
        status_attr="answer_status",
        boto3_client=client,
    )


def _other_body() -> Conflict:
    return Conflict(
        f"This {HEADER} was used with another body; use a new one",
        french=f"Cette {HEADER} a déjà servi avec un autre contenu ; utilisez-en une nouvelle",
        field=HEADER,
    )


def _still_running() -> Retryable:
    return Retryable(
        f"The first request with this {HEADER} is still running; try again with the same key",
        french=f"La première requête avec cette {HEADER} est encore en cours ; réessayez avec la "
        "même clé",
    )


def _not_now() -> Retryable:
    return Retryable(
        f"{HEADER} cannot be honoured right now; try again with the same key",
        french=f"{HEADER} ne peut pas être garanti pour le moment ; réessayez avec la même clé",
    )
