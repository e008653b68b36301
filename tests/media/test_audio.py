"""The sound mix through real ffmpeg: levels, positions to the sample, lengths."""

from __future__ import annotations

import struct
import wave
from pathlib import Path

import numpy as np
import pytest

from reelstep.media import ffmpeg
from reelstep.media.audio import measure_loudness as measured
from reelstep.media.audio import mix, sample_count
from reelstep.media.timeline import (
    Layer,
    LayerKind,
    Motion,
    Narration,
    Placement,
    Timeline,
    TimelineScene,
)
from reelstep.platform.errors import ArtifactMissing

RATE = 48_000
FULL = Placement(x=0, y=0, width=1, height=1)


def a_timeline(
    frames: int,
    narration: tuple[Narration, ...] = (),
    music: str | None = None,
    fps: int = 30,
) -> Timeline:
    background = Layer(
        kind=LayerKind.BACKGROUND, source="picture", motion=Motion(start=FULL, end=FULL)
    )
    return Timeline(
        language="en",
        width=320,
        height=180,
        fps=fps,
        frame_count=frames,
        scenes=(TimelineScene(number=1, start_frame=0, frame_count=frames, layers=(background,)),),
        narration=narration,
        music=music,
    )


def speech(seconds: float, rate: int = 22_050, level: float = 0.3) -> np.ndarray:
    """Noise in syllables of 0.25 s, beginning at full strength: an onset one can find."""
    rng = np.random.default_rng(7)
    at = np.arange(round(seconds * rate)) / rate
    noise = rng.uniform(-1, 1, at.size)
    return level * noise * (0.35 + 0.65 * (np.cos(2 * np.pi * 4 * at) > 0))


def chord(seconds: float, level: float = 0.2) -> np.ndarray:
    at = np.arange(round(seconds * RATE)) / RATE
    tones = sum(np.sin(2 * np.pi * hertz * at) for hertz in (220.0, 277.2, 329.6))
    return level / 3 * tones


def write(path: Path, samples: np.ndarray, rate: int) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
    return path


def decoded(path: Path) -> np.ndarray:
    """(samples, 2) as a player hears it, edit list applied."""
    raw = ffmpeg.run(["-i", str(path), "-f", "f32le", "-"], timeout=60).stdout
    return np.frombuffer(raw, "<f4").reshape(-1, 2)


def playable(path: Path) -> int:
    """Samples that the file's edit list asks a player to play."""
    track = path.read_bytes()
    at = track.index(b"elst")
    entries, length, media_time = struct.unpack(">IIi", track[at + 8 : at + 20])
    assert (entries, media_time) == (1, 1024), "one edit that skips the encoder's priming"
    return length


def onset(samples: np.ndarray, after: float, until: float, threshold: float = 0.02) -> float:
    """Seconds of the first sample over the threshold in a stretch that is silent before it."""
    stretch = np.abs(samples[round(after * RATE) : round(until * RATE), 0])
    return after + int(np.argmax(stretch > threshold)) / RATE


def level_db(samples: np.ndarray, start: float, end: float) -> float:
    part = samples[round(start * RATE) : round(end * RATE)]
    return float(10 * np.log10(np.mean(part**2) + 1e-12))


def band_db(samples: np.ndarray, start: float, end: float, hertz: float) -> float:
    """Strength of one tone, in dB, however loud the noise beside it is."""
    part = samples[round(start * RATE) : round(end * RATE), 0]
    at = np.arange(part.size) / RATE
    window = np.hanning(part.size)
    return float(
        20
        * np.log10(
            abs(np.sum(part * window * np.exp(-2j * np.pi * hertz * at))) / window.sum() + 1e-9
        )
    )


@pytest.mark.parametrize("level", [0.02, 0.9])
def test_loudness_and_true_peak_whatever_the_level_of_the_sources(tmp_path: Path, level: float):
    voice = write(tmp_path / "voice.wav", speech(2.0, level=level), 22_050)
    music = write(tmp_path / "music.wav", chord(5.0, level=level / 2), RATE)
    timeline = a_timeline(
        150, (Narration(source="v", scene_number=1, start_frame=45, seconds=2.0),), "m"
    )
    made = mix(timeline, {"v": voice, "m": music}, tmp_path / "out.m4a")
    heard = measured(tmp_path / "out.m4a")
    assert abs(heard.integrated + 14.0) <= 0.3
    assert heard.true_peak <= -1.0
    assert made.loudness == heard
    assert playable(tmp_path / "out.m4a") == sample_count(timeline) == 240_000


def test_each_narration_starts_within_one_frame_of_its_place(tmp_path: Path):
    voice = write(tmp_path / "voice.wav", speech(0.6), 22_050)
    frames = (7, 61, 130)
    timeline = a_timeline(
        180,
        tuple(Narration(source="v", scene_number=1, start_frame=at, seconds=0.6) for at in frames),
        fps=60,
    )
    mix(timeline, {"v": voice}, tmp_path / "out.m4a")
    samples = decoded(tmp_path / "out.m4a")
    for at, after in zip(frames, (0.0, 0.85, 1.85), strict=True):
        # Half a frame: AAC smears an onset over a few milliseconds.
        assert onset(samples, after, after + 0.6) == pytest.approx(at / 60, abs=1 / 120)


def test_tempo_shortens_the_speech_and_keeps_its_start(tmp_path: Path):
    voice = write(tmp_path / "voice.wav", speech(2.0), 22_050)
    timeline = a_timeline(
        90, (Narration(source="v", scene_number=1, start_frame=30, seconds=2.0, tempo=1.25),)
    )
    mix(timeline, {"v": voice}, tmp_path / "out.m4a")
    samples = decoded(tmp_path / "out.m4a")
    assert onset(samples, 0.5, 1.5) == pytest.approx(1.0, abs=1 / 30)
    loud = np.flatnonzero(np.abs(samples[:, 0]) > 0.02)
    assert loud[-1] / RATE == pytest.approx(1.0 + 2.0 / 1.25, abs=1 / 30)


def test_music_gives_way_before_speech_and_comes_back_after_it(tmp_path: Path):
    voice = write(tmp_path / "voice.wav", speech(1.5), 22_050)
    music = write(tmp_path / "music.wav", chord(7.0), RATE)
    timeline = a_timeline(
        210, (Narration(source="v", scene_number=1, start_frame=60, seconds=1.5),), "m"
    )
    mix(timeline, {"v": voice, "m": music}, tmp_path / "out.m4a")
    samples = decoded(tmp_path / "out.m4a")
    opened = band_db(samples, 0.3, 1.4, 220.0)
    assert band_db(samples, 2.2, 3.4, 220.0) == pytest.approx(opened - 12, abs=1.5)
    assert band_db(samples, 4.6, 5.3, 220.0) == pytest.approx(opened, abs=1.5)
    under_speech = level_db(samples, 0.3, 1.4) - 12
    assert level_db(samples, 2.0, 3.5) > under_speech + 12
    assert level_db(samples, 6.95, 7.0) < -45, "the music does not end in silence"


def test_music_alone_and_a_silent_film_have_exactly_the_films_length(tmp_path: Path):
    music = write(tmp_path / "music.wav", chord(1.0), RATE)  # shorter than the film
    timeline = a_timeline(50, music="m", fps=24)
    mix(timeline, {"m": music}, tmp_path / "music.m4a")
    assert playable(tmp_path / "music.m4a") == 100_000
    made = mix(a_timeline(31), {}, tmp_path / "silent.m4a")
    samples = decoded(tmp_path / "silent.m4a")
    assert made.loudness is None
    assert playable(tmp_path / "silent.m4a") == 49_600
    assert samples.shape[1] == 2
    assert not samples.any()


def test_a_source_that_is_not_there_is_named_and_leaves_no_file(tmp_path: Path):
    with pytest.raises(ArtifactMissing) as raised:
        mix(a_timeline(30, music="artifacts/abc"), {}, tmp_path / "out.m4a")
    assert raised.value.detail == "artifacts/abc"
    assert not list(tmp_path.iterdir())
