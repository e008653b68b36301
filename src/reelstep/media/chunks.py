"""The chunk plan: which frames are rendered together, and what each chunk's result depends on.

Pure. Chunks are 5 to 10 s, cut on scene edges where they can be. A chunk's fingerprint covers
what is seen in its frames, in times of its own, and nothing else: a chunk that moves within the
film, or whose neighbours change, keeps its result.
"""

from __future__ import annotations

import hashlib
import json
from itertools import pairwise
from typing import Any

from pydantic import Field

from reelstep.media.overlay import overlay_ass
from reelstep.media.profiles import Profile
from reelstep.media.timeline import Frozen, Timeline
from reelstep.media.visibility import film_light, scenes_seen, transition_frames, visible_frames

RENDERER_VERSION = 1
"""Raise it when the same chunk would now be drawn or encoded differently."""

MIN_SECONDS = 1
# Longer than this only where a cut would leave less than the minimum.
MOST_SECONDS = 12
GOOD_SECONDS = (5, 10)
OFF_EDGE_COST = 4.0
"""What a cut within a scene costs, in squared seconds away from a good length."""

PARALLEL_COST = 0.05
"""What each second over the shortest good length costs."""


class Chunk(Frozen):
    """A run of frames rendered by one step. `sources` are the pictures it needs, sorted."""

    index: int = Field(ge=0)
    start_frame: int = Field(ge=0)
    frame_count: int = Field(gt=0)
    sources: tuple[str, ...]
    fingerprint: str = Field(description="SHA-256, hexadecimal, of all that decides its pictures")

    @property
    def end_frame(self) -> int:
        return self.start_frame + self.frame_count


def plan_chunks(timeline: Timeline, profile: Profile) -> tuple[Chunk, ...]:
    """Chunks that cover every frame once, in order; none under 1 s unless the film itself is."""
    cuts = plan_cuts(tuple(scene.frame_count for scene in timeline.scenes), timeline.fps)
    return tuple(
        Chunk(
            index=index,
            start_frame=start,
            frame_count=end - start,
            sources=_sources(timeline, start, end - start),
            fingerprint=fingerprint(timeline, profile, start, end - start),
        )
        for index, (start, end) in enumerate(pairwise(cuts))
    )


def plan_cuts(scene_lengths: tuple[int, ...], fps: int) -> tuple[int, ...]:
    """The frames at which chunks start, and the film's end, for scenes of these lengths.

    The cheapest way through all possible cuts, where a length of 5 to 10 s costs nothing.
    """
    candidates = _candidates(scene_lengths, fps)
    frames = [frame for frame, _ in candidates]
    best: list[tuple[float, int]] = [(0.0, -1)]
    for here in range(1, len(candidates)):
        options: list[tuple[float, int]] = []
        for before in range(here - 1, -1, -1):
            length = frames[here] - frames[before]
            if options and length > 3 * GOOD_SECONDS[1] * fps:
                break
            options.append((best[before][0] + _cost(length, fps), before))
        cost, before = min(options)
        best.append((cost + candidates[here][1], before))
    cuts = []
    at = len(candidates) - 1
    while at >= 0:
        cuts.append(frames[at])
        at = best[at][1]
    return tuple(reversed(cuts))


def _candidates(scene_lengths: tuple[int, ...], fps: int) -> list[tuple[int, float]]:
    """Where cuts may lie, each with its own cost: scene edges, and even parts of long scenes."""
    found = [(0, 0.0)]
    start = 0
    for length in scene_lengths:
        parts = -(-length // (GOOD_SECONDS[1] * fps))
        if parts == 1 and length >= 2 * MIN_SECONDS * fps:
            parts = 2
        found += [(start + length * part // parts, OFF_EDGE_COST) for part in range(1, parts)]
        start += length
        found.append((start, 0.0))
    return found


def _cost(length: int, fps: int) -> float:
    if length < MIN_SECONDS * fps:
        return 1e6
    if length > MOST_SECONDS * fps:
        return 1e5
    shortest, longest = (seconds * fps for seconds in GOOD_SECONDS)
    away = max(shortest - length, length - longest, 0) / fps
    # Among good lengths the shorter ones: they are rendered side by side.
    return away * away + PARALLEL_COST * max(0, length - shortest) / fps


def _sources(timeline: Timeline, start_frame: int, frame_count: int) -> tuple[str, ...]:
    return tuple(
        sorted(
            {
                layer.source
                for index in scenes_seen(timeline, start_frame, frame_count)
                for layer in timeline.scenes[index].layers
            }
        )
    )


def fingerprint(timeline: Timeline, profile: Profile, start_frame: int, frame_count: int) -> str:
    """SHA-256 of everything that a chunk's file depends on, in frames from its own start."""
    seen: dict[str, Any] = {
        "renderer": RENDERER_VERSION,
        "size": [profile.width, profile.height, profile.fps],
        "encoder": [*profile.encoder, profile.pix_fmt, profile.timescale],
        "frames": frame_count,
        "scenes": [
            _scene_as_seen(timeline, index, start_frame)
            for index in scenes_seen(timeline, start_frame, frame_count)
        ],
        "light": [
            [frame - start_frame, round(light, 6)]
            for frame in range(start_frame, start_frame + frame_count)
            if (light := film_light(timeline, frame)) < 1
        ],
        "overlay": overlay_ass(timeline, start_frame, frame_count),
    }
    text = json.dumps(seen, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _scene_as_seen(timeline: Timeline, index: int, start_frame: int) -> dict[str, Any]:
    scene = timeline.scenes[index]
    length = transition_frames(scene) if index else 0
    in_sight = scene.start_frame + length > start_frame and length > 0
    return {
        "start": scene.start_frame - start_frame,
        "visible": visible_frames(timeline, index),
        "transition": [scene.transition_in.kind.value, length] if in_sight else None,
        "layers": [layer.model_dump(mode="json") for layer in scene.layers],
    }
