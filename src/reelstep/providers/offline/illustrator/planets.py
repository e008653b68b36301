"""Globes in space: banded gas, clouded seas, bare rock, and Saturn with its rings."""

from __future__ import annotations

import cv2
import numpy as np

from reelstep.providers.offline.illustrator.colour import hexa, turn
from reelstep.providers.offline.illustrator.noise import Array, fbm, smoothstep
from reelstep.providers.offline.illustrator.scene import Scene


def planet(scene: Scene, fx: float, fy: float, radius: float, kind: str) -> None:
    """A lit globe: banded gas, clouded seas, or bare rock; Saturn with its rings."""
    canvas = scene.canvas
    rng = scene.world("planet", kind)
    r = radius * canvas.unit
    part = min(1.0, 420 / r)
    rr = int(r * part)
    if rr < 3:
        return
    reach = 2.4 if kind == "saturn" else 1.12
    side = int(2 * rr * reach)
    axis = (np.arange(side, dtype=np.float32) - side / 2 + 0.5) / rr
    x, y = np.meshgrid(axis, axis)
    tilt = np.radians(-18)
    xt, yt = x * np.cos(tilt) - y * np.sin(tilt), x * np.sin(tilt) + y * np.cos(tilt)
    distance = np.hypot(x, y)
    z = np.sqrt(np.clip(1 - distance**2, 0, 1))
    lit_from = np.array([(scene.plan.sun_x - fx) * 2.2, -0.55, 0.42])
    lit_from /= np.linalg.norm(lit_from)
    sun = np.clip(x * lit_from[0] + y * lit_from[1] + z * lit_from[2], 0, 1) ** 0.8
    longitude = np.arctan2(xt, np.maximum(z, 1e-3)) / np.pi
    map_x = ((longitude + 1) * 256).astype(np.float32)
    map_y = ((np.clip(yt, -1, 1) + 1) * 127).astype(np.float32)
    rough = cv2.remap(
        fbm(rng, (256, 512), 5, 6, 0.55), map_x, map_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP
    )
    colour = _skin(kind, yt, rough, rng)
    shade = (0.045 + 1.08 * sun)[..., None]
    rim = np.clip(distance, 0, 1)[..., None] ** 5 * sun[..., None]
    air = np.array(hexa("8fc7ff") if kind == "earth" else hexa("ffe2b8"), np.float32)
    surface = colour * shade + air * rim * (0.5 if kind != "rock" else 0.1)
    mask = np.clip((1 - distance) * rr + 0.5, 0, 1)
    rgba: Array = np.dstack([surface * mask[..., None], mask]).astype(np.float32)
    if kind == "saturn":
        rgba = _rings(rgba, xt, yt, z, mask, lit_from, rng)
    if kind in ("earth", "gas", "saturn"):
        canvas.glow(fx, fy, radius * 1.55, turn(hexa("9fb8ff"), 0), 0.20, 2.2)
    size = int(side / part)
    rgba = cv2.resize(rgba, (size, size), interpolation=cv2.INTER_CUBIC)
    canvas.over(
        np.clip(rgba, 0, 2), int(fx * canvas.width - size / 2), int(fy * canvas.height - size / 2)
    )


def _skin(kind: str, latitude: Array, rough: Array, rng: np.random.Generator) -> Array:
    if kind == "earth":
        land = smoothstep(0.52, 0.56, rough)[..., None]
        green = np.array(hexa("5c8f4a"), np.float32) * (0.7 + 0.6 * rough[..., None])
        colour = np.array(hexa("1d5fae"), np.float32) * (1 - land) + green * land
        ice = smoothstep(0.80, 0.92, np.abs(latitude) + (rough - 0.5) * 0.3)[..., None]
        colour = colour * (1 - ice) + np.array([0.95, 0.98, 1.0], np.float32) * ice
        swirl = smoothstep(
            0.50, 0.72, np.roll(rough, 37, axis=1) * 0.7 + np.roll(rough, 61, axis=0) * 0.35
        )[..., None]
        return np.asarray(colour * (1 - swirl * 0.8) + swirl * 0.8, np.float32)
    if kind == "rock":
        return np.array(hexa("a89a8c"), np.float32) * (0.55 + 0.9 * rough[..., None])
    first, second, third = (
        ("f3dcae", "d3a86c", "fff2d2")
        if kind == "saturn"
        else (
            ("5fa8d8", "2f6fb0", "c9e8f6"),
            ("e0905a", "b55a3c", "f6d9b0"),
            ("9a7fd0", "5f4a9c", "e0d0f6"),
        )[int(rng.integers(3))]
    )
    wave = latitude * 9 + (rough - 0.5) * 1.5
    band = (0.5 + 0.5 * np.sin(wave) * np.cos(wave * 0.43 + 1.0))[..., None]
    thin = (0.5 + 0.5 * np.sin(latitude * 34 + rough * 3))[..., None]
    colour = (
        np.array(hexa(first), np.float32) * (1 - band) + np.array(hexa(second), np.float32) * band
    )
    return np.asarray(colour * 0.85 + np.array(hexa(third), np.float32) * thin * 0.18, np.float32)


def _rings(
    rgba: Array,
    xt: Array,
    yt: Array,
    z: Array,
    mask: Array,
    lit_from: Array,
    rng: np.random.Generator,
) -> Array:
    around = np.hypot(xt, yt / 0.30)
    track = np.clip((around - 1.25) / (2.3 - 1.25), 0, 1)
    profile = 0.35 + 0.65 * np.interp(track, np.linspace(0, 1, 90), rng.random(90))
    profile = profile * smoothstep(1.24, 1.30, around) * smoothstep(2.30, 2.24, around)
    profile = profile * (1 - 0.92 * smoothstep(0.035, 0.012, np.abs(around - 1.95)))
    front = (yt > 0) | (mask < 0.02)
    alpha = np.where(front, profile, profile * (1 - mask)) * 0.92
    shadow = 1 - 0.85 * ((yt < 0) & (np.abs(xt + lit_from[0] * 1.2) < 0.75) & (around < 2.3))
    tone = (
        np.array(hexa("f0dcb6"), np.float32) * (0.65 + 0.5 * track[..., None]) * shadow[..., None]
    )
    below = rgba.copy()
    ring_shadow = (
        np.exp(-(((yt + 0.10) / 0.035) ** 2)) * mask * 0.5
    )  # the rings' shadow on the globe
    below[..., :3] *= (1 - ring_shadow)[..., None]
    out = below * (1 - alpha[..., None])
    out[..., :3] += tone * alpha[..., None]
    out[..., 3] += alpha
    return np.asarray(out, np.float32)
