"""Brings samples of a picture to where a frame wants them, to a 32nd of a sample or better.

`cv2.warpAffine` puts any sample anywhere. `cv2.resize` does the same bilinear sampling in half the
time, but knows no offset: its first sample lies half a step into its input. We choose where the
input begins (whole samples) and how much of the output's start is thrown away (whole samples too)
so that the grid falls where it should. Of four dozen such pairs one is nearly always close enough;
where none is (scales close to 1 or to another simple fraction), warpAffine does it.
"""

from __future__ import annotations

import math

import cv2
import numpy as np

from reelstep.media.motion import Matrix
from reelstep.media.planes import PADDING, Plane

SAMPLING = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
TOLERANCE = 1 / 32
"""How far the grid may lie from its place, in source samples: what warpAffine itself rounds to."""
DISCARDED = 48
"""The most samples thrown away at an output's start; times 1.5 samples of source, the padding."""

_STEPS = np.arange(DISCARDED) + 0.5


class Room:
    """Working memory for one thread, large enough for outputs of a frame of this size."""

    def __init__(self, width: int, height: int):
        self.samples = np.empty((width + DISCARDED + 8) * (height + DISCARDED + 8), np.uint8)


def sample_padded(source: Plane, matrix: Matrix, into: Plane, room: Room) -> None:
    """Fill `into` from a plane that has `PADDING` more samples on every side than `matrix` knows.

    `matrix` maps frame samples to source samples and neither turns nor shears.
    """
    height, width = into.shape
    across = grid(matrix[0, 0], matrix[0, 2] + PADDING)
    down = grid(matrix[1, 1], matrix[1, 2] + PADDING)
    if across is not None and down is not None:
        (left, skip_x), (top, skip_y) = across, down
        scale_x, scale_y = 1 / float(matrix[0, 0]), 1 / float(matrix[1, 1])
        right = left + math.ceil((width + skip_x) / scale_x) + 1
        bottom = top + math.ceil((height + skip_y) / scale_y) + 1
        size = (round((bottom - top) * scale_y), round((right - left) * scale_x))
        if (
            min(left, top) >= 0
            and right <= source.shape[1]
            and bottom <= source.shape[0]
            and size[0] * size[1] <= room.samples.size
        ):
            out = cv2.resize(
                source[top:bottom, left:right],
                None,
                dst=room.samples[: size[0] * size[1]].reshape(size),
                fx=scale_x,
                fy=scale_y,
                interpolation=cv2.INTER_LINEAR,
            )
            np.copyto(into, out[skip_y : skip_y + height, skip_x : skip_x + width])
            return
    moved = matrix.copy()
    moved[:, 2] += PADDING
    warp(source, moved, into, cv2.BORDER_REPLICATE)


def grid(step: float, start: float) -> tuple[int, int] | None:
    """Where to begin a resize's input and how many of its outputs to skip; None if none will do.

    Frame sample i wants source sample `start + i * step`. A resize that begins at c puts its
    output i + skip at c + (i + skip + 0.5) * step - 0.5.
    """
    begin = start + 0.5 - step * _STEPS
    away = np.abs(begin - np.rint(begin))
    good = np.flatnonzero(away <= TOLERANCE / 2)
    skip = int(good[0]) if good.size else int(away.argmin())
    return (int(np.rint(begin[skip])), skip) if away[skip] <= TOLERANCE else None


def warp(source: Plane, matrix: Matrix, into: Plane, border: int) -> None:
    """Fill `into` from a plane or from interleaved channels, with the border as OpenCV names it."""
    size = (into.shape[1], into.shape[0])
    cv2.warpAffine(source, matrix, size, dst=into, flags=SAMPLING, borderMode=border)
