"""Fetching a film: into a `.part` beside its place, resumed when the line drops, then renamed."""

from __future__ import annotations

import os
import re
import time
import unicodedata
from collections.abc import Callable
from pathlib import Path

import requests

from reelstep.cli.connection import TIMEOUT_SECONDS, http_session
from reelstep.cli.errors import DownloadFailed, WrongUsage

ATTEMPTS = 5
BLOCK_BYTES = 256 * 1024
SLUG_LETTERS = 48

Progress = Callable[[int, int | None], None]


def slug(prompt: str) -> str:
    """A file name without its extension, from a prompt: lower case, words joined by dashes.

    Latin letters lose their accents; other scripts are kept as they are.
    """
    plain = "".join(
        letter
        for letter in unicodedata.normalize("NFKD", prompt)
        if not ("\u0300" <= letter <= "\u036f")
    )
    words = re.findall(r"[^\W_]+", unicodedata.normalize("NFC", plain).lower())
    name = ""
    for word in words:
        longer = f"{name}-{word}" if name else word[:SLUG_LETTERS]
        if len(longer) > SLUG_LETTERS:
            break
        name = longer
    return name or "film"


def free_place(wanted: Path) -> Path:
    """`wanted`, or the same with -2, -3, … when there is something already."""
    place, number = wanted, 1
    while place.exists():
        number += 1
        place = wanted.with_name(f"{wanted.stem}-{number}{wanted.suffix}")
    return place


def check_place(out: Path, *, force: bool) -> None:
    """Refuse a place that cannot take the film, before anything is spent on making it.

    Raises:
        WrongUsage: it exists (without `force`), is a directory, or its directory cannot be made.
    """
    if out.is_dir():
        raise _wrong_place(f"{out} is a directory.", "Name the file too, such as film.mp4.")
    if out.exists() and not force:
        raise _wrong_place(f"{out} exists.", "Choose another name, or add --force to replace it.")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _wrong_place(f"{out.parent}: {error.strerror}.", "Choose another place.") from error
    if not os.access(out.parent, os.W_OK):
        raise _wrong_place(f"{out.parent} is not writable.", "Choose another place.")


def download(
    url: str,
    out: Path,
    *,
    force: bool = False,
    on_progress: Progress | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> Path:
    """Fetch `url` whole to `out` and return where it is.

    The bytes go to a hidden `.part` in the same directory, which takes the name only when all of
    them are there. Should something else have taken the name meanwhile (and `force` is not set),
    the film goes beside it under a free name rather than over it.

    Raises:
        DownloadFailed: it could not be had whole; the `.part` is gone.
    """
    part = out.with_name(f".{out.name}.{os.getpid()}.part")
    try:
        _fetch(url, part, on_progress or (lambda _done, _total: None), sleep)
        return _publish(part, out, force)
    except OSError as error:
        raise DownloadFailed(
            "The film could not be written", f"{out}: {error.strerror or error}."
        ) from error
    finally:
        part.unlink(missing_ok=True)


def _fetch(url: str, part: Path, tell: Progress, sleep: Callable[[float], None]) -> None:
    session = http_session(url)
    why = ""
    etag = ""
    part.write_bytes(b"")
    for attempt in range(1, ATTEMPTS + 1):
        have = part.stat().st_size
        headers = {"Accept-Encoding": "identity"}
        if have:
            headers["Range"] = f"bytes={have}-"
            if etag:
                headers["If-Range"] = etag
        try:
            with session.get(url, headers=headers, stream=True, timeout=TIMEOUT_SECONDS) as answer:
                if answer.status_code >= 400 and answer.status_code not in (429, 500, 502, 503):
                    raise DownloadFailed(
                        "The film's address was refused",
                        f"HTTP {answer.status_code}.",
                        hint="Addresses are good for a limited time: ask for the film again.",
                    )
                answer.raise_for_status()
                etag = answer.headers.get("ETag", "")
                resumed = answer.status_code == 206
                total = _total(answer, have if resumed else 0)
                if _receive(answer, part, have if resumed else 0, total, tell):
                    return
                why = "the connection ended early"
        except requests.RequestException as error:
            why = type(error).__name__
        if attempt < ATTEMPTS:
            sleep(min(0.25 * 2**attempt, 4.0))
    raise DownloadFailed("The film could not be downloaded whole", f"{why}, {ATTEMPTS} times.")


def _receive(
    answer: requests.Response, part: Path, offset: int, total: int | None, tell: Progress
) -> bool:
    """Write the body at `offset`; true when all `total` bytes are there."""
    done = offset
    with part.open("r+b") as file:
        file.truncate(offset)
        file.seek(offset)
        for block in answer.iter_content(BLOCK_BYTES):
            file.write(block)
            done += len(block)
            tell(done, total)
        file.flush()
        os.fsync(file.fileno())
    return total is None or done == total


def _total(answer: requests.Response, offset: int) -> int | None:
    length = answer.headers.get("Content-Length", "")
    return offset + int(length) if length.isdecimal() else None


def _publish(part: Path, out: Path, force: bool) -> Path:
    if force:
        part.replace(out)
        return out
    place = free_place(out)
    while True:
        try:
            os.link(part, place)  # unlike a rename, a link never replaces
            return place
        except FileExistsError:
            place = free_place(out)
        except OSError:  # a file system without links
            part.replace(place)
            return place


def _wrong_place(detail: str, hint: str) -> WrongUsage:
    return WrongUsage(
        "The film cannot go there", detail, hint=hint, fields=[("--out", detail.rstrip("."))]
    )
