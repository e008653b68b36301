"""The fast way of sampling puts every sample where the slow one does."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from reelstep.media.planes import PADDING, Plane
from reelstep.media.resample import DISCARDED, TOLERANCE, Room, grid, sample_padded, warp

SIZE = (192, 108)


def texture(width: int, height: int) -> Plane:
    noise = np.random.default_rng(7).integers(0, 256, (height, width), dtype=np.uint8)
    soft = cv2.GaussianBlur(noise, (0, 0), 2)
    return np.asarray(cv2.normalize(soft, None, 0, 255, cv2.NORM_MINMAX), np.uint8)  # type: ignore[call-overload]


def padded(plane: Plane) -> Plane:
    return np.asarray(cv2.copyMakeBorder(plane, *(PADDING,) * 4, cv2.BORDER_REPLICATE), np.uint8)


@given(st.floats(0.4, 1.6), st.floats(-1, 500))
def test_a_grid_lies_where_it_should(step: float, start: float) -> None:
    found = grid(step, start)
    assume(found is not None)
    assert found is not None
    begin, skip = found
    assert 0 <= skip < DISCARDED
    assert begin + (skip + 0.5) * step - 0.5 == pytest.approx(start, abs=TOLERANCE + 1e-9)


def test_most_scales_find_a_grid_and_whole_ones_only_at_whole_starts() -> None:
    steps = np.linspace(1.02, 1.3, 400)
    found = [grid(float(step), 17.37 + step * 3) is not None for step in steps]
    assert sum(found) > 300
    assert grid(1.0, 20.0) is not None
    assert grid(1.0, 20.5) is None


@pytest.mark.parametrize("scale", [0.5, 0.8, 0.8123, 0.97, 1.0, 1.004, 1.31])
@pytest.mark.parametrize("offset", [(0.0, 0.0), (-3.3, -7.81)])
def test_both_ways_give_the_same_picture(scale: float, offset: tuple[float, float]) -> None:
    source = texture(int(SIZE[0] / scale) + 20, int(SIZE[1] / scale) + 20)
    matrix = np.array(
        [
            [1 / scale, 0, (0.5 - offset[0]) / scale - 0.5],
            [0, 1 / scale, (0.5 - offset[1]) / scale - 0.5],
        ]
    )
    fast = np.empty((SIZE[1], SIZE[0]), np.uint8)
    exact = np.empty_like(fast)
    sample_padded(padded(source), matrix, fast, Room(*SIZE))
    warp(source, matrix, exact, cv2.BORDER_REPLICATE)
    difference = np.abs(fast.astype(int) - exact)
    assert difference.max() <= 12
    assert difference.mean() < 1


def test_the_edge_is_repeated_beyond_the_picture() -> None:
    source = texture(100, 60)
    matrix = np.array([[1.1, 0, -4.0], [0, 1.1, -4.0]])
    into = np.empty((SIZE[1], SIZE[0]), np.uint8)
    sample_padded(padded(source), matrix, into, Room(*SIZE))
    assert into[0, 0] == source[0, 0]
    assert into[-1, -1] == source[-1, -1]
