"""Open country."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from reelstep.providers.offline.illustrator import clouds, foliage, sky, terrain
from reelstep.providers.offline.illustrator.colour import RGB, hexa, mix, turn
from reelstep.providers.offline.illustrator.scene import Floor, Scene
from reelstep.providers.offline.illustrator.settings.common import (
    default_floor,
    frame_leaves,
    heavens,
    leaf_colour,
    treeline,
    trees,
)
from reelstep.providers.offline.illustrator.settings.registry import setting

SNOW = hexa("eef4ff")
_BLOOMS: tuple[tuple[RGB, ...], ...] = (
    (hexa("ff6f91"), hexa("ffd166"), hexa("fff1f5"), hexa("c77dff")),
    (hexa("f25f5c"), hexa("ffe066"), hexa("ffffff"), hexa("f7a072")),
    (hexa("b388eb"), hexa("f7aef8"), hexa("fdfcdc"), hexa("8093f1")),
)


def blooms(scene: Scene) -> tuple[RGB, ...]:
    return _BLOOMS[int(scene.world("blooms").integers(len(_BLOOMS)))]


def grass_land(scene: Scene, relief: float, near: float = 0.05) -> terrain.Land:
    if scene.plan.snowy:
        return terrain.Land(
            hexa("dfe9f6"),
            SNOW,
            hexa("b4c2d4"),
            relief=relief,
            rough=0.15,
            near=near,
            texture=0.05,
        )
    green = leaf_colour(scene)
    return terrain.Land(
        mix(green, hexa("3f6e2c"), 0.35),
        mix(green, hexa("c9c75a"), 0.35),
        hexa("8a7a58"),
        relief=relief,
        rough=0.12,
        near=near,
        texture=0.14,
    )


def meadow_front(scene: Scene, floor: Floor) -> None:
    """Grass and flowers that overlap the subjects' feet, then out of focus at the very edge."""
    if scene.plan.snowy:
        return
    rng = scene.rng("front")
    green = leaf_colour(scene)
    base = floor.base + 0.035
    foliage.grass(scene.canvas, scene.light, rng, base - 0.08, green, 0.30, 0.85, 0.09)
    if scene.plan.setting in ("garden", "meadow"):
        _near_flowers(scene, rng)


def _near_flowers(scene: Scene, rng: np.random.Generator) -> None:
    """A few large blurred blossoms in the lower corner away from the companion."""
    side = 1.0 if scene.plan.free_side == "left" else 0.0
    colours = blooms(scene)
    for index in range(7):
        fx = abs(side - abs(float(rng.normal(0, 0.10))))
        fy = float(rng.uniform(0.93, 1.06))
        size = float(rng.uniform(0.10, 0.17))
        scene.put(
            "flower",
            fx,
            fy + size * 0.5,
            size * 1.5,
            colours[index % len(colours)],
            key=("near", index % 3),
            blur=0.006 + 0.004 * (index % 2),
            opacity=0.96,
        )


@setting("meadow", meadow_front)
def meadow(scene: Scene) -> Floor:
    plan, canvas, light = scene.plan, scene.canvas, scene.light
    heavens(scene, plan.horizon)
    rng = scene.rng("land")
    terrain.ridges(
        canvas, light, scene.world("ridges"), plan.horizon + 0.01, 0.15, 3, hexa("5c7c96"), 0.35
    )
    terrain.paint(canvas, light, grass_land(scene, 0.30), rng, plan.horizon + 0.02)
    leaf = leaf_colour(scene)
    _groves(scene, leaf, plan.horizon + 0.035)
    if not plan.snowy:
        foliage.grass(canvas, light, rng, plan.horizon, leaf, 0.75, 0.8, 0.10)
        foliage.flowers(canvas, light, rng, plan.horizon, blooms(scene), 0.65, 0.07)
    return default_floor(scene)


def _groves(scene: Scene, leaf: RGB, fy: float, big: bool = True) -> None:
    """Small far woods and one or two larger trees that frame the view."""
    rng = scene.rng("groves")
    kind = "pine" if scene.plan.snowy else "round"
    spots = []
    for _ in range(4):
        centre = float(rng.random())
        for _ in range(int(rng.integers(5, 10))):
            spots.append(
                (
                    centre + float(rng.normal(0, 0.035)),
                    fy + float(rng.uniform(0, 0.018)),
                    float(rng.uniform(0.05, 0.085)),
                )
            )
    if big:
        outer = 1.0 if scene.plan.free_side == "left" else 0.0
        spots.append((abs(outer - 0.03), fy + 0.10, 0.62))
        spots.append((abs(outer - 0.88), fy + 0.045, 0.30))
        spots.append((abs(outer - 1.02), fy + 0.07, 0.44))
    trees(scene, spots, kind, leaf)


@setting("garden", meadow_front)
def garden(scene: Scene) -> Floor:
    """A lawn between hedges and flower beds, trees behind."""
    plan, canvas, light = scene.plan, scene.canvas, scene.light
    horizon = plan.horizon
    heavens(scene, horizon)
    rng = scene.rng("land")
    leaf = leaf_colour(scene)
    terrain.ridges(canvas, light, scene.world("ridges"), horizon, 0.10, 2, hexa("6f8fa0"), 0.2)
    terrain.paint(canvas, light, grass_land(scene, 0.05, 0.02), rng, horizon + 0.01)
    kind = "pine" if plan.snowy else "round"
    treeline(scene, horizon + 0.03, 0.20, 15, kind, turn(leaf, 0.01, 0.9, 0.9), "far")
    treeline(scene, horizon + 0.055, 0.30, 7, kind, leaf, "mid", (0.3, 0.7))
    outer = 1.0 if plan.free_side == "left" else 0.0
    trees(
        scene,
        [(abs(outer - 0.02), horizon + 0.14, 0.74), (abs(outer - 0.99), horizon + 0.10, 0.56)],
        kind,
        leaf,
        "frame",
    )
    _hedge(scene, leaf, horizon + 0.075)
    if not plan.snowy:
        foliage.grass(canvas, light, rng, horizon, leaf, 0.7, 0.55, 0.12)
        foliage.flowers(
            canvas, light, scene.rng("bed"), horizon, blooms(scene), 1.0, 0.055, horizon + 0.20
        )
        foliage.flowers(canvas, light, rng, horizon, blooms(scene), 0.75, 0.10)
    return default_floor(scene)


def _hedge(scene: Scene, leaf: RGB, fy: float) -> None:
    """Flowering bushes in a row, each of many leaves."""
    canvas, light = scene.canvas, scene.light
    rng = scene.rng("hedge")
    tall = 0.105 * canvas.unit
    height = int(tall * 1.35)
    sheet = foliage.blank(height, canvas.width)
    count = int(3400 * canvas.width / canvas.height / 1.78)
    x = rng.random(count) * canvas.width
    bump = 0.68 + 0.26 * np.sin(x / tall * 2.1 + 1.0) * np.sin(x / tall * 0.77)
    up = rng.random(count) ** 0.75
    y = height - up * bump * tall
    lit = np.clip(0.16 + 0.66 * up + rng.normal(0, 0.13, count), 0, 1)[:, None]
    cool = np.array(mix(leaf, hexa("0f3328"), 0.6))
    warm = np.array(mix(leaf, hexa("cfd45c"), 0.3))
    tone = cool + (warm - cool) * lit
    palette = np.array(blooms(scene))
    flower = (rng.random(count) < (0.0 if scene.plan.snowy else 0.16)) & (up > 0.35)
    pick = (x / tall * 0.45).astype(int) % len(palette)
    tone[flower] = palette[pick[flower]] * (0.85 + 0.2 * lit[flower])
    if scene.plan.snowy:
        white = (rng.random(count) < 0.55) & (up > 0.5)
        tone[white] = np.array(SNOW)
    colour = tone * (np.array(light.ambient) * 0.55 + np.array(light.key) * (0.10 + 0.55 * lit))
    order = np.argsort(up + rng.normal(0, 0.12, count))
    size = 0.0105 * canvas.unit * rng.uniform(0.7, 1.2, count)
    foliage.scatter_leaves(
        sheet,
        np.stack([x, y], 1)[order].astype(np.float32),
        size[order].astype(np.float32),
        rng.uniform(0, 6.28, count),
        colour[order].astype(np.float32),
    )
    canvas.over(
        foliage.as_float(sheet), 0, int(fy * canvas.height) - height + int(0.02 * canvas.unit)
    )


def _forest_front(scene: Scene, floor: Floor) -> None:
    rng = scene.rng("front")
    leaf = leaf_colour(scene)
    if not scene.plan.snowy:
        foliage.grass(
            scene.canvas,
            scene.light,
            rng,
            floor.base - 0.05,
            turn(leaf, 0, 0.8, 0.7),
            0.28,
            1.1,
            0.10,
        )
    frame_leaves(scene, leaf)


@setting("forest", _forest_front)
def forest(scene: Scene) -> Floor:
    """A clearing: trunks fading into light, shafts of sun, ferns and moss."""
    plan, canvas, light = scene.plan, scene.canvas, scene.light
    horizon = plan.horizon
    heavens(scene, horizon)
    rng = scene.rng("land")
    leaf = leaf_colour(scene)
    scene.light = light = replace(
        light, fog=mix(light.fog, mix(leaf, (0.75, 0.85, 0.70), 0.6), 0.55)
    )
    clouds.mist(canvas, light, scene.rng("air"), horizon - 0.12, 0.30, 0.75)
    if plan.snowy:
        ground = grass_land(scene, 0.06, 0.06)
    else:
        ground = terrain.Land(
            hexa("4a5a2c"),
            hexa("6f7a3c"),
            hexa("5d4a35"),
            relief=0.06,
            rough=0.3,
            near=0.07,
            texture=0.24,
        )
    terrain.paint(canvas, light, ground, rng, horizon + 0.01)
    kind = (
        "pine" if plan.snowy or plan.has("pine") or scene.world("kind").random() < 0.35 else "round"
    )
    for row, (fy, tall, count) in enumerate(((0.015, 0.34, 22), (0.03, 0.46, 14), (0.06, 0.66, 8))):
        gap = None if row == 0 else (0.36, 0.64) if row == 1 else (0.20, 0.80)
        treeline(scene, horizon + fy, tall, count, kind, turn(leaf, 0, 0.9, 0.88), f"row{row}", gap)
        clouds.mist(
            canvas, light, scene.rng("mist", row), horizon - 0.01, 0.07, 0.30 * light.haze / 0.5
        )
    outer = 1.0 if plan.free_side == "left" else 0.0
    trees(
        scene,
        [
            (abs(outer - 0.01), horizon + 0.17, 1.05),
            (abs(outer - 1.0), horizon + 0.15, 0.98),
            (abs(outer - 0.16), horizon + 0.085, 0.8),
        ],
        kind,
        leaf,
        "frame",
    )
    if light.hour in ("day", "golden", "dawn", "sunset"):
        sky.rays(canvas, light, 1.0, scene.rng("rays"))
    if not plan.snowy:
        foliage.grass(canvas, light, rng, horizon, turn(leaf, 0, 0.85, 0.8), 0.8, 0.9, 0.10)
        foliage.flowers(
            canvas,
            light,
            rng,
            horizon,
            (hexa("ffffff"), hexa("f3d35c"), hexa("b9a5ee")),
            0.28,
            0.08,
        )
    return default_floor(scene)


@setting("mountain", meadow_front)
def mountain(scene: Scene) -> Floor:
    plan, canvas, light = scene.plan, scene.canvas, scene.light
    horizon = plan.horizon
    heavens(scene, horizon)
    rng = scene.rng("land")
    terrain.ridges(
        canvas, light, scene.world("ridges"), horizon - 0.02, 0.36, 3, hexa("5f7898"), 0.85, SNOW
    )
    low = hexa("dfe9f6") if plan.snowy else mix(leaf_colour(scene), hexa("4a6a34"), 0.3)
    high = SNOW if plan.snowy else hexa("7d8a58")
    land = terrain.Land(
        low, high, hexa("77716f"), SNOW, 0.30 if plan.snowy else 0.44, 0.52, 0.80, 0.05, 4.0, 0.12
    )
    terrain.paint(canvas, light, land, rng, horizon + 0.02)
    clouds.mist(canvas, light, scene.rng("mist"), horizon - 0.04, 0.07, 0.55)
    leaf = mix(leaf_colour(scene), hexa("2f5f4a"), 0.6)
    treeline(scene, horizon + 0.055, 0.11, 34, "pine", leaf, "woods")
    treeline(scene, horizon + 0.09, 0.20, 16, "pine", leaf, "edge", (0.25, 0.75))
    outer = 1.0 if plan.free_side == "left" else 0.0
    trees(
        scene,
        [
            (abs(outer - 0.03), horizon + 0.20, 0.62),
            (abs(outer - 0.10), horizon + 0.16, 0.46),
            (abs(outer - 1.0), horizon + 0.15, 0.42),
        ],
        "pine",
        leaf,
        "frame",
    )
    if not plan.snowy:
        foliage.grass(canvas, light, rng, horizon, leaf_colour(scene), 0.6, 0.7, 0.14)
        foliage.flowers(canvas, light, rng, horizon, blooms(scene), 0.4, 0.10)
    return default_floor(scene)


@setting("castle_hill", meadow_front)
def castle_hill(scene: Scene) -> Floor:
    floor = mountain(scene)
    if not scene.plan.has("castle"):
        fx = scene.plan.across(0.72)
        scene.put("castle", fx, scene.plan.horizon + 0.06, 0.26, fog=0.34 * scene.light.haze)
    return floor
