"""Under a roof: a room with a window and a lamp, and a stage."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from reelstep.providers.offline.illustrator import sky, terrain
from reelstep.providers.offline.illustrator.canvas import Canvas
from reelstep.providers.offline.illustrator.colour import PARTY, RGB, hexa, mix, scale
from reelstep.providers.offline.illustrator.noise import Array, fbm
from reelstep.providers.offline.illustrator.paths import arc, box, ellipse, smooth
from reelstep.providers.offline.illustrator.scene import Floor, Scene
from reelstep.providers.offline.illustrator.settings.registry import setting
from reelstep.providers.offline.illustrator.settings.urban import perspective_floor
from reelstep.providers.offline.illustrator.sketch import Sketch

_PAPERS = (hexa("c9a58a"), hexa("8fa79a"), hexa("b9a7c4"), hexa("d9b98a"), hexa("93a9bd"))


def _warmth(scene: Scene) -> tuple[Array, Array]:
    """(ambient, key) indoors: lamp light when it is dark outside, daylight otherwise."""
    if scene.light.dark:
        return np.array((0.30, 0.26, 0.30), np.float32), np.array((0.92, 0.66, 0.40), np.float32)
    return np.array(scene.light.ambient, np.float32) * 0.62, np.array(
        scene.light.key, np.float32
    ) * 0.62


def _planks(scene: Scene, size: int, tone: RGB) -> Array:
    rng = scene.world("planks")
    columns = 15
    shade = 0.82 + 0.34 * rng.random(columns).astype(np.float32)
    y, x = np.mgrid[0:size, 0:size]
    plank = x * columns // size
    texture = shade[plank]
    vein = fbm(rng, (size, size), 3, 5, 0.65, stretch=0.10)
    texture = texture * (0.84 + 0.32 * vein)
    joint = ((y + plank * 173) % (size // 3) < 4) | (x % (size // columns) < 3)
    texture = np.where(joint, texture * 0.6, texture)
    return np.asarray(texture[..., None] * np.array(tone, np.float32), np.float32)


@setting("room")
def room(scene: Scene) -> Floor:
    plan, canvas = scene.plan, scene.canvas
    rng = scene.world("room")
    ambient, key = _warmth(scene)
    edge = 0.70 if plan.camera != "high" else 0.60
    lamp_x, lamp_y = plan.across(0.93), 0.42
    if scene.light.dark:  # what stands here is lit by the lamp, not by the moon
        scene.light = replace(
            scene.light,
            ambient=(0.46, 0.40, 0.42),
            key=(1.10, 0.80, 0.50),
            sun_x=lamp_x,
            sun_y=lamp_y,
        )
    h, w = canvas.small(900)
    paper = np.array(_PAPERS[int(rng.integers(len(_PAPERS)))], np.float32)
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    aspect = canvas.width / canvas.height
    window_x = plan.across(0.40)
    source = (lamp_x, lamp_y) if scene.light.dark else (window_x, 0.35)
    distance = np.hypot((x / w - source[0]) * aspect, y / h - source[1])
    fall = np.exp(-((distance / 0.75) ** 2))[..., None]
    stripes = 1 + 0.035 * np.sign(np.sin(x / w * aspect * 90))[..., None]
    dirt = (0.92 + 0.16 * fbm(rng, (h, w), 5, 5))[..., None]
    wall = paper * stripes * dirt * (ambient + key * (0.18 + 0.85 * fall))
    panel = (y / h > edge - 0.13)[..., None]
    wood = np.array(hexa("e9dfd0"), np.float32) * (ambient + key * (0.2 + 0.75 * fall))
    wall = np.where(panel, wood, wall)
    canvas.picture = canvas.spread(wall.astype(np.float32))
    for fy, dark in ((edge - 0.13, 0.55), (edge - 0.118, 0.8), (edge - 0.03, 0.72)):
        band = np.zeros(canvas.shape, np.float32)
        y0 = int(fy * canvas.height)
        band[y0 : y0 + max(2, int(0.004 * canvas.height))] = 1 - dark
        canvas.darken(band)
    floor_tone = _planks(scene, 1024, hexa("a8744a"))
    colour, mask = perspective_floor(scene, floor_tone, edge, 2.2)
    yy = np.linspace(0, 1, canvas.height, dtype=np.float32)[:, None, None]
    lit = ambient + key * (0.62 - 0.45 * np.clip((yy - edge) / (1 - edge), 0, 1))
    canvas.cover(colour * lit, mask)
    _window(scene, window_x, 0.33)
    _furnish(scene, edge, ambient, key)
    if scene.light.dark:
        _cabinet(scene, lamp_x, edge + 0.05)
        scene.put("lamp", lamp_x, edge - 0.115, 0.24, key=1)
        scene.glow_later(lamp_x, lamp_y + 0.02, 0.75, hexa("ffb866"), 0.55)
        scene.glow_later(lamp_x, lamp_y + 0.02, 0.24, hexa("ffd9a0"), 0.5)
    elif scene.light.hour not in ("overcast", "storm"):
        _sunbeam(scene, window_x, edge)
    table_x = plan.across(0.46)
    floor = Floor(edge, base=0.86, indoors=True, air=(0.08, 0.34), table=(table_x, 0.735, 0.34))
    scene.put("table", table_x, 0.955, 0.30 * 0.9, hexa("efe4d2"), shadow=0.7)
    return floor


def _cabinet(scene: Scene, fx: float, fy: float) -> None:
    """A low chest for the lamp."""
    s = Sketch((-0.7, -1.05, 0.7, 0.05), scene.canvas.unit * 0.17, scene.light, scene.ink, fx)
    wood = hexa("8a5a36")
    for x in (-0.45, 0.45):
        s.shape(box(x - 0.05, -0.2, x + 0.05, 0, 0.02), scale(wood, 0.7), 0.7)
    s.shape(box(-0.55, -0.94, 0.55, -0.1, 0.02), wood, 0.4, 0.1, bevel=0.2)
    for y in (-0.52, -0.88):
        s.shape(box(-0.47, y, 0.47, y + 0.32, 0.02), scale(wood, 1.12), 0.4, 0.1, bevel=0.2)
        s.shape(ellipse(0, y + 0.16, 0.035, 0.035), hexa("e0b04a"), 0.9, 0.5)
    s.shape(box(-0.6, -1.0, 0.6, -0.92, 0.02), scale(wood, 1.05), 0.6, 0.15)
    scene.place(s.sprite(scene.mottle), fx, fy, shadow=0.5)


def _outside(scene: Scene, width: int, height: int) -> Array:
    """A small landscape of its own, seen through the panes."""
    view = Canvas(width, height)
    light = scene.light
    sky.gradient(view, light, 0.72, scene.world("outside"))
    if light.dark:
        sky.stars(view, scene.world("panes"), 0.7, 0.5, band=False)
        sky.moon(view, 0.7, 0.25, 0.07, scene.world("moon"))
    else:
        sky.sun(view, light)
    terrain.ridges(view, light, scene.world("view"), 0.76, 0.26, 3, hexa("5f8070"), 0.4)
    return view.picture


def _window(scene: Scene, fx: float, fy: float) -> None:
    """A paned window with curtains."""
    canvas = scene.canvas
    u = canvas.unit
    w, h = int(0.36 * u), int(0.42 * u)
    x, y = int(fx * canvas.width - w / 2), int(fy * canvas.height - h / 2)
    canvas.cover(_outside(scene, w, h), np.ones((h, w), np.float32), x, y)
    s = Sketch((-0.75, -0.62, 0.75, 0.66), u * 0.5, scene.light, scene.ink, fx)
    frame = hexa("f5efe4")
    hw, hh = 0.36, 0.42
    for outline in (
        box(-hw - 0.03, -hh - 0.03, -hw + 0.02, hh + 0.03),
        box(hw - 0.02, -hh - 0.03, hw + 0.03, hh + 0.03),
        box(-hw - 0.03, -hh - 0.04, hw + 0.03, -hh + 0.015),
        box(-0.014, -hh, 0.014, hh),
        box(-hw, -0.14, hw, -0.115),
        box(-hw - 0.07, hh - 0.015, hw + 0.07, hh + 0.045, 0.01),
    ):
        s.shape(outline, frame, 0.6)
    cloth = (hexa("b5483f"), hexa("3f6e8c"), hexa("d9a24a"))[int(scene.world("cloth").integers(3))]
    for side in (-1, 1):
        for k in range(5):
            x0 = side * (0.30 + 0.055 * k)
            fold = smooth(
                [
                    (x0 - 0.035, -0.52),
                    (x0 - 0.03, 0.0),
                    (x0 - 0.05 + side * 0.03, 0.6),
                    (x0 + 0.05 + side * 0.03, 0.6),
                    (x0 + 0.03, 0.0),
                    (x0 + 0.035, -0.52),
                ],
                steps=4,
            )
            s.shape(fold, scale(cloth, 0.86 + 0.12 * (k % 2)), 1.0, shadow=0.3)
    s.shape(box(-0.66, -0.555, 0.66, -0.525, 0.012), hexa("8a6238"), 0.9, 0.3)
    scene.place(s.sprite(scene.mottle), fx, fy)
    if not scene.light.dark:
        scene.glow_later(fx, fy, 0.5, scene.light.glow, 0.26)


def _sunbeam(scene: Scene, fx: float, edge: float) -> None:
    canvas = scene.canvas
    h, w = canvas.small(480)
    lean = 0.16 if scene.plan.free_side == "right" else -0.16
    field = np.zeros((h, w), np.uint8)
    half = 0.17 * canvas.unit / canvas.width
    quad = np.array(
        [
            [fx - half, 0.12],
            [fx + half, 0.12],
            [fx + half * 1.5 + lean, 1.0],
            [fx - half * 0.9 + lean, 1.0],
        ]
    )
    cv2.fillPoly(field, [(quad * [w, h]).astype(np.int32)], 255)
    beam: Array = cv2.GaussianBlur(field.astype(np.float32) / 255, (0, 0), w / 36)
    beam = (
        beam
        * np.linspace(0.9, 0.35, h, dtype=np.float32)[:, None]
        * (0.7 + 0.6 * fbm(scene.rng("dust"), (h, w), 6, 3))
    )
    canvas.light(scene.light.key, canvas.spread(beam * 0.20))


def _furnish(scene: Scene, edge: float, ambient: Array, key: Array) -> None:
    """A bookshelf, pictures on the wall, a plant and a rug."""
    rng = scene.world("furniture")
    canvas, plan = scene.canvas, scene.plan
    u = canvas.unit
    s = Sketch((-0.62, -0.6, 0.62, 0.04), u * 0.40, scene.light, scene.ink)
    s.shape(
        ellipse(0, -0.05, 0.6, 0.085),
        mix(PARTY[int(rng.integers(7))], hexa("6b4a4a"), 0.45),
        0.1,
        shadow=0,
    )
    wood = hexa("7d5233")
    shelf = Sketch((-0.5, -1.3, 0.5, 0.05), u * 0.50, scene.light, scene.ink)
    shelf.shape(box(-0.42, -1.22, 0.42, 0, 0.01), scale(wood, 0.55), 0.1)
    for level in range(4):
        y = -0.04 - 0.29 * level
        x = -0.37
        while x < 0.33:
            thick, tall = float(rng.uniform(0.03, 0.065)), float(rng.uniform(0.15, 0.225))
            if rng.random() < 0.86:
                tone = mix(
                    PARTY[int(rng.integers(7))], hexa("5a4238"), float(rng.uniform(0.25, 0.6))
                )
                shelf.shape(
                    box(x, y - tall, x + thick, y, 0.006),
                    tone,
                    0.7,
                    0.1,
                    shadow=0.2,
                    outlined=False,
                )
                shelf.line(
                    [(x + 0.004, y - tall * 0.8), (x + thick - 0.004, y - tall * 0.8)],
                    0.008,
                    hexa("e8c878"),
                    opacity=0.6,
                )
            x += thick + 0.003
        shelf.shape(box(-0.43, y, 0.43, y + 0.035, 0), wood, 0.5)
    for x in (-0.43, 0.43):
        shelf.shape(box(x - 0.025, -1.24, x + 0.025, 0.02, 0), wood, 0.6)
    shelf.shape(box(-0.47, -1.26, 0.47, -1.21, 0.01), wood, 0.6)
    inner = plan.across(-0.20)
    scene.place(shelf.sprite(scene.mottle), inner, edge + 0.035, shadow=0.45)
    for fx, fy in ((plan.across(0.80), 0.20), (plan.across(0.05), 0.24)):
        frame = Sketch((-0.6, -0.6, 0.6, 0.6), u * 0.15, scene.light, scene.ink)
        frame.shape(box(-0.5, -0.42, 0.5, 0.42, 0.01), hexa("b98a4a"), 0.8, 0.3, bevel=0.15)
        frame.shape(
            box(-0.42, -0.34, 0.42, 0.34),
            mix(hexa("9cc4d8"), PARTY[int(rng.integers(7))], 0.3),
            0.1,
            to=hexa("f3d9a8"),
        )
        frame.shape(
            smooth(
                [(-0.42, 0.34), (-0.2, -0.02), (0.05, 0.16), (0.25, -0.06), (0.42, 0.34)], steps=4
            ),
            hexa("5f7f70"),
            0.3,
            shadow=0.1,
            outlined=False,
        )
        scene.place(frame.sprite(scene.mottle), fx, fy)
    plant = Sketch((-0.6, -1.1, 0.6, 0.05), u * 0.28, scene.light, scene.ink)
    plant.shape(
        smooth([(-0.2, -0.36), (-0.15, 0), (0.15, 0), (0.2, -0.36)], steps=3), hexa("c56b45"), 0.9
    )
    for k in range(13):
        a = np.radians(-90 + (k - 6) * 13 + float(rng.uniform(-5, 5)))
        reach = float(rng.uniform(0.45, 0.7))
        tip = (reach * np.cos(a), -0.34 + reach * np.sin(a))
        side = np.array([-np.sin(a), np.cos(a)]) * 0.07
        mid = np.array([tip[0] * 0.55, -0.34 + (tip[1] + 0.34) * 0.6])
        plant.shape(
            smooth(np.array([(0, -0.34), mid + side, tip, mid - side]), steps=5),
            mix(hexa("3f8a4c"), hexa("9cc45a"), float(rng.random() * 0.5)),
            0.6,
            0.1,
        )
    scene.place(plant.sprite(scene.mottle), plan.across(0.72), edge + 0.05, shadow=0.5)


@setting("stage")
def stage(scene: Scene) -> Floor:
    """A theatre: curtains, beams of coloured light, a polished floor."""
    canvas = scene.canvas
    rng = scene.world("stage")
    scene.light = replace(
        scene.light, ambient=(0.58, 0.50, 0.64), key=(1.12, 1.0, 0.92), sun_x=0.5, sun_y=0.05
    )
    edge = 0.66
    h, w = canvas.small(800)
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    y, x = y / h, x / w
    tint = (hexa("3a1f5c"), hexa("1f2f66"), hexa("5c1f3a"))[int(rng.integers(3))]
    back = (
        np.array(tint, np.float32)
        * (0.35 + 0.9 * np.exp(-(((x - 0.5) / 0.42) ** 2 + ((y - 0.55) / 0.42) ** 2)))[..., None]
    )
    canvas.picture = canvas.spread(back)
    boards = _planks(scene, 1024, hexa("8a5a3c"))
    colour, mask = perspective_floor(scene, boards, edge, 2.4)
    shine = np.exp(-(((np.linspace(0, 1, canvas.width, dtype=np.float32) - 0.5) / 0.35) ** 2))[
        None, :, None
    ]
    canvas.cover(colour * (0.28 + 0.55 * shine), mask)
    red = hexa("9c1f2e")
    for side in (0, 1):
        s = Sketch((0, 0, 0.34, 1.0), canvas.height, scene.light, scene.ink)
        for k in range(9):
            x0 = 0.012 + 0.028 * k * (canvas.width / canvas.height / 1.78)
            s.shape(
                smooth(
                    [
                        (x0 - 0.02, -0.05),
                        (x0 - 0.016, 0.5),
                        (x0 - 0.02, 0.80),
                        (x0 + 0.02, 0.81),
                        (x0 + 0.018, 0.5),
                        (x0 + 0.02, -0.05),
                    ],
                    steps=4,
                ),
                scale(red, 0.5 + 0.05 * k),
                1.0,
                0.1,
                shadow=0.3,
                outlined=False,
            )
        scene.place(s.sprite(scene.mottle), 0.0 if side == 0 else 1.0, 0.0, flip=side == 1)
    top = Sketch((-1.2, 0, 1.2, 0.3), canvas.height, scene.light, scene.ink)
    for k in range(14):
        x0 = -1.1 + 0.17 * k
        top.shape(
            np.vstack(
                [[(x0 - 0.09, -0.02), (x0 + 0.09, -0.02)], arc(x0, 0.06, 0.09, 0.08, 0, 180, 14)]
            ),
            scale(red, 0.62),
            0.9,
            shadow=0.3,
            outlined=False,
        )
    scene.place(top.sprite(scene.mottle), 0.5, 0.0)
    _beams(scene, edge)
    return Floor(edge, base=0.81, indoors=True, air=(0.14, 0.46))


def _beams(scene: Scene, edge: float) -> None:
    canvas = scene.canvas
    rng = scene.rng("beams")
    h, w = canvas.small(640)
    smoke = 0.65 + 0.7 * fbm(rng, (h, w), 4, 4, stretch=1.6)
    for k in range(6):
        x0 = 0.12 + 0.152 * k
        x1 = float(np.clip(x0 + rng.uniform(-0.22, 0.22), 0.1, 0.9))
        field = np.zeros((h, w), np.uint8)
        quad = np.array(
            [[x0 - 0.006, 0.05], [x0 + 0.006, 0.05], [x1 + 0.075, 0.80], [x1 - 0.075, 0.80]]
        )
        cv2.fillPoly(field, [(quad * [w, h]).astype(np.int32)], 255, cv2.LINE_AA)
        beam: Array = cv2.GaussianBlur(field.astype(np.float32) / 255, (0, 0), w / 110)
        beam = beam * np.linspace(1.0, 0.25, h, dtype=np.float32)[:, None] * smoke
        tone = PARTY[(k * 2 + int(rng.integers(2))) % 7]
        canvas.light(mix(tone, (1, 1, 1), 0.25), canvas.spread(beam * 0.42))
        pool = np.exp(
            -(
                ((np.arange(w)[None, :] / w - x1) / 0.085) ** 2
                + ((np.arange(h)[:, None] / h - 0.80) / 0.035) ** 2
            )
        )
        canvas.light(mix(tone, (1, 1, 1), 0.4), canvas.spread((pool * 0.5).astype(np.float32)))
        scene.glow_later(x0, 0.05, 0.11, mix(tone, (1, 1, 1), 0.6), 0.9)
