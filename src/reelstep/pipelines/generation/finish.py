"""The end of every execution: COMPLETED, or FAILED with a named error."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from reelstep.accounts.reputation import Reputations
from reelstep.jobs import durations, lifecycle
from reelstep.jobs.model import Job, JobError
from reelstep.jobs.repository import JobRepository
from reelstep.platform import errors
from reelstep.platform.clock import now_iso
from reelstep.platform.errors import Retryable

# What Step Functions itself says, in our words.
_PLATFORM_ERRORS = {
    "States.Timeout": ("TIMED_OUT", "This step took longer than it may; please try again"),
    "Sandbox.Timedout": ("TIMED_OUT", "This step took longer than it may; please try again"),
    "Lambda.TooManyRequestsException": ("BUSY", "The system is too busy; please try again later"),
}
_UNKNOWN = ("INTERNAL_ERROR", "Something went wrong on our side; please try again")

_FRENCH = {
    "TIMED_OUT": "Cette étape a pris plus de temps que permis ; veuillez réessayer",
    "PLATFORM_UNAVAILABLE": "Un service dont nous dépendons n'a pas répondu ; veuillez réessayer",
    "TABLE_BUSY": "Trop de demandes à ce moment-là ; veuillez réessayer",
    "BUSY": "Le système est trop occupé ; veuillez réessayer plus tard",
    "INTERNAL_ERROR": "Un problème est survenu de notre côté ; veuillez réessayer",
    "PROVIDER_UNAVAILABLE": "Un service extérieur ne répond pas ; veuillez réessayer",
    "PROVIDER_REJECTED": "Un service extérieur a refusé cette demande ; changez le texte",
    "UNSUPPORTED_LANGUAGE": "Cette langue n'a pas de voix ; choisissez-en une autre",
    "SCRIPT_TOO_LONG": "Le texte est trop long pour la durée demandée ; allongez le film",
    "QUALITY_CHECK_FAILED": "Le film terminé n'a pas passé le contrôle ; veuillez réessayer",
}


def complete(
    jobs: JobRepository, job_id: str, attempt: int, output: Mapping[str, Any]
) -> Job | None:
    """COMPLETED with `output`; None when the job had ended before."""
    job = lifecycle.complete(jobs, job_id, attempt, output)
    if job is not None:
        durations.record(jobs, job)
        # One film more or less in a score: not worth failing the end of a job for.
        with suppress(Retryable):
            Reputations(jobs.client, jobs.table).completed(
                job.user_id, job.completed_at or now_iso(), event=job_id
            )
    return job


def fail(jobs: JobRepository, job_id: str, attempt: int, failure: Mapping[str, Any]) -> Job | None:
    """FAILED; `failure` has `error`, `cause` and `phase` as the state machine caught them."""
    job = jobs.get(job_id)
    locale = job.locale if job else "en"
    return lifecycle.fail(jobs, job_id, attempt, explain(failure, locale))


def explain(failure: Mapping[str, Any], locale: str) -> JobError:
    """An error for the person who asked: ours with its own message, others without detail."""
    error = _explain(failure)
    french = _FRENCH.get(error.code) if locale == "fr" else None
    return error.model_copy(update={"message": french}) if french else error


def _explain(failure: Mapping[str, Any]) -> JobError:
    name, stage = str(failure.get("error", "")), str(failure.get("phase", ""))
    known = getattr(errors, name, None)
    if isinstance(known, type) and issubclass(known, errors.ReelstepError):
        return JobError(code=_upper_snake(name), message=_message(failure), stage=stage)
    code, message = _PLATFORM_ERRORS.get(name, _UNKNOWN)
    return JobError(code=code, message=message, stage=stage)


def _message(failure: Mapping[str, Any]) -> str:
    """The errorMessage of a Lambda's error payload."""
    cause = str(failure.get("cause", ""))
    try:
        return str(json.loads(cause)["errorMessage"])
    except (ValueError, KeyError, TypeError):
        return cause or _UNKNOWN[1]


def _upper_snake(name: str) -> str:
    """FfmpegTimedOut → FFMPEG_TIMED_OUT."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).upper()
