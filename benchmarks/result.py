"""What a case has measured, and the machine it ran on."""

from __future__ import annotations

import os
import platform
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Ratio:
    """Ours against a yardstick, in seconds of the same run; `target` is the promised bound, where
    there is one.

    `higher_is_better` says whether the ratio shown is yardstick/ours (times faster) or
    ours/yardstick (times the cost).
    """

    case: str
    ours: str
    yardstick: str
    ours_seconds: float
    yardstick_seconds: float
    target: float | None = None
    higher_is_better: bool = False
    notes: dict[str, Any] = field(default_factory=dict)

    @property
    def ratio(self) -> float:
        if self.higher_is_better:
            return self.yardstick_seconds / self.ours_seconds
        return self.ours_seconds / self.yardstick_seconds

    @property
    def met(self) -> bool | None:
        """None where nothing was promised."""
        if self.target is None:
            return None
        return self.ratio >= self.target if self.higher_is_better else self.ratio <= self.target

    def as_json(self) -> dict[str, Any]:
        bound = "≥" if self.higher_is_better else "≤"
        return {
            "case": self.case,
            "ours": self.ours,
            "yardstick": self.yardstick,
            "oursSeconds": _rounded(self.ours_seconds),
            "yardstickSeconds": _rounded(self.yardstick_seconds),
            "ratio": round(self.ratio, 3),
            "target": None if self.target is None else f"{bound} {self.target:g}",
            "met": self.met,
            **({"notes": self.notes} if self.notes else {}),
        }


def _rounded(seconds: float) -> float:
    """To the millisecond; what takes less than 0.1 s, to a hundredth of one."""
    return round(seconds, 3 if seconds >= 0.1 else 5)


class Unavailable(Exception):
    """A case cannot run here; the message says what is missing."""


@dataclass(frozen=True)
class Took:
    """Seconds by the clock, and of processor time with that of the processes it started."""

    wall: float
    cpu: float


def measure(work: Callable[[], object]) -> Took:
    """What one call takes. Processor time counts only processes that have ended by then."""
    before, start = os.times(), time.perf_counter()
    work()
    wall, after = time.perf_counter() - start, os.times()
    return Took(wall, sum(after[:4]) - sum(before[:4]))


def alternate(works: Sequence[Callable[[], object]], times: int) -> list[Took]:
    """The medians of each, run in turns so that a busy moment of the machine hits all."""
    taken: list[list[Took]] = [[] for _ in works]
    for _ in range(times):
        for work, list_of in zip(works, taken, strict=True):
            list_of.append(measure(work))
    return [
        Took(
            wall=statistics.median(took.wall for took in each),
            cpu=statistics.median(took.cpu for took in each),
        )
        for each in taken
    ]


def machine() -> dict[str, Any]:
    """What matters of this machine; nothing that names it."""
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        names = [line for line in cpuinfo.read_text().splitlines() if line.startswith("model name")]
        model = names[0].partition(":")[2].strip() if names else model
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "cpu": model,
        "cores": os.cpu_count(),
        "memoryGiB": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30),
        "python": platform.python_version(),
        "loadBefore": round(os.getloadavg()[0], 2),
    }
