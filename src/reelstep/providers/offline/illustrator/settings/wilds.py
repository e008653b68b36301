"""Harsher country: snow, sand, plains, other worlds."""

from __future__ import annotations

import numpy as np

from reelstep.providers.offline.illustrator import clouds, foliage, sky, terrain
from reelstep.providers.offline.illustrator.colour import RGB, hexa, mix, turn
from reelstep.providers.offline.illustrator.light import foreign_sky
from reelstep.providers.offline.illustrator.paths import smooth
from reelstep.providers.offline.illustrator.planets import planet
from reelstep.providers.offline.illustrator.scene import Floor, Scene
from reelstep.providers.offline.illustrator.settings.common import (
    default_floor,
    heavens,
    treeline,
    trees,
)
from reelstep.providers.offline.illustrator.settings.land import SNOW
from reelstep.providers.offline.illustrator.settings.registry import setting
from reelstep.providers.offline.illustrator.sketch import Sketch, Sprite


@setting("snow")
def snow(scene: Scene) -> Floor:
    plan, canvas, light = scene.plan, scene.canvas, scene.light
    horizon = plan.horizon
    heavens(scene, horizon)
    terrain.ridges(
        canvas, light, scene.world("ridges"), horizon, 0.24, 3, hexa("7590b4"), 0.7, SNOW
    )
    land = terrain.Land(
        hexa("dbe7f6"), SNOW, hexa("a9bbd2"), relief=0.16, rough=0.12, near=0.08, texture=0.04
    )
    terrain.paint(canvas, light, land, scene.rng("land"), horizon + 0.015)
    leaf = hexa("3f6b58")
    if not plan.has("penguin"):
        treeline(scene, horizon + 0.04, 0.16, 18, "pine", leaf, "woods", (0.42, 0.6))
        outer = 1.0 if plan.free_side == "left" else 0.0
        trees(
            scene,
            [
                (abs(outer - 0.04), horizon + 0.16, 0.58),
                (abs(outer - 0.15), horizon + 0.11, 0.36),
                (abs(outer - 0.97), horizon + 0.12, 0.42),
            ],
            "pine",
            leaf,
            "frame",
        )
    return default_floor(scene)


@setting("desert")
def desert(scene: Scene) -> Floor:
    plan, canvas, light = scene.plan, scene.canvas, scene.light
    horizon = plan.horizon
    heavens(scene, horizon, 0.16 if light.hour == "day" else None)
    terrain.ridges(
        canvas, light, scene.world("ridges"), horizon + 0.01, 0.12, 2, hexa("a8806a"), 0.3
    )
    land = terrain.Land(
        hexa("d9a45e"),
        hexa("f0cb8c"),
        hexa("b9814e"),
        relief=0.24,
        rough=0.04,
        near=0.10,
        rise=1.6,
        texture=0.045,
        cells=3.0,
    )
    terrain.paint(canvas, light, land, scene.rng("land"), horizon + 0.02)
    return default_floor(scene)


@setting("savanna", lambda scene, floor: _dry_grass(scene, floor.base - 0.04, 0.34))
def savanna(scene: Scene) -> Floor:
    plan, canvas, light = scene.plan, scene.canvas, scene.light
    horizon = plan.horizon
    heavens(scene, horizon)
    terrain.ridges(
        canvas, light, scene.world("ridges"), horizon + 0.005, 0.12, 3, hexa("8d7f86"), 0.35
    )
    land = terrain.Land(
        hexa("b98f45"),
        hexa("d8b766"),
        hexa("9a7242"),
        relief=0.06,
        rough=0.1,
        near=0.05,
        texture=0.16,
    )
    terrain.paint(canvas, light, land, scene.rng("land"), horizon + 0.01)
    rng = scene.rng("acacia")
    outer = 1.0 if plan.free_side == "left" else 0.0
    spots = [
        (
            float(rng.random()),
            horizon + 0.018 + 0.02 * float(rng.random()),
            float(rng.uniform(0.07, 0.14)),
        )
        for _ in range(9)
    ]
    spots += [(abs(outer - 0.10), horizon + 0.10, 0.52), (abs(outer - 0.93), horizon + 0.055, 0.28)]
    for fx, fy, tall in sorted(spots, key=lambda spot: spot[1]):
        fog = float(np.clip((1 - (fy - horizon) / 0.12) * light.haze, 0, 0.8))
        scene.place(_acacia(scene, tall, rng), fx, fy, fog=fog, shadow=0.5 if tall > 0.2 else 0)
    _dry_grass(scene, horizon, 0.9)
    return default_floor(scene)


def _dry_grass(scene: Scene, top: float, amount: float) -> None:
    foliage.grass(
        scene.canvas, scene.light, scene.rng("dry", amount), top, hexa("c39a45"), amount, 0.95, 0.09
    )


def _acacia(scene: Scene, tall: float, rng: np.random.Generator) -> Sprite:
    """The flat-topped tree of the plains."""
    pixels = tall * scene.canvas.unit
    sketch = Sketch((-0.8, -1.05, 0.8, 0.03), pixels, scene.light, scene.ink)
    bark = hexa("5f4733")
    fork = float(rng.uniform(-0.06, 0.06))
    sketch.shape(
        smooth(
            [
                (-0.045, 0.02),
                (-0.03, -0.4),
                (fork - 0.02, -0.6),
                (fork + 0.025, -0.6),
                (0.03, -0.4),
                (0.05, 0.02),
            ],
            steps=4,
        ),
        bark,
        0.9,
    )
    for x in (-0.48, -0.2, 0.16, 0.46):
        sketch.line(smooth([(fork, -0.55), (x * 0.5, -0.7), (x, -0.86)], closed=False), 0.024, bark)
    base = sketch.sprite()
    sheet = foliage.blank(*base.rgba.shape[:2])
    count = int(np.clip(1500 * tall * scene.canvas.unit / 300, 160, 1800))
    tier = rng.integers(0, 3, count)
    x = rng.normal(0, 0.30, count).clip(-0.72, 0.72) * (1 - 0.18 * tier)
    y = (
        -0.84
        - 0.065 * tier
        - 0.06 * np.sqrt(np.clip(1 - (x / 0.75) ** 2, 0, 1)) * rng.random(count)
    )
    lit = np.clip(0.2 + 0.28 * tier + rng.normal(0, 0.12, count), 0, 1)[:, None]
    cool, warm = np.array(hexa("33441f")), np.array(hexa("a3a24a"))
    light = scene.light
    tone = (cool + (warm - cool) * lit) * (
        np.array(light.ambient) * 0.5 + np.array(light.key) * (0.15 + 0.5 * lit)
    )
    at = (np.stack([x, y], 1) - np.array([sketch.left, sketch.top])) * pixels
    order = np.argsort(lit[:, 0])
    size = np.full(count, max(1.1, 0.016 * pixels)) * rng.uniform(0.7, 1.3, count)
    foliage.scatter_leaves(
        sheet,
        at[order].astype(np.float32),
        size.astype(np.float32),
        rng.normal(0, 0.5, count),
        tone[order].astype(np.float32),
    )
    leaves = foliage.as_float(sheet)
    return Sprite((base.rgba * (1 - leaves[..., 3:4]) + leaves).astype(np.float32), base.x, base.y)


@setting("mars")
def mars(scene: Scene) -> Floor:
    return _rocky(
        scene, "d9a27c", "e8b48a", "f3cfa4", "d99c74", ("a8522c", "d08050", "7d3a22"), stars=False
    )


@setting("moonscape")
def moonscape(scene: Scene) -> Floor:
    return _rocky(
        scene, "02030a", "05070f", "0c111c", "2a2d38", ("8b8d94", "b9bbc2", "5f6168"), stars=True
    )


def _rocky(
    scene: Scene,
    zenith: str,
    middle: str,
    horizon_tone: str,
    fog: str,
    ground: tuple[str, str, str],
    stars: bool,
) -> Floor:
    plan, canvas = scene.plan, scene.canvas
    horizon = plan.horizon
    scene.light = foreign_sky(scene.light, zenith, middle, horizon_tone, fog)
    light = scene.light
    rng = scene.rng("land")
    sky.gradient(canvas, light, horizon, rng)
    if stars or light.dark:
        sky.stars(canvas, scene.world("stars"), horizon, 1.3)
    if stars:
        planet_at = plan.across(0.75)
        planet(scene, planet_at, 0.22, 0.13, "earth")
    else:
        sky.sun(canvas, light, 0.03)
        sky.moon(canvas, 1 - light.sun_x, 0.16, 0.018, scene.world("phobos"))
        clouds.layer(canvas, light, scene.rng("dust"), horizon, 0.25)
    low, high, steep = (hexa(code) for code in ground)
    terrain.ridges(
        canvas, light, scene.world("ridges"), horizon + 0.005, 0.20, 3, mix(steep, low, 0.4), 0.5
    )
    land = terrain.Land(
        low, high, steep, relief=0.34, rough=0.55, near=0.10, texture=0.20, cells=5.0
    )
    terrain.paint(canvas, light, land, rng, horizon + 0.02)
    stones(scene, rng, mix(low, steep, 0.4), 46)
    return default_floor(scene)


def stones(scene: Scene, rng: np.random.Generator, colour: RGB, count: int) -> None:
    """Boulders and pebbles, larger towards the viewer, out of the subjects' way."""
    horizon = scene.plan.horizon
    for part in np.sort(rng.power(1.6, count)).tolist():
        fy = horizon + 0.03 + part * (0.99 - horizon)
        near = (fy - horizon) / (1 - horizon)
        tall = (0.006 + 0.05 * near**1.6) * float(rng.uniform(0.5, 1.5))
        fx = float(rng.random())
        if near > 0.45 and 0.3 < fx < 0.75:
            tall *= 0.35
        sketch = Sketch((-0.9, -1.0, 0.9, 0.1), tall * scene.canvas.unit, scene.light, scene.ink)
        outline = [
            (-0.75, 0),
            (-0.62, -0.5),
            (-0.2, -0.86),
            (0.3, -0.74),
            (0.68, -0.36),
            (0.78, 0.0),
            (0, 0.06),
        ]
        bumpy = np.array(outline) + rng.uniform(-0.12, 0.12, (7, 2)) * np.array([1, 0.6])
        sketch.shape(
            smooth(bumpy, steps=3),
            turn(colour, 0, 1, float(rng.uniform(0.8, 1.15))),
            1.0,
            bevel=0.6,
        )
        scene.place(
            sketch.sprite(scene.mottle),
            fx,
            fy,
            shadow=0.6,
            fog=float((1 - near) ** 2 * 0.6 * scene.light.haze),
        )
