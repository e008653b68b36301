"""What a film is expected to cost, against what films did cost."""

from __future__ import annotations

import pytest

from reelstep.wallet.estimates import LAMBDA_MICRO_USD_PER_GB_SECOND, generation_micro_usd
from reelstep.wallet.pricing import generation_price
from reelstep.wallet.refunds import spent_tokens

#: docs/operations.md, "Cost lines": seconds, quality, preview → GB-seconds.
MEASURED = {
    (10, "STANDARD", True): 72.2,
    (20, "STANDARD", True): 95.8,
    (10, "STANDARD", False): 137.8,
    (20, "STANDARD", False): 168.8,
    (40, "STANDARD", False): 329.2,
    (10, "HD", True): 94.8,
    (10, "HD", False): 389.8,
    (10, "ULTRA", False): 1032.4,
}


@pytest.mark.parametrize("film", MEASURED, ids=str)
def test_a_normal_film_costs_a_little_less_than_expected(film: tuple[int, str, bool]) -> None:
    seconds, quality, preview = film
    spent = round(MEASURED[film] * LAMBDA_MICRO_USD_PER_GB_SECOND)
    expected = generation_micro_usd(seconds, quality, preview=preview)
    assert spent < expected < 1.5 * spent
    price = generation_price(seconds, quality, preview=preview)
    assert spent_tokens(price, spent, expected) < price, "cancelled at the end, something is left"


def test_longer_and_finer_films_are_expected_to_cost_more() -> None:
    qualities = ("STANDARD", "HD", "ULTRA")
    by_quality = [generation_micro_usd(10, quality) for quality in qualities]
    assert by_quality == sorted(set(by_quality))
    for quality in qualities:
        full = generation_micro_usd(20, quality)
        assert generation_micro_usd(10, quality) < full
        assert generation_micro_usd(20, quality, preview=True) < full
