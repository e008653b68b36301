"""The WebSocket under load and in bad weather, on the local cloud."""

from __future__ import annotations

import os
import random
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

from tests.support.live_jobs import Here, LiveJob, live_job
from tests.support.local_cloud import LocalCloud
from tests.support.websocket import Body, assert_no_gap, events, is_end

SOAK = bool(os.environ.get("REELSTEP_SOAK"))
CROWD = 200


@pytest.fixture(scope="module")
def here(cloud: LocalCloud) -> Here:
    return Here(cloud, cloud.new_user("plan-vip-plus"))


@pytest.fixture
def job(here: Here) -> Iterator[LiveJob]:
    with live_job(here.cloud, here.user, 5) as made:
        yield made


MOMENTS = st.lists(
    st.tuples(st.sampled_from(["drop", "close", "again", "leave", "write"]), st.floats(0, 0.15)),
    min_size=1,
    max_size=8,
)


@settings(
    max_examples=40 if SOAK else 6,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(MOMENTS, st.integers(0, 2**16))
def test_dropped_and_resumed_at_any_moment(
    here: Here, moments: list[tuple[str, float]], seed: int
) -> None:
    """The client keeps the last seq that it saw, whatever message it was in, and comes back with
    it: what it has at the end is the log."""
    pace = random.Random(seed)
    with live_job(here.cloud, here.user) as job:

        def write() -> None:
            for _ in range(25):
                job.write()
                time.sleep(pace.uniform(0, 0.03))
            job.end()

        writer = threading.Thread(target=write)
        writer.start()
        kept: list[Body] = []
        client = here.client()

        def seen() -> int:
            return _last(_resumed(kept, client.heard))

        try:
            client.say("subscribe", job.id)
            for what, pause in moments:
                time.sleep(pause)
                if what in ("drop", "close"):
                    getattr(client, what)()
                    kept = _resumed(kept, client.heard)
                    client = here.client()
                    client.say("subscribe", job.id, lastSeq=_last(kept))
                elif what == "again":
                    client.say("subscribe", job.id, lastSeq=seen())
                elif what == "leave":
                    client.say("unsubscribe", job.id)
                    client.say("subscribe", job.id, lastSeq=seen())
            writer.join()
            end = time.monotonic() + 30
            while seen() < job.seq and time.monotonic() < end:
                time.sleep(0.02)
            kept = _resumed(kept, client.heard)
        finally:
            writer.join()
            client.close()
    assert [body["seq"] for body in kept] == list(range(1, job.seq + 1))


def _last(kept: list[Body]) -> int:
    return int(kept[-1]["seq"]) if kept else 0


def _resumed(kept: list[Body], heard: list[Body]) -> list[Body]:
    """What a client has after one connection: each `subscribed` begins a run without gaps."""
    have, position = list(kept), None
    for body in list(heard):
        if body["event"] == "subscribed":
            position = body["seq"]
        elif body["event"].startswith("job:"):
            assert position is not None
            assert body["seq"] == position + 1, (position, body)
            position += 1
            if body["seq"] > _last(have):
                have.append(body)
    return have


def test_a_crowd_on_one_job(here: Here, job: LiveJob) -> None:
    """200 subscribers, one more that reads nothing, and events while they come."""
    deaf = here.client()
    clients = [here.client() for _ in range(CROWD)]
    try:
        deaf.say("subscribe", job.id)
        for client in clients:
            client.say("subscribe", job.id)
        job.write(20)
        begin = time.monotonic()
        job.end()
        for client in clients:
            heard = client.until(is_end, 240)
            assert_no_gap(heard, job.id)
            assert heard[-1]["seq"] == job.seq
        print(
            f"{CROWD} subscribers of one job: told {time.monotonic() - begin:.1f} s after its end"
        )
    finally:
        for client in [deaf, *clients]:
            client.drop()


def test_a_job_each(here: Here) -> None:
    """200 jobs with one subscriber each."""
    with ExitStack() as stack:
        jobs = [stack.enter_context(live_job(here.cloud, here.user)) for _ in range(CROWD)]
        clients = [here.client() for _ in jobs]
        try:
            for client, job in zip(clients, jobs, strict=True):
                client.say("subscribe", job.id)
            for _ in range(3):
                for job in jobs:
                    job.write()
            begin = time.monotonic()
            for job in jobs:
                job.end()
            for client, job in zip(clients, jobs, strict=True):
                heard = client.until(is_end, 240)
                assert_no_gap(heard, job.id)
                assert len(events(heard, job.id)) == 5
                assert {body["generationId"] for body in heard} == {job.id}
            print(f"{CROWD} jobs: told {time.monotonic() - begin:.1f} s after their ends")
        finally:
            for client in clients:
                client.drop()
