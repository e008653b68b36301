"""A companion's picture: checked before anything is sent, then put where the API says."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import requests

from reelstep.cli.answers import AvatarUpload
from reelstep.cli.connection import TIMEOUT_SECONDS, http_session
from reelstep.cli.errors import UploadFailed, WrongUsage

MOST_BYTES = 5 * 1024 * 1024
ATTEMPTS = 3
PAUSE_SECONDS = 0.5


@dataclass(frozen=True)
class Picture:
    """The whole file, and what its first bytes say it is."""

    data: bytes
    content_type: str


def read(file: Path) -> Picture:
    """Read a picture that the API will take; a file's name says nothing of what it is.

    Raises:
        WrongUsage: it is not there, too large, or no PNG, JPEG or WebP.
    """
    place = file.expanduser()
    try:
        if place.is_dir():
            raise _refused(f"{file} is a directory")
        with place.open("rb") as opened:
            data = opened.read(MOST_BYTES + 1)
    except OSError as error:
        raise _refused(f"{file}: {error.strerror}") from error
    if len(data) > MOST_BYTES:
        raise _refused(f"{file} is larger than {MOST_BYTES // 1024**2} MB")
    kind = content_type_of(data)
    if kind is None:
        raise _refused(f"{file} is no PNG, JPEG or WebP")
    return Picture(data, kind)


def content_type_of(data: bytes) -> str | None:
    """By signature: PNG 3rd ed. 5.2, JPEG's SOI marker, RIFF with the form type WEBP."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return None


def upload(
    picture: Picture, to: AvatarUpload, *, sleep: Callable[[float], None] = time.sleep
) -> None:
    """PUT the bytes to the presigned address, with the headers that were signed and no others
    of ours: the token is the API's, not the store's.

    Raises:
        UploadFailed: the store refused, or could not be reached.
    """
    session = http_session(to.url)
    for attempt in range(1, ATTEMPTS + 1):
        try:
            answer = session.request(
                to.method,
                to.url,
                data=picture.data,
                headers=to.headers,
                timeout=TIMEOUT_SECONDS,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            why = type(error).__name__
        else:
            if answer.status_code < 300:
                return
            why = _reason(answer)
            if answer.status_code < 500:
                break
        if attempt < ATTEMPTS:
            sleep(PAUSE_SECONDS * attempt)
    raise UploadFailed("The picture could not be uploaded", why, hint="Try again.")


def _reason(answer: requests.Response) -> str:
    """`HTTP 403, AccessDenied`: the code is in S3's XML."""
    code = re.search(r"<Code>(\w+)</Code>", answer.text[:4096])
    return f"HTTP {answer.status_code}" + (f", {code.group(1)}" if code else "")


def _refused(why: str) -> WrongUsage:
    return WrongUsage(
        "This picture cannot be used", fields=[("--avatar", why)], code="VALIDATION_FAILED"
    )
