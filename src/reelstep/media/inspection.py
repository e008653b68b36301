"""Measures a finished film in one decoding run: what is really in it, frame by frame.

Only luma, scaled down, goes through the detectors, so that the run costs little more than the
decoding itself. Captions are measured where they must be: at the middle of a cue the expected
caption is drawn again, over black and over white, and the film is compared under its opaque
pixels alone. A film without its captions has nothing that could look like white letters in dark
outlines at exactly those pixels.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from reelstep.media import ffmpeg, stillness
from reelstep.media.captions import burn_filter, to_ass
from reelstep.media.fonts import fonts_dir
from reelstep.media.loudness import LOUDNESS_FILTER, Loudness, parse_summaries
from reelstep.media.stillness import Stretch
from reelstep.media.timeline import CaptionMode, Cue, Timeline
from reelstep.platform.errors import FfmpegFailed, MediaUnreadable

DETECTOR_WIDTH = 320
CAPTION_LONG_SIDE = 960
MAX_SAMPLED_CUES = 24
BLACK_LUMA = (16 + 0.02 * 219) / 255
"""A pixel is black up to here: video's black and 2 % of its range. A night sky is not."""
_TIMEOUT = 600.0


@dataclass(frozen=True)
class Measurements:
    """`problem` is what the decoder said when it did not reach the end; the rest is then of the
    part before. `caption_errors` are mean luma differences (0-255) under each sampled caption."""

    problem: str | None = None
    frame_times: tuple[float, ...] = ()
    black: tuple[Stretch, ...] = ()
    frozen: tuple[Stretch, ...] = ()
    audio_start: float | None = None
    samples: int = 0
    loudness: Loudness | None = None
    caption_errors: tuple[float, ...] = ()


def inspect(
    path: Path,
    timeline: Timeline,
    *,
    has_audio: bool = True,
    should_cancel: Callable[[], bool] | None = None,
    timeout: float = _TIMEOUT,
) -> Measurements:
    """Decode all of `path` and measure it. A file that does not decode is a measurement too
    (`problem`); raises FfmpegTimedOut, StepCancelled, InvalidSettings."""
    sampled = sampled_cues(timeline)
    with tempfile.TemporaryDirectory(prefix="inspect-") as folder:
        work = Path(folder)
        if sampled:
            (work / "fonts").symlink_to(fonts_dir().absolute(), target_is_directory=True)
            (work / "cues.ass").write_text(
                to_ass(
                    timeline.cues,
                    None,
                    width=timeline.width,
                    height=timeline.height,
                    fps=timeline.fps,
                    language=timeline.language,
                    to_frame=timeline.frame_count,
                ),
                encoding="utf-8",
            )
        problem, log = None, ""
        try:
            log = ffmpeg.run(
                inspect_argv(path.absolute(), timeline, sampled, has_audio=has_audio),
                timeout=timeout,
                cwd=work,
                should_cancel=should_cancel,
            ).stderr
        except FfmpegFailed as failed:
            problem = (failed.detail or failed.message)[-1000:]
        return _read(work, log, problem, timeline)


def sampled_cues(timeline: Timeline) -> tuple[Cue, ...]:
    """The cues to look for: all, or an even spread of them in a long film."""
    if timeline.captions is not CaptionMode.BURNED:
        return ()
    count = len(timeline.cues)
    if count <= MAX_SAMPLED_CUES:
        return timeline.cues
    step = (count - 1) / (MAX_SAMPLED_CUES - 1)
    return tuple(timeline.cues[round(index * step)] for index in range(MAX_SAMPLED_CUES))


def middle_frame(cue: Cue) -> int:
    return (cue.start_frame + cue.end_frame) // 2


def inspect_argv(
    path: Path, timeline: Timeline, sampled: Sequence[Cue], *, has_audio: bool
) -> list[str]:
    """ffmpeg's arguments; texts are written to its working directory under plain names."""
    split = "split=3[detect][small][look]" if sampled else "split=2[detect][small]"
    across, down = stillness.sample_size(timeline.width, timeline.height)
    every = max(1, round(timeline.fps / stillness.SAMPLES_PER_SECOND))
    graph = [
        f"[0:v:0]{split}",
        f"[small]select=not(mod(n\\,{every})),extractplanes=y,"
        f"scale={across}:{down}:flags=area,format=gray16le[samples]",
        f"[detect]extractplanes=y,{_tell('frames.txt', every=True)},"
        f"scale={DETECTOR_WIDTH}:-2:flags=area,"
        f"blackdetect=d=0.2:pic_th=0.985:pix_th={BLACK_LUMA:.4f},"
        f"{_tell('events.txt')}[video]",
    ]
    maps = ["-map", "[video]"]
    if sampled:
        graph += _caption_graph(timeline, sorted({middle_frame(cue) for cue in sampled}))
        maps += ["-map", "[captions]", "-map", "[ink]"]
    if has_audio:
        graph.append(
            f"[0:a:0]a{_tell('audio.txt', every=True, prefix='a')},"
            "astats=measure_perchannel=none:measure_overall=Number_of_samples,"
            f"{LOUDNESS_FILTER.format(name='heard')}[audio]"
        )
        maps += ["-map", "[audio]"]
    return [
        *("-xerror", "-err_detect", "explode", "-f", "mov", "-i", str(path)),
        *("-filter_complex", ";".join(graph), *maps),
        *("-fps_mode", "passthrough", "-f", "null", "-"),
        *("-map", "[samples]", "-fps_mode", "passthrough", "-c:v", "rawvideo"),
        *("-f", "rawvideo", "samples.raw"),
    ]


def _tell(file: str, *, every: bool = False, prefix: str = "") -> str:
    """Writes each frame's number, time and metadata; `every`: frames without any as well."""
    mark = f"metadata=mode=add:key=seen:value=1,{prefix}" if every else ""
    return f"{mark}metadata=mode=print:file={file}"


def _caption_graph(timeline: Timeline, frames: Sequence[int]) -> list[str]:
    scale = min(1.0, CAPTION_LONG_SIDE / max(timeline.width, timeline.height))
    width = round(timeline.width * scale / 2) * 2
    height = round(timeline.height * scale / 2) * 2
    chosen = "select=" + "+".join(f"eq(n\\,{frame})" for frame in frames)
    burn = burn_filter("cues.ass", "fonts")
    seconds = timeline.frame_count / timeline.fps

    def drawn(colour: str) -> str:
        return (
            f"color=c={colour}:s={width}x{height}:r={timeline.fps}:d={seconds:.6f},"
            f"format=yuv420p,{chosen},{burn}"
        )

    return [
        f"[look]{chosen},scale={width}:{height}:flags=area,format=yuv420p[film]",
        f"{drawn('black')},split=2[expected][over_black]",
        f"{drawn('white')}[over_white]",
        # Where black and white ground look alike, the caption covers them.
        "[over_white][over_black]blend=all_mode=difference,lut=y='if(lt(val\\,45)\\,255\\,0)',"
        "split=2[mask][weight]",
        "[film][expected]blend=all_mode=difference[difference]",
        f"[difference][mask]blend=all_mode=multiply,signalstats,{_tell('captions.txt')}[captions]",
        f"[weight]signalstats,{_tell('ink.txt')}[ink]",
    ]


# -- reading -----------------------------------------------------------------------------------

_FRAME = re.compile(r"^frame:\d+\s+pts:\S+\s+pts_time:(\S+)", re.MULTILINE)
_BLACK = re.compile(r"^lavfi\.black_(start|end)=(\S+)", re.MULTILINE)
_LUMA = re.compile(r"^lavfi\.signalstats\.YAVG=(\S+)", re.MULTILINE)
_SAMPLES = re.compile(r"Number of samples: (\d+)")


def _read(work: Path, log: str, problem: str | None, timeline: Timeline) -> Measurements:
    times = _times(work / "frames.txt")
    raw = work / "samples.raw"
    samples_of = raw.read_bytes() if raw.is_file() else b""
    every = max(1, round(timeline.fps / stillness.SAMPLES_PER_SECOND))
    audio = _times(work / "audio.txt")
    samples = _SAMPLES.search(log)
    try:
        loudness = parse_summaries(log).get("heard")
    except MediaUnreadable:
        loudness = None
    return Measurements(
        problem=problem,
        frame_times=times,
        black=parse_black(_text(work / "events.txt"), len(times) / timeline.fps),
        frozen=stillness.still_stretches(
            samples_of,
            stillness.sample_size(timeline.width, timeline.height),
            every / timeline.fps,
        ),
        audio_start=audio[0] if audio else None,
        samples=int(samples[1]) if samples else 0,
        loudness=loudness,
        caption_errors=caption_errors(_text(work / "captions.txt"), _text(work / "ink.txt")),
    )


def parse_black(text: str, end: float) -> tuple[Stretch, ...]:
    """Black stretches; one that is still open at the film's end ends there."""
    found: list[Stretch] = []
    start: float | None = None
    for edge, value in _BLACK.findall(text):
        if edge == "start":
            start = float(value)
        elif start is not None:
            found.append(Stretch(start, float(value)))
            start = None
    if start is not None:
        found.append(Stretch(start, max(end, start)))
    return tuple(found)


def caption_errors(differences: str, ink: str) -> tuple[float, ...]:
    """Mean difference under the captions' opaque pixels, per sampled frame; 255 where there
    should have been ink and none could be drawn."""
    return tuple(
        255 * float(difference) / float(weight) if float(weight) > 0.01 else 255.0
        for difference, weight in zip(_LUMA.findall(differences), _LUMA.findall(ink), strict=False)
    )


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def _times(path: Path) -> tuple[float, ...]:
    return tuple(
        float(value) if value != "NOPTS" else -1.0 for value in _FRAME.findall(_text(path))
    )
