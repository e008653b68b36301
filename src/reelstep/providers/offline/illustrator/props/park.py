"""What stands in parks, streets and camps."""

from __future__ import annotations

import numpy as np

from reelstep.providers.offline.illustrator.colour import RGB, hexa, mix, scale
from reelstep.providers.offline.illustrator.noise import Rng
from reelstep.providers.offline.illustrator.paths import (
    array,
    box,
    ellipse,
    smooth,
    tube,
)
from reelstep.providers.offline.illustrator.props.party import flame
from reelstep.providers.offline.illustrator.props.registry import prop
from reelstep.providers.offline.illustrator.sketch import Sketch


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
