"""Places without ground: space, deep water, above the clouds."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from reelstep.providers.offline.illustrator import clouds, sky
from reelstep.providers.offline.illustrator.colour import PARTY, RGB, hexa, mix, scale, turn
from reelstep.providers.offline.illustrator.noise import fbm, fork, ridged, smoothstep
from reelstep.providers.offline.illustrator.noise import line as noise_line
from reelstep.providers.offline.illustrator.paths import smooth, tube
from reelstep.providers.offline.illustrator.planets import planet
from reelstep.providers.offline.illustrator.scene import Floor, Scene
from reelstep.providers.offline.illustrator.settings.common import heavens
from reelstep.providers.offline.illustrator.settings.registry import setting
from reelstep.providers.offline.illustrator.sketch import Sketch

_NEBULAE = (
    ("5a2a8c", "e0568a", "2a6fd0"),
    ("1f5f8c", "3fc0b0", "8c4fd0"),
    ("8c3a2a", "f0a04a", "5a2a7c"),
)


@setting("space")
def space(scene: Scene) -> Floor:
    plan, canvas = scene.plan, scene.canvas
    rng = scene.rng("nebula")
    h, w = canvas.small(900)
    tones = [
        np.array(hexa(c), np.float32) for c in _NEBULAE[int(scene.world("nebula").integers(3))]
    ]
    base = np.array(hexa("05060f"), np.float32) * np.ones((h, w, 1), np.float32)
    warp = (fbm(rng, (h, w), 3, 4) - 0.5) * h * 0.35
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    picture = base
    for index, tone in enumerate(tones):
        cloud = fbm(rng, (h, w), 2.2, 6, 0.56)
        cloud = cv2.remap(
            cloud,
            x + warp,
            y + warp * (0.6 - 0.4 * index),
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REFLECT,
        )
        veil = smoothstep(0.46, 0.95, cloud)[..., None]
        picture = picture + tone * veil * (0.62 - 0.08 * index)
    filaments = smoothstep(0.55, 1.15, ridged(rng, (h, w), 3, 5, 0.55))[..., None]
    picture = picture + tones[1] * filaments * 0.20 * (picture.max(axis=2, keepdims=True) * 2)
    dark = smoothstep(0.52, 0.8, fbm(rng, (h, w), 4, 5, 0.6))[..., None] * 0.6
    canvas.picture = canvas.spread((picture * (1 - dark)).astype(np.float32))
    sky.stars(canvas, scene.world("stars", plan.camera), 1.02, 1.9, band=False)
    if plan.has("sun") or scene.world("sun").random() < 0.4:
        canvas.glow(plan.sun_x, 0.12, 0.7, hexa("ffe9c0"), 0.8)
        canvas.glow(plan.sun_x, 0.12, 0.12, (1, 1, 1), 1.6, 1.4)
    kind = "saturn" if plan.has("saturn") else ("earth" if plan.has("planet") else "gas")
    radius = 0.27 if plan.camera != "close" else 0.40
    at = plan.across(0.84)
    planet(scene, at, 0.34, radius if kind == "saturn" else radius * 0.85, kind)
    if plan.has("moon"):
        sky.moon(canvas, plan.across(0.30), 0.16, 0.06, scene.world("moon"))
    else:
        planet(scene, plan.across(0.28), 0.16, 0.045, "rock")
    _rim_of_a_moon(scene)
    return Floor(0.9, base=0.70, floating=True, air=(0.16, 0.60), shadow=0.0)


def _rim_of_a_moon(scene: Scene) -> None:
    """The curved ground of a small moon along the lower edge, lit along its crest."""
    canvas, plan = scene.canvas, scene.plan
    rng = scene.world("ground")
    h, w = canvas.small(1000)
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    aspect = canvas.width / canvas.height
    crest = 0.862 + ((x / w - 0.5) * aspect) ** 2 * 0.075
    depth = y / h - crest
    bumps = fbm(rng, (h, w), 16, 5, 0.55, stretch=2.6)
    craters = ridged(rng, (h, w), 9, 3, 0.5)
    slope = cv2.Sobel(bumps + craters * 0.5, cv2.CV_32F, 1, 0, scale=0.125)
    side = 1.0 if plan.sun_x > 0.5 else -1.0
    lit = np.clip(0.34 - slope * side * 5 + np.exp(-np.clip(depth, 0, 1) / 0.018) * 0.85, 0.04, 1.3)
    tone = np.array(hexa("8d8794"), np.float32) * (0.6 + 0.6 * bumps[..., None])
    fall = np.exp(-np.clip(depth, 0, 1) / 0.16)
    colour = tone * (lit * (0.35 + 0.65 * fall))[..., None]
    mask = np.clip(canvas.spread((depth * h).astype(np.float32)) * canvas.height / h + 0.5, 0, 1)
    canvas.cover(canvas.spread(colour.astype(np.float32)), mask)


@setting("underwater")
def underwater(scene: Scene) -> Floor:
    plan, canvas, light = scene.plan, scene.canvas, scene.light
    rng = scene.rng("deep")
    h, w = canvas.small(800)
    y = np.linspace(0, 1, h, dtype=np.float32)[:, None]
    x = np.linspace(0, 1, w, dtype=np.float32)[None, :]
    dim = 0.42 if light.dark else 1.0
    top, middle, low = (np.array(hexa(c), np.float32) * dim for c in ("5fe0e6", "1688b8", "073a66"))
    a, b = smoothstep(0.0, 0.5, y)[..., None], smoothstep(0.4, 1.05, y)[..., None]
    field = (top * (1 - a) + middle * a) * (1 - b) + low * b
    field = (
        field
        + np.exp(-(((x - plan.sun_x) / 0.3) ** 2 + (y / 0.4) ** 2))[..., None]
        * np.array((0.5, 0.55, 0.4), np.float32)
        * dim
    )
    canvas.picture = canvas.spread(np.broadcast_to(field, (h, w, 3)).astype(np.float32))
    _shafts(scene, dim)
    edge = 0.74
    haze_tone = middle * 0.8
    for row, (fy, tone, tall) in enumerate(((edge - 0.10, 0.80, 0.20), (edge - 0.03, 0.55, 0.16))):
        _reef(scene, fy, mix(hexa("20486a"), tuple(haze_tone.tolist()), tone), tall, row)
    sand_h, sand_w = canvas.small(900)
    yy = np.arange(sand_h, dtype=np.float32)[:, None] / sand_h
    dune = edge + (fbm(rng, (1, sand_w), 3, 1)[0] - 0.5) * 0.0
    dune = edge + (noise_line(rng, sand_w, 4, 4) - 0.5) * 0.05
    ripple = fbm(rng, (sand_h, sand_w), 26, 4, 0.6, stretch=4)
    caustic = ridged(rng, (sand_h, sand_w), 9, 3) ** 2.2
    depth = np.clip((yy - dune[None]) / 0.3, 0, 1)[..., None]
    sand = (
        np.array(hexa("d9cfa0"), np.float32)
        * (0.62 + 0.4 * ripple[..., None])
        * np.array((0.45, 0.80, 0.90), np.float32)
    )
    sand = sand * dim + np.array((0.5, 0.75, 0.7), np.float32) * caustic[..., None] * 0.32 * dim
    sand = haze_tone * (1 - depth) * 0.75 + sand * (0.25 + 0.75 * depth)
    cover = np.clip(
        (
            np.arange(canvas.height, dtype=np.float32)[:, None]
            - cv2.resize(dune[None].astype(np.float32), (canvas.width, 1)) * canvas.height
        )
        / 4
        + 0.5,
        0,
        1,
    )
    canvas.cover(canvas.spread(sand.astype(np.float32)), cover)
    _corals(scene, edge)
    _bubbles(scene)
    return Floor(edge, base=0.84, water=0.46, floating=False, air=(0.16, 0.58), shadow=0.4)


def _shafts(scene: Scene, dim: float) -> None:
    canvas = scene.canvas
    rng = scene.rng("shafts")
    h, w = canvas.small(480)
    field = np.zeros((h, w), np.float32)
    for _ in range(11):
        x0 = scene.plan.sun_x + float(rng.normal(0, 0.2))
        lean = (x0 - scene.plan.sun_x) * 1.1 + float(rng.normal(0, 0.06))
        wide = float(rng.uniform(0.01, 0.04))
        sheet = np.zeros((h, w), np.uint8)
        quad = np.array(
            [
                [x0 - wide / 2, -0.05],
                [x0 + wide / 2, -0.05],
                [x0 + lean + wide * 2, 0.95],
                [x0 + lean - wide, 0.95],
            ]
        )
        cv2.fillPoly(sheet, [(quad * [w, h]).astype(np.int32)], 255, cv2.LINE_AA)
        field += sheet.astype(np.float32) / 255 * float(rng.uniform(0.3, 1.0))
    field = (
        cv2.GaussianBlur(field, (0, 0), w / 120)
        * np.linspace(1, 0.05, h, dtype=np.float32)[:, None]
    )
    canvas.light((0.75, 1.0, 0.95), canvas.spread(field * 0.24 * dim))


def _reef(scene: Scene, fy: float, tone: RGB, tall: float, row: int) -> None:
    canvas = scene.canvas
    crest = (
        fy
        + 0.10
        - tall
        * np.clip(noise_line(scene.world("reef", row), canvas.width, 6, 7, 0.6) * 1.5 - 0.35, 0, 1)
    )
    mask = np.clip(
        np.arange(canvas.height, dtype=np.float32)[:, None] - crest[None] * canvas.height + 0.5,
        0,
        1,
    )
    canvas.wash(tone, mask)


def _corals(scene: Scene, edge: float) -> None:
    """Branching corals, fans and weed, at the sides and low."""
    rng = scene.rng("corals")
    canvas = scene.canvas
    for index in range(22):
        fx = float(rng.random())
        side = abs(fx - 0.5) * 2
        fy = edge + 0.03 + 0.24 * float(rng.random()) * (0.35 + 0.65 * side)
        tall = (0.06 + 0.17 * side * float(rng.random())) * (0.6 + 1.2 * (fy - edge) / 0.26)
        tone = turn(PARTY[int(rng.integers(7))], 0, 0.85, 0.95)
        s = Sketch((-0.8, -1.15, 0.8, 0.05), tall * canvas.unit, scene.light, scene.ink)
        kind = index % 3
        if kind == 0:
            for _ in range(9):
                x, top = float(rng.uniform(-0.5, 0.5)), float(rng.uniform(0.5, 1.0))
                s.shape(
                    tube(
                        [
                            (x * 0.25, 0),
                            (x * 0.7, -top * 0.5),
                            (x + float(rng.uniform(-0.15, 0.15)), -top),
                        ],
                        [0.075, 0.055, 0.05],
                    ),
                    tone,
                    0.9,
                    shadow=0.2,
                )
        elif kind == 1:
            for k in range(7):
                x = -0.3 + 0.1 * k
                points = [(x, 0.0)]
                for j in range(1, 6):
                    points.append(
                        (x + 0.10 * np.sin(j * 1.5 + k), -0.2 * j * float(rng.uniform(0.8, 1.05)))
                    )
                s.shape(
                    tube(points, [0.05, 0.055, 0.045, 0.03, 0.008]),
                    mix(hexa("3f9a5a"), tone, 0.15),
                    0.6,
                    shadow=0.2,
                )
        else:
            for k in range(10):
                s.shape(
                    smooth(
                        [
                            (0, 0),
                            (-0.1 + 0.02 * k, -0.3),
                            (-0.55 + 0.122 * k, -0.75 - 0.2 * np.sin(np.pi * k / 9)),
                            (0.1 - 0.02 * k, -0.3),
                        ],
                        steps=4,
                    ),
                    mix(tone, (1, 1, 1), 0.12 * (k % 2)),
                    0.5,
                    shadow=0.15,
                )
        haze = float(np.clip(0.55 - (fy - edge) * 3.2, 0.0, 0.6))
        scene.place(
            s.sprite(scene.mottle),
            fx,
            fy,
            fog=haze * 0.7,
            shadow=0.3,
            blur=0.006 if fy > 0.95 else 0.0,
        )


def _bubbles(scene: Scene) -> None:
    rng = scene.rng("bubbles")
    canvas = scene.canvas
    for _ in range(42):
        column = scene.plan.across(float(rng.choice([0.1, 0.55, 0.95]))) + float(
            rng.normal(0, 0.025)
        )
        fy, r = float(rng.uniform(0.1, 0.85)), float(rng.uniform(0.003, 0.013))
        canvas.glow(column, fy, r * 1.2, (0.75, 0.95, 1.0), 0.28, 0.35)
        canvas.glow(column - r * 0.25, fy - r * 0.5, r * 0.5, (1, 1, 1), 0.9, 1.2)


@setting("clouds")
def above_clouds(scene: Scene) -> Floor:
    """Flying over a sea of clouds."""
    plan, canvas, light = scene.plan, scene.canvas, scene.light
    horizon = min(0.62, plan.horizon)
    heavens(scene, horizon, 0.25)
    light = replace(
        light,
        cloud_shade=mix(light.cloud_shade, scale(light.zenith, 0.9), 0.55),
        haze=light.haze * 0.6,
    )
    clouds.mist(canvas, light, scene.rng("far"), horizon, 0.06, 0.6)
    rng = scene.rng("sea")
    crisp = 0.9 if plan.style.value == "ANIME" else 0.58
    for row in range(5):
        near = row / 4
        count = 8 - row
        for index in range(count):
            fx = (index + float(rng.uniform(0.1, 0.9))) / count
            fy = horizon + 0.06 + 0.115 * row
            h = int((0.12 + 0.22 * near) * canvas.unit)
            w = int(h * float(rng.uniform(2.4, 3.4)))
            part = min(1.0, 300 / w)
            colour, cover = clouds.heap(
                fork(rng), light, max(8, int(h * part)), max(16, int(w * part)), crisp
            )
            haze = 0.30 * (1 - near)
            colour = colour * (1 - haze) + np.array(light.horizon, np.float32) * haze
            colour = cv2.resize(colour, (w, h), interpolation=cv2.INTER_CUBIC)
            cover = np.clip(cv2.resize(cover, (w, h), interpolation=cv2.INTER_CUBIC), 0, 1)
            canvas.cover(
                colour, cover, int(fx * canvas.width - w / 2), int(fy * canvas.height - h * 0.6)
            )
        clouds.mist(canvas, light, scene.rng("row", row), horizon + 0.11 + 0.115 * row, 0.05, 0.16)
    return Floor(horizon, base=0.76, floating=True, air=(0.16, 0.52), shadow=0.0)
