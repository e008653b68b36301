"""What a stop of the emulator must not tear: transactions, and streams that go on afterwards."""

from __future__ import annotations

import json
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from reelstep.local import cloud as local
from reelstep.local import emulator
from reelstep.local.checkpoint import Checkpoints
from tests.support import probes
from tests.support.local_cloud import LocalCloud, free_port, stopping

_FILLING = 4000


@contextmanager
def _table(cloud: LocalCloud, **more: Any) -> Iterator[str]:
    name = f"probe-{uuid.uuid4().hex[:8]}"
    client = cloud.client("dynamodb")
    client.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        **more,
    )
    try:
        yield name
    finally:
        client.delete_table(TableName=name)


def test_a_checkpoint_holds_whole_transactions(cloud: LocalCloud) -> None:
    """A wallet from before a payment beside a job from after it: tokens would be lost or made."""
    client = cloud.client("dynamodb")
    found = emulator.find(cloud.home)
    assert found
    with _table(cloud) as table:
        _put(client, table, "first", 0)
        for start in range(0, _FILLING, 25):  # time for a copy to be overtaken
            rows = [{"PutRequest": {"Item": _row(f"row-{start + n}", 0)}} for n in range(25)]
            client.batch_write_item(RequestItems={table: rows})
        _put(client, table, "last", 0)
        done = threading.Event()
        writer = threading.Thread(target=_count_together, args=(client, table, done))
        writer.start()
        try:
            pairs = []
            for _ in range(8):
                found.checkpoint()
                pairs.append(_saved(cloud, table, "first", "last"))
        finally:
            done.set()
            writer.join()
    assert {first - last for first, last in pairs} == {0}
    assert pairs[-1] > pairs[0], "nothing was written meanwhile: this has shown nothing"


def _count_together(client: Any, table: str, done: threading.Event) -> None:
    number = 0
    while not done.is_set():
        number += 1
        puts = [{"Put": {"TableName": table, "Item": _row(pk, number)}} for pk in ("first", "last")]
        client.transact_write_items(TransactItems=puts)


def _row(pk: str, number: int) -> dict[str, Any]:
    return {"pk": {"S": pk}, "number": {"N": str(number)}}


def _put(client: Any, table: str, pk: str, number: int) -> None:
    client.put_item(TableName=table, Item=_row(pk, number))


def _saved(cloud: LocalCloud, table: str, *pks: str) -> tuple[int, ...]:
    newest = Checkpoints(cloud.home.checkpoints).newest()
    assert newest
    items = _find(json.loads((newest / "dynamodb.json").read_text()), table)["items"]
    return tuple(int(row["number"]["N"]) for pk in pks for row in items[pk].values())


def _find(state: Any, table: str) -> dict[str, Any]:
    """The table somewhere in the emulator's state."""
    if isinstance(state, dict) and state.get("TableName") == table and "items" in state:
        return state
    inner = state.values() if isinstance(state, dict) else state if isinstance(state, list) else ()
    return next((found for part in inner if (found := _find(part, table))), {})


@pytest.mark.parametrize("start", ["TRIM_HORIZON", "LATEST"])
def test_a_stream_goes_on_after_a_restart(tmp_path: Path, project: Path, start: str) -> None:
    """Its reader used to wait for as many changes as it had seen before."""
    seen = tmp_path / "seen"
    reader = f"""
        def handler(event, context):
            with open({str(seen)!r}, "a") as file:
                for record in event["Records"]:
                    file.write(record["dynamodb"]["Keys"]["pk"]["S"] + " ")
    """
    folder = tmp_path / "cloud"
    with stopping(folder):
        cloud = LocalCloud(
            local.Home(folder), local.up(folder=folder, port=free_port(), root=project)
        )
        stream = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}
        with (
            _table(cloud, StreamSpecification=stream) as table,
            probes.function(cloud, reader) as arn,
        ):
            client = cloud.client("dynamodb")
            cloud.client("lambda").create_event_source_mapping(
                EventSourceArn=client.describe_table(TableName=table)["Table"]["LatestStreamArn"],
                FunctionName=arn,
                StartingPosition=start,
            )
            for number in range(3):
                _put(client, table, f"before-{number}", 0)
            _wait_for(seen, "before-2")
            local.down(folder=folder)
            local.up(folder=folder, root=project)
            _put(client, table, "after", 0)
            _wait_for(seen, "after")
    assert seen.read_text().split() == ["before-0", "before-1", "before-2", "after"]


def _wait_for(seen: Path, word: str, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not (seen.exists() and word in seen.read_text().split()):
        assert time.monotonic() < end, f"{word} was never delivered"
        time.sleep(0.1)
