"""What a film is encoded as: one frozen profile per quality, aspect ratio and preview.

All chunks of a film are made with the same profile, so their parameter sets are the same bytes and
they can be joined by stream copy: closed groups of pictures of a fixed length, an IDR frame first,
a fixed clock, and headers that do not depend on content (x264's `stitchable`).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from reelstep.platform.errors import ValidationFailed

TIMESCALE_PER_FRAME = 512
"""Ticks of the file's clock in one frame: whole numbers for every frame rate we have."""

GOP_SECONDS = 2
SHORT_SIDES = {"STANDARD": 1080, "HD": 1080, "ULTRA": 2160}
PREVIEW_SHORT_SIDE = 720
ASPECT_RATIOS = ("16:9", "9:16", "1:1")

COLOUR = ("-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709")
RANGE = ("-color_range", "tv")


@dataclass(frozen=True)
class Profile:
    """How frames become a file. `encoder` is ffmpeg's argv for the codec and its settings."""

    name: str
    width: int
    height: int
    fps: int
    codec: str
    encoder: tuple[str, ...]
    pix_fmt: str = "yuv420p"

    @property
    def gop(self) -> int:
        """Frames from one IDR frame to the next."""
        return self.fps * GOP_SECONDS

    @property
    def timescale(self) -> int:
        """Ticks per second of the chunks' and the film's clock."""
        return self.fps * TIMESCALE_PER_FRAME


def profile_for(quality: str, aspect_ratio: str = "16:9", preview: bool = False) -> Profile:
    """The profile of a quality (STANDARD, HD, ULTRA), as design §6 gives it.

    A preview has the frame rate of its quality, so that its timeline is the film's, at 720 lines
    in H.264. Raises ValidationFailed for names it does not know.
    """
    if quality not in SHORT_SIDES:
        raise ValidationFailed([("quality", f"must be one of {', '.join(SHORT_SIDES)}")])
    if aspect_ratio not in ASPECT_RATIOS:
        raise ValidationFailed([("aspectRatio", f"must be one of {', '.join(ASPECT_RATIOS)}")])
    width, height = frame_size(
        PREVIEW_SHORT_SIDE if preview else SHORT_SIDES[quality], aspect_ratio
    )
    fps = 30 if quality == "STANDARD" else 60
    if preview:
        encoder = _x264(fps, preset="veryfast", crf=24, level="3.2")
    elif quality == "STANDARD":
        encoder = _x264(fps, preset="veryfast", crf=23, level="4.0")
    elif quality == "HD":
        encoder = _x264(fps, preset="fast", crf=21, level="4.2")
    else:
        encoder = _x265(fps, preset="superfast", crf=22, level="5.1")
    return Profile(
        name=f"{quality}{'-PREVIEW' if preview else ''}-{width}x{height}p{fps}",
        width=width,
        height=height,
        fps=fps,
        codec="h264" if preview or quality != "ULTRA" else "hevc",
        encoder=encoder,
    )


def frame_size(short_side: int, aspect_ratio: str) -> tuple[int, int]:
    """Width and height in pixels, both even."""
    across, down = (int(part) for part in aspect_ratio.split(":"))
    return short_side * across // min(across, down), short_side * down // min(across, down)


def _x264(fps: int, *, preset: str, crf: int, level: str) -> tuple[str, ...]:
    gop = fps * GOP_SECONDS
    params = f"keyint={gop}:min-keyint={gop}:scenecut=0:open-gop=0:force-cfr=1:stitchable=1"
    return (
        *("-c:v", "libx264", "-profile:v", "high", "-level:v", level),
        *("-preset", preset, "-crf", str(crf), "-x264-params", params),
    )


def _x265(fps: int, *, preset: str, crf: int, level: str) -> tuple[str, ...]:
    gop = fps * GOP_SECONDS
    params = (
        f"keyint={gop}:min-keyint={gop}:scenecut=0:open-gop=0:repeat-headers=0:info=0"
        f":level-idc={level}:high-tier=0:log-level=error"
    )
    return (
        *("-c:v", "libx265", "-profile:v", "main", "-tag:v", "hvc1"),
        *("-preset", preset, "-crf", str(crf), "-x265-params", params),
    )


def encode_argv(
    profile: Profile, out: Path, *, frame_count: int, filters: tuple[str, ...] = ()
) -> list[str]:
    """ffmpeg's arguments to encode raw frames from `pipe:0` into a video-only MP4."""
    tags = "setparams=colorspace=bt709:color_primaries=bt709:color_trc=bt709:range=tv"
    return [
        *("-f", "rawvideo", "-pix_fmt", profile.pix_fmt),
        *("-s", f"{profile.width}x{profile.height}", "-framerate", str(profile.fps)),
        *("-i", "pipe:0", "-vf", ",".join((tags, *filters)), "-frames:v", str(frame_count)),
        *profile.encoder,
        *("-pix_fmt", profile.pix_fmt, *COLOUR, *RANGE, "-chroma_sample_location", "left"),
        *("-fps_mode", "passthrough", "-video_track_timescale", str(profile.timescale)),
        # A bit rate box would make headers differ from chunk to chunk.
        *("-write_btrt", "0"),
        *("-an", "-map_metadata", "-1", "-fflags", "+bitexact", "-f", "mp4", str(out)),
    ]
