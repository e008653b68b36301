"""What a caller can do with films: make, look at, list, like, delete. Every one scoped by owner."""

from __future__ import annotations

import math
import uuid
from dataclasses import dataclass

from reelstep.artifacts import keys
from reelstep.artifacts.store import ArtifactStore
from reelstep.events import log
from reelstep.jobs import lifecycle
from reelstep.jobs.lifecycle import Executions
from reelstep.jobs.listing import JobPage, jobs_of_user
from reelstep.jobs.model import Job, JobKind, JobStatus, blank_phases
from reelstep.jobs.repository import JobRepository
from reelstep.pipelines.generation import views
from reelstep.pipelines.generation.request import GenerationRequest
from reelstep.pipelines.texts import NO_SUCH_VOICE, NOT_SPOKEN, STARTED_MESSAGE, TOO_DEAR
from reelstep.platform.clock import now_iso, seconds_between
from reelstep.platform.errors import NotFound, ValidationFailed
from reelstep.providers.voice_offers import OFFERS
from reelstep.wallet.pricing import generation_price

EVENTS_PER_PAGE = 500


@dataclass(frozen=True)
class Videos:
    """Films of one user. `locale` is the language of texts for people."""

    jobs: JobRepository
    media: ArtifactStore
    executions: Executions
    user_id: str
    locale: str
    url_seconds: int
    voice_provider: str

    def generate(self, request: GenerationRequest, trace_id: str) -> views.VideoCreated:
        """Price the film, write its job and start it.

        Raises ValidationFailed over `maxTokens`, and for a language or voice that nobody speaks:
        it is known now, so nothing is made in vain.
        """
        self._check_voice(request)
        price = generation_price(request.duration_seconds, request.quality, preview=request.preview)
        if request.max_tokens is not None and price > request.max_tokens:
            raise ValidationFailed([("maxTokens", TOO_DEAR[self.locale].format(price=price))])
        job = Job(
            job_id=str(uuid.uuid4()),
            kind=JobKind.GENERATION,
            user_id=self.user_id,
            phases=blank_phases(JobKind.GENERATION),
            request=request.model_dump(mode="json", by_alias=True),
            price=price,
            created_at=now_iso(),
            trace_id=trace_id,
            locale=self.locale,
        )
        job = lifecycle.submit(self.jobs, job, position=0)
        started = lifecycle.start(self.jobs, self.executions, job)
        return views.VideoCreated(
            video_id=job.job_id,
            status=started.status.public,
            queue_position=0,
            estimated_wait_minutes=0,
            tokens_cost=price,
            message=STARTED_MESSAGE[self.locale],
            created_at=job.created_at,
        )

    def get(self, video_id: str) -> views.VideoDetails:
        job = self._own(video_id)
        cost = self.jobs.cost_micro_usd(video_id)
        return views.details(job, self.media, self.url_seconds, cost)

    def page(
        self, page: int, size: int, *, status: str | None, favorite: bool | None
    ) -> views.VideoPage:
        found: JobPage = jobs_of_user(
            self.jobs,
            self.user_id,
            JobKind.GENERATION,
            page,
            size,
            status=status,
            favorite=favorite,
        )
        pages = math.ceil(found.total / size)
        return views.VideoPage(
            videos=[views.summary(job, self.media, self.url_seconds) for job in found.jobs],
            current_page=page,
            page_size=size,
            total_elements=found.total,
            total_pages=pages,
            is_last=page >= pages - 1,
        )

    def favorite(self, video_id: str, favorite: bool) -> views.FavoriteState:
        if not self.jobs.set_favorite(video_id, self.user_id, favorite):
            raise _unknown()
        return views.FavoriteState(is_favorite=favorite)

    def delete(self, video_id: str) -> None:
        """Stop it if it runs, then remove its files and its record, the record last: a crash in
        between leaves something that can be deleted again."""
        job = self._own(video_id)
        # Cancelled before it is stopped: a stopped execution of a job that still counts as running
        # looks lost, and `reconcile` would start it again. Steps that still run see it and stop.
        lifecycle.cancel(self.jobs, job)
        if not job.status.terminal and job.execution_arn:
            self.executions.stop(job.execution_arn, "The video was deleted by its owner")
        self.media.delete_prefix(keys.film_prefix(video_id))
        self.jobs.delete(video_id)

    def events(self, video_id: str, after: int) -> views.EventPage:
        self._own(video_id)
        events: list[log.Event] = self.jobs.events_after(video_id, after, EVENTS_PER_PAGE)
        return views.EventPage(
            events=[views.wire_event(event, self.media, self.url_seconds) for event in events]
        )

    def _check_voice(self, request: GenerationRequest) -> None:
        offer = OFFERS.get(self.voice_provider)
        if offer is None:
            return
        errors = []
        if request.language and not offer.speaks(request.language):
            errors.append(("language", NOT_SPOKEN[self.locale].format(language=request.language)))
        if request.voice and request.voice.lower() not in offer.voices:
            voices = ", ".join(offer.voices)
            errors.append(("voice", NO_SUCH_VOICE[self.locale].format(voices=voices)))
        if errors:
            raise ValidationFailed(errors)

    def _own(self, video_id: str) -> Job:
        job = self.jobs.get(video_id)
        if job is None or job.user_id != self.user_id or job.kind is not JobKind.GENERATION:
            raise _unknown()
        return job


def queue_status(jobs: JobRepository) -> views.QueueStatus:
    """How busy the system is: counts, and how long those now in it have waited to start."""
    queued = jobs.in_shards("queue", "QUEUE")
    running = jobs.in_shards("running", "RUNNING")
    processing = [job for job in running if job.status is JobStatus.PROCESSING]
    now = now_iso()
    waits = [seconds_between(job.created_at, job.started_at or now) for job in [*queued, *running]]
    return views.QueueStatus(
        queued_count=len(queued) + len(running) - len(processing),
        processing_count=len(processing),
        active_workers=len(processing),
        average_wait_minutes=round(sum(waits) / len(waits) / 60, 2) if waits else 0.0,
        last_update=now,
    )


def _unknown() -> NotFound:
    return NotFound("There is no such video", french="Cette vidéo n'existe pas")
