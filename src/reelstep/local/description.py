"""`.reelstep/local.json`: where the local cloud is and who may sign in (design §10)."""

from __future__ import annotations

import json
import os
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, alias_generator=to_camel, populate_by_name=True)


class Account(_Part):
    """Somebody who can sign in. The password was made at random, once."""

    email: str
    password: str = Field(repr=False)


class Buckets(_Part):
    """Names of the three buckets."""

    artifacts: str
    media: str
    uploads: str


class Description(_Part):
    """What clients of a local cloud need. `None` is a part that is not deployed."""

    api_url: str
    websocket_url: str | None = None
    studio_url: str | None = None
    user_pool_id: str
    client_id: str
    region: str
    aws_endpoint_url: str
    table_name: str
    buckets: Buckets
    state_machines: dict[str, str]
    demo_user: Account
    admin_user: Account


def read(path: Path) -> Description | None:
    """What was written last, or None when nothing readable is there."""
    try:
        return Description.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, ValidationError):
        return None


def write(path: Path, description: Description) -> None:
    """Replace the file in one step; only its owner may read it."""
    part = path.with_name(f".{path.name}.{os.getpid()}")
    part.unlink(missing_ok=True)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(description.model_dump(by_alias=True), file, indent=1)
        file.write("\n")
    part.replace(path)
