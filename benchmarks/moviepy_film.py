"""Makes the film that a JSON file describes with MoviePy 2, the way its documentation does it.

Run by MoviePy's own environment: `python moviepy_film.py film.json`.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from moviepy import CompositeVideoClip, ImageClip, vfx


def along(layer: dict[str, Any], name: str, seconds: float) -> Callable[[float], float]:
    """The eased value of x, y, width or height at a time."""
    first, last = layer["start"][name], layer["end"][name]

    def value(at: float) -> float:
        progress = min(1.0, max(0.0, at / seconds))
        return float(first + (last - first) * progress * progress * (3 - 2 * progress))

    return value


def placed(layer: dict[str, Any], film: dict[str, Any], seconds: float) -> Any:
    """A picture that moves and grows as the layer says."""
    x, y, width, height = (along(layer, name, seconds) for name in ("x", "y", "width", "height"))
    size = (film["width"], film["height"])
    picture = ImageClip(layer["path"], duration=seconds)
    return picture.resized(
        lambda at: (round(width(at) * size[0]), round(height(at) * size[1]))
    ).with_position(lambda at: (x(at) * size[0], y(at) * size[1]))


def main() -> None:
    film = json.loads(Path(sys.argv[1]).read_text())
    size = (film["width"], film["height"])
    scenes = []
    for scene in film["scenes"]:
        layers = [placed(layer, film, scene["seconds"]) for layer in scene["layers"]]
        clip = CompositeVideoClip(layers, size=size).with_duration(scene["seconds"])
        if scene["fade"]:
            clip = clip.with_effects([vfx.CrossFadeIn(scene["fade"])])
        scenes.append(clip.with_start(scene["start"]))
    whole = CompositeVideoClip(scenes, size=size).with_duration(film["seconds"])
    whole.write_videofile(
        film["out"],
        fps=film["fps"],
        codec="libx264",
        preset="veryfast",
        audio=False,
        threads=os.cpu_count(),
        ffmpeg_params=["-crf", "23", "-pix_fmt", "yuv420p"],
        logger=None,
    )


if __name__ == "__main__":
    main()
