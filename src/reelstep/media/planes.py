"""Pictures as planes: 8-bit YUV 4:2:0 in BT.709's limited range, with alpha where there is any.

Planes with alpha are premultiplied (offsets of luma and chroma included), so that resampling
leaves no fringe and blending is `plane + ground * (1 - alpha)`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from reelstep.platform.errors import MediaUnreadable

Plane = NDArray[np.uint8]

MINIFICATION_LIMIT = 1.5
"""Source pixels per frame pixel beyond which bilinear sampling would shimmer."""

PADDING = 80
"""Samples around a background's planes that repeat its edge: room for `resample` to begin in."""

KEPT_DETAIL = 1.1
"""Source pixels per frame pixel after prefiltering, at the layer's largest size."""

_KR, _KB = 0.2126, 0.0722
_KG = 1 - _KR - _KB
_LUMA = np.array([_KB, _KG, _KR]) * 219 / 255
_BLUE = np.array([1 - _KB, -_KG, -_KR]) / (2 * (1 - _KB)) * 224 / 255
_RED = np.array([-_KB, -_KG, 1 - _KR]) / (2 * (1 - _KR)) * 224 / 255
BGR_TO_YUV = np.array([[*_LUMA, 16.0], [*_BLUE, 128.0], [*_RED, 128.0]])
"""Full-range BGR to limited-range Y'CbCr (ITU-R BT.709-6, items 3.2 to 3.5), offsets last."""


@dataclass(frozen=True)
class Frame:
    """One raw yuv420p frame: `data` is what ffmpeg reads, the planes are views into it."""

    data: Plane
    y: Plane
    u: Plane
    v: Plane

    @classmethod
    def empty(cls, width: int, height: int) -> Frame:
        """An uninitialised frame; both sizes must be even."""
        luma, chroma = width * height, width * height // 4
        data = np.empty(luma + 2 * chroma, np.uint8)
        half = (height // 2, width // 2)
        return cls(
            data=data,
            y=data[:luma].reshape(height, width),
            u=data[luma : luma + chroma].reshape(half),
            v=data[luma + chroma :].reshape(half),
        )

    @property
    def planes(self) -> tuple[Plane, Plane, Plane]:
        return self.y, self.u, self.v


@dataclass(frozen=True)
class Background:
    """An opaque picture, ready to be sampled: planes with `PADDING` more samples on every side.

    `size` is (width, height) of the picture itself.
    """

    size: tuple[int, int]
    y: Plane
    u: Plane
    v: Plane


@dataclass(frozen=True)
class Sprite:
    """A picture with alpha, ready to be sampled, without its transparent margins.

    `size` is (width, height) of the whole image, `origin` (even) where the part that we keep
    starts in it. `luma` is (h, w, 4): luma, alpha; `chroma` (h/2, w/2, 4): Cb, Cr, alpha. OpenCV
    resamples four channels in little more than the time of one.
    """

    size: tuple[int, int]
    origin: tuple[int, int]
    luma: Plane
    chroma: Plane


Picture = Background | Sprite


def load_picture(path: Path, *, opaque: bool, shown: tuple[float, float]) -> Picture:
    """Decode an image file once, shrunk if it would be shown much smaller than it is.

    `shown` is the largest size in frame pixels at which it will appear. Raises MediaUnreadable.
    """
    data = np.fromfile(path, np.uint8)
    image = cv2.imdecode(data, cv2.IMREAD_UNCHANGED) if data.size else None
    if image is None:
        raise MediaUnreadable("A layer's picture could not be read", detail=str(path))
    return to_picture(np.asarray(image), opaque=opaque, shown=shown)


def to_picture(image: NDArray[np.generic], *, opaque: bool, shown: tuple[float, float]) -> Picture:
    """Planes of an 8- or 16-bit grey, BGR or BGRA array of shape (height, width[, channels]).

    What lies behind a transparent pixel of an `opaque` picture is black.
    """
    pixels = _eight_bit(image)
    if pixels.ndim == 2 or pixels.shape[2] == 1:
        pixels = _u8(cv2.cvtColor(pixels, cv2.COLOR_GRAY2BGR))
    if pixels.shape[2] == 4:
        pixels = _premultiplied(pixels)
    elif not opaque:
        pixels = _u8(cv2.cvtColor(pixels, cv2.COLOR_BGR2BGRA))
    if opaque:
        pixels = np.ascontiguousarray(pixels[..., :3])
    pixels = _prefiltered(pixels, shown)
    size = (pixels.shape[1], pixels.shape[0])
    origin = (0, 0)
    if not opaque:
        pixels, origin = _without_margins(pixels)
    height, width = pixels.shape[:2]
    if width % 2 or height % 2:
        border = cv2.BORDER_REPLICATE if opaque else cv2.BORDER_CONSTANT
        pixels = _u8(
            cv2.copyMakeBorder(pixels, 0, height % 2, 0, width % 2, border, value=(0,) * 4)
        )
    if opaque:
        y, u, v = (_u8(plane) for plane in cv2.split(cv2.transform(pixels, BGR_TO_YUV)))
        return Background(size, _padded(y), _padded(_halved(u)), _padded(_halved(v)))
    # The offsets weigh as much as the pixel does: alpha takes the place of the constant.
    weighed = cv2.transform(pixels, BGR_TO_YUV / np.array([1.0, 1.0, 1.0, 255.0]))
    y, u, v = (_u8(plane) for plane in cv2.split(weighed))
    alpha = _u8(cv2.extractChannel(pixels, 3))
    unused = np.zeros_like(alpha)
    return Sprite(
        size,
        origin,
        luma=_u8(cv2.merge([y, alpha, unused, unused])),
        chroma=_halved(_u8(cv2.merge([u, v, alpha, unused]))),
    )


def _padded(plane: Plane) -> Plane:
    return _u8(cv2.copyMakeBorder(plane, *(PADDING,) * 4, cv2.BORDER_REPLICATE))


def _without_margins(pixels: Plane) -> tuple[Plane, tuple[int, int]]:
    """The part of a BGRA image that is not wholly transparent, and where it starts."""
    left, top, width, height = cv2.boundingRect(cv2.extractChannel(pixels, 3))
    if not width or not height:
        return np.ascontiguousarray(pixels[:2, :2]), (0, 0)
    left, top, right, bottom = left & ~1, top & ~1, left + width, top + height
    return np.ascontiguousarray(pixels[top:bottom, left:right]), (left, top)


def _eight_bit(image: NDArray[np.generic]) -> Plane:
    if image.dtype == np.uint16:
        return _u8(cv2.convertScaleAbs(np.asarray(image, np.uint16), alpha=1 / 257))
    if image.dtype != np.uint8:
        raise MediaUnreadable("A layer's picture has neither 8 nor 16 bits a channel")
    return np.asarray(image, np.uint8)


def _premultiplied(pixels: Plane) -> Plane:
    alpha = pixels[..., 3]
    weights = _u8(cv2.merge([alpha, alpha, alpha]))
    colour = cv2.multiply(np.ascontiguousarray(pixels[..., :3]), weights, scale=1 / 255)
    return _u8(cv2.merge([*cv2.split(colour), np.ascontiguousarray(alpha)]))


def _prefiltered(pixels: Plane, shown: tuple[float, float]) -> Plane:
    height, width = pixels.shape[:2]
    if max(width / shown[0], height / shown[1]) <= MINIFICATION_LIMIT:
        return pixels
    size = (
        min(width, max(2, math.ceil(shown[0] * KEPT_DETAIL))),
        min(height, max(2, math.ceil(shown[1] * KEPT_DETAIL))),
    )
    return _u8(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA))


def _halved(plane: Plane) -> Plane:
    size = (plane.shape[1] // 2, plane.shape[0] // 2)
    return _u8(cv2.resize(plane, size, interpolation=cv2.INTER_AREA))


def _u8(array: object) -> Plane:
    return np.asarray(array, np.uint8)
