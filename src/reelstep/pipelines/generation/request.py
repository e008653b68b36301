"""The request of `POST /api/v1/videos/generate`, validated: the contract's names and limits."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from typing import Annotated

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    StrictStr,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
)
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

from reelstep.media.timeline import CaptionMode, TransitionKind
from reelstep.platform.egress import LONGEST_URL, ForbiddenUrl, check_url
from reelstep.providers.base import MusicStyle, VisualStyle

# Kept although they are of Unicode's "format" class: they join emoji and shape Arabic and Indic.
_JOINERS = "\u200c\u200d"
_BLANKS = re.compile(r"[ \t\u00a0]+")


#: In one film.
MOST_COMPANIONS = 3
#: Of a script of the caller's own, in UTF-8: it goes through a state machine (256 KiB a state) and
#: into a row (400 KB), both twice.
MOST_SCRIPT_BYTES = 60_000


class Quality(StrEnum):
    STANDARD = "STANDARD"
    HD = "HD"
    ULTRA = "ULTRA"


class AspectRatio(StrEnum):
    WIDE = "16:9"
    TALL = "9:16"
    SQUARE = "1:1"


def clean_text(text: str) -> str:
    """Text without control and invisible format characters, blanks folded, ends trimmed.

    Letters, signs, emoji and markup-like text stay: they are escaped where they are used.
    Newlines become blanks; bidirectional overrides go, as they could make one text show as another.
    """
    kept = []
    for char in unicodedata.normalize("NFC", text):
        category = unicodedata.category(char)
        if char in "\r\n\v\f\u2028\u2029":
            kept.append(" ")
        elif char == "\t" or char in _JOINERS or category not in {"Cc", "Cf", "Co", "Cs"}:
            kept.append(char)
    return _BLANKS.sub(" ", "".join(kept)).strip()


def _clean(value: object) -> object:
    return clean_text(value) if isinstance(value, str) else value


def _not_blank(text: str) -> str:
    if not any(unicodedata.category(char)[0] not in "ZCM" for char in text):
        raise PydanticCustomError("no_visible_text", "must contain visible text")
    return text


# Cleaned before the length is measured, so that padding can neither hide nor cause an error.
Prompt = Annotated[
    StrictStr,
    BeforeValidator(_clean),
    Field(min_length=1, max_length=2000),
    AfterValidator(_not_blank),
]
Label = Annotated[
    StrictStr,
    BeforeValidator(_clean),
    Field(min_length=1, max_length=60),
    AfterValidator(_not_blank),
]
Reason = Annotated[
    StrictStr,
    BeforeValidator(_clean),
    Field(min_length=1, max_length=200),
    AfterValidator(_not_blank),
]
Line = Annotated[StrictStr, BeforeValidator(_clean), Field(max_length=1000)]
_TAG = r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$"
_ID = r"^[A-Za-z0-9_-]{1,64}$"


def _language_tag(text: str) -> str:
    if len(text) > 35 or not re.fullmatch(_TAG, text):
        raise PydanticCustomError("language_tag", "must be a language tag such as fr or pt-BR")
    return text


def _opaque_id(text: str) -> str:
    if not re.fullmatch(_ID, text):
        raise PydanticCustomError("opaque_id", "must be 1 to 64 letters, digits, - or _")
    return text


def _callback_url(text: str) -> str:
    try:
        check_url(text, loopback=True)  # whether this is a laptop is asked where it is known
    except ForbiddenUrl as forbidden:
        # The type is what texts are found by.
        kind = f"callback_{forbidden.reason}"
        raise PydanticCustomError(kind, "must be an https URL of a public host") from forbidden
    return text


# Checked by functions, so that people read what is meant; the patterns are for the documentation.
Tag = Annotated[
    StrictStr, AfterValidator(_language_tag), WithJsonSchema({"type": "string", "pattern": _TAG})
]
OpaqueId = Annotated[
    StrictStr, AfterValidator(_opaque_id), WithJsonSchema({"type": "string", "pattern": _ID})
]
CallbackUrl = Annotated[
    StrictStr,
    AfterValidator(_callback_url),
    WithJsonSchema(
        {"type": "string", "format": "uri", "pattern": "^https://", "maxLength": LONGEST_URL}
    ),
]


class _CamelModel(BaseModel):
    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, extra="forbid", frozen=True
    )


class SceneRequest(_CamelModel):
    """One scene of the caller's own script."""

    description: Line = Field(default="", description="what the picture shows")
    dialogue: Line = Field(default="", description="what is spoken; may be empty")
    visual_elements: list[Label] = Field(default_factory=list, max_length=10)


class GenerationRequest(_CamelModel):
    prompt: Prompt = Field(examples=["Mon compagnon me souhaite un joyeux anniversaire"])
    companion_id: OpaqueId | None = None
    companion_ids: list[OpaqueId] = Field(
        default_factory=list, max_length=MOST_COMPANIONS, description="more of them, 3 in all"
    )
    duration_seconds: StrictInt = Field(default=60, ge=10, le=600)
    quality: Quality = Quality.STANDARD
    visual_style: VisualStyle = VisualStyle.REALISTIC
    music_style: MusicStyle = MusicStyle.UPBEAT
    include_elements: list[Label] = Field(default_factory=list, max_length=10)
    language: Tag | None = Field(default=None, description="BCP 47; default: the prompt's")
    aspect_ratio: AspectRatio = AspectRatio.WIDE
    captions: CaptionMode = CaptionMode.BURNED
    transition: TransitionKind = TransitionKind.CROSSFADE
    voice: OpaqueId | None = Field(default=None, description="female or male, or a provider's own")
    preview: StrictBool = Field(default=False, description="720p at half the price")
    scenes: list[SceneRequest] | None = Field(
        default=None, min_length=1, max_length=40, description="the caller's own script"
    )
    max_tokens: StrictInt | None = Field(
        default=None, ge=0, description="refuse the job when it would cost more"
    )
    callback_url: CallbackUrl | None = Field(
        default=None, description="https; gets a signed POST when the film has ended"
    )
    metadata: dict[Label, Line] = Field(
        default_factory=dict, max_length=20, description="given back with the video"
    )

    @field_validator("scenes")
    @classmethod
    def _storable(cls, scenes: list[SceneRequest] | None) -> list[SceneRequest] | None:
        texts = [
            text
            for scene in scenes or ()
            for text in (scene.description, scene.dialogue, *scene.visual_elements)
        ]
        if sum(len(text.encode()) for text in texts) > MOST_SCRIPT_BYTES:
            raise PydanticCustomError(
                "script_too_large",
                "must have at most {most} bytes of text in all",
                {"most": MOST_SCRIPT_BYTES},
            )
        return scenes

    @field_validator("companion_ids")
    @classmethod
    def _few_and_different(cls, ids: list[str], info: ValidationInfo) -> list[str]:
        if len(set(ids)) < len(ids):
            raise PydanticCustomError("repeated", "must not name anybody twice")
        if len({info.data.get("companion_id"), *ids} - {None}) > MOST_COMPANIONS:
            raise PydanticCustomError(
                "companions_in_all",
                "must name at most {most} companions, companionId included",
                {"most": MOST_COMPANIONS},
            )
        return ids

    @property
    def companions(self) -> tuple[str, ...]:
        """Everybody who plays in it, `companionId` first; each once."""
        first = [self.companion_id] if self.companion_id else []
        return tuple(dict.fromkeys([*first, *self.companion_ids]))
