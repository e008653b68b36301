"""What can go wrong between a program and a deployment. All of it is a `ReelstepClientError`.

`worth_repeating` tells whether the same call may well succeed later; what could be sent again
without harm has been sent again already (`exchange` has the rules).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


class ReelstepClientError(Exception):
    """The root. `title` says what, `detail` why, `advice` what a person may do about it.

    `trace_id` is what the service's own logs have of it, where it got so far.
    """

    worth_repeating = False

    def __init__(self, title: str, detail: str = "", *, advice: str = "", trace_id: str = ""):
        super().__init__(f"{title}: {detail}" if detail else title)
        self.title = title
        self.detail = detail
        self.advice = advice
        self.trace_id = trace_id


class WrongSettings(ReelstepClientError):
    """What describes the deployment is not enough, or contradicts itself.

    `name` is the variable, argument or file that is wrong.
    """

    def __init__(self, title: str, detail: str = "", *, name: str, advice: str = ""):
        super().__init__(title, detail, advice=advice)
        self.name = name


class NoLocalCloud(WrongSettings):
    """There is no readable `local.json`: the local cloud was never started, or not here."""


class NotSignedIn(ReelstepClientError):
    """The sign-in was refused, the token is no longer good, or there is none."""


class Unreachable(ReelstepClientError):
    """No connection, or one that broke; `address` is where to."""

    worth_repeating = True

    def __init__(
        self,
        title: str,
        detail: str = "",
        *,
        address: str = "",
        advice: str = "",
        trace_id: str = "",
    ):
        super().__init__(title, detail, advice=advice, trace_id=trace_id)
        self.address = address


class NotTheApi(Unreachable):
    """Something answered at `address`, and it was no Reelstep."""

    worth_repeating = False


class LostTouch(Unreachable):
    """Nothing could be heard of a job for too long. The job itself goes on."""


class TransferFailed(Unreachable):
    """A file did not come or go whole."""


class DownloadFailed(TransferFailed):
    """Nothing was left at its place."""


class UploadFailed(TransferFailed):
    """What it was meant for is as it was before."""


class WrongPicture(ReelstepClientError):
    """A companion's picture that the API would not take."""


@dataclass(frozen=True)
class FieldError:
    """One wrong field of a request, by its name in the contract."""

    field: str
    message: str


class ApiProblem(ReelstepClientError):
    """The API refused with problem+json (RFC 9457).

    `status` is HTTP's; `code` is the contract's, such as `INSUFFICIENT_TOKENS`; `errors` names
    wrong fields; `retry_after` is in seconds, where the API says when; `problem` is the whole
    body with the members that only some codes have (`required`, `balance`, `limit`, `plan`, …).
    """

    def __init__(
        self,
        status: int,
        problem: Mapping[str, Any],
        *,
        trace_id: str = "",
        retry_after: float | None = None,
    ):
        super().__init__(
            str(problem.get("title") or f"The API answered {status}"),
            str(problem.get("detail") or problem.get("message") or ""),
            trace_id=str(problem.get("traceId") or trace_id),
        )
        self.status = status
        self.code = str(problem.get("code") or "") or f"HTTP_{status}"
        self.problem = dict(problem)
        self.errors = _errors(problem)
        self.retry_after = retry_after
        self.worth_repeating = status == 429 or status >= 500


def _errors(problem: Mapping[str, Any]) -> tuple[FieldError, ...]:
    errors = problem.get("errors")
    if not isinstance(errors, list):
        return ()
    return tuple(
        FieldError(str(each.get("field", "")), str(each.get("message", "")))
        for each in errors
        if isinstance(each, Mapping)
    )
