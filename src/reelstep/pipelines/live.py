"""Live progress over the WebSocket: what a client's message does, and how news reaches clients."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from reelstep.accounts.plans import Plan
from reelstep.artifacts import keys
from reelstep.artifacts.store import ArtifactStore
from reelstep.events import delivery, protocol
from reelstep.events.connections import Connection, Connections
from reelstep.events.delivery import Standing
from reelstep.events.gateway import Gateway
from reelstep.events.log import Event
from reelstep.events.protocol import Action, Message
from reelstep.events.stream import News
from reelstep.events.subscriptions import LEASE_SECONDS, Subscription
from reelstep.jobs.model import Job
from reelstep.jobs.repository import JobRepository
from reelstep.pipelines.context import admission, ledger, media_store, repository
from reelstep.pipelines.generation.views import wire_event
from reelstep.pipelines.submission import Submission, User
from reelstep.platform.clock import now_iso
from reelstep.platform.errors import Conflict, NotFound, ReelstepError, TableBusy
from reelstep.platform.observability import logger
from reelstep.platform.settings import Settings

_EVENTS_PER_READ = 100
_PAUSES = (0.05, 0.1, 0.2, 0.4, 0.8)
#: A function may run for 29 s, and a long log takes longer than that: its client comes back for
#: the rest, which it would never hear of if the function were cut off in the middle.
_SECONDS_OF_POSTS = 20.0


@dataclass(frozen=True)
class Live:
    """Everybody's connections, and the jobs that they may hear of.

    `take` takes one message out of a user's bucket or raises RateLimited.
    """

    settings: Settings
    connections: Connections
    gateway: Gateway
    take: Callable[[str], object]

    @cached_property
    def jobs(self) -> JobRepository:
        return repository(self.settings)

    @cached_property
    def media(self) -> ArtifactStore:
        return media_store(self.settings)

    def hear(self, connection_id: str, text: str) -> None:
        """Do what a client's message says. What is wrong with it is told to the client."""
        connection = self.connections.get(connection_id)
        if connection is None:  # its time is over, or it is being closed
            self.close(connection_id)
            return
        try:
            message = protocol.parse(text)
        except ReelstepError as error:
            self._say_error(connection, error, protocol.told_id(text))
            return
        try:
            self._do(connection, message)
        except ReelstepError as error:
            self._say_error(connection, error, message.job_id or None)
        except Exception:
            # What the client has been told of is not sure any more: it comes back and asks.
            with suppress(Exception):
                self.close(connection_id)
            raise

    def tell(self, connection_id: str, news: News) -> Standing:
        """Bring one subscriber of a job up to date."""
        run = self._delivery(news.job_id, connection_id, news=news)
        return run.through(delivery.tell(news.wanted, patient=news.ended))

    def close(self, connection_id: str) -> None:
        """The connection first: while its rows are there, a failure here is noticed again."""
        self.gateway.close(connection_id)
        self.connections.forget(connection_id)

    def _do(self, connection: Connection, message: Message) -> None:
        if message.action is Action.PING:
            self._say(connection, protocol.pong(now_iso()))
            return
        self.take(connection.user_id)
        match message.action:
            case Action.SUBSCRIBE:
                self._subscribe(connection, message)
            case Action.UNSUBSCRIBE:
                self._unsubscribe(connection, message)
            case Action.CANCEL:
                self._cancel(connection, message)

    def _subscribe(self, connection: Connection, message: Message) -> None:
        job = self._own(connection, message.job_id)
        # Nobody has what has not been written; a client that says so would miss what comes.
        last_seq = min(message.last_seq, job.seq)
        snapshot = protocol.subscribed(job.job_id, last_seq, now_iso(), snapshot_of(job))
        run = self._delivery(job.job_id, connection.id, connection=connection)
        standing = run.through(delivery.subscribe(last_seq, snapshot))
        if standing is Standing.FULL:
            most = self.settings.limits.subscriptions
            raise Conflict(
                f"A connection may subscribe to {most} jobs",
                french=f"Une connexion peut suivre {most} travaux",
            )
        if standing is Standing.BUSY:
            raise _being_told()

    def _unsubscribe(self, connection: Connection, message: Message) -> None:
        run = self._delivery(message.job_id, connection.id)
        standing = run.through(delivery.unsubscribe())
        if standing is Standing.BUSY:
            raise _being_told()
        if standing is not Standing.DONE:
            raise NotFound(
                "You have not subscribed to this job",
                french="Vous n'êtes pas abonné à ce travail",
            )
        self._say(connection, protocol.accepted(message.action, message.job_id, now_iso()))

    def _cancel(self, connection: Connection, message: Message) -> None:
        job = self._own(connection, message.job_id)
        # The plan decides what may be submitted, and nothing is.
        user = User(connection.user_id, Plan.FREE, connection.locale)
        submission = Submission(admission(self.settings), ledger(self.settings), user)
        ended = submission.cancel(job, "Cancelled by its owner")
        self.media.delete_prefix(keys.film_prefix(job.job_id))
        answer = protocol.accepted(
            message.action, job.job_id, now_iso(), tokensRefunded=ended.refunded
        )
        self._say(connection, answer)

    def _own(self, connection: Connection, job_id: str) -> Job:
        job = self.jobs.get(job_id)
        if job is None or job.user_id != connection.user_id:
            raise NotFound("There is no such job", french="Ce travail n'existe pas")
        return job

    def _say(self, connection: Connection, body: Mapping[str, Any]) -> None:
        if not self.gateway.post(connection.id, protocol.encode(body)):
            self.close(connection.id)

    def _say_error(self, connection: Connection, error: ReelstepError, job_id: str | None) -> None:
        text = error.text(connection.locale)
        self._say(connection, protocol.error(error.code, text, now_iso(), job_id))

    def _delivery(
        self,
        job_id: str,
        connection_id: str,
        *,
        connection: Connection | None = None,
        news: News | None = None,
    ) -> Run:
        row = Subscription(
            self.jobs.client, self.settings.table, job_id, connection_id, uuid.uuid4().hex
        )
        return Run(self, row, connection, news)


def _being_told() -> TableBusy:
    return TableBusy(
        "This connection is being told of this job; please try again",
        french="Cette connexion est en train d'entendre ce travail ; veuillez réessayer",
    )


@dataclass
class Run:
    """Does what a delivery wants done, for one subscriber of one job."""

    live: Live
    row: Subscription
    connection: Connection | None
    news: News | None
    _pauses: int = field(default=0, init=False)
    _held_since: float = field(default=0.0, init=False)
    _until: float = field(init=False)

    def __post_init__(self) -> None:
        self._until = time.monotonic() + _SECONDS_OF_POSTS

    def through(self, steps: delivery.Delivery) -> Standing:
        """All of it; how it ended. Raises what AWS raises: the lease then expires by itself."""
        answer: Any = None
        while True:
            try:
                step = steps.send(answer)
            except StopIteration as end:
                standing: Standing = end.value
                return standing
            answer = self._do(step)

    def _do(self, step: delivery.Step) -> Any:
        row = self.row
        match step:
            case delivery.Begin(sent):
                assert self.connection is not None  # noqa: S101  who subscribes is connected
                self._held_since = time.monotonic()
                return row.begin(self.connection, sent, self.live.settings.limits.subscriptions)
            case delivery.Take(wanted):
                self._held_since = time.monotonic()
                return row.take(wanted)
            case delivery.Want(wanted, holder):
                return row.want(wanted, holder)
            case delivery.Pause():
                time.sleep(_PAUSES[min(self._pauses, len(_PAUSES) - 1)])
                self._pauses += 1
            case delivery.Read(seq):
                return self._read(seq)
            case delivery.Post(message):
                return self._post(message)
            case delivery.Keep(sent):
                return self._keep(sent)
            case delivery.Release(sent):
                return row.release(sent)
            case delivery.Leave():
                return row.leave()
            case delivery.Close():
                logger.info("closing", connection=row.connection_id, job_id=row.job_id)
                self.live.close(row.connection_id)
        return None

    def _read(self, seq: int) -> delivery.Page:
        at_hand = self.news.after(seq) if self.news else None
        if at_hand is not None:
            return delivery.Page(at_hand)
        events = self.live.jobs.events_after(self.row.job_id, seq, _EVENTS_PER_READ)
        return delivery.Page(events, last=len(events) < _EVENTS_PER_READ)

    def _post(self, message: Event | Mapping[str, Any]) -> bool:
        if time.monotonic() > self._until:
            return False
        if isinstance(message, Event):
            seconds = self.live.settings.limits.signed_url_seconds
            message = wire_event(message, self.live.media, seconds)
        return self.live.gateway.post(self.row.connection_id, protocol.encode(message))

    def _keep(self, sent: int) -> bool:
        """A write only when the lease is no longer young."""
        if time.monotonic() - self._held_since < LEASE_SECONDS / 3:
            return True
        self._held_since = time.monotonic()
        return self.row.keep(sent)


def snapshot_of(job: Job) -> dict[str, Any]:
    """A job as it is, for a client that has just come; `seq` is the last event of that moment."""
    return {
        "kind": job.kind.value,
        "status": job.status.public,
        "percent": job.percent,
        "stage": job.phase.value if job.phase else None,
        "phases": [
            {"phase": phase.value, "percent": one.percent, "done": one.done, "total": one.total}
            for phase, one in job.phases.items()
        ],
        "seq": job.seq,
        "createdAt": job.created_at,
        "startedAt": job.started_at,
        "completedAt": job.completed_at,
        "degraded": list(job.degraded),
        "error": job.error.model_dump() if job.error else None,
    }
