"""What options accept; names and limits are the contract's."""

from __future__ import annotations

from enum import StrEnum

DURATION_SECONDS = (10, 600)
PROMPT_LETTERS = 2000
ELEMENTS = 10
COMPANIONS = 3


class Quality(StrEnum):
    STANDARD = "STANDARD"
    HD = "HD"
    ULTRA = "ULTRA"


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


class AspectRatio(StrEnum):
    WIDE = "16:9"
    TALL = "9:16"
    SQUARE = "1:1"


class Captions(StrEnum):
    BURNED = "BURNED"
    SIDECAR = "SIDECAR"
    NONE = "NONE"


class Transition(StrEnum):
    CUT = "cut"
    CROSSFADE = "crossfade"
    FADE_BLACK = "fade_black"
    WIPE_LEFT = "wipe_left"
    WIPE_RIGHT = "wipe_right"
    WIPE_UP = "wipe_up"
    WIPE_DOWN = "wipe_down"


class Status(StrEnum):
    QUEUED = "QUEUED"
    PROCESSING = "PROCESSING"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"


class Plan(StrEnum):
    FREE = "FREE"
    STANDARD = "STANDARD"
    PREMIUM = "PREMIUM"
    VIP_PLUS = "VIP_PLUS"
