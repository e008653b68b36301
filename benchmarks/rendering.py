"""Rendering and joining a film, against the bare encoder on the same frames."""

from __future__ import annotations

import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from benchmarks.film import Film, make_film
from benchmarks.result import Ratio, alternate
from reelstep.media import ffmpeg
from reelstep.media.chunks import Chunk, plan_chunks
from reelstep.media.fonts import fonts_dir
from reelstep.media.join import join_and_mux
from reelstep.media.profiles import Profile, encode_argv, profile_for
from reelstep.media.render import render_chunk

SECONDS = {"STANDARD": 16.0, "HD": 8.0}
ROUNDS = 3
TARGET = 1.25


def render_film(
    film: Film, profile: Profile, folder: Path, out: Path, *, side_by_side: int = 1
) -> None:
    """All chunks and the join, as the pipeline does them; `side_by_side` chunks at a time."""
    chunks = plan_chunks(film.timeline, profile)
    parts = [folder / f"chunk-{chunk.index}.mp4" for chunk in chunks]

    def one(chunk: Chunk) -> None:
        part = parts[chunk.index]
        render_chunk(film.timeline, chunk, profile, film.sources, part, fonts_dir=fonts_dir())

    with ThreadPoolExecutor(side_by_side) as pool:
        list(pool.map(one, chunks))
    join_and_mux(parts, None, out, fps=profile.fps)


def ready_frames(film: Film, profile: Profile, folder: Path) -> Path:
    """The film's final frames, captions burned, as raw yuv420p: rendered without loss, decoded."""
    lossless = replace(profile, encoder=("-c:v", "libx264", "-preset", "ultrafast", "-qp", "0"))
    render_film(film, lossless, folder, folder / "lossless.mp4")
    raw = folder / "frames.yuv"
    ffmpeg.run(
        ["-i", str(folder / "lossless.mp4"), "-f", "rawvideo", "-pix_fmt", "yuv420p", str(raw)],
        timeout=600,
    )
    return raw


def bare_encode(profile: Profile, raw: Path, frames: int, out: Path) -> None:
    """The same encoder with the same settings, on frames that are ready in a file."""
    argv = encode_argv(profile, out, frame_count=frames)
    argv[argv.index("pipe:0")] = str(raw)
    ffmpeg.run(argv, timeout=600)


def against_bare_encoder(quality: str) -> list[Ratio]:
    profile = profile_for(quality)
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        film = make_film(folder, profile, SECONDS[quality], captions=True)
        raw = ready_frames(film, profile, folder)
        frames = film.timeline.frame_count
        bare, one_by_one, in_pairs = alternate(
            [
                lambda: bare_encode(profile, raw, frames, folder / "bare.mp4"),
                lambda: render_film(film, profile, folder, folder / "film.mp4"),
                lambda: render_film(film, profile, folder, folder / "film.mp4", side_by_side=2),
            ],
            ROUNDS,
        )
        notes = {
            "frames": frames,
            "chunks": len(plan_chunks(film.timeline, profile)),
            "bareFramesPerSecond": round(frames / bare.wall, 1),
        }
    return [
        Ratio(
            case=f"render and join, {profile.name}, {how}",
            ours="render + join",
            yardstick="bare encoder",
            ours_seconds=taken.wall,
            yardstick_seconds=bare.wall,
            target=TARGET,
            notes={**notes, "processorTimeRatio": round(taken.cpu / bare.cpu, 3)},
        )
        for how, taken in (("chunk by chunk", one_by_one), ("two chunks at a time", in_pairs))
    ]
