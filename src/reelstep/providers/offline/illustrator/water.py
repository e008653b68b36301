"""Water seen in perspective: it mirrors what stands above it, broken by waves."""

from __future__ import annotations

import cv2
import numpy as np

from reelstep.providers.offline.illustrator.canvas import Canvas
from reelstep.providers.offline.illustrator.colour import RGB
from reelstep.providers.offline.illustrator.light import Light
from reelstep.providers.offline.illustrator.noise import Array, Rng, fbm, smoothstep


def surface(
    canvas: Canvas,
    light: Light,
    rng: Rng,
    top: float,
    deep: RGB,
    shallow: RGB,
    waves: float = 0.5,
    bottom: float = 1.0,
    mask: Array | None = None,
) -> None:
    """Water from height `top` to `bottom` (fractions). `waves` 0 is a mirror, 1 a storm."""
    part = min(1.0, 1500 / canvas.width)
    width, height = round(canvas.width * part), round(canvas.height * part)
    y0, y1 = int(top * height), min(height, int(np.ceil(bottom * height)))
    rows = y1 - y0
    if rows < 3:
        return
    above = cv2.resize(canvas.picture, (width, height), interpolation=cv2.INTER_AREA)
    v = np.arange(rows, dtype=np.float32)[:, None] / height
    depth = 1.0 / (v + 0.016)
    aspect = canvas.width / canvas.height
    x = (np.arange(width, dtype=np.float32)[None, :] / width - 0.5) * aspect
    side = 1024
    swell = fbm(rng, (side, side), 22, 4, 0.58, stretch=2.6)
    slope = cv2.Sobel(cv2.GaussianBlur(swell, (0, 0), 1.2), cv2.CV_32F, 0, 1, scale=1.0)

    def sample(field: Array, zoom: float, shift: float) -> Array:
        at_x = np.mod(x * depth * 75 * zoom + shift, 2.0 * side)
        at_y = np.mod(np.broadcast_to(depth * 46 * zoom, at_x.shape) + shift * 0.7, 2.0 * side)
        at_x = np.where(at_x > side, 2 * side - at_x, at_x)
        at_y = np.where(at_y > side, 2 * side - at_y, at_y)
        return cv2.remap(
            field,
            at_x.astype(np.float32),
            at_y.astype(np.float32),
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REFLECT,
        )

    calm = np.clip(v / 0.06, 0.12, 1)  # far waves are too small to see
    tilt = (sample(slope, 1.0, 170.0) * 0.7 + sample(slope, 2.7, 400.0) * 0.5) * calm
    heave = sample(swell, 0.55, 90.0) - 0.5
    columns = np.broadcast_to(np.arange(width, dtype=np.float32)[None, :], (rows, width))
    reach = (0.010 + 0.20 * waves) * height
    source_y = (
        y0 - 1 - (v * height) * (0.92 - 0.25 * waves) + tilt * reach * 1.1 - waves * 0.04 * height
    )
    source_x = columns + tilt * reach * 0.22
    limit = np.float32(y0 - 1)
    source_y = np.where(source_y > limit, 2 * limit - source_y, source_y)
    source_y = np.clip(source_y, 0, limit)
    mirror = cv2.remap(
        above,
        source_x.astype(np.float32),
        source_y.astype(np.float32),
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REFLECT,
    )
    distance = np.exp(-v / (0.17 - 0.07 * waves))
    fresnel = np.clip(0.20 + 0.66 * distance - tilt * (0.9 + waves), 0.06, 0.94)[..., None]
    ambient = np.array(light.ambient, np.float32) * 0.68 + np.array(light.key, np.float32) * 0.32
    near = np.clip(v / max(bottom - top, 0.05), 0, 1)[..., None]
    body = (
        np.array(deep, np.float32) * (1 - near * 0.55) + np.array(shallow, np.float32) * near * 0.55
    )
    body = (
        body
        * ambient
        * (1.0 + np.clip(heave + tilt * 0.6, -0.4, 0.5) * (0.5 + 0.7 * waves))[..., None]
    )
    water = body * (1 - fresnel) + mirror * fresnel * 0.96
    # Sun or moon glitter on the slopes that face it.
    offset = (x / aspect + 0.5) - light.sun_x
    spread = 0.022 + v * (0.30 if light.low else 0.24)
    path = np.exp(-((offset / spread) ** 2))
    facet = smoothstep(0.10, 0.34, sample(slope, 1.8, 700.0) + tilt * 0.4)
    strength = {"overcast": 0.12, "storm": 0.16, "dusk": 0.35, "day": 0.75}.get(light.hour, 1.05)
    if light.sun_y < top + 0.02:
        glint = (path * (facet * 1.5 + 0.22 * distance) * strength)[..., None]
        water = water + glint * np.array(light.glow, np.float32) * np.maximum(1.2 - water, 0.1)
    if waves > 0.35:  # white caps
        crest = smoothstep(0.16, 0.30, tilt + heave * 0.35) * sample(
            fbm(rng, (side, side), 60, 3), 1.0, 0.0
        )
        foam = np.clip(crest * (waves - 0.2) * 1.5, 0, 0.85)[..., None]
        white = np.array([0.92, 0.96, 1.0], np.float32) * (
            ambient * 0.55 + 0.35 * np.array(light.key)
        )
        water = water * (1 - foam) + white.astype(np.float32) * foam
    sheet: Array = np.zeros((height, width, 3), np.float32)
    sheet[y0:y1] = water
    cover: Array = np.zeros((height, width), np.float32)
    cover[y0:y1] = 1.0
    if rows > 4:
        cover[y0 : y0 + 2] *= np.array([[0.45], [0.85]], np.float32)
    if mask is not None:
        cover *= cv2.resize(mask, (width, height), interpolation=cv2.INTER_LINEAR)
    if part < 1.0:
        sheet = cv2.resize(sheet, canvas.size, interpolation=cv2.INTER_CUBIC)
        cover = cv2.resize(cover, canvas.size, interpolation=cv2.INTER_LINEAR)
    canvas.cover(sheet, cover)


def foam_line(
    canvas: Canvas, rng: Rng, edge: Array, thick: float, colour: RGB, strength: float = 0.8
) -> None:
    """Foam along a shore; `edge` gives its height (fraction) per column of any count."""
    line = cv2.resize(edge[None, :].astype(np.float32), (canvas.width, 1))[0] * canvas.height
    y = np.arange(canvas.height, dtype=np.float32)[:, None]
    reach = thick * canvas.unit
    first, last = (
        int(max(0, line.min() - 3 * reach)),
        int(min(canvas.height, line.max() + 3 * reach)),
    )
    if last <= first:
        return
    band = y[first:last] - line[None, :]
    lace = fbm(rng, (last - first, canvas.width), 7, 4, 0.65, stretch=4)
    field = np.exp(-((band / reach) ** 2)) * smoothstep(0.32, 0.62, lace) * strength
    field += np.exp(-((band / (reach * 0.16)) ** 2)) * strength * 0.8
    canvas.wash(colour, np.clip(field, 0, 1).astype(np.float32), 0, first)
