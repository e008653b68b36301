"""What jobs cost in tokens: pure functions over the seeds' tables.

"Credits" of seeds 002 and 003 are the same tokens.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

# Seed 000: cost = seconds × 5 × {STANDARD 1, HD 2, ULTRA 5}; a preview is half (contract).
TOKENS_PER_SECOND = 5
QUALITY_MULTIPLIER = {"STANDARD": 1, "HD": 2, "ULTRA": 5}


def generation_price(duration_seconds: int, quality: str, *, preview: bool = False) -> int:
    """Tokens for a film; half a token rounds up."""
    full = duration_seconds * TOKENS_PER_SECOND * QUALITY_MULTIPLIER[quality]
    return (full + 1) // 2 if preview else full


@dataclass(frozen=True)
class ClipModel:
    """Credits and making time for a second of clip, and the longest clip in seconds."""

    credits_per_second: int
    max_seconds: int
    seconds_per_second: int


# Seed 002, "Video Models".
CLIP_MODELS = {
    "wan2": ClipModel(1, 15, 30),
    "gen2": ClipModel(2, 10, 45),
    "sora": ClipModel(3, 30, 60),
}
CLIP_QUALITY = {"standard": Fraction(1), "high": Fraction(3, 2)}


def clip_price(duration_seconds: int, model: str, quality: str) -> int:
    """Tokens for a clip, rounded up: 5 s of wan2 at high is 8."""
    per_second = CLIP_MODELS[model].credits_per_second
    return ceil(duration_seconds * per_second * CLIP_QUALITY[quality])


# Seed 003 names a table of costs without its numbers; these follow what the providers charge:
# a picture, then video by the second, by its size, and half as much again with sound.
IMAGE_TOKENS = {"standard": 5, "hd": 10}
WORKFLOW_TOKENS_PER_SECOND = {"720p": 5, "1080p": 10}


def workflow_price(
    image_quality: str, duration_seconds: int, resolution: str, *, audio: bool
) -> int:
    """Tokens for one image that becomes a video; half a token rounds up."""
    video = Fraction(duration_seconds * WORKFLOW_TOKENS_PER_SECOND[resolution])
    return IMAGE_TOKENS[image_quality] + ceil(video * (Fraction(3, 2) if audio else 1))


# Seed 004 has no prices; ours follow what each step costs for a minute of video.
MEDIA_TOKENS_PER_MINUTE = {
    "downscale": 4,
    "animals": 10,
    "language": 2,
    "subtitles": 4,
    "merge": 2,
}


def media_price(duration_seconds: float, steps: Iterable[str]) -> int:
    """Tokens for the steps of an upload, for each minute that is begun."""
    minutes = max(1, ceil(duration_seconds / 60))
    return minutes * sum(MEDIA_TOKENS_PER_MINUTE[step] for step in set(steps))
