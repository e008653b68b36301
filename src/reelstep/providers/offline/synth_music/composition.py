"""Writes a piece as a list of notes: a pure function of style, length and seed.

A piece is a whole number of bars, with the tempo bent by a few percent to make it so, followed by
a last chord that rings out. Its sections follow an arc: an opening with few players, the theme,
the theme fuller, a second thought, a breath, the fullest moment, and an outro that thins out.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from reelstep.providers.base import MusicStyle
from reelstep.providers.offline.synth_music.styles import STYLES, Style

Motif = tuple[tuple[float, float, int], ...]
"""Melody notes: (beat, length in beats, steps away from a chord tone)."""


@dataclass(frozen=True)
class Note:
    """One sound. `start` in seconds; `pitch` as MIDI number (0 for drums); `length` in seconds."""

    start: float
    instrument: str
    pitch: int
    length: float
    gain: float
    pan: float = 0.0
    """-1 left to 1 right"""


@dataclass(frozen=True)
class Piece:
    style: Style
    seconds: float
    notes: tuple[Note, ...]
    fade_seconds: float


@dataclass(frozen=True)
class Bar:
    """What one bar needs to be played: its chord, how full the band is, what went before."""

    number: int
    start: float
    chord: tuple[int, ...]
    """MIDI pitches of the chord's voicing, root first in bass position below."""
    root: int
    energy: float
    section: str
    last_of_section: bool
    key: int


@dataclass
class _Writer:
    style: Style
    rng: random.Random
    beat: float
    notes: list[Note] = field(default_factory=list)

    def add(
        self,
        bar: Bar,
        at: float,
        instrument: str,
        pitch: int,
        beats: float,
        gain: float,
        pan: float = 0.0,
    ) -> None:
        """A note `at` beats into `bar`, a few milliseconds off as hands are."""
        loose = 0.0 if at == 0 else self.rng.uniform(-0.006, 0.006)
        start = max(bar.start + at * self.beat + loose, 0.0)
        touch = gain * self.rng.uniform(0.88, 1.06)
        self.notes.append(Note(start, instrument, pitch, beats * self.beat, touch, pan))


def compose(style_name: MusicStyle, seconds: float, seed: int) -> Piece:
    """The piece for `style_name`, exactly `seconds` long."""
    style = STYLES[style_name]
    rng = random.Random(f"{style_name}:{seed}")
    beats = rng.choice(style.meters)
    tempo = rng.uniform(*style.tempo)
    ring = min(max(3.2, 0.06 * seconds), 5.0) if seconds > 14 else 2.6
    bars = max(round((seconds - ring) / (60 / tempo * beats)), 2)
    beat = (seconds - ring) / (bars * beats)
    writer = _Writer(style, rng, beat)
    key = rng.choice(style.keys)
    progressions = rng.sample(style.progressions, 2)
    motif = _motif(style, rng, beats)
    answer = _motif(style, rng, beats)
    plan = _sections(bars)
    voicing: tuple[int, ...] = ()
    for number, (section, energy, last) in enumerate(plan):
        lift = style.lift if section.startswith("B") and bars > 40 else 0
        degrees = progressions[1] if section[0] in "BC" else progressions[0]
        degree = degrees[number % len(degrees)]
        voicing = _voicing(style, key + lift, degree, voicing)
        bar = Bar(
            number, number * beat * beats, voicing, _root(style, key + lift, degree),
            energy, section, last, key + lift,
        )  # fmt: skip
        tune = answer if section[0] in "BC" else motif
        _play_bar(writer, bar, beats, tune)
    _play_ending(writer, key, bars, beats, ring, voicing)
    return Piece(style, seconds, tuple(sorted(writer.notes, key=lambda n: n.start)), ring * 0.6)


def _sections(bars: int) -> list[tuple[str, float, bool]]:
    """(section, energy 0-1, last bar of it) for every bar."""
    intro = 1 if bars < 8 else 2 if bars < 16 else 4
    outro = 1 if bars < 8 else 2 if bars < 24 else 4
    body = bars - intro - outro
    cycle = (
        ("A1", 0.52), ("A2", 0.68), ("B1", 0.80), ("C1", 0.42), ("A3", 0.72), ("B2", 0.92),
        ("C2", 0.36), ("A4", 0.60), ("B3", 0.76), ("A5", 0.85),
    )  # fmt: skip
    length = 4 if body < 40 else 8
    count = max(round(body / length), 1)
    order: tuple[tuple[str, float], ...]
    if count <= 3:
        order = (cycle[0], cycle[1], cycle[5])[-count:]
    elif count == 4:
        order = (cycle[0], cycle[1], cycle[3], cycle[5])
    else:
        order = (*(cycle[index % len(cycle)] for index in range(count - 1)), ("B9", 1.0))
    plan: list[tuple[str, float, bool]] = []
    plan += [("I", 0.22 + 0.10 * index / intro, index == intro - 1) for index in range(intro)]
    for index, (name, energy) in enumerate(order):
        first, after = body * index // len(order), body * (index + 1) // len(order)
        plan += [(name, energy, bar == after - 1) for bar in range(first, after)]
    plan += [("O", 0.36 - 0.16 * index / outro, index == outro - 1) for index in range(outro)]
    return plan


def _root(style: Style, key: int, degree: int) -> int:
    """The bass note of a scale degree (0-based), between E1 and E flat 2."""
    pitch = key + style.scale[degree % 7]
    return 28 + (pitch - 28) % 12


def _voicing(style: Style, key: int, degree: int, before: tuple[int, ...]) -> tuple[int, ...]:
    """Chord tones around middle C, each close to a voice of the chord before."""
    steps = style.chord_steps
    tones = [key + style.scale[(degree + step) % 7] for step in steps]
    centre = 60 if not before else round(sum(before) / len(before) * 0.7 + 60 * 0.3)
    placed = sorted(centre - 6 + (tone - centre + 6) % 12 for tone in tones)
    return tuple(placed)


def _motif(style: Style, rng: random.Random, beats: int) -> Motif:
    """Two bars of melody: (beat, length in beats, step away from a chord tone or 0)."""
    notes: list[tuple[float, float, int]] = []
    for bar in range(2):
        rhythm = rng.choice(style.rhythms[beats])
        at = 0.0
        for length in rhythm:
            if length > 0:
                strong = at in (0.0, 2.0)
                step = 0 if strong else rng.choice((-1, 0, 0, 1, 1))
                notes.append((bar * beats + at, length, step))
            at += abs(length)
    return tuple(notes)


def _play_bar(writer: _Writer, bar: Bar, beats: int, motif: Motif) -> None:
    style = writer.style
    for part in style.parts:
        if part.enters <= bar.energy <= part.leaves:
            fade_in = min((bar.energy - part.enters) * 2.5 + 0.7, 1.0)
            PLAYERS[part.pattern](writer, bar, beats, part.instrument, part.gain * fade_in, motif)


def _pad(w: _Writer, bar: Bar, beats: int, who: str, gain: float, _: Motif) -> None:
    for index, pitch in enumerate(bar.chord):
        w.add(bar, 0, who, pitch, beats, gain, (-0.5, 0.5, -0.2, 0.2)[index % 4])


def _low_pad(w: _Writer, bar: Bar, beats: int, who: str, gain: float, _: Motif) -> None:
    w.add(bar, 0, who, bar.root + 12, beats, gain)
    w.add(bar, 0, who, bar.root + 19, beats, gain * 0.6)


def _bass_pulse(w: _Writer, bar: Bar, beats: int, who: str, gain: float, _: Motif) -> None:
    pattern = ((0.0, 1.4, 0), (1.5, 0.5, 0), (2.0, 1.3, 0), (3.5, 0.5, 7))
    for at, length, up in pattern:
        if at < beats:
            w.add(bar, at, who, bar.root + up, length, gain)


def _bass_long(w: _Writer, bar: Bar, beats: int, who: str, gain: float, _: Motif) -> None:
    w.add(bar, 0, who, bar.root, beats, gain)
    if bar.last_of_section and beats > 2:
        w.add(bar, beats - 1, who, bar.root + 7, 1, gain * 0.7)


def _ladder(bar: Bar) -> list[int]:
    """The chord spread over two octaves, low to high."""
    return [*bar.chord, *(pitch + 12 for pitch in bar.chord)]


def _arpeggio(w: _Writer, bar: Bar, beats: int, who: str, gain: float, _: Motif) -> None:
    ladder = _ladder(bar)
    shapes = ((0, 2, 4, 5, 3, 2, 4, 1), (0, 1, 3, 4, 5, 4, 3, 1), (0, 3, 2, 4, 3, 5, 4, 2))
    shape = shapes[(bar.key + len(bar.section) + bar.number // 4) % len(shapes)]
    for index in range(beats * 2):
        pitch = ladder[shape[index % 8] % len(ladder)]
        accent = 1.0 if index % 4 == 0 else 0.74
        w.add(bar, index / 2, who, pitch, 1.2, gain * accent, 0.4 if index % 2 else -0.4)


def _slow_arpeggio(w: _Writer, bar: Bar, beats: int, who: str, gain: float, _: Motif) -> None:
    ladder = _ladder(bar)
    for index in range(beats):
        pitch = ladder[(0, 2, 4, 1, 3)[(index + bar.number) % 5] % len(ladder)]
        w.add(bar, index + (0.5 if index % 2 else 0), who, pitch, 3, gain, 0.35 - 0.7 * (index % 2))


def _broken(w: _Writer, bar: Bar, beats: int, who: str, gain: float, _: Motif) -> None:
    """A pianist's left hand: root, then the chord rocking above it."""
    w.add(bar, 0, who, bar.root + 12, 2.5, gain)
    ladder = list(bar.chord)
    for index in range(1, beats * 2):
        pitch = ladder[(0, 1, 2, 1)[index % 4] % len(ladder)]
        w.add(bar, index / 2, who, pitch, 1.6, gain * (0.72 if index % 2 else 0.6), -0.25)


def _ostinato(w: _Writer, bar: Bar, beats: int, who: str, gain: float, _: Motif) -> None:
    """Short low strings in eighths: what drives an epic."""
    pitches = (bar.root + 12, bar.root + 12, bar.root + 19, bar.root + 12)
    for index in range(beats * 2):
        accent = 1.0 if index % (beats * 2) in (0, 3, 6) else 0.66
        w.add(bar, index / 2, who, pitches[index % 4], 0.4, gain * accent, -0.3)


def _stabs(w: _Writer, bar: Bar, beats: int, who: str, gain: float, _: Motif) -> None:
    """Off-beat chords, light on their feet."""
    for at in (0.5, 1.5, 2.5, 3.5)[:beats]:
        for index, pitch in enumerate(bar.chord):
            w.add(bar, at, who, pitch, 0.45, gain, -0.4 + 0.4 * index)


def _melody(
    w: _Writer,
    bar: Bar,
    beats: int,
    who: str,
    gain: float,
    motif: Motif,
) -> None:
    """The motif over the bar's chord; every fourth bar leaves room, the section's end rises."""
    phrase = bar.number % 4
    if phrase == 3 and not bar.last_of_section:
        motif = motif[:2]
    tones = sorted(63 + (pitch - 63) % 12 for pitch in bar.chord)
    tones += [tone + 12 for tone in tones[:2]]
    scale = sorted({63 + (bar.key + step - 63) % 12 for step in w.style.scale})
    scale += [pitch + 12 for pitch in scale[:4]]
    for index, (at, length, step) in enumerate(motif):
        inside = at - beats * (bar.number % 2)
        if not 0 <= inside < beats:
            continue
        tone = tones[(index * 2 + phrase) % len(tones)]
        near = min(range(len(scale)), key=lambda at: abs(scale[at] - tone))
        pitch = tone if step == 0 else scale[min(max(near + step, 0), len(scale) - 1)]
        w.add(bar, inside, who, pitch, length + 0.2, gain, 0.12)


Player = Callable[[_Writer, Bar, int, str, float, Motif], None]
"""(writer, bar, beats in it, instrument, gain, motif)"""


def _drum(hits: tuple[tuple[float, float], ...], pan: float = 0.0) -> Player:
    def play(w: _Writer, bar: Bar, beats: int, who: str, gain: float, _: Motif) -> None:
        for at, weight in hits:
            if at < beats:
                w.add(bar, at, who, 0, 0.5, gain * weight, pan)

    return play


def _shaker(w: _Writer, bar: Bar, beats: int, who: str, gain: float, _: Motif) -> None:
    for index in range(beats * 2):
        w.add(bar, index / 2, who, 0, 0.2, gain * (0.6 if index % 2 == 0 else 1.0), 0.3)


def _taiko(w: _Writer, bar: Bar, beats: int, who: str, gain: float, _: Motif) -> None:
    pattern: tuple[tuple[float, float], ...]
    pattern = ((0.0, 1.0), (1.5, 0.55), (2.0, 0.75), (3.0, 0.6), (3.5, 0.5))
    if bar.last_of_section:
        pattern = (*pattern[:3], *((3 + index / 4, 0.5 + index * 0.13) for index in range(4)))
    for at, weight in pattern:
        if at < beats:
            w.add(bar, at, who, 0, 1, gain * weight, 0.2 if at % 2 else -0.2)


def _swell(w: _Writer, bar: Bar, beats: int, who: str, gain: float, _: Motif) -> None:
    """A soft cymbal that grows into the next section."""
    if bar.last_of_section:
        w.add(bar, 0, who, 0, beats, gain)


def _boom(w: _Writer, bar: Bar, beats: int, who: str, gain: float, _: Motif) -> None:
    if bar.number % 4 == 0:
        w.add(bar, 0, who, 0, 2, gain)


PLAYERS: dict[str, Player] = {
    "pad": _pad,
    "low pad": _low_pad,
    "bass pulse": _bass_pulse,
    "bass long": _bass_long,
    "arpeggio": _arpeggio,
    "slow arpeggio": _slow_arpeggio,
    "broken": _broken,
    "ostinato": _ostinato,
    "stabs": _stabs,
    "melody": _melody,
    "kick": _drum(((0.0, 1.0), (1.0, 0.8), (2.0, 0.95), (3.0, 0.8))),
    "soft kick": _drum(((0.0, 1.0), (2.5, 0.7))),
    "clap": _drum(((1.0, 1.0), (3.0, 1.0)), 0.05),
    "shaker": _shaker,
    "taiko": _taiko,
    "swell": _swell,
    "boom": _boom,
}


def _play_ending(
    writer: _Writer, key: int, bars: int, beats: int, ring: float, before: tuple[int, ...]
) -> None:
    """The home chord, rolled, left to ring out."""
    style = writer.style
    start = bars * beats * writer.beat
    chord = _voicing(style, key, 0, before)
    bar = Bar(bars, start, chord, _root(style, key, 0), 0.3, "E", True, key)
    length = ring / writer.beat
    low = 28 + (key - 28) % 12
    for part in style.ending:
        if part.pattern == "roll":
            for index, pitch in enumerate([low + 12, *_ladder(bar)]):
                writer.add(bar, index * 0.09, part.instrument, pitch, length, part.gain, 0.1)
        elif part.pattern == "hit":
            writer.add(bar, 0, part.instrument, 0, length, part.gain)
        elif part.pattern == "bass":
            writer.add(bar, 0, part.instrument, low, length, part.gain)
        else:
            _pad(writer, bar, round(length), part.instrument, part.gain, ())
