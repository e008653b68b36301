"""What a rendered chunk is, seen as a stranger would see it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from reelstep.media import ffmpeg
from reelstep.media.boxes import read_video_track
from reelstep.media.chunks import Chunk
from reelstep.media.profiles import Profile, profile_for
from reelstep.media.render import render_chunk
from reelstep.media.thumbnails import extract_frame
from reelstep.media.timeline import (
    CaptionMode,
    CaptionWord,
    Cue,
    Layer,
    LayerKind,
    Motion,
    Placement,
    Timeline,
    TimelineScene,
    Title,
)
from reelstep.platform.errors import FfmpegFailed, FfmpegTimedOut, MediaUnreadable, StepCancelled

FONTS = Path(__file__).parents[2] / ".build" / "fonts"
SIZE = (320, 180)
ORANGE = (40, 130, 240)
STILL = Placement(x=0, y=0, width=1, height=1)
NEAR = Placement(x=-0.1, y=-0.1, width=1.2, height=1.2)


def small(quality: str) -> Profile:
    return replace(profile_for(quality), width=SIZE[0], height=SIZE[1])


def film(folder: Path, frames: int = 30, fps: int = 30, **more: object) -> Timeline:
    if not (folder / "p.png").exists():
        cv2.imwrite(str(folder / "p.png"), np.full((225, 400, 3), ORANGE, np.uint8))
    layer = Layer(kind=LayerKind.BACKGROUND, source="p", motion=Motion(start=STILL, end=NEAR))
    scene = TimelineScene(number=1, start_frame=0, frame_count=frames, layers=(layer,))
    return Timeline(
        language="en",
        width=SIZE[0],
        height=SIZE[1],
        fps=fps,
        frame_count=frames,
        scenes=(scene,),
        **more,  # type: ignore[arg-type]
    )


def render(folder: Path, timeline: Timeline, profile: Profile, **more: object) -> Path:
    out = folder / "chunk.mp4"
    chunk = Chunk(
        index=0, start_frame=0, frame_count=timeline.frame_count, sources=("p",), fingerprint="-"
    )
    sources = {"p": folder / "p.png"}
    render_chunk(timeline, chunk, profile, sources, out, fonts_dir=FONTS, **more)  # type: ignore[arg-type]
    return out


def decoded(video: Path, pix_fmt: str = "bgr24") -> np.ndarray:
    scale = "scale=in_color_matrix=bt709:in_range=tv:out_range=pc"
    argv = ["-i", str(video), "-vf", scale, "-f", "rawvideo", "-pix_fmt", pix_fmt, "pipe:1"]
    raw = ffmpeg.run(argv, timeout=60).stdout
    return np.frombuffer(raw, np.uint8).reshape(-1, SIZE[1], SIZE[0], 3)


@pytest.mark.parametrize(
    ("quality", "words"),
    [
        ("STANDARD", ["h264 (High)", "yuv420p(tv, bt709, progressive)", "30 fps", "15360 tbn"]),
        ("HD", ["h264 (High)", "yuv420p(tv, bt709, progressive)", "60 fps", "30720 tbn"]),
        ("ULTRA", ["hevc (Main) (hvc1", "yuv420p(tv, bt709", "60 fps", "30720 tbn"]),
    ],
)
def test_a_chunk_is_video_alone_in_the_final_codec(
    tmp_path: Path, quality: str, words: list[str]
) -> None:
    profile = small(quality)
    timeline = film(tmp_path, profile.fps, profile.fps)
    out = render(tmp_path, timeline, profile)
    log = ffmpeg.run(["-i", str(out), "-f", "null", "-"], timeout=60).stderr
    stream = next(line for line in log.splitlines() if "Video:" in line)
    assert [word for word in words if word not in stream] == []
    assert "Audio:" not in log
    assert read_video_track(out).samples == timeline.frame_count
    assert [path.name for path in tmp_path.iterdir()].count("chunk.mp4") == 1
    assert not list(tmp_path.glob("render-*")), "its working folder is still there"


@pytest.mark.parametrize("quality", ["STANDARD", "ULTRA"])
def test_groups_of_pictures_are_closed_and_of_fixed_length(tmp_path: Path, quality: str) -> None:
    profile = small(quality)
    timeline = film(tmp_path, profile.gop * 2 + 10, profile.fps)
    # Alone, the second group must decode to the same pictures: nothing refers to the first.
    out = render(tmp_path, timeline, profile)
    whole = decoded(out)
    tail = tmp_path / "tail.mp4"
    start = profile.gop / profile.fps
    ffmpeg.run(["-ss", f"{start}", "-i", str(out), "-c", "copy", str(tail)], timeout=60)
    assert np.array_equal(decoded(tail), whole[profile.gop :])


def test_colours_come_through_as_they_were_painted(tmp_path: Path) -> None:
    frame = decoded(render(tmp_path, film(tmp_path), small("STANDARD")))[15]
    assert frame.reshape(-1, 3).mean(axis=0) == pytest.approx(ORANGE, abs=2.5)


def test_a_thumbnail_has_the_films_colours(tmp_path: Path) -> None:
    video = render(tmp_path, film(tmp_path), small("STANDARD"))
    extract_frame(video, 0.5, tmp_path / "t.jpg", 160)
    picture = cv2.imread(str(tmp_path / "t.jpg"))
    assert picture is not None
    assert picture.shape == (90, 160, 3)
    assert picture.reshape(-1, 3).mean(axis=0) == pytest.approx(ORANGE, abs=4)


def test_a_thumbnail_after_the_end_is_an_error(tmp_path: Path) -> None:
    video = render(tmp_path, film(tmp_path), small("STANDARD"))
    with pytest.raises(FfmpegFailed):
        extract_frame(video, 5, tmp_path / "t.jpg", 160)
    assert not (tmp_path / "t.jpg").exists()


def cue(text: str, start: int, end: int) -> Cue:
    word = CaptionWord(text=text, start_frame=start, end_frame=end)
    return Cue(start_frame=start, end_frame=end, lines=((word,),))


def test_captions_are_burned_in_their_frames_and_only_there(tmp_path: Path) -> None:
    timeline = film(tmp_path, 30, cues=(cue("Hello", 10, 20),))
    frames = decoded(render(tmp_path, timeline, small("STANDARD"))).astype(int)
    drawn_on = [(abs(frame - ORANGE).max(axis=2) > 60).sum() for frame in frames]
    assert max(drawn_on[:10]) == 0
    assert min(drawn_on[13:18]) > 30
    assert max(drawn_on[21:]) == 0


@pytest.mark.parametrize("mode", [CaptionMode.SIDECAR, CaptionMode.NONE])
def test_captions_that_are_not_asked_for_are_not_burned(tmp_path: Path, mode: CaptionMode) -> None:
    timeline = film(tmp_path, 30, cues=(cue("Hello", 10, 20),), captions=mode)
    frame = decoded(render(tmp_path, timeline, small("STANDARD"))).astype(int)[15]
    assert not (abs(frame - ORANGE).max(axis=2) > 60).any()


def test_the_title_is_burned_whatever_the_captions(tmp_path: Path) -> None:
    title = Title(text="A film", start_frame=0, end_frame=60)
    timeline = film(tmp_path, 60, title=title, captions=CaptionMode.NONE)
    frames = decoded(render(tmp_path, timeline, small("STANDARD")))
    assert (frames[30] > 235).all(axis=2).sum() > 100


def test_white_captions_are_white_and_not_tinted(tmp_path: Path) -> None:
    timeline = film(tmp_path, 60, title=Title(text="MMMM", start_frame=0, end_frame=60))
    frame = decoded(render(tmp_path, timeline, small("STANDARD")))[30].astype(int)
    white = frame[(frame > 235).all(axis=2)]
    assert white.mean(axis=0) == pytest.approx((253, 253, 253), abs=4)


def test_progress_counts_to_the_last_frame(tmp_path: Path) -> None:
    seen: list[int] = []
    render(tmp_path, film(tmp_path, 45), small("STANDARD"), on_frames=seen.append)
    assert seen == sorted(seen)
    assert seen[-1] == 45


def test_a_cancelled_chunk_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(StepCancelled):
        render(tmp_path, film(tmp_path, 30000), small("STANDARD"), should_cancel=lambda: True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["p.png"]


def test_a_chunk_past_its_time_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(FfmpegTimedOut):
        render(tmp_path, film(tmp_path, 100000), small("STANDARD"), timeout=0.5)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["p.png"]


def test_a_chunk_of_a_broken_picture_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "p.png").write_bytes(b"no picture")
    with pytest.raises(MediaUnreadable):
        render(tmp_path, film(tmp_path), small("STANDARD"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["p.png"]


def test_a_chunk_of_another_size_than_its_encoder_fails_by_name(tmp_path: Path) -> None:
    profile = replace(small("STANDARD"), encoder=("-c:v", "nosuchcodec"))
    with pytest.raises(FfmpegFailed) as caught:
        render(tmp_path, film(tmp_path), profile)
    assert "nosuchcodec" in (caught.value.detail or "")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["p.png"]


def test_one_drawing_thread_and_many_give_the_same_file(tmp_path: Path) -> None:
    timeline = film(tmp_path, 40, cues=(cue("Hello", 10, 20),))
    alone = render(tmp_path, timeline, small("STANDARD"), threads=1).read_bytes()
    assert render(tmp_path, timeline, small("STANDARD"), threads=4).read_bytes() == alone
