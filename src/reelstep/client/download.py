"""Fetching a film: into a `.part` beside its place, resumed when the line drops, then renamed."""

from __future__ import annotations

import os
import uuid
from collections.abc import Mapping
from pathlib import Path

from reelstep.client import routes
from reelstep.client.answers import Video
from reelstep.client.effects import Flow, NoConnection, OnProgress, Request, Sleep, Stream
from reelstep.client.errors import DownloadFailed
from reelstep.client.exchange import Caller, Patience

_BUSY = frozenset({429, 500, 502, 503})
#: So many bytes more, and the tries are counted anew.
_GETS_ON = 65_536


def free_place(wanted: Path) -> Path:
    """`wanted`, or the same with -2, -3, … when there is something already."""
    place, number = wanted, 1
    while place.exists():
        number += 1
        place = wanted.with_name(f"{wanted.stem}-{number}{wanted.suffix}")
    return place


def film_to(
    caller: Caller,
    video: Video | str,
    path: Path | str,
    *,
    replace: bool,
    on_progress: OnProgress | None,
) -> Flow[Path]:
    """`download` of a film, or of the one with that id; into `path`, or below it as `<id>.mp4`
    where that is a directory.

    Raises:
        DownloadFailed: also where the film is not finished.
    """
    out = Path(path).expanduser()
    film = video if isinstance(video, Video) else (yield from caller.call(routes.video(video)))
    if not film.storage_url:
        raise DownloadFailed("The film has no address", f"It is {film.status.lower()}.")
    if out.is_dir():
        out = out / f"{film.id}.mp4"
    patience = caller.patience
    return (
        yield from download(
            film.storage_url, out, replace=replace, on_progress=on_progress, patience=patience
        )
    )


def download(
    url: str,
    out: Path,
    *,
    replace: bool = False,
    on_progress: OnProgress | None = None,
    patience: Patience = Patience(),  # noqa: B008  frozen
) -> Flow[Path]:
    """Fetch `url` whole to `out` and return where it is.

    The bytes go to a hidden `.part` in the same directory, which takes the name only when all of
    them are there. Should something else have taken the name meanwhile (and `replace` is not set),
    the film goes beside it under a free name rather than over it.

    Raises:
        DownloadFailed: it could not be had whole; the `.part` is gone.
    """
    part = out.with_name(f".{out.name}.{uuid.uuid4().hex[:8]}.part")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        sink = _Part(part, on_progress)
        yield from _fetch(url, sink, patience)
        sink.sync()
        return _publish(part, out, replace)
    except OSError as error:
        raise DownloadFailed(
            "The film could not be written", f"{out}: {error.strerror or error}."
        ) from error
    finally:
        part.unlink(missing_ok=True)


def _fetch(url: str, part: _Part, patience: Patience) -> Flow[None]:
    why, had, attempt = "", 0, 0
    while attempt < patience.attempts:
        attempt += 1
        try:
            yield Stream(Request("GET", url, part.headers()), part)
        except NoConnection as error:
            if part.complete:
                return
            why = str(error)
        else:
            if part.whole:
                return
            if part.status >= 400 and part.status not in _BUSY:
                raise DownloadFailed(
                    "The film's address was refused",
                    f"HTTP {part.status}.",
                    advice="Addresses are good for a limited time: ask for the film again.",
                )
            busy = part.status >= 400
            why = f"HTTP {part.status}" if busy else "the connection ended early"
        if part.have - had >= _GETS_ON:
            # A long film over a bad line may take any number of tries.
            had, attempt = part.have, 1
        if attempt < patience.attempts:
            yield Sleep(patience.pause(attempt + 1))
    raise DownloadFailed(
        "The film could not be downloaded whole", f"{why}, {patience.attempts} times in a row."
    )


class _Part:
    """The bytes that have come so far; a Sink."""

    def __init__(self, path: Path, tell: OnProgress | None):
        self._path = path
        self._tell = tell
        self._etag = ""
        self.have = 0
        self._total: int | None = None
        self.status = 0
        path.write_bytes(b"")

    def headers(self) -> dict[str, str]:
        """What to ask for: the rest, as long as the film is still the same one."""
        headers = {"Accept-Encoding": "identity"}
        if self.have:
            headers["Range"] = f"bytes={self.have}-"
            if self._etag:
                headers["If-Range"] = self._etag
        return headers

    @property
    def whole(self) -> bool:
        """Whether the last reply brought what was missing."""
        return self.status in (200, 206) and self._total in (None, self.have)

    @property
    def complete(self) -> bool:
        """Whether every byte is there, however the connection ended."""
        return self.whole and self._total is not None

    def begin(self, status: int, headers: Mapping[str, str]) -> bool:
        self.status = status
        if status not in (200, 206):
            return False
        if status == 200:
            self.have = 0
            with self._path.open("r+b") as file:
                file.truncate(0)
        self._etag = headers.get("etag", "")
        length = headers.get("content-length", "")
        self._total = self.have + int(length) if length.isdecimal() else None
        return True

    def write(self, block: bytes) -> None:
        with self._path.open("ab") as file:
            file.write(block)
        self.have += len(block)
        if self._tell:
            self._tell(self.have, self._total)

    def sync(self) -> None:
        """To the disk: a name must not survive a crash that its bytes do not."""
        with self._path.open("r+b") as file:
            os.fsync(file.fileno())


def _publish(part: Path, out: Path, replace: bool) -> Path:
    if replace:
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
