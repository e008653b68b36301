"""Captions as files of their own: SubRip and WebVTT."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from reelstep.media.captions import text as writing
from reelstep.media.timeline import CaptionWord, Cue

_WORD_JOINER = "\u2060"
_RIGHT_TO_LEFT_MARK = "\u200f"


def line_text(line: Sequence[CaptionWord]) -> str:
    """A line's words with the spaces that their script writes between them."""
    if not line:
        return ""
    joined = line[0].text
    for before, after in pairwise(line):
        joined += writing.separator(before.text, after.text) + after.text
    return joined


def to_srt(cues: Sequence[Cue], fps: int, *, language: str = "en") -> str:
    """SubRip, UTF-8. `-->` in a text is kept from looking like a time line."""
    return "".join(
        f"{number}\n{_time(cue.start_frame, fps, ',')} --> {_time(cue.end_frame, fps, ',')}\n"
        f"{_body(cue, language)}\n\n"
        for number, cue in enumerate(cues, start=1)
    )


def to_vtt(cues: Sequence[Cue], fps: int, *, language: str = "en") -> str:
    """WebVTT (W3C): `&`, `<` and `>` are escaped, so that no text is markup or a time line."""
    blocks = [
        f"{number}\n{_time(cue.start_frame, fps, '.')} --> {_time(cue.end_frame, fps, '.')}\n"
        f"{_body(cue, language, escape=True)}\n\n"
        for number, cue in enumerate(cues, start=1)
    ]
    return "WEBVTT\n\n" + "".join(blocks)


def _body(cue: Cue, language: str, *, escape: bool = False) -> str:
    mark = _RIGHT_TO_LEFT_MARK if writing.is_right_to_left(language) else ""
    lines = [mark + line_text(line) for line in cue.lines]
    body = "\n".join(lines)
    if escape:
        return body.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return body.replace("-->", f"--{_WORD_JOINER}>")


def _time(frame: int, fps: int, point: str) -> str:
    milliseconds = round(frame * 1000 / fps)
    seconds, milliseconds = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}{point}{milliseconds:03}"
