"""Live progress over Server-Sent Events: a request waits for news, is answered, and comes back.

API Gateway ends a request after 30 s and hands an answer on when it is whole. So each answer is
short: all that is new, at once if there is something, else as soon as there is, else nothing after
a while. The client's own reconnection, which EventSource has built in, makes one stream of them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise

from botocore.exceptions import BotoCoreError, ClientError

from reelstep.artifacts.store import ArtifactStore
from reelstep.events import protocol, sse
from reelstep.events.holds import Hold, Holds
from reelstep.events.log import Event
from reelstep.jobs.model import Job
from reelstep.jobs.repository import JobRepository
from reelstep.pipelines.context import media_store, repository
from reelstep.pipelines.generation.views import wire_event
from reelstep.platform.errors import NotFound
from reelstep.platform.observability import logger
from reelstep.platform.settings import Settings

#: Events of one answer; each is under 4 KB.
EVENTS_PER_ANSWER = 50
#: Between two looks of a request that is held: one Query each.
LOOK_SECONDS = 0.75
#: When a client comes back, in milliseconds: usually; when more waits for it already; when it
#: could not be held, because its user has as many streams as it may have.
RETRY_MS, RETRY_MORE_MS, RETRY_UNHELD_MS = 1_000, 50, 5_000


@dataclass(frozen=True)
class Answer:
    """What one request gets. `more` is already there behind its events."""

    events: Sequence[Event] = ()
    more: bool = False
    held: bool = True


@dataclass(frozen=True)
class Streams:
    """The streams of one user. `clock` is in seconds and only ever rises."""

    jobs: JobRepository
    media: ArtifactStore
    holds: Holds
    user_id: str
    hold_seconds: int
    url_seconds: int
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep

    def after(self, job_id: str, seq: int) -> str | None:
        """The event stream of what comes after `seq`; None when the job has ended and nothing
        does. Raises NotFound."""
        answer = self._answer(job_id, seq)
        return None if answer is None else self._text(answer)

    def _answer(self, job_id: str, seq: int) -> Answer | None:
        job = self._own(job_id)
        # Nobody has what has not been written; a client that says so would miss what comes.
        seq = min(seq, job.seq)
        if seq < job.seq:
            answer = self._look(job_id, seq)
            if answer.events:
                return answer
        if job.status.terminal:
            return None
        hold = self._take()
        if hold is None:
            return Answer(held=False)
        try:
            return self._wait(job_id, seq)
        finally:
            # Its time is nearly over anyhow.
            with suppress(BotoCoreError, ClientError):
                self.holds.give_back(hold)

    def _wait(self, job_id: str, seq: int) -> Answer:
        end = self.clock() + self.hold_seconds
        while (left := end - self.clock()) > 0:
            self.sleep(min(LOOK_SECONDS, left))
            answer = self._look(job_id, seq)
            if answer.events:
                return answer
        return Answer()

    def _look(self, job_id: str, seq: int) -> Answer:
        found = self.jobs.events_after(job_id, seq, EVENTS_PER_ANSWER + 1)
        if found and found[0].seq != seq + 1:
            # It was not written yet when the query passed its place, and is there now; or it has
            # expired, and is in neither.
            found = self.jobs.events_after(job_id, seq, EVENTS_PER_ANSWER + 1)
        whole = _without_gap(found)
        return Answer(whole[:EVENTS_PER_ANSWER], more=len(found) > EVENTS_PER_ANSWER)

    def _take(self) -> Hold | None:
        try:
            return self.holds.take(self.user_id, self.hold_seconds)
        except (BotoCoreError, ClientError):
            logger.exception("no place taken; the request is not held")
            return None

    def _own(self, job_id: str) -> Job:
        job = self.jobs.get(job_id)
        if job is None or job.user_id != self.user_id:
            raise NotFound("There is no such job", french="Ce travail n'existe pas")
        return job

    def _text(self, answer: Answer) -> str:
        if not answer.held:
            return sse.retry(RETRY_UNHELD_MS) + sse.comment("too many streams; not held")
        if not answer.events:
            return sse.retry(RETRY_MS) + sse.comment("nothing new")
        told = "".join(
            sse.event(event.name, event.seq, self._body(event)) for event in answer.events
        )
        return sse.retry(RETRY_MORE_MS if answer.more else RETRY_MS) + told

    def _body(self, event: Event) -> str:
        return protocol.encode(wire_event(event, self.media, self.url_seconds)).decode()


def streams_of(settings: Settings, user_id: str) -> Streams:
    """This user's streams."""
    jobs = repository(settings)
    return Streams(
        jobs=jobs,
        media=media_store(settings),
        holds=Holds(jobs.client, settings.table, settings.limits.streams),
        user_id=user_id,
        hold_seconds=settings.limits.stream_seconds,
        url_seconds=settings.limits.signed_url_seconds,
    )


def _without_gap(events: Sequence[Event]) -> Sequence[Event]:
    """Up to the first that is missing: it comes with the next look."""
    for index, (before, event) in enumerate(pairwise(events), start=1):
        if event.seq != before.seq + 1:
            return events[:index]
    return events
