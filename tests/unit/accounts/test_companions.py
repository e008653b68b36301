"""Rows of companions: twins, races and the count that must be exact."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

import pytest

from reelstep.accounts import companions
from reelstep.accounts.companions import AvatarRef, CompanionRows
from reelstep.platform import aws
from reelstep.platform.errors import Conflict
from tests.support.table import TABLE
from tests.unit.conftest import Serialized

RED, BLUE = (AvatarRef(f"companions/u/c/{name}.png", name, name) for name in ("red", "blue"))


@pytest.fixture
def rows(cloud: Any) -> CompanionRows:
    return CompanionRows(cast(Any, Serialized(aws.dynamodb())), TABLE, "user-1")


def put(rows: CompanionRows, companion_id: str, **changes: Any) -> Any:
    values = {"name": "Luna", "voice": None, "avatar": None, "now": "2026-01-01T00:00:00.000Z"}
    return rows.put(companion_id, **(values | changes))


def count(rows: CompanionRows) -> int:
    answer = rows.client.get_item(
        TableName=TABLE, Key={"pk": {"S": "USER#user-1"}, "sk": {"S": "COMPANIONS"}}
    )
    return int(answer["Item"]["companions"]["N"])


def test_a_companion_comes_back_as_it_was_put(rows: CompanionRows) -> None:
    after, before = put(rows, "c", voice="female", avatar=RED)
    assert before is None
    assert rows.get("c") == after
    assert rows.list() == [after]
    assert after.avatar == RED


def test_an_avatar_stays_until_another_comes(rows: CompanionRows) -> None:
    put(rows, "c", avatar=RED)
    after, before = put(rows, "c", name="Moon", now="2026-01-02T00:00:00.000Z")
    assert (before.avatar, after.avatar, after.name) == (RED, RED, "Moon")
    assert (after.created_at[:10], after.updated_at[:10]) == ("2026-01-01", "2026-01-02")
    after, before = put(rows, "c", avatar=BLUE)
    assert (before.avatar, after.avatar) == (RED, BLUE)


def test_the_count_is_what_there_is(rows: CompanionRows) -> None:
    for name in ("a", "b", "a", "c"):
        put(rows, name)
    assert count(rows) == 3
    assert rows.delete("b") is not None
    assert rows.delete("b") is None
    assert count(rows) == len(rows.list()) == 2


def test_users_do_not_see_each_other(rows: CompanionRows) -> None:
    put(rows, "c")
    other = CompanionRows(rows.client, TABLE, "user-12")
    assert other.get("c") is None
    assert other.list() == []
    assert other.delete("c") is None
    assert rows.get("c")


def test_many_at_once_pass_the_limit_together_only_up_to_it(
    rows: CompanionRows, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(companions, "MOST_COMPANIONS", 5)

    def try_to_put(number: int) -> bool:
        try:
            put(rows, f"c{number}")
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(try_to_put, range(20)))
    assert sum(made) == count(rows) == len(rows.list()) == 5


def test_twins_that_make_the_same_companion_make_one(rows: CompanionRows) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: put(rows, "c"), range(4)))
    assert count(rows) == len(rows.list()) == 1
    assert rows.list()[0].version == 4


def test_each_replaced_avatar_is_handed_back_exactly_once(rows: CompanionRows) -> None:
    """Whoever gets it deletes the file: twice would be harmless, never would leave it for good."""
    avatars = [AvatarRef(f"k{n}", f"s{n}", f"u{n}") for n in range(3)]
    put(rows, "c", avatar=RED)
    with ThreadPoolExecutor(3) as pool:
        results = list(pool.map(lambda avatar: put(rows, "c", avatar=avatar), avatars))
    replaced = [before.avatar for _, before in results]
    last = rows.get("c")
    assert last
    assert sorted([*replaced, last.avatar], key=str) == sorted([RED, *avatars], key=str)


def test_a_change_of_a_companion_that_was_deleted_and_made_again_is_not_lost_on_the_old_one(
    rows: CompanionRows, monkeypatch: pytest.MonkeyPatch
) -> None:
    stale, _ = put(rows, "c", avatar=RED)
    rows.delete("c")
    put(rows, "c", now="2026-02-01T00:00:00.000Z")
    read = CompanionRows.get
    answers = [stale]

    def first_stale(self: CompanionRows, companion_id: str) -> Any:
        return answers.pop() if answers else read(self, companion_id)

    monkeypatch.setattr(CompanionRows, "get", first_stale)
    after, before = put(rows, "c", name="Moon")
    assert before.avatar is None
    assert after.avatar is None
    assert after.created_at.startswith("2026-02")


def test_one_that_never_stands_still_is_a_conflict(
    rows: CompanionRows, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(rows, "c")
    monkeypatch.setattr(CompanionRows, "_replace", lambda *_: False)
    with pytest.raises(Conflict, match="another request"):
        put(rows, "c")
