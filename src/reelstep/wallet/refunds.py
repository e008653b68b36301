"""What a cancelled job still costs: pure."""

from __future__ import annotations


def spent_tokens(price: int, spent_micro_usd: int, estimate_micro_usd: int) -> int:
    """The share of `price` that is used up, by what was really spent against what was foreseen.

    A token that is begun counts; never more than the price, and nothing where nothing was spent.
    """
    if spent_micro_usd <= 0 or estimate_micro_usd <= 0:
        return 0
    return min(price, -(-price * spent_micro_usd // estimate_micro_usd))
