"""Wallets and ledgers: every movement once, the welcome once, and pages in order."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from reelstep.platform.errors import Conflict
from reelstep.wallet.ledger import Wallet
from tests.support import books
from tests.support.jobs import submitted


def test_the_welcome_is_given_once_whoever_comes_first(cloud: Any) -> None:
    with ThreadPoolExecutor(8) as pool:
        wallets = list(pool.map(lambda _: cloud.ledger.open("ann", 1000), range(8)))
    assert set(wallets) == {Wallet(balance=1000, granted=1000)}


def test_a_welcome_of_nothing_opens_an_empty_wallet(cloud: Any) -> None:
    assert cloud.ledger.open("ann", 0) == Wallet()
    assert cloud.ledger.open("ann", 500) == Wallet()


def test_the_same_grant_counts_once(cloud: Any) -> None:
    for _ in range(2):
        wallet = cloud.ledger.grant("ann", "gift", 70, reason="a gift", by="admin")
    assert wallet == Wallet(balance=70, granted=70)


def test_what_is_spent_cannot_be_taken_back(cloud: Any) -> None:
    cloud.ledger.open("user-1", 60)
    submitted(cloud)
    with pytest.raises(Conflict):
        cloud.ledger.grant("user-1", "back", -11, reason="mistake", by="admin")
    wallet = cloud.ledger.grant("user-1", "back", -10, reason="mistake", by="admin")
    assert wallet == Wallet(balance=0, reserved=50, granted=50)
    assert books.mistakes(books.rows(cloud.jobs.client, cloud.jobs.table)) == []


def test_pages_have_everything_once_newest_first(cloud: Any) -> None:
    for number in range(7):
        cloud.ledger.grant("ann", f"gift-{number}", 1, reason=f"{number}", by="admin")
    cloud.ledger.grant("bob", "gift", 1, reason="not hers", by="admin")
    cursor, found = None, []
    while True:
        entries, cursor = cloud.ledger.page("ann", 3, cursor)
        found += [entry.reason for entry in entries]
        if cursor is None:
            break
    assert found == ["6", "5", "4", "3", "2", "1", "0"]


def test_a_cursor_of_somebody_else_opens_nothing(cloud: Any) -> None:
    for user in ("ann", "bob"):
        for number in range(3):
            cloud.ledger.grant(user, f"{user}-{number}", 1, reason=user, by="admin")
    _entries, cursor = cloud.ledger.page("ann", 1)
    assert cursor is not None
    for bad in (cursor, "%%%", "", "LEDGER#x"):
        if bad:
            with pytest.raises(ValueError, match=r".*"):
                cloud.ledger.page("bob", 1, bad)
