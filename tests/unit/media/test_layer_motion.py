"""Where a feature of a picture is seen, measured in drawn frames."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reelstep.media.frames import FrameMaker
from reelstep.media.motion import ease, placement_at, scaling
from reelstep.media.planes import Frame
from reelstep.media.timeline import (
    Layer,
    LayerKind,
    Motion,
    Placement,
    Timeline,
    TimelineScene,
)

SIZE = (320, 180)
TOLERANCE = 0.1


def blob(size: tuple[int, int], at: tuple[float, float], spread: float) -> np.ndarray:
    """A bright soft spot on black whose centre is at a continuous position of the image."""
    x = np.arange(size[0]) + 0.5 - at[0]
    y = np.arange(size[1]) + 0.5 - at[1]
    bell = np.exp(-(x[None, :] ** 2 + y[:, None] ** 2) / (2 * spread * spread))
    return np.repeat((bell * 255).round().astype(np.uint8)[..., None], 3, axis=2)


def centre(plane: np.ndarray, black: float) -> tuple[float, float]:
    """The centre of what is brighter than black, in continuous plane coordinates."""
    weight = np.clip(plane.astype(np.float64) - black - 3, 0, None)
    total = weight.sum()
    x = (weight.sum(axis=0) * (np.arange(plane.shape[1]) + 0.5)).sum() / total
    y = (weight.sum(axis=1) * (np.arange(plane.shape[0]) + 0.5)).sum() / total
    return float(x), float(y)


def one_scene(layers: tuple[Layer, ...], frames: int) -> Timeline:
    return Timeline(
        language="en",
        width=SIZE[0],
        height=SIZE[1],
        fps=30,
        frame_count=frames,
        scenes=(TimelineScene(number=1, start_frame=0, frame_count=frames, layers=layers),),
    )


def drawn(timeline: Timeline, sources: dict[str, Path]) -> list[Frame]:
    maker = FrameMaker(timeline, 0, timeline.frame_count, sources, SIZE)
    frames = []
    scratch = maker.scratch()
    for number in range(timeline.frame_count):
        frame = Frame.empty(*SIZE)
        maker.draw(number, frame, scratch)
        frames.append(frame)
    return frames


MOVES = {
    "slow zoom": (
        Placement(x=0, y=0, width=1, height=1),
        Placement(x=-0.03, y=-0.02, width=1.05, height=1.05),
    ),
    "slow pan": (
        Placement(x=-0.10, y=-0.1, width=1.25, height=1.25),
        Placement(x=-0.125, y=-0.12, width=1.25, height=1.25),
    ),
    "zoom out": (
        Placement(x=-0.4, y=-0.4, width=1.8, height=1.8),
        Placement(x=0, y=0, width=1, height=1),
    ),
}


@pytest.mark.parametrize("easing", ["linear", "ease"])
@pytest.mark.parametrize("move", MOVES)
@pytest.mark.parametrize("source_size", [(400, 225), (1601, 901)])
def test_a_feature_of_the_background_stays_within_a_tenth_of_a_pixel_of_its_path(
    tmp_path: Path, move: str, easing: str, source_size: tuple[int, int]
) -> None:
    at = (source_size[0] * 0.55, source_size[1] * 0.48)
    image = blob(source_size, at, source_size[0] / 60)
    cv2.imwrite(str(tmp_path / "p.png"), image)
    start, end = MOVES[move]
    motion = Motion(start=start, end=end, easing=easing)
    layer = Layer(kind=LayerKind.BACKGROUND, source="p", motion=motion)
    frames = drawn(one_scene((layer,), 30), {"p": tmp_path / "p.png"})
    for number, frame in enumerate(frames):
        where = scaling(placement_at(motion, number, 30), source_size, SIZE)
        ideal = (where.offset_x + at[0] * where.scale_x, where.offset_y + at[1] * where.scale_y)
        assert centre(frame.y, 16) == pytest.approx(ideal, abs=TOLERANCE)


def test_a_sprite_follows_its_path_over_the_background(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "black.png"), np.zeros((180, 320, 3), np.uint8))
    spot = blob((120, 120), (60, 60), 9)
    cv2.imwrite(str(tmp_path / "sprite.png"), np.dstack([np.full_like(spot, 255), spot[..., :1]]))
    still = Placement(x=0, y=0, width=1, height=1)
    motion = Motion(
        start=Placement(x=0.1, y=0.2, width=0.375, height=0.667),
        end=Placement(x=0.3, y=0.25, width=0.39, height=0.693),
        easing="linear",
    )
    layers = (
        Layer(kind=LayerKind.BACKGROUND, source="b", motion=Motion(start=still, end=still)),
        Layer(kind=LayerKind.COMPANION, source="s", motion=motion),
    )
    sources = {"b": tmp_path / "black.png", "s": tmp_path / "sprite.png"}
    for number, frame in enumerate(drawn(one_scene(layers, 30), sources)):
        where = scaling(placement_at(motion, number, 30), (120, 120), SIZE)
        ideal = (where.offset_x + 60 * where.scale_x, where.offset_y + 60 * where.scale_y)
        assert centre(frame.y, 16) == pytest.approx(ideal, abs=TOLERANCE)


@pytest.mark.parametrize("kind", [LayerKind.BACKGROUND, LayerKind.ELEMENT])
def test_colour_lies_where_light_does_with_the_siting_of_h264(
    tmp_path: Path, kind: LayerKind
) -> None:
    spot = blob((400, 225), (211, 102), 8)
    spot[..., :2] = 0  # red: luma and Cr rise together
    cv2.imwrite(str(tmp_path / "p.png"), spot)
    cv2.imwrite(str(tmp_path / "black.png"), np.zeros((180, 320, 3), np.uint8))
    full = Placement(x=0, y=0, width=1, height=1)
    still = Motion(start=full, end=full)
    layers = (
        Layer(kind=LayerKind.BACKGROUND, source="black", motion=still),
        Layer(kind=kind, source="p", motion=still),
    )
    sources = {"p": tmp_path / "p.png", "black": tmp_path / "black.png"}
    (frame,) = drawn(one_scene(layers, 1), sources)
    luma_x, luma_y = centre(frame.y, 16)
    red_x, red_y = centre(frame.v, 128)
    # A chroma sample i is at 2i + 0.5 across and 2j + 1 down, where luma counts from 0.
    assert ((red_x - 0.5) * 2 + 0.5, red_y * 2) == pytest.approx((luma_x, luma_y), abs=0.15)


def test_the_first_and_last_frames_are_the_ends_of_the_move() -> None:
    start, end = MOVES["slow zoom"]
    motion = Motion(start=start, end=end)
    assert placement_at(motion, 0, 90) == start
    last = placement_at(motion, 89, 90)
    assert (last.x, last.y, last.width) == pytest.approx((end.x, end.y, end.width))
    assert placement_at(motion, 0, 1) == start


@given(st.floats(0, 1), st.floats(0, 1))
def test_easing_never_goes_back(a: float, b: float) -> None:
    early, late = sorted((a, b))
    assert ease(early, "ease") <= ease(late, "ease")
    assert (ease(0, "ease"), ease(1, "ease"), ease(early, "linear")) == (0, 1, early)
