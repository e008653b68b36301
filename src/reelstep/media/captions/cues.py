"""From word timings to caption cues: where to cut, where to break the line, how long to stay."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from reelstep.media.captions import text as writing
from reelstep.media.timeline import CaptionWord, Cue

MAX_LINE_CELLS = 42
MIN_SECONDS = 1.0
MAX_SECONDS = 6.0
HOLD_SECONDS = 0.6
"""How long a cue stays after its last word, when nothing follows."""
BRIDGE_SECONDS = 0.5
"""A gap up to this long between two cues is closed: a caption that blinks off is a distraction."""
_PAUSE_SECONDS = 0.3
_MAX_PIECES = 42


@dataclass(frozen=True)
class _Piece:
    text: str
    start: float
    end: float


def line_cells_for(width: int, height: int) -> int:
    """Cells per line: 42 in a wide frame, fewer in square and upright ones for larger letters."""
    ratio = width / height
    if ratio >= 1.5:
        return MAX_LINE_CELLS
    if ratio >= 0.8:
        return 30
    return 22


def cues_for(
    words: Iterable[tuple[str, float, float]],
    *,
    start_frame: int,
    end_frame: int,
    fps: int,
    tempo: float = 1.0,
    language: str = "en",
    line_cells: int = MAX_LINE_CELLS,
) -> tuple[Cue, ...]:
    """Cues of one narration, in order and without overlap, none beyond `end_frame`; a cue that
    could only begin there is left out.

    `words` are (text, start, end) in seconds of the recording, which starts at `start_frame` and
    plays `tempo` times as fast. Each line has at most `line_cells` cells (`text.cells`), each cue
    two lines. Cuts prefer sentence ends, then clause ends and pauses; a cue stays at least one
    second where the next one leaves room.
    """
    spoken = _pieces(words, line_cells, language)
    if not spoken or end_frame <= start_frame:
        return ()
    groups = _segment(spoken, line_cells, tempo)

    def frame(seconds: float) -> int:
        return start_frame + round(seconds / tempo * fps)

    timed = [
        _frames_of(group, [(frame(p.start), frame(p.end)) for p in group], end_frame)
        for group in groups
    ]
    cues = []
    for index, (group, frames) in enumerate(zip(groups, timed, strict=True)):
        following = timed[index + 1][0].start_frame if index + 1 < len(timed) else None
        end = _end_of(frames, following, end_frame, fps)
        cut = _line_break(group, line_cells)
        lines = (frames[:cut], frames[cut:]) if cut else (frames,)
        cues.append(
            Cue(
                start_frame=frames[0].start_frame,
                end_frame=end,
                lines=tuple(tuple(line) for line in lines),
            )
        )
    return tuple(_without_overlap(cues, end_frame))


def _pieces(
    words: Iterable[tuple[str, float, float]], line_cells: int, language: str
) -> list[_Piece]:
    found: list[_Piece] = []
    at = 0.0
    for raw, start, end in words:
        for word in writing.clean(raw).split(" "):
            if not word:
                continue
            start, end = max(start, at), max(end, start, at)
            parts = writing.pieces(word, line_cells, language)
            weights = [max(writing.cells(part), 0.5) for part in parts]
            spent = 0.0
            for part, weight in zip(parts, weights, strict=True):
                share = (end - start) / sum(weights)
                found.append(_Piece(part, start + spent * share, start + (spent + weight) * share))
                spent += weight
            at = end
    return found


def _segment(spoken: Sequence[_Piece], line_cells: int, tempo: float) -> list[list[_Piece]]:
    """The cheapest way to cut all pieces into cues, by dynamic programming."""
    count = len(spoken)
    best = [0.0] + [float("inf")] * count
    came_from = [0] * (count + 1)
    for start in range(count):
        for stop in range(start + 1, min(count, start + _MAX_PIECES) + 1):
            if stop > start + 1 and not _fits(spoken[start:stop], line_cells):
                break
            cost = best[start] + _cost(spoken, start, stop, line_cells, tempo)
            if cost < best[stop]:
                best[stop], came_from[stop] = cost, start
    groups: list[list[_Piece]] = []
    at = count
    while at:
        groups.append(list(spoken[came_from[at] : at]))
        at = came_from[at]
    return groups[::-1]


def _width(group: Sequence[_Piece]) -> float:
    width = sum(writing.cells(piece.text) for piece in group)
    return width + sum(len(writing.separator(a.text, b.text)) for a, b in pairwise(group))


def _fits(group: Sequence[_Piece], line_cells: int) -> bool:
    """Greedy filling of two lines is enough to know whether any break fits."""
    used, lines = 0.0, 1
    before = ""
    for piece in group:
        gap = len(writing.separator(before, piece.text)) if before else 0
        width = writing.cells(piece.text)
        if used and used + gap + width > line_cells:
            lines += 1
            used = width
        else:
            used += gap + width
        before = piece.text
    return lines <= 2


def _cost(spoken: Sequence[_Piece], start: int, stop: int, line_cells: int, tempo: float) -> float:
    group = spoken[start:stop]
    last, following = group[-1], spoken[stop] if stop < len(spoken) else None
    cost = 1.0
    if following is not None:
        if writing.ends_sentence(last.text):
            cost += 0.0
        elif writing.ends_clause(last.text) or following.start - last.end >= _PAUSE_SECONDS:
            cost += 1.0
        else:
            cost += 4.0 + (3.0 if writing.leans_forward(last.text) else 0.0)
        if not writing.may_start_line(following.text):
            cost += 10.0
    cost += 1.5 * sum(writing.ends_sentence(piece.text) for piece in group[:-1])
    # What the reader gets: until the next words are spoken.
    until = following.start if following is not None else last.end + HOLD_SECONDS
    seconds = (until - group[0].start) / tempo
    cost += 6.0 * max(0.0, MIN_SECONDS - seconds) + 2.0 * max(0.0, seconds - MAX_SECONDS)
    fill = _width(group) / (2 * line_cells)
    return cost + 2.0 * max(0.0, 0.35 - fill) + 0.8 * max(0.0, fill - 0.8)


def _line_break(group: Sequence[_Piece], line_cells: int) -> int:
    """Index of the first piece of the second line; 0 for one line."""
    if _width(group) <= line_cells:
        return 0
    options = []
    for cut in range(1, len(group)):
        top, bottom = _width(group[:cut]), _width(group[cut:])
        if top > line_cells or bottom > line_cells:
            continue
        before, after = group[cut - 1].text, group[cut].text
        cost = 6.0 * abs(top - bottom) / (top + bottom) + (0.3 if top > bottom else 0.0)
        if writing.ends_sentence(before):
            cost -= 3.0
        elif writing.ends_clause(before):
            cost -= 1.5
        if writing.leans_forward(before):
            cost += 1.5
        if not writing.may_start_line(after):
            cost += 10.0
        options.append((cost, cut))
    return min(options)[1] if options else 0


def _frames_of(
    group: Sequence[_Piece], frames: Sequence[tuple[int, int]], end_frame: int
) -> tuple[CaptionWord, ...]:
    words = []
    at = 0
    for piece, (start, end) in zip(group, frames, strict=True):
        start = min(max(start, at), end_frame - 1)
        end = min(max(end, start + 1), end_frame)
        words.append(CaptionWord(text=piece.text, start_frame=start, end_frame=end))
        at = end
    return tuple(words)


def _end_of(frames: Sequence[CaptionWord], following: int | None, end_frame: int, fps: int) -> int:
    spoken_until = frames[-1].end_frame
    limit = end_frame if following is None else min(following, end_frame)
    if limit - spoken_until <= BRIDGE_SECONDS * fps and following is not None:
        return max(limit, frames[0].start_frame + 1)
    wanted = max(
        spoken_until + round(HOLD_SECONDS * fps), frames[0].start_frame + round(MIN_SECONDS * fps)
    )
    return max(min(wanted, limit), frames[0].start_frame + 1)


def _without_overlap(cues: Sequence[Cue], end_frame: int) -> list[Cue]:
    """Rounding may let a cue of a single frame touch the next; the later one then gives way."""
    found: list[Cue] = []
    for cue in cues:
        if found and cue.start_frame < found[-1].end_frame:
            start = found[-1].end_frame
            cue = cue.model_copy(
                update={"start_frame": start, "end_frame": max(cue.end_frame, start + 1)}
            )
        if cue.start_frame < end_frame:
            found.append(cue)
    return found
