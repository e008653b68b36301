"""A companion's picture: checked before anything is sent, then put where the API says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from reelstep.client.answers import AvatarUpload
from reelstep.client.effects import Flow, NoConnection, Reply, Request, Send, Sleep
from reelstep.client.errors import UploadFailed, WrongPicture

MOST_BYTES = 5 * 1024 * 1024
ATTEMPTS = 3
PAUSE_SECONDS = 0.5


@dataclass(frozen=True)
class Picture:
    """The whole file, and what its first bytes say it is."""

    data: bytes
    content_type: str

    @classmethod
    def of(cls, data: bytes, name: str = "the picture") -> Self:
        """A picture that the API will take; a file's name says nothing of what it is.

        Raises:
            WrongPicture: too large, or no PNG, JPEG or WebP.
        """
        if len(data) > MOST_BYTES:
            raise _refused(f"{name} is larger than {MOST_BYTES // 1024**2} MB")
        kind = content_type_of(data)
        if kind is None:
            raise _refused(f"{name} is no PNG, JPEG or WebP")
        return cls(data, kind)

    @classmethod
    def read(cls, file: Path | str) -> Self:
        """The same from a file. Raises WrongPicture also where there is none."""
        place = Path(file).expanduser()
        try:
            if place.is_dir():
                raise _refused(f"{file} is a directory")
            with place.open("rb") as opened:
                data = opened.read(MOST_BYTES + 1)
        except OSError as error:
            raise _refused(f"{file}: {error.strerror}") from error
        return cls.of(data, str(file))


def content_type_of(data: bytes) -> str | None:
    """By signature: PNG 3rd ed. 5.2, JPEG's SOI marker, RIFF with the form type WEBP."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return None


def upload(picture: Picture, to: AvatarUpload) -> Flow[None]:
    """PUT the bytes to the presigned address, with the headers that were signed and no others
    of ours: the token is the API's, not the store's.

    Raises:
        UploadFailed: the store refused, or could not be reached.
    """
    for attempt in range(1, ATTEMPTS + 1):
        try:
            reply: Reply = yield Send(Request(to.method, to.url, to.headers, content=picture.data))
        except NoConnection as error:
            why = str(error)
        else:
            if reply.status < 300:
                return
            why = _reason(reply)
            if reply.status < 500:
                break
        if attempt < ATTEMPTS:
            yield Sleep(PAUSE_SECONDS * attempt)
    raise UploadFailed("The picture could not be uploaded", why, advice="Try again.")


def _reason(reply: Reply) -> str:
    """`HTTP 403, AccessDenied`: the code is in S3's XML."""
    text = reply.content[:4096].decode("utf-8", "replace")
    code = re.search(r"<Code>(\w+)</Code>", text)
    return f"HTTP {reply.status}" + (f", {code.group(1)}" if code else "")


def _refused(why: str) -> WrongPicture:
    return WrongPicture("This picture cannot be used", why)
