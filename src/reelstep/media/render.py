"""Renders a chunk: frames drawn by several threads, encoded as they come, once and for good."""

from __future__ import annotations

import os
import queue
import tempfile
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from reelstep.media import captions, ffmpeg
from reelstep.media.chunks import Chunk
from reelstep.media.overlay import overlay_ass
from reelstep.media.profiles import Profile, encode_argv
from reelstep.media.timeline import Timeline
from reelstep.platform.errors import FfmpegFailed

if TYPE_CHECKING:
    from reelstep.media.frames import FrameMaker, Scratch
    from reelstep.media.planes import Frame

RENDER_TIMEOUT_SECONDS = 840.0
"""Under the 900 s that a Lambda function has, so that the error is ours to name."""

FRAMES_AHEAD = 2
"""Finished frames that wait for the encoder, beside one being drawn per thread."""

ASS_FILTER = captions.burn_filter("overlay.ass", "fonts")


def render_chunk(
    timeline: Timeline,
    chunk: Chunk,
    profile: Profile,
    sources: Mapping[str, Path],
    out: Path,
    *,
    fonts_dir: Path,
    on_frames: Callable[[int], None] | None = None,
    should_cancel: Callable[[], bool] | None = None,
    timeout: float = RENDER_TIMEOUT_SECONDS,
    threads: int | None = None,
) -> None:
    """Render a chunk into `out`, an MP4 without sound in the film's final codec.

    `sources` maps each source that the chunk names to a local file. `on_frames` gets the number
    of frames encoded so far and, like `should_cancel`, is called from another thread. `timeout`
    is in seconds; `threads` is how many draw (all cores, up to four, unless given). Raises
    ArtifactMissing, MediaUnreadable, FfmpegFailed, FfmpegTimedOut, StepCancelled; `out` does not
    exist then.
    """
    # Imported here: a step that finds its chunk already rendered has no use for OpenCV.
    import cv2

    from reelstep.media.frames import FrameMaker

    maker = FrameMaker(
        timeline, chunk.start_frame, chunk.frame_count, sources, (profile.width, profile.height)
    )
    ass = overlay_ass(timeline, chunk.start_frame, chunk.frame_count)
    # Our threads are the parallelism: OpenCV's own would only get in each other's way.
    cv2.setNumThreads(1)
    with tempfile.TemporaryDirectory(prefix="render-", dir=out.parent) as work:
        env = _stage_overlay(Path(work), ass, fonts_dir) if ass is not None else {}
        filters = (ASS_FILTER,) if ass is not None else ()
        with ffmpeg.open_encoder(
            encode_argv(profile, out.absolute(), frame_count=chunk.frame_count, filters=filters),
            timeout=timeout,
            cwd=Path(work),
            env=env,
            outputs=(out,),
            on_progress=on_frames,
            should_cancel=should_cancel,
        ) as encoder:
            for frame in _drawn_frames(maker, chunk, profile, threads or min(4, _cores())):
                encoder.write(frame.data.data)
        if encoder.result is None or encoder.result.frames != chunk.frame_count:
            out.unlink(missing_ok=True)
            raise FfmpegFailed(
                "A chunk came out with the wrong number of frames",
                detail=f"{encoder.result} instead of {chunk.frame_count}",
            )


def _drawn_frames(
    maker: FrameMaker, chunk: Chunk, profile: Profile, threads: int
) -> Iterator[Frame]:
    """The chunk's frames in order, drawn ahead by `threads` threads into a few shared buffers."""
    from reelstep.media.planes import Frame

    scratches: queue.SimpleQueue[Scratch] = queue.SimpleQueue()
    for _ in range(threads):
        scratches.put(maker.scratch())

    def draw(frame: int, onto: Frame) -> Frame:
        scratch = scratches.get()
        try:
            maker.draw(frame, onto, scratch)
        finally:
            scratches.put(scratch)
        return onto

    with _draining(ThreadPoolExecutor(threads, thread_name_prefix="draw")) as pool:
        ahead: deque[Future[Frame]] = deque()
        free = [Frame.empty(profile.width, profile.height) for _ in range(threads + FRAMES_AHEAD)]
        for number in range(chunk.start_frame, chunk.start_frame + chunk.frame_count):
            if not free:
                done = ahead.popleft().result()
                yield done
                free.append(done)
            ahead.append(pool.submit(draw, number, free.pop()))
        while ahead:
            yield ahead.popleft().result()


@contextmanager
def _draining(pool: ThreadPoolExecutor) -> Iterator[ThreadPoolExecutor]:
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _stage_overlay(work: Path, ass: str, fonts_dir: Path) -> dict[str, str]:
    """Put the ASS text and the fonts under plain names (no path is ever part of a filter graph)
    and return the environment that keeps the machine's own fonts out of the film."""
    (work / "overlay.ass").write_text(ass, encoding="utf-8")
    (work / "fonts").symlink_to(fonts_dir.absolute(), target_is_directory=True)
    (work / "fonts.conf").write_text(
        "<fontconfig>"
        f"<dir>{escape(str(fonts_dir.absolute()))}</dir>"
        f"<cachedir>{escape(str(work / 'cache'))}</cachedir>"
        "</fontconfig>",
        encoding="utf-8",
    )
    return {"FONTCONFIG_FILE": str((work / "fonts.conf").absolute())}


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
