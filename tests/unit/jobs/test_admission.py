"""Who is started: caps of users, kinds and providers, priority, and what is told to who waits."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from reelstep.jobs import dispatch, lifecycle, slots
from reelstep.jobs.admission import Admission
from reelstep.jobs.executions import Executions
from reelstep.jobs.model import Job, JobKind, JobStatus
from reelstep.platform import dynamo
from reelstep.platform.errors import InsufficientTokens, QueueFull
from reelstep.platform.settings import Limits
from tests.support import books
from tests.support.jobs import a_job, now, submitted

FILM = JobKind.GENERATION


def with_limits(cloud: Any, **limits: Any) -> Admission:
    return replace(cloud.admission, limits=Limits(**limits))


def ids(jobs: list[Job]) -> list[str]:
    return [job.job_id for job in jobs]


def end(cloud: Any, job: Job) -> None:
    lifecycle.complete(cloud.jobs, job.job_id, now(cloud, job).attempt, {"film": "film.mp4"})


def assert_books(cloud: Any, **caps: int) -> None:
    assert books.mistakes(books.rows(cloud.jobs.client, cloud.jobs.table), caps) == []


def test_a_users_cap_holds_and_others_pass(cloud: Any) -> None:
    mine = [submitted(cloud, cap=1) for _ in range(3)]
    other = submitted(cloud, user_id="user-2", cap=1)
    assert ids(cloud.admission.admit(FILM)) == [mine[0].job_id, other.job_id]
    assert cloud.admission.admit(FILM) == []
    end(cloud, mine[0])
    assert ids(cloud.admission.admit(FILM)) == [mine[1].job_id]
    assert_books(cloud)


def test_the_limit_of_a_kind_holds_for_all_users_and_not_for_other_kinds(cloud: Any) -> None:
    desk = with_limits(cloud, running={"generation": 2, "clip": 1})
    films = [submitted(cloud, user_id=f"user-{n}") for n in range(3)]
    clips = [submitted(cloud, user_id=f"user-{n}", kind=JobKind.CLIP) for n in range(2)]
    assert len(desk.admit(FILM)) == 2
    assert len(desk.admit(JobKind.CLIP)) == 1
    assert_books(cloud, **{"kind#generation": 2, "kind#clip": 1})
    end(cloud, films[0])
    assert ids(desk.admit(FILM)) == [films[2].job_id]
    assert now(cloud, clips[1]).status is JobStatus.QUEUED


def test_a_provider_has_so_many_slots_for_all_kinds(cloud: Any) -> None:
    desk = with_limits(cloud, provider_slots={"vendor": 1})
    film = submitted(cloud, providers=("vendor", "offline"))
    clip = submitted(cloud, kind=JobKind.CLIP, providers=("vendor",))
    free = submitted(cloud, kind=JobKind.CLIP)
    assert ids(desk.admit(FILM)) == [film.job_id]
    assert ids(desk.admit(JobKind.CLIP)) == [free.job_id]
    end(cloud, film)
    assert ids(desk.admit(JobKind.CLIP)) == [clip.job_id]
    assert_books(cloud, **{"provider#vendor": 1})


def test_priority_decides_when_there_is_one_slot(cloud: Any) -> None:
    desk = with_limits(cloud, running={"generation": 1})
    queued_at = "2026-01-01T00:00:00.000Z"
    free = submitted(cloud, user_id="free", priority=4, queued_at=queued_at)
    vip = submitted(cloud, user_id="vip", priority=1, queued_at=queued_at)
    assert ids(desk.admit(FILM)) == [vip.job_id]
    end(cloud, vip)
    assert ids(desk.admit(FILM)) == [free.job_id]


def test_two_that_see_the_same_free_slot_start_one_job(cloud: Any, monkeypatch: Any) -> None:
    """Both read the counters before either wrote: the transaction says no to the second."""
    desk = with_limits(cloud, running={"generation": 1})
    first, second = submitted(cloud, user_id="a"), submitted(cloud, user_id="b")
    seen = desk._counts([slots.of_kind(FILM), slots.of_queue(FILM)])
    assert len(desk.admit(FILM)) == 1
    stale = dict.fromkeys([*seen, slots.of_user("a"), slots.of_user("b")], 0) | seen
    monkeypatch.setattr(Admission, "_counts", lambda _self, _scopes: dict(stale))
    assert desk.admit(FILM, [first, second]) == []
    assert_books(cloud, **{"kind#generation": 1})


def test_an_index_that_lags_behind_is_looked_at_again(cloud: Any, monkeypatch: Any) -> None:
    """A job was submitted and its own admission had died; the one that comes next sees in the
    counter that somebody waits, though the index does not show it yet."""
    job = submitted(cloud)
    waiting, looks = type(cloud.jobs).waiting, []

    def late(self: Any, kind: JobKind) -> list[Job]:
        looks.append(kind)
        return [] if len(looks) == 1 else waiting(self, kind)

    monkeypatch.setattr(type(cloud.jobs), "waiting", late)
    assert ids(cloud.admission.admit(FILM)) == [job.job_id]


def test_a_failed_start_of_the_execution_leaves_a_job_that_the_sweep_finds(
    cloud: Any, monkeypatch: Any
) -> None:
    job = submitted(cloud)

    def busy(self: Executions, job: Job) -> str:
        raise ClientError({"Error": {"Code": "ThrottlingException"}}, "StartExecution")

    with monkeypatch.context() as patched:
        patched.setattr(Executions, "start", busy)
        with pytest.raises(ClientError):
            cloud.admission.admit(FILM)
    assert now(cloud, job).status is JobStatus.STARTING
    assert_books(cloud)


def test_what_waits_is_told_its_place_and_its_time(cloud: Any) -> None:
    desk = with_limits(cloud, running={"generation": 1})
    assert desk.outlook(a_job()).position == 0
    submitted(cloud, user_id="a", price=100)
    desk.admit(FILM)
    second = submitted(cloud, user_id="b", price=100)
    third = a_job(user_id="c", price=100, queued_at="2999-01-01T00:00:00.000Z")
    assert desk.outlook(second).position == 1
    outlook = desk.outlook(third)
    assert outlook.position == 2
    # Two films of 100 tokens at the first guess of 0.3 s a token, the one less what has passed.
    assert 50 < outlook.seconds <= 60


def test_a_full_queue_takes_nothing(cloud: Any) -> None:
    for _ in range(2):
        submitted(cloud)
    before = cloud.ledger.wallet("user-1")
    with pytest.raises(QueueFull) as full:
        lifecycle.submit(cloud.jobs, a_job(), position=3, queue_size=2)
    assert int(full.value.headers["Retry-After"]) > 0
    assert cloud.ledger.wallet("user-1") == before
    assert_books(cloud)


def test_too_few_tokens_take_nothing(cloud: Any) -> None:
    cloud.ledger.open("poor", 49)
    with pytest.raises(InsufficientTokens) as short:
        lifecycle.submit(cloud.jobs, a_job(user_id="poor"), position=0, queue_size=9)
    assert (short.value.required, short.value.balance) == (50, 49)
    assert cloud.jobs.waiting(FILM) == []
    assert_books(cloud)


def test_the_stream_says_which_queues_to_look_at(cloud: Any) -> None:
    queued, ended = a_job(kind=JobKind.CLIP), a_job(status="COMPLETED")
    images = [job.model_dump(mode="json") | {"sk": "JOB"} for job in (queued, ended)]
    other = {"sk": "EVT#00000001", "event": "job:queued"}
    records = [{"dynamodb": {"NewImage": dynamo.marshal(row)}} for row in (*images, other)]
    found = dispatch.kinds_of(dispatch.job_rows([*records, {"dynamodb": {}}]))
    assert {kind: ids(fresh) for kind, fresh in found.items()} == {
        JobKind.CLIP: [queued.job_id],
        FILM: [],
    }


def test_a_full_queue_is_not_read_for_a_job_that_it_will_not_take(
    cloud: Any, monkeypatch: Any
) -> None:
    desk = with_limits(cloud, running={"generation": 1}, queue_size=2)
    for name in "abc":
        submitted(cloud, user_id=name)
        desk.admit(FILM)

    def read(self: Any, kind: JobKind) -> list[Job]:
        raise AssertionError("read the queue of a hundred")

    monkeypatch.setattr(type(cloud.jobs), "waiting", read)
    assert desk.outlook(a_job(), submitting=True).position == 3
