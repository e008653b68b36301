"""What is seen while a film is made: live bars on a terminal, plain lines in a pipe, JSON lines.

A view is a context manager with `show(job, event)`; nothing in here talks to the API.
"""

from __future__ import annotations

from datetime import UTC, datetime
from types import TracebackType
from typing import Protocol, Self

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.constrain import Constrain
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from reelstep.cli.terminal import Marks, Terminal, clean, seconds_text
from reelstep.client.answers import Event
from reelstep.client.effects import LiveState
from reelstep.client.progress import JobProgress, PhaseProgress, label_of

LABEL_WIDTH = 12
PLAIN_STEP_PERCENT = 10
ECHO_WIDTH = 3
OUT_OF_TOUCH = "no connection; trying again"


class View(Protocol):
    """Shows a job as its events come in, and whether they do."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    def show(self, job: JobProgress, event: Event) -> None: ...

    def became(self, state: LiveState) -> None: ...


def view_for(terminal: Terminal, job: JobProgress, *, json_lines: bool = False) -> View:
    """Bars where they can be drawn, else lines; `json_lines` puts each event on stdout instead."""
    if json_lines:
        return JsonLines(terminal)
    return LiveBars(terminal, job) if terminal.live else PlainLines(terminal, job)


class Bars:
    """The six lines, the whole film's bar and the current message, as one renderable."""

    def __init__(self, job: JobProgress, marks: Marks, now: datetime | None = None):
        self.job = job
        self.out_of_touch = False
        self._marks = marks
        self._now = now

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        now = self._now or datetime.now(UTC)
        job = self.job
        # A terminal echoes Ctrl-C as ^C: on a full last line that would wrap and spoil the redraw.
        width = max(1, options.max_width - ECHO_WIDTH)
        table = Table.grid(padding=(0, 1), expand=True)
        table.add_column(width=3, justify="right")
        table.add_column(width=LABEL_WIDTH, no_wrap=True)
        table.add_column(ratio=1)
        table.add_column(width=5, justify="right", no_wrap=True)
        table.add_column(width=8, justify="right", no_wrap=True)
        for phase in job.phases:
            table.add_row(*self._phase_row(phase, now))
        table.add_row()
        table.add_row(*self._film_row(now))
        yield Constrain(table, width)
        message = self._message()
        if message:
            line = Text(f"    {message}", "soft", no_wrap=True, overflow="ellipsis")
            yield Constrain(line, width)

    def _phase_row(self, phase: PhaseProgress, now: datetime) -> tuple[RenderableType, ...]:
        marks = self._marks
        if phase.failed:
            mark, style = Text(marks.failed, "bad"), "bad"
        elif phase.percent >= 100:
            mark, style = Text(marks.done, "good"), "default"
        elif phase.started is not None:
            mark, style = Text(marks.running, "brand"), "strong"
        else:
            mark, style = Text(marks.waiting, "soft"), "soft"
        begun = phase.started is not None
        return (
            mark,
            Text(phase.label, style),
            _bar(phase.percent, failed=phase.failed),
            Text(f"{int(phase.percent)} %" if begun else "", style),
            Text(seconds_text(phase.seconds(now)), "soft"),
        )

    def _film_row(self, now: datetime) -> tuple[RenderableType, ...]:
        job = self.job
        failed = job.status in ("FAILED", "CANCELLED")
        return (
            Text(),
            Text("Film", "bad" if failed else "brand"),
            _bar(job.percent, failed=failed),
            Text(f"{int(job.percent)} %", "strong"),
            Text(seconds_text(job.seconds(now)), "soft"),
        )

    def _message(self) -> str:
        job = self.job
        if job.finished:
            return ""
        if self.out_of_touch:
            return OUT_OF_TOUCH
        if job.status == "QUEUED":
            place = f": number {job.position} in the queue" if job.position else ""
            return f"Waiting to start{place}"
        here = job.current
        return clean(here.message or f"{here.label}{self._marks.more}") if here else ""


def _bar(percent: float, *, failed: bool) -> ProgressBar:
    colour = "bad" if failed else "bar.complete"
    return ProgressBar(
        total=100,
        completed=percent,
        style="bar.back",
        complete_style=colour,
        finished_style="bad" if failed else "bar.finished",
    )


class LiveBars:
    """Redraws the bars in place, several times a second so that the clocks run."""

    def __init__(self, terminal: Terminal, job: JobProgress):
        self._terminal = terminal
        self._bars = Bars(job, terminal.marks)
        self._live = Live(
            self._bars,
            console=terminal.human,
            refresh_per_second=8,
            redirect_stdout=False,
            redirect_stderr=False,
        )

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._live.stop()

    def show(self, job: JobProgress, event: Event) -> None:
        self._bars.job = job

    def became(self, state: LiveState) -> None:
        self._bars.out_of_touch = state is LiveState.RECONNECTING


class PlainLines:
    """A line for each phase that begins or ends and for every 10 % of the film: for logs."""

    def __init__(self, terminal: Terminal, job: JobProgress):
        self._terminal = terminal
        self._before = job
        self._first = True
        self._out_of_touch = False
        self._tens = int(job.percent) // PLAIN_STEP_PERCENT

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        return None

    def show(self, job: JobProgress, event: Event) -> None:
        before, first = self._before, self._first
        self._before, self._first = job, False
        said = False
        moved = before.status != "QUEUED" or job.position != before.position
        if job.status == "QUEUED" and (first or moved):
            self._line(job, f"queued, position {job.position}" if job.position else "queued")
            said = True
        if job.status == "PROCESSING" and before.status == "QUEUED":
            self._line(job, "started")
            said = True
        for now, was in zip(job.phases, before.phases, strict=True):
            if now.failed and not was.failed:
                self._line(job, f"{now.label} failed")
                said = True
            elif now.percent >= 100 > was.percent:
                took = seconds_text(now.seconds(job.ended or datetime.now(UTC)))
                self._line(job, f"{now.label} done" + (f" in {took}" if took else ""))
                said = True
            elif now.message and not was.message:
                self._line(job, f"{now.label}: {now.message}")
                said = True
        if job.finished and not before.finished:
            self._line(job, job.status.lower())
        elif int(job.percent) // PLAIN_STEP_PERCENT > self._tens and not said:
            self._line(job, f"{label_of(event.stage)}: {job.message}")
        self._tens = max(self._tens, int(job.percent) // PLAIN_STEP_PERCENT)

    def became(self, state: LiveState) -> None:
        lost = state is LiveState.RECONNECTING
        if lost and not self._out_of_touch:
            self._line(self._before, OUT_OF_TOUCH)
        elif self._out_of_touch and state in (LiveState.LIVE, LiveState.POLLING):
            self._line(self._before, "connected again")
        else:
            return
        self._out_of_touch = lost

    def _line(self, job: JobProgress, text: str) -> None:
        self._terminal.human.print(Text(f"{int(job.percent):3d} %  {clean(text)}"), soft_wrap=True)


class JsonLines:
    """Each event on a line of its own on stdout, as the API sent it."""

    def __init__(self, terminal: Terminal):
        self._terminal = terminal

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        return None

    def show(self, job: JobProgress, event: Event) -> None:
        self._terminal.emit_line(event.document)

    def became(self, state: LiveState) -> None:
        """Not an event."""
