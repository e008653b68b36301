"""What a provider of each capability must do: one small Protocol each, on frozen data.

A provider turns a request into bytes or text. It does not know jobs, S3 or money: the pipeline
stores what it returns under the hash of the request, so a provider must be a function of its
request (same request and `version`, same result, where the service allows it).

Every provider has `name` (what the deploy config calls it) and `version` (part of the hash: raise
it when the same request would now give another result).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol

from pydantic import BaseModel, ConfigDict, Field


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class VisualStyle(StrEnum):
    REALISTIC = "REALISTIC"
    ANIME = "ANIME"
    ARTISTIC = "ARTISTIC"
    CINEMATIC = "CINEMATIC"


class MusicStyle(StrEnum):
    UPBEAT = "UPBEAT"
    CALM = "CALM"
    EPIC = "EPIC"
    ROMANTIC = "ROMANTIC"


# -- script ------------------------------------------------------------------------------------


class ScriptRequest(Frozen):
    prompt: str
    duration_seconds: int
    visual_style: VisualStyle = VisualStyle.REALISTIC
    music_style: MusicStyle = MusicStyle.UPBEAT
    elements: tuple[str, ...] = ()
    language: str | None = Field(default=None, description="BCP 47; None: that of the prompt")
    has_companion: bool = True


class SceneScript(Frozen):
    number: int = Field(description="from 1")
    duration_seconds: float = Field(description="the writer's intent; the timeline decides")
    description: str = Field(description="what the picture shows, in the film's language")
    visual_elements: tuple[str, ...] = Field(description="things to show, most important first")
    dialogue: str = Field(default="", description="what is spoken; may be empty")
    camera_angle: str = "wide"
    lighting: str = "day"
    mood: str = "joyful"


class Scenario(Frozen):
    title: str
    language: str = Field(description="BCP 47 primary tag: fr, en, es, de, ar, …")
    scenes: tuple[SceneScript, ...]


class ScriptWriter(Protocol):
    name: str
    version: str

    def write(self, request: ScriptRequest) -> Scenario:
        """Raises ProviderUnavailable, ProviderRejected, UnsupportedLanguage."""
        ...


# -- pictures ----------------------------------------------------------------------------------


class Side(StrEnum):
    """A side of the frame, as the viewer sees it."""

    LEFT = "left"
    RIGHT = "right"


class PictureRequest(Frozen):
    prompt: str = Field(description="the film's prompt: what all its pictures have in common")
    description: str
    visual_elements: tuple[str, ...]
    visual_style: VisualStyle
    lighting: str
    mood: str
    camera_angle: str
    width: int = Field(description="pixels; 1.25 times the frame or more")
    height: int
    seed: int = Field(description="the same for all scenes of one film")
    scene_number: int
    scene_count: int
    free_side: Side = Field(default=Side.LEFT, description="kept calm: a companion stands there")


class PictureProvider(Protocol):
    name: str
    version: str

    def draw(self, request: PictureRequest) -> bytes:
        """An opaque RGB picture as PNG of exactly width by height."""
        ...


class CompanionRequest(Frozen):
    companion_id: str = Field(description="decides the look; the same id always looks the same")
    visual_style: VisualStyle
    lighting: str
    mood: str
    pose: str = Field(default="wave", description="idle | wave | cheer | present")
    facing: Side = Field(default=Side.RIGHT, description="where it looks and points to")
    height: int = Field(description="pixels of the sprite; its width follows the character")


class CompanionArtist(Protocol):
    name: str
    version: str

    def draw_companion(self, request: CompanionRequest) -> bytes:
        """The character on a transparent ground as RGBA PNG, feet near the lower edge."""
        ...


# -- voice -------------------------------------------------------------------------------------


class VoiceRequest(Frozen):
    text: str
    language: str = Field(description="BCP 47")
    voice: str | None = Field(default=None, description="the provider's own name of a voice")
    fit_seconds: float | None = Field(
        default=None, description="speak faster, within what stays clear, to end within this"
    )


class WordTiming(Frozen):
    text: str = Field(description="as written in the text, punctuation included")
    start: float = Field(description="seconds from the start of the sound")
    end: float


class Speech(Frozen):
    wav: bytes = Field(description="RIFF WAV, 16-bit PCM, mono")
    duration: float = Field(description="seconds of sound")
    words: tuple[WordTiming, ...] = Field(description="in order, covering the whole text")


class VoiceProvider(Protocol):
    name: str
    version: str

    def speak(self, request: VoiceRequest) -> Speech:
        """Raises UnsupportedLanguage, ProviderUnavailable, ProviderRejected."""
        ...


# -- music -------------------------------------------------------------------------------------


class MusicRequest(Frozen):
    style: MusicStyle
    seconds: float = Field(description="exact length, with a beginning and an end")
    seed: int


class MusicProvider(Protocol):
    name: str
    version: str

    def compose(self, request: MusicRequest) -> bytes:
        """RIFF WAV, 16-bit PCM, 48 kHz, stereo, of exactly `seconds` (to the sample)."""
        ...


# -- moderation --------------------------------------------------------------------------------


class Category(StrEnum):
    """Why a text is refused, in the terms that moderation services share."""

    SEXUAL = "SEXUAL"
    SEXUAL_MINORS = "SEXUAL_MINORS"
    VIOLENCE = "VIOLENCE"
    HATE = "HATE"
    SELF_HARM = "SELF_HARM"
    ILLEGAL = "ILLEGAL"
    HARASSMENT = "HARASSMENT"
    PROFANITY = "PROFANITY"


class Strictness(StrEnum):
    """How much is let through; the caller's reputation decides. The gravest never is."""

    RELAXED = "RELAXED"
    NORMAL = "NORMAL"
    STRICT = "STRICT"


class Verdict(Frozen):
    category: Category | None = Field(default=None, description="None: the text may pass")
    matched: str = Field(
        default="",
        repr=False,
        description="the provider's own rule, for an audit; never sent or logged",
    )


class Moderator(Protocol):
    name: str
    version: str

    def review(self, text: str, strictness: Strictness) -> Verdict:
        """The gravest category found in `text`. Raises ProviderUnavailable."""
        ...
