"""What clients see of a film: the contract's bodies, made from a job."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from reelstep.artifacts.store import ArtifactStore
from reelstep.events import log
from reelstep.events.deliveries import Delivery
from reelstep.jobs.model import Job, JobStatus, Phase
from reelstep.media.profiles import profile_for
from reelstep.media.timeline import CaptionMode
from reelstep.pipelines.generation.request import GenerationRequest
from reelstep.pipelines.submission import Submitted, whole_minutes
from reelstep.platform.clock import seconds_between


class View(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, frozen=True)


class VideoCreated(View):
    video_id: str
    status: str
    queue_position: int = Field(description="0 when it starts at once")
    estimated_wait_minutes: int
    tokens_cost: int
    message: str
    created_at: str


class CancelView(View):
    video_id: str
    status: str
    tokens_refunded: int = Field(description="what had not been spent yet")
    message: str


class PhaseView(View):
    phase: Phase
    progress_percentage: int
    done: int = Field(description="units: scenes, frames or percent, by phase")
    total: int
    started_at: str | None
    completed_at: str | None


class OutputView(View):
    format: str
    url: str
    file_size_mb: float
    width: int
    height: int


class SceneView(View):
    number: int
    description: str
    dialogue: str
    start_seconds: float
    duration_seconds: float


class CallbackView(View):
    """What became of the call of `callbackUrl`."""

    state: str = Field(description="RETRYING, DELIVERED, GONE (410) or FAILED")
    attempts: int
    last_status: int | None = Field(description="of the last answer")
    last_error: str | None = Field(description="why there was no answer")
    at: str


class VideoDetails(View):
    id: str
    user_id: str
    companion_id: str | None
    prompt: str
    duration_seconds: int
    resolution: str
    frame_rate: int
    quality: str
    status: str
    current_phase: Phase | None
    progress_percentage: int
    storage_url: str | None
    thumbnail_urls: list[str] | None
    file_size_mb: float | None
    generation_time_minutes: float | None
    is_favorite: bool
    tokens_cost: int
    error_message: str | None
    created_at: str
    completed_at: str | None
    title: str | None = None
    language: str | None = None
    poster_url: str | None = None
    error_code: str | None = None
    error_phase: str | None = None
    phases: list[PhaseView]
    captions: CaptionMode = Field(description="what was asked for; NONE has no `captionUrls`")
    caption_urls: dict[str, str] | None
    outputs: list[OutputView]
    scenes: list[SceneView]
    degraded: list[str]
    cost_usd: float
    quality_report: dict[str, Any] | None
    metadata: dict[str, str]
    callback_url: str | None
    callback: CallbackView | None = Field(description="null until the first try")
    trace_id: str
    queue_position: int = Field(description="0 once it has started")
    estimated_wait_minutes: int
    tokens_refunded: int = Field(description="of `tokensCost`, after a failure or a cancel")


class VideoSummary(View):
    id: str
    prompt: str
    duration_seconds: int
    quality: str
    status: str
    progress_percentage: int
    thumbnail_url: str | None
    is_favorite: bool
    created_at: str


class VideoPage(View):
    videos: list[VideoSummary]
    current_page: int
    page_size: int
    total_elements: int
    total_pages: int
    is_last: bool


class FavoriteState(View):
    is_favorite: bool


class QueueStatus(View):
    queued_count: int
    processing_count: int
    active_workers: int
    average_wait_minutes: float
    last_update: str


class EventPage(View):
    events: list[dict[str, Any]] = Field(description="in order of seq, as on the WebSocket")


def resolution_name(width: int, height: int) -> str:
    """1080p, 2160p, 720p: the short side, as people say it."""
    return f"{min(width, height)}p"


def details(
    job: Job,
    store: ArtifactStore,
    url_seconds: int,
    cost_micro_usd: int,
    standing: Submitted,
    told: Delivery | None = None,
) -> VideoDetails:
    """GET /{videoId}."""
    request = GenerationRequest.model_validate(job.request)
    profile = profile_for(request.quality, request.aspect_ratio, request.preview)
    output = job.output

    def signed(key: str) -> str:
        return store.signed_url(key, url_seconds)

    film = output.get("film")
    return VideoDetails(
        id=job.job_id,
        user_id=job.user_id,
        companion_id=request.companion_id,
        prompt=request.prompt,
        duration_seconds=request.duration_seconds,
        resolution=resolution_name(profile.width, profile.height),
        frame_rate=profile.fps,
        quality=request.quality,
        status=job.status.public,
        current_phase=job.phase,
        progress_percentage=job.percent,
        storage_url=signed(film) if film else None,
        thumbnail_urls=[signed(key) for key in output["thumbnails"]] if film else None,
        file_size_mb=_megabytes(output["bytes"]) if film else None,
        generation_time_minutes=_minutes(job),
        is_favorite=job.favorite,
        tokens_cost=job.price,
        error_message=job.error.message if job.error else None,
        error_code=job.error.code if job.error else None,
        error_phase=job.error.stage if job.error else None,
        created_at=job.created_at,
        completed_at=job.completed_at,
        title=output.get("title"),
        language=output.get("language"),
        poster_url=signed(output["poster"]) if film else None,
        phases=[_phase(job, phase) for phase in job.weights],
        captions=request.captions,
        caption_urls={name: signed(key) for name, key in output["captions"].items()}
        if film
        else None,
        outputs=[
            OutputView(
                format="MP4",
                url=signed(film),
                file_size_mb=_megabytes(output["bytes"]),
                width=profile.width,
                height=profile.height,
            )
        ]
        if film
        else [],
        scenes=[SceneView.model_validate(scene) for scene in output.get("scenes", [])],
        degraded=list(job.degraded),
        cost_usd=cost_micro_usd / 1_000_000,
        quality_report=output.get("quality_report"),
        metadata=request.metadata,
        callback_url=request.callback_url,
        callback=CallbackView.model_validate(told, from_attributes=True) if told else None,
        trace_id=job.trace_id,
        queue_position=standing.position,
        estimated_wait_minutes=whole_minutes(standing.wait_seconds),
        tokens_refunded=job.refunded,
    )


def summary(job: Job, store: ArtifactStore, url_seconds: int) -> VideoSummary:
    """A row of GET /user."""
    thumbnails = job.output.get("thumbnails") or []
    return VideoSummary(
        id=job.job_id,
        prompt=job.request["prompt"],
        duration_seconds=job.request["durationSeconds"],
        quality=job.request["quality"],
        status=job.status.public,
        progress_percentage=job.percent,
        thumbnail_url=store.signed_url(thumbnails[0], url_seconds) if thumbnails else None,
        is_favorite=job.favorite,
        created_at=job.created_at,
    )


def wire_event(event: log.Event, store: ArtifactStore, url_seconds: int) -> dict[str, Any]:
    """An event as clients receive it: the film's key becomes a URL that works now."""
    body = event.wire()
    key = body.pop("videoKey", None)
    if key is not None:
        body["videoUrl"] = store.signed_url(key, url_seconds)
    return body


def _phase(job: Job, phase: Phase) -> PhaseView:
    progress = job.phases[phase]
    # A phase with nothing left is at 100 also when a later one has begun before its last report.
    finished = job.status is JobStatus.COMPLETED
    return PhaseView(
        phase=phase,
        progress_percentage=100 if finished else progress.percent,
        done=progress.done,
        total=progress.total,
        started_at=progress.started_at,
        completed_at=progress.completed_at,
    )


def _minutes(job: Job) -> float | None:
    if not (job.started_at and job.completed_at):
        return None
    return round(seconds_between(job.started_at, job.completed_at) / 60, 2)


def _megabytes(count: int) -> float:
    return round(count / (1024 * 1024), 2)
