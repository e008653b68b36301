import io
import wave
from itertools import pairwise

import numpy as np
import pytest

from reelstep.providers.base import MusicRequest, MusicStyle
from reelstep.providers.offline.synth_music import SynthMusic
from reelstep.providers.offline.synth_music.composition import compose
from reelstep.providers.offline.synth_music.instruments import DRUMS, TIMBRES, play

RATE = 48_000


def music(style: MusicStyle, seconds: float = 24, seed: int = 1) -> np.ndarray:
    data = SynthMusic().compose(MusicRequest(style=style, seconds=seconds, seed=seed))
    with wave.open(io.BytesIO(data)) as file:
        return np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, 2) / 32_768


def decibels(samples: np.ndarray) -> float:
    return float(20 * np.log10(np.sqrt((samples**2).mean()) + 1e-9))


def spectrum(samples: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    mono = samples.mean(axis=1)
    power = np.zeros(RATE // 2 + 1)
    for at in range(0, len(mono) - RATE, RATE):
        power += np.abs(np.fft.rfft(mono[at : at + RATE] * np.hanning(RATE))) ** 2
    return np.arange(len(power)), power


@pytest.fixture(scope="module", params=list(MusicStyle))
def piece(request: pytest.FixtureRequest) -> np.ndarray:
    return music(request.param)


def test_it_is_clean(piece: np.ndarray) -> None:
    assert np.abs(piece).max() < 0.86
    assert np.abs(piece.mean(axis=0)).max() < 1e-3
    # A click is a step between two samples; a full-scale sine at 1 kHz moves by 0.13.
    assert np.abs(np.diff(piece, axis=0)).max() < 0.16


def test_its_loudness_is_steady_and_it_ends_in_silence(piece: np.ndarray) -> None:
    body = [decibels(piece[at : at + 3 * RATE]) for at in range(RATE, 18 * RATE, 3 * RATE)]
    assert max(body) - min(body) < 9
    assert -26 < np.mean(body) < -13
    ending = [decibels(piece[-at : -at + RATE // 4]) for at in (2 * RATE, RATE, RATE // 2)]
    assert ending == sorted(ending, reverse=True)
    assert decibels(piece[-RATE // 10 :]) < -55
    assert np.abs(piece[-1]).max() == 0


def test_it_leaves_room_for_a_voice(piece: np.ndarray) -> None:
    hertz, power = spectrum(piece)
    consonants = power[(hertz >= 1_000) & (hertz < 4_000)].sum() / power.sum()
    harsh = power[hertz >= 8_000].sum() / power.sum()
    assert 10 * np.log10(consonants) < -9
    assert 10 * np.log10(harsh + 1e-12) < -32


def test_it_is_wide(piece: np.ndarray) -> None:
    middle, side = piece.mean(axis=1), (piece[:, 0] - piece[:, 1]) / 2
    assert -12 < decibels(side) - decibels(middle) < 1


def test_styles_differ_in_colour() -> None:
    centres = {}
    for style in MusicStyle:
        hertz, power = spectrum(music(style, 20))
        centres[style] = float((hertz * np.sqrt(power)).sum() / np.sqrt(power).sum())
    assert centres[MusicStyle.UPBEAT] > centres[MusicStyle.CALM] * 1.5
    assert centres[MusicStyle.EPIC] > centres[MusicStyle.CALM] * 1.2


@pytest.mark.parametrize("style", list(MusicStyle))
def test_seeds_write_other_tunes_in_other_keys(style: MusicStyle) -> None:
    pieces = [[note for note in compose(style, 60, seed).notes if note.pitch] for seed in range(8)]
    assert len({tuple(note.pitch for note in notes) for notes in pieces}) == 8
    # The last notes are the home chord: its pitch classes tell the key.
    endings = {frozenset(note.pitch % 12 for note in notes[-4:]) for notes in pieces}
    assert len(endings) >= 3


@pytest.mark.parametrize("style", list(MusicStyle))
@pytest.mark.parametrize("seconds", [4, 10, 31.337, 75, 600])
def test_every_note_lies_inside_the_piece(style: MusicStyle, seconds: float) -> None:
    notes = compose(style, seconds, 3).notes
    assert notes[0].start < 0.1
    assert all(0 <= note.start < seconds and note.length > 0 for note in notes)
    heard = sorted(note.start for note in notes)
    assert max(b - a for a, b in pairwise(heard)) < 5


@pytest.mark.parametrize("instrument", [*TIMBRES, *DRUMS])
def test_sounds_begin_and_end_at_nothing(instrument: str) -> None:
    sound = play(instrument, 57, 0.8)
    assert np.abs(sound[..., 0]).max() < 0.01
    assert np.abs(sound[..., -1]).max() < 0.01
    assert 0.2 < np.abs(sound).max() < 4
