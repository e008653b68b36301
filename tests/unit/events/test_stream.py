"""What the stream's records have to tell."""

from __future__ import annotations

from typing import Any

from reelstep.events import log
from reelstep.events.stream import news_of
from reelstep.platform import dynamo

AT = "2026-01-01T00:00:00.000Z"


def _record(
    job: str, seq: int, *, name: str = log.PROGRESS, kind: str = "INSERT", sk: str = ""
) -> dict[str, Any]:
    item = log.to_item(log.Event(name, job, seq, AT, {}), 1)
    image = dynamo.marshal({**item, **({"sk": sk} if sk else {})})
    return {"eventName": kind, "dynamodb": {"NewImage": image, "SequenceNumber": f"{job}{seq}"}}


def test_events_by_job_in_order_and_once() -> None:
    records = [_record("a", 3), _record("b", 1), _record("a", 4), _record("a", 3)]
    a, b = news_of(records)
    assert (a.job_id, [e.seq for e in a.events], a.first_record, a.wanted) == ("a", [3, 4], "a3", 4)
    assert (b.job_id, [e.seq for e in b.events], b.ended) == ("b", [1], False)


def test_only_new_events_are_news() -> None:
    removed = {"eventName": "REMOVE", "dynamodb": {"Keys": {}}}
    records = [removed, _record("a", 1, kind="MODIFY"), _record("a", 2, sk="PROG#x")]
    assert news_of(records) == []


def test_the_end_of_a_job_is_noticed_wherever_it_stands() -> None:
    ends = [log.COMPLETED, log.FAILED, log.CANCELLED]
    assert all(news_of([_record("a", 1, name=name), _record("a", 2)])[0].ended for name in ends)


def test_what_is_at_hand_is_used_only_when_it_is_whole() -> None:
    (news,) = news_of([_record("a", seq) for seq in (3, 4, 6)])
    assert news.after(2) is None  # 5 is missing
    assert news.after(5) is not None
    assert [event.seq for event in news.after(5) or []] == [6]
    assert news.after(6) is None
    assert news.after(0) is None
