"""The environment of a function as one validated, frozen model.

infra/ writes these variables from the names below, so that the two cannot drift. Nothing here is
read at import: a handler calls `Settings.load()` when it first needs it, and a missing or wrong
variable is an `InvalidSettings` that names it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from reelstep.platform.errors import InvalidSettings

PREFIX = "REELSTEP_"

STAGE = "REELSTEP_STAGE"
TABLE = "REELSTEP_TABLE"
ARTIFACTS_BUCKET = "REELSTEP_ARTIFACTS_BUCKET"
MEDIA_BUCKET = "REELSTEP_MEDIA_BUCKET"
UPLOADS_BUCKET = "REELSTEP_UPLOADS_BUCKET"
GENERATION_STATE_MACHINE_ARN = "REELSTEP_GENERATION_STATE_MACHINE_ARN"
PROVIDERS = "REELSTEP_PROVIDERS"
LIMITS = "REELSTEP_LIMITS"
FFMPEG = "REELSTEP_FFMPEG"
FONTS_DIR = "REELSTEP_FONTS_DIR"


def _from_json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


class Limits(BaseModel):
    """Numbers that operators tune; the defaults are the contract's."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    signed_url_seconds: int = Field(default=3600, ge=60, le=604_800)
    body_bytes: int = Field(default=65_536, ge=1_024, description="largest JSON body accepted")
    event_days: int = Field(default=30, ge=1, description="how long events are kept")
    attempts: int = Field(default=2, ge=1, le=5, description="executions a job may be given")


class Settings(BaseModel):
    """What a function knows of where it runs. Optional ones are given only to who needs them."""

    model_config = ConfigDict(frozen=True)

    stage: str
    table: str
    artifacts_bucket: str
    media_bucket: str
    uploads_bucket: str = ""
    generation_state_machine_arn: str = ""
    providers: Annotated[dict[str, str], BeforeValidator(_from_json)] = Field(default_factory=dict)
    limits: Annotated[Limits, BeforeValidator(_from_json)] = Limits()

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Settings:
        """Raises InvalidSettings naming each variable that is missing or wrong."""
        values = {
            name: env[PREFIX + name.upper()]
            for name in cls.model_fields
            if PREFIX + name.upper() in env
        }
        try:
            return cls.model_validate(values)
        except (ValidationError, json.JSONDecodeError) as error:
            raise InvalidSettings(_explain(error)) from error

    @classmethod
    @cache
    def load(cls) -> Settings:
        """The settings of this process, read once."""
        return cls.from_env(os.environ)


def _explain(error: ValidationError | json.JSONDecodeError) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{PROVIDERS} or {LIMITS} is not JSON: {error}"
    parts = []
    for item in error.errors():
        name = PREFIX + str(item["loc"][0]).upper()
        inner = ".".join(str(part) for part in item["loc"][1:])
        parts.append(f"{name}{' ' + inner if inner else ''}: {item['msg']}")
    return "environment: " + "; ".join(parts)
