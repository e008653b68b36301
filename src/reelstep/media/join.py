"""Joins chunks and sound into a film without encoding anything again."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path

from reelstep.media import ffmpeg
from reelstep.media.boxes import VideoTrack, read_video_track
from reelstep.platform.errors import MediaUnreadable

JOIN_TIMEOUT_SECONDS = 300.0

_CODES = (
    "ar:ara bg:bul bn:ben ca:cat cs:ces da:dan de:deu el:ell en:eng es:spa et:est fa:fas fi:fin "
    "fr:fra he:heb hi:hin hr:hrv hu:hun id:ind it:ita ja:jpn ko:kor lt:lit lv:lav ms:msa nl:nld "
    "no:nor nb:nob pl:pol pt:por ro:ron ru:rus sk:slk sl:slv sr:srp sv:swe sw:swa ta:tam th:tha "
    "tr:tur uk:ukr ur:urd vi:vie zh:zho"
)
ISO_639_2 = dict(code.split(":") for code in _CODES.split())
"""MP4 has room for three letters (ISO/IEC 14496-12, 8.4.2); a language not here is undetermined."""


def join_and_mux(
    chunks: Sequence[Path],
    audio: Path | None,
    out: Path,
    *,
    fps: int,
    title: str | None = None,
    language: str | None = None,
    should_cancel: Callable[[], bool] | None = None,
    timeout: float = JOIN_TIMEOUT_SECONDS,
) -> int:
    """Join video-only chunks in order, add the sound, and return the film's number of frames.

    Everything is copied as it is; `out` is an MP4 whose index comes first (faststart). `language`
    (BCP 47) and `title` go into its metadata. Raises MediaUnreadable when chunks do not belong
    together (other headers, clock or frame rate), FfmpegFailed, FfmpegTimedOut, StepCancelled.
    """
    tracks = [read_video_track(chunk) for chunk in chunks]
    frames = check_joinable(tracks, fps)
    with tempfile.TemporaryDirectory(prefix="join-", dir=out.parent) as work:
        names = []
        for index, chunk in enumerate(chunks):
            # Plain names in the list: nothing of a path has to be escaped.
            names.append(f"{index:05d}.mp4")
            (Path(work) / names[-1]).symlink_to(chunk.absolute())
        (Path(work) / "list.txt").write_text(concat_list(names, tracks), encoding="ascii")
        ffmpeg.run(
            join_argv(
                Path("list.txt"),
                audio.absolute() if audio is not None else None,
                out.absolute(),
                timescale=tracks[0].timescale,
                hevc=b"hvc1" in tracks[0].headers,
                title=title,
                language=language,
            ),
            timeout=timeout,
            cwd=Path(work),
            outputs=(out,),
            should_cancel=should_cancel,
        )
    return frames


def check_joinable(tracks: Sequence[VideoTrack], fps: int) -> int:
    """The number of frames in all. Raises MediaUnreadable when a copy would not play as one."""
    if not tracks:
        raise MediaUnreadable("There are no chunks to join")
    first = tracks[0]
    for index, track in enumerate(tracks):
        if (track.timescale, track.headers) != (first.timescale, first.headers):
            raise MediaUnreadable(f"Chunk {index} was not encoded like the first one")
        if Fraction(track.duration, track.timescale) != Fraction(track.samples, fps):
            raise MediaUnreadable(
                f"Chunk {index} does not have {fps} frames a second",
                detail=f"{track.samples} frames, {track.duration}/{track.timescale} s",
            )
    return sum(track.samples for track in tracks)


def concat_list(names: Sequence[str], tracks: Sequence[VideoTrack]) -> str:
    """The list for ffmpeg's concat demuxer, with durations to the microsecond.

    Without them the demuxer takes the container's rounded milliseconds and times drift.
    """
    lines = ["ffconcat version 1.0"]
    for name, track in zip(names, tracks, strict=True):
        micros = round(track.duration * 1_000_000 / track.timescale)
        lines += [f"file {name}", f"duration {micros}us"]
    return "\n".join(lines) + "\n"


def three_letters(language: str) -> str:
    """The ISO 639-2 code of a BCP 47 tag; `und` when there is none that we know."""
    return ISO_639_2.get(language.replace("_", "-").split("-")[0].lower(), "und")


def join_argv(
    chunk_list: Path,
    audio: Path | None,
    out: Path,
    *,
    timescale: int,
    hevc: bool = False,
    title: str | None = None,
    language: str | None = None,
) -> list[str]:
    """ffmpeg's arguments to copy the listed chunks and the sound into one MP4."""
    argv = ["-f", "concat", "-safe", "0", "-i", str(chunk_list)]
    if audio is not None:
        argv += ["-i", str(audio), "-map", "0:v:0", "-map", "1:a:0"]
    else:
        argv += ["-map", "0:v:0"]
    argv += ["-c", "copy", "-video_track_timescale", str(timescale), "-movflags", "+faststart"]
    # Edit lists count in the movie's clock: in milliseconds the sound would lose its last samples.
    argv += ["-movie_timescale", "48000", "-map_metadata", "-1", "-fflags", "+bitexact"]
    if hevc:
        argv += ["-tag:v", "hvc1"]
    if title is not None:
        argv += ["-metadata", f"title={title}"]
    if language is not None and audio is not None:
        argv += ["-metadata:s:a:0", f"language={three_letters(language)}"]
    return [*argv, "-f", "mp4", str(out)]
