"""What a caller can do with films: make, look at, list, like, delete. Every one scoped by owner."""

from __future__ import annotations

import math
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from reelstep.accounts.plans import check_film
from reelstep.artifacts import keys
from reelstep.artifacts.store import ArtifactStore
from reelstep.events import log
from reelstep.events.deliveries import Deliveries
from reelstep.jobs import durations, slots
from reelstep.jobs.listing import JobPage, jobs_of_user
from reelstep.jobs.model import Job, JobKind
from reelstep.jobs.repository import JobRepository
from reelstep.pipelines.companions import Companions
from reelstep.pipelines.generation import previews, views
from reelstep.pipelines.generation.request import GenerationRequest
from reelstep.pipelines.generation.screened_texts import screened_texts
from reelstep.pipelines.quotes import QuoteView
from reelstep.pipelines.screening import Screening
from reelstep.pipelines.submission import Submission, Submitted, User, whole_minutes
from reelstep.pipelines.texts import (
    CALLBACK_URL,
    CANCELLED_MESSAGE,
    NO_SUCH_VOICE,
    NOT_SPOKEN,
    QUEUED_MESSAGE,
    STARTED_MESSAGE,
    TOO_DEAR,
)
from reelstep.platform.clock import now_iso
from reelstep.platform.egress import ForbiddenUrl, check_url
from reelstep.platform.errors import Conflict, NotFound, ValidationFailed
from reelstep.providers.voice_offers import OFFERS
from reelstep.wallet.estimates import generation_micro_usd
from reelstep.wallet.pricing import generation_price

# Capabilities of the deploy config that a film uses, and whose providers' slots it takes.
_USES = {"script", "picture", "companion", "voice", "music"}
EVENTS_PER_PAGE = 500
# A retry between the look and the deletion makes it live again.
_DELETE_TRIES = 5


@dataclass(frozen=True)
class Videos:
    """Films of one user."""

    submission: Submission
    media: ArtifactStore
    artifacts: ArtifactStore
    companions: Companions
    screening: Screening
    url_seconds: int
    providers: Mapping[str, str]
    deliveries: Deliveries
    loopback: bool = False  # callbacks to this very machine, on a laptop

    @property
    def user(self) -> User:
        return self.submission.user

    @property
    def jobs(self) -> JobRepository:
        return self.submission.admission.jobs

    def generate(
        self, request: GenerationRequest, trace_id: str, idempotency_key: str | None = None
    ) -> views.VideoCreated:
        """Check its texts, price the film, reserve its tokens, queue it, start it if there is room.

        Raises ValidationFailed over `maxTokens`, and for a language or voice that nobody speaks:
        it is known now, so nothing is made in vain; ContentRejected, PlanLimit,
        InsufficientTokens, QueueFull.
        """
        self.screening.check(self.user.id, screened_texts(request))
        job = self._job(request, trace_id, idempotency_key)
        cast = [one.model_dump(mode="json") for one in self.companions.resolve(request.companions)]
        if cast:
            job = job.model_copy(update={"context": {**job.context, "companions": cast}})
        return self._created(self.submission.submit(job))

    def quote(self, request: GenerationRequest) -> QuoteView:
        """What `generate` would cost and how long it would wait. Raises what that would of
        fields, prices and plans; texts are not reviewed, as nothing is made of them."""
        return QuoteView.of(self.submission.quote(self._job(request, "", None)))

    def cancel(self, video_id: str) -> views.CancelView:
        """Raises Conflict when it has ended."""
        ended = self.submission.cancel(self._own(video_id), "Cancelled by its owner")
        # What was published already; a step that publishes now sees the status and does the same.
        self.media.delete_prefix(keys.film_prefix(video_id))
        return views.CancelView(
            video_id=video_id,
            status=ended.status.public,
            tokens_refunded=ended.refunded,
            message=CANCELLED_MESSAGE[self.user.locale].format(tokens=ended.refunded),
        )

    def retry(self, video_id: str) -> views.VideoCreated:
        """A failed film again, from the step that failed. Raises Conflict unless it failed."""
        job = self._own(video_id)
        request = GenerationRequest.model_validate(job.request)
        check_film(self.user.plan, request.duration_seconds, request.quality)
        return self._created(self.submission.retry(job))

    def _job(self, request: GenerationRequest, trace_id: str, key: str | None) -> Job:
        self._check_voice(request)
        self._check_callback(request)
        seconds, quality, preview = request.duration_seconds, request.quality, request.preview
        check_film(self.user.plan, seconds, quality)
        price = generation_price(seconds, quality, preview=preview)
        if request.max_tokens is not None and price > request.max_tokens:
            raise ValidationFailed([("maxTokens", TOO_DEAR[self.user.locale].format(price=price))])
        return self.submission.new_job(
            JobKind.GENERATION,
            request.model_dump(mode="json", by_alias=True),
            price=price,
            estimate_micro_usd=generation_micro_usd(seconds, quality, preview=preview),
            trace_id=trace_id,
            idempotency_key=key,
            providers=tuple(sorted({self.providers[name] for name in _USES & set(self.providers)})),
        )

    def _created(self, submitted: Submitted) -> views.VideoCreated:
        job, position = submitted.job, submitted.position
        texts = QUEUED_MESSAGE if position else STARTED_MESSAGE
        return views.VideoCreated(
            video_id=job.job_id,
            status=job.status.public,
            queue_position=position,
            estimated_wait_minutes=whole_minutes(submitted.wait_seconds),
            tokens_cost=job.price,
            message=texts[self.user.locale].format(position=position),
            created_at=job.created_at,
        )

    def get(self, video_id: str) -> views.VideoDetails:
        job = self._own(video_id)
        cost = self.jobs.cost_micro_usd(video_id)
        standing = self.submission.standing(job)
        told = self.deliveries.last(video_id) if job.request.get("callbackUrl") else None
        return views.details(job, self.media, self.url_seconds, cost, standing, told)

    def page(
        self, page: int, size: int, *, status: str | None, favorite: bool | None
    ) -> views.VideoPage:
        found: JobPage = jobs_of_user(
            self.jobs,
            self.user.id,
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
        if not self.jobs.set_favorite(video_id, self.user.id, favorite):
            raise _unknown()
        return views.FavoriteState(is_favorite=favorite)

    def delete(self, video_id: str) -> None:
        """Stop it if it runs, then remove its files and its record, the record last: a crash in
        between leaves something that can be deleted again."""
        for _ in range(_DELETE_TRIES):
            job = self._own(video_id)
            if not job.status.terminal:
                with suppress(Conflict):  # it has just ended by itself
                    self.submission.cancel(job, "The video was deleted by its owner")
            self.media.delete_prefix(keys.film_prefix(video_id))
            if self.jobs.delete(video_id):
                return
        raise Conflict(
            "It is being retried all the time; stop that, and delete it again",
            french="Elle est sans cesse relancée ; arrêtez cela, puis supprimez-la à nouveau",
        )

    def events(self, video_id: str, after: int) -> views.EventPage:
        self._own(video_id)
        events: list[log.Event] = self.jobs.events_after(video_id, after, EVENTS_PER_PAGE)
        return views.EventPage(
            events=[views.wire_event(event, self.media, self.url_seconds) for event in events]
        )

    def previews(self, video_id: str) -> previews.Previews:
        """What can be seen of it so far."""
        return previews.of_film(self._own(video_id), self.jobs, self.artifacts, self.url_seconds)

    def _check_voice(self, request: GenerationRequest) -> None:
        offer = OFFERS.get(self.providers.get("voice", ""))
        if offer is None:
            return
        errors = []
        if request.language and not offer.speaks(request.language):
            text = NOT_SPOKEN[self.user.locale].format(language=request.language)
            errors.append(("language", text))
        if request.voice and request.voice.lower() not in offer.voices:
            voices = ", ".join(offer.voices)
            errors.append(("voice", NO_SUCH_VOICE[self.user.locale].format(voices=voices)))
        if errors:
            raise ValidationFailed(errors)

    def _check_callback(self, request: GenerationRequest) -> None:
        try:
            if request.callback_url:
                check_url(request.callback_url, loopback=self.loopback)
        except ForbiddenUrl as forbidden:
            text = CALLBACK_URL[self.user.locale][f"callback_{forbidden.reason}"]
            raise ValidationFailed([("callbackUrl", text)]) from forbidden

    def _own(self, video_id: str) -> Job:
        job = self.jobs.get(video_id)
        if job is None or job.user_id != self.user.id or job.kind is not JobKind.GENERATION:
            raise _unknown()
        return job


def queue_status(jobs: JobRepository) -> views.QueueStatus:
    """How busy the system is: what waits, what runs, and how long the last ones have waited."""
    kind = JobKind.GENERATION
    waits, runs = slots.of_queue(kind), slots.of_kind(kind)
    counts = slots.counts(jobs.client, jobs.table, [waits, runs])
    return views.QueueStatus(
        queued_count=counts[waits],
        processing_count=counts[runs],
        active_workers=counts[runs],
        average_wait_minutes=round(durations.read(jobs, kind).wait_seconds / 60, 2),
        last_update=now_iso(),
    )


def _unknown() -> NotFound:
    return NotFound("There is no such video", french="Cette vidéo n'existe pas")
