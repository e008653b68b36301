"""Event streams on the local cloud, followed by an EventSource that was written from the standard
(tests/support/event_source.py) and by Node's own."""

from __future__ import annotations

import itertools
import json
import random
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.support import films
from tests.support.event_source import Cut, EventSource, Message, Parser
from tests.support.live_jobs import Here, live_job
from tests.support.local_cloud import LocalCloud

PAGE = Path(__file__).resolve().parents[2] / "docs" / "sse.md"


@pytest.fixture(scope="module")
def here(cloud: LocalCloud) -> Here:
    return Here(cloud, cloud.new_user("plan-vip-plus"))


def _url(here: Here, job_id: str) -> str:
    return f"{here.cloud.description.api_url}/api/v1/jobs/{job_id}/stream?token={here.user.token}"


def _cuts() -> Cut:
    """The first three lines are cut, at lengths that every answer has; then every other one: in
    the middle of an answer, before it, or while it is held."""
    chance, numbers = random.Random(7), itertools.count()
    certain = iter((0, 1, 10))

    def cut() -> tuple[int | None, float]:
        for length in certain:
            return length, 60.0
        if next(numbers) % 2:
            return None, 60.0
        if chance.random() < 0.7:
            return chance.randrange(0, 700), 60.0
        return None, chance.uniform(0.05, 3.0)

    return cut


def _bodies(messages: list[Message]) -> list[dict[str, Any]]:
    bodies = [json.loads(message.data) for message in messages]
    for message, body in zip(messages, bodies, strict=True):
        assert (message.type, message.last_event_id) == (body["event"], str(body["seq"]))
    return bodies


def _until(true: Callable[[], bool], seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it never was"
        time.sleep(0.1)


def test_a_whole_film_over_a_line_that_is_cut_at_random(here: Here) -> None:
    film = films.start(here.cloud, here.user, prompt="A cat on a bad line")
    source = EventSource(_url(here, film), cut=_cuts(), parser=Parser(retry_ms=100))
    told = _bodies(list(source))
    assert source.closed_by == 204
    assert source.cuts >= 3
    assert source.largest < 64_000
    films.assert_told_in_order(told, "job:completed")
    assert films.download(told[-1]["videoUrl"])[4:8] == b"ftyp"
    logged = films.events(here.cloud, here.user, film)
    assert [{**body, "videoUrl": 0} for body in told] == [{**b, "videoUrl": 0} for b in logged]


def test_a_film_is_made_while_five_streams_are_held(here: Here) -> None:
    """Held requests wait in a place of their own; nobody else waits for them."""

    def held() -> dict[str, str]:
        row = here.cloud.client("dynamodb").get_item(
            TableName=here.cloud.description.table_name,
            Key={"pk": {"S": f"USER#{here.user.id}"}, "sk": {"S": "HOLDS"}},
            ConsistentRead=True,
        )
        now = time.time() * 1_000
        places = {k: v["N"] for k, v in row.get("Item", {}).items() if k.startswith("until_")}
        return {name: until for name, until in places.items() if float(until) > now}

    def answered_beside_them() -> bool:
        before = held()
        health = here.cloud.http("GET", "/health")
        assert health.status_code == 200
        # The same five, before and after: none had to go for it.
        return len(before) == 5 and held() == before

    _until(lambda: not held())  # what others cut is over
    with live_job(here.cloud, here.user, 2) as job, ThreadPoolExecutor(5) as pool:
        sources = [EventSource(_url(here, job.id)) for _ in range(5)]
        streams = [pool.submit(lambda source=source: list(source)) for source in sources]
        try:
            _until(answered_beside_them)
            film = films.start(here.cloud, here.user, prompt="A cat among streams")
            films.completed(here.cloud, here.user, film)
            assert not any(stream.done() for stream in streams)
        finally:
            job.write()
            job.end()
        for source, stream in zip(sources, streams, strict=True):
            told = _bodies(stream.result(120))
            assert [body["seq"] for body in told] == [1, 2, 3, 4]
            assert source.closed_by == 204


def test_pages_of_other_origins_may_follow(here: Here) -> None:
    with live_job(here.cloud, here.user) as job:
        origin = {"Origin": "https://example.org"}
        answer = here.cloud.http("GET", f"/api/v1/jobs/{job.id}/stream", headers=origin)
        assert answer.status_code == 401
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        path = _url(here, job.id).removeprefix(here.cloud.description.api_url)
        answer = here.cloud.http("GET", path, headers=origin)
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "x-trace-id" in answer.headers["Access-Control-Expose-Headers"]


def test_no_log_has_the_token(here: Here) -> None:
    with live_job(here.cloud, here.user) as job:
        job.end()
        list(EventSource(_url(here, job.id)))
    said = here.cloud.logs("stream")
    assert "StreamRequests" in said
    assert here.user.token.split(".")[2] not in said


# -- the page --------------------------------------------------------------------------------------

Exchange = tuple[list[str], list[str]]


def _exchanges() -> Iterator[Exchange]:
    """(lines of a request, lines of its answer), in order."""
    for block in re.findall(r"```\n(> .*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL):
        asked: list[str] = []
        heard: list[str] = []
        for line in block.splitlines():
            if line.startswith(">") and heard:
                yield asked, heard
                asked, heard = [], []
            (asked if line.startswith(">") else heard).append(line[2:])
        yield asked, heard


def _loosely(line: str, job: str) -> Any:
    """Without what differs from run to run."""
    text = line.replace(job, "JOB")
    if not text.startswith(("data: {", "{")):
        return text
    body = json.loads(text.removeprefix("data: "))
    return {name: "…" if name in ("at", "traceId") else value for name, value in body.items()}


def test_the_page_is_what_happens(here: Here) -> None:
    played = 0
    with live_job(here.cloud, here.user, 2) as job:
        for asked, heard in _exchanges():
            if any("job:cancelled" in line for line in heard):
                job.end()
            headers = dict(line.split(": ") for line in asked[1:])
            path = asked[0].removeprefix("GET ").replace("JOB", job.id)
            answer = here.cloud.http("GET", path, token=here.user.token, headers=headers)
            assert str(answer.status_code) == heard[0]
            lines = answer.text.splitlines()
            assert [_loosely(x, job.id) for x in lines] == [_loosely(x, job.id) for x in heard[1:]]
            played += 1
    assert played == 7


def test_the_snippet_of_the_page_follows_a_job_to_its_end(here: Here) -> None:
    """By Node's EventSource, which is nobody's here."""
    (snippet,) = re.findall(r"```js\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    with live_job(here.cloud, here.user, 3) as job:
        given = {"API": here.cloud.description.api_url, "JOB": job.id, "TOKEN": here.user.token}
        constants = "".join(f"const {k} = {json.dumps(v)};\n" for k, v in given.items())
        program = (
            constants + "const show = (event) => console.log(JSON.stringify(event));\n"
            # Node would end while its EventSource waits to come back.
            "const alive = setInterval(() => {}, 1000);\n"
            "const over = () => { console.log('over'); clearInterval(alive); };\n" + snippet
        )
        node = Path(sys.executable).parent / "node"
        running = subprocess.Popen(
            [str(node), "--experimental-eventsource", "--no-warnings", "-e", program],
            stdout=subprocess.PIPE,
            text=True,
        )
        with running:
            assert running.stdout
            heard = [json.loads(running.stdout.readline()) for _ in range(3)]
            job.write(2)
            heard += [json.loads(running.stdout.readline()) for _ in range(2)]
            job.end()
            *rest, last = running.stdout.read().splitlines()
    assert [body["seq"] for body in heard + [json.loads(line) for line in rest]] == [*range(1, 7)]
    assert last == "over"
    assert running.returncode == 0
