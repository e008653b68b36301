"""How one frame becomes another: transitions and fades, on raw yuv420p frames in place."""

from __future__ import annotations

import cv2
import numpy as np

from reelstep.media.planes import Frame, Plane
from reelstep.media.timeline import TransitionKind

BLACK = (16, 128, 128)
"""Limited-range black in Y', Cb, Cr."""

SOFT_EDGE = 0.06
"""Width of a wipe's edge, as a part of the way it goes."""


def darken(frame: Frame, light: float) -> None:
    """Bring a frame towards black: `light` 1 leaves it, 0 is black."""
    for plane, black in zip(frame.planes, BLACK, strict=True):
        cv2.convertScaleAbs(plane, dst=plane, alpha=light, beta=black * (1 - light))


def mix(kind: TransitionKind, onto: Frame, later: Frame, progress: float) -> None:
    """Bring `onto` from itself to `later`; `progress` is between 0 and 1, both excluded."""
    if kind is TransitionKind.CROSSFADE:
        for ground, plane in zip(onto.planes, later.planes, strict=True):
            cv2.addWeighted(ground, 1 - progress, plane, progress, 0, dst=ground)
    elif kind is TransitionKind.FADE_BLACK:
        if progress > 0.5:
            np.copyto(onto.data, later.data)
        darken(onto, abs(2 * progress - 1))
    else:
        for ground, plane in zip(onto.planes, later.planes, strict=True):
            _wipe(kind, ground, plane, progress)


def _wipe(kind: TransitionKind, ground: Plane, later: Plane, progress: float) -> None:
    """The later picture comes in over a soft edge that moves left, right, up or down."""
    if kind in (TransitionKind.WIPE_UP, TransitionKind.WIPE_DOWN):
        ground, later = ground.T, later.T
    length = ground.shape[1]
    edge = progress * (1 + SOFT_EDGE)
    # 1 where the later picture is all there is, along the way of the edge.
    along = (np.arange(length, dtype=np.float32) + 0.5) / length
    weight = np.clip((edge - along) / SOFT_EDGE, 0, 1)
    if kind in (TransitionKind.WIPE_LEFT, TransitionKind.WIPE_UP):
        weight = weight[::-1]
    whole = np.flatnonzero(weight >= 1)
    part = np.flatnonzero((weight > 0) & (weight < 1))
    if whole.size:
        shown = slice(whole[0], whole[-1] + 1)
        ground[:, shown] = later[:, shown]
    if part.size:
        band = slice(part[0], part[-1] + 1)
        mask = weight[band]
        mixed = ground[:, band] * (1 - mask) + later[:, band] * mask
        ground[:, band] = (mixed + 0.5).astype(np.uint8)
