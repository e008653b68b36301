"""Plain values survive the table, and transactions say which condition failed."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reelstep.platform import dynamo
from reelstep.platform.dynamo import Expression, TransactionRefused, marshal, unmarshal

numbers = st.integers(-(10**15), 10**15) | st.floats(
    min_value=-1e6, max_value=1e6, allow_nan=False
).map(lambda value: round(value, 6))
values = st.recursive(
    st.none() | st.booleans() | numbers | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(min_size=1), values, max_size=5))
def test_values_come_back_as_they_were(item: dict) -> None:
    assert unmarshal(marshal(item)) == item


def test_an_expression_reuses_names_and_never_values() -> None:
    expression = Expression()
    assert expression.name("phases.RENDERING.done") == "#n0.#n1.#n2"
    assert expression.name("phases.ENCODING") == "#n0.#n3"
    assert (expression.value(1), expression.value(1)) == (":v0", ":v1")


def test_a_refused_transaction_says_which_action_and_writes_nothing(cloud: Any) -> None:
    def put(key: str, **more: Any) -> dict[str, Any]:
        return {
            "Put": {"TableName": cloud.jobs.table, "Item": marshal({"pk": key, "sk": "x"}), **more}
        }

    taken = {"ConditionExpression": "attribute_not_exists(pk)"}
    dynamo.transact(cloud.jobs.client, [put("b")])
    with pytest.raises(TransactionRefused) as caught:
        dynamo.transact(cloud.jobs.client, [put("a"), put("b", **taken)])
    assert caught.value.failed == {1}
    rows = cloud.jobs.client.scan(TableName=cloud.jobs.table)["Items"]
    assert [unmarshal(row)["pk"] for row in rows] == ["b"]


class Conflicting:
    """Refuses with a conflict `times` times, then accepts."""

    def __init__(self, times: int) -> None:
        self.left = times
        self.calls = 0

    def transact_write_items(self, **_: Any) -> None:
        from botocore.exceptions import ClientError

        self.calls += 1
        if self.left:
            self.left -= 1
            reasons = [{"Code": "None"}, {"Code": "TransactionConflict"}]
            answer = {
                "Error": {"Code": "TransactionCanceledException"},
                "CancellationReasons": reasons,
            }
            raise ClientError(answer, "TransactWriteItems")  # type: ignore[arg-type]


def test_a_conflict_is_tried_again() -> None:
    client = Conflicting(3)
    dynamo.transact(client, [])  # type: ignore[arg-type]
    assert client.calls == 4
