"""Where the camera and the companion are: nothing empty is ever shown."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reelstep.media.timeline import Placement
from reelstep.pipelines.generation import staging


@given(st.integers(1, 40), st.integers(0, 2**32))
def test_the_background_always_covers_the_frame(scene: int, seed: int) -> None:
    motion = staging.background_motion(scene, seed)
    for place in (motion.start, motion.end):
        assert place.x <= 0 <= place.x + place.width - 1
        assert place.y <= 0 <= place.y + place.height - 1
        assert place.width == place.height


@given(st.integers(0, 2**32))
def test_the_picture_is_never_enlarged_and_always_moves(seed: int) -> None:
    for scene in range(1, 7):
        motion = staging.background_motion(scene, seed)
        assert max(motion.start.width, motion.end.width) <= staging.PICTURE_SCALE
        assert motion.start != motion.end


def test_neighbouring_scenes_move_differently() -> None:
    moves = [staging.background_motion(scene, 7) for scene in range(1, 41)]
    assert all(one != other for one, other in pairwise(moves))


@pytest.mark.parametrize("aspect", [16 / 9, 9 / 16, 1.0])
@pytest.mark.parametrize("angle", ["wide", "close", "low", "high", "from the moon"])
@pytest.mark.parametrize("scene", [1, 2])
def test_the_companion_stands_in_the_frame_on_its_side(
    scene: int, angle: str, aspect: float
) -> None:
    motion = staging.companion_motion(scene, angle, sprite_aspect=0.6, frame_aspect=aspect)
    for place in (motion.start, motion.end):
        assert place.x > -0.1
        assert place.x + place.width < 1.1
        assert place.y > 0.05
        assert _aspect_on_screen(place, aspect) == pytest.approx(0.6)
        centre = place.x + place.width / 2
        assert (centre < 0.5) == (staging.companion_side(scene) == "left")
    assert motion.end.height > motion.start.height


def _aspect_on_screen(place: Placement, frame_aspect: float) -> float:
    return place.width * frame_aspect / place.height
