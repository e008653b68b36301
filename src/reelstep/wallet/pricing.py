"""What jobs cost in tokens: pure functions over the seeds' tables."""

from __future__ import annotations

# Seed 000: cost = seconds × 5 × {STANDARD 1, HD 2, ULTRA 5}; a preview is half (contract).
TOKENS_PER_SECOND = 5
QUALITY_MULTIPLIER = {"STANDARD": 1, "HD": 2, "ULTRA": 5}


def generation_price(duration_seconds: int, quality: str, *, preview: bool = False) -> int:
    """Tokens for a film; half a token rounds up."""
    full = duration_seconds * TOKENS_PER_SECOND * QUALITY_MULTIPLIER[quality]
    return (full + 1) // 2 if preview else full
