"""Houses, towers and what stands in streets and parks."""

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
    star,
    tube,
)
from reelstep.providers.offline.illustrator.props.party import flame
from reelstep.providers.offline.illustrator.props.registry import prop
from reelstep.providers.offline.illustrator.props.vehicles import window
from reelstep.providers.offline.illustrator.sketch import Sketch

_STONE = hexa("c9bba4")


def _bricks(
    s: Sketch, x0: float, y0: float, x1: float, y1: float, rng: Rng, tone: RGB, count: int = 26
) -> None:
    """A few stones picked out, as a painter would."""
    for _ in range(count):
        x, y = float(rng.uniform(x0, x1 - 0.05)), float(rng.uniform(y0, y1 - 0.02))
        s.glaze(
            box(x, y, x + 0.05, y + 0.022, 0.006), scale(tone, float(rng.uniform(0.7, 1.12))), 0.5
        )


def _cone(
    s: Sketch, x: float, y: float, w: float, tall: float, colour: RGB, flag: RGB | None = None
) -> None:
    if flag is not None:
        s.line([(x, y - tall), (x, y - tall - 0.12)], 0.01, hexa("4a3626"))
        s.shape(
            smooth(
                [(x, y - tall - 0.12), (x + 0.1, y - tall - 0.1), (x, y - tall - 0.06)], steps=4
            ),
            flag,
            0.3,
        )
    s.shape(np.vstack([[(x, y - tall)], arc(x, y, w, w * 0.18, 0, 180, 16)]), colour, 1.0, 0.15)


def _tower(
    s: Sketch,
    x: float,
    base: float,
    w: float,
    tall: float,
    stone: RGB,
    rng: Rng,
    crown: bool = True,
) -> None:
    s.shape(
        np.vstack(
            [
                arc(x, base, w, w * 0.16, 0, 180, 12),
                [(x - w * 0.95, base - tall), (x + w * 0.95, base - tall)],
            ]
        ),
        stone,
        1.0,
    )
    _bricks(s, x - w * 0.8, base - tall, x + w * 0.8, base - 0.05, rng, stone, 12)
    if crown:
        s.shape(
            box(x - w * 1.15, base - tall - 0.05, x + w * 1.15, base - tall + 0.03, 0.0),
            scale(stone, 0.95),
            0.8,
        )
        for k in range(4):
            cx = x - w * 1.0 + 2.0 * w * k / 3
            s.shape(
                box(cx - w * 0.17, base - tall - 0.1, cx + w * 0.17, base - tall - 0.04, 0.0),
                stone,
                0.5,
                shadow=0,
            )


@prop("house", (-0.75, -1.05, 0.75, 0.05), 0.42)
def house(s: Sketch, rng: Rng, tint: RGB | None) -> None:
    wall, roof = tint or hexa(("f3e2c4", "e9c9a2", "dfe7ea")[int(rng.integers(3))]), hexa("b1503a")
    s.shape(box(0.26, -0.98, 0.4, -0.62, 0.0), hexa("9a5a45"), 0.5)
    s.shape(box(-0.52, -0.56, 0.52, 0, 0.01), wall, 0.35, bevel=0.3, to=scale(wall, 0.9))
    s.shape(
        array([(-0.66, -0.52), (-0.36, -0.9), (0.36, -0.9), (0.66, -0.52)]), roof, 0.5, bevel=0.4
    )
    for row in range(5):
        y = -0.86 + 0.075 * row
        half = 0.39 + 0.06 * row
        for k in range(14 + row):
            x = -half + 2 * half * k / (13 + row)
            s.line(arc(x, y, 0.026, 0.02, 0, 180, 6), 0.006, scale(roof, 0.66), opacity=0.7)
    s.shape(box(-0.08, -0.32, 0.12, 0, 0.03), hexa("6d4426"), 0.5, 0.1)
    s.shape(ellipse(0.08, -0.15, 0.014, 0.014), hexa("f0c24a"), 0.9, 0.8)
    for x in (-0.34, 0.34):
        s.shape(box(x - 0.125, -0.42, x + 0.125, -0.15, 0.01), hexa("fbf6ea"), 0.3)
        window(s, box(x - 0.1, -0.395, x + 0.1, -0.175, 0.0))
        s.line([(x, -0.395), (x, -0.175)], 0.016, hexa("fbf6ea"))
        s.line([(x - 0.1, -0.285), (x + 0.1, -0.285)], 0.016, hexa("fbf6ea"))
        s.shape(box(x - 0.13, -0.15, x + 0.13, -0.1, 0.01), hexa("8a5a36"), 0.6)
        for k in range(7):
            s.shape(
                ellipse(x - 0.11 + 0.036 * k, -0.165 - 0.012 * (k % 2), 0.024, 0.022),
                (hexa("f0566a"), hexa("ffd166"), hexa("f7f0fb"))[k % 3],
                0.7,
                outlined=False,
            )
    for _ in range(26):
        x = float(rng.choice([-1, 1])) * float(rng.uniform(0.2, 0.6))
        s.shape(
            ellipse(x, float(rng.uniform(-0.07, -0.0)), 0.06, 0.05),
            mix(hexa("4f8c3c"), hexa("86b04a"), float(rng.random())),
            0.8,
            shadow=0.2,
            outlined=False,
        )


@prop("castle", (-0.95, -1.35, 0.95, 0.05), 0.56, "back")
def castle(s: Sketch, rng: Rng, tint: RGB | None) -> None:
    stone, roof = tint or hexa("d6cbbb"), hexa("4f6ea8")
    flag = hexa("e2483d")
    for x, w, tall in ((-0.42, 0.085, 0.86), (0.36, 0.09, 0.92), (0.02, 0.12, 1.02)):
        _tower(s, x, -0.15, w, tall - 0.15, scale(stone, 0.86), rng, False)
        _cone(s, x, -tall, w * 1.3, w * 2.5, scale(roof, 0.9), flag)
        window(
            s,
            np.vstack(
                [
                    arc(x, -tall + 0.2, 0.022, 0.022, 180, 360, 8),
                    [(x + 0.022, -tall + 0.27), (x - 0.022, -tall + 0.27)],
                ]
            ),
        )
    s.shape(box(-0.5, -0.6, 0.5, -0.1, 0), scale(stone, 0.94), 0.3, bevel=0.2)
    for k in range(11):
        s.shape(
            box(-0.5 + 0.095 * k, -0.66, -0.45 + 0.095 * k, -0.59, 0),
            scale(stone, 0.96),
            0.3,
            shadow=0,
        )
    for x in (-0.28, 0.28):
        window(
            s,
            np.vstack(
                [arc(x, -0.44, 0.035, 0.035, 180, 360, 8), [(x + 0.035, -0.34), (x - 0.035, -0.34)]]
            ),
        )
    for x, w, tall in ((-0.68, 0.13, 0.62), (0.68, 0.13, 0.62)):
        _tower(s, x, 0, w, tall, stone, rng)
        _cone(s, x, -tall - 0.06, w * 1.25, w * 2.2, roof, flag)
        for y in (-0.3, -0.48):
            window(
                s,
                np.vstack(
                    [
                        arc(x, y, 0.026, 0.026, 180, 360, 8),
                        [(x + 0.026, y + 0.08), (x - 0.026, y + 0.08)],
                    ]
                ),
            )
    s.shape(box(-0.6, -0.34, 0.6, 0.0, 0), stone, 0.25, bevel=0.2)
    for k in range(13):
        s.shape(box(-0.58 + 0.093 * k, -0.395, -0.53 + 0.093 * k, -0.33, 0), stone, 0.3, shadow=0)
    _bricks(s, -0.55, -0.33, 0.55, 0, rng, stone, 40)
    s.shape(
        np.vstack([arc(0, -0.17, 0.11, 0.11, 180, 360, 14), [(0.11, 0), (-0.11, 0)]]),
        hexa("4a2f20"),
        0.3,
        0,
        0.4,
    )
    for k in range(5):
        s.line([(-0.08 + 0.04 * k, 0), (-0.08 + 0.04 * k, -0.24)], 0.008, hexa("2b1c14"))


@prop("lighthouse", (-0.55, -1.45, 0.55, 0.08), 0.66, "back")
def lighthouse(s: Sketch, rng: Rng, tint: RGB | None) -> None:
    white, red = hexa("f6f1e8"), tint or hexa("d2413a")
    for _ in range(9):
        x = float(rng.uniform(-0.42, 0.42))
        s.shape(
            smooth(ellipse(x, 0.02, 0.17, 0.1, n=8) + rng.uniform(-0.02, 0.02, (8, 2)), steps=4),
            mix(hexa("5b5a60"), hexa("7c766f"), float(rng.random())),
            0.8,
            shadow=0.3,
        )
    s.shape(box(0.1, -0.3, 0.44, -0.02, 0), hexa("efe5d4"), 0.4, bevel=0.3)
    s.shape(array([(0.06, -0.28), (0.27, -0.44), (0.48, -0.28)]), red, 0.5)
    window(s, box(0.24, -0.2, 0.34, -0.09, 0))

    def half(y: float) -> float:
        return 0.2 - 0.085 * (-y / 1.02)

    for k in range(6):
        y0, y1 = -0.17 * k, -0.17 * (k + 1)
        band = np.vstack(
            [
                arc(0, y0, half(y0), half(y0) * 0.2, 0, 180, 14),
                arc(0, y1, half(y1), half(y1) * 0.2, 180, 0, 14),
            ]
        )
        s.shape(band, red if k % 2 else white, 1.0, 0.12, shadow=0, outlined=False)
    for y in (-0.26, -0.58, -0.84):
        window(
            s,
            np.vstack(
                [arc(-0.01, y, 0.026, 0.026, 180, 360, 8), [(0.016, y + 0.06), (-0.036, y + 0.06)]]
            ),
        )
    s.shape(
        np.vstack(
            [
                arc(0, 0.0, 0.05, 0.05, 180, 360, 8) + np.array([0, -0.1]),
                [(0.05, 0.02), (-0.05, 0.02)],
            ]
        ),
        hexa("5a3a26"),
        0.4,
    )
    s.shape(box(-0.17, -1.06, 0.17, -1.02, 0.01), hexa("3c3f48"), 0.7)
    s.shape(
        box(-0.09, -1.2, 0.09, -1.05, 0),
        hexa("fff2b4"),
        0,
        0,
        0,
        glow=1.0 if s.light.dark or s.light.low else 0.5,
    )
    for x in (-0.09, -0.03, 0.03, 0.09):
        s.line([(x, -1.2), (x, -1.05)], 0.012, hexa("3c3f48"))
    for k in range(9):
        s.line([(-0.16 + 0.04 * k, -1.11), (-0.16 + 0.04 * k, -1.05)], 0.006, hexa("3c3f48"))
    s.line([(-0.165, -1.11), (0.165, -1.11)], 0.008, hexa("3c3f48"))
    s.shape(
        smooth(
            [(-0.13, -1.19), (0, -1.24), (0.13, -1.19), (0.07, -1.3), (0, -1.35), (-0.07, -1.3)]
        ),
        red,
        1.0,
        0.3,
    )
    s.line([(0, -1.34), (0, -1.43)], 0.012, hexa("3c3f48"))


@prop("bridge", (-1.3, -0.55, 1.3, 0.08), 0.30, "back")
def bridge(s: Sketch, rng: Rng, tint: RGB | None) -> None:
    stone = tint or _STONE
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
    _bricks(s, -1.2, -0.4, 1.2, -0.2, rng, stone, 40)
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
    _bricks(s, -0.16, -0.7, 0.16, -0.06, rng, wall, 16)
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


@prop("tent", (-0.75, -0.85, 0.75, 0.05), 0.30)
def tent(s: Sketch, rng: Rng, tint: RGB | None) -> None:
    cloth = tint or hexa("e8803a")
    s.shape(array([(0.1, -0.74), (0.66, 0), (-0.1, 0)]), scale(cloth, 0.72), 0.4)
    s.shape(
        array([(0.1, -0.74), (0.2, 0), (-0.62, 0)]), cloth, 0.5, to=mix(cloth, hexa("ffd08a"), 0.35)
    )
    inside = hexa("ffd27a") if s.light.dark or s.light.low else hexa("5b3424")
    s.shape(
        smooth([(0.06, -0.6), (0.06, 0), (-0.3, 0), (-0.1, -0.25)], steps=4),
        inside,
        0.1,
        glow=0.9 if s.light.dark else 0.0,
    )
    s.shape(
        smooth([(0.07, -0.6), (-0.06, -0.28), (-0.32, 0), (-0.22, 0), (0.02, -0.28)], steps=4),
        mix(cloth, (1, 1, 1), 0.3),
        0.5,
    )
    for x in (-0.7, 0.73):
        s.line([(x * 0.8, -0.12), (x, 0.02)], 0.008, hexa("f2e6cc"))


@prop("campfire", (-0.5, -0.85, 0.5, 0.06), 0.24, "ground", 1, True)
def campfire(s: Sketch, rng: Rng, tint: RGB | None) -> None:
    for k in range(9):
        a = np.pi * 2 * k / 9
        s.shape(
            ellipse(0.38 * np.cos(a), -0.02 + 0.07 * np.sin(a), 0.075, 0.05), hexa("77726e"), 0.9
        )
    for x0, x1 in ((-0.26, 0.16), (0.26, -0.16), (-0.05, 0.1)):
        s.shape(tube([(x0, 0), (x1, -0.16)], [0.045, 0.04], curve=False), hexa("5b3a24"), 0.9)
    for r, colour in ((0.2, "ff5a1f"), (0.145, "ff9a2a"), (0.085, "ffe08a")):
        for dx in (-0.09, 0.09, 0.0):
            flame(s, dx * r * 5, -0.1 - r * 0.8, r * float(rng.uniform(0.8, 1.1)))
        s.glaze(ellipse(0, -0.2, r, r * 1.4), hexa(colour), 0.4, r * 0.4)


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
    s.shape(box(-0.6, -0.04, 0.6, 0.03, 0), _STONE, 0.4)


@prop("mosque", (-0.9, -1.3, 0.9, 0.05), 0.52, "back")
def mosque(s: Sketch, rng: Rng, tint: RGB | None) -> None:
    wall, dome = hexa("f1e6d2"), tint or hexa("4fa3a5")
    for x in (-0.72, 0.72):
        s.shape(box(x - 0.05, -1.0, x + 0.05, 0, 0), wall, 1.0)
        for y in (-0.62, -0.96):
            s.shape(box(x - 0.075, y - 0.03, x + 0.075, y, 0.01), scale(wall, 0.9), 0.7)
        _cone(s, x, -1.0, 0.055, 0.2, dome)
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


@prop("church", (-0.7, -1.35, 0.7, 0.05), 0.5, "back")
def church(s: Sketch, rng: Rng, tint: RGB | None) -> None:
    wall, roof = tint or hexa("efe6d6"), hexa("5b4a52")
    s.shape(box(-0.1, -0.46, 0.58, 0, 0), wall, 0.3, bevel=0.3)
    s.shape(array([(-0.12, -0.44), (0.0, -0.7), (0.56, -0.7), (0.66, -0.44)]), roof, 0.4)
    s.shape(box(-0.38, -0.82, -0.06, 0, 0), wall, 0.6)
    s.shape(array([(-0.42, -0.8), (-0.22, -1.22), (-0.02, -0.8)]), roof, 0.7)
    s.line([(-0.22, -1.2), (-0.22, -1.34)], 0.018, hexa("d8a940"))
    s.line([(-0.27, -1.29), (-0.17, -1.29)], 0.018, hexa("d8a940"))
    s.shape(ellipse(-0.22, -0.68, 0.07, 0.07), hexa("fbf6ea"), 0.3)
    s.line([(-0.22, -0.68), (-0.22, -0.73)], 0.01, hexa("33282a"))
    for x, r in ((-0.22, 0.06), (0.1, 0.045), (0.27, 0.045), (0.44, 0.045)):
        y = -0.22 if x < 0 else -0.26
        window(
            s,
            np.vstack(
                [
                    arc(x, y, r, r, 180, 360, 10),
                    [
                        (x + r, y + 0.22 if x < 0 else y + 0.14),
                        (x - r, y + 0.22 if x < 0 else y + 0.14),
                    ],
                ]
            ),
        )


@prop("fountain", (-0.7, -0.95, 0.7, 0.06), 0.32)
def fountain(s: Sketch, rng: Rng, tint: RGB | None) -> None:
    stone, water = tint or hexa("cfc8bc"), hexa("a9dcf2")
    s.shape(ellipse(0, -0.1, 0.62, 0.13), scale(stone, 0.85), 0.7)
    s.shape(ellipse(0, -0.13, 0.54, 0.1), water, 0.2, 0.4, 0.2)
    s.shape(
        smooth(
            [
                (-0.08, -0.14),
                (-0.05, -0.36),
                (-0.07, -0.5),
                (0.07, -0.5),
                (0.05, -0.36),
                (0.08, -0.14),
            ]
        ),
        stone,
        1.0,
    )
    s.shape(
        smooth([(-0.32, -0.56), (-0.18, -0.46), (0.18, -0.46), (0.32, -0.56), (0, -0.54)]),
        stone,
        0.9,
    )
    s.shape(ellipse(0, -0.565, 0.29, 0.035), water, 0.2, 0.4)
    for side in (-1, 1):
        for reach in (0.1, 0.2, 0.3, 0.42):
            s.line(
                smooth(
                    [
                        (0, -0.6),
                        (side * reach * 0.35, -0.86 + reach * 0.25),
                        (side * reach * 0.9, -0.6),
                        (side * (reach + 0.06), -0.14),
                    ],
                    closed=False,
                ),
                0.013,
                hexa("eefaff"),
                opacity=0.75,
            )
    for _ in range(40):
        s.shape(
            ellipse(
                float(rng.uniform(-0.45, 0.45)), float(rng.uniform(-0.75, -0.14)), 0.009, 0.011
            ),
            hexa("f6fdff"),
            0,
            0,
            0,
            outlined=False,
            opacity=0.8,
        )
    s.shape(tube([(-0.62, -0.08), (0, 0.04), (0.62, -0.08)], [0.05, 0.06, 0.05]), stone, 0.9)


@prop("bench", (-0.75, -0.62, 0.75, 0.04), 0.22)
def bench(s: Sketch, rng: Rng, tint: RGB | None) -> None:
    wood, iron = tint or hexa("a5673a"), hexa("33363d")
    for x in (-0.52, 0.52):
        s.line(smooth([(x, 0.0), (x, -0.28), (x - 0.02, -0.58)], closed=False), 0.035, iron)
        s.line(smooth([(x + 0.16, 0.02), (x + 0.14, -0.2), (x, -0.26)], closed=False), 0.03, iron)
    for y in (-0.56, -0.46, -0.36):
        s.shape(box(-0.66, y - 0.035, 0.66, y + 0.03, 0.02), wood, 0.8)
    for k in range(3):
        s.shape(
            box(-0.66 + 0.03 * k, -0.275 + 0.036 * k, 0.66 + 0.03 * k, -0.245 + 0.036 * k, 0.01),
            scale(wood, 1.1),
            0.7,
        )


@prop("streetlamp", (-0.3, -1.3, 0.3, 0.04), 0.56, "ground", 2, True)
def streetlamp(s: Sketch, rng: Rng, tint: RGB | None) -> None:
    iron = hexa("2c3038")
    s.shape(smooth([(-0.1, 0), (-0.06, -0.12), (0.06, -0.12), (0.1, 0)], steps=3), iron, 0.8)
    s.shape(tube([(0, -0.08), (0, -0.98)], [0.026, 0.02], curve=False), iron, 0.9, 0.3)
    s.line(smooth([(-0.15, -0.92), (0, -0.9), (0.15, -0.92)], closed=False), 0.022, iron)
    lit = s.light.dark or s.light.low
    s.shape(
        array([(-0.075, -1.0), (0.075, -1.0), (0.11, -1.18), (-0.11, -1.18)]),
        hexa("ffdf94"),
        0,
        0,
        0,
        glow=1.0 if lit else 0.4,
    )
    s.shape(smooth([(-0.14, -1.18), (0, -1.3), (0.14, -1.18)], steps=4), iron, 0.8)
    s.line([(0, -1.0), (0, -1.18)], 0.01, iron)


@prop("tower", (-0.3, -1.2, 0.3, 0.05), 0.6, "back")
def tower(s: Sketch, rng: Rng, tint: RGB | None) -> None:
    stone = tint or _STONE
    _tower(s, 0, 0, 0.17, 0.85, stone, rng)
    _cone(s, 0, -0.9, 0.2, 0.26, hexa("a5483a"), hexa("f0c24a"))
    s.shape(star(0, -0.6, 0.03, 0.014), hexa("f0c24a"), 0.3)
