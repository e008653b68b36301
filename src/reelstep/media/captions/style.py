"""How captions and titles look: sizes from the frame, colours, widths of text in em."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from reelstep.media.captions import text as writing
from reelstep.media.captions.cues import line_cells_for
from reelstep.media.fonts import EMOJI, LATIN, is_mark, runs

TEXT, ACCENT = "&HFFFFFF&", "&H3DC8FF&"  # BGR: white, and a warm amber (#FFC83D)
LEADING = 1.34
TITLE_LEADING = 1.22
_CELL_EM = 0.585
"""Mean advance of Noto Sans Bold, in running text of several languages."""
_MAX_TITLE_LINES = 3


@dataclass(frozen=True)
class CaptionStyle:
    """Pixels. `baseline` is that of a cue's last line; `title_centre` the middle of the title."""

    width: int
    height: int
    em: float
    usable_width: float
    baseline: float
    title_em: float
    title_centre: float
    title_cells: int

    @property
    def bar_width(self) -> int:
        return round(self.title_em * 2.2)

    @property
    def bar_height(self) -> int:
        return max(2, round(self.title_em * 0.09))


def style_for(width: int, height: int) -> CaptionStyle:
    """Letters as large as the longest line allows, within a safe area that players leave free.

    Upright films are watched on phones, whose apps cover the lowest fifth of the picture.
    """
    upright = height > width * 1.2
    usable = width * (0.88 if upright else 0.86)
    line_cells = line_cells_for(width, height)
    em = min(height * 0.05, usable / (line_cells * _CELL_EM))
    title_cells = 14 if upright else 20 if width < height * 1.5 else 26
    return CaptionStyle(
        width=width,
        height=height,
        em=em,
        usable_width=usable,
        baseline=height * (0.79 if upright else 0.905),
        title_em=min(height * 0.1, usable / (title_cells * _CELL_EM)),
        title_centre=height * (0.36 if upright else 0.42),
        title_cells=title_cells,
    )


def style_lines(style: CaptionStyle) -> str:
    """The [V4+ Styles] entries. Encoding -1: see `ass`."""

    def line(name: str, em: float, outline: float) -> str:
        fill, edge = ("&H70100C0A",) * 2 if name == "Shade" else ("&H00FFFFFF", "&H0018120E")
        return (
            f"Style: {name},{LATIN.name},{em * LATIN.height:.1f},{fill},{fill},{edge},{edge},"
            f"-1,0,0,0,100,100,0,0,1,{outline:.2f},0,2,0,0,0,-1\n"
        )

    return (
        line("Shade", style.em, style.em * 0.11)
        + line("Caption", style.em, style.em * 0.06)
        + line("Title", style.title_em, style.title_em * 0.035)
        + line("Bar", style.title_em, style.title_em * 0.015)
    )


def descent_em(texts: Sequence[str], language: str) -> float:
    """Below the baseline, as libass counts it: the deepest family of the line (em).

    The base family counts always, since the spaces are in it.
    """
    families = {family for text in texts for family, _ in runs(text, language)} | {LATIN}
    return max(family.descent for family in families)


_NARROW, _SLIM, _BROAD = frozenset("ijlI.,:;'|! "), frozenset('ftr()[]{}-/\\"`*'), "mwMW@%&"


def width_em(words: Sequence[str]) -> float:
    """An upper estimate of the width of a line of these words, in em of the bold fonts."""
    total = 0.0
    for index, word in enumerate(words):
        if index:
            total += 0.26 * len(writing.separator(words[index - 1], word))
        for family, run in runs(word):
            total += sum(_advance(character, family is EMOJI) for character in run)
    return total


def _advance(character: str, emoji: bool) -> float:
    if is_mark(character) or character in "\u200c\u200d\ufe0f\u2060":
        return 0.3 if writing.cells(character) else 0.0
    if emoji:
        return 1.3
    if writing.cells(character) > 1:
        return 1.0
    if character in _NARROW:
        return 0.34
    if character in _SLIM:
        return 0.47
    if character in _BROAD:
        return 1.0
    return 0.72 if character.isupper() else 0.64


def title_lines(title: str, style: CaptionStyle, language: str) -> tuple[list[str], float]:
    """The title in up to three even lines, and its em in pixels; what does not fit ends in "…"."""
    cells = style.title_cells
    words = [
        piece
        for word in title.split(" ")
        if word
        for piece in writing.pieces(word, cells * 1.5, language)
    ]
    if not words:
        return [], style.title_em
    budget = float(cells)
    while (lines := _wrap(words, budget)) and len(lines) > _MAX_TITLE_LINES:
        if budget >= cells * 1.5:
            lines = [*lines[: _MAX_TITLE_LINES - 1], lines[_MAX_TITLE_LINES - 1] + "…"]
            break
        budget += 1
    narrowest = budget
    while narrowest > 4 and len(_wrap(words, narrowest - 1)) == len(lines) <= _MAX_TITLE_LINES:
        if lines[-1].endswith("…") and not title.endswith("…"):
            break
        narrowest -= 1
        lines = _wrap(words, narrowest)
    widest = max(width_em(line.split(" ")) for line in lines)
    return lines, min(style.title_em, style.usable_width / max(widest, 1.0))


def _wrap(words: Sequence[str], budget: float) -> list[str]:
    lines = [words[0]]
    for before, word in pairwise(words):
        candidate = lines[-1] + writing.separator(before, word) + word
        if writing.cells(candidate) <= budget:
            lines[-1] = candidate
        else:
            lines.append(word)
    return lines
