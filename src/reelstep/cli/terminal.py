"""How everything looks: one palette, two streams, and the shapes that all commands share.

Results go to stdout and trouble to stderr. With `--json`, stdout has JSON alone and whatever is
meant for people goes to stderr. Rich leaves colours out for NO_COLOR, pipes and dumb terminals.
"""

from __future__ import annotations

import json
import os
import re
import sys
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from rich.box import ASCII, ROUNDED
from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text
from rich.theme import Theme

from reelstep.cli.errors import CliError

WIDEST = 96
THEME = Theme(
    {
        "brand": "bold cyan",
        "good": "green",
        "bad": "bold red",
        "warn": "yellow",
        "soft": "bright_black",
        "key": "cyan",
        "value": "default",
        "strong": "bold",
        "bar.back": "bright_black",
        "bar.complete": "cyan",
        "bar.finished": "green",
        "bar.pulse": "cyan",
    }
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]+")


class Marks:
    """The few signs we use, in letters where the terminal's encoding has no more."""

    def __init__(self, console: Console):
        plain = console.options.ascii_only or console.legacy_windows
        self.done = "+" if plain else "✓"
        self.failed = "x" if plain else "✗"
        self.running = ">" if plain else "▸"
        self.waiting = "-" if plain else "·"
        self.favorite = "*" if plain else "★"
        self.dot = "-" if plain else "·"
        self.minus = "-" if plain else "−"
        self.times = "x" if plain else "×"
        self.more = "..." if plain else "…"


class Terminal:
    """Where one command writes. `human` is the stream for people, `say` its shorthand."""

    def __init__(
        self, *, as_json: bool = False, out: Console | None = None, err: Console | None = None
    ):
        self.as_json = as_json
        self.out = out or console_for(stderr=False)
        self.err = err or console_for(stderr=True)
        self.human = self.err if as_json else self.out
        self.marks = Marks(self.human)

    @property
    def live(self) -> bool:
        """Whether bars can be drawn: a real terminal that can move its cursor."""
        return self.human.is_terminal and not self.human.is_dumb_terminal

    def say(self, *what: RenderableType) -> None:
        for each in what:
            self.human.print(each)

    def emit(self, document: Any) -> None:
        """One JSON document on stdout."""
        sys.stdout.write(json.dumps(document, ensure_ascii=_ascii_only(), indent=2) + "\n")
        sys.stdout.flush()

    def emit_line(self, document: Any) -> None:
        """One JSON document on one line, at once."""
        text = json.dumps(document, ensure_ascii=_ascii_only(), separators=(",", ":"))
        sys.stdout.write(text + "\n")
        sys.stdout.flush()

    def commands(self, rows: Iterable[tuple[str, str]], *, indent: int = 2) -> None:
        """What to type next, each on one line however long: a wrapped command cannot be copied."""
        shown = list(rows)
        width = max((len(name) for name, _ in shown), default=0)
        for name, typed in shown:
            line = Text(" " * indent)
            line.append(f"{name:<{width}}  ", "soft")
            line.append(typed, "key")
            self.human.print(line, soft_wrap=True)

    def dotted(self, *parts: str) -> str:
        """`20 s · HD · 8.4 MB`, without what is empty."""
        return f" {self.marks.dot} ".join(part for part in parts if part)


def _ascii_only() -> bool:
    """Whether JSON must escape what stdout's encoding could lack."""
    return "utf" not in (getattr(sys.stdout, "encoding", None) or "").lower()


def console_for(*, stderr: bool) -> Console:
    """A console in our palette, no wider than is pleasant to read."""
    console = Console(stderr=stderr, theme=THEME, highlight=False, emoji=False, markup=False)
    if console.width > WIDEST:
        console.width = WIDEST
    return console


def clean(text: str) -> str:
    """Somebody's text for a line on a terminal: no control or direction-changing characters."""
    return _CONTROL.sub(" ", unicodedata.normalize("NFC", text)).strip()


def shorten(text: str, more: str, letters: int = 150) -> str:
    """The beginning of a long text, cut between words."""
    line = clean(text)
    if len(line) <= letters:
        return line
    head = line[:letters]
    return (head.rsplit(" ", 1)[0] if " " in head else head) + more


def pairs(rows: Iterable[tuple[str, RenderableType]], *, indent: int = 2) -> Table:
    """Names and values in two columns; an empty value leaves its row out."""
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style="soft", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in rows:
        if value == "" or value is None:
            continue
        table.add_row(" " * indent + name, value)
    return table


def panel(body: RenderableType, title: str, style: str, console: Console) -> Panel:
    box = ASCII if console.options.ascii_only else ROUNDED
    return Panel(
        body,
        title=Text(title, style=style),
        title_align="left",
        border_style=style,
        box=box,
        padding=(0, 1),
        safe_box=True,
    )


def error_panel(error: CliError, console: Console) -> Panel:
    """Title, why, the fields or facts, the trace id: in this order, what is known of it."""
    parts: list[RenderableType] = []
    if error.fields:
        table = Table.grid(padding=(0, 2, 0, 0))
        table.add_column(style="warn", no_wrap=True)
        table.add_column(overflow="fold")
        for name, message in error.fields:
            table.add_row(clean(name), clean(message))
        parts.append(table)
    elif error.detail:
        parts.append(Text(clean(error.detail)))
    if error.facts:
        parts.append(pairs([(name, clean(value)) for name, value in error.facts], indent=0))
    if error.trace_id:
        parts.append(Text(f"trace {clean(error.trace_id)}", style="soft"))
    return panel(Group(*parts), clean(error.title), error.style, console)


def print_error(error: CliError, console: Console) -> None:
    """A panel, or a line when the title says it all; under it what to do, to be copied whole."""
    if error.detail or error.fields or error.facts or error.trace_id:
        console.print(error_panel(error, console))
    else:
        console.print(Text(f"{Marks(console).failed} {clean(error.title)}", error.style))
    for line in error.hint.splitlines():
        console.print(Text(f"  {clean(line)}", "strong"), soft_wrap=True)


def seconds_text(seconds: float | None) -> str:
    """`0.4 s`, `12 s`, `1:05`, `1:02:09`; empty for None."""
    if seconds is None:
        return ""
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes}:{rest:02d}"
    return f"{minutes // 60}:{minutes % 60:02d}:{rest:02d}"


def length_text(seconds: float) -> str:
    """A film's length: `20 s`, `1 min 30 s`, `12.5 s`."""
    if seconds < 60:
        return f"{seconds:g} s"
    minutes, rest = divmod(seconds, 60)
    return f"{minutes:.0f} min {rest:g} s" if rest else f"{minutes:.0f} min"


def megabytes_text(megabytes: float | None) -> str:
    if megabytes is None:
        return ""
    return f"{megabytes:.1f} MB" if megabytes < 100 else f"{megabytes:.0f} MB"


def tokens_text(tokens: int) -> str:
    """`1 token`, `12,000 tokens`."""
    return f"{tokens:,} token{'' if abs(tokens) == 1 else 's'}"


def wait_text(minutes: float) -> str:
    """How long a film would wait: `none`, `under a minute`, `about 15 min`."""
    if minutes <= 0:
        return "none"
    return "under a minute" if minutes < 1 else f"about {minutes:.0f} min"


def usd_text(amount: float | None) -> str:
    """Small sums keep two digits that mean something: `$0.0012`, `$1.20`."""
    if amount is None:
        return ""
    if amount == 0:
        return "$0"
    return f"${amount:.2f}" if amount >= 0.1 else f"${amount:.2g}"


def ago_text(moment: datetime | None, now: datetime | None = None) -> str:
    """`12 s ago`, `5 min ago`, `3 h ago`, then the date."""
    if moment is None:
        return ""
    seconds = max(0.0, ((now or datetime.now(UTC)) - moment).total_seconds())
    if seconds < 5:
        return "just now"
    if seconds < 60:
        return f"{seconds:.0f} s ago"
    if seconds < 3600:
        return f"{seconds // 60:.0f} min ago"
    if seconds < 86400:
        return f"{seconds // 3600:.0f} h ago"
    return moment.astimezone().strftime("%Y-%m-%d")


def local_time(moment: datetime) -> str:
    """`2026-11-21 10:08` where this machine is."""
    return moment.astimezone().strftime("%Y-%m-%d %H:%M")


def home_path(path: os.PathLike[str] | str) -> str:
    """A path as one would type it from here: relative where it is below this directory."""
    absolute = os.path.abspath(path)
    try:
        relative = os.path.relpath(absolute)
    except ValueError:
        return absolute  # another drive
    return absolute if relative.startswith("..") else relative
