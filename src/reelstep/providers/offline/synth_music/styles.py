"""What makes each music style: tempo, keys, chords, who plays what and from when on.

Pitches are MIDI numbers; a progression is a list of 0-based scale degrees, one per bar. Gains are
linear. `enters` and `leaves` are the section energies (0 to 1) between which a part plays.
"""

from __future__ import annotations

from dataclasses import dataclass

from reelstep.providers.base import MusicStyle

MAJOR = (0, 2, 4, 5, 7, 9, 11)
MINOR = (0, 2, 3, 5, 7, 8, 10)
MIXOLYDIAN = (0, 2, 4, 5, 7, 9, 10)

Rhythms = dict[int, tuple[tuple[float, ...], ...]]


@dataclass(frozen=True)
class Part:
    instrument: str
    pattern: str
    gain: float
    enters: float = 0.0
    leaves: float = 1.0


@dataclass(frozen=True)
class Style:
    tempo: tuple[float, float]
    meters: tuple[int, ...]
    keys: tuple[int, ...]
    scale: tuple[int, ...]
    chord_steps: tuple[int, ...]
    progressions: tuple[tuple[int, ...], ...]
    rhythms: Rhythms
    """Per meter: lengths in beats of a bar of melody; a negative one is a rest."""
    parts: tuple[Part, ...]
    ending: tuple[Part, ...]
    lift: int
    """Semitones that the second theme goes up in a long piece."""
    room_seconds: float
    room_gain: float
    gain: float


STYLES: dict[MusicStyle, Style] = {
    MusicStyle.UPBEAT: Style(
        tempo=(108, 122),
        meters=(4,),
        keys=(60, 62, 65, 67, 57),
        scale=MAJOR,
        chord_steps=(0, 2, 4),
        progressions=(
            (0, 4, 5, 3), (0, 3, 5, 4), (5, 3, 0, 4), (0, 2, 3, 4), (3, 0, 4, 5), (0, 5, 1, 4),
        ),
        rhythms={
            4: (
                (1, 0.5, 0.5, 1, 1), (0.5, 0.5, 1, -0.5, 0.5, 1), (1.5, 0.5, 1, -1),
                (0.5, 1, 0.5, 1, 1), (-0.5, 0.5, 0.5, 0.5, 1, -1),
            ),
        },
        parts=(
            Part("warm pad", "pad", 0.10),
            Part("marimba", "arpeggio", 0.20, 0.2, 0.75),
            Part("pluck", "arpeggio", 0.15, 0.66),
            Part("round bass", "bass pulse", 0.34, 0.44),
            Part("ukulele", "stabs", 0.10, 0.5),
            Part("glockenspiel", "melody", 0.13, 0.48),
            Part("kick", "kick", 0.50, 0.6),
            Part("kick", "soft kick", 0.42, 0.44, 0.599),
            Part("clap", "clap", 0.20, 0.66),
            Part("shaker", "shaker", 0.11, 0.5),
            Part("swell", "swell", 0.14, 0.3),
        ),
        ending=(
            Part("marimba", "roll", 0.2), Part("warm pad", "pad", 0.12),
            Part("round bass", "bass", 0.3), Part("kick", "hit", 0.4),
        ),
        lift=2,
        room_seconds=1.1,
        room_gain=0.20,
        gain=0.70,
    ),
    MusicStyle.CALM: Style(
        tempo=(62, 74),
        meters=(4, 4, 3),
        keys=(60, 58, 62, 55, 65),
        scale=MAJOR,
        chord_steps=(0, 2, 4, 6),
        progressions=((0, 3, 0, 3), (0, 5, 3, 4), (3, 0, 5, 0), (0, 2, 3, 3), (5, 3, 0, 0)),
        rhythms={
            4: ((2, 2), (3, 1), (-1, 1, 2), (1, 1, 2), (2, -2)),
            3: ((2, 1), (3,), (-1, 2), (1, 1, 1)),
        },
        parts=(
            Part("air pad", "pad", 0.10),
            Part("felt piano", "slow arpeggio", 0.32, 0.15),
            Part("soft bass", "bass long", 0.26, 0.4),
            Part("felt piano", "melody", 0.30, 0.5),
            Part("celesta", "slow arpeggio", 0.07, 0.7),
            Part("warm pad", "low pad", 0.07, 0.6),
        ),
        ending=(
            Part("felt piano", "roll", 0.16), Part("air pad", "pad", 0.09),
            Part("soft bass", "bass", 0.24),
        ),
        lift=0,
        room_seconds=2.4,
        room_gain=0.42,
        gain=0.52,
    ),
    MusicStyle.EPIC: Style(
        tempo=(82, 96),
        meters=(4,),
        keys=(57, 59, 62, 60, 55),
        scale=MINOR,
        chord_steps=(0, 2, 4),
        progressions=((0, 5, 2, 6), (0, 3, 5, 6), (0, 6, 5, 6), (5, 6, 0, 0), (0, 2, 6, 3)),
        rhythms={
            4: ((2, 1, 1), (3, 1), (1.5, 0.5, 2), (2, 2), (1, 1, 1.5, 0.5)),
        },
        parts=(
            Part("strings", "pad", 0.12),
            Part("low strings", "low pad", 0.16),
            Part("short strings", "ostinato", 0.20, 0.4),
            Part("soft bass", "bass long", 0.26, 0.5),
            Part("horn", "melody", 0.19, 0.5),
            Part("strings", "melody", 0.10, 0.75),
            Part("choir", "pad", 0.10, 0.7),
            Part("taiko", "taiko", 0.42, 0.6),
            Part("boom", "boom", 0.45, 0.2),
            Part("swell", "swell", 0.22, 0.2),
        ),
        ending=(
            Part("strings", "pad", 0.16), Part("choir", "pad", 0.1), Part("horn", "pad", 0.06),
            Part("soft bass", "bass", 0.3), Part("boom", "hit", 0.5), Part("taiko", "hit", 0.4),
        ),
        lift=2,
        room_seconds=2.0,
        room_gain=0.34,
        gain=0.50,
    ),
    MusicStyle.ROMANTIC: Style(
        tempo=(70, 84),
        meters=(4, 3),
        keys=(58, 60, 63, 65, 55),
        scale=MAJOR,
        chord_steps=(0, 2, 4),
        progressions=((0, 5, 1, 4), (0, 2, 5, 3), (3, 4, 2, 5), (0, 4, 5, 2), (5, 3, 0, 4)),
        rhythms={
            4: ((1.5, 0.5, 1, 1), (2, 1, 1), (1, 1, 2), (-1, 1, 1, 1), (3, -1)),
            3: ((2, 1), (1, 1, 1), (1.5, 0.5, 1), (3,)),
        },
        parts=(
            Part("felt piano", "broken", 0.27),
            Part("strings", "pad", 0.085, 0.4),
            Part("soft bass", "bass long", 0.22, 0.45),
            Part("grand piano", "melody", 0.26, 0.45, 0.78),
            Part("solo strings", "melody", 0.15, 0.66),
            Part("celesta", "slow arpeggio", 0.05, 0.75),
            Part("brush", "shaker", 0.05, 0.7),
        ),
        ending=(
            Part("grand piano", "roll", 0.22), Part("strings", "pad", 0.1),
            Part("soft bass", "bass", 0.2),
        ),
        lift=0,
        room_seconds=1.8,
        room_gain=0.34,
        gain=0.60,
    ),
}  # fmt: skip
