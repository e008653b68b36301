"""Reads what joining needs from an MP4's boxes (ISO/IEC 14496-12): clock, length, headers."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

from reelstep.platform.errors import MediaUnreadable


@dataclass(frozen=True)
class VideoTrack:
    """The video track of an MP4: ticks per second, length in ticks, number of pictures.

    `headers` is the whole sample description: codec, size, colour tags and parameter sets.
    """

    timescale: int
    duration: int
    samples: int
    headers: bytes


def read_video_track(path: Path) -> VideoTrack:
    """Raises MediaUnreadable when the file is no MP4 with exactly one video track."""
    try:
        movie = _movie(path)
        tracks = [
            media
            for track in _all(movie, b"trak")
            for media in _all(track, b"mdia")
            if _one(media, b"hdlr")[8:12] == b"vide"
        ]
        (media,) = tracks
        clock = _one(media, b"mdhd")
        wide = clock[0] == 1
        timescale, duration = struct.unpack_from(
            ">IQ" if wide else ">II", clock, 20 if wide else 12
        )
        table = _one(_one(media, b"minf"), b"stbl")
        return VideoTrack(
            timescale=timescale,
            duration=duration,
            samples=struct.unpack_from(">I", _one(table, b"stsz"), 8)[0],
            headers=_one(table, b"stsd"),
        )
    except (OSError, ValueError, KeyError, IndexError, struct.error) as problem:
        raise MediaUnreadable("A video file could not be read", detail=f"{path}: {problem}") from (
            problem
        )


def _movie(path: Path) -> bytes:
    """The content of the top-level `moov` box; the media itself is skipped, not read."""
    with path.open("rb") as file:
        while header := file.read(8):
            size, name = struct.unpack(">I4s", header)
            body = size - 8
            if size == 1:
                body = struct.unpack(">Q", file.read(8))[0] - 16
            if name == b"moov":
                return file.read(body)
            if body < 0:
                break
            file.seek(body, 1)
    raise KeyError("moov")


def _all(box: bytes, wanted: bytes) -> list[bytes]:
    found = []
    at = 0
    while at + 8 <= len(box):
        size, name = struct.unpack_from(">I4s", box, at)
        if size < 8:
            raise ValueError(f"box of {size} bytes")
        if name == wanted:
            found.append(box[at + 8 : at + size])
        at += size
    return found


def _one(box: bytes, wanted: bytes) -> bytes:
    found = _all(box, wanted)
    if not found:
        raise KeyError(wanted.decode())
    return found[0]
