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
)
from reelstep.providers.offline.illustrator.props.registry import prop
from reelstep.providers.offline.illustrator.props.vehicles import window
from reelstep.providers.offline.illustrator.sketch import Sketch

STONE = hexa("c9bba4")


def bricks(
    s: Sketch, x0: float, y0: float, x1: float, y1: float, rng: Rng, tone: RGB, count: int = 26
) -> None:
    """A few stones picked out, as a painter would."""
    for _ in range(count):
        x, y = float(rng.uniform(x0, x1 - 0.05)), float(rng.uniform(y0, y1 - 0.02))
        s.glaze(
            box(x, y, x + 0.05, y + 0.022, 0.006), scale(tone, float(rng.uniform(0.7, 1.12))), 0.5
        )


def cone(
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
    bricks(s, x - w * 0.8, base - tall, x + w * 0.8, base - 0.05, rng, stone, 12)
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
        cone(s, x, -tall, w * 1.3, w * 2.5, scale(roof, 0.9), flag)
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
        cone(s, x, -tall - 0.06, w * 1.25, w * 2.2, roof, flag)
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
    bricks(s, -0.55, -0.33, 0.55, 0, rng, stone, 40)
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


@prop("tower", (-0.3, -1.2, 0.3, 0.05), 0.6, "back")
def tower(s: Sketch, rng: Rng, tint: RGB | None) -> None:
    stone = tint or STONE
    _tower(s, 0, 0, 0.17, 0.85, stone, rng)
    cone(s, 0, -0.9, 0.2, 0.26, hexa("a5483a"), hexa("f0c24a"))
    s.shape(star(0, -0.6, 0.03, 0.014), hexa("f0c24a"), 0.3)
