"""What jobs of every kind would cost: the requests of the contract, priced, and nothing made."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Annotated, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    StrictStr,
    model_validator,
)
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

from reelstep.jobs.model import JobKind
from reelstep.pipelines.generation.request import Label, OpaqueId, Prompt
from reelstep.pipelines.submission import Quote, Submission, whole_minutes
from reelstep.wallet.pricing import (
    CLIP_MODELS,
    MEDIA_TOKENS_PER_MINUTE,
    clip_price,
    media_price,
    workflow_price,
)

ClipPrompt = Annotated[Prompt, Field(max_length=1000)]
_SECONDS = re.compile(r"[1-9][0-9]?s")


class QuoteView(BaseModel):
    """What a job would cost now, and how long it would wait."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, frozen=True)

    tokens_cost: int
    balance: int
    sufficient: bool
    estimated_wait_minutes: int
    estimated_usd: float | None = Field(
        description="what it costs us at list prices; null where no provider is chosen yet"
    )

    @classmethod
    def of(cls, quote: Quote) -> Self:
        """As clients see it."""
        micro_usd = quote.estimate_micro_usd
        return cls(
            tokens_cost=quote.tokens,
            balance=quote.balance,
            sufficient=quote.sufficient,
            estimated_wait_minutes=whole_minutes(quote.wait_seconds),
            estimated_usd=micro_usd / 1_000_000 if micro_usd else None,
        )


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _CamelRequest(BaseModel):
    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, extra="forbid", frozen=True
    )


class ClipName(StrEnum):
    WAN2 = "wan2"
    GEN2 = "gen2"
    SORA = "sora"


class ClipQuality(StrEnum):
    STANDARD = "standard"
    HIGH = "high"


class ClipRequest(_Request):
    """Seed 002, `POST /api/generate/video`."""

    prompt: ClipPrompt
    duration: StrictInt = Field(default=5, ge=1, le=60, description="seconds")
    model: ClipName = ClipName.WAN2
    quality: ClipQuality = ClipQuality.STANDARD
    style: Label = "cinematic"

    @model_validator(mode="after")
    def _no_longer_than_the_model_makes(self) -> Self:
        longest = CLIP_MODELS[self.model].max_seconds
        if self.duration > longest:
            raise PydanticCustomError(
                "clip_too_long",
                "duration must be at most {longest} for {model}",
                {"longest": longest, "model": self.model.value},
            )
        return self


class ImageStyle(StrEnum):
    NATURAL = "natural"
    VIVID = "vivid"


class ImageQuality(StrEnum):
    STANDARD = "standard"
    HD = "hd"


class Resolution(StrEnum):
    P720 = "720p"
    P1080 = "1080p"


def _in_seconds(text: str) -> str:
    if not _SECONDS.fullmatch(text):
        raise PydanticCustomError("seconds", 'must be whole seconds such as "8s", at most "99s"')
    return text


class ImageConfig(_CamelRequest):
    style: ImageStyle = ImageStyle.VIVID
    quality: ImageQuality = ImageQuality.STANDARD
    size: StrictStr = Field(default="1024x1024", pattern=r"^[1-9][0-9]{2,3}x[1-9][0-9]{2,3}$")


class VideoConfig(_CamelRequest):
    duration: Annotated[StrictStr, AfterValidator(_in_seconds)] = "8s"
    resolution: Resolution = Resolution.P720
    generate_audio: StrictBool = False

    @property
    def seconds(self) -> int:
        return int(self.duration.removesuffix("s"))


class WorkflowRequest(_CamelRequest):
    """Seed 003, `POST /api/workflow/start`."""

    image_prompt: Prompt
    video_prompt: Prompt
    image_config: ImageConfig = ImageConfig()
    video_config: VideoConfig = VideoConfig()
    project_id: OpaqueId | None = None


class MediaStep(StrEnum):
    DOWNSCALE = "downscale"
    ANIMALS = "animals"
    LANGUAGE = "language"
    SUBTITLES = "subtitles"
    MERGE = "merge"


class MediaRequest(_Request):
    """Steps over an upload that lasts `duration_seconds`; all of them unless `steps` says which."""

    duration_seconds: float = Field(strict=True, gt=0, le=43_200, allow_inf_nan=False)
    steps: list[MediaStep] = Field(
        default_factory=lambda: [MediaStep(name) for name in MEDIA_TOKENS_PER_MINUTE],
        min_length=1,
        max_length=len(MEDIA_TOKENS_PER_MINUTE),
    )


def quote_clip(submission: Submission, request: ClipRequest) -> QuoteView:
    return _quote(
        submission, JobKind.CLIP, clip_price(request.duration, request.model, request.quality)
    )


def quote_workflow(submission: Submission, request: WorkflowRequest) -> QuoteView:
    video = request.video_config
    price = workflow_price(
        request.image_config.quality, video.seconds, video.resolution, audio=video.generate_audio
    )
    return _quote(submission, JobKind.WORKFLOW, price)


def quote_media(submission: Submission, request: MediaRequest) -> QuoteView:
    price = media_price(request.duration_seconds, request.steps)
    return _quote(submission, JobKind.MEDIA, price)


def _quote(submission: Submission, kind: JobKind, price: int) -> QuoteView:
    return QuoteView.of(
        submission.quote(submission.new_job(kind, {}, price=price, estimate_micro_usd=0))
    )
