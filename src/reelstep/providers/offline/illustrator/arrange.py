"""Composition: where each named thing goes, how large, in what order it is painted."""

from __future__ import annotations

import cv2
import numpy as np

from reelstep.providers.offline.illustrator import effects, foliage, sky
from reelstep.providers.offline.illustrator.aloft import (
    CAMERA_SIZE,
    LAMPLIGHT,
    in_the_air,
    on_the_water,
)
from reelstep.providers.offline.illustrator.colour import hexa
from reelstep.providers.offline.illustrator.plan import Element
from reelstep.providers.offline.illustrator.planets import planet
from reelstep.providers.offline.illustrator.props import PROPS
from reelstep.providers.offline.illustrator.scene import Floor, Scene
from reelstep.providers.offline.illustrator.settings.common import leaf_colour

# Shown by the sky and the weather, not as figures.
SKY_CONCEPTS = frozenset(
    [
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
    ]
)
PLANTS = frozenset(("tree", "pine"))
# (how far across the stage, how far back 0..1, size); the first is the main subject.
_SLOTS = (
    (0.42, 0.0, 1.0),
    (0.80, 0.12, 0.80),
    (0.10, 0.30, 0.66),
    (0.62, 0.45, 0.58),
    (0.95, 0.30, 0.62),
    (0.27, 0.55, 0.5),
    (0.70, 0.7, 0.45),
)
_BESIDE_TABLE = (
    (0.90, 0.02, 0.85),
    (0.08, 0.10, 0.75),
    (0.95, 0.30, 0.62),
    (0.27, 0.55, 0.5),
    (0.70, 0.7, 0.45),
    (0.80, 0.45, 0.5),
)
# Drawn looking right; turned to look towards the companion when it stands on the left.
_FACING = frozenset(
    [
        "dog",
        "lion",
        "horse",
        "unicorn",
        "rabbit",
        "bear",
        "fox",
        "wolf",
        "tiger",
        "elephant",
        "giraffe",
        "zebra",
        "cow",
        "sheep",
        "camel",
        "deer",
        "mouse",
        "turtle",
        "dinosaur",
        "dragon",
        "car",
        "bus",
        "bicycle",
        "duck",
    ]
)


def sky_elements(scene: Scene, floor: Floor) -> None:
    """Heavenly things, painted while the far parts are."""
    plan, canvas = scene.plan, scene.canvas
    if floor.indoors or plan.setting == "underwater":
        return
    if plan.has("rainbow"):
        effects.rainbow(scene)
    if plan.setting != "space" and (plan.has("saturn") or plan.has("planet")):
        planet(scene, plan.across(0.70), 0.22, 0.12, "saturn" if plan.has("saturn") else "gas")
    if plan.has("comet"):
        sky.shooting_star(canvas, scene.rng("comet"), plan.horizon)
    if plan.has("fireworks"):
        effects.fireworks(scene)
    if "storm" in plan.weather and plan.hour == "storm":
        effects.lightning(scene)


def _is_back(element: Element) -> bool:
    return element.name in PROPS and PROPS[element.name].place == "back"


def far_elements(scene: Scene, floor: Floor) -> None:
    """Buildings and landmarks: on the land behind, or close if the scene is about them."""
    plan = scene.plan
    back = [e for e in plan.elements if _is_back(e)]
    if plan.setting == "street":
        back = [e for e in back if e.name != "eiffel"]
    for index, element in enumerate(back[:3]):
        lead = plan.elements[0].name == element.name
        grown = (1.0 if lead else 0.72) * CAMERA_SIZE[plan.camera] ** 0.7
        size = PROPS[element.name].size * grown
        fy = floor.horizon + (0.055 if lead else 0.03)
        if plan.setting == "sea" and element.name != "bridge":
            fy, size = floor.base - 0.035, size * 0.92
        if floor.floating:
            fy = floor.base
        # Its top stays in the frame.
        size = min(size, (fy - 0.04) * scene.canvas.height / scene.canvas.unit * 0.92)
        fx = plan.across((0.62, 0.22, 0.92)[index])
        scene.put(
            element.name,
            fx,
            fy,
            size,
            element.tint,
            shadow=0.55 * bool(floor.shadow),
            fog=0.0 if lead and size > 0.3 else 0.25 * scene.light.haze,
        )
        scene.take(fx, fy - size * 0.5, size * 0.3)
        if element.name == "lighthouse":
            _beam(scene, fx, fy, size)


def _beam(scene: Scene, fx: float, fy: float, size: float) -> None:
    """The lamp's glow and, in the dark, its sweeping beam."""
    canvas = scene.canvas
    if not (scene.light.dark or scene.light.low):
        return
    ly = fy - size * 1.125 / 1.45 * canvas.unit / canvas.height
    scene.glow_later(fx, ly, 0.30, hexa("ffe9b0"), 0.75)
    h, w = canvas.small(700)
    field = np.zeros((h, w), np.uint8)
    for side, spread in ((-1, 0.11), (1, 0.09)):
        end = ly - 0.16 * side
        quad = np.array(
            [[fx, ly], [fx + side * 1.1, end - spread], [fx + side * 1.1, end + spread]]
        )
        cv2.fillPoly(field, [(quad * [w, h]).astype(np.int32)], 255, cv2.LINE_AA)
    x = np.abs(np.arange(w, dtype=np.float32)[None, :] / w - fx)
    beam = cv2.GaussianBlur(field.astype(np.float32) / 255, (0, 0), w / 160) * np.exp(-x / 0.42)
    strength = 0.62 if scene.light.dark else 0.25
    canvas.light(hexa("ffedc4"), canvas.spread(beam.astype(np.float32) * strength))


def near_elements(scene: Scene, floor: Floor) -> None:
    """Subjects on the ground, on water, on the table and in the air."""
    plan = scene.plan
    named = [e for e in plan.elements if e.name not in SKY_CONCEPTS and not _is_back(e)]
    if floor.indoors or plan.setting in ("street", "market"):
        named = [e for e in named if e.name not in ("table", "streetlamp")] or named
    groups: dict[str, list[Element]] = {"ground": [], "air": [], "table": [], "water": []}
    for element in named:
        if element.name in PLANTS:
            _plant(scene, floor, element)
        elif element.name in PROPS:
            groups[_place_of(scene, floor, element)].append(element)
    small = [e for e in groups["air"] if _is_small(e)]
    large = [e for e in groups["air"] if not _is_small(e)]
    on_the_water(scene, floor, groups["water"])
    in_the_air(scene, floor, small)
    _on_ground(scene, floor, groups["ground"], groups["table"])
    in_the_air(scene, floor, large)


def _place_of(scene: Scene, floor: Floor, element: Element) -> str:
    place = PROPS[element.name].place
    if scene.plan.setting == "underwater" and element.name in ("boat", "ship", "duck"):
        return "air"
    if scene.plan.setting == "underwater" and element.name == "turtle":
        return "water"
    if floor.floating:
        return "air"
    if place == "water" and floor.water is None:
        return "ground"
    return place if place in ("ground", "air", "table", "water") else "ground"


def _is_small(element: Element) -> bool:
    item = PROPS[element.name]
    return item.count > 1 and item.size < 0.12 and element.name != "heart"


def _plant(scene: Scene, floor: Floor, element: Element) -> None:
    """A tree that is a subject of its own."""
    leaf = element.tint or leaf_colour(scene)
    pixels = 0.62 * scene.canvas.unit
    rng = scene.world("subject", element.name)
    if element.name == "pine":
        snow = 0.75 if scene.plan.snowy else 0.0
        sprite = foliage.pine(scene.light, scene.ink, rng, pixels, leaf, snow)
    else:
        sprite = foliage.tree(scene.light, scene.ink, rng, pixels, leaf, detail=1.5)
    scene.place(sprite, scene.plan.across(0.86), floor.base - 0.06, shadow=0.7)


def _on_ground(scene: Scene, floor: Floor, ground: list[Element], table: list[Element]) -> None:
    plan = scene.plan
    zoom = CAMERA_SIZE[plan.camera]
    slots: tuple[tuple[float, float, float], ...] = _SLOTS
    if table and floor.table is not None:
        _on_table(scene, floor.table, table[:4])
        slots = _SLOTS[1:]
    elif table:
        slots = _BESIDE_TABLE
    jobs = []
    rng = scene.rng("ground")
    for index, element in enumerate(ground[: len(slots)]):
        across, back, factor = slots[index]
        item = PROPS[element.name]
        span = max(0.05, floor.base - floor.horizon - 0.03)
        fy = floor.base - back * span * 0.85
        size = min(item.size * factor * zoom * (1.0 - 0.27 * back), 0.66)
        lead = index == 0 and not table
        copies = min(item.count, 5 if lead else 3)
        for copy in range(copies):
            aside = (0.05 + 0.055 * copy) * (1.0 if lead else 0.7) * (1 if copy else 0)
            dx = aside * float(rng.choice([-1, 1]))
            shrink = float(rng.uniform(0.55, 0.85)) if copy else 1.0
            lift = float(rng.uniform(0.0, 0.05)) if copy else 0.0
            jobs.append((fy - lift, plan.across(across) + dx, size * shrink, element, copy))
    if table and floor.table is None:
        jobs.append((floor.base + 0.035, plan.across(0.48), 0.0, table[0], -1))
    for fy, fx, size, element, copy in sorted(jobs, key=lambda job: job[0]):
        if copy < 0:
            _set_table(scene, fx, fy, table[:4])
            continue
        flip = plan.free_side == "left" and element.name in _FACING
        if element.name == "train" and copy == 0:
            effects.rails(scene, fy)
            effects.smoke(
                scene,
                fx + 0.76 * size * scene.canvas.unit / scene.canvas.width,
                fy - size * 0.93 * scene.canvas.unit / scene.canvas.height,
                size,
            )
        scene.put(
            element.name,
            fx,
            fy,
            size,
            element.tint,
            key=(copy,),
            shadow=floor.shadow + 0.2,
            flip=flip,
        )
        middle = fy - size * 0.5 * scene.canvas.unit / scene.canvas.height
        scene.take(fx, middle, size * 0.5)
        if PROPS[element.name].glow:
            scene.glow_later(fx, middle, size * 1.6, LAMPLIGHT, 0.45)


def _set_table(scene: Scene, fx: float, fy: float, things: list[Element]) -> None:
    """A laid table out of doors."""
    size = 0.25
    scene.put("table", fx, fy, size, hexa("fbf5ea"), shadow=0.75)
    top = fy - size * 0.60 / 0.78 * scene.canvas.unit / scene.canvas.height
    _on_table(scene, (fx, top, 0.30), things)


def _on_table(scene: Scene, top: tuple[float, float, float], things: list[Element]) -> None:
    fx, fy, width = top
    offsets = (0.0, -0.38, 0.38, 0.18)
    span = width * scene.canvas.unit / scene.canvas.width
    for index in sorted(range(len(things)), key=lambda i: i == 0):
        element = things[index]
        size = PROPS[element.name].size * (0.92 if index == 0 else 0.62)
        x = fx + offsets[index] * span * 2
        y = fy + (0.012 if index == 0 else 0.002)
        scene.put(element.name, x, y, size, element.tint, shadow=0.5)
        lift = size * 0.95 * scene.canvas.unit / scene.canvas.height
        scene.take(x, y - lift * 0.5, size * 0.5)
        if element.name in ("cake", "candle", "lamp"):
            strength = 0.42 if scene.light.dark else 0.22
            scene.glow_later(x, y - lift, 0.26, LAMPLIGHT, strength)
