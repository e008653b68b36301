"""What is known of a job from its events, as frozen data, event by event: for bars and pages.

job = JobProgress(job_id)
for event in client.follow(job_id):
    job = job.apply(event)
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from reelstep.client import routes
from reelstep.client.answers import Event
from reelstep.client.effects import Flow
from reelstep.client.exchange import Caller

PHASES: tuple[tuple[str, str], ...] = (
    ("SCRIPT_GENERATION", "Script"),
    ("ASSET_GENERATION", "Assets"),
    ("COMPOSITING", "Compositing"),
    ("RENDERING", "Rendering"),
    ("ENCODING", "Encoding"),
    ("FINALIZATION", "Finalization"),
)
_ORDER = {name: index for index, (name, _) in enumerate(PHASES)}
_LABEL = dict(PHASES)


def label_of(stage: str | None) -> str:
    """The phase's name for people: `ASSET_GENERATION` is Assets."""
    return _LABEL.get(stage or "", (stage or "").replace("_", " ").capitalize())


@dataclass(frozen=True)
class PhaseProgress:
    """One of the six lines. `percent` is of this phase alone, 0-100, and never goes down."""

    name: str
    percent: float = 0.0
    started: datetime | None = None
    ended: datetime | None = None
    failed: bool = False
    message: str = ""

    @property
    def label(self) -> str:
        return label_of(self.name)

    def seconds(self, now: datetime) -> float | None:
        """How long it has run, or ran; None before it starts."""
        if self.started is None:
            return None
        return max(0.0, ((self.ended or now) - self.started).total_seconds())


def _no_phases() -> tuple[PhaseProgress, ...]:
    return tuple(PhaseProgress(name) for name, _ in PHASES)


@dataclass(frozen=True)
class JobProgress:
    """All that the events so far say of a job."""

    job_id: str
    status: str = "QUEUED"
    percent: float = 0.0
    phases: tuple[PhaseProgress, ...] = field(default_factory=_no_phases)
    message: str = ""
    position: int | None = None
    seq: int = 0
    queued: datetime | None = None
    started: datetime | None = None
    ended: datetime | None = None
    error_code: str = ""
    error_message: str = ""
    error_stage: str = ""

    @property
    def finished(self) -> bool:
        return self.status in ("COMPLETED", "FAILED", "CANCELLED")

    @property
    def current(self) -> PhaseProgress | None:
        """The latest phase that has begun."""
        begun = [phase for phase in self.phases if phase.started is not None]
        return begun[-1] if begun else None

    def seconds(self, now: datetime) -> float | None:
        """Since it began to wait, until it ended or `now`."""
        since = self.queued or self.started
        if since is None:
            return None
        return max(0.0, ((self.ended or now) - since).total_seconds())

    def apply(self, event: Event) -> JobProgress:
        """The job after `event`; an event that is already in changes nothing."""
        if event.seq <= self.seq:
            return self
        # A failed job that goes on was tried again; what it had finished stays finished.
        again = self.status == "FAILED" and event.event in ("job:queued", "job:started")
        known = replace(self.again() if again else self, seq=event.seq)
        match event.event:
            case "job:queued":
                return replace(
                    known, queued=known.queued or event.at, position=event.position, started=None
                )
            case "job:started":
                return replace(
                    known,
                    status="PROCESSING",
                    started=event.at,
                    queued=known.queued or event.at,
                    phases=_begun_in_turn(known.phases, event.at),
                )
            case "job:progress":
                return known._progressed(event)
            case "job:completed":
                return known._completed(event.at)
            case "job:failed" if event.retry_in is None:
                return known._failed(event)
            case "job:cancelled":
                return replace(known, status="CANCELLED", ended=event.at)
        return known

    def again(self) -> JobProgress:
        """A failed job at the beginning of its next attempt."""
        return replace(
            self,
            status="QUEUED",
            position=None,
            queued=None,
            started=None,
            ended=None,
            error_code="",
            error_message="",
            error_stage="",
            phases=tuple(
                phase
                if phase.percent >= 100.0 and not phase.failed
                else replace(phase, started=None, ended=None, failed=False)
                for phase in self.phases
            ),
        )

    def _progressed(self, event: Event) -> JobProgress:
        here = _ORDER.get(event.stage or "", -1)
        return replace(
            self,
            status="PROCESSING",
            percent=max(self.percent, event.percent or 0.0),
            phases=_begun_in_turn(
                tuple(
                    _after_progress(phase, index, here, event)
                    for index, phase in enumerate(self.phases)
                ),
                self.started or event.at,
            ),
            message=event.message or self.message,
            started=self.started or event.at,
        )

    def _completed(self, at: datetime) -> JobProgress:
        return replace(
            self,
            status="COMPLETED",
            percent=100.0,
            ended=at,
            phases=tuple(
                replace(phase, percent=100.0, ended=phase.ended or at) for phase in self.phases
            ),
        )

    def _failed(self, event: Event) -> JobProgress:
        error = event.error
        stage = (error.stage if error else None) or (self.current.name if self.current else "")
        return replace(
            self,
            status="FAILED",
            ended=event.at,
            error_code=error.code if error else "",
            error_message=error.message if error else "",
            error_stage=stage,
            phases=tuple(
                replace(phase, failed=True, ended=event.at) if phase.name == stage else phase
                for phase in self.phases
            ),
        )


def so_far(caller: Caller, job_id: str) -> Flow[JobProgress]:
    """A job as its log tells it up to now."""
    job = JobProgress(job_id)
    while True:
        log = yield from caller.call(routes.events(job_id, job.seq))
        new = sorted((each for each in log.events if each.seq > job.seq), key=lambda one: one.seq)
        if not new:
            return job
        for event in new:
            job = job.apply(event)


def _begun_in_turn(phases: tuple[PhaseProgress, ...], first: datetime) -> tuple[PhaseProgress, ...]:
    """Each phase begins when the one before it ends: its first event comes with its first unit.

    None begins before `first`, the start of this attempt; those of earlier attempts keep theirs.
    """
    begun: list[PhaseProgress] = []
    before: datetime | None = first
    for phase in phases:
        begun.append(replace(phase, started=phase.started or (before and max(before, first))))
        before = phase.ended
    return tuple(begun)


def _after_progress(phase: PhaseProgress, index: int, here: int, event: Event) -> PhaseProgress:
    """A phase after a progress event of the phase with index `here`; earlier ones are done."""
    if index < here and phase.percent < 100.0:
        return replace(phase, percent=100.0, ended=phase.ended or event.at)
    if index < here and phase.ended is None:
        return replace(phase, ended=event.at)
    if index != here:
        return phase
    percent = min(100.0, max(phase.percent, event.stage_percent or 0.0))
    return replace(
        phase,
        percent=percent,
        ended=(phase.ended or event.at) if percent >= 100.0 else None,
        message=event.message or phase.message,
    )
