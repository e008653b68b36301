"""Is this the film that was asked for? Opens the finished file as a stranger would (design §7).

Fails closed: what could not be measured has not passed. `judge` is pure; `check_film` measures
and judges; `require` turns a failed report into the error that ends the job.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from pydantic import BaseModel, ConfigDict, computed_field

from reelstep.media.inspection import Measurements, inspect, sampled_cues
from reelstep.media.probe import MediaInfo, probe
from reelstep.media.profiles import Profile
from reelstep.media.stillness import Stretch
from reelstep.media.timeline import CaptionMode, Timeline, TransitionKind
from reelstep.platform.errors import MediaUnreadable, QualityCheckFailed

TARGET_LUFS, TOLERANCE_LU, MAX_TRUE_PEAK = -14.0, 0.5, -1.0
SAMPLE_RATE = 48_000
AAC_FRAME = 1024
MAX_BLACK_SECONDS = 1.0
MAX_FROZEN_SECONDS = 5.0
MAX_CAPTION_ERROR = 40.0
"""Of 255. A burned caption measures under 15 even when compressed hard, a missing one over 70."""
FLOOR_BYTES, FLOOR_BYTES_PER_SECOND = 4_000, 800

_PROFILES = {"h264": "High", "hevc": "Main"}
_TAGS = {"h264": "avc1", "hevc": "hvc1"}


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class Check(_Frozen):
    """One property of the film, in words for the person who asked for it."""

    name: str
    passed: bool
    measured: str
    expected: str


class QualityReport(_Frozen):
    checks: tuple[Check, ...]

    @computed_field  # type: ignore[prop-decorator]
    @property
    def passed(self) -> bool:
        return bool(self.checks) and all(check.passed for check in self.checks)

    @property
    def failed(self) -> tuple[str, ...]:
        """Names of the checks that did not pass."""
        return tuple(check.name for check in self.checks if not check.passed)


def check_film(
    path: Path,
    timeline: Timeline,
    profile: Profile,
    *,
    should_cancel: Callable[[], bool] | None = None,
    timeout: float = 600.0,
) -> QualityReport:
    """Measure and judge a finished film. A bad film is a report that did not pass, not an error;
    raises FfmpegTimedOut, StepCancelled, InvalidSettings (no ffmpeg, no fonts)."""
    try:
        info = probe(path)
    except MediaUnreadable as unreadable:
        return QualityReport(
            checks=(
                Check(
                    name="container",
                    passed=False,
                    measured=unreadable.message,
                    expected="a readable MP4",
                ),
            )
        )
    measured = inspect(
        path,
        timeline,
        has_audio=info.audio is not None,
        should_cancel=should_cancel,
        timeout=timeout,
    )
    return judge(info, measured, timeline, profile)


def require(report: QualityReport) -> None:
    """Raises QualityCheckFailed, naming what failed, when the report did not pass."""
    if report.passed:
        return
    failed = [check for check in report.checks if not check.passed]
    names = ", ".join(check.name for check in failed) or "nothing was checked"
    raise QualityCheckFailed(
        f"The finished film did not pass its quality check: {names}.",
        detail="; ".join(
            f"{check.name}: {check.measured}, expected {check.expected}" for check in failed
        ),
    )


def judge(
    info: MediaInfo, measured: Measurements, timeline: Timeline, profile: Profile
) -> QualityReport:
    """The verdicts on what was measured."""
    return QualityReport(
        checks=(
            *_file_checks(info, timeline),
            *_video_checks(info, measured, timeline, profile),
            *_audio_checks(info, measured, timeline),
            *_content_checks(measured, timeline),
        )
    )


def _file_checks(info: MediaInfo, timeline: Timeline) -> Iterator[Check]:
    yield _check("container", info.container == "mp4", info.container, "mp4")
    yield _check(
        "faststart",
        info.faststart,
        "index first" if info.faststart else "index last",
        "index first",
    )
    floor = round(FLOOR_BYTES + FLOOR_BYTES_PER_SECOND * timeline.seconds)
    yield _check(
        "file_size", info.size_bytes > floor, f"{info.size_bytes} bytes", f"over {floor} bytes"
    )
    frame = 1 / timeline.fps
    yield _check(
        "duration",
        abs(info.seconds - timeline.seconds) <= frame,
        f"{info.seconds:.3f} s",
        f"{timeline.seconds:.3f} s",
    )


def _video_checks(
    info: MediaInfo, measured: Measurements, timeline: Timeline, profile: Profile
) -> Iterator[Check]:
    video = info.video
    wanted = f"{profile.codec} {_PROFILES.get(profile.codec, '')} 8-bit 4:2:0, one track"
    if video is None:
        yield _check("video_codec", False, "no video track", wanted)
        return
    yield _check(
        "video_codec",
        video.codec == profile.codec
        and video.profile.split("@")[0] == _PROFILES.get(profile.codec)
        and video.tag == _TAGS.get(profile.codec)
        and (video.bit_depth, video.chroma) == (8, "4:2:0")
        and info.video_tracks == 1,
        f"{video.codec} {video.profile} ({video.tag}) {video.bit_depth}-bit {video.chroma}"
        + (f", {info.video_tracks} tracks" if info.video_tracks != 1 else ""),
        wanted,
    )
    size = (video.width, video.height, round(video.rotation) % 360)
    yield _check(
        "frame_size",
        size == (profile.width, profile.height, 0),
        f"{video.width}x{video.height}" + (f" turned by {size[2]}" if size[2] else ""),
        f"{profile.width}x{profile.height}",
    )
    yield _check(
        "frame_rate",
        abs(video.fps - timeline.fps) < 0.005,
        f"{video.fps:g} fps" if video.fps else "variable",
        f"{timeline.fps} fps",
    )
    yield _check(
        "decodes",
        measured.problem is None,
        measured.problem.strip().splitlines()[-1][:200] if measured.problem else "to the end",
        "to the end without an error",
    )
    yield _check(
        "frame_count",
        len(measured.frame_times) == timeline.frame_count,
        f"{len(measured.frame_times)} frames decoded",
        f"{timeline.frame_count} frames",
    )
    late = max(
        (abs(at - index / timeline.fps) for index, at in enumerate(measured.frame_times)),
        default=float("inf"),
    )
    yield _check(
        "frame_times",
        late <= 0.002,
        f"off by up to {late * 1000:.1f} ms",
        f"one frame every 1/{timeline.fps} s from 0",
    )


def _audio_checks(info: MediaInfo, measured: Measurements, timeline: Timeline) -> Iterator[Check]:
    audio = info.audio
    wanted = "AAC LC, 48000 Hz, stereo, one track"
    if audio is None:
        yield _check("audio_codec", False, "no audio track", wanted)
        return
    yield _check(
        "audio_codec",
        (audio.codec, audio.profile, audio.sample_rate, audio.channels, info.audio_tracks)
        == ("aac", "LC", SAMPLE_RATE, 2, 1),
        f"{audio.codec} {audio.profile}, {audio.sample_rate} Hz, {audio.channels} channels",
        wanted,
    )
    start = measured.audio_start
    first = measured.frame_times[0] if measured.frame_times else None
    offset = None if start is None or first is None else start - first
    yield _check(
        "audio_offset",
        offset is not None and abs(offset) < 1 / timeline.fps,
        "not measured" if offset is None else f"{offset * 1000:.1f} ms",
        "under one frame",
    )
    # The decoder hands out whole AAC frames; the edit list, in `audio.seconds`, ends the last one.
    short = timeline.seconds - measured.samples / SAMPLE_RATE
    apart = abs(audio.seconds - timeline.seconds)
    yield _check(
        "audio_length",
        apart <= 1 / timeline.fps
        and -AAC_FRAME / SAMPLE_RATE - 1 / timeline.fps <= short <= 1 / timeline.fps,
        f"{audio.seconds:.3f} s, {measured.samples} samples decoded",
        f"{timeline.seconds:.3f} s within one frame",
    )
    if not timeline.narration and timeline.music is None:
        return
    loudness = measured.loudness
    yield _check(
        "sound",
        loudness is not None and not loudness.is_silent,
        "silent" if loudness is None or loudness.is_silent else "present",
        "not silent",
    )
    yield _check(
        "loudness",
        loudness is not None and abs(loudness.integrated - TARGET_LUFS) <= TOLERANCE_LU,
        f"{loudness.integrated:.1f} LUFS" if loudness else "not measured",
        f"{TARGET_LUFS:g} LUFS ±{TOLERANCE_LU:g}",
    )
    yield _check(
        "true_peak",
        loudness is not None and loudness.true_peak <= MAX_TRUE_PEAK,
        f"{loudness.true_peak:.1f} dBTP" if loudness else "not measured",
        f"{MAX_TRUE_PEAK:g} dBTP at most",
    )


def _content_checks(measured: Measurements, timeline: Timeline) -> Iterator[Check]:
    seen = bool(measured.frame_times)
    black = longest_beyond(measured.black, asked_black(timeline))
    yield _check(
        "black",
        seen and black.seconds <= MAX_BLACK_SECONDS,
        _stretch(black) if seen else "not measured",
        f"no black over {MAX_BLACK_SECONDS:g} s beside the film's own fades",
    )
    frozen = longest_beyond(measured.frozen, asked_still(timeline))
    yield _check(
        "frozen",
        seen and frozen.seconds <= MAX_FROZEN_SECONDS,
        _stretch(frozen) if seen else "not measured",
        f"no still picture over {MAX_FROZEN_SECONDS:g} s in a scene that moves",
    )
    yield _caption_check(measured, timeline)


def _caption_check(measured: Measurements, timeline: Timeline) -> Check:
    if timeline.captions is CaptionMode.NONE or not timeline.narration:
        return _check("captions", True, "none", "none asked for")
    if not timeline.cues:
        return _check("captions", False, "no cues", "cues for what is spoken")
    if timeline.captions is CaptionMode.SIDECAR:
        return _check("captions", True, f"{len(timeline.cues)} cues", "cues for what is spoken")
    wanted = len({(cue.start_frame + cue.end_frame) // 2 for cue in sampled_cues(timeline)})
    shown = sum(error <= MAX_CAPTION_ERROR for error in measured.caption_errors)
    worst = max(measured.caption_errors, default=255.0)
    return _check(
        "captions",
        shown == wanted,
        f"{shown} of {wanted} found in the picture (largest difference {worst:.0f} of 255)",
        f"{wanted} of {wanted}",
    )


def asked_black(timeline: Timeline) -> tuple[Stretch, ...]:
    """Where the timeline itself goes to black: its fades, and transitions through black."""
    fps = timeline.fps
    asked = [
        Stretch(0.0, timeline.fade_in_frames / fps),
        Stretch((timeline.frame_count - timeline.fade_out_frames) / fps, timeline.seconds),
    ]
    asked += [
        Stretch(scene.start_frame / fps, (scene.start_frame + scene.transition_in.frames) / fps)
        for scene in timeline.scenes
        if scene.transition_in.kind is TransitionKind.FADE_BLACK
    ]
    return tuple(stretch for stretch in asked if stretch.seconds > 0)


def asked_still(timeline: Timeline) -> tuple[Stretch, ...]:
    """Scenes in which nothing is told to move."""
    return tuple(
        Stretch(scene.start_frame / timeline.fps, scene.end_frame / timeline.fps)
        for scene in timeline.scenes
        if all(layer.motion.start == layer.motion.end for layer in scene.layers)
    )


def longest_beyond(found: Iterable[Stretch], asked: Iterable[Stretch]) -> Stretch:
    """The longest part of any found stretch that no asked stretch covers."""
    longest = Stretch(0.0, 0.0)
    wanted = sorted(asked, key=lambda stretch: stretch.start)
    for stretch in found:
        at = stretch.start
        for cover in wanted:
            if cover.end <= at or cover.start >= stretch.end:
                continue
            longest = max(longest, Stretch(at, max(cover.start, at)), key=lambda s: s.seconds)
            at = max(at, cover.end)
        longest = max(longest, Stretch(at, max(stretch.end, at)), key=lambda s: s.seconds)
    return longest


def _stretch(stretch: Stretch) -> str:
    if not stretch.seconds:
        return "none"
    return f"{stretch.seconds:.2f} s from {stretch.start:.2f} s"


def _check(name: str, passed: bool, measured: str, expected: str) -> Check:
    return Check(name=name, passed=passed, measured=measured, expected=expected)
