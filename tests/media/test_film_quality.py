"""The quality check on a good film, and on the same film broken in every way we can think of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from reelstep.media import ffmpeg
from reelstep.media.audio import mix
from reelstep.media.captions import cues_for
from reelstep.media.chunks import Chunk
from reelstep.media.fonts import fonts_dir
from reelstep.media.join import join_and_mux
from reelstep.media.profiles import profile_for
from reelstep.media.quality import QualityReport, check_film, require
from reelstep.media.render import render_chunk
from reelstep.media.timeline import (
    Layer,
    LayerKind,
    Motion,
    Narration,
    Placement,
    Timeline,
    TimelineScene,
    Title,
)
from reelstep.platform.errors import QualityCheckFailed
from tests.media.test_audio import chord, speech, write

WIDTH, HEIGHT, FPS, FRAMES = 640, 360, 30, 192
PROFILE = replace(profile_for("STANDARD"), width=WIDTH, height=HEIGHT)
STILL = Placement(x=0, y=0, width=1, height=1)
# 2 % in 6.4 s: as slow as a camera move in a film ever is.
SLOW = Motion(start=STILL, end=Placement(x=-0.01, y=-0.01, width=1.02, height=1.02))
WORDS = [("Once", 0.0, 0.3), ("upon", 0.3, 0.6), ("a", 0.6, 0.7), ("time,", 0.7, 1.1)]


def timeline_of(motion: Motion = SLOW, **changes: object) -> Timeline:
    background = Layer(kind=LayerKind.BACKGROUND, source="p", motion=motion)
    scene = TimelineScene(number=1, start_frame=0, frame_count=FRAMES, layers=(background,))
    given: dict[str, object] = {
        "language": "en",
        "width": WIDTH,
        "height": HEIGHT,
        "fps": FPS,
        "frame_count": FRAMES,
        "scenes": (scene,),
        "narration": (Narration(source="v", scene_number=1, start_frame=30, seconds=1.2),),
        "music": "m",
        "cues": cues_for(WORDS, start_frame=30, end_frame=FRAMES, fps=FPS),
        "title": Title(text="A film", start_frame=6, end_frame=60),
        "fade_in_frames": 8,
        "fade_out_frames": 12,
    }
    return Timeline.model_validate({**given, **changes})


def snow(folder: Path) -> Path:
    """A bright soft picture: the hardest ground for white captions and for a freeze detector."""
    y, x = np.mgrid[0:450, 0:800]
    luma = 205 + 30 * np.sin(x / 47) * np.cos(y / 31) + 8 * np.sin((x + y) / 9)
    Image.fromarray(np.stack([luma - 6, luma, luma + 4], -1).clip(0, 255).astype(np.uint8)).save(
        folder / "p.png"
    )
    return folder / "p.png"


def make(folder: Path, timeline: Timeline, name: str = "film.mp4") -> Path:
    picture = snow(folder)
    chunk = Chunk(index=0, start_frame=0, frame_count=FRAMES, sources=("p",), fingerprint="-")
    video, sound, film = folder / "v.mp4", folder / "s.m4a", folder / name
    render_chunk(timeline, chunk, PROFILE, {"p": picture}, video, fonts_dir=fonts_dir())
    sources = {
        "v": write(folder / "v.wav", speech(1.2), 22_050),
        "m": write(folder / "m.wav", chord(FRAMES / FPS), 48_000),
    }
    mix(timeline, sources, sound)
    join_and_mux([video], sound, film, fps=FPS)
    return film


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("good"), timeline_of())


def remade(film: Path, out: Path, *argv: str, faststart: bool = True) -> Path:
    movflags = "+faststart" if faststart else "0"
    ffmpeg.run(
        ["-i", str(film), *argv, "-movflags", movflags, "-movie_timescale", "48000", str(out)],
        timeout=60,
    )
    return out


X264 = ("-c:v", "libx264", "-preset", "veryfast", "-profile:v", "high", "-c:a", "copy")
VIDEO_FILTER = (*X264, "-crf", "20", "-vf")
AUDIO_FILTER = ("-c:v", "copy", "-c:a", "aac", "-b:a", "192k", "-af")


def checked(film: Path, timeline: Timeline | None = None) -> QualityReport:
    return check_film(film, timeline or timeline_of(), PROFILE)


def test_a_good_film_passes_every_check(good: Path) -> None:
    report = checked(good)
    assert report.failed == ()
    assert report.passed
    assert len(report.checks) == 19
    assert report.model_dump(mode="json")["passed"] is True
    require(report)


BROKEN: dict[str, tuple[set[str], Callable[[Path, Path], Path]]] = {
    "frames are missing": (
        {"frame_count", "duration", "audio_length"},
        lambda film, out: remade(film, out, *X264, "-frames:v", "185"),
    ),
    "a frame is shown twice as long": (
        {"frame_count", "frame_times", "frame_rate"},
        lambda film, out: remade(
            film, out, *X264, "-vf", "select='not(eq(n,90))'", "-fps_mode", "passthrough"
        ),
    ),
    "silent": (
        {"sound", "loudness"},
        lambda film, out: remade(film, out, *AUDIO_FILTER, "volume=0"),
    ),
    "too loud": (
        {"loudness", "true_peak"},
        lambda film, out: remade(film, out, *AUDIO_FILTER, "volume=9dB"),
    ),
    "too quiet": (
        {"loudness"},
        lambda film, out: remade(film, out, *AUDIO_FILTER, "volume=-2dB"),
    ),
    "without sound": (
        {"audio_codec"},
        lambda film, out: remade(film, out, "-c:v", "copy", "-an"),
    ),
    "mono": (
        {"audio_codec", "loudness"},
        lambda film, out: remade(film, out, *AUDIO_FILTER, "pan=mono|c0=c0"),
    ),
    "sound begins late": (
        {"audio_offset", "audio_length", "duration"},
        lambda film, out: remade(
            film, out, "-itsoffset", "0.3", "-i", str(film), "-map", "0:v", "-map", "1:a", "-c",
            "copy",
        ),
    ),
    "sound ends early": (
        {"audio_length"},
        lambda film, out: remade(film, out, *AUDIO_FILTER, "atrim=end=5.5"),
    ),
    "black in the middle": (
        {"black"},
        lambda film, out: remade(
            film, out, *VIDEO_FILTER, "drawbox=t=fill:c=black:enable='between(n,70,110)'"
        ),
    ),
    "frozen": (
        {"frozen", "captions"},
        lambda film, out: remade(film, out, *VIDEO_FILTER, "loop=loop=160:size=1:start=20"
                                 ",trim=end_frame=192"),
    ),
    "captions painted over": (
        {"captions"},
        lambda film, out: remade(
            film, out, *VIDEO_FILTER, "drawbox=y=ih*0.75:h=ih*0.25:t=fill:c=0xd0d0d0"
        ),
    ),
    "another size": (
        {"frame_size"},
        lambda film, out: remade(film, out, *VIDEO_FILTER, "scale=480:270"),
    ),
    "another codec": (
        {"video_codec"},
        lambda film, out: remade(film, out, "-c:v", "mpeg4", "-q:v", "3", "-c:a", "copy"),
    ),
    "another profile": (
        {"video_codec"},
        lambda film, out: remade(
            film, out, "-c:v", "libx264", "-preset", "ultrafast", "-profile:v", "baseline",
            "-c:a", "copy",
        ),
    ),
    "another rate": (
        {"frame_rate", "frame_count", "frame_times"},
        lambda film, out: remade(film, out, *VIDEO_FILTER, "fps=25"),
    ),
    "index at the end": (
        {"faststart"},
        lambda film, out: remade(film, out, "-c", "copy", faststart=False),
    ),
}  # fmt: skip


@pytest.mark.parametrize("story", BROKEN)
def test_each_broken_film_is_caught_by_name(good: Path, tmp_path: Path, story: str) -> None:
    names, breaking = BROKEN[story]
    report = checked(breaking(good, tmp_path / "broken.mp4"))
    assert set(report.failed) == names
    with pytest.raises(QualityCheckFailed) as raised:
        require(report)
    assert all(name in raised.value.message for name in names)


def test_a_truncated_file_and_one_with_damaged_pictures_do_not_pass(
    good: Path, tmp_path: Path
) -> None:
    whole = good.read_bytes()
    cut, damaged, torn = (tmp_path / name for name in ("cut.mp4", "damaged.mp4", "torn.mp4"))
    cut.write_bytes(whole[: len(whole) * 2 // 3])
    noise = np.random.default_rng(1).bytes(4000)
    middle = len(whole) // 2
    damaged.write_bytes(whole[:middle] + noise + whole[middle + len(noise) :])
    torn.write_bytes(whole[:200])
    assert {"decodes", "frame_count"} <= set(checked(cut).failed)
    assert "decodes" in checked(damaged).failed
    assert not checked(torn).passed
    assert checked(tmp_path / "nothing.mp4").failed == ("container",)


def test_another_container_does_not_pass_whatever_is_in_it(good: Path, tmp_path: Path) -> None:
    report = checked(remade(good, tmp_path / "film.mkv", "-c", "copy"))
    assert {"container", "decodes"} <= set(report.failed)


def test_captions_of_another_moment_are_not_these_captions(good: Path) -> None:
    later = cues_for(
        [("Somewhere", 0.0, 0.6), ("else.", 0.6, 1.0)], start_frame=30, end_frame=FRAMES, fps=FPS
    )
    assert "captions" in checked(good, timeline_of(cues=later)).failed
    assert "captions" in checked(good, timeline_of(cues=())).failed


def test_stillness_and_silence_that_the_timeline_asks_for_pass(tmp_path: Path) -> None:
    quiet = timeline_of(
        motion=Motion(start=STILL, end=STILL),
        narration=(),
        music=None,
        cues=(),
        title=None,
        fade_in_frames=0,
    )
    film = make(tmp_path, quiet)
    assert checked(film, quiet).failed == ()
    moving = quiet.model_copy(update={"scenes": timeline_of().scenes})
    assert checked(film, moving).failed == ("frozen",)
