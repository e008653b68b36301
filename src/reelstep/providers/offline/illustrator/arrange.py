"""Composition: where each named thing goes, how large, in what order it is painted."""

from __future__ import annotations

import numpy as np

from . import effects, foliage, sky
from .colour import PARTY, RGB, hexa
from .paths import smooth
from .plan import Element
from .props import PROPS
from .scene import Floor, Scene
from .settings.common import leaf_colour
from .sketch import Sketch

# Shown by the sky, the weather or the place, not as figures on the ground.
_IN_THE_SKY = {
    "sun",
    "moon",
    "aurora",
    "rainbow",
    "comet",
    "planet",
    "saturn",
    "fireworks",
    "confetti",
    "bunting",
}
_WARM = hexa("ffb866")
_CAMERA_SIZE = {"wide": 1.0, "close": 1.30, "low": 1.14, "high": 0.86}
# (how far across the stage, how far back 0..1, size factor); the first is the main subject.
_SLOTS = (
    (0.42, 0.0, 1.0),
    (0.80, 0.12, 0.80),
    (0.10, 0.30, 0.66),
    (0.62, 0.45, 0.58),
    (0.95, 0.30, 0.62),
    (0.27, 0.55, 0.5),
    (0.70, 0.7, 0.45),
)


def sky_elements(scene: Scene, floor: Floor) -> None:
    """Heavenly things, painted while the far parts are."""
    plan, canvas = scene.plan, scene.canvas
    if floor.indoors or plan.setting == "underwater":
        return
    if plan.has("rainbow"):
        effects.rainbow(scene)
    if plan.setting != "space":
        if plan.has("saturn") or plan.has("planet"):
            from .settings.beyond import planet

            planet(scene, plan.across(0.70), 0.22, 0.12, "saturn" if plan.has("saturn") else "gas")
    if plan.has("comet"):
        sky.shooting_star(canvas, scene.rng("comet"), plan.horizon)
    if plan.has("fireworks"):
        effects.fireworks(scene)
    if "storm" in plan.weather and plan.hour == "storm":
        effects.lightning(scene)


def far_elements(scene: Scene, floor: Floor) -> None:
    """Buildings and landmarks: on the land behind, or close if they are what the scene is about."""
    plan = scene.plan
    back = [e for e in plan.elements if e.name in PROPS and PROPS[e.name].place == "back"]
    if plan.setting == "street":
        back = [e for e in back if e.name != "eiffel"]
    for index, element in enumerate(back[:3]):
        item = PROPS[element.name]
        lead = plan.elements[0].name == element.name
        size = item.size * (1.0 if lead else 0.72) * _CAMERA_SIZE[plan.camera] ** 0.7
        depth = 0.055 if lead else 0.03
        fy = floor.horizon + depth
        if floor.water is not None and plan.setting == "sea" and element.name != "bridge":
            fy = floor.base - 0.035
            size *= 0.92
        if floor.floating:
            fy = floor.base
        fx = plan.across((0.62, 0.22, 0.92)[index])
        scene.put(
            element.name, fx, fy, size, element.tint, fog=0.0 if lead and size > 0.3 else 0.25 * scene.light.haze,
            shadow=0.55 * bool(floor.shadow),
        )  # fmt: skip
        if element.name == "lighthouse":
            _beam(scene, fx, fy, size)


def _beam(scene: Scene, fx: float, fy: float, size: float) -> None:
    """The lamp's glow and, in the dark, its sweeping beam."""
    canvas = scene.canvas
    ly = fy - size * 1.125 / 1.45 * canvas.unit / canvas.height
    if not (scene.light.dark or scene.light.low):
        return
    scene.glow_later(fx, ly, 0.30, hexa("ffe9b0"), 0.75)
    import cv2

    h, w = canvas.small(700)
    field = np.zeros((h, w), np.uint8)
    for side, spread in ((-1, 0.11), (1, 0.09)):
        quad = np.array(
            [
                [fx, ly],
                [fx + side * 1.1, ly - 0.16 * side - spread],
                [fx + side * 1.1, ly - 0.16 * side + spread],
            ]
        )
        cv2.fillPoly(field, [(quad * [w, h]).astype(np.int32)], 255, cv2.LINE_AA)
    x = np.abs(np.arange(w, dtype=np.float32)[None, :] / w - fx)
    beam = cv2.GaussianBlur(field.astype(np.float32) / 255, (0, 0), w / 160) * np.exp(-x / 0.42)
    canvas.light(hexa("ffedc4"), canvas.spread(beam * (0.62 if scene.light.dark else 0.25)))


def near_elements(scene: Scene, floor: Floor) -> None:
    """Subjects on the ground, on water, on the table and in the air."""
    plan = scene.plan
    named = [e for e in plan.elements if e.name not in _IN_THE_SKY]
    named = [e for e in named if not (e.name in PROPS and PROPS[e.name].place == "back")]
    if floor.indoors or plan.setting in ("street", "market"):
        named = [e for e in named if e.name not in ("table", "streetlamp")] or named
    ground, air, table, water, plants = [], [], [], [], []
    for element in named:
        if element.name in ("tree", "pine"):
            plants.append(element)
            continue
        if element.name not in PROPS:
            continue
        place = PROPS[element.name].place
        if place == "water" and floor.water is None and not floor.floating:
            place = "ground"
        if floor.floating and place in ("ground", "table"):
            place = "air"
        if plan.setting == "underwater" and element.name in ("boat", "ship", "duck"):
            place = "air"
        {"ground": ground, "air": air, "table": table, "water": water}.get(place, ground).append(
            element
        )
    for element in plants:
        _plant(scene, floor, element)
    _on_water(scene, floor, water)
    _high(
        scene,
        floor,
        [
            e
            for e in air
            if PROPS[e.name].count > 1 and PROPS[e.name].size < 0.12 and e.name != "heart"
        ],
    )
    _on_ground(scene, floor, ground, table)
    _high(
        scene,
        floor,
        [
            e
            for e in air
            if PROPS[e.name].count == 1 or PROPS[e.name].size >= 0.12 or e.name == "heart"
        ],
    )


def _plant(scene: Scene, floor: Floor, element: Element) -> None:
    """A tree that is a subject of its own."""
    leaf = element.tint or leaf_colour(scene)
    pixels = 0.62 * scene.canvas.unit
    rng = scene.world("subject", element.name)
    if element.name == "pine":
        sprite = foliage.pine(
            scene.light, scene.ink, rng, pixels, leaf, 0.75 if scene.plan.snowy else 0.0
        )
    else:
        sprite = foliage.tree(scene.light, scene.ink, rng, pixels, leaf, detail=1.5)
    scene.place(sprite, scene.plan.across(0.86), floor.base - 0.06, shadow=0.7)


def _scaled(scene: Scene, floor: Floor, back: float) -> tuple[float, float]:
    """(height of the foot, perspective factor) for a thing that stands `back` from the front."""
    span = max(0.05, floor.base - floor.horizon - 0.03)
    fy = floor.base - back * span * 0.85
    return fy, 1.0 - 0.55 * back


def _on_ground(scene: Scene, floor: Floor, ground: list[Element], table: list[Element]) -> None:
    plan = scene.plan
    zoom = _CAMERA_SIZE[plan.camera]
    if table and floor.table is None and not (ground and len(table) > 4):
        _set_table(scene, floor, table[:4], 0.46 if not ground else 0.56)
        ground = ground[:5]
        slots = ((0.92, 0.04, 0.9), (0.12, 0.10, 0.8), *_SLOTS[4:], *_SLOTS[1:3])
    else:
        slots = _SLOTS
        if table and floor.table is not None:
            _on_table(scene, floor.table, table[:4])
            slots = _SLOTS[1:]
    jobs = []
    rng = scene.rng("ground")
    for index, element in enumerate(ground[: len(slots)]):
        across, back, factor = slots[index]
        item = PROPS[element.name]
        fy, perspective = _scaled(scene, floor, back)
        grown = min(item.size * factor * zoom * (0.5 + 0.5 * perspective), 0.66)
        lead = index == 0 and not table
        copies = item.count if (lead or item.count > 1) else 1
        for copy in range(min(copies, 5 if lead else 3)):
            dx = (
                0.0
                if copy == 0
                else float(rng.choice([-1, 1])) * (0.05 + 0.055 * copy) * (1 if lead else 0.7)
            )
            shrink = 1.0 if copy == 0 else float(rng.uniform(0.55, 0.85))
            lift = 0.0 if copy == 0 else float(rng.uniform(0.0, 0.05))
            jobs.append((fy - lift, plan.across(across) + dx, grown * shrink, element, copy))
    for fy, fx, size, element, copy in sorted(jobs, key=lambda job: job[0]):
        scene.put(
            element.name, fx, fy, size, element.tint, key=(copy,), shadow=floor.shadow + 0.2,
            flip=plan.free_side == "left" and element.name in _FACING, fog=0.0,
        )  # fmt: skip
        if PROPS[element.name].glow:
            scene.glow_later(
                fx,
                fy - size * 0.5 * scene.canvas.unit / scene.canvas.height,
                size * 1.6,
                _WARM,
                0.45,
            )


# Drawn looking right; turned to look towards the companion when it stands on the left.
_FACING = {"dog", "lion", "horse", "unicorn", "rabbit", "bear", "fox", "wolf", "tiger", "elephant", "giraffe",
           "zebra", "cow", "sheep", "camel", "deer", "mouse", "turtle", "dinosaur", "dragon", "car", "bus",
           "bicycle", "duck"}  # fmt: skip


def _set_table(scene: Scene, floor: Floor, things: list[Element], across: float) -> None:
    """A laid table out of doors."""
    fx = scene.plan.across(across)
    fy = floor.base + 0.035
    size = 0.235
    cloth: RGB = hexa("fbf5ea")
    scene.put("table", fx, fy, size, cloth, shadow=0.75)
    top = fy - size * 0.62 / 0.75 * scene.canvas.unit / scene.canvas.height
    _on_table(scene, (fx, top, 0.30), things)


def _on_table(scene: Scene, top: tuple[float, float, float], things: list[Element]) -> None:
    fx, fy, width = top
    offsets = (0.0, -0.38, 0.38, 0.18)
    span = width * scene.canvas.unit / scene.canvas.width
    order = sorted(range(len(things)), key=lambda i: i == 0)
    for index in order:
        element = things[index]
        item = PROPS[element.name]
        size = item.size * (0.92 if index == 0 else 0.62)
        x = fx + offsets[index] * span * 2
        y = fy + (0.012 if index == 0 else 0.002)
        scene.put(element.name, x, y, size, element.tint, shadow=0.5)
        if element.name in ("cake", "candle", "lamp"):
            lift = size * 0.95 * scene.canvas.unit / scene.canvas.height
            scene.glow_later(x, y - lift, 0.26, _WARM, 0.42 if scene.light.dark else 0.22)


def _on_water(scene: Scene, floor: Floor, floating: list[Element]) -> None:
    plan = scene.plan
    if floor.water is None:
        for element in floating:
            _fly(scene, floor, [element])
        return
    if plan.setting == "underwater":
        _swim(scene, floor, floating)
        return
    rng = scene.rng("afloat")
    for index, element in enumerate(floating[:3]):
        item = PROPS[element.name]
        count = min(item.count, 3) if index == 0 else 1
        for copy in range(count):
            fx = plan.across((0.52, 0.86, 0.2)[index]) + (0.10 * copy * float(rng.choice([-1, 1])))
            near = floor.water - 0.03 * copy - 0.05 * index
            size = (
                item.size * _CAMERA_SIZE[plan.camera] * (1.0 - 0.25 * index) * (1.0 - 0.22 * copy)
            )
            leap = (
                0.05
                if element.name in ("dolphin", "fish")
                else -0.012
                if element.name == "whale"
                else 0.0
            )
            scene.put(
                element.name, fx, near - leap, size, element.tint, key=(copy,),
                reflect=0.62 if scene.light.hour != "storm" else 0.3, flip=plan.free_side == "left",
            )  # fmt: skip


def _swim(scene: Scene, floor: Floor, things: list[Element]) -> None:
    rng = scene.rng("swim")
    for index, element in enumerate(things[:4]):
        item = PROPS[element.name]
        for copy in range(min(item.count + 2, 9) if item.count > 1 else 1):
            fx = scene.plan.across(float(np.clip(rng.normal(0.5, 0.25), 0.02, 0.98)))
            fy = float(rng.uniform(0.18, 0.66))
            depth = float(rng.random())
            size = item.size * (1.1 - 0.6 * depth) * (1.25 if item.count == 1 else 1.0)
            if index == 0 and copy == 0:
                fx, fy, depth, size = scene.plan.across(0.5), 0.44, 0.0, item.size * 1.35
            scene.put(
                element.name,
                fx,
                fy,
                size,
                element.tint,
                key=(index, copy % 5),
                fog=0.5 * depth,
                flip=bool(rng.random() < 0.5),
            )


def _high(scene: Scene, floor: Floor, things: list[Element]) -> None:
    for element in things:
        if element.name == "balloon":
            _balloons(scene, floor, element)
        else:
            _fly(scene, floor, [element])


def _fly(scene: Scene, floor: Floor, things: list[Element]) -> None:
    plan = scene.plan
    rng = scene.rng("fly", *[e.name for e in things])
    low, high = floor.air
    lead_name = plan.elements[0].name
    for element in things:
        item = PROPS[element.name]
        lead = element.name == lead_name
        count = item.count + (2 if lead and item.count > 1 else 0)
        places: list[tuple[float, float, float]] = []
        for copy in range(count):
            if copy == 0:
                spot = (
                    plan.across(0.50 if lead else 0.76),
                    low + (high - low) * (0.55 if lead else 0.35),
                )
                size = item.size * (1.08 if lead else 0.85)
            else:
                spot = (plan.across(float(rng.uniform(-0.25, 1.0))), float(rng.uniform(low, high)))
                size = item.size * float(rng.uniform(0.35, 0.85))
            places.append((*spot, size))
        for copy, (fx, fy, size) in sorted(enumerate(places), key=lambda job: job[1][2]):
            tilt = (
                24.0
                if element.name == "rocket" and plan.free_side == "left"
                else -24.0
                if element.name == "rocket"
                else 0.0
            )
            anchor = (
                size * 0.5 * scene.canvas.unit / scene.canvas.height
                if item.extent[1] < -0.8
                else 0.0
            )
            glowing = item.glow
            if element.name == "rocket":
                _trail(scene, fx, fy + anchor, tilt, size)
            scene.put(
                element.name, fx, fy + anchor, size, element.tint, key=(copy,), angle=tilt,
                fog=float(np.clip(0.55 - size / item.size * 0.6, 0, 0.4)) * scene.light.haze,
                flip=plan.free_side == "left" and element.name in ("bird", "plane", "butterfly", "bee"),
            )  # fmt: skip
            if glowing:
                tone = element.tint or (_WARM if element.name == "lantern" else hexa("ffdf8a"))
                scene.glow_later(
                    fx, fy, size * (1.5 if element.name == "lantern" else 0.9), tone, 0.40
                )


def _trail(scene: Scene, fx: float, fy: float, tilt: float, size: float) -> None:
    """The glow and smoke behind a rocket."""
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


def _balloons(scene: Scene, floor: Floor, element: Element) -> None:
    """A bunch tied together, and free ones rising at several depths."""
    plan, canvas = scene.plan, scene.canvas
    rng = scene.rng("balloons")
    tones = [element.tint] * 7 if element.tint else [PARTY[int(i)] for i in rng.permutation(7)]
    ratio = canvas.unit / canvas.height
    for k in range(8):  # far, small
        fx, fy = float(rng.random()), float(rng.uniform(0.05, 0.42))
        scene.put(
            "balloon",
            fx,
            fy,
            float(rng.uniform(0.05, 0.10)),
            tones[k % 7],
            key=("far", k % 4),
            fog=0.28 * scene.light.haze + 0.1,
        )
    cx = plan.across(0.95)
    knot_y = (floor.base if not floor.floating else 0.78) - 0.02
    size = 0.205 if plan.camera != "close" else 0.24
    spots = [
        (-0.085, 0.02),
        (0.085, 0.03),
        (-0.04, -0.085),
        (0.06, -0.075),
        (-0.11, -0.08),
        (0.005, 0.075),
        (0.0, -0.16),
    ]
    top = knot_y - 0.42
    strings = Sketch((-0.4, -0.8, 0.4, 0.02), canvas.unit, scene.light, scene.ink)
    for dx, dy in spots:
        strings.line(
            smooth([(dx, (top + dy - knot_y) / ratio), (dx * 0.6, -0.2), (0, 0)], closed=False),
            0.0026,
            hexa("f6efe0"),
            opacity=0.85,
        )
    scene.place(strings.sprite(), cx, knot_y)
    for k, (dx, dy) in enumerate(spots):
        scene.put(
            "balloon",
            cx + dx * canvas.unit / canvas.width,
            top + dy,
            size * (0.94 + 0.03 * (k % 3)),
            tones[k % 7],
            key=("bunch", k),
        )
    for k in range(3):  # a few loose ones, mid-size
        fx = plan.across(float((0.18, 0.55, 0.70)[k]))
        scene.put(
            "balloon",
            fx,
            float((0.30, 0.20, 0.40)[k]),
            float(rng.uniform(0.11, 0.15)),
            tones[(k + 3) % 7],
            key=("loose", k),
        )
    edge = 0.02 if plan.free_side == "right" else 0.98
    scene.put("balloon", edge, 0.86, 0.40, tones[5], key="blurred", blur=0.010, opacity=0.95)
