"""What we expect to spend on a job in micro-USD: pure. Quotes show it, cancels refund by it."""

from __future__ import annotations

# Lambda on arm64 at list price (us-east-1), per GB-second.
LAMBDA_MICRO_USD_PER_GB_SECOND = 13.3334

# GB-seconds of Lambda: for any film, and for each of its seconds by quality. A little above the
# cost lines of films made on a 2-core machine (docs/operations.md, "Cost lines"). All previews have
# 720 lines; those of HD and ULTRA have twice as many frames.
_FILM_GB_SECONDS = 70.0
_GB_SECONDS_PER_SECOND = {"STANDARD": 8.0, "HD": 36.0, "ULTRA": 110.0}
_PREVIEW_GB_SECONDS_PER_SECOND = {"STANDARD": 2.5, "HD": 5.0, "ULTRA": 5.0}


def compute_micro_usd(memory_mb: int, seconds: float) -> int:
    """Lambda time of one run of a function."""
    return round(memory_mb / 1024 * seconds * LAMBDA_MICRO_USD_PER_GB_SECOND)


def generation_micro_usd(duration_seconds: int, quality: str, *, preview: bool = False) -> int:
    """Compute for a film. The offline providers cost nothing besides."""
    per_second = _PREVIEW_GB_SECONDS_PER_SECOND if preview else _GB_SECONDS_PER_SECOND
    gb_seconds = _FILM_GB_SECONDS + duration_seconds * per_second[quality]
    return round(gb_seconds * LAMBDA_MICRO_USD_PER_GB_SECOND)
