"""How a step says how far it is: its row, the phase's counter and an event, in one transaction."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from reelstep.events import log
from reelstep.jobs.model import RUNNING, Job, Phase
from reelstep.jobs.previews import Preview
from reelstep.jobs.progress import Advance, advance
from reelstep.jobs.repository import JobRepository, Reported
from reelstep.platform.clock import now_iso
from reelstep.platform.dynamo import TransactionRefused
from reelstep.platform.errors import StaleExecution, TableBusy

_TRIES = 25

# Text of a progress event, from the phase and its counters.
Describe = Callable[[Phase, int, int], str]


@dataclass
class StepReporter:
    """Progress of one step: `phase`, and `index` for the one of several that this is.

    `interval` seconds pass between writes, except for the last. `should_stop` asks the table at
    most each second whether the job is still this attempt's, for long work to end early.
    """

    repository: JobRepository
    job_id: str
    attempt: int
    phase: Phase
    index: str
    describe: Describe
    interval: float = 0.5
    _reported: Reported | None = field(default=None, init=False)
    _last_report: float = field(default=0.0, init=False)
    _last_look: float = field(default=0.0, init=False)
    _stopped: bool = field(default=False, init=False)

    def report(self, done: int, *, last: bool = False, preview: Preview | None = None) -> None:
        """`done` units of this step are finished so far; `preview` is what it has made, told with
        the last report. Raises StaleExecution.

        Raises TableBusy only for the last report: what another one could not say, the next does.
        """
        if not last and time.monotonic() - self._last_report < self.interval:
            return
        self._last_report = time.monotonic()
        for attempt in range(_TRIES):
            try:
                if self._try_report(done, preview):
                    return
            except TableBusy:
                if last:
                    raise
                return
            time.sleep(random.uniform(0, min(0.5, 0.01 * 2**attempt)))
        if last:
            raise TableBusy("This job is being changed by others without a pause")

    def should_stop(self) -> bool:
        """Whether the job has ended, was deleted or has a newer attempt."""
        if not self._stopped and time.monotonic() - self._last_look >= 1.0:
            self._last_look = time.monotonic()
            job = self.repository.get(self.job_id)
            self._stopped = job is None or not self._mine(job)
        return self._stopped

    def _mine(self, job: Job) -> bool:
        return job.status in RUNNING and job.attempt == self.attempt

    def _try_report(self, done: int, preview: Preview | None) -> bool:
        before = self._reported
        if before is None:
            before = self.repository.progress_row(self.job_id, self.phase, self.index)
        shown = preview.as_row(self.attempt) if preview else before.preview
        after = Reported(max(done, before.done), shown)
        # An earlier attempt has counted these units, but what it made need not be ours.
        if after == before:
            self._reported = before
            return True
        job = self.repository.get(self.job_id)
        if job is None or not self._mine(job):
            raise StaleExecution("This job has ended or runs under a newer attempt")
        now = now_iso()
        step = advance(job, self.phase, after.done - before.done, now)
        counted = step.phase_progress.done - after.done + before.done
        try:
            self.repository.change(
                job,
                sets=self._sets(step, now),
                # Two reporters that read the same counter: the second one counts again.
                expected={f"phases.{self.phase}.done": counted},
                event=self._event(step) if step.publish else None,
                at=now,
                also=[
                    self.repository.progress_action(
                        self.job_id, self.phase, self.index, before.done, after
                    )
                ],
            )
        except TransactionRefused:
            # Another step wrote in between, or a twin of this one moved our row: look again.
            self._reported = None
            return False
        self._reported = after
        return True

    def _sets(self, step: Advance, now: str) -> dict[str, object]:
        sets: dict[str, object] = {
            "heartbeat_at": now,
            "running_sk": now,
            f"phases.{self.phase}.done": step.phase_progress.done,
        }
        if step.publish:
            # Only with an event, which makes the write conditional on `seq`: else a reporter of
            # another phase that read older state could put an older percent over a newer one.
            sets |= {"phase": step.phase, "percent": step.percent}
        if step.phase_begins:
            sets[f"phases.{self.phase}.started_at"] = now
        if step.phase_progress.completed_at == now:
            sets[f"phases.{self.phase}.completed_at"] = now
        return sets

    def _event(self, step: Advance) -> tuple[str, dict[str, object]]:
        progress = step.phase_progress
        message = self.describe(self.phase, progress.done, progress.total)
        # The stage told is the one the job is in; a straggler of an earlier phase does not
        # take clients back to it.
        stage_percent = progress.percent if step.phase == self.phase else 0
        return (
            log.PROGRESS,
            log.progress(step.percent, step.phase, stage_percent, message),
        )
