"""Loudness as ffmpeg's `ebur128` filter reports it (EBU R 128, ITU-R BS.1770-4)."""

from __future__ import annotations

import re

from pydantic import BaseModel, ConfigDict

from reelstep.platform.errors import MediaUnreadable

SILENCE_LUFS = -60.0
"""At or under this a track counts as silent; the filter's own floor is -70."""

LOUDNESS_FILTER = "ebur128@{name}=peak=true:framelog=quiet"
"""One instance per thing measured; `parse_summaries` finds it by name."""


class Loudness(BaseModel):
    """`integrated` in LUFS, `range_lu` in LU, `true_peak` in dBTP (-inf becomes -120)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    integrated: float
    range_lu: float
    true_peak: float

    @property
    def is_silent(self) -> bool:
        return self.integrated <= SILENCE_LUFS


_SUMMARY = re.compile(
    r"\[(?P<name>[^\]@]+?)(?:@(?P<label>\w+))? @ 0x[0-9a-f]+\] Summary:\s+"
    r"Integrated loudness:\s+I:\s+(?P<integrated>\S+) LUFS.*?"
    r"LRA:\s+(?P<range>\S+) LU\b.*?"
    r"Peak:\s+(?P<peak>\S+) dBFS",
    re.DOTALL,
)


def parse_summaries(log: str) -> dict[str, Loudness]:
    """Every summary in ffmpeg's log by its instance's name.

    Raises MediaUnreadable when there is none: the run had no sound to measure.
    """
    found = {
        match["label"] or match["name"]: Loudness(
            integrated=_number(match["integrated"]),
            range_lu=_number(match["range"]),
            true_peak=_number(match["peak"]),
        )
        for match in _SUMMARY.finditer(log)
    }
    if not found:
        raise MediaUnreadable("There is no sound to measure.", detail=log[-2000:])
    return found


def _number(text: str) -> float:
    value = float(text)
    return max(value, -120.0) if value == value else -120.0
