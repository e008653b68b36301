"""The one job model. A pipeline adds phases and steps; it does not add states."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from reelstep.wallet.ledger import Charge


class JobKind(StrEnum):
    GENERATION = "generation"
    CLIP = "clip"
    WORKFLOW = "workflow"
    MEDIA = "media"


class JobStatus(StrEnum):
    """QUEUED → STARTING → PROCESSING → one of the terminal three, which never change again."""

    QUEUED = "QUEUED"
    STARTING = "STARTING"
    PROCESSING = "PROCESSING"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"

    @property
    def terminal(self) -> bool:
        return self in TERMINAL

    @property
    def public(self) -> str:
        """What clients see: STARTING is an inner matter and looks like QUEUED."""
        return JobStatus.QUEUED.value if self is JobStatus.STARTING else self.value


TERMINAL = frozenset({JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.CANCELLED})
RUNNING = frozenset({JobStatus.STARTING, JobStatus.PROCESSING})


class Phase(StrEnum):
    SCRIPT_GENERATION = "SCRIPT_GENERATION"
    ASSET_GENERATION = "ASSET_GENERATION"
    COMPOSITING = "COMPOSITING"
    RENDERING = "RENDERING"
    ENCODING = "ENCODING"
    FINALIZATION = "FINALIZATION"


# Percent of the whole job that each phase stands for, in order (design §4).
PHASE_WEIGHTS: dict[JobKind, dict[Phase, int]] = {
    **{kind: {} for kind in JobKind},
    JobKind.GENERATION: {
        Phase.SCRIPT_GENERATION: 5,
        Phase.ASSET_GENERATION: 25,
        Phase.COMPOSITING: 10,
        Phase.RENDERING: 45,
        Phase.ENCODING: 10,
        Phase.FINALIZATION: 5,
    },
}


class PhaseProgress(BaseModel):
    """Units done of a phase; `total` is 0 until a step knows how many there are."""

    model_config = ConfigDict(frozen=True)

    done: int = 0
    total: int = 0
    started_at: str | None = None
    completed_at: str | None = None

    @property
    def percent(self) -> int:
        return 0 if self.total <= 0 else min(100, 100 * self.done // self.total)


class JobError(BaseModel):
    """Why a job failed, for the person who asked for it."""

    model_config = ConfigDict(frozen=True)

    code: str
    message: str
    stage: str


class Job(BaseModel):
    """One row of the table. Times are ISO-8601 UTC; `price` is in tokens."""

    model_config = ConfigDict(frozen=True)

    job_id: str
    kind: JobKind
    user_id: str
    status: JobStatus = JobStatus.QUEUED
    phase: Phase | None = None
    percent: int = Field(default=0, ge=0, le=100)
    phases: dict[Phase, PhaseProgress] = Field(default_factory=dict)
    request: dict[str, Any]
    price: int
    priority: int = 4
    cap: int = Field(default=1, description="jobs of this user that may run at once")
    providers: tuple[str, ...] = Field(default=(), description="those whose slots it needs")
    charge: int = Field(default=1, description="counts how often the job was paid for")
    refunded: int = Field(default=0, description="tokens of the last charge given back")
    estimate_micro_usd: int = Field(default=0, description="what we expect to spend on it")
    fingerprint: str = Field(default="", description="of the request, for its idempotency key")
    context: dict[str, Any] = Field(default_factory=dict, description="looked up at submit")
    attempt: int = 0
    attempt_at: str | None = Field(default=None, description="when this attempt was started")
    slots: tuple[str, ...] = Field(default=(), description="scopes it holds a slot of")
    resumed: int = Field(default=0, description="lost executions that were replaced")
    seq: int = 0
    created_at: str
    queued_at: str = ""
    started_at: str | None = None
    heartbeat_at: str | None = None
    completed_at: str | None = None
    last_event_at: str | None = None
    execution_arn: str | None = None
    trace_id: str = ""
    locale: str = Field(default="en", description="language of the texts for people: en, fr")
    favorite: bool = False
    degraded: tuple[str, ...] = ()
    error: JobError | None = None
    output: dict[str, Any] = Field(default_factory=dict)

    @property
    def weights(self) -> dict[Phase, int]:
        return PHASE_WEIGHTS[self.kind]

    @property
    def paid_by(self) -> Charge:
        """The charge that this run of the job is paid with."""
        return Charge(self.user_id, self.job_id, self.charge)


def blank_phases(kind: JobKind) -> dict[Phase, PhaseProgress]:
    return {phase: PhaseProgress() for phase in PHASE_WEIGHTS[kind]}
