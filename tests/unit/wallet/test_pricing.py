"""Prices of the seeds' tables, and what a cancel keeps."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reelstep.wallet.pricing import clip_price, generation_price, media_price, workflow_price
from reelstep.wallet.refunds import spent_tokens


@pytest.mark.parametrize(
    ("seconds", "quality", "tokens"),
    # Seed 000's own examples.
    [(120, "STANDARD", 600), (120, "HD", 1200), (120, "ULTRA", 3000), (10, "STANDARD", 50)],
)
def test_films(seconds: int, quality: str, tokens: int) -> None:
    assert generation_price(seconds, quality) == tokens
    assert generation_price(seconds, quality, preview=True) == (tokens + 1) // 2


def test_clips_round_up_only_where_there_is_a_fraction() -> None:
    assert clip_price(5, "wan2", "high") == 8
    assert clip_price(4, "wan2", "high") == 6
    assert clip_price(30, "sora", "high") == 135
    # 0.1 × 3 and its like are no matter: fractions, not floats.
    assert [clip_price(n, "gen2", "high") for n in range(1, 11)] == [3 * n for n in range(1, 11)]


def test_workflows_and_uploads() -> None:
    assert workflow_price("hd", 5, "720p", audio=True) == 10 + 38
    assert media_price(60.0, ["merge", "merge"]) == 2
    assert media_price(60.001, ["merge"]) == 4


@pytest.mark.parametrize(
    ("price", "spent", "estimate", "kept"),
    [
        (100, 0, 1000, 0),
        (100, 1, 1000, 1),  # a token that is begun counts
        (100, 500, 1000, 50),
        (100, 1000, 1000, 100),
        (100, 9999, 1000, 100),
        (100, 500, 0, 0),
    ],
)
def test_a_cancel_keeps_what_was_spent(price: int, spent: int, estimate: int, kept: int) -> None:
    assert spent_tokens(price, spent, estimate) == kept


@given(st.integers(1, 10_000), st.integers(0, 10**7), st.integers(0, 10**7), st.integers(0, 10**6))
def test_never_more_than_the_price_and_never_less_for_more_work(
    price: int, spent: int, estimate: int, more: int
) -> None:
    kept = spent_tokens(price, spent, estimate)
    assert 0 <= kept <= spent_tokens(price, spent + more, estimate) <= price
