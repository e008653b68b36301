"""Every frame of a film carries its number; after rendering in chunks and joining, all are read.

The number is a row of black and white blocks. A wide strip holds the codes of all frames side by
side, and a linear move of exactly one code per frame brings each into the frame in its turn; it
goes on under transitions, where both scenes show the same code in the same place.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest

from reelstep.media import ffmpeg
from reelstep.media.boxes import read_video_track
from reelstep.media.chunks import Chunk, plan_chunks
from reelstep.media.join import join_and_mux
from reelstep.media.profiles import Profile, profile_for
from reelstep.media.render import render_chunk
from reelstep.media.timeline import (
    Layer,
    LayerKind,
    Motion,
    Placement,
    Timeline,
    TimelineScene,
    Transition,
    TransitionKind,
)
from reelstep.media.visibility import visible_frames
from reelstep.platform.errors import MediaUnreadable

WIDTH, HEIGHT = 160, 160
BITS, BLOCK = 10, 16
LENGTHS = (75, 40, 95)
CUTS = (0, 31, 75, 115, 147, 210)


def code_strip(first: int, count: int) -> np.ndarray:
    """Codes of `count` frames from `first`, 16 pixels each, over the whole height."""
    strip = np.full((HEIGHT, count * BLOCK + WIDTH, 3), 90, np.uint8)
    for index in range(count):
        for bit in range(BITS):
            level = 235 if (first + index) >> bit & 1 else 20
            strip[bit * BLOCK : (bit + 1) * BLOCK, index * BLOCK : (index + 1) * BLOCK] = level
    return strip


def coded_film(folder: Path, profile: Profile) -> tuple[Timeline, dict[str, Path]]:
    scenes = []
    at = 0
    for index, length in enumerate(LENGTHS):
        come_in = Transition(kind=TransitionKind.CROSSFADE, frames=12) if index else Transition()
        placeholder = Placement(x=0, y=0, width=1, height=1)
        layer = Layer(
            kind=LayerKind.BACKGROUND,
            source=f"codes-{index}",
            motion=Motion(start=placeholder, end=placeholder),
        )
        scenes.append(
            TimelineScene(
                number=index + 1,
                start_frame=at,
                frame_count=length,
                layers=(layer,),
                transition_in=come_in,
            )
        )
        at += length
    timeline = Timeline(
        language="en",
        width=WIDTH,
        height=HEIGHT,
        fps=profile.fps,
        frame_count=at,
        scenes=tuple(scenes),
    )
    moving = []
    for index, scene in enumerate(scenes):
        count = visible_frames(timeline, index)
        strip = code_strip(scene.start_frame, count)
        cv2.imwrite(str(folder / f"codes-{index}.png"), strip)
        width = strip.shape[1] / WIDTH
        motion = Motion(
            start=Placement(x=0, y=0, width=width, height=1),
            end=Placement(x=-(count - 1) * BLOCK / WIDTH, y=0, width=width, height=1),
            easing="linear",
        )
        layer = scene.layers[0].model_copy(update={"motion": motion})
        moving.append(scene.model_copy(update={"layers": (layer,)}))
    sources = {f"codes-{index}": folder / f"codes-{index}.png" for index in range(len(LENGTHS))}
    return timeline.model_copy(update={"scenes": tuple(moving)}), sources


def read_codes(film: Path) -> list[int]:
    raw = ffmpeg.run(
        ["-i", str(film), "-fps_mode", "passthrough", "-f", "rawvideo", "-pix_fmt", "gray", "-"],
        timeout=120,
    ).stdout
    frames = np.frombuffer(raw, np.uint8).reshape(-1, HEIGHT, WIDTH)
    blocks = frames[:, :, 4 : BLOCK - 4].reshape(-1, BITS, BLOCK, BLOCK - 8)
    levels = blocks[:, :, 4:-4].mean(axis=(2, 3))
    assert ((levels < 70) | (levels > 180)).all(), "a code is between black and white"
    return [int(sum(1 << bit for bit in range(BITS) if row[bit] > 128)) for row in levels]


def packet_times(film: Path) -> list[tuple[int, int]]:
    """(dts, pts) of each packet of the video, in ticks."""
    log = ffmpeg.run(
        ["-i", str(film), "-map", "0:v:0", "-c", "copy", "-copyts", "-f", "framecrc", "pipe:1"],
        timeout=60,
    ).stdout.decode()
    rows = [line.split(",") for line in log.splitlines() if not line.startswith("#")]
    return [(int(row[1]), int(row[2])) for row in rows]


def small(quality: str) -> Profile:
    return replace(profile_for(quality), width=WIDTH, height=HEIGHT)


@pytest.mark.parametrize("quality", ["STANDARD", "HD", "ULTRA"])
def test_no_frame_is_repeated_lost_or_flashing_where_chunks_join(
    tmp_path: Path, quality: str
) -> None:
    profile = small(quality)
    timeline, sources = coded_film(tmp_path, profile)
    parts = []
    for index, (start, end) in enumerate(pairwise(CUTS)):
        chunk = Chunk(
            index=index, start_frame=start, frame_count=end - start, sources=(), fingerprint="-"
        )
        parts.append(tmp_path / f"chunk-{index}.mp4")
        render_chunk(timeline, chunk, profile, sources, parts[-1], fonts_dir=tmp_path)
    film = tmp_path / "film.mp4"
    assert join_and_mux(parts, None, film, fps=profile.fps) == timeline.frame_count
    assert read_codes(film) == list(range(timeline.frame_count))

    times = packet_times(film)
    ticks = profile.timescale // profile.fps
    assert sorted(pts for _, pts in times) == [n * ticks for n in range(timeline.frame_count)]
    decode_times = [dts for dts, _ in times]
    assert decode_times == sorted(set(decode_times))
    track = read_video_track(film)
    assert (track.timescale, track.duration) == (profile.timescale, timeline.frame_count * ticks)


def test_a_planned_film_joins_to_its_exact_length(tmp_path: Path) -> None:
    profile = small("STANDARD")
    timeline, sources = coded_film(tmp_path, profile)
    chunks = plan_chunks(timeline, profile)
    parts = [tmp_path / f"{chunk.fingerprint}.mp4" for chunk in chunks]
    for chunk, part in zip(chunks, parts, strict=True):
        render_chunk(timeline, chunk, profile, sources, part, fonts_dir=tmp_path)
    film = tmp_path / "film.mp4"
    join_and_mux(parts, None, film, fps=profile.fps)
    assert read_codes(film) == list(range(timeline.frame_count))


def test_a_film_starts_with_its_index_and_keeps_its_sound(tmp_path: Path) -> None:
    profile = small("STANDARD")
    timeline, sources = coded_film(tmp_path, profile)
    part = tmp_path / "part.mp4"
    chunk = Chunk(index=0, start_frame=0, frame_count=60, sources=(), fingerprint="-")
    render_chunk(timeline, chunk, profile, sources, part, fonts_dir=tmp_path)
    sound = tmp_path / "sound.m4a"
    ffmpeg.run(
        ["-f", "lavfi", "-i", "sine=duration=2:sample_rate=48000", "-c:a", "aac", str(sound)],
        timeout=60,
    )
    film = tmp_path / "film.mp4"
    join_and_mux([part], sound, film, fps=30, title="L'été; {déjà}", language="fr")
    data = film.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")
    log = ffmpeg.run(["-i", str(film), "-f", "null", "-"], timeout=60).stderr
    assert "L'été; {déjà}" in log
    assert "(fra)" in log
    assert "Duration: 00:00:02.00, start: 0.000000" in log


def test_chunks_of_two_profiles_are_not_joined(tmp_path: Path) -> None:
    profile = small("STANDARD")
    timeline, sources = coded_film(tmp_path, profile)
    parts = []
    for index, used in enumerate((profile, replace(profile, encoder=small("HD").encoder))):
        parts.append(tmp_path / f"{index}.mp4")
        chunk = Chunk(index=0, start_frame=0, frame_count=30, sources=(), fingerprint="-")
        render_chunk(timeline, chunk, used, sources, parts[-1], fonts_dir=tmp_path)
    with pytest.raises(MediaUnreadable, match="not encoded like"):
        join_and_mux(parts, None, tmp_path / "film.mp4", fps=30)
    assert not (tmp_path / "film.mp4").exists()
