"""What a file says of itself: containers, tracks, codecs, by MediaInfo. Nothing is decoded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict
from pymediainfo import MediaInfo as Parser

from reelstep.platform.errors import MediaUnreadable


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class VideoTrack(_Frozen):
    """`codec` by ffmpeg's names (h264, hevc, vp9, av1, …); `fps` 0 when the rate varies;
    `rotation` in degrees."""

    codec: str
    profile: str
    tag: str
    width: int
    height: int
    fps: float
    frame_count: int
    bit_depth: int
    chroma: str
    color_primaries: str
    rotation: float
    seconds: float


class AudioTrack(_Frozen):
    """`codec` by ffmpeg's names (aac, mp3, opus, …); `profile` e.g. LC."""

    codec: str
    profile: str
    sample_rate: int
    channels: int
    bit_rate: int
    seconds: float


class MediaInfo(_Frozen):
    """`container` is mp4, mov, webm, matroska, wave, … ; `faststart`: the index comes first."""

    container: str
    seconds: float
    size_bytes: int
    faststart: bool
    video: VideoTrack | None = None
    audio: AudioTrack | None = None
    video_tracks: int = 0
    audio_tracks: int = 0


_VIDEO_CODECS = {"avc": "h264", "mpeg-4 visual": "mpeg4", "mpeg video": "mpeg2video"}
_AUDIO_CODECS = {"mpeg audio": "mp3", "e-ac-3": "eac3", "ac-3": "ac3"}
_CONTAINERS = {"mpeg-4": "mp4"}


def probe(path: Path) -> MediaInfo:
    """Raises MediaUnreadable when the file is missing, or has neither video nor sound."""
    if not path.is_file():
        raise MediaUnreadable("The file is missing.", detail=str(path))
    try:
        tracks = [track.to_data() for track in Parser.parse(str(path)).tracks]
    except (OSError, RuntimeError, ValueError) as error:
        raise MediaUnreadable("The file could not be read.", detail=f"{path}: {error}") from error
    general = _first(tracks, "General") or {}
    if "format" not in general or not any(
        track["track_type"] in {"Video", "Audio"} for track in tracks
    ):
        raise MediaUnreadable(
            "The file is not a video or sound that we can read.",
            detail=f"{path}: {general.get('format', 'unknown format')}",
        )
    video, audio = _first(tracks, "Video"), _first(tracks, "Audio")
    return MediaInfo(
        container=_named(general.get("format"), _CONTAINERS),
        seconds=_seconds(general),
        size_bytes=path.stat().st_size,
        faststart=general.get("isstreamable") == "Yes",
        video=_video(video) if video else None,
        audio=_audio(audio) if audio else None,
        video_tracks=sum(track["track_type"] == "Video" for track in tracks),
        audio_tracks=sum(track["track_type"] == "Audio" for track in tracks),
    )


def _first(tracks: list[dict[str, Any]], kind: str) -> dict[str, Any] | None:
    return next((track for track in tracks if track["track_type"] == kind), None)


def _video(track: dict[str, Any]) -> VideoTrack:
    constant = track.get("frame_rate_mode") != "VFR"
    return VideoTrack(
        codec=_named(track.get("format"), _VIDEO_CODECS),
        profile=str(track.get("format_profile", "")),
        tag=str(track.get("codec_id", "")),
        width=_whole(track.get("width")),
        height=_whole(track.get("height")),
        fps=_real(track.get("frame_rate")) if constant else 0.0,
        frame_count=_whole(track.get("frame_count")),
        bit_depth=_whole(track.get("bit_depth")),
        chroma=str(track.get("chroma_subsampling", "")),
        color_primaries=str(track.get("color_primaries", "")),
        rotation=_real(track.get("rotation")),
        seconds=_seconds(track),
    )


def _audio(track: dict[str, Any]) -> AudioTrack:
    return AudioTrack(
        codec=_named(track.get("format"), _AUDIO_CODECS),
        profile=str(track.get("format_additionalfeatures", track.get("format_profile", ""))),
        sample_rate=_whole(track.get("sampling_rate")),
        channels=_whole(track.get("channel_s")),
        bit_rate=_whole(track.get("bit_rate")),
        seconds=_seconds(track),
    )


def _named(name: object, ours: dict[str, str]) -> str:
    lower = str(name or "").lower()
    return ours.get(lower, lower)


def _seconds(track: dict[str, Any]) -> float:
    """MediaInfo counts in milliseconds, as a number or as text with decimals."""
    return _real(track.get("duration")) / 1000


def _real(value: object) -> float:
    try:
        return float(str(value))
    except ValueError:
        return 0.0


def _whole(value: object) -> int:
    return int(_real(value))
