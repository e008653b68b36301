"""Errors of the client as a person at the terminal reads them: with a hint and an exit code."""

from __future__ import annotations

from reelstep.cli import errors
from reelstep.cli.errors import CliError
from reelstep.client import errors as client


def told(error: client.ReelstepClientError, variable: str = "") -> CliError:
    """`variable` named the deployment in the environment; it is empty for the local cloud."""

    def as_a(kind: type[CliError], hint: str = "") -> CliError:
        hint = error.advice or hint
        return kind(error.title, error.detail, hint=hint, trace_id=error.trace_id)

    match error:
        case client.ApiProblem():
            return errors.ApiProblem(error)
        case client.NotSignedIn():
            return as_a(errors.NotSignedIn, _sign_in_hint(variable))
        case client.NoLocalCloud():
            return errors.NotRunning(error.detail)
        case client.WrongSettings():
            return as_a(errors.WrongUsage)
        case client.WrongPicture():
            fields = [("--avatar", error.detail)]
            return errors.WrongUsage(error.title, fields=fields, code="VALIDATION_FAILED")
        case client.DownloadFailed():
            return as_a(errors.DownloadFailed)
        case client.UploadFailed():
            return as_a(errors.UploadFailed)
        case client.LostTouch():
            return errors.LostTouch(
                "The API stopped answering while your film was made",
                error.detail,
                hint="The film is made on its side all the same.",
                trace_id=error.trace_id,
            )
        case client.NotTheApi():
            return as_a(errors.Unreachable, f"Check {variable}." if variable else "")
        case client.Unreachable() if not variable:
            return errors.NotRunning(f"{error.address} does not answer.")
    return as_a(errors.Unreachable, f"Check {variable} and your network." if variable else "")


def _sign_in_hint(variable: str) -> str:
    if not variable:
        return "`reelstep up` renews the sign-in of its users and creates those that are lacking."
    return (
        "Put a fresh Cognito ID token into REELSTEP_TOKEN, "
        "or your sign-in into REELSTEP_EMAIL and REELSTEP_PASSWORD."
    )
