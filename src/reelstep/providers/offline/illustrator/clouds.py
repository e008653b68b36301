"""Clouds: heaped cumulus made of lit spheres, and layers of thin cloud in perspective."""

from __future__ import annotations

import cv2
import numpy as np

from reelstep.providers.offline.illustrator.canvas import Canvas
from reelstep.providers.offline.illustrator.light import Light
from reelstep.providers.offline.illustrator.noise import Array, Rng, fbm, fork, smoothstep


def layer(
    canvas: Canvas, light: Light, rng: Rng, horizon: float, amount: float, soft: float = 1.0
) -> None:
    """A deck of cloud running to the horizon. `amount` 0 is clear, 1 is closed."""
    height, width = canvas.small(760)
    rows = max(4, int(height * min(1.0, horizon + 0.02)))
    deck = fbm(rng, (512, 1024), 5, 6, 0.55)
    v = horizon - np.linspace(0, horizon, rows, dtype=np.float32)[:, None]
    aspect = canvas.width / canvas.height
    x = (np.linspace(0, 1, width, dtype=np.float32)[None, :] - 0.5) * aspect
    depth = 1.0 / (v + 0.13)
    map_x = (x * depth * 95 + 512 + rng.uniform(-300, 300)).astype(np.float32)
    map_y = np.broadcast_to(depth * 62, map_x.shape).astype(np.float32)

    def sample(dx: float, dy: float) -> Array:
        return cv2.remap(
            deck,
            map_x + np.float32(dx),
            map_y + np.float32(dy),
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REFLECT,
        )

    density = sample(0, 0)
    low = 0.86 - 0.62 * amount
    cover = smoothstep(low, low + 0.30 * soft + 0.06, density)
    towards_x = np.sign(light.sun_x - 0.5) or 1.0
    thickness = sample(float(towards_x) * 14, 10.0)
    lit = np.clip(0.62 + (density - thickness) * 2.4 - (density - low) * 0.55, 0, 1)[..., None]
    colour = np.array(light.cloud_shade, np.float32) * (1 - lit)
    colour = colour + np.array(light.cloud_lit, np.float32) * lit
    near = np.exp(
        -(((np.hypot(x - (light.sun_x - 0.5) * aspect, v - (horizon - light.sun_y))) / 0.35) ** 2)
    )
    if not light.dark:
        colour += (
            near[..., None] * np.array(light.glow, np.float32) * (0.30 * (1 - cover))[..., None]
        )
    # Far cloud takes the horizon's colour.
    far = np.exp(-v / 0.10)[..., None] * 0.75
    colour = colour * (1 - far) + np.array(light.horizon, np.float32) * far
    cover = cover * (0.55 + 0.45 * amount) * np.clip(v / 0.03, 0, 1)
    full = np.zeros((height, width, 3), np.float32)
    full[:rows] = colour
    full[rows:] = colour[-1:]
    mask = np.zeros((height, width), np.float32)
    mask[:rows] = cover
    canvas.cover(canvas.spread(full), np.clip(canvas.spread(mask), 0, 1))


def heap(rng: Rng, light: Light, height: int, width: int, crisp: float) -> tuple[Array, Array]:
    """One cumulus in its own (height, width): colour field and coverage."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    base = height * 0.84
    unit = float(height)
    rough = [(fbm(rng, (height, width), 5, 5, 0.62) - 0.5) * unit * 0.15 for _ in range(2)]
    x = x + rough[0]
    y = y + rough[1]
    surface = np.full((height, width), -1.0, np.float32)
    centre, spread = width / 2, width * 0.34
    count = int(26 * width / height)
    peaks = rng.uniform(-0.6, 0.6, 3)
    for _ in range(count):
        at = float(np.clip(rng.normal(0, 0.5), -1, 1))
        hill = max(np.exp(-(((at - peak) / 0.34) ** 2)) for peak in peaks) * (1 - 0.75 * at * at)
        r = unit * rng.uniform(0.09, 0.20) * (0.55 + 0.6 * hill)
        cx = centre + at * spread
        cy = base - r * 0.5 - rng.random() ** 0.7 * hill * unit * 0.55
        d2 = ((x - cx) ** 2 + ((y - cy) * 1.12) ** 2) / (r * r)
        bulge = np.sqrt(np.clip(1 - d2, 0, None)) * r + (base - cy) * 0.16
        surface = np.where(d2 < 1, np.maximum(surface, bulge), surface)
    inside = (surface > -0.5).astype(np.float32)
    flat = smoothstep(base + unit * 0.05, base - unit * 0.03, y - rough[1] * 0.4)
    sigma = max(0.5, (1.0 - crisp) * unit * 0.022 + 0.6)
    cover = cv2.GaussianBlur(inside * flat, (0, 0), sigma)
    hills = cv2.GaussianBlur(
        np.maximum(surface, 0).astype(np.float32),
        (0, 0),
        unit * (0.012 + 0.022 * (1 - crisp)) + 0.5,
    )
    gx = cv2.Sobel(hills, cv2.CV_32F, 1, 0, scale=0.125)
    gy = cv2.Sobel(hills, cv2.CV_32F, 0, 1, scale=0.125)
    lx, ly, lz = (float(v) for v in light.direction(0.5))
    facing = (-gx * lx - gy * ly + lz) / np.sqrt(1 + gx * gx + gy * gy)
    lift = np.clip((base - y) / unit, 0, 1)
    relief = 0.45 + 0.30 * crisp
    lit = np.clip(0.40 - 0.28 * crisp + relief * facing + 0.36 * lift, 0, 1)
    if crisp > 0.6:
        lit = 0.35 * lit + 0.65 * (
            0.5 * smoothstep(0.42, 0.52, lit) + 0.5 * smoothstep(0.66, 0.8, lit)
        )
    tone = lit[..., None]
    colour = np.array(light.cloud_shade, np.float32) * (1 - tone)
    colour = colour + np.array(light.cloud_lit, np.float32) * tone
    thin = np.clip(1 - cover, 0, 1)[..., None]
    colour += thin * 0.25 * np.array(light.glow, np.float32) * (0.0 if light.dark else 1.0)
    return colour.astype(np.float32), cover


def cumulus(
    canvas: Canvas,
    light: Light,
    rng: Rng,
    horizon: float,
    count: int,
    crisp: float,
    size: float = 1.0,
) -> None:
    """Heaped clouds, smaller and paler towards the horizon."""
    places = sorted(rng.random(count) ** 0.8)
    side = rng.random()
    for index, place in enumerate(places):
        fy = horizon * (0.93 - 0.72 * float(place))
        tall = (0.10 + 0.28 * float(place)) * size * float(rng.uniform(0.75, 1.2))
        side = (side + 0.618 * (0.6 + 0.4 * rng.random())) % 1.0
        h = max(8, int(tall * canvas.unit))
        w = int(h * rng.uniform(1.9, 3.0))
        part = min(1.0, 340 / w)
        colour, cover = heap(fork(rng), light, max(8, int(h * part)), max(16, int(w * part)), crisp)
        haze = np.float32(0.68 * (1 - float(place)) + 0.06)
        veil = np.array(light.horizon, np.float32)
        colour = colour * (1 - haze) + veil * haze
        colour = cv2.resize(colour, (w, h), interpolation=cv2.INTER_CUBIC)
        cover = np.clip(cv2.resize(cover, (w, h), interpolation=cv2.INTER_CUBIC), 0, 1)
        if crisp > 0.6:
            cover = smoothstep(0.25, 0.75, cover)
        fx = side * 1.15 - 0.07
        x, y = int(fx * canvas.width - w / 2), int(fy * canvas.height - h * 0.84)
        canvas.cover(colour, cover * (0.96 - 0.02 * (index % 3)), x, y)


def mist(canvas: Canvas, light: Light, rng: Rng, fy: float, thick: float, strength: float) -> None:
    """A bank of fog centred on a height of the frame."""
    height, width = canvas.small(360)
    y = np.linspace(0, 1, height, dtype=np.float32)[:, None]
    wisps = fbm(rng, (height, width), 3, 4, 0.55, stretch=4)
    field = np.exp(-(((y - fy) / thick) ** 2)) * np.clip(wisps * 1.3 - 0.1, 0, 1.2) * strength
    canvas.veil(light.fog, np.clip(field, 0, 1).astype(np.float32))
