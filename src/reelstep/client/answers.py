"""Bodies of the API, as frozen data; what is not read here is in each one's `document`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    ModelWrapValidatorHandler,
    PrivateAttr,
    model_validator,
)
from pydantic.alias_generators import to_camel

TERMINAL = frozenset({"COMPLETED", "FAILED", "CANCELLED"})


class Answer(BaseModel):
    """A body of the API: its fields under their names in snake case, all of it as `document`."""

    model_config = ConfigDict(
        frozen=True, extra="ignore", alias_generator=to_camel, populate_by_name=True
    )
    _document: dict[str, Any] = PrivateAttr(default_factory=dict)

    @property
    def document(self) -> dict[str, Any]:
        """The body as it came, under the contract's names."""
        return self._document

    @model_validator(mode="wrap")
    @classmethod
    def _keep_document(cls, body: Any, read: ModelWrapValidatorHandler[Self]) -> Self:
        answer = read(body)
        if isinstance(body, Mapping):
            answer._document = dict(body)
        return answer


class Submission(Answer):
    """201 of `POST /generate`, 202 of `POST /{videoId}/retry`."""

    video_id: str
    status: str
    queue_position: int = 0
    estimated_wait_minutes: float = 0
    tokens_cost: int = 0
    message: str = ""


class Phase(Answer):
    """One of the six, as `GET /{videoId}` tells it; `done` of `total` are the phase's own units."""

    phase: str
    progress_percentage: float = 0
    done: int = 0
    total: int = 0
    started_at: datetime | None = None
    completed_at: datetime | None = None


class Output(Answer):
    """One file of a finished film; sizes in pixels."""

    format: str
    url: str
    width: int = 0
    height: int = 0


class Scene(Answer):
    """What one scene is about; numbers count from 1. Only a finished film says when it comes."""

    number: int
    description: str = ""
    dialogue: str = ""
    start_seconds: float | None = None
    duration_seconds: float | None = None


class Video(Answer):
    """200 of `GET /{videoId}`, and what a row of the list has of it; addresses are signed."""

    id: str
    prompt: str = ""
    title: str | None = None
    language: str | None = None
    duration_seconds: float = 0
    quality: str = ""
    status: str = ""
    current_phase: str | None = None
    progress_percentage: float = 0
    resolution: str | None = None
    frame_rate: float | None = None
    storage_url: str | None = None
    file_size_mb: float | None = None
    generation_time_minutes: float | None = None
    is_favorite: bool = False
    tokens_cost: int | None = None
    cost_usd: float | None = None
    error_code: str | None = None
    error_message: str | None = None
    error_phase: str | None = None
    phases: list[Phase] = []
    outputs: list[Output] = []
    scenes: list[Scene] = []
    thumbnail_urls: list[str] | None = None
    poster_url: str | None = None
    captions: str | None = None
    caption_urls: dict[str, str] | None = None
    created_at: datetime | None = None
    completed_at: datetime | None = None
    degraded: list[str] | None = None
    quality_report: dict[str, Any] | None = None
    companion_id: str | None = None
    metadata: dict[str, str] = {}
    callback_url: str | None = None
    queue_position: int = 0
    estimated_wait_minutes: float = 0
    tokens_refunded: int = 0
    trace_id: str = ""

    @property
    def finished(self) -> bool:
        return self.status in TERMINAL


class VideoPage(Answer):
    """200 of `GET /user`."""

    videos: list[Video]
    current_page: int = 0
    total_elements: int = 0
    total_pages: int = 0
    is_last: bool = True


class EventError(Answer):
    """What a failed job says of itself."""

    code: str = ""
    message: str = ""
    stage: str | None = None


class Event(Answer):
    """One entry of a job's log; fields as in the contract's WebSocket table."""

    event: str
    generation_id: str = ""
    seq: int
    at: datetime
    position: int | None = None
    worker_id: str | None = None
    percent: float | None = None
    stage: str | None = None
    stage_percent: float | None = None
    message: str | None = None
    error: EventError | None = None
    retry_in: float | None = None
    video_url: str | None = None


class EventLog(Answer):
    """200 of `GET /{videoId}/events`."""

    events: list[Event]


class QueueStatus(Answer):
    """200 of `GET /queue-status`."""

    queued_count: int = 0
    processing_count: int = 0
    active_workers: int = 0
    average_wait_minutes: float = 0


class Quote(Answer):
    """200 of `POST /quote`: the price in tokens, and what the makers of it would ask."""

    tokens_cost: int
    balance: int
    sufficient: bool
    estimated_wait_minutes: float = 0
    estimated_usd: float | None = None


class Cancellation(Answer):
    """202 of `POST /{videoId}/cancel`."""

    video_id: str
    status: str
    tokens_refunded: int = 0
    message: str = ""


class Limits(Answer):
    """What a plan allows; priority 1 is served first."""

    max_duration_seconds: int
    max_quality: str
    concurrent_jobs: int
    priority: int


class Account(Answer):
    """200 of `GET /account`; `balance` is what can be spent, `reserved` is out of it already."""

    user_id: str
    plan: str
    admin: bool = False
    limits: Limits
    balance: int
    reserved: int
    running_jobs: int = 0


class LedgerEntry(Answer):
    """One movement; of GRANT alone `tokens` has a sign of its own."""

    id: str
    type: str
    tokens: int
    job_id: str | None = None
    reason: str | None = None
    at: datetime


class LedgerPage(Answer):
    """200 of `GET /account/ledger`, newest first; the last page has no cursor."""

    entries: list[LedgerEntry]
    cursor: str | None = None


class Person(Answer):
    """200 of `GET /admin/users/{id}`."""

    user_id: str
    email: str | None = None
    plan: str
    admin: bool = False
    balance: int
    reserved: int


class Funds(Answer):
    """201 of `POST /admin/users/{id}/tokens`."""

    user_id: str
    balance: int
    reserved: int


class PlanOfUser(Answer):
    """200 of `PUT /admin/users/{id}/plan`."""

    user_id: str
    plan: str


class Companion(Answer):
    """200 of `PUT` and `GET /companions/{id}`."""

    id: str
    name: str
    voice: str | None = None
    avatar_url: str | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None


class CompanionList(Answer):
    """200 of `GET /companions`."""

    companions: list[Companion]


class AvatarUpload(Answer):
    """201 of `POST /companions/{id}/avatar`: where the picture's bytes go, and how."""

    upload_id: str
    url: str
    method: str = "PUT"
    headers: dict[str, str] = {}


class Picture(Answer):
    """A scene's picture, small; sizes in pixels."""

    scene: int
    url: str
    width: int = 0
    height: int = 0


class Chunk(Answer):
    """A part of the film that is rendered, without sound: MP4, its `codec` h264 or hevc.

    Indexes count from 0.
    """

    index: int
    url: str
    seconds: float = 0
    codec: str = ""


class Previews(Answer):
    """200 of `GET /{videoId}/previews`: what is there so far, in order."""

    title: str | None = None
    scenes: list[Scene] = []
    pictures: list[Picture] = []
    chunks: list[Chunk] = []


class Favorite(Answer):
    """200 of `POST` and `DELETE /{videoId}/favorite`."""

    is_favorite: bool


class Health(Answer):
    """200 of `GET /health`."""

    status: str = "unknown"
    version: str = ""
