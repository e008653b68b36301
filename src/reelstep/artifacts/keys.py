"""Every S3 key is made here.

The artifacts bucket holds results of steps under the hash of what went into them: shared by all
jobs, never changed, safe to delete by age (they can be made again). The media bucket holds what
belongs to one job and to its user, and what a user keeps. The uploads bucket holds what users have
sent and nobody has looked at yet.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Mapping
from typing import Any


def fingerprint(inputs: Mapping[str, Any]) -> str:
    """SHA-256 of the inputs as canonical JSON: sorted keys, no blanks, UTF-8."""
    text = json.dumps(inputs, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def content_key(kind: str, inputs: Mapping[str, Any], suffix: str) -> str:
    """Key of a result: `kind` names the step and is part of the hash, so kinds never collide."""
    digest = fingerprint({"kind": kind, "inputs": inputs})
    return f"{kind}/{digest[:2]}/{digest}{suffix}"


def new_id() -> str:
    """An id for something that somebody is about to store."""
    return uuid.uuid4().hex


def film_prefix(job_id: str) -> str:
    return f"films/{job_id}/"


def film(job_id: str) -> str:
    return f"{film_prefix(job_id)}film.mp4"


def thumbnail(job_id: str, seconds: int) -> str:
    return f"{film_prefix(job_id)}thumb_{seconds:02d}s.jpg"


def poster(job_id: str) -> str:
    return f"{film_prefix(job_id)}poster.jpg"


def captions(job_id: str, suffix: str) -> str:
    """Sidecar captions; suffix "vtt" or "srt"."""
    return f"{film_prefix(job_id)}captions.{suffix}"


# -- companions --------------------------------------------------------------------------------


def avatar_uploads_prefix(user_id: str, companion_id: str) -> str:
    """In the uploads bucket; the user is part of it, so nobody finds another one's upload."""
    return f"avatars/{user_id}/{companion_id}/"


def avatar_upload(user_id: str, companion_id: str, upload_id: str) -> str:
    return f"{avatar_uploads_prefix(user_id, companion_id)}{upload_id}"


def companion_prefix(user_id: str, companion_id: str) -> str:
    """In the media bucket."""
    return f"companions/{user_id}/{companion_id}/"


def companion_avatar(user_id: str, companion_id: str, upload_id: str, sha256: str) -> str:
    """Of one upload alone: deleting a replaced avatar never takes one that is in use again."""
    return f"{companion_prefix(user_id, companion_id)}{upload_id}/{sha256}.png"


def film_avatar(sha256: str) -> str:
    """In the artifacts bucket: the copy that films are made with, by its content."""
    return content_key("avatar", {"sha256": sha256}, ".png")
