"""Token buckets: the arithmetic against a reference, and the row against many at once."""

from __future__ import annotations

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st

from reelstep.accounts import rate_limits
from reelstep.accounts.rate_limits import LimiterFailed, take
from reelstep.platform import dynamo
from reelstep.platform.errors import RateLimited
from reelstep.platform.settings import Rate, Rates
from tests.support.table import TABLE

SECOND = 1_000_000
START = 1_790_000_000 * SECOND
CLIPS = Rates().clips


def rate(requests: int, seconds: int, burst: int | None = None) -> Rate:
    return Rate(requests=requests, seconds=seconds, burst=burst or requests)


rates = st.builds(rate, st.integers(1, 50), st.integers(1, 100), st.integers(1, 60))
# Gaps of a client that mostly hammers and sometimes rests.
gaps = st.lists(
    st.one_of(st.integers(0, 1_000), st.integers(0, 2 * SECOND), st.integers(0, 200 * SECOND)),
    max_size=120,
)


class Reference:
    """The textbook bucket: a level that refills with time, exact."""

    def __init__(self, of: Rate) -> None:
        self.of, self.level, self.at = of, Fraction(of.burst), START

    def allows(self, now: int) -> bool:
        refill = Fraction(now - self.at, rate_limits.interval(self.of))
        self.level, self.at = min(Fraction(self.of.burst), self.level + refill), now
        if self.level < 1:
            return False
        self.level -= 1
        return True


def admitted(of: Rate, waits: list[int]) -> list[tuple[int, bool]]:
    """(moment, allowed) of requests with these gaps."""
    tat, now, done = 0, START, []
    for gap in waits:
        now += gap
        allowed = rate_limits.wait(of, tat, now) == 0
        if allowed:
            tat = rate_limits.advance(of, tat, now)
        done.append((now, allowed))
    return done


@given(rates, gaps)
def test_it_is_a_token_bucket(of: Rate, waits: list[int]) -> None:
    reference = Reference(of)
    for now, allowed in admitted(of, waits):
        assert allowed == reference.allows(now)


def greedy(of: Rate, waits: list[int]) -> list[int]:
    """Moments at which a client is admitted that always comes back as early as it may."""
    tat, now, moments = 0, START, []
    for gap in waits:
        now += gap if gap % 2 else rate_limits.wait(of, tat, now)
        if rate_limits.wait(of, tat, now) == 0:
            tat = rate_limits.advance(of, tat, now)
            moments.append(now)
    return moments


@given(rates, gaps)
def test_no_window_has_more_than_burst_and_refill(of: Rate, waits: list[int]) -> None:
    moments = greedy(of, waits)
    for first, start in enumerate(moments):
        for last in range(first, len(moments)):
            window = Fraction(moments[last] - start, SECOND)
            most = of.burst + Fraction(of.requests, of.seconds) * window
            assert last - first + 1 <= most


@given(rates, st.lists(st.integers(0, 100 * SECOND), max_size=60))
def test_who_stays_below_the_rate_is_never_refused(of: Rate, extra: list[int]) -> None:
    waits = [rate_limits.interval(of) + more for more in extra]
    assert all(allowed for _, allowed in admitted(of, waits))


@given(rates, gaps)
def test_who_comes_back_when_told_is_admitted_and_not_before(of: Rate, waits: list[int]) -> None:
    tat, now = 0, START
    for gap in waits:
        now += gap
        if left := rate_limits.wait(of, tat, now):
            assert rate_limits.wait(of, tat, now + left - 1) > 0
            now += left
        assert rate_limits.wait(of, tat, now) == 0
        tat = rate_limits.advance(of, tat, now)


@given(rates, gaps)
def test_what_remains_can_be_taken_at_once_and_no_more(of: Rate, waits: list[int]) -> None:
    tat, now = 0, START
    for gap in waits:
        now += gap
        if rate_limits.wait(of, tat, now) == 0:
            tat = rate_limits.advance(of, tat, now)
    left = rate_limits.allowance([of], {of.seconds: tat}, now)
    for _ in range(left.remaining):
        assert rate_limits.wait(of, tat, now) == 0
        tat = rate_limits.advance(of, tat, now)
    assert rate_limits.wait(of, tat, now) > 0
    assert left.limit == of.burst


# -- the row --------------------------------------------------------------------------------------


@pytest.fixture
def table(cloud: Any) -> Any:
    """A DynamoDB client with the table in it; its calls run one at a time."""
    return cloud.jobs.client


def one(table: Any, now: int, *, rates: Any = CLIPS, user: str = "ada", bucket: str = "b") -> Any:
    return take(table, TABLE, user, bucket, rates, now=now)


def row(table: Any, user: str = "ada", bucket: str = "b") -> dict[str, Any]:
    key = dynamo.marshal({"pk": f"USER#{user}", "sk": f"RATE#{bucket}"})
    return dynamo.unmarshal(table.get_item(TableName=TABLE, Key=key)["Item"])


def test_a_burst_then_a_refusal_that_says_when(table: Any) -> None:
    five = (rate(5, 10),)
    left = [one(table, START, rates=five).remaining for _ in range(5)]
    assert left == [4, 3, 2, 1, 0]
    with pytest.raises(RateLimited) as refused:
        one(table, START + SECOND // 2, rates=five)
    assert refused.value.headers == {
        "Retry-After": "2",
        "RateLimit-Limit": "5",
        "RateLimit-Remaining": "0",
        "RateLimit-Reset": "10",
    }
    assert "2 s" in refused.value.text("en")
    assert "2 s" in refused.value.text("fr")
    assert one(table, START + 2 * SECOND, rates=five).remaining == 0


def test_every_rate_of_a_bucket_must_allow(table: Any) -> None:
    """10 at once, then 10 a minute until the hour's 100 have gone."""
    now, moments = START, deque[int]()
    while now < START + 30 * 60 * SECOND:
        try:
            one(table, now)
            moments.append(now)
        except RateLimited as refused:
            now += int(refused.headers["Retry-After"]) * SECOND
    gone = [(moment - START) / SECOND for moment in moments]
    assert len([at for at in gone if at < 60]) == 19
    # 100 and what came back by then (one each 36 s), of which the hour's rate lets no more.
    assert 148 <= len(gone) <= 150


def test_a_refusal_by_one_rate_takes_nothing_from_the_others(table: Any) -> None:
    for _ in range(10):
        one(table, START)
    before = row(table)
    for _ in range(50):
        with pytest.raises(RateLimited):
            one(table, START)
    assert row(table) == before


def test_the_header_tells_of_the_rate_that_refuses_first(table: Any) -> None:
    assert (one(table, START).limit, one(table, START).remaining) == (10, 8)
    day = (rate(10, 60), rate(3, 86_400))
    for _ in range(3):
        left = one(table, START, rates=day, bucket="other")
    assert (left.limit, left.remaining, left.reset_seconds) == (3, 0, 86_400)


def test_users_and_buckets_have_their_own(table: Any) -> None:
    single = (rate(1, 60),)
    one(table, START, rates=single)
    one(table, START, rates=single, user="bob")
    one(table, START, rates=single, bucket="c")
    with pytest.raises(RateLimited):
        one(table, START, rates=single)


def test_a_row_expires_only_when_its_bucket_is_full_again(table: Any) -> None:
    for _ in range(10):
        one(table, START)
    found = row(table)
    assert found["expires_at"] * SECOND >= max(found[f"tat_{r.seconds}"] for r in CLIPS)
    assert found["expires_at"] <= START // SECOND + 86_400 + 1


def test_a_full_bucket_costs_one_write_one_in_use_two_a_refusal_one(table: Any) -> None:
    calls = Counting(table)
    two = (rate(2, 10),)
    costs = []
    for now in (START, START + 1, START + 2, START + 60 * SECOND):
        before = calls.count
        try:
            one(calls, now, rates=two)
        except RateLimited:
            costs.append(("refused", calls.count - before))
        else:
            costs.append(("admitted", calls.count - before))
    assert costs == [("admitted", 1), ("admitted", 2), ("refused", 1), ("admitted", 1)]


def test_many_at_once_get_exactly_the_burst(table: Any) -> None:
    """60 Lambdas ask in the same moment for a bucket of 20."""

    def ask(_: int) -> bool:
        try:
            one(table, START, rates=(rate(20, 1),))
        except RateLimited:
            return False
        return True

    with ThreadPoolExecutor(20) as pool:
        assert sum(pool.map(ask, range(60))) == 20


def test_clocks_that_differ_do_not_let_more_in(table: Any) -> None:
    """Lambdas ahead of and behind each other by 50 ms."""
    three = (rate(3, 60),)
    allowed = 0
    for skew in (50_000, -50_000, 0, 50_000, -50_000, 0):
        try:
            one(table, START + skew, rates=three)
            allowed += 1
        except RateLimited:
            pass
    assert allowed == 3


def test_a_row_that_expired_between_two_tries_counts_as_full(table: Any) -> None:
    class Vanishing(Counting):
        def update_item(self, **arguments: Any) -> Any:
            if self.count == 1:
                table.delete_item(TableName=TABLE, Key=arguments["Key"])
            return super().update_item(**arguments)

    two = (rate(2, 10),)
    one(table, START, rates=two)
    assert one(Vanishing(table), START, rates=two).remaining == 1


def test_changed_rates_keep_what_was_used(table: Any) -> None:
    one(table, START, rates=(rate(2, 60),))
    one(table, START, rates=(rate(2, 60),))
    with pytest.raises(RateLimited):
        one(table, START, rates=(rate(2, 60), rate(100, 3600)))
    assert one(table, START + 30 * SECOND, rates=(rate(2, 60), rate(100, 3600))).limit == 2


def test_other_errors_of_the_table_come_out_as_they_are(table: Any) -> None:
    with pytest.raises(ClientError):
        take(table, "no-such-table", "ada", "b", CLIPS, now=START)


def test_it_gives_up_instead_of_going_round_for_ever() -> None:
    class Never:
        def update_item(self, **_: Any) -> Any:
            code = {"Code": "ConditionalCheckFailedException", "Message": ""}
            raise ClientError({"Error": code}, "UpdateItem")  # type: ignore[typeddict-item]

    with pytest.raises(LimiterFailed):
        one(Never(), START)


class Counting:
    """A client that counts its writes."""

    def __init__(self, client: Any) -> None:
        self.client, self.count = client, 0

    def update_item(self, **arguments: Any) -> Any:
        self.count += 1
        return self.client.update_item(**arguments)
