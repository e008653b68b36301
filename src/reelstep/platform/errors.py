"""Every error that Reelstep raises on purpose.

Two roots say what a caller may do: `Retryable` (the same call may work later) and `Permanent`
(it will not). The class *name* is what `statemachine/*.asl.json` matches in Retry and Catch, what
a job keeps as `error.code` and what clients read, so renaming a class is a change of contract.
`message` is written for the person who made the request: it names the field or file and says what
to do. Internal detail belongs in `detail`, which is logged and never sent.
"""

from __future__ import annotations


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


class TooLarge(Permanent):
    status, code, title = 413, "TOO_LARGE", "Too large"


# -- configuration -----------------------------------------------------------------------------


class InvalidSettings(Permanent):
    """The environment or deploy config is wrong; raised at start, naming the variable."""


# -- jobs --------------------------------------------------------------------------------------


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
