"""A job's way from submit to its end. The only module that changes a job's status.

    submit → QUEUED → start → STARTING → begin → PROCESSING → complete | fail
                ↑          cancel: from each of these                    │
                └───────────────────────── retry ────────────────────────┘

Each function writes one transaction that holds only if nothing has changed since the job was
read: its status, the event that tells of it, the slots it takes or gives back and the tokens that
move. Called twice it does its work once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from reelstep.events import log
from reelstep.jobs import slots
from reelstep.jobs.executions import Executions
from reelstep.jobs.model import RUNNING, Job, JobError, JobStatus, Phase
from reelstep.jobs.repository import JobRepository, queue_keys, running_keys
from reelstep.platform.clock import now_iso
from reelstep.platform.dynamo import TransactionRefused
from reelstep.platform.errors import (
    Conflict,
    InsufficientTokens,
    QueueFull,
    StaleExecution,
    TableBusy,
)
from reelstep.wallet import ledger
from reelstep.wallet.refunds import spent_tokens

_QUEUED = frozenset({JobStatus.QUEUED})
_STARTING = frozenset({JobStatus.STARTING})
_LIVE = RUNNING | _QUEUED
_INDEX_ATTRIBUTES = ("queue_pk", "queue_sk", "running_pk", "running_sk")
# Losing to a progress event that was written in between is ordinary: read again and try again.
_TRIES = 20
_RETRY_AFTER_SECONDS = 60

Actions = list[dict[str, Any]]


class SlotsFull(Exception):
    """A job cannot start now: `scopes` have no room."""

    def __init__(self, scopes: Sequence[str]):
        super().__init__(f"no room in {', '.join(scopes)}")
        self.scopes = tuple(scopes)


def submit(
    repository: JobRepository, job: Job, *, position: int, queue_size: int
) -> tuple[Job, bool]:
    """Write the new job, queued, and reserve its price: all or nothing.

    Returns the job and whether it is new: the same id with the same request is the job that is
    there already. Raises InsufficientTokens, QueueFull, and Conflict for an id that was used for
    something else or whose job was deleted.
    """
    payment = ledger.reserve_actions(repository.table, job.paid_by, job.price, now_iso())
    waiting = slots.take(repository.table, slots.of_queue(job.kind), queue_size)
    try:
        return repository.create(job, log.queued(position), also=[*payment, waiting]), True
    except TransactionRefused as refused:
        taken, _event, wallet, entry, queue = (index in refused.failed for index in range(5))
        if taken:
            return _same(repository, job), False
        if entry:
            raise Conflict(
                "This Idempotency-Key was used for a job that has been deleted; use a new one",
                french="Cette Idempotency-Key a servi à un travail supprimé ; prenez-en une autre",
            ) from refused
        _explain_refusal(repository, job, wallet=wallet, queue=queue, queue_size=queue_size)
        raise


def start(
    repository: JobRepository, executions: Executions, job: Job, caps: Mapping[str, int]
) -> Job | None:
    """QUEUED → STARTING with a slot in every scope of `caps`, and start its execution.

    None when somebody else has moved the job. Raises SlotsFull. When StartExecution fails the job
    stays STARTING without an execution: the sweeper starts it again by the same name.
    """
    now = now_iso()
    changes = {
        "status": JobStatus.STARTING,
        "attempt": job.attempt + 1,
        "attempt_at": now,
        "heartbeat_at": now,
        "slots": tuple(caps),
    }
    table = repository.table
    scopes = [slots.of_queue(job.kind), *caps]
    also = [
        slots.give_back(table, scopes[0]),
        *(slots.take(table, scope, cap) for scope, cap in caps.items()),
    ]
    try:
        repository.change(
            job,
            sets={**changes, **running_keys(job.job_id, now)},
            # A slow launcher may have noted the execution of the last attempt after a retry.
            removes=[*queue_keys(job), "execution_arn"],
            allowed=_QUEUED,
            at=now,
            also=also,
        )
    except TransactionRefused as refused:
        if 0 in refused.failed:
            return None
        raise SlotsFull([scopes[index - 1] for index in sorted(refused.failed)]) from refused
    try:
        return launch(repository, executions, job.model_copy(update=changes))
    except StaleExecution:  # deleted in this moment; its first step will notice
        return None


def launch(repository: JobRepository, executions: Executions, job: Job) -> Job:
    """Start the execution of a STARTING job and keep its ARN. Raises StaleExecution."""
    arn = executions.start(job)
    repository.set_execution(job, arn)
    return job.model_copy(update={"execution_arn": arn})


def begin(repository: JobRepository, job: Job, worker_id: str) -> Job:
    """STARTING → PROCESSING, told as job:started. A second call changes nothing."""
    if job.status is JobStatus.PROCESSING:
        return job
    now = now_iso()
    try:
        return _change_again(
            repository,
            job,
            event=(log.STARTED, log.started(worker_id)),
            sets={
                "status": JobStatus.PROCESSING,
                "started_at": job.started_at or now,
                "heartbeat_at": now,
                "running_sk": now,
            },
            at=now,
            allowed=_STARTING,
        )
    except StaleExecution:
        # A twin of this step that was faster has told of it.
        latest = repository.get(job.job_id)
        if latest and (latest.status, latest.attempt) == (JobStatus.PROCESSING, job.attempt):
            return latest
        raise


def begin_again(repository: JobRepository, job: Job) -> Job | None:
    """A running job whose execution was lost becomes STARTING under its next attempt, with the
    slots and the reservation that it has.

    None when somebody else has moved it in the meantime.
    """
    now = now_iso()
    again = {
        "status": JobStatus.STARTING,
        "attempt": job.attempt + 1,
        "attempt_at": now,
        "resumed": job.resumed + 1,
        "heartbeat_at": now,
    }
    try:
        repository.change(job, sets={**again, "running_sk": now}, removes=["execution_arn"], at=now)
    except TransactionRefused:
        return None
    return job.model_copy(update={**again, "execution_arn": None})


def complete(
    repository: JobRepository, job_id: str, attempt: int, output: Mapping[str, Any]
) -> Job | None:
    """The film is checked and published: → COMPLETED, its price settled. None when it had ended."""
    return _finish(
        repository,
        job_id,
        attempt,
        JobStatus.COMPLETED,
        {"output": dict(output), "percent": 100},
        (log.COMPLETED, log.completed(str(output["film"]))),
    )


def fail(repository: JobRepository, job_id: str, attempt: int, error: JobError) -> Job | None:
    """→ FAILED with a named error, its price refunded. None when the job had ended before."""
    return _finish(
        repository,
        job_id,
        attempt,
        JobStatus.FAILED,
        {"error": error.model_dump()},
        (log.FAILED, log.failed(error.code, error.message, error.stage)),
    )


def cancel(repository: JobRepository, job: Job) -> Job | None:
    """→ CANCELLED, from QUEUED or while it runs; what is not spent yet is refunded.

    None when it had ended before; raises TableBusy. The caller stops the execution afterwards: a
    stopped execution of a job that still counts as running would look lost.
    """
    spent = repository.cost_micro_usd(job.job_id) if job.status in RUNNING else 0
    now = now_iso()
    for _ in range(_TRIES):
        kept = spent_tokens(job.price, spent, job.estimate_micro_usd)
        sets = {
            "status": JobStatus.CANCELLED,
            "completed_at": now,
            "slots": (),
            "refunded": job.price - kept,
        }
        try:
            return _change_again(
                repository,
                job,
                event=(log.CANCELLED, {}),
                sets=sets,
                removes=_INDEX_ATTRIBUTES,
                at=now,
                allowed=_LIVE,
                also=partial(_leaving, repository.table, kept, now),
            )
        except StaleExecution:
            latest = repository.get(job.job_id)
            if latest is None or latest.status not in _LIVE:
                return None
            # It was started, or begun again, in between: cancel what it is now.
            job = latest
    raise TableBusy(
        "It changes all the time at this moment; please try again",
        french="Il change sans cesse en ce moment ; veuillez réessayer",
    )


def retry(
    repository: JobRepository, job: Job, *, position: int, queue_size: int, terms: Mapping[str, Any]
) -> Job | None:
    """FAILED → QUEUED as a new charge; the steps that were finished are found, not made again.

    `terms` are fields of the job that follow its owner's plan of today. None when somebody else
    has moved it. Raises InsufficientTokens or QueueFull.
    """
    now = now_iso()
    again = job.model_copy(
        update={
            **terms,
            "status": JobStatus.QUEUED,
            "charge": job.charge + 1,
            "queued_at": now,
            "resumed": 0,
            "refunded": 0,
        }
    )
    fields = ("status", "charge", "queued_at", "resumed", "refunded", *terms)
    payment = ledger.reserve_actions(repository.table, again.paid_by, again.price, now)
    waiting = slots.take(repository.table, slots.of_queue(job.kind), queue_size)
    try:
        repository.change(
            job,
            sets={**again.model_dump(mode="json", include=set(fields)), **queue_keys(again)},
            removes=["error", "completed_at", "started_at", "execution_arn"],
            allowed=frozenset({JobStatus.FAILED}),
            event=(log.QUEUED, log.queued(position)),
            at=now,
            also=[*payment, waiting],
        )
    except TransactionRefused as refused:
        moved, _event, wallet, entry, queue = (index in refused.failed for index in range(5))
        if moved or entry:
            return None
        _explain_refusal(repository, job, wallet=wallet, queue=queue, queue_size=queue_size)
        raise
    return repository.get(job.job_id)


def current_stage(job: Job) -> str:
    """The phase to name in an error."""
    return (job.phase or Phase.SCRIPT_GENERATION).value


def _same(repository: JobRepository, job: Job) -> Job:
    """The job that has this id already, if it is of the same request."""
    there = repository.get(job.job_id)
    if there is None or (there.user_id, there.fingerprint) != (job.user_id, job.fingerprint):
        raise Conflict(
            "This Idempotency-Key was used for another request; use a new one",
            french="Cette Idempotency-Key a servi à une autre requête ; prenez-en une autre",
        )
    return there


def _explain_refusal(
    repository: JobRepository, job: Job, *, wallet: bool, queue: bool, queue_size: int
) -> None:
    if wallet:
        purse = ledger.Ledger(repository.client, repository.table).wallet(job.user_id)
        raise InsufficientTokens(job.price, purse.balance if purse else 0)
    if queue:
        raise QueueFull(queue_size, _RETRY_AFTER_SECONDS)


def _leaving(table: str, settled: int, at: str, job: Job) -> Actions:
    """What goes with the end of a job: its slots or its place in the queue, and its tokens."""
    scopes = job.slots or ((slots.of_queue(job.kind),) if job.status in _QUEUED else ())
    return [
        *(slots.give_back(table, scope) for scope in scopes),
        *ledger.close_actions(
            table, job.paid_by, settled=settled, refunded=job.price - settled, at=at
        ),
    ]


def _finish(
    repository: JobRepository,
    job_id: str,
    attempt: int,
    status: JobStatus,
    sets: Mapping[str, Any],
    event: tuple[str, Mapping[str, Any]],
) -> Job | None:
    job = repository.get(job_id)
    if job is None or job.status not in RUNNING or job.attempt != attempt:
        return None
    now = now_iso()
    settled = job.price if status is JobStatus.COMPLETED else 0
    try:
        return _change_again(
            repository,
            job,
            event=event,
            sets={
                **sets,
                "status": status,
                "completed_at": now,
                "slots": (),
                "refunded": job.price - settled,
            },
            removes=_INDEX_ATTRIBUTES,
            at=now,
            also=partial(_leaving, repository.table, settled, now),
        )
    except StaleExecution:
        return None


def _change_again(
    repository: JobRepository,
    job: Job,
    *,
    event: tuple[str, Mapping[str, Any]],
    sets: Mapping[str, Any],
    removes: tuple[str, ...] = (),
    at: str,
    allowed: frozenset[JobStatus] = RUNNING,
    also: Callable[[Job], Actions] = lambda _job: [],
) -> Job:
    """Write a transition, over however many progress events come in between.

    `also` makes the other parts of the transaction from the state that was read.
    """
    attempt = job.attempt
    for _ in range(_TRIES):
        try:
            repository.change(
                job,
                sets=sets,
                removes=removes,
                event=event,
                at=at,
                allowed=allowed,
                also=also(job),
            )
        except TransactionRefused:
            latest = repository.get(job.job_id)
            if latest is None or latest.status not in allowed or latest.attempt != attempt:
                raise StaleExecution("This job has ended or runs under a newer attempt") from None
            job = latest
        else:
            return repository.get(job.job_id) or job
    raise StaleExecution("This job is being changed by others without a pause")
