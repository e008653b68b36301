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

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PositiveInt,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

from reelstep.platform.errors import InvalidSettings

PREFIX = "REELSTEP_"

STAGE = "REELSTEP_STAGE"
TABLE = "REELSTEP_TABLE"
ARTIFACTS_BUCKET = "REELSTEP_ARTIFACTS_BUCKET"
MEDIA_BUCKET = "REELSTEP_MEDIA_BUCKET"
UPLOADS_BUCKET = "REELSTEP_UPLOADS_BUCKET"
GENERATION_STATE_MACHINE_ARN = "REELSTEP_GENERATION_STATE_MACHINE_ARN"
USER_POOL_ID = "REELSTEP_USER_POOL_ID"
EVENT_BUS = "REELSTEP_EVENT_BUS"
CALLBACK_QUEUE_URL = "REELSTEP_CALLBACK_QUEUE_URL"
CALLBACK_LOOPBACK_CA = "REELSTEP_CALLBACK_LOOPBACK_CA"
WEBSOCKET_ENDPOINT = "REELSTEP_WEBSOCKET_ENDPOINT"
STUDIO_URL = "REELSTEP_STUDIO_URL"
ID_ISSUER = "REELSTEP_ID_ISSUER"
ID_AUDIENCE = "REELSTEP_ID_AUDIENCE"
PROVIDERS = "REELSTEP_PROVIDERS"
LIMITS = "REELSTEP_LIMITS"
FFMPEG = "REELSTEP_FFMPEG"
FONTS_DIR = "REELSTEP_FONTS_DIR"


def _from_json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


#: The artifacts bucket drops results after so many days: they can be made again.
ARTIFACT_DAYS = 30

#: Jobs of each kind that may run at once where the deploy config says nothing.
RUNNING = {"generation": 40, "clip": 30, "workflow": 20, "media": 20}


#: 24 hours in 13 tries, the last of them hours apart: a receiver may be down over a night.
CALLBACK_RETRIES = (10, 30, 60, 120, 300, 600, 1_800, 3_600, 7_200, 14_400, 28_800, 29_480)
#: What a queue can hide a message for at most.
MOST_RETRY_SECONDS = 43_000


def _every_kind(running: dict[str, int]) -> dict[str, int]:
    unknown = sorted(set(running) - set(RUNNING))
    if unknown:
        raise ValueError(f"unknown kind {', '.join(unknown)}; there are {', '.join(RUNNING)}")
    return RUNNING | running


class Rate(BaseModel):
    """A token bucket: refilled with `requests` per `seconds`, holding `burst` at most.

    Strict: there is no value for "no limit", and a number that is not a whole one is a mistake.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    requests: int = Field(ge=1, le=100_000)
    seconds: int = Field(ge=1, le=86_400)
    burst: int = Field(ge=1, le=100_000, description="as many as `requests`, unless given")

    @model_validator(mode="before")
    @classmethod
    def _full_period(cls, given: Any) -> Any:
        if isinstance(given, dict) and "requests" in given and "burst" not in given:
            return {**given, "burst": given["requests"]}
        return given


def _periods_differ(rates: tuple[Rate, ...]) -> tuple[Rate, ...]:
    if len({rate.seconds for rate in rates}) != len(rates):
        raise ValueError("has two rates for the same number of seconds")
    return rates


#: All of them must allow a request.
Bucket = Annotated[
    tuple[Rate, ...], Field(min_length=1, max_length=5), AfterValidator(_periods_differ)
]


def _rate(requests: int, seconds: int) -> Rate:
    return Rate(requests=requests, seconds=seconds, burst=requests)


class Rates(BaseModel):
    """Requests per user, by bucket; the defaults are the contract's."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    generation: Bucket = (_rate(20, 1),)
    clips: Bucket = (_rate(10, 60), _rate(100, 3_600), _rate(500, 86_400))
    media: Bucket = (_rate(10, 1),)
    uploads: Bucket = (_rate(2, 1),)
    streams: Bucket = (_rate(20, 1),)
    #: Messages over the WebSocket, but pings; who comes back subscribes to all its jobs at once.
    socket: Bucket = (Rate(requests=50, seconds=1, burst=300),)


class Limits(BaseModel):
    """Numbers that operators tune; the defaults are the contract's."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    signed_url_seconds: int = Field(default=3600, ge=60, le=604_800)
    body_bytes: int = Field(default=65_536, ge=1_024, description="largest JSON body accepted")
    event_days: int = Field(default=30, ge=1, description="how long events are kept")
    attempts: int = Field(default=2, ge=1, le=5, description="executions a job may be given")
    rates: Rates = Rates()
    welcome_tokens: int = Field(default=1_000, ge=0, description="granted once to a new account")
    queue_size: int = Field(default=100, ge=1, description="jobs of a kind that may wait")
    ageing_seconds: int = Field(
        default=600, ge=1, description="waiting that gains a job one step of priority"
    )
    running: Annotated[dict[str, PositiveInt], AfterValidator(_every_kind)] = Field(
        default=dict(RUNNING), description="jobs of each kind that may run at once"
    )
    provider_slots: dict[str, PositiveInt] = Field(
        default_factory=dict, description="jobs at once that may use a provider; absent: no limit"
    )
    job_seconds: int = Field(default=3_900, ge=60, description="longest run of one attempt")
    phase_seconds: int = Field(default=2_700, ge=60, description="longest run of one phase")
    heartbeat_seconds: int = Field(default=1_500, ge=60, description="longest silence of a job")
    callback_retry_seconds: Annotated[
        tuple[Annotated[int, Field(ge=0, le=MOST_RETRY_SECONDS)], ...],
        Field(min_length=1, max_length=50),
    ] = Field(default=CALLBACK_RETRIES, description="pauses between the tries of a callback")
    connections: int = Field(default=250, ge=1, description="WebSocket connections of a user")
    subscriptions: int = Field(default=250, ge=1, description="jobs that a connection may follow")
    posts_per_second: int = Field(
        default=500, ge=1, description="WebSocket messages that one function sends"
    )
    # API Gateway gives up after 30 s.
    stream_seconds: int = Field(
        default=15, ge=1, le=25, description="how long an event stream waits for news"
    )
    streams: int = Field(
        default=10, ge=1, le=100, description="event streams of a user that wait at once"
    )


def loopback_only_locally(stage: str, path: str) -> str:
    """`path` is a certificate authority for receivers of callbacks on 127.0.0.1; given anywhere
    but on a laptop it would open the functions' own machine to callers. Raises ValueError."""
    if path and stage != "local":
        raise ValueError("callbacks to 127.0.0.1 are for stage local only")
    return path


class Settings(BaseModel):
    """What a function knows of where it runs. Optional ones are given only to who needs them."""

    model_config = ConfigDict(frozen=True)

    stage: str
    table: str
    artifacts_bucket: str
    media_bucket: str
    uploads_bucket: str = ""
    generation_state_machine_arn: str = ""
    user_pool_id: str = ""
    event_bus: str = ""
    callback_queue_url: str = ""
    callback_loopback_ca: str = ""
    websocket_endpoint: str = ""
    studio_url: str = ""
    id_issuer: str = ""
    id_audience: str = ""
    providers: Annotated[dict[str, str], BeforeValidator(_from_json)] = Field(default_factory=dict)
    limits: Annotated[Limits, BeforeValidator(_from_json)] = Limits()

    @field_validator("callback_loopback_ca")
    @classmethod
    def _only_on_a_laptop(cls, path: str, info: ValidationInfo) -> str:
        return loopback_only_locally(info.data.get("stage", ""), path)

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
