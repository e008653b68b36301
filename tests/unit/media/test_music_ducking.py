"""When the music gives way to speech, and how smoothly."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest

from reelstep.media.ducking import DUCK_DB, RATE, music_envelope, speech_spans
from reelstep.media.timeline import (
    Layer,
    LayerKind,
    Motion,
    Narration,
    Placement,
    Timeline,
    TimelineScene,
)

FULL = Placement(x=0, y=0, width=1, height=1)


def film(seconds: int, *spoken: tuple[float, float, float]) -> Timeline:
    layer = Layer(kind=LayerKind.BACKGROUND, source="p", motion=Motion(start=FULL, end=FULL))
    return Timeline(
        language="en",
        width=1280,
        height=720,
        fps=30,
        frame_count=30 * seconds,
        scenes=(TimelineScene(number=1, start_frame=0, frame_count=30 * seconds, layers=(layer,)),),
        narration=tuple(
            Narration(
                source="v", scene_number=1, start_frame=round(at * 30), seconds=length, tempo=tempo
            )
            for at, length, tempo in spoken
        ),
        music="m",
    )


def decibels(timeline: Timeline, at: float) -> float:
    return 20 * math.log10(max(music_envelope(timeline)[round(at * RATE)], 1e-6))


def test_spans_merge_over_pauses_in_which_the_music_could_only_pump() -> None:
    timeline = film(30, (2, 3, 1.0), (6, 4, 2.0), (15, 2, 1.0))
    assert speech_spans(timeline) == ((2.0, 8.0), (15.0, 17.0))


def test_music_is_low_from_the_first_syllable_to_the_last_and_open_elsewhere() -> None:
    timeline = film(20, (6, 4, 1.0))
    assert decibels(timeline, 3) == pytest.approx(0, abs=0.01)
    for at in (6.0, 8.0, 10.0):
        assert decibels(timeline, at) == pytest.approx(DUCK_DB, abs=0.01)
    assert decibels(timeline, 12) == pytest.approx(0, abs=0.01)


def test_the_envelope_starts_and_ends_at_nothing_and_never_jumps() -> None:
    envelope = music_envelope(film(20, (1, 4, 1.0), (12, 7, 1.0)))
    assert len(envelope) == 20 * RATE + 1
    assert envelope[0] == envelope[-1] == 0
    steps = [abs(b - a) for a, b in pairwise(envelope)][RATE // 10 :]
    assert max(steps) < 0.02, "a step between two points can be heard"


def test_a_very_short_film_has_an_envelope_too() -> None:
    envelope = music_envelope(film(1))
    assert max(envelope) == pytest.approx(1.0)
    assert envelope[-1] == 0
