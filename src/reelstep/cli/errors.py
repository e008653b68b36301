"""What can go wrong for a person at the terminal, and the exit code a script gets for it.

`docs/cli.md` lists the codes; they are a contract with scripts. Nothing heavy is imported here,
so that `reelstep --help` stays quick.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import IntEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reelstep.client import errors as client


class ExitCode(IntEnum):
    """What the process ends with. 2 is also what a wrong option gives."""

    DONE = 0
    JOB_FAILED = 1
    USAGE = 2
    UNREACHABLE = 3
    NOT_ALLOWED = 4
    NOT_FOUND = 5
    INTERNAL = 70
    INTERRUPTED = 130


class CliError(Exception):
    """An end that was foreseen: `title` says what, `detail` why, `hint` what to do now.

    `fields` are (name, message) pairs of what was wrong in the request, `facts` are (name, value)
    pairs that explain `detail`, `trace_id` is what the service's own logs have. Raised anywhere
    below a command and shown once, at the edge.
    """

    exit_code = ExitCode.USAGE
    style = "bad"

    def __init__(
        self,
        title: str,
        detail: str = "",
        *,
        hint: str = "",
        fields: Iterable[tuple[str, str]] = (),
        facts: Iterable[tuple[str, str]] = (),
        trace_id: str = "",
        code: str = "",
    ):
        super().__init__(f"{title}: {detail}" if detail else title)
        self.title = title
        self.detail = detail
        self.hint = hint
        self.fields = tuple(fields)
        self.facts = tuple(facts)
        self.trace_id = trace_id
        self.code = code or type(self).__name__

    def document(self) -> dict[str, Any]:
        """The same for `--json`: title, detail, code, errors, hint, traceId, exitCode."""
        body: dict[str, Any] = {"title": self.title, "code": self.code}
        if self.detail:
            body["detail"] = self.detail
        if self.fields:
            body["errors"] = [{"field": name, "message": text} for name, text in self.fields]
        if self.hint:
            body["hint"] = self.hint
        if self.trace_id:
            body["traceId"] = self.trace_id
        body["exitCode"] = int(self.exit_code)
        return body


class WrongUsage(CliError):
    """An argument that cannot work; `fields` names it."""


class Unreachable(CliError):
    """No connection, or an answer that is not the API's."""

    exit_code = ExitCode.UNREACHABLE


class NotRunning(Unreachable):
    """There is no local cloud to talk to."""

    def __init__(self, detail: str = ""):
        super().__init__(
            "The local cloud is not running",
            detail,
            hint="Start it:  reelstep up",
        )


class LostTouch(Unreachable):
    """The connection went away while a job was followed; the job itself goes on."""


class NotSignedIn(CliError):
    """The sign-in was refused, or the token is no longer good."""

    exit_code = ExitCode.NOT_ALLOWED


class UnknownVideo(CliError):
    """No film of this user has that id, or starts with it."""

    exit_code = ExitCode.NOT_FOUND


class DownloadFailed(Unreachable):
    """The film exists but could not be fetched whole; nothing was left at its place."""


class UploadFailed(Unreachable):
    """A file did not reach the store; what it was meant for is as it was before."""


class Interrupted(CliError):
    """Ctrl-C where nothing is left running by it."""

    exit_code = ExitCode.INTERRUPTED
    style = "warn"

    def __init__(self) -> None:
        super().__init__("Interrupted")


class Unforeseen(CliError):
    """A mistake in this program."""

    exit_code = ExitCode.INTERNAL

    def __init__(self, error: Exception):
        super().__init__(
            "Something went wrong in this program",
            f"{type(error).__name__}: {error}",
            hint="REELSTEP_DEBUG=1 shows where.",
        )


class CloudFailed(Unreachable):
    """The local cloud could not be started or changed."""


_EXIT_BY_STATUS: Mapping[int, ExitCode] = {
    401: ExitCode.NOT_ALLOWED,
    402: ExitCode.NOT_ALLOWED,
    403: ExitCode.NOT_ALLOWED,
    404: ExitCode.NOT_FOUND,
    429: ExitCode.UNREACHABLE,
}

_HINTS: Mapping[str, str] = {
    "MALFORMED_REQUEST": "This program and the API disagree. Are both up to date?",
    "INSUFFICIENT_TOKENS": "Ask for a shorter film or a lower --quality; see:  reelstep account",
    "PLAN_LIMIT": "Stay within it, or ask for another plan; see:  reelstep account",
    "VALIDATION_FAILED": "Change what is named above and try again.",
    "CONTENT_REJECTED": "Describe something else.",
    "RATE_LIMITED": "Wait a moment and try again.",
    "QUEUE_FULL": "Many films are waiting. Try again in a few minutes.",
}
# What a field of the API is called on the command line, where that is another name.
_OPTIONS: Mapping[str, str] = {
    "durationSeconds": "--duration",
    "quality": "--quality",
    "visualStyle": "--style",
    "musicStyle": "--music",
    "includeElements": "--element",
    "companionId": "--companion",
    "companionIds": "--companion",
    "language": "--language",
    "aspectRatio": "--aspect",
    "captions": "--captions",
    "transition": "--transition",
    "voice": "--voice",
    "maxTokens": "--max-tokens",
    "callbackUrl": "--callback-url",
}


class ApiProblem(CliError):
    """A refusal of the API, with what it means on the command line.

    `problem` is the body as it came; `retry_after_seconds` is when the API wants to be asked
    again, where it says so.
    """

    def __init__(self, refused: client.ApiProblem):
        self.status = refused.status
        self.problem = refused.problem
        self.retry_after_seconds = refused.retry_after
        hint = _HINTS.get(refused.code, "")
        if refused.retry_after is not None and refused.status in (429, 503):
            hint = f"Try again in {refused.retry_after:.0f} s."
        elif refused.status >= 500 and not hint:
            hint = "Try again; if it stays, `reelstep status` and the trace id tell more."
        super().__init__(
            refused.title,
            refused.detail,
            hint=hint,
            fields=[(option_of(each.field), each.message) for each in refused.errors],
            facts=_facts(refused.code, refused.problem),
            trace_id=refused.trace_id,
            code=refused.code,
        )
        self.exit_code = exit_code_for(refused.status)

    def document(self) -> dict[str, Any]:
        """Everything the API said, in its own names, with our hint and exit code added."""
        after = self.retry_after_seconds
        waiting = {} if after is None else {"retryAfterSeconds": after}
        ours = super().document()
        ours.pop("errors", None)
        return {"status": self.status, **self.problem, **waiting, **ours}


def option_of(field: str) -> str:
    """The option that a field of the API is given by: `--element` for `includeElements[2]`."""
    return _OPTIONS.get(re.split(r"[.\[]", field, maxsplit=1)[0], field)


def exit_code_for(status: int) -> ExitCode:
    """Exit code of an HTTP error: what to change decides, not the number's hundreds alone."""
    if status in _EXIT_BY_STATUS:
        return _EXIT_BY_STATUS[status]
    return ExitCode.UNREACHABLE if status >= 500 else ExitCode.USAGE


def _facts(code: str, problem: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What a problem says besides its sentence, as names and values."""
    field = str(problem.get("field") or "")
    option = option_of(field)
    if code == "INSUFFICIENT_TOKENS":
        return _shortfall(problem.get("required"), problem.get("balance"))
    if code == "PLAN_LIMIT" and "limit" in problem:
        unit = " s" if field == "durationSeconds" else ""
        limit = f"{problem['limit']}{unit}"
        allowed = f"{option} up to {limit}" if option else f"up to {limit}"
        return [("your plan", str(problem.get("plan") or "")), ("allows", allowed)]
    if code == "CONTENT_REJECTED":
        return [("reason", str(problem.get("category") or "")), ("found in", option)]
    return []


def _shortfall(required: Any, balance: Any) -> list[tuple[str, str]]:
    if not isinstance(required, int) or not isinstance(balance, int):
        return []
    return [
        ("needed", f"{required:,} tokens"),
        ("you have", f"{balance:,}"),
        ("missing", f"{required - balance:,}"),
    ]
