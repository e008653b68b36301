"""The same film made by MoviePy 2, in an environment of its own (`.build/moviepy`)."""

from __future__ import annotations

import json
import subprocess
import tempfile
from pathlib import Path

from benchmarks.film import Film, make_film
from benchmarks.rendering import render_film
from benchmarks.result import Ratio, Unavailable, alternate, measure
from reelstep.media.profiles import Profile, profile_for
from reelstep.media.visibility import visible_frames

ROOT = Path(__file__).parents[1]
PYTHON = ROOT / ".build" / "moviepy" / "bin" / "python"
SECONDS = 12.0
TARGET = 15.0
ROUNDS = 3


def against_moviepy() -> list[Ratio]:
    if not PYTHON.exists():
        raise Unavailable("MoviePy is not installed: run `make bench`")
    profile = profile_for("STANDARD")
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        film = make_film(folder, profile, SECONDS, captions=False)
        (folder / "film.json").write_text(json.dumps(describe(film, profile, folder)))
        (ours,) = alternate(
            [lambda: render_film(film, profile, folder, folder / "ours.mp4", side_by_side=2)],
            ROUNDS,
        )
        script = Path(__file__).with_name("moviepy_film.py")
        theirs = measure(lambda: subprocess.run([PYTHON, script, folder / "film.json"], check=True))
        frames = film.timeline.frame_count
    return [
        Ratio(
            case=f"film of {SECONDS:g} s, {profile.name}",
            ours="render + join",
            yardstick="MoviePy 2.1.2",
            ours_seconds=ours.wall,
            yardstick_seconds=theirs.wall,
            target=TARGET,
            higher_is_better=True,
            notes={
                "frames": frames,
                "moviepyFramesPerSecond": round(frames / theirs.wall, 1),
                "processorTimeRatio": round(theirs.cpu / ours.cpu, 1),
            },
        )
    ]


def describe(film: Film, profile: Profile, folder: Path) -> dict[str, object]:
    """The film in plain numbers, for a program that does not know Reelstep."""
    fps = profile.fps
    scenes = [
        {
            "start": scene.start_frame / fps,
            "seconds": visible_frames(film.timeline, index) / fps,
            "fade": scene.transition_in.frames / fps,
            "layers": [
                {
                    "path": str(film.sources[layer.source]),
                    "start": layer.motion.start.model_dump(),
                    "end": layer.motion.end.model_dump(),
                }
                for layer in scene.layers
            ],
        }
        for index, scene in enumerate(film.timeline.scenes)
    ]
    return {
        "width": profile.width,
        "height": profile.height,
        "fps": fps,
        "seconds": film.timeline.seconds,
        "scenes": scenes,
        "out": str(folder / "moviepy.mp4"),
    }
