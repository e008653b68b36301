"""Plays single notes as arrays: wavetables with envelopes, and drums from noise.

Tables hold few harmonics and none above 9 kHz, and fall off well before the 1 to 4 kHz in which
a speaker's consonants lie: the music is meant to sit under a voice. Every sound starts and ends
at zero, so that notes can be added anywhere without a click. Shapes: (n,) for a point source,
(2, n) for a wide one; float32, about ±1.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

RATE = 48_000
Sound = npt.NDArray[np.float32]
_TABLE = 8_192
_HIGHEST = 9_000.0


@dataclass(frozen=True)
class Timbre:
    """How a wavetable instrument sounds. Times in seconds.

    `slope` is the fall of harmonics (amplitude n^-slope); `dark_slope` where the note ends up;
    `brightness` the time constant between the two. `decay` 0 holds the note for its length.
    `voices` are detunings in cents per channel.
    """

    slope: float
    attack: float
    release: float
    decay: float = 0.0
    dark_slope: float = 0.0
    brightness: float = 0.3
    harmonics: tuple[float, ...] = ()
    voices: tuple[float, ...] = (0.0,)
    wide: bool = False
    vibrato: float = 0.0
    most: int = 24


TIMBRES: dict[str, Timbre] = {
    "warm pad": Timbre(1.9, 0.45, 0.9, voices=(-6, 5), wide=True, most=12),
    "air pad": Timbre(2.4, 0.9, 1.6, voices=(-8, 7), wide=True, most=8),
    "choir": Timbre(
        2.0, 0.5, 1.0, harmonics=(1, 0.7, 0.5, 0.2, 0.08, 0.05), voices=(-9, 8), wide=True,
        vibrato=5.1,
    ),
    "strings": Timbre(1.45, 0.22, 0.7, voices=(-9, 4, 10), wide=True, vibrato=4.9, most=18),
    "solo strings": Timbre(1.5, 0.14, 0.45, voices=(-3, 4), vibrato=5.3, most=14),
    "low strings": Timbre(1.5, 0.25, 0.7, voices=(-7, 6), wide=True, most=16),
    "short strings": Timbre(1.4, 0.012, 0.12, decay=0.35, voices=(-6, 6), most=16),
    "horn": Timbre(1.7, 0.09, 0.35, harmonics=(1, 0.75, 0.5, 0.28, 0.14, 0.07, 0.03),
                   voices=(-3, 4)),
    "felt piano": Timbre(1.75, 0.005, 0.5, decay=1.6, dark_slope=3.0, brightness=0.3, most=12),
    "grand piano": Timbre(1.7, 0.004, 0.4, decay=1.7, dark_slope=2.8, brightness=0.3,
                          voices=(-1.2, 1.2), most=14),
    "celesta": Timbre(0, 0.003, 0.5, decay=0.9, harmonics=(1, 0.05, 0.02, 0.18)),
    "glockenspiel": Timbre(0, 0.004, 0.4, decay=0.55, harmonics=(1, 0.12, 0.1, 0.05)),
    "marimba": Timbre(0, 0.003, 0.25, decay=0.34, harmonics=(1, 0.04, 0.02, 0.22)),
    "pluck": Timbre(1.5, 0.003, 0.2, decay=0.42, dark_slope=3.4, brightness=0.07, most=14),
    "ukulele": Timbre(1.6, 0.004, 0.12, decay=0.26, dark_slope=3.0, brightness=0.08, most=12),
    "round bass": Timbre(2.2, 0.008, 0.08, decay=0.9, dark_slope=3.2, brightness=0.2, most=8),
    "soft bass": Timbre(2.6, 0.04, 0.35, decay=3.5, most=6),
}  # fmt: skip


def play(instrument: str, pitch: int, seconds: float) -> Sound:
    """One note of `instrument`; drums ignore `pitch`. Longer than `seconds` by its release."""
    drum = DRUMS.get(instrument)
    return drum(seconds) if drum else _wavetable(TIMBRES[instrument], pitch, seconds)


def _table(timbre: Timbre, hertz: float, slope: float) -> Sound:
    """One period. Random-looking phases keep the crest low; they are the same every time."""
    count = max(int(min(timbre.most, _HIGHEST // hertz)), 1)
    spectrum = np.zeros(_TABLE // 2 + 1, dtype=complex)
    for number in range(1, count + 1):
        if timbre.harmonics:
            height = timbre.harmonics[number - 1] if number <= len(timbre.harmonics) else 0.0
        else:
            height = number**-slope
        # Less of what falls on consonants: -4 dB around 2.2 kHz, and a gentle roof.
        octaves = np.log2(max(number * hertz, 20.0) / 2_200)
        height *= 1 - 0.37 * np.exp(-((octaves / 0.9) ** 2))
        height /= 1 + (number * hertz / 5_000) ** 2
        spectrum[number] = height * np.exp(1j * (0.7 * number**2))
    wave = np.fft.irfft(spectrum, _TABLE)
    table: Sound = (wave / np.sqrt((wave**2).mean()) * 0.5).astype(np.float32)
    return table


def _wavetable(timbre: Timbre, pitch: int, seconds: float) -> Sound:
    hertz = 440 * 2 ** ((pitch - 69) / 12)
    total = seconds + timbre.release
    if timbre.decay:
        total = min(total, timbre.decay * 5 + timbre.release)
    count = int(total * RATE)
    table = _table(timbre, hertz, timbre.slope)
    dark = _table(timbre, hertz, timbre.dark_slope) if timbre.dark_slope else None
    time = np.arange(count, dtype=np.float32) / RATE
    fade = np.exp(-time / timbre.brightness) if dark is not None else None
    channels = []
    for side in (-1, 1) if timbre.wide else (0,):
        mixed = np.zeros(count, dtype=np.float32)
        for number, cents in enumerate(timbre.voices):
            tuned = hertz * 2 ** ((cents * (side or 1) + 1.5 * side) / 1200)
            start = 0.13 * number + (0.31 if side > 0 else 0.0)
            phase = np.arange(count) * (tuned / RATE) + start
            if timbre.vibrato:
                depth = 0.0028 * tuned / (2 * np.pi * timbre.vibrato)
                swing = 2 * np.pi * timbre.vibrato * time + number * 1.7 + side
                phase += depth * np.minimum(time / 0.6, 1.0) * np.sin(swing)
            index = (phase * _TABLE).astype(np.int64) & (_TABLE - 1)
            if dark is None or fade is None:
                mixed += table[index]
            else:
                mixed += dark[index] + (table[index] - dark[index]) * fade
        channels.append(mixed / np.float32(len(timbre.voices) ** 0.5))
    sound = np.stack(channels) if timbre.wide else channels[0]
    return (sound * _envelope(timbre, count, total)).astype(np.float32)


def _envelope(timbre: Timbre, count: int, total: float) -> Sound:
    time = np.arange(count, dtype=np.float32) / RATE
    envelope = np.minimum(time / timbre.attack, 1.0)
    envelope = envelope * envelope * (3 - 2 * envelope)
    if timbre.decay:
        envelope = envelope * np.exp(-time / timbre.decay)
    left = np.clip((total - time) / timbre.release, 0.0, 1.0)
    shaped: Sound = (envelope * (left * left * (3 - 2 * left))).astype(np.float32)
    return shaped


def _noise(count: int, low: float, high: float, seed: int) -> npt.NDArray[np.float64]:
    """Seeded noise between `low` and `high` Hz with soft edges, RMS 1."""
    spectrum = np.fft.rfft(np.random.default_rng(seed).standard_normal(count))
    hertz = np.fft.rfftfreq(count, 1 / RATE)
    spectrum *= 1 / (1 + (low / np.maximum(hertz, 1)) ** 4) / (1 + (hertz / high) ** 4)
    sound = np.fft.irfft(spectrum, count)
    noise: npt.NDArray[np.float64] = sound / np.sqrt((sound**2).mean())
    return noise


def _shaped(sound: npt.NDArray[np.float64], attack: float, release: float) -> Sound:
    rise, fall = int(attack * RATE), int(release * RATE)
    sound = sound.copy()
    sound[..., :rise] *= np.sin(np.linspace(0, np.pi / 2, rise)) ** 2
    sound[..., -fall:] *= np.cos(np.linspace(0, np.pi / 2, fall)) ** 2
    return sound.astype(np.float32)


def _falling(seconds: float, high: float, low: float, fall: float, decay: float) -> Sound:
    """A struck skin: a sine whose pitch falls from `high` to `low` Hz."""
    time = np.arange(int(seconds * RATE)) / RATE
    phase = 2 * np.pi * (low * time + (high - low) * fall * (1 - np.exp(-time / fall)))
    return _shaped(np.sin(phase) * np.exp(-time / decay), 0.003, 0.06)


def _kick(_: float) -> Sound:
    return _falling(0.34, 130, 48, 0.035, 0.12)


def _taiko(_: float) -> Sound:
    skin = _falling(0.9, 120, 62, 0.05, 0.24).astype(np.float64)
    time = np.arange(len(skin)) / RATE
    return _shaped(skin + 0.22 * _noise(len(skin), 90, 700, 3) * np.exp(-time / 0.07), 0.003, 0.1)


def _boom(_: float) -> Sound:
    skin = _falling(2.4, 70, 36, 0.09, 0.7).astype(np.float64)
    time = np.arange(len(skin)) / RATE
    return _shaped(skin + 0.12 * _noise(len(skin), 40, 240, 4) * np.exp(-time / 0.5), 0.005, 0.5)


def _clap(_: float) -> Sound:
    count = int(0.22 * RATE)
    time = np.arange(count) / RATE
    bursts = sum(
        np.where(time >= at, np.exp(-(time - at).clip(0) / decay), 0.0)
        for at, decay in ((0.0, 0.008), (0.011, 0.008), (0.023, 0.055))
    )
    return _shaped(0.32 * _noise(count, 700, 2_600, 5) * bursts, 0.002, 0.06)


def _shaker(_: float) -> Sound:
    count = int(0.11 * RATE)
    time = np.arange(count) / RATE
    shape = np.minimum(time / 0.022, 1) ** 2 * np.exp(-time / 0.030)
    return _shaped(0.4 * _noise(count, 4_200, 7_500, 6) * shape, 0.004, 0.04)


def _brush(_: float) -> Sound:
    count = int(0.2 * RATE)
    time = np.arange(count) / RATE
    shape = np.minimum(time / 0.05, 1) ** 2 * np.exp(-time / 0.06)
    return _shaped(0.4 * _noise(count, 1_800, 5_000, 8) * shape, 0.01, 0.06)


def _swell(seconds: float) -> Sound:
    """A soft cymbal growing over `seconds` and let go; wide."""
    count = int((seconds + 0.9) * RATE)
    time = np.arange(count) / RATE
    shape = np.where(time < seconds, (time / seconds) ** 3, np.exp(-(time - seconds) / 0.22))
    sides = np.stack([_noise(count, 900, 5_200, seed) for seed in (9, 10)])
    return _shaped(0.22 * sides * shape, 0.05, 0.2)


DRUMS: dict[str, Callable[[float], Sound]] = {
    "kick": _kick,
    "taiko": _taiko,
    "boom": _boom,
    "clap": _clap,
    "shaker": _shaker,
    "brush": _brush,
    "swell": _swell,
}
