"""Skies: the gradient, sun and moon, stars, and the northern lights."""

from __future__ import annotations

import cv2
import numpy as np

from reelstep.providers.offline.illustrator.canvas import Canvas
from reelstep.providers.offline.illustrator.colour import RGB, hexa, mix
from reelstep.providers.offline.illustrator.light import Light
from reelstep.providers.offline.illustrator.noise import Array, Rng, fbm, line, smoothstep


def gradient(canvas: Canvas, light: Light, horizon: float, rng: Rng) -> None:
    """Fills the frame: zenith to horizon, warmer around the sun, with a breath of unevenness."""
    height, width = canvas.small(320)
    y = np.linspace(0, 1, height, dtype=np.float32)[:, None] / max(horizon, 0.15)
    x = np.linspace(0, 1, width, dtype=np.float32)[None, :]
    uneven = (fbm(rng, (height, width), 2.0, 3, stretch=2.5) - 0.5) * 0.10
    fall = np.clip(y + uneven, 0, 1)
    to_middle = smoothstep(0.0, 0.62, fall)[..., None]
    to_horizon = smoothstep(0.45, 1.02, fall)[..., None] ** 1.25
    field = np.array(light.zenith, np.float32) * (1 - to_middle)
    field = field + np.array(light.middle, np.float32) * to_middle
    field = field * (1 - to_horizon) + np.array(light.horizon, np.float32) * to_horizon
    aspect = canvas.width / canvas.height
    distance = np.hypot((x - light.sun_x) * aspect, (y * max(horizon, 0.15) - light.sun_y))
    warm = np.exp(-((distance / (0.55 if light.low else 0.38)) ** 2))[..., None]
    strength = {"overcast": 0.15, "storm": 0.06, "night": 0.10, "day": 0.20}.get(light.hour, 0.40)
    field += warm * strength * (np.array(light.glow, np.float32) - field * 0.55)
    canvas.picture = canvas.spread(field.astype(np.float32))


def sun(canvas: Canvas, light: Light, size: float = 0.05) -> None:
    """The sun's disc and its glows; hidden skies (overcast, storm) show a pale patch only."""
    if light.hour in ("storm", "dusk"):
        return
    fx, fy = light.sun_x, light.sun_y
    if light.hour == "overcast":
        canvas.glow(fx, fy, 0.9, light.glow, 0.22)
        return
    canvas.glow(fx, fy, 1.5, light.glow, 0.26 if light.low else 0.07, 2.6)
    canvas.glow(fx, fy, 0.55, light.glow, 0.46 if light.low else 0.26, 2.4)
    if light.low:
        disc(canvas, fx, fy, size, mix(light.glow, (1.0, 0.97, 0.86), 0.6), 1.25)
    else:
        canvas.glow(fx, fy, 0.13, (1.0, 0.98, 0.92), 1.6, 1.6)


def disc(canvas: Canvas, fx: float, fy: float, radius: float, colour: RGB, power: float) -> None:
    """A crisp-edged bright round."""
    r = radius * canvas.unit
    side = int(2 * r) + 6
    axis = np.arange(side, dtype=np.float32) - side / 2
    distance = np.hypot(axis[:, None], axis[None, :])
    mask = np.clip(r - distance + 0.5, 0, 1)
    patch = np.empty((side, side, 3), np.float32)
    patch[:] = np.array(colour, np.float32) * power
    canvas.cover(
        patch, mask, round(fx * canvas.width - side / 2), round(fy * canvas.height - side / 2)
    )


def moon(canvas: Canvas, fx: float, fy: float, radius: float, rng: Rng, phase: float = 1.0) -> None:
    """A cratered moon with its halo. `phase` 1 is full, 0.3 a crescent."""
    tint = hexa("dfe9ff")
    canvas.glow(fx, fy, radius * 13, tint, 0.20, 2.6)
    canvas.glow(fx, fy, radius * 4.2, tint, 0.20, 2.4)
    r = radius * canvas.unit
    side = int(2 * r) + 6
    axis = (np.arange(side, dtype=np.float32) - side / 2) / max(r, 1)
    distance = np.hypot(axis[:, None], axis[None, :])
    mask = np.clip((1 - distance) * r + 0.5, 0, 1)
    seas = smoothstep(0.47, 0.66, fbm(rng, (side, side), 2.6, 4)) * 0.26
    pits = (fbm(rng, (side, side), 9, 3) - 0.5) * 0.16
    tone = (0.97 - seas + pits) * (0.80 + 0.28 * np.sqrt(np.clip(1 - distance**2, 0, 1)))
    if phase < 1:
        offset = np.hypot(axis[None, :] + 2 * phase * 0.55, axis[:, None] * 0.98 + 0.10)
        mask = mask * smoothstep(0.97, 1.03, offset)
    patch = tone[..., None] * np.array(hexa("f3f4ff"), np.float32)
    canvas.cover(
        patch.astype(np.float32),
        mask,
        round(fx * canvas.width - side / 2),
        round(fy * canvas.height - side / 2),
    )


def stars(
    canvas: Canvas, rng: Rng, horizon: float, density: float = 1.0, band: bool = True
) -> None:
    """Stars of many sizes and warmths, a faint milky band, and a few with a sparkle."""
    aspect = canvas.width / canvas.height
    if band:
        height, width = canvas.small(420)
        y, x = np.mgrid[0:height, 0:width].astype(np.float32)
        slope, lift = rng.uniform(-0.5, 0.5), rng.uniform(0.2, 0.4)
        across = y / height - lift - slope * (x / width - 0.5)
        cloud = fbm(rng, (height, width), 3.5, 5, 0.6)
        dust = fbm(rng, (height, width), 6, 4, 0.6)
        milk = np.exp(-((across / 0.17) ** 2)) * np.clip(cloud * 1.5 - 0.25, 0, 1.4)
        milk *= 1 - 0.75 * smoothstep(0.5, 0.72, dust) * np.exp(-((across / 0.08) ** 2))
        milk *= 1 - smoothstep(horizon * 0.7, horizon * 1.02, y / height)
        canvas.light((0.36, 0.42, 0.62), canvas.spread((milk * 0.55 * density).astype(np.float32)))
    count = int(520 * density * aspect)
    xs, ys = rng.random(count), rng.random(count) * horizon
    sizes = np.where(rng.random(count) < 0.012, 1.0, 0.9 * rng.random(count) ** 5)
    warmth = rng.random(count)
    px = canvas.unit / 1080
    layer = np.zeros((canvas.height, canvas.width), np.uint8)
    bright: list[tuple[float, float, float, float]] = []
    for fx, fy, size, warm in zip(xs, ys, sizes, warmth, strict=True):
        fade = 1 - 0.75 * (fy / max(horizon, 0.1)) ** 3
        centre = (int(fx * canvas.width * 16), int(fy * canvas.height * 16))
        radius = max(0.55, (0.55 + 1.25 * size) * px)
        level = int(255 * min(1.0, (0.28 + 0.72 * size) * fade))
        cv2.circle(layer, centre, int(radius * 16), level, -1, cv2.LINE_AA, shift=4)
        if size > 0.93:
            bright.append((fx, fy, fade, warm))
    field = layer.astype(np.float32) / 255
    canvas.light((0.96, 0.97, 1.0), field)
    for fx, fy, fade, warm in bright:
        tint = mix(hexa("bcd2ff"), hexa("ffe3bf"), float(warm))
        canvas.glow(fx, fy, 0.017, tint, 0.9 * fade, 2.5)


def aurora(canvas: Canvas, rng: Rng, horizon: float) -> None:
    """Curtains of green and violet light."""
    height, width = canvas.small(640)
    y = np.linspace(0, 1, height, dtype=np.float32)[:, None]
    total: Array = np.zeros((height, width, 3), np.float32)
    for index in range(4):
        base = horizon * (0.42 + 0.13 * index) + (line(rng, width, 2.2, 3) - 0.5) * horizon * 0.42
        rays = np.clip(line(rng, width, 30, 4, 0.65) * 1.5 - 0.3, 0.05, 1.4)
        veil = np.clip(line(rng, width, 3, 2) * 1.7 - 0.35, 0, 1)
        tall = horizon * (0.30 + 0.30 * line(rng, width, 5, 3))
        above = (base[None, :] - y) / tall[None, :]
        body = (
            np.where(above > 0, np.exp(-above * 2.1), np.exp(above * 22)) * (rays * veil)[None, :]
        )
        high = np.clip(above * 0.9, 0, 1)[..., None]
        tint = np.array(hexa("3dffa8"), np.float32) * (1 - high) + high * np.array(
            hexa("8a4dff"), np.float32
        )
        total += body[..., None] * tint * (0.75 - 0.12 * index)
    total = cv2.GaussianBlur(total, (0, 0), width / 400)
    light = canvas.spread(total)
    room = np.maximum(1.1 - canvas.picture, 0.1)
    canvas.picture += light * room


def shooting_star(canvas: Canvas, rng: Rng, horizon: float) -> None:
    """A comet: a bright head and a long tail that widens and fades."""
    x, y = float(rng.uniform(0.30, 0.62)), float(rng.uniform(0.20, 0.5)) * horizon
    for index in range(60):
        part = index / 59
        canvas.glow(
            x + 0.22 * part,
            y - 0.13 * part,
            0.012 + 0.040 * part,
            (0.75, 0.9, 1.0),
            0.62 * (1 - part) ** 1.6,
            1.6,
        )
    canvas.glow(x, y, 0.085, (0.85, 0.95, 1.0), 0.9, 2.4)
    canvas.glow(x, y, 0.024, (1, 1, 1), 1.6, 1.0)


def rays(canvas: Canvas, light: Light, strength: float, rng: Rng) -> None:
    """God rays: what is bright around the source, smeared away from it."""
    height, width = canvas.small(480)
    small = cv2.resize(canvas.picture, (width, height), interpolation=cv2.INTER_AREA)
    bright = np.clip(small.max(axis=2) - 0.72, 0, 0.6)
    bright *= 0.55 + 0.9 * fbm(rng, (height, width), 14, 2)
    x, y = light.sun_x * width, light.sun_y * height
    smeared: Array = bright.astype(np.float32)
    reach = 1.0
    for step in range(6):  # doubling the reach each time: 64 samples for the price of six
        zoom = 1.0 + 0.014 * 2.0**step
        matrix = np.array([[zoom, 0, x * (1 - zoom)], [0, zoom, y * (1 - zoom)]], np.float32)
        moved = cv2.warpAffine(smeared, matrix, (width, height), borderMode=cv2.BORDER_CONSTANT)
        smeared = smeared * 0.5 + moved * 0.5 * reach
    canvas.light(light.glow, canvas.spread(smeared * (2.2 * strength)))
