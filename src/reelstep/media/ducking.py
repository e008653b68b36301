"""How loud the music is at each moment: an envelope from what is known about the speech.

A compressor keyed by the voice only reacts: it ducks after the first syllable and breathes in
every pause. The timeline knows when speech begins and ends, so the music gives way *before* it,
stays low through short pauses and returns slowly.
"""

from __future__ import annotations

import math
from array import array

from reelstep.media.timeline import Timeline

RATE = 200
"""Envelope points per second."""

DUCK_DB = -12.0
LEAD_SECONDS = 0.45
"""The way down, complete when speech begins."""
RELEASE_SECONDS = 0.95
BRIDGE_SECONDS = 2.0
"""Pauses up to this long stay ducked: down and up again within them would be heard as pumping."""
FADE_IN_SECONDS = 0.03
FADE_OUT_SECONDS = 1.6


def speech_spans(timeline: Timeline) -> tuple[tuple[float, float], ...]:
    """When somebody speaks, as (start, end) in seconds of the film, merged over short pauses."""
    spans: list[tuple[float, float]] = []
    for spoken in sorted(timeline.narration, key=lambda item: item.start_frame):
        start = spoken.start_frame / timeline.fps
        end = min(start + spoken.seconds / spoken.tempo, timeline.seconds)
        if spans and start - spans[-1][1] <= BRIDGE_SECONDS:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    return tuple(spans)


def music_envelope(timeline: Timeline) -> array[float]:
    """Linear gains at `RATE` points per second over the whole film, starting and ending at 0."""
    seconds = timeline.seconds
    spans = speech_spans(timeline)
    fade_out = min(FADE_OUT_SECONDS, seconds / 4)
    points = array("f", bytes(4 * (math.ceil(seconds * RATE) + 1)))
    current = 0
    for index in range(len(points)):
        at = index / RATE
        while current < len(spans) and at > spans[current][1] + RELEASE_SECONDS:
            current += 1
        depth = max(
            (_depth(at, *span) for span in spans[current : current + 2]),
            default=0.0,
        )
        edge = _smooth(at / FADE_IN_SECONDS) * _smooth((seconds - at) / fade_out)
        points[index] = 10 ** (DUCK_DB * depth / 20) * edge
    return points


def _depth(at: float, start: float, end: float) -> float:
    """0 for open music, 1 for fully ducked, with smooth ramps outside [start, end]."""
    if at < start:
        return _smooth(1 - (start - at) / LEAD_SECONDS)
    return _smooth(1 - max(0.0, at - end) / RELEASE_SECONDS)


def _smooth(share: float) -> float:
    """Raised cosine from 0 to 1."""
    return 0.5 - 0.5 * math.cos(math.pi * min(max(share, 0.0), 1.0))
