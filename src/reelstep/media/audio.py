"""The film's sound: voices at their frames, music that gives way to them, one mastered AAC track.

Four short runs of ffmpeg. (1) Voices and music are measured apart, so that the balance between
them does not depend on how loud a provider happens to be. (2) They are mixed into a float WAV and
measured. (3) One gain brings it to the target, a limiter on four times oversampled sound holds the
true peak, and AAC is encoded. (4) What a player will hear - the decoded AAC - is measured, and
(3) is done again with a corrected gain or ceiling if it is not within tolerance.

Loudness is that of EBU R 128 / ITU-R BS.1770-4; the target is design section 6.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from reelstep.media import ffmpeg
from reelstep.media.ducking import RATE, music_envelope
from reelstep.media.loudness import LOUDNESS_FILTER, SILENCE_LUFS, Loudness, parse_summaries
from reelstep.media.timeline import Timeline
from reelstep.platform.errors import ArtifactMissing

SAMPLE_RATE = 48_000
BIT_RATE = "192k"
TARGET_LUFS = -14.0
TOLERANCE_LU = 0.5
TRUE_PEAK_DBTP = -1.0

VOICE_LUFS = -16.0
MUSIC_LUFS = -22.0
"""In the clear; `ducking.DUCK_DB` lower under speech."""

_AIM_LU = 0.15
_FIRST_CEILING_DB = -1.6
_MAX_MASTERS = 5
_MEASURE_TIMEOUT = 300.0
_DEFAULT_TIMEOUT = 600.0


class Mix(BaseModel):
    """What `mix` made. `loudness` is measured on the decoded track; None for a silent film."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    samples: int
    loudness: Loudness | None
    gain_db: float


@dataclass(frozen=True)
class Levels:
    """Gains in dB that bring each bus to its place."""

    voice: float = 0.0
    music: float = 0.0


def sample_count(timeline: Timeline) -> int:
    """Samples of the film at 48 kHz: exact for every frame rate that divides it."""
    return round(timeline.frame_count * SAMPLE_RATE / timeline.fps)


def mix(
    timeline: Timeline,
    sources: Mapping[str, Path],
    out: Path,
    *,
    should_cancel: Callable[[], bool] | None = None,
    timeout: float = _DEFAULT_TIMEOUT,
) -> Mix:
    """Write the film's sound to `out` (.m4a): AAC-LC, 48 kHz, stereo, exactly the film's length.

    `sources` maps every narration's and the music's source to a local file. Without any sound in
    the timeline the track is silence of the right length. `timeout` (seconds) is for each run.
    Raises ArtifactMissing, FfmpegFailed, FfmpegTimedOut, StepCancelled; `out` does not exist then.
    """
    for source in _sources_of(timeline):
        if source not in sources:
            raise ArtifactMissing("A sound of the film is missing.", detail=source)

    def run(argv: Sequence[str], outputs: Sequence[Path] = ()) -> str:
        return ffmpeg.run(
            argv, timeout=timeout, outputs=outputs, should_cancel=should_cancel
        ).stderr

    total = sample_count(timeline)
    if not _sources_of(timeline):
        run(silence_argv(total, out), (out,))
        return Mix(samples=total, loudness=None, gain_db=0.0)
    with tempfile.TemporaryDirectory(prefix="mix-", dir=out.parent) as folder:
        work = Path(folder)
        envelope = work / "envelope.f32"
        if timeline.music is not None:
            envelope.write_bytes(music_envelope(timeline).tobytes())
        levels = levels_for(parse_summaries(run(measure_argv(timeline, sources))))
        wav = work / "mix.wav"
        mixed = parse_summaries(run(mix_argv(timeline, sources, levels, envelope, wav)))["mix"]
        try:
            return _master(run, wav, mixed, total, out)
        except BaseException:
            out.unlink(missing_ok=True)
            raise


def _master(run: Callable[..., str], wav: Path, mixed: Loudness, total: int, out: Path) -> Mix:
    gain = 0.0 if mixed.is_silent else TARGET_LUFS - mixed.integrated
    ceiling = _FIRST_CEILING_DB
    for attempt in range(1, _MAX_MASTERS + 1):
        run(master_argv(wav, gain, ceiling, total, out), (out,))
        heard = parse_summaries(run(heard_argv(out)))["heard"]
        off = TARGET_LUFS - heard.integrated
        over = heard.true_peak - TRUE_PEAK_DBTP
        if heard.is_silent or attempt == _MAX_MASTERS or (abs(off) <= _AIM_LU and over <= -0.05):
            break
        gain += off if abs(off) > _AIM_LU else 0.0
        ceiling -= over + 0.15 if over > -0.05 else 0.0
    return Mix(samples=total, loudness=heard, gain_db=round(gain, 2))


def measure_loudness(path: Path, *, timeout: float = _MEASURE_TIMEOUT) -> Loudness:
    """Loudness of a file's first audio track, decoded. Raises FfmpegFailed when it has none."""
    return parse_summaries(ffmpeg.run(heard_argv(path), timeout=timeout).stderr)["heard"]


def levels_for(measured: Mapping[str, Loudness]) -> Levels:
    """Gains from what each bus measures; a silent or missing bus is left alone."""

    def gain(bus: str, target: float) -> float:
        loudness = measured.get(bus)
        return 0.0 if loudness is None or loudness.is_silent else target - loudness.integrated

    return Levels(voice=gain("voice", VOICE_LUFS), music=gain("music", MUSIC_LUFS))


# -- arguments ---------------------------------------------------------------------------------


def measure_argv(timeline: Timeline, sources: Mapping[str, Path]) -> list[str]:
    """Measures the buses "voice" and "music" apart, without the envelope."""
    argv, graph, maps = _inputs(timeline, sources), [], []
    if timeline.narration:
        graph.append(f"{_voices(timeline)},{LOUDNESS_FILTER.format(name='voice')}[voice]")
        maps += ["-map", "[voice]"]
    if timeline.music is not None:
        music = f"[{len(timeline.narration)}:a:0]{_STEREO}"
        graph.append(f"{music},{LOUDNESS_FILTER.format(name='music')}[music]")
        maps += ["-map", "[music]"]
    return [*argv, "-filter_complex", ";".join(graph), *maps, "-f", "null", "-"]


def mix_argv(
    timeline: Timeline,
    sources: Mapping[str, Path],
    levels: Levels,
    envelope: Path,
    out: Path,
) -> list[str]:
    """Mixes both buses into a float WAV of the film's length, measured as "mix"."""
    argv, graph = _inputs(timeline, sources), []
    buses = []
    if timeline.narration:
        graph.append(
            f"{_voices(timeline)},volume={levels.voice:.2f}dB,"
            # Evens out syllables a little, as any mastered voice-over is.
            "acompressor=threshold=-20dB:ratio=2.2:attack=8:release=160:knee=6:makeup=1.4[voice]"
        )
        buses.append("[voice]")
    if timeline.music is not None:
        at = len(timeline.narration)
        argv += ["-f", "f32le", "-ar", str(RATE), "-ac", "1", "-i", str(envelope)]
        # Room for consonants: a shallow dip where speech is understood.
        dip = ",equalizer=f=2300:t=o:w=1.4:g=-3" if timeline.narration else ""
        graph += [
            f"[{at}:a:0]{_STEREO}{dip},volume={levels.music:.2f}dB[open]",
            f"[{at + 1}:a:0]aresample={SAMPLE_RATE},pan=stereo|c0=c0|c1=c0,"
            "aformat=sample_fmts=fltp[envelope]",
            "[open][envelope]amultiply[music]",
        ]
        buses.append("[music]")
    joined = "".join(buses)
    if len(buses) > 1:
        joined += f"amix=inputs={len(buses)}:duration=longest:normalize=0,"
    graph.append(
        f"{joined}{_exactly(sample_count(timeline))},{LOUDNESS_FILTER.format(name='mix')}[mix]"
    )
    argv += ["-filter_complex", ";".join(graph), "-map", "[mix]"]
    return [*argv, "-c:a", "pcm_f32le", "-rf64", "auto", "-f", "wav", str(out)]


def master_argv(wav: Path, gain_db: float, ceiling_db: float, samples: int, out: Path) -> list[str]:
    """Gain, true-peak limiter, AAC. The limiter looks ahead and gives the delay back."""
    limit = 10 ** (ceiling_db / 20)
    chain = (
        f"volume={gain_db:.3f}dB,aresample={4 * SAMPLE_RATE},"
        f"alimiter=limit={limit:.5f}:attack=3:release=90:level=0:latency=1,"
        f"aresample={SAMPLE_RATE},{_exactly(samples)}"
    )
    return ["-i", str(wav), "-af", chain, *_AAC, str(out)]


def silence_argv(samples: int, out: Path) -> list[str]:
    source = f"anullsrc=r={SAMPLE_RATE}:cl=stereo,{_exactly(samples)}"
    return ["-f", "lavfi", "-i", source, *_AAC, str(out)]


def heard_argv(path: Path) -> list[str]:
    """Measures a finished track as "heard"."""
    graph = f"[0:a:0]{LOUDNESS_FILTER.format(name='heard')}[heard]"
    return ["-i", str(path), "-filter_complex", graph, "-map", "[heard]", "-f", "null", "-"]


_STEREO = f"aresample={SAMPLE_RATE},aformat=sample_fmts=fltp:channel_layouts=stereo"
_AAC = (
    *("-vn", "-c:a", "aac", "-profile:a", "aac_low", "-b:a", BIT_RATE),
    *("-ar", str(SAMPLE_RATE), "-ac", "2", "-map_metadata", "-1"),
    *("-fflags", "+bitexact", "-movflags", "+faststart"),
    # The edit list says in this unit how long the sound is: in samples it is exact.
    *("-movie_timescale", str(SAMPLE_RATE), "-f", "mp4"),
)


def _exactly(samples: int) -> str:
    return f"apad=whole_len={samples},atrim=end_sample={samples}"


def _sources_of(timeline: Timeline) -> list[str]:
    music = [timeline.music] if timeline.music is not None else []
    return [*(spoken.source for spoken in timeline.narration), *music]


def _inputs(timeline: Timeline, sources: Mapping[str, Path]) -> list[str]:
    return [
        argument for source in _sources_of(timeline) for argument in ("-i", str(sources[source]))
    ]


def _voices(timeline: Timeline) -> str:
    """Every narration, resampled, at its tempo, on its sample; summed and made stereo."""
    chains = []
    for index, spoken in enumerate(timeline.narration):
        at = round(spoken.start_frame * SAMPLE_RATE / timeline.fps)
        tempo = f",atempo={spoken.tempo:.6f}" if spoken.tempo != 1.0 else ""
        chains.append(
            f"[{index}:a:0]aresample={SAMPLE_RATE},"
            "aformat=sample_fmts=fltp:channel_layouts=mono,"
            f"highpass=f=70{tempo},adelay={at}S:all=1[v{index}]"
        )
    count = len(timeline.narration)
    labels = "".join(f"[v{index}]" for index in range(count))
    joined = f"{labels}amix=inputs={count}:duration=longest:normalize=0," if count > 1 else labels
    return ";".join(chains) + f";{joined}pan=stereo|c0=c0|c1=c0"


__all__ = ["SILENCE_LUFS", "Loudness", "Mix", "measure_loudness", "mix", "sample_count"]
