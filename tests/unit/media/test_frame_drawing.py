"""Colours, blending, transitions and fades, in the planes themselves."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from reelstep.media.blend import darken, mix
from reelstep.media.frames import FrameMaker
from reelstep.media.planes import PADDING, Background, Frame, Sprite, load_picture, to_picture
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
from reelstep.media.visibility import film_light, scenes_seen
from reelstep.platform.errors import ArtifactMissing, MediaUnreadable

SIZE = (64, 36)
FULL = Placement(x=0, y=0, width=1, height=1)
STILL = Motion(start=FULL, end=FULL)


def flat(path: Path, bgr: tuple[int, ...], size: tuple[int, int] = SIZE) -> Path:
    image = np.full((size[1], size[0], len(bgr)), bgr, np.uint8)
    cv2.imwrite(str(path), image)
    return path


def film(sources: list[str], transition: Transition, frames: int = 10, **more: int) -> Timeline:
    scenes = tuple(
        TimelineScene(
            number=index + 1,
            start_frame=index * frames,
            frame_count=frames,
            layers=(Layer(kind=LayerKind.BACKGROUND, source=source, motion=STILL),),
            transition_in=transition if index else Transition(),
        )
        for index, source in enumerate(sources)
    )
    return Timeline(
        language="en",
        width=SIZE[0],
        height=SIZE[1],
        fps=30,
        frame_count=frames * len(sources),
        scenes=scenes,
        **more,
    )


def draw(timeline: Timeline, sources: dict[str, Path], number: int) -> Frame:
    maker = FrameMaker(timeline, number, 1, sources, SIZE)
    frame = Frame.empty(*SIZE)
    maker.draw(number, frame, maker.scratch())
    return frame


@pytest.mark.parametrize(
    ("bgr", "yuv"),
    [
        # ITU-R BT.709 colour bars, 8 bits, limited range.
        ((255, 255, 255), (235, 128, 128)),
        ((0, 0, 0), (16, 128, 128)),
        ((0, 0, 255), (63, 102, 240)),
        ((0, 255, 0), (173, 42, 26)),
        ((255, 0, 0), (32, 240, 118)),
    ],
)
def test_colours_become_bt709_limited_range(
    bgr: tuple[int, int, int], yuv: tuple[int, int, int]
) -> None:
    picture = to_picture(np.full((8, 8, 3), bgr, np.uint8), opaque=True, shown=(8, 8))
    assert isinstance(picture, Background)
    middle = (PADDING + 2, PADDING + 2)
    assert (picture.y[middle], picture.u[middle], picture.v[middle]) == yuv


@pytest.mark.parametrize("shape", [(9, 7), (9, 7, 1), (9, 7, 3), (9, 7, 4)])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_any_kind_of_png_is_read(
    tmp_path: Path, shape: tuple[int, ...], dtype: type[np.generic]
) -> None:
    white = np.full(shape, np.iinfo(dtype).max, dtype)
    cv2.imwrite(str(tmp_path / "p.png"), white)
    ground = load_picture(tmp_path / "p.png", opaque=True, shown=(9, 9))
    assert isinstance(ground, Background)
    assert (ground.size, ground.y[PADDING + 8, PADDING + 6]) == ((7, 9), 235)
    sprite = load_picture(tmp_path / "p.png", opaque=False, shown=(9, 9))
    assert isinstance(sprite, Sprite)
    assert (sprite.size, sprite.luma[8, 6].tolist()) == ((7, 9), [235, 255, 0, 0])


def test_transparent_margins_are_not_kept() -> None:
    image = np.zeros((40, 60, 4), np.uint8)
    image[11:30, 21:45] = 255
    sprite = to_picture(image, opaque=False, shown=(60, 40))
    assert isinstance(sprite, Sprite)
    assert (sprite.size, sprite.origin) == ((60, 40), (20, 10))
    assert sprite.luma.shape[:2] == (20, 26)
    nothing = to_picture(image * 0, opaque=False, shown=(60, 40))
    assert isinstance(nothing, Sprite)
    assert nothing.luma.max() == 0


@pytest.mark.parametrize("content", [b"", b"not a picture"])
def test_a_broken_picture_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "p.png").write_bytes(content)
    with pytest.raises(MediaUnreadable) as caught:
        load_picture(tmp_path / "p.png", opaque=True, shown=(9, 9))
    assert "p.png" in (caught.value.detail or "")


def test_a_missing_picture_is_named() -> None:
    with pytest.raises(ArtifactMissing) as caught:
        draw(film(["gone"], Transition()), {}, 0)
    assert caught.value.detail == "gone"


def test_a_half_transparent_layer_is_half_of_each(tmp_path: Path) -> None:
    sources = {
        "black": flat(tmp_path / "black.png", (0, 0, 0)),
        "white": flat(tmp_path / "white.png", (255, 255, 255, 128), (20, 20)),
    }
    middle = Placement(x=0.25, y=0.25, width=0.5, height=0.5)
    layers = (
        Layer(kind=LayerKind.BACKGROUND, source="black", motion=STILL),
        Layer(kind=LayerKind.ELEMENT, source="white", motion=Motion(start=middle, end=middle)),
    )
    plain = film(["black"], Transition())
    scene = plain.scenes[0].model_copy(update={"layers": layers})
    frame = draw(plain.model_copy(update={"scenes": (scene,)}), sources, 0)
    assert frame.y[18, 32] == pytest.approx(16 + 219 * 128 / 255, abs=1.5)
    assert frame.u[9, 16] == pytest.approx(128, abs=1)
    assert (frame.y[2, 2], frame.u[1, 1]) == (16, 128)


def test_what_is_hidden_in_transparent_pixels_never_shows(tmp_path: Path) -> None:
    """Red under alpha 0 must not fringe the edge of a white square on white."""
    square = np.zeros((40, 40, 4), np.uint8)
    square[...] = (0, 0, 255, 0)
    square[10:30, 10:30] = (255, 255, 255, 255)
    cv2.imwrite(str(tmp_path / "square.png"), square)
    sources = {
        "white": flat(tmp_path / "white.png", (255, 255, 255)),
        "square": tmp_path / "square.png",
    }
    place = Placement(x=0.203, y=0.117, width=0.41, height=0.73)
    layers = (
        Layer(kind=LayerKind.BACKGROUND, source="white", motion=STILL),
        Layer(kind=LayerKind.ELEMENT, source="square", motion=Motion(start=place, end=place)),
    )
    plain = film(["white"], Transition())
    scene = plain.scenes[0].model_copy(update={"layers": layers})
    frame = draw(plain.model_copy(update={"scenes": (scene,)}), sources, 0)
    assert int(frame.y.min()) >= 233
    assert int(frame.v.max()) <= 130


@pytest.mark.parametrize("x", [-2.0, -0.5, 0.7, 1.5])
def test_a_sprite_may_leave_the_frame(tmp_path: Path, x: float) -> None:
    sources = {
        "black": flat(tmp_path / "black.png", (0, 0, 0)),
        "white": flat(tmp_path / "white.png", (255, 255, 255, 255), (31, 17)),
    }
    place = Placement(x=x, y=0.3, width=0.8, height=2.1)
    layers = (
        Layer(kind=LayerKind.BACKGROUND, source="black", motion=STILL),
        Layer(kind=LayerKind.ELEMENT, source="white", motion=Motion(start=place, end=place)),
    )
    plain = film(["black"], Transition())
    scene = plain.scenes[0].model_copy(update={"layers": layers})
    frame = draw(plain.model_copy(update={"scenes": (scene,)}), sources, 0)
    left, right = (round(min(max(edge, 0), 1) * SIZE[0]) for edge in (x, x + 0.8))
    inside = frame.y[20, left + 2 : max(left, right - 2)]
    outside = np.concatenate([frame.y[20, : max(0, left - 2)], frame.y[20, right + 2 :]])
    assert set(np.unique(inside)) <= {235}
    assert set(np.unique(outside)) <= {16}


def test_a_crossfade_goes_evenly_from_one_scene_to_the_next(tmp_path: Path) -> None:
    sources = {
        "black": flat(tmp_path / "black.png", (0, 0, 0)),
        "white": flat(tmp_path / "white.png", (255, 255, 255)),
    }
    fade = Transition(kind=TransitionKind.CROSSFADE, frames=4)
    timeline = film(["black", "white"], fade)
    levels = [int(draw(timeline, sources, number).y[0, 0]) for number in range(8, 16)]
    assert levels == pytest.approx([16, 16, 60, 104, 147, 191, 235, 235], abs=1)


def test_a_fade_through_black_is_dark_in_its_middle(tmp_path: Path) -> None:
    sources = {"white": flat(tmp_path / "white.png", (255, 255, 255))}
    fade = Transition(kind=TransitionKind.FADE_BLACK, frames=5)
    timeline = film(["white", "white"], fade)
    levels = [int(draw(timeline, sources, number).y[0, 0]) for number in range(9, 16)]
    assert levels[0] == levels[-1] == 235
    assert levels[3] == 16
    assert levels[:4] == sorted(levels[:4], reverse=True)
    assert levels[3:] == sorted(levels[3:])


@pytest.mark.parametrize(
    ("kind", "new_side"),
    [
        (TransitionKind.WIPE_LEFT, (slice(None), slice(-8, None))),
        (TransitionKind.WIPE_RIGHT, (slice(None), slice(0, 8))),
        (TransitionKind.WIPE_UP, (slice(-6, None), slice(None))),
        (TransitionKind.WIPE_DOWN, (slice(0, 6), slice(None))),
    ],
)
def test_a_wipe_brings_the_new_scene_in_from_the_side_it_leaves(
    kind: TransitionKind, new_side: tuple[slice, slice]
) -> None:
    old, new = Frame.empty(*SIZE), Frame.empty(*SIZE)
    old.data[:] = 50
    new.data[:] = 200
    mix(kind, old, new, 0.5)
    assert (old.y[new_side] == 200).all()
    assert (old.y == 200).mean() == pytest.approx(0.5, abs=0.06)
    assert (old.y == 50).mean() == pytest.approx(0.5, abs=0.06)
    assert (old.u == 200).mean() == pytest.approx(0.5, abs=0.06)


@pytest.mark.parametrize("kind", [k for k in TransitionKind if k.value.startswith("wipe")])
def test_a_wipe_leaves_nothing_of_the_old_scene_at_its_end(kind: TransitionKind) -> None:
    old, new = Frame.empty(*SIZE), Frame.empty(*SIZE)
    old.data[:] = 50
    new.data[:] = 200
    mix(kind, old, new, 0.999999)
    assert old.data.min() >= 199


def test_darkness_is_black_and_not_green() -> None:
    frame = Frame.empty(*SIZE)
    frame.y[:], frame.u[:], frame.v[:] = 200, 60, 190
    darken(frame, 0)
    assert (frame.y[0, 0], frame.u[0, 0], frame.v[0, 0]) == (16, 128, 128)


def test_a_film_comes_from_black_and_ends_in_it(tmp_path: Path) -> None:
    sources = {"white": flat(tmp_path / "white.png", (255, 255, 255))}
    timeline = film(["white"], Transition(), 20, fade_in_frames=4, fade_out_frames=5)
    levels = [int(draw(timeline, sources, number).y[0, 0]) for number in range(20)]
    assert levels[:6] == pytest.approx([60, 104, 147, 191, 235, 235], abs=1)
    assert levels[13:] == pytest.approx([235, 235, 191, 147, 104, 60, 16], abs=1)
    assert [film_light(timeline, number) for number in (0, 10, 19)] == [0.2, 1.0, 0.0]


def test_a_scene_is_seen_until_the_transition_after_it_is_over() -> None:
    timeline = film(["a", "b", "c"], Transition(kind=TransitionKind.CROSSFADE, frames=4))
    assert scenes_seen(timeline, 0, 10) == (0,)
    assert scenes_seen(timeline, 10, 4) == (0, 1)
    assert scenes_seen(timeline, 14, 6) == (1,)
    assert scenes_seen(timeline, 13, 8) == (0, 1, 2)
