"""Famous and far-seen constructions."""

from __future__ import annotations

import numpy as np

from reelstep.providers.offline.illustrator.colour import RGB, hexa, mix, scale
from reelstep.providers.offline.illustrator.noise import Rng
from reelstep.providers.offline.illustrator.paths import (
    arc,
    array,
    box,
    ellipse,
    smooth,
)
from reelstep.providers.offline.illustrator.props.buildings import STONE, bricks, cone
from reelstep.providers.offline.illustrator.props.registry import prop
from reelstep.providers.offline.illustrator.props.vehicles import window
from reelstep.providers.offline.illustrator.sketch import Sketch


@prop("bridge", (-1.3, -0.55, 1.3, 0.08), 0.30, "back")
def bridge(s: Sketch, rng: Rng, tint: RGB | None) -> None:
    stone = tint or STONE
    top = smooth([(-1.3, -0.3), (-0.6, -0.42), (0, -0.47), (0.6, -0.42), (1.3, -0.3)], closed=False)
    under = []
    for cx in (0.86, 0.0, -0.86):
        tall = 0.36 if cx == 0 else 0.29
        under.extend(arc(cx, 0.05, 0.36, tall, 0, -180, 18).tolist())
    s.shape(
        np.vstack([top, [(1.3, 0.06)], array(under), [(-1.3, 0.06)]]),
        stone,
        0.4,
        bevel=0.35,
        to=scale(stone, 0.75),
    )
    for cx in (0.86, 0.0, -0.86):
        tall = 0.36 if cx == 0 else 0.29
        s.line(arc(cx, 0.05, 0.375, tall + 0.015, -4, -176, 24), 0.035, scale(stone, 0.85))
    bricks(s, -1.2, -0.4, 1.2, -0.2, rng, stone, 40)
    s.line(top, 0.05, mix(stone, (1, 1, 1), 0.2))
    s.line(top + np.array([0, 0.05], np.float32), 0.012, scale(stone, 0.6), opacity=0.6)


@prop("windmill", (-0.75, -1.3, 0.75, 0.05), 0.56, "back")
def windmill(s: Sketch, rng: Rng, tint: RGB | None) -> None:
    wall = tint or hexa("efe4d0")
    s.shape(
        smooth(
            [(-0.25, 0), (-0.19, -0.4), (-0.15, -0.76), (0.15, -0.76), (0.19, -0.4), (0.25, 0)],
            steps=3,
        ),
        wall,
        1.0,
    )
    bricks(s, -0.16, -0.7, 0.16, -0.06, rng, wall, 16)
    s.shape(
        smooth([(-0.19, -0.74), (-0.12, -0.92), (0, -0.98), (0.12, -0.92), (0.19, -0.74)]),
        hexa("8b4a34"),
        0.9,
    )
    window(s, box(-0.045, -0.62, 0.045, -0.5, 0.02))
    s.shape(box(-0.065, -0.22, 0.065, 0, 0.03), hexa("6d4426"), 0.5)
    spin = float(rng.uniform(10, 60))
    for k in range(4):
        a = np.radians(spin + 90 * k)
        d, n = np.array([np.cos(a), np.sin(a)]), np.array([-np.sin(a), np.cos(a)])
        c = np.array([0.0, -0.8])
        s.shape(
            np.array(
                [
                    c + d * 0.12 + n * 0.01,
                    c + d * 0.52 + n * 0.01,
                    c + d * 0.52 + n * 0.13,
                    c + d * 0.12 + n * 0.11,
                ]
            ),
            hexa("fbf2e0"),
            0.3,
            shadow=0.3,
            opacity=0.94,
        )
        for j in range(5):
            p = c + d * (0.16 + 0.08 * j)
            s.line(np.array([p, p + n * 0.12]), 0.008, hexa("8a6a48"))
        s.line(np.array([c, c + d * 0.54]), 0.024, hexa("6d4a2e"))
    s.shape(ellipse(0, -0.8, 0.045, 0.045), hexa("5a3a26"), 0.9)


@prop("eiffel", (-0.5, -1.5, 0.5, 0.03), 0.62, "back")
def eiffel(s: Sketch, rng: Rng, tint: RGB | None) -> None:
    iron = tint or (hexa("d9a860") if s.light.dark or s.light.low else hexa("8a7764"))
    glow = 0.55 if s.light.dark else 0.0
    ys = np.linspace(0, -1.3, 30)
    half = 0.02 + 0.36 * np.exp(ys * 2.5)
    inner = np.clip(half * 0.62 - 0.015, 0, None) * (ys > -0.62)
    for side in (-1, 1):
        outline = np.vstack([np.stack([side * half, ys], 1), np.stack([side * inner, ys], 1)[::-1]])
        s.shape(outline, iron, 0.25, shadow=0, opacity=0.82, glow=glow, outlined=False)
        for k in range(29):
            pitch = [(side * half[k], ys[k]), (side * inner[k], ys[k + 1])]
            s.line(pitch, 0.006, scale(iron, 0.55), opacity=0.8)
            s.line(
                [(side * inner[k], ys[k]), (side * half[k + 1], ys[k + 1])],
                0.006,
                scale(iron, 0.55),
                opacity=0.8,
            )
    for y, w, t in ((-0.3, 0.235, 0.035), (-0.62, 0.115, 0.028), (-1.26, 0.035, 0.025)):
        s.shape(box(-w, y - t, w, y + t * 0.6, 0.004), scale(iron, 0.9), 0.4, 0, 0.1, glow=glow)
    s.line(arc(0, -0.06, 0.215, 0.2, 180, 360), 0.022, iron, glow=glow)
    s.line([(0, -1.28), (0, -1.46)], 0.014, iron, glow=glow)
    if s.light.dark:
        for _ in range(90):
            k = int(rng.integers(0, 29))
            x = float(rng.uniform(-half[k], half[k]))
            s.shape(
                ellipse(x, ys[k], 0.005, 0.005), hexa("fff3c4"), 0, 0, 0, glow=1.0, outlined=False
            )


@prop("pyramid", (-1.2, -0.9, 1.2, 0.05), 0.42, "back")
def pyramid(s: Sketch, rng: Rng, tint: RGB | None) -> None:
    sand = tint or hexa("dcb06c")
    for cx, w, tall in ((0.72, 0.42, 0.46), (-0.12, 0.86, 0.86)):
        ridge = cx + w * 0.22
        s.shape(
            array([(cx, -tall), (ridge, 0), (cx - w, 0)]),
            sand if s.towards[0] < 0 else scale(sand, 0.62),
            0.05,
            shadow=0,
        )
        s.shape(
            array([(cx, -tall), (cx + w, 0), (ridge, 0)]),
            sand if s.towards[0] > 0 else scale(sand, 0.62),
            0.05,
            shadow=0,
        )
        for k in range(1, 15):
            y = -tall * (1 - k / 15)
            part = k / 15
            s.line(
                [(cx - w * part, y), (cx + w * 0.22 * part, y), (cx + w * part, y)],
                0.006,
                scale(sand, 0.5),
                opacity=0.35,
            )


@prop("temple", (-0.85, -1.1, 0.85, 0.05), 0.46, "back")
def temple(s: Sketch, rng: Rng, tint: RGB | None) -> None:
    red, roof = tint or hexa("b8402f"), hexa("3f5a58")
    for k, (w, y) in enumerate(((0.5, 0.0), (0.38, -0.36), (0.27, -0.66))):
        s.shape(box(-w, y - 0.26, w, y, 0), mix(red, hexa("f3d9b0"), 0.12 * k), 0.3, bevel=0.3)
        for j in range(5):
            x = -w * 0.9 + w * 1.8 * j / 4
            s.shape(box(x - 0.02, y - 0.26, x + 0.02, y, 0), scale(red, 0.75), 0.8)
        window(s, box(-w * 0.3, y - 0.2, w * 0.3, y - 0.02, 0.01))
        r = w * 1.45
        s.shape(
            smooth(
                [
                    (-r, y - 0.3),
                    (-r * 0.6, y - 0.29),
                    (0, y - 0.25),
                    (r * 0.6, y - 0.29),
                    (r, y - 0.3),
                    (r * 0.55, y - 0.38),
                    (w * 0.5, y - 0.43),
                    (-w * 0.5, y - 0.43),
                    (-r * 0.55, y - 0.38),
                ],
                steps=6,
            ),
            roof,
            0.8,
            0.2,
        )
    s.line([(0, -1.06), (0, -1.1)], 0.02, hexa("e0b04a"))
    s.shape(box(-0.6, -0.04, 0.6, 0.03, 0), STONE, 0.4)


@prop("mosque", (-0.9, -1.3, 0.9, 0.05), 0.52, "back")
def mosque(s: Sketch, rng: Rng, tint: RGB | None) -> None:
    wall, dome = hexa("f1e6d2"), tint or hexa("4fa3a5")
    for x in (-0.72, 0.72):
        s.shape(box(x - 0.05, -1.0, x + 0.05, 0, 0), wall, 1.0)
        for y in (-0.62, -0.96):
            s.shape(box(x - 0.075, y - 0.03, x + 0.075, y, 0.01), scale(wall, 0.9), 0.7)
        cone(s, x, -1.0, 0.055, 0.2, dome)
    s.shape(box(-0.55, -0.42, 0.55, 0, 0), wall, 0.3, bevel=0.2)
    s.shape(box(-0.3, -0.55, 0.3, -0.42, 0), scale(wall, 0.95), 0.5)
    s.shape(
        smooth(
            [
                (-0.3, -0.55),
                (-0.36, -0.72),
                (-0.22, -0.92),
                (0, -1.05),
                (0.22, -0.92),
                (0.36, -0.72),
                (0.3, -0.55),
            ]
        ),
        dome,
        1.0,
        0.5,
    )
    s.line([(0, -1.04), (0, -1.18)], 0.014, hexa("e0b04a"))
    s.line(arc(0.0, -1.21, 0.035, 0.035, 40, 320), 0.014, hexa("e0b04a"))
    for x in (-0.4, -0.2, 0.0, 0.2, 0.4):
        r = 0.09 if x == 0 else 0.06
        arch = np.vstack(
            [
                smooth(
                    [
                        (x - r, -0.16),
                        (x - r * 0.8, -0.24),
                        (x, -0.32 - r * 0.3),
                        (x + r * 0.8, -0.24),
                        (x + r, -0.16),
                    ],
                    closed=False,
                ),
                [(x + r, 0), (x - r, 0)],
            ]
        )
        window(s, arch)
