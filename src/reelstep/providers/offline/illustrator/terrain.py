"""Land: a height field seen in perspective, and far ridges in the haze.

The height field is drawn for all columns at once. Ground is sampled on rows of growing distance;
the running maximum of their heights on screen says, for each pixel, which row is seen there. Light
comes from the field's slope and its own cast shadows, colour from height and slope, distance
dissolves into the air.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from reelstep.providers.offline.illustrator.canvas import Canvas
from reelstep.providers.offline.illustrator.colour import RGB, mix, scale
from reelstep.providers.offline.illustrator.light import Light
from reelstep.providers.offline.illustrator.noise import Array, Rng, fbm, line, ridged, smoothstep

_PLAIN = 9.0
_END = 24.0


@dataclass(frozen=True)
class Land:
    """What the ground is made of, in order of height: `low`, `high`, then `cap` above `cap_at`."""

    low: RGB
    high: RGB
    steep: RGB
    cap: RGB | None = None
    cap_at: float = 0.55
    relief: float = 0.5
    """Height of far hills, as a part of the frame's height."""
    rough: float = 0.5
    """0: dunes and downs; 1: crags."""
    near: float = 0.04
    """Unevenness of the ground nearby."""
    rise: float = 3.0
    """Distance where the hills begin (1 is at the viewer's feet, 24 the far end)."""
    texture: float = 0.16
    cells: float = 4.0


@dataclass(frozen=True)
class Ground:
    """The painted land: where one can stand. Arrays follow screen columns at reduced width."""

    horizon: float
    skyline: Array

    def skyline_at(self, fx: float) -> float:
        """Height (fraction) where the land ends and the sky begins."""
        index = int(np.clip(fx, 0, 1) * (len(self.skyline) - 1))
        return float(self.skyline[index])


def paint(canvas: Canvas, light: Light, land: Land, rng: Rng, horizon: float) -> Ground:
    """Paints the land below and around `horizon` (fraction of the height)."""
    part = min(1.0, 1600 / canvas.width)
    width, height = round(canvas.width * part), round(canvas.height * part)
    below = max(0.12, 1.0 - horizon)
    depth_rows = int(min(520, height * below * 0.95)) + 8
    side = 1024
    crags = ridged(rng, (side, side), land.cells, 7, 0.5)
    downs = fbm(rng, (side, side), land.cells * 0.8, 4, 0.42)
    field = crags * land.rough + downs * (1 - land.rough)
    detail = fbm(rng, (side, side), 40, 4, 0.6)
    # Slope light and cast shadows, on the map itself.
    lx, _, lz = (float(v) for v in light.direction(0.5))
    smooth = cv2.GaussianBlur(field, (0, 0), 1.2)
    slope_x = cv2.Sobel(smooth, cv2.CV_32F, 1, 0, scale=0.125)
    slope_z = cv2.Sobel(smooth, cv2.CV_32F, 0, 1, scale=0.125)
    steepness = np.hypot(slope_x, slope_z) * 38
    shade = np.clip(0.50 - slope_x * lx * 34 + slope_z * 15 * lz, 0.0, 1.0)
    shadow = np.ones_like(field)
    for step in (3, 7, 13, 21):
        blocker = np.roll(field, int(-np.sign(lx) * step) or step, axis=1)
        drop = step * (0.0042 if light.low else 0.0075)
        shadow = np.minimum(shadow, 1 - 0.55 * smoothstep(0.0, 0.06, blocker - field - drop))
    shade = cv2.GaussianBlur((shade * shadow).astype(np.float32), (0, 0), 0.8)

    # Rows of the flat ground, evenly spaced on the screen; then the hills, evenly in depth.
    flat = 1.0 / np.linspace(1.0, 1.0 / _PLAIN, depth_rows, dtype=np.float32)
    hills = np.linspace(_PLAIN, _END, int(depth_rows * 0.7), dtype=np.float32)[1:]
    z = np.concatenate([flat, hills])[:, None]
    depth_rows = len(z)
    rows = 1.0 / z
    aspect = canvas.width / canvas.height
    x = (np.linspace(0, 1, width, dtype=np.float32)[None, :] - 0.5) * aspect
    # Far from the mirror lines, so that none crosses the near ground.
    start_x, start_z = rng.uniform(260, side - 260), rng.uniform(60, side * 0.6)
    map_x = (np.mod(x * z * 24 + start_x, 2 * side)).astype(np.float32)
    map_y = np.broadcast_to(np.mod(z * 15 + start_z, 2 * side), map_x.shape).astype(np.float32)
    # A mirrored repeat has no seam.
    map_x = np.where(map_x > side, 2 * side - map_x, map_x).astype(np.float32)
    map_y = np.where(map_y > side, 2 * side - map_y, map_y).astype(np.float32)

    def sample(source: Array, zoom: float = 1.0) -> Array:
        if zoom == 1.0:
            return cv2.remap(source, map_x, map_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
        at_x, at_y = np.mod(map_x * zoom, side - 1), np.mod(map_y * zoom, side - 1)
        return cv2.remap(source, at_x, at_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)

    heights = sample(field)
    far = smoothstep(land.rise, _END * 0.8, z)
    lift = (heights - 0.28) * land.relief * far
    lift += (heights - 0.5) * land.near * (0.4 + rows)
    screen = horizon + below * rows - lift * 1.0
    seen = np.minimum.accumulate(screen, axis=0)  # the highest so far, from near to far

    tone = sample(shade)
    patches = sample(detail, 0.37)
    grain = sample(detail, 3.1)
    high = np.clip((heights - 0.25) * 1.5 + (patches - 0.5) * 0.5, 0, 1)[..., None]
    colour = np.array(land.low, np.float32) * (1 - high) + np.array(land.high, np.float32) * high
    rock = smoothstep(0.35, 0.95, sample(steepness) * (0.3 + 0.7 * far) * land.rough * 1.6)[
        ..., None
    ]
    colour = colour * (1 - rock) + np.array(land.steep, np.float32) * rock
    if land.cap is not None:
        level = heights * (0.35 + 0.65 * far) + (patches - 0.5) * 0.30
        capped = smoothstep(land.cap_at, land.cap_at + 0.10, level)[..., None] * (1 - 0.45 * rock)
        colour = colour * (1 - capped) + np.array(land.cap, np.float32) * capped
    colour *= (1 + (grain - 0.5) * land.texture * 2 + (patches - 0.5) * land.texture)[..., None]
    amb = np.array(light.ambient, np.float32) * 0.52
    key = np.array(light.key, np.float32) * 0.78
    colour = colour * (amb + key * tone[..., None])
    air = (1 - np.exp(-((z / _END) ** 1.3) * 2.4 * light.haze))[..., None]
    colour = colour * (1 - air) + np.array(light.fog, np.float32) * air

    # Which row is seen in each pixel: count the rows that lie below it.
    pixel = np.clip(np.ceil(seen * height), 0, height).astype(np.int64)
    columns = np.broadcast_to(np.arange(width), pixel.shape)
    counts = np.bincount((pixel * width + columns).ravel(), minlength=(height + 1) * width)
    counts = counts.reshape(height + 1, width)
    index = depth_rows - np.cumsum(counts, axis=0)[:height]
    index = np.clip(index, 0, depth_rows - 1).astype(np.float32)
    at = np.broadcast_to(np.arange(width, dtype=np.float32), index.shape)
    picture = cv2.remap(colour.astype(np.float32), at, index, cv2.INTER_LINEAR)
    picture = cv2.GaussianBlur(picture, (0, 0), 0.6)

    skyline = seen[-1] * height
    y = np.arange(height, dtype=np.float32)[:, None]
    mask = np.clip(y - skyline[None, :] + 0.5, 0, 1)
    if part < 1.0:
        picture = cv2.resize(picture, canvas.size, interpolation=cv2.INTER_CUBIC)
        line_y = (
            cv2.resize(skyline[None, :], (canvas.width, 1), interpolation=cv2.INTER_CUBIC)[0] / part
        )
        y = np.arange(canvas.height, dtype=np.float32)[:, None]
        mask = np.clip(y - line_y[None, :] + 0.5, 0, 1)
    canvas.cover(picture, mask)
    return Ground(horizon, seen[-1])


def ridges(
    canvas: Canvas,
    light: Light,
    rng: Rng,
    horizon: float,
    tall: float,
    count: int,
    colour: RGB,
    jagged: float = 0.6,
    snow: RGB | None = None,
) -> None:
    """Far mountain ranges one behind the other, each paler than the next; the sun side is lit."""
    width = canvas.width
    for index in range(count):
        near = (index + 1) / count
        crest = line(rng, width, 3.2 + 1.6 * index, 8, 0.42 + 0.14 * jagged)
        crest = np.clip(1 - np.abs(crest * 2 - 1), 0, 1) ** 1.3 * jagged + crest * (1 - jagged)
        top = horizon - tall * (1.05 - 0.72 * near) * (0.25 + 0.85 * crest)
        haze = (0.30 + 0.62 * (1 - near)) * (0.55 + 0.45 * light.haze / 0.5)
        body = mix(scale(colour, 0.55 + 0.45 * light.key[1]), light.fog, min(0.94, haze))
        reach = int((horizon + 0.03) * canvas.height)
        first = max(0, int(float(top.min()) * canvas.height) - 2)
        if reach <= first:
            continue
        small_h, small_w = max(8, (reach - first) // 3), max(8, width // 3)
        lit = cv2.resize(
            _facets(rng, top * canvas.height, (small_h, small_w), (first, reach), light.sun_x),
            (width, reach - first),
            interpolation=cv2.INTER_CUBIC,
        )
        y = np.arange(first, reach, dtype=np.float32)[:, None]
        edge = top[None, :] * canvas.height
        mask = np.clip(y - edge + 0.5, 0, 1)
        clear = 1 - min(0.94, haze)
        tone = 1.0 + (lit - 0.5) * (0.10 + 0.36 * clear)
        field = np.array(body, np.float32) * tone[..., None]
        if snow is not None:
            drop = (y - edge) / canvas.height
            cap = smoothstep(0.13 * tall / 0.3, 0.0, drop + (0.55 - lit) * 0.16 * tall / 0.3)
            white = np.array(mix(snow, light.fog, min(0.9, haze)), np.float32)
            white = (
                white
                * (0.62 + 0.46 * lit[..., None])
                * np.array(light.key, np.float32).clip(0.5, 1.1)
            )
            field = field * (1 - cap[..., None]) + white * cap[..., None]
        foot = np.clip((y / canvas.height - (horizon - tall * 0.30)) / (tall * 0.36), 0, 1)[
            ..., None
        ]
        field = field * (1 - 0.6 * foot) + np.array(light.fog, np.float32) * 0.6 * foot
        canvas.cover(field.astype(np.float32), mask, 0, first)


def _facets(
    rng: Rng, edge: Array, small: tuple[int, int], rows: tuple[int, int], sun_x: float
) -> Array:
    """Light on a range's flanks, 0..1: each slope of the crest runs on downhill, wavering.

    `edge` is the crest's height in pixels per column, `rows` the span of pixels to cover.
    """
    height, width = small
    crest = cv2.resize(edge[None, :].astype(np.float32), (width, 1), interpolation=cv2.INTER_AREA)
    unit = (rows[1] - rows[0]) / height
    crest = cv2.GaussianBlur(np.asarray(crest / unit, np.float32), (0, 0), max(0.8, width / 500))
    slope = np.gradient(crest[0])
    side = -1.0 if sun_x > 0.5 else 1.0
    face = np.clip(0.5 - side * slope * 0.62, 0, 1).astype(np.float32)
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    below = np.maximum(y + rows[0] / unit - crest, 0)
    waver = fbm(rng, small, 3.0, 5, 0.55) - 0.5
    at_x = x + below * side * 0.35 + waver * (below * 0.9 + height * 0.05)
    lit = cv2.remap(
        face[None, :], at_x, np.zeros_like(at_x), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT
    )
    gully = ridged(rng, small, 5.0, 5, 0.55)
    return np.asarray(np.clip(lit + (gully - 0.45) * 0.30, 0, 1), np.float32)
