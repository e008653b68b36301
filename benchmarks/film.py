"""The film that is measured: four painted pictures in motion, a sprite, crossfades, captions."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from reelstep.media.planning import SceneInput, SpeechInput, plan_timeline
from reelstep.media.profiles import Profile
from reelstep.media.timeline import (
    CaptionMode,
    Layer,
    LayerKind,
    Motion,
    Placement,
    Timeline,
    TransitionKind,
)

SCENES = 4
ZOOM = 1.18
WORDS_PER_SECOND = 2.6
WORDS = ("The", "little", "boat", "sails", "home", "over", "a", "calm", "golden", "sea")


@dataclass(frozen=True)
class Film:
    """A timeline and where its pictures are."""

    timeline: Timeline
    sources: dict[str, Path]


def make_film(folder: Path, profile: Profile, seconds: float, *, captions: bool) -> Film:
    """Paint the pictures (the same ones every time) and plan the film."""
    sources = {}
    for index in range(SCENES):
        sources[f"picture-{index}"] = folder / f"picture-{index}.png"
        landscape = _landscape(profile.width * 5 // 4, profile.height * 5 // 4, index)
        cv2.imwrite(str(sources[f"picture-{index}"]), landscape)
    sources["sprite"] = folder / "sprite.png"
    cv2.imwrite(str(sources["sprite"]), _sprite(profile.height * 3 // 4))
    spoken = seconds / SCENES * 0.6
    count = round(spoken * WORDS_PER_SECOND)
    words = tuple(
        (WORDS[n % len(WORDS)], n * spoken / count, (n + 1) * spoken / count) for n in range(count)
    )
    scenes = []
    for index in range(SCENES):
        scenes.append(
            SceneInput(
                number=index + 1,
                intended_seconds=seconds / SCENES,
                layers=_layers(index),
                speech=SpeechInput(source="voice", seconds=spoken, words=words),
            )
        )
    timeline = plan_timeline(
        scenes,
        language="en",
        duration_seconds=seconds,
        profile=profile,
        transition=TransitionKind.CROSSFADE,
        title="The little boat" if captions else None,
        captions=CaptionMode.BURNED if captions else CaptionMode.NONE,
    )
    return Film(timeline, sources)


def _layers(index: int) -> tuple[Layer, ...]:
    far = Placement(x=0, y=0, width=1, height=1)
    near = Placement(x=-0.1, y=-0.06, width=ZOOM, height=ZOOM)
    start, end = (far, near) if index % 2 == 0 else (near, far)
    left = Placement(x=0.62, y=0.3, width=0.28, height=0.75)
    right = Placement(x=0.58, y=0.28, width=0.29, height=0.777)
    return (
        Layer(
            kind=LayerKind.BACKGROUND,
            source=f"picture-{index}",
            motion=Motion(start=start, end=end),
        ),
        Layer(kind=LayerKind.COMPANION, source="sprite", motion=Motion(start=left, end=right)),
    )


def _landscape(width: int, height: int, seed: int) -> NDArray[np.uint8]:
    """A sky, hills with texture, round things with edges: what an encoder meets in a film."""
    random = np.random.default_rng(seed)
    picture: NDArray[np.float32] = np.zeros((height, width, 3), np.float32)
    for octave in range(1, 8):
        cells = random.random((2**octave + 1, 2**octave + 1, 3), dtype=np.float32) - 0.5
        cloud = cv2.resize(cells, (width, height), interpolation=cv2.INTER_CUBIC)
        picture += np.asarray(cloud, np.float32) * (1.6**-octave)
    down = np.linspace(0, 1, height, dtype=np.float32)[:, None, None]
    sky = np.array([0.85, 0.6, 0.35], np.float32) * (1 - down)
    ground = np.array([0.25, 0.5, 0.4], np.float32) * down
    picture = picture * 0.5 + sky + ground
    picture += random.normal(0, 0.006, picture.shape).astype(np.float32)
    image: NDArray[np.uint8] = np.clip(picture * 255, 0, 255).astype(np.uint8)
    for _ in range(40):
        centre = (int(random.integers(0, width)), int(random.integers(height // 2, height)))
        colour = tuple(int(value) for value in random.integers(40, 255, 3))
        radius = int(random.integers(height // 80, height // 12))
        cv2.circle(image, centre, radius, colour, -1, cv2.LINE_AA)
    return image


def _sprite(height: int) -> NDArray[np.uint8]:
    width = height * 2 // 3
    image: NDArray[np.uint8] = np.zeros((height, width, 4), np.uint8)
    centre = (width // 2, height // 3)
    cv2.ellipse(
        image,
        (width // 2, height * 2 // 3),
        (width // 3, height // 3),
        0,
        0,
        360,
        (90, 60, 200, 255),
        -1,
        cv2.LINE_AA,
    )
    cv2.circle(image, centre, width * 2 // 5, (70, 190, 250, 255), -1, cv2.LINE_AA)
    cv2.circle(image, (centre[0] - width // 8, centre[1]), width // 16, (30, 30, 30, 255), -1)
    cv2.circle(image, (centre[0] + width // 8, centre[1]), width // 16, (30, 30, 30, 255), -1)
    return image
