"""`python -m benchmarks [case …]`: run the cases, print the ratios, keep them as JSON."""

from __future__ import annotations

import argparse
import datetime
import json
import sys
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.live_latency import report_to_browser
from benchmarks.moviepy_case import against_moviepy
from benchmarks.rendering import against_bare_encoder
from benchmarks.result import Ratio, Unavailable, machine
from benchmarks.startup import against_bare_handler

RESULTS = Path(__file__).with_name("results")

CASES: dict[str, Callable[[], list[Ratio]]] = {
    "render": lambda: against_bare_encoder("STANDARD"),
    "render-hd": lambda: against_bare_encoder("HD"),
    "moviepy": against_moviepy,
    "imports": against_bare_handler,
    "live-latency": report_to_browser,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("cases", nargs="*", metavar="case", help=f"of: {', '.join(CASES)}")
    parser.add_argument("--out", type=Path, help="the JSON file (default: results/<date>.json)")
    arguments = parser.parse_args()
    unknown = sorted(set(arguments.cases) - set(CASES))
    if unknown:
        parser.error(f"no such case: {', '.join(unknown)}")
    console = Console(stderr=True)
    started = datetime.datetime.now(datetime.UTC)
    about = machine()
    ratios: list[Ratio] = []
    skipped: dict[str, str] = {}
    for name in arguments.cases or CASES:
        with console.status(f"{name} …"):
            try:
                ratios += CASES[name]()
            except Unavailable as reason:
                skipped[name] = str(reason)
    out = arguments.out or RESULTS / f"{started:%Y-%m-%d}.json"
    out.parent.mkdir(parents=True, exist_ok=True)
    report = {
        "startedAt": f"{started:%Y-%m-%dT%H:%M:%SZ}",
        "machine": about,
        "ratios": [ratio.as_json() for ratio in ratios],
        "skipped": skipped,
    }
    out.write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    show(ratios, skipped)
    return 0


_COLOURS = {True: "green", False: "red", None: "default"}


def _seconds(seconds: float) -> str:
    return f"{seconds:.2f}" if seconds >= 1 else f"{seconds:.4f}"


def show(ratios: list[Ratio], skipped: dict[str, str]) -> None:
    """The table of ratios, on standard output."""
    table = Table(title="Reelstep against its yardsticks")
    for column in ("case", "ours", "yardstick"):
        table.add_column(column)
    for column in ("ours, s", "yardstick, s", "ratio", "target"):
        table.add_column(column, justify="right")
    for ratio in ratios:
        shown = ratio.as_json()
        table.add_row(
            ratio.case,
            ratio.ours,
            ratio.yardstick,
            _seconds(ratio.ours_seconds),
            _seconds(ratio.yardstick_seconds),
            f"[{_COLOURS[ratio.met]}]{ratio.ratio:.2f}[/]",
            shown["target"] or "",
        )
    console = Console()
    if not console.is_terminal:
        console = Console(width=130)
    console.print(table)
    for name, reason in skipped.items():
        console.print(f"{name}: not run, {reason}")


if __name__ == "__main__":
    sys.exit(main())
