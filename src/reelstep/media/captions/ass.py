r"""Burned captions: an ASS script for libass, one event per line, positioned to the pixel.

What was found out about libass 0.17.3 as ffmpeg 7.0.2 carries it, by rendering:

- Style encoding -1 makes it lay out a whole line by the Unicode bidi algorithm. With any other
  value each run between two override tags is laid out by itself, left to right, so an Arabic line
  with one highlighted word comes out with its words in the wrong order.
- The `ass` filter needs `shaping=complex`; the default joins Arabic but does not shape Devanagari.
- `\{` and `\}` show braces. A backslash shows as long as no letter that it could escape follows:
  a word joiner (U+2060, no width, no glyph) keeps them apart.
- `\t` and `\fade` take negative times, so a window into the film only shifts them, and a cue that
  crosses the border of two chunks looks the same on both sides.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from reelstep.media.captions import style as styles
from reelstep.media.captions import text as writing
from reelstep.media.captions.style import CaptionStyle
from reelstep.media.fonts import runs
from reelstep.media.timeline import CaptionWord, Cue, Title

_WORD_JOINER = "\u2060"
_LEFT_TO_RIGHT_MARK, _RIGHT_TO_LEFT_MARK = "\u200e", "\u200f"

_RAMP_MS = 90
"""A highlight comes and goes within this, around the word's edge."""
_CUE_FADE_MS = 120
_TITLE_FADE_IN_MS, _TITLE_FADE_OUT_MS = 500, 450
_HIGHLIGHT_GAP_SECONDS = 0.25


def to_ass(
    cues: Sequence[Cue],
    title: Title | None,
    *,
    width: int,
    height: int,
    fps: int,
    language: str = "en",
    from_frame: int = 0,
    to_frame: int | None = None,
) -> str:
    """The script for frames [from_frame, to_frame), whose first frame is at time 0.

    Sizes are for a frame of `width` by `height` pixels. Texts show literally, whatever they
    contain. Burn it with `burn_filter`.
    """
    style = styles.style_for(width, height)
    until = to_frame if to_frame is not None else _last_frame(cues, title)
    window = _Window(from_frame, until, fps)
    events: list[str] = []
    if title is not None and window.overlaps(title.start_frame, title.end_frame):
        events += _title_events(title, style, window, language)
    for index, cue in enumerate(cues):
        if not window.overlaps(cue.start_frame, cue.end_frame):
            continue
        before = cues[index - 1].end_frame if index else None
        after = cues[index + 1].start_frame if index + 1 < len(cues) else None
        events += _cue_events(
            cue,
            style,
            window,
            language,
            fades_in=before != cue.start_frame,
            fades_out=after != cue.end_frame,
        )
    return _header(style) + "".join(f"{event}\n" for event in events)


def burn_filter(script: str, fonts: str) -> str:
    """The filter that burns `script` with the fonts of the folder `fonts`.

    Both are plain names in ffmpeg's working directory, so that no path is ever part of a filter
    graph; anything else is a ValueError.
    """
    for name in (script, fonts):
        if not re.fullmatch(r"[A-Za-z0-9_.-]+", name):
            raise ValueError(f"not a plain name: {name!r}")
    return f"ass=filename={script}:fontsdir={fonts}:shaping=complex"


def escape(text: str) -> str:
    """`text` as it must stand in an event to show literally; it must be `clean` (one line)."""
    shown = []
    for character in text:
        if character in "{}":
            shown.append("\\" + character)
        elif character == "\\":
            shown.append("\\" + _WORD_JOINER)
        else:
            shown.append(character)
    return "".join(shown)


class _Window:
    """Frames [start, stop) of the film, and their times in the script."""

    def __init__(self, start: int, stop: int, fps: int):
        self.start, self.stop, self.fps = start, stop, fps

    def overlaps(self, start: int, end: int) -> bool:
        return start < self.stop and end > self.start

    def event_start(self, frame: int) -> int:
        """Centiseconds, rounded down: at or before its frame and, to 100 fps, after the last."""
        return max(frame - self.start, 0) * 100 // self.fps

    def event_end(self, frame: int) -> int:
        return (min(frame, self.stop) - self.start) * 100 // self.fps

    def milliseconds(self, frame: int, event_start_frame: int) -> int:
        """Of `frame`, counted from the start of an event; before it when negative."""
        at = round((frame - self.start) * 1000 / self.fps)
        return at - self.event_start(event_start_frame) * 10


def _last_frame(cues: Sequence[Cue], title: Title | None) -> int:
    ends = [cue.end_frame for cue in cues] + ([title.end_frame] if title else [])
    return max(ends, default=0)


def _cue_events(
    cue: Cue,
    style: CaptionStyle,
    window: _Window,
    language: str,
    *,
    fades_in: bool,
    fades_out: bool,
) -> list[str]:
    start = window.milliseconds(cue.start_frame, cue.start_frame)
    end = window.milliseconds(cue.end_frame, cue.start_frame)
    fade = _fade(start, end, _CUE_FADE_MS if fades_in else 0, _CUE_FADE_MS if fades_out else 0)
    words = [word for line in cue.lines for word in line]
    lit_until = _lit_until(words, window.fps)
    widest = max(styles.width_em([word.text for word in line]) for line in cue.lines)
    em = min(style.em, style.usable_width / max(widest, 1.0))
    events = []
    for number, line in enumerate(cue.lines):
        baseline = style.baseline - (len(cue.lines) - 1 - number) * em * styles.LEADING
        glyphs = _glyphs(line, em, language)
        lights = [
            _highlight(
                window.milliseconds(word.start_frame, cue.start_frame),
                window.milliseconds(lit_until[id(word)], cue.start_frame),
            )
            for word in line
        ]
        lit = "".join(f"{{{tags}}}{shown}" for tags, shown in zip(lights, glyphs, strict=True))
        descent = styles.descent_em([word.text for word in line], language) * em
        position = f"\\an2\\pos({style.width / 2:.1f},{baseline + descent:.1f})"
        text = f"{{{position}{fade}}}{_mark(language)}{lit}"
        shade = _shade("".join(glyphs), baseline + descent, em, fade, style, language)
        events.append(_event(window, cue.start_frame, cue.end_frame, "Shade", shade))
        events.append(_event(window, cue.start_frame, cue.end_frame, "Caption", text))
    return events


def _lit_until(words: Sequence[CaptionWord], fps: int) -> dict[int, int]:
    """Through a short gap the light stays on, so that it moves from word to word and no more."""
    until = {id(word): word.end_frame for word in words}
    for word, following in pairwise(words):
        if following.start_frame - word.end_frame <= _HIGHLIGHT_GAP_SECONDS * fps:
            until[id(word)] = following.start_frame
    return until


def _highlight(start: int, end: int) -> str:
    ramp = min(_RAMP_MS, (end - start) // 2)
    half = ramp // 2
    return (
        f"\\1c{styles.TEXT}"
        f"\\t({_time(start - half)},{_time(start + half)},\\1c{styles.ACCENT})"
        f"\\t({_time(end - half)},{_time(end + half)},\\1c{styles.TEXT})"
    )


def _time(milliseconds: int) -> int:
    """libass reads an end time of 0 as "the end of the event"."""
    return milliseconds or -1


def _fade(start: int, end: int, rise: int, fall: int) -> str:
    if not rise and not fall:
        return ""
    shown, gone = start + rise, end - fall
    if shown > gone:
        shown = gone = (start + end) // 2
    return f"\\fade({255 if rise else 0},0,{255 if fall else 0},{start},{shown},{gone},{end})"


def _glyphs(line: Sequence[CaptionWord], em: float, language: str) -> list[str]:
    """Each word as shown, the space before it included. The space is in the base family always:
    the emoji font has one that is an em and a quarter wide."""
    spaced = [line[0].text] + [
        writing.separator(before.text, word.text) + word.text for before, word in pairwise(line)
    ]
    return [_shown(word, em, language) for word in spaced]


def _shade(
    glyphs: str, bottom: float, em: float, fade: str, style: CaptionStyle, language: str
) -> str:
    """The same line as a soft dark cloud behind it: readable on snow, and no hard shadow."""
    tags = (
        f"\\an2\\pos({style.width / 2:.1f},{bottom + em * 0.05:.1f})"
        f"\\bord{em * 0.11:.2f}\\blur{em * 0.13:.2f}{fade}"
    )
    return f"{{{tags}}}{_mark(language)}{glyphs}"


def _shown(text: str, em: float, language: str) -> str:
    """Escaped text, each run in the family that has its glyphs and at the same em."""
    return "".join(
        f"{{\\fn{family.name}\\fs{em * family.height:.1f}}}{escape(run)}"
        for family, run in runs(text, language)
    )


def _mark(language: str) -> str:
    """The line's direction is that of its language, whichever script its first word is in."""
    return _RIGHT_TO_LEFT_MARK if writing.is_right_to_left(language) else _LEFT_TO_RIGHT_MARK


def _title_events(title: Title, style: CaptionStyle, window: _Window, language: str) -> list[str]:
    lines, em = styles.title_lines(writing.clean(title.text), style, language)
    if not lines:
        return []
    start = window.milliseconds(title.start_frame, title.start_frame)
    end = window.milliseconds(title.end_frame, title.start_frame)
    fade = _fade(start, end, _TITLE_FADE_IN_MS, _TITLE_FADE_OUT_MS)
    leading = em * styles.TITLE_LEADING
    first = style.title_centre - leading * (len(lines) - 1) / 2 + em * 0.35
    events = []
    for number, line in enumerate(lines):
        descent = styles.descent_em([line], language) * em
        y = first + number * leading + descent
        tags = f"\\an2\\pos({style.width / 2:.1f},{y:.1f}){fade}"
        glyphs = _shown(line, em, language)
        text = f"{{{tags}}}{_mark(language)}{glyphs}"
        shade = _shade(glyphs, y, em, fade, style, language)
        events.append(_event(window, title.start_frame, title.end_frame, "Shade", shade))
        events.append(_event(window, title.start_frame, title.end_frame, "Title", text))
    bar_y = first + (len(lines) - 1) * leading + em * 0.62
    bar = (
        f"{{\\an5\\pos({style.width / 2:.1f},{bar_y:.1f}){fade}\\1c{styles.ACCENT}\\fscx0"
        f"\\t({_time(start + 150)},{_time(start + 800)},0.5,\\fscx100)\\p1}}"
        f"m 0 0 l {style.bar_width} 0 l {style.bar_width} {style.bar_height} "
        f"l 0 {style.bar_height}{{\\p0}}"
    )
    events.append(_event(window, title.start_frame, title.end_frame, "Bar", bar))
    return events


def _event(window: _Window, start: int, end: int, style: str, text: str) -> str:
    begin = _clock(window.event_start(start))
    stop = _clock(window.event_end(end))
    layer = 0 if style == "Shade" else 1
    return f"Dialogue: {layer},{begin},{stop},{style},,0,0,0,,{text}"


def _clock(centiseconds: int) -> str:
    seconds, centiseconds = divmod(centiseconds, 100)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}.{centiseconds:02}"


def _header(style: CaptionStyle) -> str:
    return (
        "[Script Info]\nScriptType: v4.00+\n"
        f"PlayResX: {style.width}\nPlayResY: {style.height}\n"
        "WrapStyle: 2\nScaledBorderAndShadow: yes\nYCbCr Matrix: None\n\n"
        "[V4+ Styles]\n"
        "Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, "
        "BackColour, Bold, Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, "
        "BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding\n"
        + styles.style_lines(style)
        + "\n[Events]\n"
        "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
    )
