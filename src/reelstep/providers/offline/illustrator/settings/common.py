"""What several places share: a sky with its weather, woods on a slope, framing leaves."""

from __future__ import annotations

import cv2
import numpy as np

from reelstep.providers.base import VisualStyle
from reelstep.providers.offline.illustrator import clouds, foliage, sky
from reelstep.providers.offline.illustrator.colour import RGB, hexa, mix, turn
from reelstep.providers.offline.illustrator.scene import Floor, Scene
from reelstep.providers.offline.illustrator.sketch import Sprite


def heavens(scene: Scene, horizon: float, cloudiness: float | None = None) -> None:
    """The whole sky, down to `horizon`."""
    canvas, light, plan = scene.canvas, scene.light, scene.plan
    rng = scene.rng("sky")
    sky.gradient(canvas, light, horizon, rng)
    anime = plan.style is VisualStyle.ANIME
    wet = bool(plan.weather & {"rain", "storm", "snowfall"})
    if light.hour in ("night", "dusk") and not wet:
        sky.stars(
            canvas, scene.world("stars", plan.camera), horizon, 1.0 if light.moonlit else 0.35
        )
    if plan.has("aurora"):
        sky.aurora(canvas, scene.rng("aurora"), horizon)
    if light.moonlit and plan.has("fireworks"):
        pass  # the sky is theirs
    elif light.moonlit and not plan.has("aurora"):
        big = 0.085 if plan.has("moon") else 0.05
        sky.moon(canvas, light.sun_x, light.sun_y, big, scene.world("moon"))
    else:
        sky.sun(canvas, light, 0.075 if plan.has("sun") else 0.05)
    amount = {
        "overcast": 0.95,
        "storm": 1.0,
        "night": 0.22,
        "dusk": 0.42,
        "sunset": 0.52,
        "dawn": 0.42,
        "golden": 0.34,
    }.get(light.hour, 0.30)
    if "cloudy" in plan.weather:
        amount = max(amount, 0.62)
    if wet:
        amount = max(amount, 0.88)
    if cloudiness is not None:
        amount = cloudiness
    clouds.layer(canvas, light, scene.rng("deck"), horizon, amount, 0.55 if anime else 1.0)
    if light.hour in ("day", "golden", "dawn", "sunset") and amount < 0.8:
        count = 8 if anime or "cloudy" in plan.weather else 5
        crisp = 0.95 if anime else (0.45 if plan.style is VisualStyle.ARTISTIC else 0.30)
        clouds.cumulus(
            canvas, light, scene.rng("heaps"), horizon, count, crisp, 1.35 if anime else 0.95
        )
    if plan.has("moon") and not light.moonlit:  # by day: pale, across from the sun
        sky.moon(canvas, 1 - light.sun_x, min(0.2, light.sun_y), 0.06, scene.world("moon"), 0.75)


def leaf_colour(scene: Scene) -> RGB:
    """The film's green (or its autumn)."""
    rng = scene.world("leaf")
    if scene.plan.has("leaves"):
        return (hexa("d98a2f"), hexa("c9552c"), hexa("dfae3c"))[int(rng.integers(3))]
    base = (hexa("4f9a3e"), hexa("5fa544"), hexa("458f4c"))[int(rng.integers(3))]
    return turn(base, float(rng.uniform(-0.015, 0.015)))


def trees(
    scene: Scene, spots: list[tuple[float, float, float]], kind: str, leaf: RGB, key: str = "trees"
) -> None:
    """Trees at (fx, fy, height in units), far ones first; few are drawn, many are placed."""
    canvas = scene.canvas
    cache: dict[tuple[int, int], Sprite] = {}
    rng = scene.rng(key)
    horizon = scene.plan.horizon
    for fx, fy, tall in sorted(spots, key=lambda spot: spot[1]):
        bucket = int(np.log2(max(tall, 0.01)) * 2)
        variant = int(rng.integers(3))
        sprite = cache.get((bucket, variant))
        if sprite is None:
            tone = turn(
                leaf, float(rng.uniform(-0.025, 0.025)), 1.0, float(rng.uniform(0.88, 1.08))
            )
            pixels = 2.0 ** (bucket / 2 + 0.25) * canvas.unit
            maker = scene.world(key, bucket, variant)
            if kind == "pine":
                snow = 0.75 if scene.plan.snowy else 0.0
                sprite = foliage.pine(scene.light, scene.ink, maker, pixels, tone, snow)
            else:
                sprite = foliage.tree(scene.light, scene.ink, maker, pixels, tone)
            cache[bucket, variant] = sprite
        near = np.clip((fy - horizon) / 0.25, 0, 1)
        fog = float(np.clip((1 - near) ** 1.6 * scene.light.haze * 1.15, 0, 0.85))
        scene.place(
            sprite,
            fx,
            fy,
            fog=fog,
            flip=bool(rng.random() < 0.5),
            shadow=0.5 if tall > 0.12 else 0.0,
        )


def treeline(
    scene: Scene,
    fy: float,
    tall: float,
    count: int,
    kind: str,
    leaf: RGB,
    key: str,
    gap: tuple[float, float] | None = None,
) -> None:
    """A ragged row of trees along a height of the frame, leaving `gap` (fx span) open."""
    rng = scene.rng(key, "line")
    spots = []
    for index in range(count):
        fx = (index + float(rng.uniform(-0.4, 0.4)) + 0.5) / count * 1.1 - 0.05
        if gap and gap[0] < fx < gap[1]:
            continue
        spots.append(
            (fx, fy + float(rng.uniform(-0.006, 0.012)), tall * float(rng.uniform(0.6, 1.25)))
        )
    trees(scene, spots, kind, leaf, key)


def frame_leaves(scene: Scene, leaf: RGB, amount: float = 1.0) -> None:
    """Out-of-focus branches reaching in from the upper corner of the subject's side."""
    canvas, light = scene.canvas, scene.light
    rng = scene.rng("frame")
    corner = 1.0 if scene.plan.free_side == "left" else 0.0
    width, height = int(canvas.width * 0.42), int(canvas.height * 0.42)
    part = 0.5
    w, h = int(width * part), int(height * part)
    sheet = foliage.blank(h, w)
    n = int(260 * amount)
    branch = int(rng.integers(3, 5))
    centres, sizes, angles, tones = [], [], [], []
    unit = canvas.unit * part
    for index in range(branch):
        reach = float(rng.uniform(0.45, 0.95))
        droop = float(rng.uniform(0.12, 0.42)) + 0.1 * index
        t = rng.power(1.2, n // branch)
        x = w * (1 - reach * t) if corner else w * reach * t
        y = h * (droop * t**1.5 * 1.15 + 0.02) + rng.normal(0, 0.045, t.size) * h
        centres.append(np.stack([x + rng.normal(0, 0.02, t.size) * w, y], 1))
        sizes.append(unit * rng.uniform(0.016, 0.034, t.size))
        angles.append(rng.uniform(0, 6.28, t.size))
        lit = np.clip(rng.normal(0.42, 0.22, (t.size, 1)), 0, 1)
        dark, pale = (
            np.array(mix(leaf, hexa("0f2a22"), 0.62)),
            np.array(mix(leaf, hexa("d9dc62"), 0.25)),
        )
        tone = dark + (pale - dark) * lit
        tones.append(
            tone * (np.array(light.ambient) * 0.5 + np.array(light.key) * (0.12 + 0.42 * lit))
        )
    foliage.scatter_leaves(
        sheet,
        np.concatenate(centres).astype(np.float32),
        np.concatenate(sizes).astype(np.float32),
        np.concatenate(angles),
        np.concatenate(tones).astype(np.float32),
    )
    rgba = cv2.GaussianBlur(foliage.as_float(sheet), (0, 0), max(1.0, unit * 0.0085))
    rgba = cv2.resize(rgba, (width, height), interpolation=cv2.INTER_LINEAR)
    canvas.over(rgba, canvas.width - width if corner else 0, 0)


def default_floor(scene: Scene) -> Floor:
    plan = scene.plan
    return Floor(plan.horizon, base=max(0.795, plan.horizon + 0.10))
