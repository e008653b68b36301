"""The rules of reputation, and its row under duplicates and at the same time."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st

from reelstep.accounts import reputation as rules
from reelstep.accounts.reputation import (
    NEUTRAL,
    Reputation,
    Reputations,
    Standing,
    after_completion,
    after_rejection,
    cool_down_seconds,
    score_at,
    seconds_to_wait,
    standing,
)
from reelstep.platform import aws, dynamo
from reelstep.platform.clock import iso
from reelstep.platform.errors import Retryable
from tests.support.table import TABLE
from tests.unit.conftest import Cloud, Serialized

START = datetime(2026, 11, 21, 12, tzinfo=UTC)


def at(**later: float) -> str:
    return iso(START + timedelta(**later))


def test_a_new_user_is_neutral() -> None:
    assert standing(NEUTRAL, at()) is Standing.NEUTRAL
    assert score_at(NEUTRAL, at()) == 0
    assert seconds_to_wait(NEUTRAL, at()) == 0


def test_one_slip_does_not_make_a_user_watched_two_do() -> None:
    once = after_rejection(NEUTRAL, at(), "PROFANITY")
    assert standing(once, at()) is Standing.NEUTRAL
    assert standing(after_rejection(once, at(minutes=1), "PROFANITY"), at()) is Standing.WATCHED


def test_what_nobody_writes_by_accident_counts_at_once() -> None:
    after = after_rejection(NEUTRAL, at(), "SEXUAL_MINORS")
    assert standing(after, at()) is Standing.WATCHED
    assert after.score < after_rejection(NEUTRAL, at(), "VIOLENCE").score


def test_finished_jobs_make_trusted_slowly() -> None:
    known, needed = NEUTRAL, 0
    while standing(known, at()) is not Standing.TRUSTED:
        known, needed = after_completion(known, at()), needed + 1
    assert needed == 10
    for _ in range(100):
        known = after_completion(known, at())
    assert known.score == rules.HIGHEST
    # Trust is lost faster than it is won.
    fallen = after_rejection(known, at(), "SEXUAL_MINORS")
    assert standing(fallen, at()) is not Standing.TRUSTED


def test_both_ends_decay_to_neutral() -> None:
    bad = after_rejection(NEUTRAL, at(), "SEXUAL_MINORS")
    assert score_at(bad, at(days=14)) == pytest.approx(bad.score / 2)
    assert standing(bad, at(days=28)) is Standing.NEUTRAL
    good = Reputation(score=rules.HIGHEST, at=at())
    assert standing(good, at(days=28)) is Standing.NEUTRAL


def test_a_clock_that_is_behind_changes_nothing() -> None:
    bad = after_rejection(NEUTRAL, at(), "HATE")
    assert score_at(bad, at(days=-3)) == bad.score
    earlier = after_rejection(bad, at(hours=-1), "HATE")
    assert earlier.at == bad.at
    assert list(earlier.rejections) == sorted(earlier.rejections)


def test_cool_downs_double_from_the_third_and_are_capped() -> None:
    assert [cool_down_seconds(n) for n in range(1, 12)] == [
        *(0, 0, 60, 120, 240, 480, 960, 1_920, 3_600, 3_600, 3_600)
    ]
    assert cool_down_seconds(10_000) == 3_600


def test_only_rejections_within_the_window_count_together() -> None:
    known = NEUTRAL
    for hour in (0, 5, 10, 15, 20):
        known = after_rejection(known, at(hours=hour), "PROFANITY")
        assert seconds_to_wait(known, at(hours=hour)) == 0
    known = after_rejection(known, at(hours=20, minutes=1), "PROFANITY")
    assert seconds_to_wait(known, at(hours=20, minutes=1)) == 60
    assert seconds_to_wait(known, at(hours=20, minutes=1, seconds=59.5)) == 1
    assert seconds_to_wait(known, at(hours=20, minutes=2)) == 0


def test_a_waiting_time_is_never_shortened_by_another_write() -> None:
    known = NEUTRAL
    for _ in range(6):
        known = after_rejection(known, at(), "PROFANITY")
    until = known.cool_down_until
    assert after_completion(known, at(minutes=1)).cool_down_until == until
    assert after_rejection(known, at(hours=-2), "PROFANITY").cool_down_until >= until


@given(
    st.lists(
        st.tuples(
            st.booleans(),
            st.integers(0, 90 * 24 * 60),
            st.sampled_from(["PROFANITY", "SEXUAL_MINORS", "HATE", "unknown"]),
        ),
        max_size=60,
    )
)
def test_score_and_waiting_stay_in_range_whatever_comes(
    events: list[tuple[bool, int, str]],
) -> None:
    known = NEUTRAL
    for rejected, minute, category in events:
        moment = at(minutes=minute)
        before = score_at(known, max(known.at, moment))
        if rejected:
            known = after_rejection(known, moment, category)
            assert known.score < before or known.score == rules.LOWEST
        else:
            known = after_completion(known, moment)
            assert known.score > before or known.score == rules.HIGHEST
        assert rules.LOWEST <= known.score <= rules.HIGHEST
        assert 0 <= seconds_to_wait(known, moment) <= rules.LONGEST_COOL_DOWN_SECONDS
        assert len(known.rejections) <= 20


@pytest.fixture
def reputations(cloud: Cloud) -> Reputations:
    return Reputations(cast(Any, Serialized(aws.dynamodb())), TABLE)


def test_nobody_is_known_at_first(reputations: Reputations) -> None:
    assert reputations.read("u") == NEUTRAL


def test_what_is_written_is_read(reputations: Reputations) -> None:
    reputations.rejected("u", at(), "HATE", event="a")
    written = reputations.completed("u", at(minutes=1), event="job-1")
    assert reputations.read("u") == written
    assert written.rejections == (at(),)
    assert written.score == pytest.approx(-23, abs=0.01)
    assert reputations.read("other") == NEUTRAL


def test_the_row_is_found_by_its_key_and_goes_by_itself(reputations: Reputations) -> None:
    reputations.rejected("u", at(), "HATE")
    key = dynamo.marshal({"pk": "USER#u", "sk": "REPUTATION"})
    row = dynamo.unmarshal(aws.dynamodb().get_item(TableName=TABLE, Key=key)["Item"])
    assert row["expires_at"] == int((START + timedelta(days=180)).timestamp())


def test_an_event_that_comes_twice_counts_once(reputations: Reputations) -> None:
    first = reputations.completed("u", at(), event="job-1")
    assert reputations.completed("u", at(days=1), event="job-1") == first
    refused = reputations.rejected("u", at(), "HATE", event="text")
    assert reputations.rejected("u", at(), "HATE", event="text") == refused
    assert len(reputations.read("u").rejections) == 1


def test_events_without_a_name_all_count(reputations: Reputations) -> None:
    for _ in range(3):
        reputations.rejected("u", at(), "PROFANITY")
    assert seconds_to_wait(reputations.read("u"), at()) == 60


def test_rejections_at_the_same_time_are_all_counted(
    reputations: Reputations, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "_TRIES", 200)
    threads = [
        threading.Thread(
            target=reputations.rejected, args=("u", at(), "PROFANITY"), kwargs={"event": str(n)}
        )
        for n in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    known = reputations.read("u")
    assert len(known.rejections) == 6
    assert known.score == pytest.approx(-90)
    assert seconds_to_wait(known, at()) == 480


class _Meddling:
    """A client between whose read and write somebody else writes, so many times."""

    def __init__(self, client: Any, other: Reputations, times: int) -> None:
        self._client, self._other, self._times = client, other, times

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def update_item(self, **arguments: Any) -> Any:
        if self._times:
            self._times -= 1
            self._other.completed("u", at())
        return self._client.update_item(**arguments)


def test_a_write_in_between_is_not_lost(reputations: Reputations) -> None:
    meddling = cast(Any, _Meddling(aws.dynamodb(), reputations, times=3))
    assert Reputations(meddling, TABLE).rejected("u", at(), "PROFANITY").score == -9
    assert reputations.read("u").score == -9


def test_after_too_many_writes_in_between_it_says_so(
    reputations: Reputations, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules.time, "sleep", lambda seconds: None)
    meddling = cast(Any, _Meddling(aws.dynamodb(), reputations, times=1_000))
    with pytest.raises(Retryable):
        Reputations(meddling, TABLE).rejected("u", at(), "PROFANITY")


def test_other_errors_of_the_table_are_not_hidden(cloud: Cloud) -> None:
    with pytest.raises(ClientError):
        Reputations(aws.dynamodb(), "no-such-table").read("u")
    with pytest.raises(ClientError):
        Reputations(aws.dynamodb(), "no-such-table").rejected("u", at(), "HATE")
