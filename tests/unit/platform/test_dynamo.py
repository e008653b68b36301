"""Plain values survive the table, and transactions say which condition failed."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st

from reelstep.platform import dynamo
from reelstep.platform.dynamo import Expression, TransactionRefused, marshal, unmarshal
from reelstep.platform.errors import TableBusy

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
    """Refuses for `code` `times` times, then accepts."""

    def __init__(self, times: int, code: str = "TransactionConflict") -> None:
        self.left = times
        self.code = code
        self.calls = 0

    def transact_write_items(self, **_: Any) -> None:
        self.calls += 1
        if self.left:
            self.left -= 1
            reasons = [{"Code": "None"}, {"Code": self.code}]
            answer = {
                "Error": {"Code": "TransactionCanceledException"},
                "CancellationReasons": reasons,
            }
            raise ClientError(answer, "TransactWriteItems")  # type: ignore[arg-type]


def test_a_conflict_is_tried_again() -> None:
    client = Conflicting(3)
    dynamo.transact(client, [])  # type: ignore[arg-type]
    assert client.calls == 4


@pytest.mark.parametrize("code", ["ThrottlingError", "ProvisionedThroughputExceeded"])
def test_a_row_that_is_too_hot_for_a_moment_is_tried_again(code: str) -> None:
    """The SDK does not: it sees a cancelled transaction, and the request was a 500."""
    client = Conflicting(2, code)
    dynamo.transact(client, [])  # type: ignore[arg-type]
    assert client.calls == 3


def test_conflicts_without_an_end_may_be_tried_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """They were an error of AWS, which no Retry of the state machine names: a film was lost."""
    monkeypatch.setattr(dynamo.time, "sleep", lambda _: None)
    with pytest.raises(TableBusy) as busy:
        dynamo.transact(Conflicting(1000), [])  # type: ignore[arg-type]
    assert busy.value.status == 503


def test_what_cannot_pass_is_not_tried_again() -> None:
    client = Conflicting(1, "ValidationError")
    with pytest.raises(ClientError):
        dynamo.transact(client, [])  # type: ignore[arg-type]
    assert client.calls == 1


def test_a_write_of_a_row_that_a_transaction_holds_is_tried_again() -> None:
    """AWS refuses it and no SDK tries again: to like a film while it was rendered was a 500."""
    answers = iter(["TransactionConflictException"] * 2)

    def like() -> None:
        for code in answers:
            raise ClientError({"Error": {"Code": code, "Message": ""}}, "UpdateItem")

    dynamo.write(like)
    answers = iter(["ConditionalCheckFailedException"])
    with pytest.raises(ClientError, match="ConditionalCheckFailed"):
        dynamo.write(like)
