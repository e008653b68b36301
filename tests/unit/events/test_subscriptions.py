"""The rows of connections and subscriptions: leases, limits, and nothing left behind."""

from __future__ import annotations

import time
from typing import Any

import pytest

from reelstep.events import subscriptions
from reelstep.events.connections import LIFE_SECONDS, Connection, Connections
from reelstep.events.delivery import Found, Standing
from reelstep.events.subscriptions import Subscription
from reelstep.platform import dynamo
from tests.support.table import TABLE

MOST = 3


def _open(connections: Connections, name: str = "c1", user: str = "ada") -> Connection:
    opened = connections.open(name, user, "fr", 10)
    assert opened
    return opened


def _row(connections: Connections, owner: str, name: str = "c1", job: str = "j") -> Subscription:
    return Subscription(connections.client, TABLE, job, name, owner)


def _rows(connections: Connections) -> list[dict[str, Any]]:
    return [dynamo.unmarshal(i) for i in connections.client.scan(TableName=TABLE)["Items"]]


def test_a_connection_is_known_until_it_is_forgotten(connections: Connections) -> None:
    opened = _open(connections)
    assert opened.expires_at - time.time() == pytest.approx(LIFE_SECONDS, abs=5)
    assert connections.get("c1") == opened == Connection("c1", "ada", "fr", opened.expires_at)
    assert connections.get("c2") is None
    connections.forget("c1")
    connections.forget("c1")
    assert connections.get("c1") is None
    assert _rows(connections) == []


def test_every_row_expires(connections: Connections) -> None:
    assert _row(connections, "a").begin(_open(connections), 0, MOST).standing is Standing.HELD
    rows = _rows(connections)
    assert len(rows) == 4
    assert {row["expires_at"] for row in rows} == {rows[0]["expires_at"]}


def test_a_user_has_so_many_connections_and_no_more(connections: Connections) -> None:
    for number in range(3):
        assert connections.open(f"c{number}", "ada", "en", 3)
    assert connections.open("c3", "ada", "en", 3) is None
    assert connections.get("c3") is None
    assert connections.open("c4", "bob", "en", 3)
    connections.forget("c0")
    assert connections.open("c3", "ada", "en", 3)


def test_connections_whose_time_is_over_do_not_count(
    connections: Connections, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert connections.open("c1", "ada", "en", 1)
    later = time.time() + LIFE_SECONDS + 1
    monkeypatch.setattr("reelstep.events.connections.time.time", lambda: later)
    assert connections.open("c2", "ada", "en", 1)


def test_one_holds_the_lease_and_the_other_asks(connections: Connections) -> None:
    connection = _open(connections)
    first, second = _row(connections, "first"), _row(connections, "second")
    assert first.begin(connection, 4, MOST) == Found(Standing.HELD, 4)
    assert second.begin(connection, 0, MOST).standing is Standing.BUSY
    assert second.take(6) == Found(Standing.BUSY, 4, "first")
    assert second.want(6, "first")
    assert second.want(5, "first")  # is asked for already
    assert not second.want(7, "somebody")
    assert first.release(5) == 6
    assert second.leave().standing is Standing.BUSY
    assert first.keep(5)
    assert first.release(6) is None
    assert not first.keep(6)
    assert not second.want(7, "first")
    assert second.take(6) == Found(Standing.DONE, 6)
    assert second.take(7) == Found(Standing.HELD, 6)
    assert second.release(7) is None


def test_a_second_subscribe_begins_anew_with_one_place(connections: Connections) -> None:
    connection = _open(connections)
    row = _row(connections, "a")
    for last in (5, 0, 2):
        assert row.begin(connection, last, 1) == Found(Standing.HELD, last)
        assert row.release(last) is None
    assert connections.subscriptions_of("c1") == ["j"]
    assert connections.subscribers_of("j") == ["c1"]


def test_a_dead_holder_is_found_out(
    connections: Connections, monkeypatch: pytest.MonkeyPatch
) -> None:
    row, other = _row(connections, "a"), _row(connections, "b")
    connection = _open(connections)
    assert row.begin(connection, 0, MOST).standing is Standing.HELD
    later = time.time() + subscriptions.LEASE_SECONDS + 1
    monkeypatch.setattr("reelstep.events.subscriptions.time.time", lambda: later)
    assert other.take(1).standing is Standing.EXPIRED
    assert other.begin(connection, 0, MOST).standing is Standing.EXPIRED
    assert other.leave().standing is Standing.EXPIRED
    assert row.keep(0)  # it was only slow
    assert other.take(1).standing is Standing.BUSY


def test_a_connection_has_so_many_subscriptions_and_no_more(connections: Connections) -> None:
    connection = _open(connections)
    for job in ("j1", "j2", "j3"):
        row = _row(connections, "a", job=job)
        assert row.begin(connection, 0, MOST).standing is Standing.HELD
        assert row.release(0) is None
    assert _row(connections, "a", job="j4").begin(connection, 0, MOST).standing is Standing.FULL
    assert _row(connections, "a", job="j1").leave().standing is Standing.DONE
    assert _row(connections, "a", job="j1").leave().standing is Standing.GONE
    assert _row(connections, "a", job="j4").begin(connection, 0, MOST).standing is Standing.HELD


def test_nobody_subscribes_on_a_connection_that_has_ended(connections: Connections) -> None:
    connection = _open(connections)
    connections.forget("c1")
    assert _row(connections, "a").begin(connection, 0, MOST).standing is Standing.GONE
    assert _row(connections, "a").take(1).standing is Standing.GONE
    assert _row(connections, "a").release(1) is None
    assert _rows(connections) == []


def test_forgetting_takes_every_subscription_along_and_no_others(connections: Connections) -> None:
    mine, theirs = _open(connections), _open(connections, "c2", "bob")
    for job in ("j1", "j2"):
        _row(connections, "a", job=job).begin(mine, 0, MOST)
        _row(connections, "a", "c2", job).begin(theirs, 0, MOST)
    connections.forget("c1")
    assert connections.subscribers_of("j1") == ["c2"]
    assert connections.subscriptions_of("c2") == ["j1", "j2"]
    assert not [row for row in _rows(connections) if "c1" in f"{row['pk']}{row['sk']}"]
    assert _row(connections, "a", job="j1").release(0) is None
    assert len(_rows(connections)) == 6


def test_a_job_that_is_deleted_ends_its_subscriptions(connections: Connections) -> None:
    row = _row(connections, "a")
    row.begin(_open(connections), 0, MOST)
    connections.client.delete_item(TableName=TABLE, Key=dynamo.marshal(row.key))
    assert row.release(1) is None
    assert row.leave().standing is Standing.DONE
    assert connections.subscriptions_of("c1") == []
