"""Where a layer lies in a given frame, and the maps that bring its samples there.

Positions are continuous: (0, 0) is the frame's upper left corner and the centre of the first
pixel is at (0.5, 0.5). Chroma of 4:2:0 video is sited as H.264 and BT.709 have it: level with the
left luma column of its pair, half-way between its two luma rows. Our own half-size source planes
are box averages, so a sample of theirs sits in the middle of its four.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reelstep.media.timeline import Motion, Placement

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Scaling:
    """A placement as an axis-aligned map: frame = offset + source * scale, all in pixels."""

    scale_x: float
    scale_y: float
    offset_x: float
    offset_y: float

    def luma(self) -> Matrix:
        """Frame pixel index → source pixel index, as cv2.warpAffine's inverse map."""
        return _inverse(
            1 / self.scale_x,
            1 / self.scale_y,
            (0.5 - self.offset_x) / self.scale_x - 0.5,
            (0.5 - self.offset_y) / self.scale_y - 0.5,
        )

    def chroma(self) -> Matrix:
        """Frame chroma index → source chroma index, in half-size planes.

        Frame chroma (i, j) lies at (2i + 0.5, 2j + 1); source chroma (i, j) at (2i + 1, 2j + 1).
        """
        return _inverse(
            1 / self.scale_x,
            1 / self.scale_y,
            ((0.5 - self.offset_x) / self.scale_x - 1.0) / 2,
            ((1.0 - self.offset_y) / self.scale_y - 1.0) / 2,
        )


def _inverse(scale_x: float, scale_y: float, offset_x: float, offset_y: float) -> Matrix:
    return np.array([[scale_x, 0.0, offset_x], [0.0, scale_y, offset_y]])


def between(matrix: Matrix, window: tuple[float, float], part: tuple[float, float]) -> Matrix:
    """The same map for a window of the frame and a part of the source, given where each starts."""
    moved = matrix.copy()
    moved[:, 2] += matrix[:, :2] @ np.array(window, dtype=np.float64) - np.array(part)
    return moved


def ease(progress: float, easing: str) -> float:
    """Progress 0..1 of time as progress 0..1 of way."""
    if easing == "linear":
        return progress
    return progress * progress * (3 - 2 * progress)


def placement_at(motion: Motion, frame: int, visible_frames: int) -> Placement:
    """The placement in `frame` of the scene's visible frames: the start in the first, the end in
    the last."""
    way = ease(frame / (visible_frames - 1) if visible_frames > 1 else 0.0, motion.easing)
    start, end = motion.start, motion.end
    return Placement(
        x=start.x + (end.x - start.x) * way,
        y=start.y + (end.y - start.y) * way,
        width=start.width + (end.width - start.width) * way,
        height=start.height + (end.height - start.height) * way,
    )


def scaling(
    placement: Placement, source_size: tuple[int, int], frame_size: tuple[int, int]
) -> Scaling:
    """A placement of an image of `source_size` in a frame of `frame_size`, both (width, height)."""
    return Scaling(
        scale_x=placement.width * frame_size[0] / source_size[0],
        scale_y=placement.height * frame_size[1] / source_size[1],
        offset_x=placement.x * frame_size[0],
        offset_y=placement.y * frame_size[1],
    )
