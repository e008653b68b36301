"""Single frames of a film as JPEG."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from reelstep.media import ffmpeg
from reelstep.platform.errors import FfmpegFailed

EXTRACT_TIMEOUT_SECONDS = 60.0


def extract_frame(
    video: Path,
    seconds: float,
    out: Path,
    width: int,
    *,
    should_cancel: Callable[[], bool] | None = None,
    timeout: float = EXTRACT_TIMEOUT_SECONDS,
) -> None:
    """Write the frame shown at `seconds` to `out`, a JPEG `width` pixels wide, upright as it is.

    Raises FfmpegFailed (also when the film is over by then), FfmpegTimedOut, StepCancelled.
    """
    result = ffmpeg.run(
        extract_argv(video, seconds, out, width),
        timeout=timeout,
        outputs=(out,),
        should_cancel=should_cancel,
    )
    if not out.is_file():
        raise FfmpegFailed(f"There is no frame at {seconds:g} s", detail=result.stderr[-2000:])


def extract_argv(video: Path, seconds: float, out: Path, width: int) -> list[str]:
    """ffmpeg's arguments for one frame. JPEG files are full range in BT.601, whatever the film.

    By way of RGB: swscale leaves the matrix as it is when it goes from YUV to YUV.
    """
    graph = (
        f"scale=w={width}:h=-2:flags=lanczos:in_color_matrix=bt709:in_range=tv,format=gbrp,"
        "scale=out_color_matrix=bt601:out_range=pc,format=yuvj420p"
    )
    return [
        *("-ss", f"{seconds:.6f}", "-i", str(video), "-map", "0:v:0", "-frames:v", "1"),
        *("-vf", graph, "-q:v", "3", "-f", "image2", "-update", "1", str(out)),
    ]
