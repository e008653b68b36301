"""An avatar as it stands in a scene: cut out when it is transparent, else a framed medallion.

Pure: PNG in, PNG out. The look follows the film's visual style and the hour of the scene.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from reelstep.platform.errors import MediaUnreadable

VERSION = 1
"""Raise it when the same avatar would now look different."""

MEDALLION_SEEN = (0.08, 0.92)
"""Where the disc begins and ends in its square picture; the rest is room for its shadow."""

_HIDDEN = 0.004
"""Share of pixels that must be see-through for an avatar to count as cut out."""

_FACE = 0.3
"""Where a tall photo is cropped: portraits have the face above the middle."""

_LUMA = (0.2126, 0.7152, 0.0722)
"""Weights of RGB in luma (ITU-R BT.709)."""

Pixels = NDArray[np.float32]


@dataclass(frozen=True)
class Frame:
    """The ring around a medallion: RGB of 0 to 1, and widths as shares of its diameter."""

    ring: tuple[float, float, float]
    width: float
    line: tuple[float, float, float]
    line_width: float


_FRAMES = {
    "REALISTIC": Frame((0.98, 0.97, 0.95), 0.030, (0.55, 0.55, 0.58), 0.003),
    "CINEMATIC": Frame((0.83, 0.69, 0.42), 0.018, (0.20, 0.15, 0.08), 0.005),
    "ANIME": Frame((1.0, 1.0, 1.0), 0.036, (0.16, 0.14, 0.24), 0.009),
    "ARTISTIC": Frame((0.95, 0.89, 0.78), 0.042, (0.45, 0.33, 0.22), 0.006),
}

# What light of an hour does to colours, as factors of RGB; by words that scripts use.
_HOURS = {
    "night": (0.74, 0.80, 1.00),
    "dusk": (0.94, 0.86, 0.92),
    "evening": (0.98, 0.89, 0.84),
    "sunset": (1.02, 0.90, 0.80),
    "golden": (1.03, 0.95, 0.84),
    "dawn": (1.00, 0.94, 0.92),
    "storm": (0.86, 0.90, 0.95),
}


def is_cut_out(avatar: bytes) -> bool:
    """Whether the avatar has a transparent ground. Raises MediaUnreadable."""
    alpha = _decoded(avatar)[..., 3]
    return bool((alpha < 0.95).mean() > _HIDDEN)


def columns_seen(png: bytes) -> tuple[float, float]:
    """Where the visible part of a picture begins and ends, as shares of its width."""
    alpha = _decoded(png)[..., 3]
    columns, width = np.flatnonzero(alpha.max(axis=0) > 0.1), alpha.shape[1]
    return (float(columns[0] / width), float((columns[-1] + 1) / width)) if columns.size else (0, 1)


def medallion(avatar: bytes, size: int, *, style: str, lighting: str) -> bytes:
    """The avatar in a round frame with a soft shadow: RGBA PNG of `size` by `size` pixels.

    The disc fills MEDALLION_SEEN of it. Raises MediaUnreadable.
    """
    photo = _square(_decoded(avatar)[..., :3])
    diameter = (MEDALLION_SEEN[1] - MEDALLION_SEEN[0]) * size
    picture = _lit(_in_style(_resized(photo, round(diameter)), style), lighting, 0.5)
    canvas = np.zeros((size, size, 3), np.float32)
    at = (size - picture.shape[0]) // 2
    canvas[at : at + picture.shape[0], at : at + picture.shape[1]] = picture
    frame = _FRAMES.get(style, _FRAMES["REALISTIC"])
    y, x = _floats(np.mgrid[0:size, 0:size])
    away = _floats(np.hypot(x - (size - 1) / 2, y - (size - 1) / 2))
    radius = diameter / 2
    inner = radius - frame.width * diameter
    # A little shade inside the ring, so that the photo lies behind it.
    edge = np.clip((inner - away) / (0.05 * diameter), 0, 1)
    canvas = _floats(canvas * (0.72 + 0.28 * edge)[..., None])
    lift = 1.04 - 0.14 * (y / size)[..., None]
    ring = np.asarray(_lit(_floats(frame.ring) * lift, lighting, 0.8))
    canvas = _over(canvas, ring, _inside(inner, away, outside=True))
    line = _floats(frame.line)
    thin = max(1.0, frame.line_width * diameter)
    for at_radius in (radius - thin / 2, inner):
        canvas = _over(canvas, line, _clipped(thin / 2 + 0.5 - np.abs(away - at_radius)))
    return _encoded(_with_shadow(canvas, _inside(radius, away), 0.022 * size, 0.016 * size, 0.55))


def cut_out(avatar: bytes, height: int, *, style: str, lighting: str) -> bytes:
    """The figure without its empty margins over a soft shadow: RGBA PNG of at most `height`.

    Its lowest pixel is the last row. Raises MediaUnreadable.
    """
    pixels = _decoded(avatar)
    solid = (pixels[..., 3] > 0.1).astype(np.uint8)
    left, top, wide, tall = cv2.boundingRect(solid)
    if not wide or not tall:
        raise MediaUnreadable("An avatar is wholly transparent")
    pixels = pixels[top : top + tall, left : left + wide]
    if tall > height:
        pixels = _resized(pixels, height)
    shown = pixels.shape[0]
    room = round(0.04 * shown)
    pixels = np.asarray(
        cv2.copyMakeBorder(pixels, room, 0, room, room, cv2.BORDER_CONSTANT, value=(0,) * 4),
        np.float32,
    )
    colour = _lit(_in_style(np.ascontiguousarray(pixels[..., :3]), style), lighting, 1.0)
    return _encoded(
        _with_shadow(
            colour, np.ascontiguousarray(pixels[..., 3]), 0.012 * shown, 0.004 * shown, 0.45
        )
    )


def _in_style(colour: Pixels, style: str) -> Pixels:
    if style == "CINEMATIC":
        curved = colour * colour * (3 - 2 * colour)
        graded = 0.55 * colour + 0.45 * curved
        luma = graded @ _floats(_LUMA)
        graded = 0.88 * graded + 0.12 * luma[..., None]
        cool, warm = _floats((0.97, 1.0, 1.05)), _floats((1.05, 1.0, 0.94))
        return _clipped(graded * (cool + (warm - cool) * luma[..., None]))
    if style in {"ANIME", "ARTISTIC"}:
        eight = (colour * 255 + 0.5).astype(np.uint8)
        rounds, space = (2, 9) if style == "ANIME" else (4, 13)
        for _ in range(rounds):
            eight = np.asarray(cv2.bilateralFilter(eight, space, 38, space), np.uint8)
        painted = _floats(eight) / np.float32(255)
        grey = (painted @ _floats(_LUMA))[..., None]
        vivid = 1.25 if style == "ANIME" else 1.15
        return _clipped(grey + vivid * (painted - grey))
    return colour


def _lit(colour: Pixels, lighting: str, amount: float) -> Pixels:
    factors = next((value for word, value in _HOURS.items() if word in lighting.lower()), (1, 1, 1))
    return _clipped(colour * (1 + amount * (_floats(factors) - 1)))


def _with_shadow(
    colour: Pixels, alpha: Pixels, blur: float, drop: float, strength: float
) -> Pixels:
    """RGBA, not premultiplied, of a picture above its own soft shadow."""
    shift = _floats([[1, 0, 0], [0, 1, drop]])
    fallen = cv2.warpAffine(alpha, shift, (alpha.shape[1], alpha.shape[0]))
    shade = strength * np.asarray(cv2.GaussianBlur(fallen, (0, 0), max(0.8, blur)), np.float32)
    total = alpha + shade * (1 - alpha)
    night = _floats((0.03, 0.035, 0.08))
    weight = (alpha / np.maximum(total, 1e-4))[..., None]
    return np.dstack([night + (colour - night) * weight, total]).astype(np.float32)


def _inside(radius: float, away: Pixels, *, outside: bool = False) -> Pixels:
    covered = np.clip(radius - away + 0.5, 0, 1)
    return np.asarray(1 - covered if outside else covered, np.float32)


def _over(ground: Pixels, colour: Pixels, alpha: Pixels) -> Pixels:
    return np.asarray(ground + (colour - ground) * alpha[..., None], np.float32)


def _square(pixels: Pixels) -> Pixels:
    height, width = pixels.shape[:2]
    side = min(height, width)
    top, left = int((height - side) * _FACE), (width - side) // 2
    return pixels[top : top + side, left : left + side]


def _resized(pixels: Pixels, height: int) -> Pixels:
    """To this height; colours weighed by alpha where there is one."""
    size = (max(1, round(pixels.shape[1] * height / pixels.shape[0])), height)
    way = cv2.INTER_AREA if height < pixels.shape[0] else cv2.INTER_CUBIC
    if pixels.shape[2] == 3:
        return _clipped(cv2.resize(pixels, size, interpolation=way))
    weighed = np.dstack([pixels[..., :3] * pixels[..., 3:], pixels[..., 3]])
    small = np.asarray(cv2.resize(weighed, size, interpolation=way), np.float32)
    return _clipped(np.dstack([small[..., :3] / np.maximum(small[..., 3:], 1e-4), small[..., 3]]))


def _decoded(png: bytes) -> Pixels:
    """RGBA of 0 to 1."""
    image = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_UNCHANGED) if png else None
    if image is None or image.ndim != 3:
        raise MediaUnreadable("An avatar could not be read; upload it again")
    code = cv2.COLOR_BGRA2RGBA if image.shape[2] == 4 else cv2.COLOR_BGR2RGBA
    return np.asarray(cv2.cvtColor(image, code), np.float32) / np.float32(255)


def _encoded(rgba: Pixels) -> bytes:
    eight = (np.clip(rgba, 0, 1) * 255 + 0.5).astype(np.uint8)
    return bytes(cv2.imencode(".png", cv2.cvtColor(eight, cv2.COLOR_RGBA2BGRA))[1])


def _floats(values: object) -> Pixels:
    return np.asarray(values, np.float32)


def _clipped(array: object) -> Pixels:
    return np.clip(np.asarray(array, np.float32), 0, 1)
