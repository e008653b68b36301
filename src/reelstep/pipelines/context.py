"""What every step of every pipeline is given: its job, the stores, the providers, a work folder."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from reelstep.accounts.reputation import Reputations
from reelstep.artifacts.store import ArtifactStore
from reelstep.jobs.admission import Admission
from reelstep.jobs.executions import Executions
from reelstep.jobs.model import RUNNING, Job, JobKind, Phase
from reelstep.jobs.previews import Preview
from reelstep.jobs.reporter import StepReporter
from reelstep.jobs.repository import JobRepository
from reelstep.pipelines.interruptible import until_stopped
from reelstep.pipelines.screening import Screening
from reelstep.pipelines.texts import progress_text
from reelstep.platform import aws
from reelstep.platform.errors import ArtifactMissing, StaleExecution
from reelstep.platform.observability import logger
from reelstep.platform.settings import ARTIFACT_DAYS, Settings
from reelstep.providers.registry import Registry
from reelstep.wallet.ledger import Ledger


class StepInput(BaseModel):
    """What every state passes; steps add their own fields."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    job_id: str
    attempt: int


def repository(settings: Settings) -> JobRepository:
    return JobRepository(aws.dynamodb(), settings.table, settings.limits.event_days)


def admission(settings: Settings) -> Admission:
    """What starts jobs: the queue, the slots and the state machines."""
    machines = {JobKind.GENERATION.value: settings.generation_state_machine_arn}
    executions = Executions(aws.stepfunctions(), machines)
    return Admission(repository(settings), executions, settings.limits)


def ledger(settings: Settings) -> Ledger:
    return Ledger(aws.dynamodb(), settings.table)


def screening(settings: Settings) -> Screening:
    """What reviews texts before anything is reserved."""
    moderator = Registry.from_config(settings.providers).moderation
    return Screening(moderator, Reputations(aws.dynamodb(), settings.table))


def media_store(settings: Settings) -> ArtifactStore:
    """Where finished films and their sidecars live."""
    return ArtifactStore(aws.s3(), settings.media_bucket)


@dataclass(frozen=True)
class Step:
    """One run of one step for one attempt of one job."""

    settings: Settings
    jobs: JobRepository
    job: Job
    worker_id: str

    @cached_property
    def artifacts(self) -> ArtifactStore:
        return ArtifactStore(aws.s3(), self.settings.artifacts_bucket)

    @cached_property
    def media(self) -> ArtifactStore:
        return media_store(self.settings)

    @cached_property
    def providers(self) -> Registry:
        return Registry.from_config(self.settings.providers)

    def reporter(self, phase: Phase, index: object = 0, *, interval: float = 0.5) -> StepReporter:
        return StepReporter(
            self.jobs,
            self.job.job_id,
            self.job.attempt,
            phase,
            str(index),
            partial(progress_text, self.job.locale),
            interval,
        )

    def make_once(self, key: str, make: Callable[[], bytes | Path], reporter: StepReporter) -> bool:
        """Store what `make` gives unless it is there; a cancelled job ends the wait for it.

        Raises StepCancelled. True when `make` had to run.
        """
        return self.artifacts.make_once(key, lambda: until_stopped(make, reporter.should_stop))

    def preview(self, kind: str, number: int, key: str, **facts: Any) -> Preview:
        """An artifact to be told of with the step's last report. Raises ArtifactMissing.

        A result that was found may be weeks old: how long it is kept counts from its own time.
        """
        stored_at = self.artifacts.stored_at(key)
        if stored_at is None:
            raise ArtifactMissing("What this step has made is gone; please try again", detail=key)
        kept_until = int((stored_at + timedelta(days=ARTIFACT_DAYS)).timestamp())
        return Preview(kind=kind, number=number, key=key, kept_until=kept_until, facts=facts)

    @contextmanager
    def workdir(self) -> Iterator[Path]:
        """A folder of this run's own under /tmp, gone at the end however it ends."""
        with tempfile.TemporaryDirectory(prefix=f"reelstep-{self.job.job_id}-") as folder:
            yield Path(folder)


def open_step(event: Mapping[str, Any], worker_id: str) -> Step:
    """Read the job of a state's input. Raises StaleExecution when this attempt is over.

    `worker_id` names this run (the Lambda request id), for clients and logs.
    """
    given = StepInput.model_validate(event)
    settings = Settings.load()
    jobs = repository(settings)
    job = jobs.get(given.job_id)
    logger.append_keys(job_id=given.job_id, attempt=given.attempt)
    if job is None or job.status not in RUNNING or job.attempt != given.attempt:
        raise StaleExecution("This job has ended, was deleted, or runs under a newer attempt")
    logger.append_keys(trace_id=job.trace_id)
    return Step(settings, jobs, job, worker_id)
