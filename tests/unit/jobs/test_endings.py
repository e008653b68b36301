"""Ends of jobs, as the stream tells them and the bus is told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from reelstep.events.bus import Bus, BusUnavailable
from reelstep.jobs import lifecycle
from reelstep.jobs.dispatch import job_rows
from reelstep.jobs.endings import Ending, endings_of
from reelstep.jobs.model import Job, JobError
from reelstep.jobs.repository import to_item
from reelstep.platform import dynamo
from tests.support import jobs
from tests.support.http_api import Context

EVENTS = Path(__file__).resolve().parents[3] / "docs" / "events"


def record(before: Job | None, after: Job) -> dict[str, Any]:
    images = {"NewImage": dynamo.marshal(to_item(after))}
    if before:
        images["OldImage"] = dynamo.marshal(to_item(before))
    return {"eventName": "MODIFY", "dynamodb": images}


def endings_on(cloud: Any) -> list[tuple[Job, Job]]:
    """(before, after) of one job for each way to end."""
    found = []
    for end in ("complete", "fail", "cancel"):
        job = jobs.running(cloud, request={"prompt": "x", "callbackUrl": "https://a.example/"})
        if end == "complete":
            lifecycle.complete(cloud.jobs, job.job_id, job.attempt, {"film": "films/1/film.mp4"})
        elif end == "fail":
            error = JobError(code="TIMED_OUT", message="It took too long", stage="RENDERING")
            lifecycle.fail(cloud.jobs, job.job_id, job.attempt, error)
        else:
            lifecycle.cancel(cloud.jobs, job)
        found.append((job, jobs.now(cloud, job)))
    return found


def test_what_the_bus_is_told_is_the_event_of_the_log(cloud: Any) -> None:
    schema = json.loads((EVENTS / "bus.schema.json").read_text(encoding="utf-8"))
    for before, after in endings_on(cloud):
        (ending,) = endings_of(job_rows([record(before, after)]))
        logged = cloud.jobs.events_after(after.job_id, 0, 100)[-1]
        assert ending.event == logged
        detail = ending.detail()
        assert detail["id"] == f"{after.job_id}-{after.seq}"
        assert detail["callback"] is True
        assert "a.example" not in json.dumps(detail)
        Draft202012Validator(schema).validate(
            {"source": "reelstep", "detail-type": detail["event"], "detail": detail}
        )


def test_only_the_moment_of_ending_counts_and_counts_once(cloud: Any) -> None:
    before, after = endings_on(cloud)[0]
    liked = after.model_copy(update={"favorite": True})
    again = [record(before, after), record(after, liked), record(before, after)]
    assert [ending.id for ending in endings_of(job_rows(again))] == [f"{after.job_id}-{after.seq}"]
    assert endings_of(job_rows([record(after, liked)])) == []
    assert endings_of(job_rows([record(None, before), {"dynamodb": {}}, {}])) == []
    other = {"dynamodb": {"NewImage": {"sk": {"S": "EVT#00000001"}, "status": {"S": "COMPLETED"}}}}
    assert endings_of(job_rows([other])) == []


class FakeBus:
    """Takes events, or says no to one of a call."""

    def __init__(self) -> None:
        self.calls: list[list[dict[str, Any]]] = []
        self.refuses = False

    def put_events(self, Entries: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803
        self.calls.append(Entries)
        code = {"ErrorCode": "ThrottlingException"} if self.refuses else {}
        return {"FailedEntryCount": int(self.refuses), "Entries": [{}, code]}


def test_ten_at_once_and_none_forgotten(cloud: Any) -> None:
    before, after = endings_on(cloud)[2]
    (ending,) = endings_of(job_rows([record(before, after)]))
    fake = FakeBus()
    bus = Bus(fake, "reelstep")
    bus.put([])
    assert fake.calls == []
    bus.put([ending.detail()] * 25)
    assert [len(call) for call in fake.calls] == [10, 10, 5]
    entry = fake.calls[0][0]
    assert (entry["EventBusName"], entry["Source"]) == ("reelstep", "reelstep")
    assert json.loads(entry["Detail"]) == ending.detail()
    fake.refuses = True
    with pytest.raises(BusUnavailable) as error:
        bus.put([ending.detail()])
    assert error.value.detail == "ThrottlingException"


def test_ends_are_told_of_also_when_nothing_can_be_started(
    cloud: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from functions.dispatch import handler as dispatch

    fake = FakeBus()
    monkeypatch.setenv("REELSTEP_EVENT_BUS", "reelstep")
    monkeypatch.setattr(dispatch.aws, "eventbridge", lambda: fake)
    event = {"Records": [record(*pair) for pair in endings_on(cloud)]}
    dispatch.handler(event, Context())  # type: ignore[arg-type]
    (entries,) = fake.calls
    assert [entry["DetailType"] for entry in entries] == [
        *("job:completed", "job:failed", "job:cancelled")
    ]

    def broken(_settings: Any) -> None:
        raise RuntimeError("no table")

    monkeypatch.setattr(dispatch, "admission", broken)
    # Not an error of the batch: it would come again, and its ends with it.
    assert dispatch.handler(event, Context()) == {"started": 0}  # type: ignore[arg-type]
    assert len(fake.calls) == 2
    fake.refuses = True
    with pytest.raises(BusUnavailable):
        dispatch.handler(event, Context())  # type: ignore[arg-type]


def test_a_row_that_cannot_be_read_holds_nobody_up(cloud: Any) -> None:
    before, after = endings_on(cloud)[0]
    strange = record(before, after)
    strange["dynamodb"]["NewImage"]["percent"] = {"S": "most of it"}
    (ending,) = endings_of(job_rows([strange, record(before, after)]))
    assert ending.event.job_id == after.job_id


def test_ids_differ_when_a_job_ends_again(cloud: Any) -> None:
    before, after = endings_on(cloud)[1]
    later = after.model_copy(update={"seq": after.seq + 5})
    ids: list[Ending] = endings_of(job_rows([record(before, after), record(before, later)]))
    assert len({ending.id for ending in ids}) == 2
