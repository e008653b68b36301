"""Every error that Reelstep raises on purpose.

Two roots say what a caller may do: `Retryable` (the same call may work later) and `Permanent`
(it will not). The class *name* is what `statemachine/*.asl.json` matches in Retry and Catch, what
a job keeps as `error.code` and what clients read, so renaming a class is a change of contract.
`message` is written for the person who made the request: it names the field or file and says what
to do. Internal detail belongs in `detail`, which is logged and never sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class ReelstepError(Exception):
    """Root of all. `status` is the HTTP status and `code` the contract's name for it."""

    status = 500
    code = "INTERNAL_ERROR"
    title = "Something went wrong on our side"

    def __init__(
        self,
        message: str,
        *,
        french: str | None = None,
        detail: str | None = None,
        field: str | None = None,
    ):
        super().__init__(message)
        self.message = message
        self.french = french
        self.detail = detail
        self.field = field

    @property
    def extra(self) -> dict[str, Any]:
        """Further members of the problem body (RFC 9457, 3.2)."""
        return {}

    @property
    def headers(self) -> dict[str, str]:
        """Headers that belong to the answer."""
        return {}

    def text(self, locale: str) -> str:
        """The message in the caller's language, as far as we have it."""
        return self.french if locale == "fr" and self.french else self.message


class Retryable(ReelstepError):
    """The same call may succeed later; steps and clients may try again."""

    status = 503
    code = "TEMPORARILY_UNAVAILABLE"
    title = "Not available right now"


class Permanent(ReelstepError):
    """Trying again with the same input cannot help."""


# -- requests ----------------------------------------------------------------------------------


class MalformedRequest(Permanent):
    status, code, title = 400, "MALFORMED_REQUEST", "The request could not be read"


class ValidationFailed(Permanent):
    """One or more fields are wrong. `errors` is [(field, message)]."""

    status, code, title = 422, "VALIDATION_FAILED", "Some fields are not valid"

    def __init__(self, errors: list[tuple[str, str]]):
        super().__init__("; ".join(f"{field}: {message}" for field, message in errors))
        self.errors = errors


class Unauthorized(Permanent):
    """No ID token of a user; most of these are answered by API Gateway before us."""

    status, code, title = 401, "UNAUTHORIZED", "Please sign in"


class NotFound(Permanent):
    """Unknown, or somebody else's: the two look the same on purpose."""

    status, code, title = 404, "NOT_FOUND", "Not found"


class Conflict(Permanent):
    """The state does not allow it, or an Idempotency-Key came back with another body."""

    status, code, title = 409, "CONFLICT", "The current state does not allow this"


class TooLarge(Permanent):
    """The body, or the file that `field` names."""

    status, code, title = 413, "TOO_LARGE", "Too large"

    @property
    def extra(self) -> dict[str, Any]:
        return {"field": self.field} if self.field else {}


class UnsupportedMedia(Permanent):
    """A file of a kind that `field` does not take."""

    status, code, title = 415, "UNSUPPORTED_MEDIA", "This kind of file is not supported"

    @property
    def extra(self) -> dict[str, Any]:
        return {"field": self.field} if self.field else {}


class ContentRejected(Permanent):
    """Moderation said no. `category` names the reason, `field` the text it was found in."""

    status, code, title = 422, "CONTENT_REJECTED", "This content is not allowed"

    def __init__(self, message: str, *, category: str, field: str, french: str | None = None):
        super().__init__(message, french=french, field=field)
        self.category = category

    @property
    def extra(self) -> dict[str, Any]:
        return {"category": self.category, "field": self.field}


# -- accounts and admission --------------------------------------------------------------------


class InsufficientTokens(Permanent):
    """The balance is below the price; nothing was reserved."""

    status, code, title = 402, "INSUFFICIENT_TOKENS", "Not enough tokens"

    def __init__(self, required: int, balance: int):
        super().__init__(
            f"This costs {required} tokens and you have {balance}",
            french=f"Cela coûte {required} jetons et vous en avez {balance}",
        )
        self.required = required
        self.balance = balance

    @property
    def extra(self) -> dict[str, Any]:
        return {"required": self.required, "balance": self.balance}


class PlanLimit(Permanent):
    """Quality, duration or model above the plan. `limit` is what the plan allows at most."""

    status, code, title = 403, "PLAN_LIMIT", "Your plan does not include this"

    def __init__(
        self, message: str, *, limit: str | int, plan: str, field: str, french: str | None = None
    ):
        super().__init__(message, french=french, field=field)
        self.limit = limit
        self.plan = plan

    @property
    def extra(self) -> dict[str, Any]:
        return {"limit": self.limit, "plan": self.plan, "field": self.field}


class RateLimited(Retryable):
    """Too many requests of this user; `headers` say when to come back."""

    status, code, title = 429, "RATE_LIMITED", "Too many requests"

    def __init__(self, message: str, *, headers: Mapping[str, str], french: str | None = None):
        super().__init__(message, french=french)
        self._headers = dict(headers)

    @property
    def headers(self) -> dict[str, str]:
        return self._headers


class QueueFull(Retryable):
    """As many jobs wait as may wait; nothing was reserved."""

    status, code, title = 503, "QUEUE_FULL", "The queue is full"

    def __init__(self, waiting: int, retry_after_seconds: int):
        super().__init__(
            f"{waiting} jobs are waiting already; try again in {retry_after_seconds} s",
            french=f"{waiting} travaux attendent déjà ; réessayez dans {retry_after_seconds} s",
        )
        self._retry_after = retry_after_seconds

    @property
    def headers(self) -> dict[str, str]:
        return {"Retry-After": str(self._retry_after)}


# -- configuration -----------------------------------------------------------------------------


class InvalidSettings(Permanent):
    """The environment or deploy config is wrong; raised at start, naming the variable."""


# -- jobs --------------------------------------------------------------------------------------


class TableBusy(Retryable):
    """Others wrote the same rows again and again; nothing was written."""

    @property
    def headers(self) -> dict[str, str]:
        return {"Retry-After": "1"}


class PlatformUnavailable(Retryable):
    """A service of AWS did not answer, or said that it could not now."""


class StaleExecution(Permanent):
    """The job has ended, was deleted, or has a newer attempt: this step must stop quietly."""


# -- providers ---------------------------------------------------------------------------------


class ProviderUnavailable(Retryable):
    """A provider timed out, was rate limited or answered 5xx."""


class ProviderRejected(Permanent):
    """A provider refused this input (its policy, its limits) or answered nonsense."""


class UnsupportedLanguage(Permanent):
    """No voice or writer for this language."""


# -- artifacts and media -----------------------------------------------------------------------


class ArtifactMissing(Permanent):
    """A step needs a stored result that is not there."""


class ScriptTooLong(Permanent):
    """The spoken words cannot fit the requested duration, even spoken faster."""


class MediaUnreadable(Permanent):
    """A file is not the image, sound or video it is said to be."""


class FfmpegFailed(Permanent):
    """ffmpeg ended with an error; `detail` has its exit code and the tail of stderr."""


class FfmpegTimedOut(Retryable):
    """ffmpeg ran past its time limit and was killed."""


class StepCancelled(Permanent):
    """The caller asked this step to stop; its ffmpeg has been killed."""


class QualityCheckFailed(Permanent):
    """The finished film is not what was asked for; `detail` lists the failed checks."""
