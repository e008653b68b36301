"""Figures with volume from flat outlines.

A figure is a pile of closed outlines, each with one colour. `Sketch` gives every outline a rounded
surface (its distance to the edge read as a height), lights it, lets it throw a soft shadow on what
lies below, and at the end puts a rim of light around the whole silhouette. The lighting is computed
on a reduced field, the outline at full resolution: soft where it is soft, crisp where it is crisp.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np

from reelstep.providers.offline.illustrator.colour import RGB, scale
from reelstep.providers.offline.illustrator.light import Light
from reelstep.providers.offline.illustrator.noise import Array, smoothstep
from reelstep.providers.offline.illustrator.paths import Points, array

_SHIFT = 5
_FIELD = 112


@dataclass(frozen=True)
class Ink:
    """How a style draws solids."""

    cel: float = 0.0
    """0: continuous shading; 1: two flat tones with a crisp border."""
    outline: float = 0.0
    """Width of the contour line, in thousandths of the figure's height."""
    contrast: float = 1.0
    rim: float = 0.5
    mottle: float = 0.03
    """Strength of the surface's fine unevenness."""


@dataclass(frozen=True)
class Sprite:
    """Premultiplied float32 RGBA; (`x`, `y`) is its anchor in its own pixels."""

    rgba: Array
    x: float
    y: float


def polygon_mask(shape: tuple[int, int], points: Array) -> Array:
    """Coverage 0..255 (uint8) of a closed outline in pixels."""
    mask = np.zeros(shape, np.uint8)
    fixed = np.round(points * (1 << _SHIFT)).astype(np.int32)
    cv2.fillPoly(mask, [fixed], 255, lineType=cv2.LINE_AA, shift=_SHIFT)
    return mask


def _parts(points: Points | list[Array]) -> list[Array]:
    """One outline or several, as arrays."""
    if isinstance(points, list) and isinstance(points[0], np.ndarray) and points[0].ndim == 2:
        return [array(part) for part in points]
    return [array(cast("Points", points))]


class Sketch:
    """Draws in the figure's own units: x right, y down, (0, 0) where it touches the ground."""

    def __init__(
        self,
        extent: tuple[float, float, float, float],
        scale: float,
        light: Light,
        ink: Ink,
        fx: float = 0.5,
    ):
        """`extent` is (left, top, right, bottom) in figure units, `scale` in pixels per unit."""
        self.scale = max(scale, 2.0)
        self.left, self.top = extent[0], extent[1]
        self.width = max(4, int(np.ceil((extent[2] - extent[0]) * self.scale)))
        self.height = max(4, int(np.ceil((extent[3] - extent[1]) * self.scale)))
        self.light = light
        self.ink = ink
        self.towards = light.direction(fx)
        self.colour: Array = np.zeros((self.height, self.width, 3), np.float32)
        self.alpha: Array = np.zeros((self.height, self.width), np.float32)
        self.emission: Array | None = None

    def pixels(self, points: Points) -> Array:
        return (array(points) - np.array([self.left, self.top], np.float32)) * self.scale

    def _frame(self, points: Array, pad: float) -> tuple[int, int, int, int] | None:
        x0, y0 = np.floor(points.min(0) - pad).astype(int)
        x1, y1 = np.ceil(points.max(0) + pad).astype(int) + 1
        x0, y0 = max(x0, 0), max(y0, 0)
        x1, y1 = min(x1, self.width), min(y1, self.height)
        return None if x1 - x0 < 1 or y1 - y0 < 1 else (int(x0), int(y0), int(x1), int(y1))

    def shape(
        self,
        points: Points | list[Array],
        colour: RGB,
        volume: float = 0.8,
        gloss: float = 0.0,
        shadow: float = 0.35,
        to: RGB | None = None,
        bevel: float = 1.0,
        opacity: float = 1.0,
        glow: float = 0.0,
        sideways: bool = False,
        outlined: bool = True,
    ) -> None:
        """One solid, of one outline or of several grown together (a list of arrays).

        `volume` bulges it, `bevel` < 1 rounds only its border, `to` grades the colour towards its
        foot (or right side), `glow` makes it shine by itself.
        """
        parts = _parts(points)
        outlines = [self.pixels(part) for part in parts]
        frame = self._frame(np.vstack(outlines), max(3.0, 0.02 * self.scale))
        if frame is None:
            return
        if self.ink.outline > 0 and outlined and opacity > 0.9 and glow < 1.0:
            for part in parts:
                # Twice as wide and below the fill: what shows is the contour of the whole.
                width = self.ink.outline / 1000 * (1.7 if len(parts) > 1 else 1.5)
                self.line(part, width, scale(colour, 0.30), closed=True)
        x0, y0, x1, y1 = frame
        box = (slice(y0, y1), slice(x0, x1))
        corner = np.array([x0, y0], np.float32)
        cover = polygon_mask((y1 - y0, x1 - x0), outlines[0] - corner)
        for outline in outlines[1:]:
            cover = np.maximum(cover, polygon_mask((y1 - y0, x1 - x0), outline - corner))
        alpha = cover.astype(np.float32) * (opacity / 255)
        if shadow > 0:
            self._drop(cover, box, shadow * opacity)
        if glow >= 1.0 or volume <= 0:
            lit: Array = np.empty((*alpha.shape, 3), np.float32)
            lit[:] = self._flat(colour, glow)
        else:
            lit = self._lit(cover, colour, volume, gloss, bevel, glow)
        if to is not None:
            grade = [end / max(start, 0.02) for start, end in zip(colour, to, strict=True)]
            length = lit.shape[1] if sideways else lit.shape[0]
            ramp = np.linspace(0, 1, length, dtype=np.float32)
            ramp = ramp[None, :, None] if sideways else ramp[:, None, None]
            lit *= 1.0 + (np.array(grade, np.float32) - 1.0) * ramp
        keep = 1.0 - alpha
        self.colour[box] = self.colour[box] * keep[..., None] + lit * alpha[..., None]
        self.alpha[box] = self.alpha[box] * keep + alpha
        if glow > 0:
            if self.emission is None:
                self.emission = np.zeros_like(self.alpha)
            self.emission[box] = np.maximum(self.emission[box], alpha * glow)

    def _flat(self, colour: RGB, glow: float) -> Array:
        light = np.array(self.light.ambient, np.float32) * 0.62
        light += np.array(self.light.key, np.float32) * 0.42
        if glow > 0:
            light = light * (1 - min(glow, 1)) + min(glow, 1) * 1.15
        return np.asarray(np.array(colour, np.float32) * light, np.float32)

    def _lit(
        self, cover: Array, colour: RGB, volume: float, gloss: float, bevel: float, glow: float
    ) -> Array:
        height, width = cover.shape
        part = min(1.0, _FIELD / max(height, width))
        small = cv2.resize(
            cover,
            (max(4, round(width * part)), max(4, round(height * part))),
            interpolation=cv2.INTER_AREA,
        )
        padded = cv2.copyMakeBorder(small, 2, 2, 2, 2, cv2.BORDER_CONSTANT)
        distance = cv2.distanceTransform((padded > 100).astype(np.uint8), cv2.DIST_L2, 3)
        radius = max(float(distance.max()), 1.0)
        depth = np.minimum(distance / (radius * bevel), 1.0)
        surface = np.sqrt(np.maximum(1.0 - (1.0 - depth) ** 2, 0.0)) * (radius * bevel)
        sigma = max(0.8, radius * bevel * 0.22)
        surface = cv2.GaussianBlur(surface.astype(np.float32), (0, 0), sigma)
        across = cv2.Sobel(surface, cv2.CV_32F, 1, 0, scale=0.125) * (1.25 * volume)
        down = cv2.Sobel(surface, cv2.CV_32F, 0, 1, scale=0.125) * (1.25 * volume)
        facing = 1.0 / np.sqrt(1.0 + across * across + down * down)
        nx, ny = -across * facing, -down * facing
        lx, ly, lz = (float(v) for v in self.towards)
        diffuse = nx * lx + ny * ly + facing * lz
        diffuse = np.clip(0.42 + 0.62 * diffuse, 0.0, 1.1)
        up = 0.5 - 0.5 * ny
        half = np.array([lx, ly, lz + 1.0]) / np.linalg.norm([lx, ly, lz + 1.0])
        shine = np.clip(nx * half[0] + ny * half[1] + facing * half[2], 0, 1) ** 34
        fields = cv2.merge((diffuse, up, shine.astype(np.float32)))[2:-2, 2:-2]
        fields = cv2.resize(fields, (width, height), interpolation=cv2.INTER_CUBIC)
        diffuse, up, shine = cv2.split(fields)
        if self.ink.cel > 0:
            step = smoothstep(0.60, 0.64, diffuse) * 0.58 + smoothstep(0.36, 0.39, diffuse) * 0.30
            diffuse = diffuse * (1 - self.ink.cel) + (0.10 + step) * self.ink.cel
            shine = smoothstep(0.45, 0.55, shine)
        contrast = self.ink.contrast
        base = np.array(colour, np.float32)
        ambient, key = self.light.ambient, self.light.key
        planes: list[Array] = []
        for channel in range(3):
            sky = ambient[channel] * (0.44 + 0.24 * up)
            direct = key[channel] * (0.06 + 0.62 * contrast * diffuse)
            plane = base[channel] * (sky / contrast**0.5 + direct)
            if glow > 0:
                plane = plane * (1 - glow) + base[channel] * 1.15 * glow
            if gloss > 0:
                plane = plane + gloss * key[channel] * shine
            planes.append(plane.astype(np.float32))
        return np.asarray(cv2.merge(planes))

    def _drop(self, cover: Array, box: tuple[slice, slice], strength: float) -> None:
        """The soft shadow of a part on those below it."""
        below = self.colour[box]
        if not self.alpha[box].any():
            return
        height, width = cover.shape
        part = min(1.0, 64 / max(height, width))
        size = (max(3, round(width * part)), max(3, round(height * part)))
        small: Array = cv2.resize(cover, size, interpolation=cv2.INTER_AREA).astype(np.float32)
        small = small / 255
        sigma = max(0.8, 0.035 * max(size))
        dx, dy = -float(self.towards[0]) * sigma * 1.6, sigma * 1.5
        matrix = np.array([[1, 0, dx], [0, 1, dy]], np.float32)
        small = cv2.warpAffine(cv2.GaussianBlur(small, (0, 0), sigma), matrix, size)
        field = cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR)
        self.colour[box] = below * (1.0 - strength * 0.75 * field)[..., None]

    def line(
        self,
        points: Points,
        width: float,
        colour: RGB,
        closed: bool = False,
        opacity: float = 1.0,
        shaded: bool = True,
        glow: float = 0.0,
    ) -> None:
        """A stroke `width` figure units thick."""
        path = self.pixels(points)
        thick = max(width * self.scale, 0.6)
        frame = self._frame(path, thick + 2)
        if frame is None:
            return
        x0, y0, x1, y1 = frame
        box = (slice(y0, y1), slice(x0, x1))
        mask = np.zeros((y1 - y0, x1 - x0), np.uint8)
        fixed = np.round((path - np.array([x0, y0], np.float32)) * (1 << _SHIFT)).astype(np.int32)
        strength = min(1.0, thick) * opacity  # thinner than a pixel: fainter, not broken
        cv2.polylines(mask, [fixed], closed, 255, max(1, round(thick)), cv2.LINE_AA, shift=_SHIFT)
        alpha = mask.astype(np.float32) * (strength / 255)
        tone = self._flat(colour, glow) if shaded else np.array(colour, np.float32)
        keep = 1.0 - alpha
        self.colour[box] = self.colour[box] * keep[..., None] + tone * alpha[..., None]
        self.alpha[box] = self.alpha[box] * keep + alpha

    def glaze(self, points: Points, colour: RGB, opacity: float, blur: float = 0.0) -> None:
        """Tints what is already drawn inside an outline (cheeks, stripes, glints); adds no shape.

        `blur` in figure units softens its border.
        """
        path = self.pixels(points)
        frame = self._frame(path, 3 * blur * self.scale + 2)
        if frame is None:
            return
        x0, y0, x1, y1 = frame
        box = (slice(y0, y1), slice(x0, x1))
        mask = polygon_mask((y1 - y0, x1 - x0), path - np.array([x0, y0], np.float32))
        alpha: Array = mask.astype(np.float32) * (opacity / 255)
        if blur > 0:
            alpha = cv2.GaussianBlur(alpha, (0, 0), max(0.5, blur * self.scale))
        tone = np.array(colour, np.float32)
        cover = (alpha * self.alpha[box])[..., None]
        self.colour[box] = self.colour[box] * (1 - alpha[..., None]) + tone * cover

    def sprite(self, mottle: Array | None = None, rim: float = 1.0) -> Sprite:
        """The finished figure, with rim light; `mottle` is fine noise, -0.5..0.5."""
        height, width = self.alpha.shape
        part = min(1.0, 360 / max(height, width))
        size = (max(4, round(width * part)), max(4, round(height * part)))
        small = cv2.resize(self.alpha, size, interpolation=cv2.INTER_AREA)
        sigma = max(0.8, 0.011 * self.scale * part)
        soft = cv2.GaussianBlur(small, (0, 0), sigma)
        gx = cv2.Sobel(soft, cv2.CV_32F, 1, 0, scale=0.125) * sigma
        gy = cv2.Sobel(soft, cv2.CV_32F, 0, 1, scale=0.125) * sigma
        lx, ly = float(self.towards[0]), float(self.towards[1])
        edge = np.clip(-(gx * lx + gy * ly) * 3.2, 0, 1) ** 1.4
        edge = cv2.resize(edge.astype(np.float32), (width, height), interpolation=cv2.INTER_LINEAR)
        strength = self.ink.rim * rim * (1.5 if self.light.low else 0.8)
        edge = edge * self.alpha * strength
        if self.emission is not None:
            edge = edge * (1 - np.clip(self.emission, 0, 1))
        colour = self.colour + cv2.merge([edge * channel for channel in self.light.key])
        if mottle is not None and self.ink.mottle > 0:
            grain = cv2.resize(mottle, (width, height), interpolation=cv2.INTER_LINEAR)
            colour *= (1.0 + grain * self.ink.mottle * 2)[..., None]
        rgba = np.dstack([colour, self.alpha]).astype(np.float32)
        return Sprite(rgba, -self.left * self.scale, -self.top * self.scale)
