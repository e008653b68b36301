"""Following a job by its event log: what is known of it, as frozen data, event by event.

The log has a gapless `seq`, so reading "everything after n" again and again misses nothing and
shows nothing twice, however often the connection drops in between.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from reelstep.cli.answers import Event, Video
from reelstep.cli.api import Api
from reelstep.cli.errors import ApiProblem, LostTouch, Unreachable

POLL_SECONDS = 0.35
QUIET_SECONDS = 5.0  # without events for so long, the job's own record is asked

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

    video_id: str
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

    def settle(self, video: Video) -> JobProgress:
        """The job's end as its record tells it, for a log that no longer has it."""
        at = video.completed_at or datetime.now(UTC)
        if video.status == "COMPLETED":
            return self._completed(at)
        if video.status == "FAILED":
            return replace(
                self,
                status="FAILED",
                ended=at,
                error_message=video.error_message or "",
                error_stage=video.current_phase or "",
            )
        return replace(self, status=video.status, ended=at)

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


@dataclass(frozen=True)
class Step:
    """One thing that happened, and the job after it. `event` is None where the record told it."""

    job: JobProgress
    event: Event | None

    def document(self) -> dict[str, Any]:
        """The event as the API sent it; of a log that has expired, its last line made again."""
        if self.event is not None:
            return self.event.document
        ended = self.job.ended.isoformat().replace("+00:00", "Z") if self.job.ended else None
        return {
            "event": f"job:{self.job.status.lower()}",
            "generationId": self.job.video_id,
            "seq": self.job.seq,
            "at": ended,
        }


def follow(
    api: Api,
    job: JobProgress,
    *,
    poll_seconds: float = POLL_SECONDS,
    quiet_seconds: float = QUIET_SECONDS,
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[Step]:
    """Every event of a job in order, from the one after `job.seq` to its last; ends with the job.

    Raises:
        ApiProblem: the job is unknown.
        LostTouch: the API stopped answering; the job itself goes on.
    """
    asked = None
    while True:
        try:
            events = api.events(job.video_id, after=job.seq)
            for event in sorted(events, key=lambda each: each.seq):
                if event.seq > job.seq:
                    job = job.apply(event)
                    yield Step(job, event)
            now = clock()
            if events:
                asked = now
            elif asked is None or now - asked >= quiet_seconds:
                asked = now
                video = api.video(job.video_id)
                # The end may have been written between the two requests: the log is read first.
                if video.finished and not api.events(job.video_id, after=job.seq):
                    job = job.settle(video)
                    yield Step(job, None)
            if job.finished and not _goes_on(api, job):
                return
        except ApiProblem as problem:
            if problem.status < 500 and problem.status != 429:
                raise
            raise _lost(problem) from problem
        except Unreachable as error:
            raise _lost(error) from error
        sleep(poll_seconds)


def so_far(api: Api, video_id: str) -> JobProgress:
    """A job as its log tells it up to now."""
    job = JobProgress(video_id)
    while events := [each for each in api.events(video_id, after=job.seq) if each.seq > job.seq]:
        for event in sorted(events, key=lambda each: each.seq):
            job = job.apply(event)
    return job


def _goes_on(api: Api, job: JobProgress) -> bool:
    """Whether the end that the log told was that of an attempt, with another one after it."""
    if job.status != "FAILED":
        return False
    finished = api.video(job.video_id).finished
    return not finished or bool(api.events(job.video_id, after=job.seq))


def _lost(error: ApiProblem | Unreachable) -> LostTouch:
    return LostTouch(
        "The API stopped answering while your film was made",
        error.detail or error.title,
        hint="The film is made on its side all the same.",
        trace_id=error.trace_id,
    )
