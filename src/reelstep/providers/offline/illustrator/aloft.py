"""Composition of what flies, floats and swims."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from reelstep.providers.offline.illustrator.colour import PARTY, RGB, hexa
from reelstep.providers.offline.illustrator.paths import smooth
from reelstep.providers.offline.illustrator.plan import Element
from reelstep.providers.offline.illustrator.props import PROPS
from reelstep.providers.offline.illustrator.scene import Floor, Scene
from reelstep.providers.offline.illustrator.sketch import Sketch

LAMPLIGHT = hexa("ffb866")
CAMERA_SIZE = {"wide": 1.0, "close": 1.30, "low": 1.14, "high": 0.86}
_LEANS_LEFT = {"bird", "plane", "butterfly", "bee", "fish", "whale", "dolphin", "boat", "ship"}
"""Drawn moving right; mirrored when the companion stands on the left, to move towards it."""


def in_the_air(scene: Scene, floor: Floor, things: list[Element]) -> None:
    """Flying things: one large on the stage, its fellows smaller and spread out."""
    for element in things:
        if element.name == "balloon":
            _balloons(scene, floor, element)
        else:
            _flock(scene, floor, element)


def _flock(scene: Scene, floor: Floor, element: Element) -> None:
    plan, item = scene.plan, PROPS[element.name]
    rng = scene.rng("fly", element.name)
    low, high = floor.air
    lead = plan.elements[0].name == element.name
    count = item.count + (2 if lead and item.count > 1 else 0)
    ratio = scene.canvas.unit / scene.canvas.height
    jobs: list[tuple[float, float, float, int]] = []
    for copy in range(count):
        if copy == 0:
            size = item.size * (1.08 if lead else 0.85) * CAMERA_SIZE[plan.camera]
            wish = plan.across(0.46 if lead else 0.78), low + (high - low) * (0.55 if lead else 0.3)
            fx, fy = scene.free_spot(rng, wish, (0.06, 0.05), size * 0.5)
        else:
            size = item.size * float(rng.uniform(0.32, 0.8))
            wish = plan.across(0.42), (low + high) / 2
            fx, fy = scene.free_spot(rng, wish, (0.5, (high - low) / 2), size * 0.6)
        jobs.append((size, fx, fy, copy))
    for size, fx, fy, copy in sorted(jobs):
        tilt = 0.0
        if element.name == "rocket":
            tilt = 24.0 if plan.free_side == "left" else -24.0
        foot = fy + (size * 0.5 * ratio if item.extent[1] < -0.8 else 0.0)
        if element.name == "rocket":
            _trail(scene, fx, foot, tilt, size)
        scene.put(
            element.name,
            fx,
            foot,
            size,
            element.tint,
            key=(copy,),
            angle=tilt,
            fog=float(np.clip(0.55 - size / item.size * 0.6, 0, 0.4)) * scene.light.haze,
            flip=plan.free_side == "left" and element.name in _LEANS_LEFT,
        )
        if item.glow:
            tone = element.tint or (LAMPLIGHT if element.name == "lantern" else hexa("ffdf8a"))
            reach = 1.5 if element.name == "lantern" else 0.9
            scene.glow_later(fx, fy, size * reach, tone, 0.40)


def _trail(scene: Scene, fx: float, fy: float, tilt: float, size: float) -> None:
    """The glow behind a rocket."""
    dx, dy = -np.sin(np.radians(tilt)), np.cos(np.radians(tilt))
    rng = scene.rng("trail")
    unit = scene.canvas.unit
    for k in range(26):
        part = k / 25
        reach = size * (0.25 + 1.5 * part)
        x = fx + (dx * reach + float(rng.normal(0, 0.015)) * part) * unit / scene.canvas.width
        y = fy + (dy * reach + float(rng.normal(0, 0.015)) * part) * unit / scene.canvas.height
        tone = (1.0, 0.75 - 0.25 * part, 0.45 + 0.1 * part)
        scene.canvas.glow(x, y, size * (0.16 + 0.22 * part), tone, 0.32 * (1 - part) + 0.03, 1.6)


def on_the_water(scene: Scene, floor: Floor, floating: list[Element]) -> None:
    """Boats and sea animals with their reflections; fish among corals when under water."""
    plan = scene.plan
    if floor.water is None:
        in_the_air(scene, floor, floating)
        return
    if plan.setting == "underwater":
        _swim(scene, floating)
        return
    rng = scene.rng("afloat")
    far = 0.62 if plan.setting == "beach" else 0.85 if plan.setting in ("lake", "city") else 1.0
    for index, element in enumerate(floating[:3]):
        item = PROPS[element.name]
        for copy in range(min(item.count, 3) if index == 0 else 1):
            aside = 0.11 * copy * float(rng.choice([-1, 1]))
            fx = plan.across((0.52, 0.86, 0.2)[index]) + aside
            fy = floor.water - (0.03 * copy + 0.05 * index) * far
            size = item.size * CAMERA_SIZE[plan.camera] * far * (1 - 0.25 * index)
            size *= 1 - 0.22 * copy
            leap = {"dolphin": 0.05, "fish": 0.05, "whale": -0.012}.get(element.name, 0.0)
            scene.put(
                element.name,
                fx,
                fy - leap,
                size,
                element.tint,
                key=(copy,),
                reflect=0.3 if scene.light.hour == "storm" else 0.62,
                flip=plan.free_side == "left" and element.name in _LEANS_LEFT,
            )


def _swim(scene: Scene, things: list[Element]) -> None:
    """One large swimmer on the stage, shoals at several depths around it."""
    plan = scene.plan
    rng = scene.rng("swim")
    for index, element in enumerate(things[:4]):
        item = PROPS[element.name]
        copies = min(item.count + 4, 11) if item.count > 1 else 1
        jobs = []
        for copy in range(copies):
            if copy == 0:
                size = item.size * (1.45 if index == 0 else 1.0)
                wish, reach = (
                    (plan.across((0.5, 0.85, 0.1, 0.7)[index]), 0.42),
                    (0.04 + 0.09 * index, 0.16),
                )
                depth = 0.0
            else:
                depth = float(rng.uniform(0.15, 1.0))
                size = item.size * (0.95 - 0.65 * depth)
                wish, reach = (plan.across(0.45), 0.40), (0.55, 0.28)
            fx, fy = scene.free_spot(rng, wish, reach, size * 0.62)
            jobs.append((-depth, fx, fy, size, copy))
        for depth, fx, fy, size, copy in sorted(jobs):
            scene.put(
                element.name,
                fx,
                fy,
                size,
                element.tint,
                key=(index, copy % 5),
                fog=-0.55 * depth,
                flip=bool(rng.random() < 0.35) != (plan.free_side == "left"),
            )


def _balloons(scene: Scene, floor: Floor, element: Element) -> None:
    """A bunch tied together, and free ones rising at several depths."""
    plan, canvas = scene.plan, scene.canvas
    rng = scene.rng("balloons")
    palette = [PARTY[int(i)] for i in scene.world("balloons").permutation(7)]
    tones = [element.tint] * 7 if element.tint else palette
    ratio = canvas.unit / canvas.height
    for k in range(8):  # far, small
        size = float(rng.uniform(0.05, 0.10))
        fx, fy = scene.free_spot(rng, (0.5, 0.24), (0.5, 0.2), size * 0.6)
        fog = 0.28 * scene.light.haze + 0.1
        scene.put("balloon", fx, fy, size, tones[k % 7], key=("far", k % 4), fog=fog)
    _bunch(scene, plan.across(0.94), (0.78 if floor.floating else floor.base) - 0.02, tones, ratio)
    for k in range(3):  # a few loose ones, of middling size
        size = float(rng.uniform(0.11, 0.15))
        wish = plan.across((0.16, 0.52, 0.70)[k]), (0.30, 0.18, 0.40)[k]
        fx, fy = scene.free_spot(rng, wish, (0.06, 0.08), size * 0.7)
        scene.put("balloon", fx, fy, size, tones[(k + 3) % 7], key=("loose", k))
    edge = 0.02 if plan.free_side == "right" else 0.98
    scene.put("balloon", edge, 0.88, 0.36, tones[5], key="near", blur=0.010, opacity=0.95)


def _bunch(scene: Scene, cx: float, knot_y: float, tones: Sequence[RGB], ratio: float) -> None:
    canvas = scene.canvas
    size = 0.24 if scene.plan.camera == "close" else 0.205
    # Offsets of each balloon from the middle of the bunch, in units.
    spots = (
        (-0.085, 0.02),
        (0.085, 0.03),
        (-0.04, -0.085),
        (0.06, -0.075),
        (-0.11, -0.08),
        (0.005, 0.075),
        (0.0, -0.16),
    )
    top = knot_y - 0.42 * ratio
    strings = Sketch((-0.4, -0.8, 0.4, 0.02), canvas.unit, scene.light, scene.ink)
    for dx, dy in spots:
        string = smooth([(dx, -0.42 + dy), (dx * 0.6, -0.2), (0, 0)], closed=False)
        strings.line(string, 0.0026, hexa("f6efe0"), opacity=0.85)
    scene.place(strings.sprite(), cx, knot_y)
    for k, (dx, dy) in enumerate(spots):
        fx = cx + dx * canvas.unit / canvas.width
        tone = tones[k % 7]
        scene.put(
            "balloon", fx, top + dy * ratio, size * (0.94 + 0.03 * (k % 3)), tone, key=("bunch", k)
        )
