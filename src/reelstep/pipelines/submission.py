"""What every kind of job goes through on its way in, and when it is stopped or tried again."""

from __future__ import annotations

import hashlib
import json
import math
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aws_lambda_powertools.metrics import MetricUnit
from botocore.exceptions import BotoCoreError, ClientError

from reelstep.accounts.plans import TERMS, Plan
from reelstep.jobs import lifecycle
from reelstep.jobs.admission import Admission, Outlook
from reelstep.jobs.model import Job, JobKind, JobStatus, blank_phases
from reelstep.platform.clock import now_iso
from reelstep.platform.errors import Conflict, TableBusy
from reelstep.platform.observability import logger, metrics
from reelstep.wallet.ledger import Ledger

_IDS = uuid.UUID("6f1b5a0e-6d0c-5e37-9a54-0d9f6f0f7a11")


@dataclass(frozen=True)
class User:
    """Who asks. `locale` is the language of texts for this person."""

    id: str
    plan: Plan
    locale: str = "en"


@dataclass(frozen=True)
class Submitted:
    """A job that is in: `position` 0 when it has started."""

    job: Job
    position: int
    wait_seconds: float


@dataclass(frozen=True)
class Quote:
    """What a job would cost now, in tokens; `estimate_micro_usd` is what it costs us."""

    tokens: int
    balance: int
    wait_seconds: float
    estimate_micro_usd: int

    @property
    def sufficient(self) -> bool:
        return self.balance >= self.tokens


@dataclass(frozen=True)
class Submission:
    """The way in for the jobs of one user."""

    admission: Admission
    ledger: Ledger
    user: User

    def new_job(
        self,
        kind: JobKind,
        request: Mapping[str, Any],
        *,
        price: int,
        estimate_micro_usd: int,
        trace_id: str = "",
        idempotency_key: str | None = None,
        providers: tuple[str, ...] = (),
        context: Mapping[str, Any] | None = None,
    ) -> Job:
        """A job that is not written yet. The same user and key always give the same id."""
        now = now_iso()
        return Job(
            job_id=job_id(self.user.id, kind, idempotency_key),
            kind=kind,
            user_id=self.user.id,
            phases=blank_phases(kind),
            request=dict(request),
            context=dict(context or {}),
            fingerprint=_fingerprint(request),
            price=price,
            estimate_micro_usd=estimate_micro_usd,
            providers=providers,
            created_at=now,
            queued_at=now,
            trace_id=trace_id,
            locale=self.user.locale,
            **self._terms(),
        )

    def quote(self, job: Job) -> Quote:
        """What `job` would cost and how long it would wait; nothing is created but the wallet."""
        wallet = self.ledger.open(self.user.id, self.admission.limits.welcome_tokens)
        outlook = self.admission.outlook(job)
        return Quote(job.price, wallet.balance, outlook.seconds, job.estimate_micro_usd)

    def submit(self, job: Job) -> Submitted:
        """Reserve the price, queue the job and start it if there is room.

        Raises InsufficientTokens, QueueFull or Conflict; then nothing was reserved.
        """
        self.ledger.open(self.user.id, self.admission.limits.welcome_tokens)
        outlook = self.admission.outlook(job, submitting=True)
        job, new = lifecycle.submit(
            self.admission.jobs,
            job,
            position=outlook.position,
            queue_size=self.admission.limits.queue_size,
        )
        if new or job.status is JobStatus.QUEUED:
            return self._admitted(job, outlook)
        return Submitted(job, 0, 0.0)

    def standing(self, job: Job) -> Submitted:
        """Where a job that was submitted before is now."""
        if job.status is not JobStatus.QUEUED:
            return Submitted(job, 0, 0.0)
        outlook = self.admission.outlook(job)
        return Submitted(job, outlook.position, outlook.seconds)

    def cancel(self, job: Job, cause: str) -> Job:
        """End the job, refund what is not spent, stop its work. Raises Conflict when it ended."""
        ended = lifecycle.cancel(self.admission.jobs, job)
        if ended is None:
            raise Conflict(
                "It has ended already", french="Ce travail est déjà terminé", field="status"
            )
        if ended.attempt:
            # Whoever started it may not have noted the execution yet.
            arn = ended.execution_arn or self.admission.executions.arn(ended)
            try:
                self.admission.executions.stop(arn, cause)
            except (BotoCoreError, ClientError):
                # It is cancelled all the same: its steps look each second, and go.
                logger.exception("not stopped by its own cancel")
        return ended

    def retry(self, job: Job) -> Submitted:
        """Queue a failed job again, paid anew: the failure had refunded it.

        Raises Conflict unless it failed, InsufficientTokens, QueueFull.
        """
        if job.status is not JobStatus.FAILED:
            raise _not_failed()
        terms = self._terms()
        queued = {**terms, "status": JobStatus.QUEUED, "queued_at": now_iso()}
        outlook = self.admission.outlook(job.model_copy(update=queued))
        again = lifecycle.retry(
            self.admission.jobs,
            job,
            position=outlook.position,
            queue_size=self.admission.limits.queue_size,
            terms=terms,
        )
        if again is None:
            raise _not_failed()
        return self._admitted(again, outlook)

    def _admitted(self, job: Job, outlook: Outlook) -> Submitted:
        for started in self._admit(job):
            if started.job_id == job.job_id:
                return Submitted(started, 0, 0.0)
        now = self.admission.jobs.get(job.job_id) or job
        if now.status is not JobStatus.QUEUED:  # the table's stream was faster
            return Submitted(now, 0, 0.0)
        # Others may have come in between: it waits at least behind one of them.
        return Submitted(now, max(1, outlook.position), outlook.seconds)

    def _admit(self, job: Job) -> list[Job]:
        """Start what has room. The job is in and paid by now: an answer that says otherwise would
        have it sent, and paid, once more. What could not be started is by the stream or the sweep.
        """
        try:
            return self.admission.admit(job.kind, [job])
        except (BotoCoreError, ClientError, TableBusy):
            logger.exception("not admitted by its own request")
            metrics.add_metric("AdmissionsFailed", MetricUnit.Count, 1)
            return []

    def _terms(self) -> dict[str, int]:
        terms = TERMS[self.user.plan]
        return {"priority": terms.priority, "cap": terms.concurrent}


def job_id(user_id: str, kind: JobKind, idempotency_key: str | None) -> str:
    """Random without a key; derived with one, so that a double submit collides in the table."""
    if idempotency_key is None:
        return str(uuid.uuid4())
    return str(uuid.uuid5(_IDS, json.dumps([user_id, kind.value, idempotency_key])))


def whole_minutes(seconds: float) -> int:
    """Minutes that people are told: rounded up, 0 only for no wait."""
    return math.ceil(seconds / 60)


def _fingerprint(request: Mapping[str, Any]) -> str:
    text = json.dumps(request, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _not_failed() -> Conflict:
    return Conflict(
        "Only a job that failed can be retried",
        french="Seul un travail qui a échoué peut être relancé",
        field="status",
    )
