"""What a deployment may choose, read once from the CDK context and frozen.

`cdk deploy -c stage=prod -c log_retention_days=90` and the variable `CDK_CONTEXT_JSON` (which the
CDK CLI sets, and which `python app.py` alone reads) say the same things. Values from the command
line are strings: whatever is not a plain string here is then parsed as JSON.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import (
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

from infra.function_table import FUNCTIONS
from reelstep.platform.errors import InvalidSettings
from reelstep.platform.settings import Limits, loopback_only_locally

#: The capabilities that a generation uses; each needs a provider by name, there is no default
#: switch at run time (design rule 7).
CAPABILITIES = ("script", "picture", "companion", "voice", "music", "moderation")

#: The periods that CloudWatch Logs accepts, in days.
RETENTION_DAYS = (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 3653)


def _json(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except json.JSONDecodeError as error:
        raise ValueError(f"is not JSON: {error}") from error


class DeployConfig(BaseModel):
    """One deployment: `stage` first, the rest has defaults that fit it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    stage: Literal["local", "dev", "staging", "prod"] = "local"
    region: str = Field(default="us-east-1", pattern=r"^[a-z]{2}(-[a-z]+)+-\d$")
    #: Lambda's. The x86_64 wheels of the imaging layer are so much larger that render would not
    #: fit into 250 MB with them; layers/build.py can build them for a container all the same.
    architecture: Literal["arm64"] = "arm64"
    #: `built` packs what layers/build.py made; `recipe` packs only the lock file of each layer,
    #: for the emulator and for reviewing a template (docs/decisions/0002).
    layers: Literal["built", "recipe"] | None = None
    providers: Annotated[dict[str, str], BeforeValidator(_json)] = Field(
        default_factory=lambda: dict.fromkeys(CAPABILITIES, "offline"), validate_default=True
    )
    #: Memory per function in MB, where the function table's own number does not fit.
    memory_mb: Annotated[dict[str, int], BeforeValidator(_json)] = Field(default_factory=dict)
    #: Chunks of one film that render at once; 40 is what an inline Map allows, and the local
    #: cloud passes the machine's cores.
    render_concurrency: Annotated[int, BeforeValidator(_json)] = Field(default=40, ge=1, le=40)
    limits: Annotated[Limits, BeforeValidator(_json)] = Limits()
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_retention_days: Annotated[int | None, BeforeValidator(_json)] = None
    api_requests_per_second: Annotated[PositiveInt, BeforeValidator(_json)] = 1000
    api_burst: Annotated[PositiveInt, BeforeValidator(_json)] = 2000
    #: Messages of WebSocket clients, new connections included.
    websocket_messages_per_second: Annotated[PositiveInt, BeforeValidator(_json)] = 500
    #: For each route that needs no token, from everybody together.
    public_requests_per_second: Annotated[PositiveInt, BeforeValidator(_json)] = 100
    #: For each address of event streams; every stream comes back about once a second.
    stream_requests_per_second: Annotated[PositiveInt, BeforeValidator(_json)] = 300
    #: Event streams of everybody at once. Each that waits is a running function, and the account's
    #: 1,000 are also the API's. AWS keeps 100 of them from being reserved, so that an account which
    #: has no more than that can only do without (None).
    stream_concurrency: Annotated[PositiveInt | None, BeforeValidator(_json)] = 200
    #: Whose pages may call the API; the studio at a domain of its own always may.
    cors_origins: Annotated[tuple[str, ...], BeforeValidator(_json)] = ("*",)
    #: Where the studio is, with its certificate in us-east-1; CloudFront's own name otherwise.
    studio_domain: str = Field(default="", pattern=r"^(|[a-z0-9-]+(\.[a-z0-9-]+)+)$")
    studio_certificate_arn: str = Field(
        default="", pattern=r"^(|arn:aws[a-z-]*:acm:us-east-1:\d{12}:certificate/[\w-]+)$"
    )
    #: Path of a certificate authority for receivers of callbacks on 127.0.0.1, which may be called
    #: then; for trying out one's own receiver, on stage local only.
    callback_loopback_ca: str = ""

    @classmethod
    def from_context(cls, context: Mapping[str, Any]) -> Self:
        """Raises InvalidSettings naming each key that is unknown or wrong.

        Keys of the CDK itself and of its look-ups contain `:`, `@` or `/` and are left alone.
        """
        ours = {key: value for key, value in context.items() if not set(key) & set(":@/")}
        try:
            return cls.model_validate(ours)
        except ValidationError as error:
            parts = [
                f"{'.'.join(str(part) for part in item['loc'])}: {_said(item)}"
                for item in error.errors()
            ]
            raise InvalidSettings("deploy config: " + "; ".join(parts)) from error

    @field_validator("providers")
    @classmethod
    def _every_capability(cls, providers: dict[str, str]) -> dict[str, str]:
        missing = [name for name in CAPABILITIES if not providers.get(name)]
        unknown = sorted(set(providers) - set(CAPABILITIES))
        if missing:
            raise ValueError(f"no provider for {', '.join(missing)}")
        if unknown:
            raise ValueError(f"unknown capability {', '.join(unknown)}")
        return providers

    @field_validator("memory_mb")
    @classmethod
    def _memory(cls, memory: dict[str, int]) -> dict[str, int]:
        for name, megabytes in memory.items():
            if name not in {spec.name for spec in FUNCTIONS}:
                raise ValueError(f"there is no function {name}")
            if not 128 <= megabytes <= 10_240:
                raise ValueError(f"{name}: {megabytes} is not between 128 and 10240 MB")
        return memory

    @field_validator("log_retention_days")
    @classmethod
    def _retention(cls, days: int | None) -> int | None:
        if days is not None and days not in RETENTION_DAYS:
            raise ValueError(f"{days} is not one of {', '.join(map(str, RETENTION_DAYS))}")
        return days

    @model_validator(mode="after")
    def _no_recipe_in_production(self) -> Self:
        if self.layers == "recipe" and self.stage == "prod":
            raise ValueError("layers: functions in prod need built layers")
        return self

    @model_validator(mode="after")
    def _domain_with_certificate(self) -> Self:
        if bool(self.studio_domain) != bool(self.studio_certificate_arn):
            raise ValueError("studio_domain and studio_certificate_arn belong together")
        return self

    @field_validator("callback_loopback_ca")
    @classmethod
    def _only_on_a_laptop(cls, path: str, info: ValidationInfo) -> str:
        return loopback_only_locally(info.data.get("stage", ""), path)

    @property
    def production(self) -> bool:
        """Data outlives the stack, and execution data stays out of the logs."""
        return self.stage == "prod"

    @property
    def browser_origins(self) -> tuple[str, ...]:
        """Whose pages may call the API and open signed addresses from scripts."""
        if not self.studio_domain or "*" in self.cors_origins:
            return self.cors_origins
        return tuple(dict.fromkeys((*self.cors_origins, f"https://{self.studio_domain}")))

    @property
    def event_bus(self) -> str:
        """The bus's name; dev and staging may share an account with each other and with prod."""
        return "reelstep" if self.stage in ("local", "prod") else f"reelstep-{self.stage}"

    @property
    def packs_built_layers(self) -> bool:
        return (self.layers or ("recipe" if self.stage == "local" else "built")) == "built"

    @property
    def retention_days(self) -> int:
        """Days that logs are kept."""
        return self.log_retention_days or (90 if self.production else 14)


def _said(item: Any) -> str:
    given = item.get("input")
    suffix = f" (got {given!r})" if isinstance(given, str | int | float) else ""
    return str(item["msg"]).removeprefix("Value error, ") + suffix
