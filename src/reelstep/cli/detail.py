"""One film in full, as `reelstep show` prints it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import ValidationError
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from reelstep.cli.api import Phase, Video
from reelstep.cli.following import PHASES, label_of
from reelstep.cli.making import film_line
from reelstep.cli.terminal import (
    Terminal,
    ago_text,
    clean,
    pairs,
    panel,
    seconds_text,
    usd_text,
)

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
        Text(f"  {clean(video.prompt)}{star}", "strong"),
        Padding(_facts(terminal, video), (1, 0)),
    )
    phases = _phases(terminal, video)
    if phases.row_count:
        terminal.say(phases, Text())
    if video.error_message:
        terminal.say(_why(terminal, video), Text())
    checks = quality_line(terminal, video.document.get("qualityReport"))
    if checks:
        terminal.say(Text(f"  {checks[0]}", checks[1]), Text())
    steps: list[tuple[str, str]] = []
    if video.storage_url:
        steps.append(("Watch", f"reelstep open {short}"))
    elif not video.finished:
        steps.append(("Follow", f"reelstep follow {short}"))
    steps.append(("All of it", f"reelstep show {short} --json"))
    terminal.commands(steps)
    terminal.say(Text())


def _facts(terminal: Terminal, video: Video) -> Table:
    request = video.document
    return pairs(
        [
            ("Id", Text(video.id, "key")),
            ("Status", status_text(video)),
            ("Film", film_line(terminal, video)),
            ("Quality", video.quality),
            (
                "Style",
                terminal.dotted(
                    str(request.get("visualStyle") or ""), str(request.get("musicStyle") or "")
                ),
            ),
            ("Made", ago_text(video.created_at)),
            (
                "Took",
                seconds_text(
                    video.generation_time_minutes * 60
                    if video.generation_time_minutes is not None
                    else None
                ),
            ),
            (
                "Price",
                terminal.dotted(
                    f"{video.tokens_cost} tokens" if video.tokens_cost is not None else "",
                    f"cost {usd_text(video.cost_usd)}" if video.cost_usd is not None else "",
                ),
            ),
            ("Substitute", ", ".join(video.degraded or ())),
        ]
    )


def _phases(terminal: Terminal, video: Video) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(width=4, justify="right")
    table.add_column(no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    for phase in phases_of(video):
        if phase.name == video.current_phase and video.status == "FAILED":
            mark, style = Text(terminal.marks.failed, "bad"), "bad"
        elif phase.completed_at is not None:
            mark, style = Text(terminal.marks.done, "good"), "default"
        elif phase.started_at is not None:
            mark, style = Text(terminal.marks.running, "brand"), "strong"
        else:
            mark, style = Text(terminal.marks.waiting, "soft"), "soft"
        percent = phase.progress
        table.add_row(
            mark,
            Text(label_of(phase.name), style),
            Text("" if percent is None else f"{int(percent)} %", "soft"),
            Text(_between(phase.started_at, phase.completed_at), "soft"),
        )
    return table


def phases_of(video: Video) -> list[Phase]:
    """The phases that the API told of, in the order they run."""
    told = video.document.get("phases")
    phases = []
    for each in told if isinstance(told, list) else ():
        try:
            phases.append(Phase.model_validate(each))
        except ValidationError:
            continue
    order = {name: index for index, (name, _) in enumerate(PHASES)}
    return sorted(phases, key=lambda phase: order.get(phase.name, len(order)))


def _why(terminal: Terminal, video: Video) -> Panel:
    body = Text(clean(video.error_message or ""))
    return panel(body, f"Failed in {label_of(video.current_phase)}", "bad", terminal.human)


def quality_line(terminal: Terminal, report: Any) -> tuple[str, str] | None:
    """What the quality check said, in a line and its style; None when there is no report."""
    if not isinstance(report, Mapping) or not isinstance(report.get("checks"), list):
        return None
    checks = [each for each in report["checks"] if isinstance(each, Mapping)]
    bad = [str(each.get("name", "")) for each in checks if not each.get("passed", each.get("ok"))]
    if bad:
        return f"{terminal.marks.failed} quality check: {', '.join(bad)}", "bad"
    return f"{terminal.marks.done} quality check: {len(checks)} of {len(checks)} passed", "good"


def _between(start: datetime | None, end: datetime | None) -> str:
    return seconds_text((end - start).total_seconds()) if start and end else ""
