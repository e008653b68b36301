"""The picture being painted: float32 RGB, with the few ways of putting light and colour on it.

Positions are fractions of the frame (`fx`, `fy`); sizes are in `unit`s, a length that suits both
wide and tall frames, so that a composition does not depend on the resolution.
"""

from __future__ import annotations

import cv2
import numpy as np

from reelstep.providers.offline.illustrator.colour import RGB
from reelstep.providers.offline.illustrator.noise import Array


def triple(plane: Array) -> Array:
    """One plane repeated in three channels, for OpenCV's fast elementwise operations."""
    return cv2.merge((plane, plane, plane))


class Canvas:
    """`picture` is (height, width, 3) float32, display-referred, 0..1 and above for glow."""

    def __init__(self, width: int, height: int):
        self.width = width
        self.height = height
        self.picture: Array = np.zeros((height, width, 3), np.float32)

    @property
    def unit(self) -> float:
        """Pixels per unit of size."""
        return min(float(self.height), 0.75 * self.width)

    @property
    def size(self) -> tuple[int, int]:
        """(width, height), as OpenCV wants it."""
        return self.width, self.height

    @property
    def shape(self) -> tuple[int, int]:
        """(height, width), as numpy wants it."""
        return self.height, self.width

    def small(self, longest: int) -> tuple[int, int]:
        """(height, width) of a reduced field of the same aspect for what is soft anyway."""
        part = min(1.0, longest / max(self.width, self.height))
        return max(8, round(self.height * part)), max(8, round(self.width * part))

    def spread(self, field: Array) -> Array:
        """A reduced field enlarged to the frame, without edges of its own."""
        return cv2.resize(field, self.size, interpolation=cv2.INTER_CUBIC)

    def _clip(self, x: int, y: int, w: int, h: int) -> tuple[slice, slice, slice, slice] | None:
        x0, y0, x1, y1 = max(x, 0), max(y, 0), min(x + w, self.width), min(y + h, self.height)
        if x0 >= x1 or y0 >= y1:
            return None
        return slice(y0, y1), slice(x0, x1), slice(y0 - y, y1 - y), slice(x0 - x, x1 - x)

    def over(self, rgba: Array, x: int = 0, y: int = 0, opacity: float = 1.0) -> None:
        """Lays premultiplied RGBA (float32) on the picture with its top left corner at pixels."""
        part = self._clip(x, y, rgba.shape[1], rgba.shape[0])
        if part is None:
            return
        rows, columns, from_rows, from_columns = part
        source = np.ascontiguousarray(rgba[from_rows, from_columns])
        keep = 1.0 - source[..., 3] * opacity
        target = cv2.multiply(self.picture[rows, columns], triple(keep))
        cv2.scaleAdd(cv2.cvtColor(source, cv2.COLOR_RGBA2RGB), opacity, target, target)
        self.picture[rows, columns] = target

    def cover(self, colour: Array, mask: Array, x: int = 0, y: int = 0) -> None:
        """Lays an opaque picture (h, w, 3) on this one where `mask` (h, w) is 1."""
        part = self._clip(x, y, mask.shape[1], mask.shape[0])
        if part is None:
            return
        rows, columns, from_rows, from_columns = part
        alpha = np.ascontiguousarray(mask[from_rows, from_columns], dtype=np.float32)
        source = np.ascontiguousarray(colour[from_rows, from_columns], dtype=np.float32)
        target = np.ascontiguousarray(self.picture[rows, columns])
        source -= target
        cv2.multiply(source, triple(alpha), source)
        self.picture[rows, columns] = target + source

    def wash(self, colour: RGB, mask: Array, x: int = 0, y: int = 0) -> None:
        """One flat colour through a mask."""
        part = self._clip(x, y, mask.shape[1], mask.shape[0])
        if part is None:
            return
        rows, columns, from_rows, from_columns = part
        alpha = np.ascontiguousarray(mask[from_rows, from_columns], dtype=np.float32)
        target = self.picture[rows, columns]
        flat = cv2.merge([alpha * channel for channel in colour])
        self.picture[rows, columns] = cv2.multiply(target, triple(1.0 - alpha)) + flat

    def veil(self, colour: RGB, field: Array) -> None:
        """A flat colour through a reduced field of the frame; rows where it is nil cost nothing."""
        rows = np.flatnonzero(field.max(axis=1) > 0.004)
        if rows.size == 0:
            return
        step = self.height / field.shape[0]
        first, last = int(rows[0] * step), min(self.height, int((rows[-1] + 1) * step) + 1)
        self.wash(colour, np.clip(self.spread(field)[first:last], 0, 1), 0, first)

    def light(self, colour: RGB, field: Array, x: int = 0, y: int = 0) -> None:
        """Adds light of one colour, as strong as `field` (a screen: it never clips hard)."""
        part = self._clip(x, y, field.shape[1], field.shape[0])
        if part is None:
            return
        rows, columns, from_rows, from_columns = part
        strength = np.ascontiguousarray(field[from_rows, from_columns], dtype=np.float32)
        target = self.picture[rows, columns]
        added = cv2.merge([strength * channel for channel in colour])
        room = np.maximum(1.15 - target, 0.12)
        self.picture[rows, columns] = target + cv2.multiply(added, room)

    def glow(
        self,
        fx: float,
        fy: float,
        radius: float,
        colour: RGB,
        strength: float = 1.0,
        power: float = 2.2,
    ) -> None:
        """A round glow; `radius` in units reaches to where it has faded out."""
        reach = radius * self.unit
        if reach < 1 or strength <= 0:
            return
        side = min(192, max(8, int(reach)))
        axis = np.linspace(-1, 1, side, dtype=np.float32)
        distance = np.sqrt(axis[:, None] ** 2 + axis[None, :] ** 2)
        field = np.clip(1.0 - distance, 0, 1) ** power * strength
        pixels = max(2, int(2 * reach))
        x, y = round(fx * self.width - reach), round(fy * self.height - reach)
        # Enlarge only what is seen: a sun's glow may be wider than the frame.
        x0, y0 = max(x, 0), max(y, 0)
        x1, y1 = min(x + pixels, self.width), min(y + pixels, self.height)
        if x0 >= x1 or y0 >= y1:
            return
        ratio = side / pixels
        matrix = np.array([[ratio, 0, (x0 - x) * ratio], [0, ratio, (y0 - y) * ratio]], np.float32)
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        patch = cv2.warpAffine(field, matrix, (x1 - x0, y1 - y0), flags=flags)
        self.light(colour, patch, x0, y0)

    def darken(self, field: Array, tint: RGB = (0.0, 0.0, 0.0)) -> None:
        """Multiplies towards `tint` where `field` (h, w) is 1."""
        keep = cv2.merge([1.0 - field * (1.0 - channel) for channel in tint])
        cv2.multiply(self.picture, keep, self.picture)

    def grow(self, width: int, height: int) -> None:
        """Enlarges what is painted so far, when the far parts were painted on a smaller canvas."""
        if (width, height) != self.size:
            self.picture = cv2.resize(self.picture, (width, height), interpolation=cv2.INTER_CUBIC)
            self.width, self.height = width, height
