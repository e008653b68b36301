"""Where land meets water."""

from __future__ import annotations

import cv2
import numpy as np

from reelstep.providers.offline.illustrator import clouds, foliage, terrain, water
from reelstep.providers.offline.illustrator.colour import hexa, mix
from reelstep.providers.offline.illustrator.noise import Array, fbm, line, ridged, smoothstep
from reelstep.providers.offline.illustrator.scene import Floor, Scene
from reelstep.providers.offline.illustrator.settings.common import (
    default_floor,
    heavens,
    leaf_colour,
    treeline,
    trees,
)
from reelstep.providers.offline.illustrator.settings.land import blooms
from reelstep.providers.offline.illustrator.settings.registry import setting
from reelstep.providers.offline.illustrator.settings.wilds import stones

_DEEP, _SHALLOW = hexa("0e4a72"), hexa("2c8fa8")


@setting("sea")
def sea(scene: Scene) -> Floor:
    plan, canvas, light = scene.plan, scene.canvas, scene.light
    horizon = plan.horizon
    heavens(scene, horizon)
    if plan.has("lighthouse") or plan.mood == "epic" or scene.world("isles").random() < 0.55:
        terrain.ridges(canvas, light, scene.world("ridges"), horizon, 0.10, 2, hexa("5f7488"), 0.5)
    waves = 0.95 if light.hour == "storm" else 0.5 if "windy" in plan.weather else 0.30
    if plan.mood in ("calm", "romantic") and light.hour != "storm":
        waves = 0.18
    water.surface(canvas, light, scene.rng("water"), horizon, _DEEP, _SHALLOW, waves)
    if light.hour in ("dawn", "storm", "dusk"):
        clouds.mist(canvas, light, scene.rng("mist"), horizon, 0.03, 0.6)
    floor = default_floor(scene)
    floor.water = max(0.74, horizon + 0.10)
    _headland(scene, 0.925, inner=True)
    if plan.has("lighthouse") or any(e.name not in _AFLOAT for e in plan.elements):
        _headland(scene, floor.base, inner=False)
    return floor


_AFLOAT = frozenset(
    [
        "boat",
        "ship",
        "whale",
        "dolphin",
        "fish",
        "duck",
        "moon",
        "sun",
        "star",
        "bird",
        "rainbow",
        "confetti",
        "balloon",
        "fireworks",
        "aurora",
        "comet",
        "lantern",
        "heart",
        "plane",
        "hotair",
        "kite",
        "turtle",
        "notes",
        "planet",
        "bunting",
        "ufo",
        "rocket",
    ]
)


def _headland(scene: Scene, level: float, inner: bool) -> None:
    """A grassy rock to stand on, `level` high: the subject's, or the companion's (`inner`)."""
    plan, canvas, light = scene.plan, scene.canvas, scene.light
    rng = scene.rng("headland", inner)
    width, height = canvas.width, canvas.height
    x = np.linspace(0, 1, width, dtype=np.float32)
    reach = x if (plan.free_side == "left") != inner else 1 - x
    start, span = (0.56, 0.20) if inner else (0.30, 0.42)
    rise = np.clip((reach - start) / span, 0, 1)
    rise = rise * rise * (3 - 2 * rise)
    top = 1.03 - rise * (1.055 - level)
    top += (line(rng, width, 9, 6, 0.55) - 0.5) * 0.05 * (0.35 + rise)
    part = 0.5
    w, h = int(width * part), int(height * part)
    crag = ridged(rng, (h, w), 7, 5, 0.55)
    fine = fbm(rng, (h, w), 34, 4, 0.6)
    y = np.arange(h, dtype=np.float32)[:, None] / h
    edge = np.interp(np.linspace(0, width - 1, w), np.arange(width), top)[None, :]
    depth = y - edge
    gx = cv2.Sobel(cv2.GaussianBlur(crag, (0, 0), 1.0), cv2.CV_32F, 1, 0, scale=0.125)
    lit = np.clip(0.5 - gx * np.sign(light.sun_x - 0.5) * 9 - depth * 0.8, 0.05, 1)[..., None]
    rock = (
        np.array(hexa("4d4a4c"), np.float32) * (1 - crag[..., None] * 0.6)
        + np.array(hexa("8a8078"), np.float32) * crag[..., None] * 0.6
    )
    turf = np.array(mix(leaf_colour(scene), hexa("6f7a3c"), 0.4), np.float32) * (
        0.7 + 0.6 * fine[..., None]
    )
    green = smoothstep(0.085, 0.02, depth + (fine - 0.5) * 0.09)[..., None]
    if plan.snowy:
        turf = np.array(hexa("eef4ff"), np.float32) * (0.9 + 0.15 * fine[..., None])
    tone = rock * (1 - green) + turf * green
    colour = tone * (
        np.array(light.ambient, np.float32) * 0.55 + np.array(light.key, np.float32) * 0.75 * lit
    )
    canvas.cover(
        cv2.resize(colour.astype(np.float32), canvas.size, interpolation=cv2.INTER_CUBIC),
        np.clip((np.arange(height, dtype=np.float32)[:, None] - top[None, :] * height) + 0.5, 0, 1),
    )
    if not plan.snowy:
        _turf(scene, top, rise)


def _turf(scene: Scene, top: Array, rise: Array) -> None:
    """Tufts along the headland's edge."""
    canvas, light = scene.canvas, scene.light
    rng = scene.rng("turf")
    sheet = foliage.blank(canvas.height, canvas.width)
    count = 1500
    column = rng.integers(0, canvas.width, count)
    column = column[rise[column] > 0.25]
    y = top[column] * canvas.height + rng.random(column.size) ** 2 * 0.05 * canvas.height + 2
    long = 0.017 * canvas.unit * rng.uniform(0.5, 1.5, column.size)
    lean = rng.normal(0.2, 0.4, column.size) * long
    shape = np.stack(
        [
            np.stack([column - 0.09 * long, y], 1),
            np.stack([column + lean, y - long], 1),
            np.stack([column + 0.09 * long, y], 1),
        ],
        1,
    )
    tone = np.array(mix(leaf_colour(scene), hexa("a9a85a"), 0.4))
    shade = rng.uniform(0.5, 1.0, (column.size, 1))
    colour = tone * shade * (np.array(light.ambient) * 0.55 + np.array(light.key) * 0.5)
    foliage.fill(sheet, shape.astype(np.float32), colour.astype(np.float32))
    canvas.over(foliage.as_float(sheet))


@setting("beach")
def beach(scene: Scene) -> Floor:
    """Sand in front, sea behind, palms at the side."""
    plan, canvas, light = scene.plan, scene.canvas, scene.light
    horizon = plan.horizon
    heavens(scene, horizon)
    terrain.ridges(canvas, light, scene.world("ridges"), horizon, 0.09, 2, hexa("5c8a80"), 0.4)
    water.surface(canvas, light, scene.rng("water"), horizon, hexa("0d6f94"), hexa("4cc7c4"), 0.22)
    base = max(0.79, horizon + 0.14)
    sand = terrain.Land(
        hexa("dcb57c"),
        hexa("f3d9a8"),
        hexa("c99e66"),
        relief=0.0,
        rough=0.05,
        near=0.05,
        texture=0.06,
    )
    edge = base - 0.055 + (line(scene.rng("shore"), 200, 2.2, 3) - 0.5) * 0.07
    _sand(scene, sand, edge)
    water.foam_line(canvas, scene.rng("foam"), edge, 0.016, (0.96, 0.98, 1.0))
    water.foam_line(canvas, scene.rng("foam2"), edge - 0.035, 0.008, (0.96, 0.98, 1.0), 0.5)
    outer = 1.0 if plan.free_side == "left" else 0.0
    if not plan.has("palm"):
        scene.put("palm", abs(outer - 0.03), base + 0.06, 0.78, key=1, shadow=0.7, flip=outer > 0.5)
        scene.put("palm", abs(outer - 0.12), base + 0.01, 0.56, key=2, shadow=0.6)
    stones(scene, scene.rng("stones"), hexa("b79a78"), 12)
    floor = default_floor(scene)
    floor.water = horizon + (base - horizon) * 0.52
    floor.base = max(floor.base, base + 0.035)
    floor.shore = base - 0.06
    return floor


def _sand(scene: Scene, sand: terrain.Land, edge: Array) -> None:
    canvas, light = scene.canvas, scene.light
    rng = scene.rng("sand")
    h, w = canvas.small(1200)
    y = np.arange(h, dtype=np.float32)[:, None] / h
    line_y = cv2.resize(edge[None, :].astype(np.float32), (w, 1), interpolation=cv2.INTER_CUBIC)
    depth = np.clip((y - line_y) / 0.30, 0, 1)
    ripple = fbm(rng, (h, w), 26, 4, 0.6, stretch=5)
    grain = fbm(rng, (h, w), 120, 2, 0.6)
    wet = np.exp(-np.clip(y - line_y, 0, None) / 0.035)[..., None]
    tone = (
        np.array(sand.low, np.float32) * (1 - ripple[..., None])
        + np.array(sand.high, np.float32) * ripple[..., None]
    )
    tone = tone * (0.93 + 0.14 * grain[..., None]) * (1.0 - 0.10 * depth[..., None])
    tone = tone * (1 - 0.36 * wet) + np.array(light.horizon, np.float32) * 0.12 * wet
    dy = ripple - np.roll(ripple, 2, axis=0)
    lit = np.clip(0.72 + dy * 1.5, 0.5, 1.05)[..., None]
    colour = tone * (
        np.array(light.ambient, np.float32) * 0.52 + np.array(light.key, np.float32) * 0.66 * lit
    )
    mask = np.clip(
        (
            np.arange(canvas.height, dtype=np.float32)[:, None]
            - cv2.resize(line_y, (canvas.width, 1)) * canvas.height
        )
        / 3
        + 0.5,
        0,
        1,
    )
    canvas.cover(canvas.spread(colour.astype(np.float32)), mask)


@setting("lake")
def lake(scene: Scene) -> Floor:
    """A calm lake that mirrors woods and mountains, a shore in front."""
    plan, canvas, light = scene.plan, scene.canvas, scene.light
    horizon = plan.horizon
    heavens(scene, horizon)
    snow = hexa("eef4ff")
    terrain.ridges(
        canvas, light, scene.world("ridges"), horizon, 0.30, 3, hexa("5a7590"), 0.75, snow
    )
    leaf = mix(leaf_colour(scene), hexa("2f5f4a"), 0.45)
    kind = "pine" if plan.snowy or scene.world("wood").random() < 0.6 else "round"
    treeline(scene, horizon + 0.004, 0.07, 46, kind, leaf, "shore")
    treeline(scene, horizon + 0.012, 0.13, 22, kind, leaf, "bank", (0.34, 0.66))
    clouds.mist(canvas, light, scene.rng("mist"), horizon - 0.005, 0.025, 0.5)
    waves = 0.06 if plan.mood in ("calm", "romantic", "mysterious") else 0.14
    water.surface(
        canvas, light, scene.rng("water"), horizon + 0.008, hexa("123f55"), hexa("2f7484"), waves
    )
    floor = default_floor(scene)
    floor.water = max(horizon + 0.09, 0.70)
    floor.shore = 0.79
    _bank(scene, floor)
    outer = 1.0 if plan.free_side == "left" else 0.0
    trees(scene, [(abs(outer - 0.02), floor.base + 0.03, 0.86)], kind, leaf_colour(scene), "frame")
    return floor


def _bank(scene: Scene, floor: Floor) -> None:
    """The near shore, grassy, higher at the outer side."""
    plan, canvas, light = scene.plan, scene.canvas, scene.light
    rng = scene.rng("bank")
    x = np.linspace(0, 1, canvas.width, dtype=np.float32)
    reach = x if plan.free_side == "left" else 1 - x
    top = (
        0.90
        - 0.125 * np.clip((reach - 0.25) / 0.5, 0, 1) ** 1.2
        + (line(rng, canvas.width, 6, 5) - 0.5) * 0.035
    )
    h, w = canvas.small(900)
    fine = fbm(rng, (h, w), 30, 4, 0.6, stretch=2)[..., None]
    ground = hexa("e6eefa") if plan.snowy else mix(leaf_colour(scene), hexa("5c6a2f"), 0.35)
    colour = np.array(ground, np.float32) * (0.62 + 0.6 * fine)
    colour = colour * (
        np.array(light.ambient, np.float32) * 0.5 + np.array(light.key, np.float32) * 0.52
    )
    mask = np.clip(
        (np.arange(canvas.height, dtype=np.float32)[:, None] - top[None] * canvas.height) + 0.5,
        0,
        1,
    )
    canvas.cover(cv2.resize(colour.astype(np.float32), canvas.size), mask)
    if not plan.snowy:
        _turf(scene, top, np.ones_like(top))
        foliage.flowers(canvas, light, scene.rng("wild"), 0.74, blooms(scene), 0.35, 0.16)
    floor.base = 0.815
