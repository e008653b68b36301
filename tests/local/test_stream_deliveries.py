"""Records of the table's stream that come twice, at once, and late: each job starts once."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from reelstep.local import deploy, emulator
from tests.support import books, evidence, films
from tests.support.local_cloud import LocalCloud, User

#: Fails while it is composed: a film that is over soon.
TOO_LONG = [{"dialogue": "So many words in so little time. " * 25}]


def test_records_that_come_twice_and_late_start_nothing_twice(cloud: LocalCloud) -> None:
    user = cloud.new_user()  # FREE: one film at a time, the others wait for the stream
    ids = [films.start(cloud, user, prompt=f"Film {n}", scenes=TOO_LONG) for n in range(3)]
    queued = _records(cloud, ids)
    assert {_status(record) for record in queued} >= {"QUEUED"}
    with ThreadPoolExecutor(4) as pool:  # while they run and wait
        list(pool.map(lambda _: _deliver(cloud, queued), range(4)))
    assert {films.finished(cloud, user, video_id)["status"] for video_id in ids} == {"FAILED"}

    everything = _records(cloud, ids)
    assert {_status(record) for record in everything} >= {"QUEUED", "STARTING", "FAILED"}
    for records in (everything, queued, everything[::-1]):  # late, again, and out of order
        assert _deliver(cloud, records) == {"started": 0}

    mine = _rows_of(cloud, user, ids)
    assert books.mistakes(mine) == []
    assert [row["attempt"] for row in mine if row["sk"] == "JOB"] == [1, 1, 1]
    starts = [row for row in mine if row.get("event") == "job:started"]
    assert len(starts) == 3
    assert sorted(_executions(cloud, ids)) == sorted(f"{video_id}-1" for video_id in ids)


def _deliver(cloud: LocalCloud, records: list[Any]) -> Any:
    """As Lambda's poller would."""
    answer = cloud.client("lambda").invoke(
        FunctionName=f"reelstep-{deploy.STAGE}-dispatch", Payload=json.dumps({"Records": records})
    )
    given = json.load(answer["Payload"])
    assert "FunctionError" not in answer, given
    return given


def _records(cloud: LocalCloud, ids: list[str]) -> list[Any]:
    """What the stream has said of these jobs' rows so far."""
    client = cloud.client("dynamodbstreams")
    (stream,) = client.list_streams(TableName=cloud.description.table_name)["Streams"]
    described = client.describe_stream(StreamArn=stream["StreamArn"])["StreamDescription"]
    found: list[Any] = []
    for shard in described["Shards"]:
        iterator = client.get_shard_iterator(
            StreamArn=stream["StreamArn"],
            ShardId=shard["ShardId"],
            ShardIteratorType="TRIM_HORIZON",
        )["ShardIterator"]
        while iterator:
            page = client.get_records(ShardIterator=iterator)
            found += page["Records"]
            iterator = page.get("NextShardIterator") if page["Records"] else None
    keys = [{"pk": {"S": f"JOB#{video_id}"}, "sk": {"S": "JOB"}} for video_id in ids]
    mine = [record for record in found if record["dynamodb"]["Keys"] in keys]
    return list(json.loads(json.dumps(mine, default=lambda time: time.timestamp())))


def _status(record: Any) -> str:
    return str(record["dynamodb"]["NewImage"]["status"]["S"])


def _rows_of(cloud: LocalCloud, user: User, ids: list[str]) -> list[books.Row]:
    """This user's rows, all of one moment; of the slots only those that are the user's own."""
    found = emulator.find(cloud.home)
    assert found
    found.checkpoint()
    partitions = {f"USER#{user.id}", f"SLOT#user#{user.id}", *(f"JOB#{job_id}" for job_id in ids)}
    return [row for row in evidence.saved_rows(cloud) if row["pk"] in partitions]


def _executions(cloud: LocalCloud, ids: list[str]) -> list[str]:
    machine = cloud.description.state_machines["generation"]
    pages = cloud.client("stepfunctions").get_paginator("list_executions")
    return [
        execution["name"]
        for page in pages.paginate(stateMachineArn=machine)
        for execution in page["executions"]
        if execution["name"].rpartition("-")[0] in ids
    ]
