"""One film in full, as `reelstep show` prints it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from reelstep.cli.making import film_line, price_line
from reelstep.cli.terminal import (
    Terminal,
    ago_text,
    clean,
    pairs,
    panel,
    seconds_text,
)
from reelstep.client.answers import Video
from reelstep.client.progress import PHASES, label_of

_STATUS_STYLE = {
    "COMPLETED": "good",
    "FAILED": "bad",
    "CANCELLED": "warn",
    "PROCESSING": "brand",
    "QUEUED": "soft",
}


def status_text(video: Video) -> Text:
    """`completed`, or how far it is: `46 %`."""
    running = video.status == "PROCESSING"
    text = f"{int(video.progress_percentage)} %" if running else video.status.lower()
    return Text(text, _STATUS_STYLE.get(video.status, "value"))


def print_film(terminal: Terminal, video: Video) -> None:
    """Prompt, facts, phases, checks and where to go next."""
    short = video.id[:8]
    star = f" {terminal.marks.favorite}" if video.is_favorite else ""
    terminal.say(
        Text(),
        Padding(Text(f"{clean(video.prompt)}{star}", "strong"), (0, 2)),
        Padding(_facts(terminal, video), (1, 0)),
    )
    phases = _phases(terminal, video)
    if phases.row_count:
        terminal.say(phases, Text())
    if video.error_message:
        terminal.say(_why(terminal, video), Text())
    checks = quality_line(terminal, video.document.get("qualityReport"))
    if checks:
        terminal.say(Padding(Text(checks[0], checks[1]), (0, 2)), Text())
    steps: list[tuple[str, str]] = []
    if video.storage_url:
        steps.append(("Watch", f"reelstep open {short}"))
    elif not video.finished:
        steps += [("Follow", f"reelstep follow {short}"), ("Stop", f"reelstep cancel {short}")]
    elif video.status == "FAILED":
        steps.append(("Try again", f"reelstep retry {short}"))
    steps.append(("All of it", f"reelstep show {short} --json"))
    terminal.commands(steps)
    terminal.say(Text())


def _facts(terminal: Terminal, video: Video) -> Table:
    took = _between(video.created_at, video.completed_at)
    return pairs(
        [
            ("Id", Text(video.id, "key")),
            ("Title", clean(video.title or "")),
            ("Status", status_text(video)),
            ("Film", terminal.dotted(film_line(terminal, video), video.language or "")),
            ("Quality", video.quality),
            (
                "Asked for",
                terminal.dotted(ago_text(video.created_at), f"took {took}" if took else ""),
            ),
            ("Price", price_line(terminal, video)),
            ("Substitute", ", ".join(video.degraded or ())),
        ]
    )


def _phases(terminal: Terminal, video: Video) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(width=3, justify="right")
    table.add_column(no_wrap=True)
    for _ in range(3):
        table.add_column(justify="right", no_wrap=True)
    order = {name: index for index, (name, _) in enumerate(PHASES)}
    # As in the live view, a phase begins when the one before it ends, not with its first unit.
    begun = video.created_at
    for phase in sorted(video.phases, key=lambda each: order.get(each.phase, len(order))):
        if phase.phase == (video.error_phase or video.current_phase) and video.status == "FAILED":
            mark, style = Text(terminal.marks.failed, "bad"), "bad"
        elif phase.progress_percentage >= 100:
            mark, style = Text(terminal.marks.done, "good"), "value"
        elif phase.started_at is not None and not video.finished:
            mark, style = Text(terminal.marks.running, "brand"), "strong"
        else:
            mark, style = Text(terminal.marks.waiting, "soft"), "soft"
        table.add_row(
            mark,
            Text(label_of(phase.phase), style),
            Text(f"{int(phase.progress_percentage)} %" if phase.started_at else "", "soft"),
            Text(f"{phase.done} of {phase.total}" if phase.total else "", "soft"),
            Text(_between(begun, phase.completed_at), "soft"),
        )
        begun = phase.completed_at
    return table


def _why(terminal: Terminal, video: Video) -> Panel:
    body = Text(clean(video.error_message or ""))
    return panel(
        body,
        f"Failed in {label_of(video.error_phase or video.current_phase)}",
        "bad",
        terminal.human,
    )


def quality_line(terminal: Terminal, report: Any) -> tuple[str, str] | None:
    """What the quality check said, in a line and its style; None when there is no report."""
    if not isinstance(report, Mapping) or not isinstance(report.get("checks"), list):
        return None
    checks = [each for each in report["checks"] if isinstance(each, Mapping)]
    bad = [each for each in checks if not each.get("passed")]
    if bad:
        told = "; ".join(
            f"{each.get('name')}: {each.get('measured')}, not {each.get('expected')}"
            for each in bad
        )
        return f"{terminal.marks.failed} quality check: {clean(told)}", "bad"
    return f"{terminal.marks.done} quality check: {len(checks)} of {len(checks)} passed", "good"


def _between(start: datetime | None, end: datetime | None) -> str:
    return seconds_text((end - start).total_seconds()) if start and end else ""
