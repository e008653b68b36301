"""Party things."""

from __future__ import annotations

import numpy as np

from reelstep.providers.offline.illustrator.colour import PARTY, RGB, hexa, mix, scale
from reelstep.providers.offline.illustrator.noise import Rng
from reelstep.providers.offline.illustrator.paths import (
    array,
    box,
    ellipse,
    heart,
    moved,
    smooth,
    star,
    tube,
)
from reelstep.providers.offline.illustrator.props.registry import prop
from reelstep.providers.offline.illustrator.sketch import Sketch


def balloon_shape(x: float, y: float, r: float) -> object:
    return smooth(
        [
            (x, y - r * 1.12),
            (x + r * 0.75, y - r * 0.78),
            (x + r * 0.98, y - r * 0.1),
            (x + r * 0.6, y + r * 0.7),
            (x, y + r * 1.14),
            (x - r * 0.6, y + r * 0.7),
            (x - r * 0.98, y - r * 0.1),
            (x - r * 0.75, y - r * 0.78),
        ]
    )


@prop("balloon", (-0.45, -1.05, 0.45, 0.55), 0.30, "air", 7)
def balloon(s: Sketch, rng: Rng, tint: RGB | None) -> None:
    colour = tint or PARTY[int(rng.integers(len(PARTY)))]
    sway = float(rng.uniform(-0.09, 0.09))
    s.line(
        smooth([(0, 0), (sway, 0.18), (-sway, 0.36), (sway * 0.5, 0.55)], closed=False),
        0.008,
        hexa("f4eee2"),
        opacity=0.85,
    )
    s.shape(array([(-0.05, 0.045), (0.05, 0.045), (0, -0.03)]), scale(colour, 0.7), 0.4)
    s.shape(balloon_shape(0, -0.5, 0.43), colour, 1.0, gloss=0.55, to=scale(colour, 0.82))  # type: ignore[arg-type]
    side = 1 if s.towards[0] >= 0 else -1
    s.glaze(ellipse(side * 0.17, -0.70, 0.055, 0.13, side * 22), (1, 1, 1), 0.62, 0.012)
    s.glaze(ellipse(side * 0.25, -0.52, 0.022, 0.03), (1, 1, 1), 0.5, 0.006)
    s.glaze(
        ellipse(-side * 0.22, -0.3, 0.07, 0.2, side * 30), mix(colour, (1, 1, 1), 0.5), 0.35, 0.03
    )


@prop("cake", (-0.62, -1.05, 0.62, 0.05), 0.36, "table")
def cake(s: Sketch, rng: Rng, tint: RGB | None) -> None:
    """Three tiers with dripping icing, berries and burning candles."""
    sponge, icing = tint or hexa("f7b7c8"), hexa("fff4e8")
    s.shape(ellipse(0, -0.035, 0.58, 0.075), hexa("dfe3ea"), 0.7, 0.5)
    s.shape(box(-0.06, -0.02, 0.06, 0.03, 0.02), hexa("c6ccd6"), 0.5)
    tiers = ((0.47, -0.06, 0.27), (0.35, -0.31, 0.24), (0.22, -0.53, 0.20))
    for index, (r, base, tall) in enumerate(tiers):
        colour = (sponge, mix(sponge, icing, 0.45), mix(sponge, hexa("c98be0"), 0.35))[index]
        lid = r * 0.17
        side = np.vstack(
            [ellipse(0, base, r, lid, n=48)[:25], [(-r, base - tall), (r, base - tall)]]
        )
        s.shape(side, colour, 1.0, 0.12)
        drips = [(-r, base - tall)]
        n = 9 + 2 * (2 - index)
        for k in range(n + 1):
            x = -r + 2 * r * k / n
            curve = lid * float(np.sqrt(max(0.0, 1 - (x / r) ** 2)))
            long = float(rng.uniform(0.03, 0.11)) if k % 2 else 0.0
            drips.append((x, base - tall + curve + long))
        drips.append((r, base - tall))
        poured = smooth(drips, steps=6)
        poured[:, 0] = poured[:, 0].clip(-r, r)
        s.shape(poured, icing, 0.8, 0.2, shadow=0.3)
        s.shape(ellipse(0, base - tall, r, lid), icing, 0.35, 0.1, shadow=0)
        for k in range(7 - index):
            a = np.pi * (0.08 + 0.84 * k / (6 - index))
            x, y = float(np.cos(a)) * r * 0.98, base + float(np.sin(a)) * lid * 0.95
            s.shape(
                ellipse(x, y - 0.018, 0.034, 0.032),
                PARTY[(k + index * 2) % 7],
                1.0,
                0.6,
                outlined=False,
            )
    top = -0.73
    for k, x in enumerate((-0.14, -0.07, 0.0, 0.07, 0.14)):
        y = top + 0.02 * (1 - abs(x) * 4)
        s.shape(box(x - 0.013, y - 0.16, x + 0.013, y + 0.01, 0.006), PARTY[(k * 3) % 7], 0.9)
        for h in (0.03, 0.08, 0.13):
            s.glaze(
                array(
                    [
                        (x - 0.013, y - h),
                        (x + 0.013, y - h - 0.02),
                        (x + 0.013, y - h - 0.035),
                        (x - 0.013, y - h - 0.015),
                    ]
                ),
                (1, 1, 1),
                0.8,
            )
        flame(s, x, y - 0.175, 0.035)


def flame(s: Sketch, x: float, y: float, r: float) -> None:
    drop = smooth([(0, -2.2), (0.75, -0.4), (0.55, 0.7), (0, 1.0), (-0.55, 0.7), (-0.7, -0.4)])
    s.shape(moved(drop, x, y, 0, r), hexa("ffa52e"), 0, 0, 0, glow=1.0, outlined=False)
    s.shape(
        moved(drop, x, y + r * 0.25, 0, r * 0.58), hexa("fff3b0"), 0, 0, 0, glow=1.0, outlined=False
    )


@prop("gift", (-0.5, -0.95, 0.5, 0.05), 0.19, "ground", 3)
def gift(s: Sketch, rng: Rng, tint: RGB | None) -> None:
    colour = tint or PARTY[int(rng.integers(len(PARTY)))]
    ribbon = (
        PARTY[(int(rng.integers(1, 6)) + PARTY.index(colour)) % 7]
        if colour in PARTY
        else hexa("f9d648")
    )
    s.shape(box(-0.36, -0.52, 0.36, 0, 0.03), colour, 0.55, 0.15, bevel=0.4)
    s.shape(
        array([(0.14, -0.52), (0.36, -0.52), (0.36, 0), (0.14, 0)]),
        scale(colour, 0.78),
        0.2,
        shadow=0,
        opacity=0.6,
    )
    s.shape(box(-0.41, -0.66, 0.41, -0.49, 0.03), mix(colour, (1, 1, 1), 0.12), 0.6, 0.2)
    s.shape(box(-0.15, -0.66, 0.0, 0, 0.0), ribbon, 0.4, 0.3, shadow=0.1)
    for side in (-1, 1):
        s.shape(
            smooth(
                [
                    (-0.07, -0.66),
                    (-0.07 + side * 0.12, -0.9),
                    (-0.07 + side * 0.33, -0.86),
                    (-0.07 + side * 0.26, -0.68),
                ]
            ),
            ribbon,
            0.9,
            0.3,
        )
        s.shape(
            smooth(
                [
                    (-0.07, -0.68),
                    (-0.07 + side * 0.12, -0.8),
                    (-0.07 + side * 0.22, -0.79),
                    (-0.07 + side * 0.18, -0.7),
                ]
            ),
            scale(ribbon, 0.55),
            0.2,
            0,
            0,
        )
    s.shape(ellipse(-0.07, -0.69, 0.065, 0.055), ribbon, 1.0, 0.4)


@prop("candle", (-0.22, -1.0, 0.22, 0.04), 0.26, "table", 3, True)
def candle(s: Sketch, rng: Rng, tint: RGB | None) -> None:
    wax = tint or hexa("f7eedc")
    tall = float(rng.uniform(0.45, 0.7))
    s.shape(ellipse(0, -0.02, 0.2, 0.04), hexa("b98d4e"), 0.8, 0.5)
    s.shape(box(-0.1, -tall, 0.1, -0.02, 0.03), wax, 0.9, 0.1, to=scale(wax, 0.8))
    s.shape(
        smooth(
            [
                (-0.1, -tall),
                (-0.09, -tall + 0.16),
                (-0.05, -tall + 0.04),
                (0.03, -tall + 0.1),
                (0.1, -tall),
            ]
        ),
        mix(wax, (1, 1, 1), 0.5),
        0.7,
        0.2,
    )
    s.shape(ellipse(0, -tall, 0.1, 0.025), mix(wax, hexa("ffc76a"), 0.6), 0.2, glow=0.5)
    s.line([(0, -tall), (0.01, -tall - 0.06)], 0.014, hexa("3a2a22"))
    flame(s, 0.01, -tall - 0.12, 0.065)


@prop("lantern", (-0.42, -0.95, 0.42, 0.4), 0.24, "air", 5, True)
def lantern(s: Sketch, rng: Rng, tint: RGB | None) -> None:
    """A paper lantern with a light in it."""
    paper = tint or hexa(("ff8a3c", "ffb14a", "f2604a")[int(rng.integers(3))])
    s.line([(0, -0.95), (0, -0.8)], 0.012, hexa("5a3a2a"))
    s.shape(
        ellipse(0, -0.38, 0.37, 0.41), paper, 0.7, 0, glow=0.72, to=mix(paper, hexa("fff0a8"), 0.5)
    )
    for k in range(-3, 4):
        s.line(
            smooth(
                [(-0.001 + 0.115 * k * 0.35, -0.78), (0.125 * k, -0.38), (0.115 * k * 0.35, 0.02)],
                closed=False,
            ),
            0.008,
            scale(paper, 0.65),
            opacity=0.5,
            shaded=False,
        )
    s.glaze(ellipse(0, -0.33, 0.2, 0.24), hexa("fff6c8"), 0.65, 0.09)
    for y in (-0.8, 0.02):
        s.shape(box(-0.13, y - 0.03, 0.13, y + 0.03, 0.02), hexa("6a2f22"), 0.8)
    for x in (-0.04, 0, 0.04):
        s.line([(x, 0.05), (x * 1.3, 0.3)], 0.014, hexa("e8b04a"))


@prop("heart", (-0.6, -0.6, 0.6, 0.6), 0.14, "air", 5, True)
def draw_heart(s: Sketch, rng: Rng, tint: RGB | None) -> None:
    colour = tint or hexa(("ef4a6a", "f77f9c", "e8394f")[int(rng.integers(3))])
    s.shape(moved(heart(0, 0, 0.5), 0, 0, float(rng.uniform(-18, 18))), colour, 1.0, 0.6, glow=0.12)
    s.glaze(ellipse(-0.2, -0.2, 0.1, 0.06, -35), (1, 1, 1), 0.6, 0.02)


@prop("star", (-0.6, -0.6, 0.6, 0.6), 0.11, "air", 6, True)
def draw_star(s: Sketch, rng: Rng, tint: RGB | None) -> None:
    outline = moved(star(0, 0, 0.5, 0.26), 0, 0, float(rng.uniform(-20, 20)))
    s.shape(smooth(outline, steps=4), tint or hexa("ffd755"), 1.0, 0.5, glow=0.4)


@prop("crown", (-0.6, -0.75, 0.6, 0.05), 0.2, "table")
def crown(s: Sketch, rng: Rng, tint: RGB | None) -> None:
    gold = tint or hexa("f0bb3a")
    s.shape(
        array(
            [
                (-0.42, -0.1),
                (-0.52, -0.56),
                (-0.26, -0.34),
                (0, -0.68),
                (0.26, -0.34),
                (0.52, -0.56),
                (0.42, -0.1),
            ]
        ),
        gold,
        0.8,
        0.6,
        bevel=0.5,
    )
    s.shape(
        tube([(-0.42, -0.09), (0, -0.05), (0.42, -0.09)], [0.075, 0.085, 0.075]),
        scale(gold, 0.95),
        0.9,
        0.5,
    )
    for k, (x, y) in enumerate(
        ((-0.52, -0.58), (-0.26, -0.36), (0, -0.7), (0.26, -0.36), (0.52, -0.58))
    ):
        s.shape(ellipse(x, y, 0.05, 0.05), PARTY[(k * 2) % 7], 1.0, 0.8)
    for k, x in enumerate((-0.24, 0, 0.24)):
        s.shape(ellipse(x, -0.075, 0.05, 0.045), PARTY[(k * 3 + 1) % 7], 1.0, 0.9)


@prop("trophy", (-0.5, -1.0, 0.5, 0.05), 0.28, "table")
def trophy(s: Sketch, rng: Rng, tint: RGB | None) -> None:
    gold = tint or hexa("f2bf42")
    for side in (-1, 1):
        s.line(
            smooth(
                [
                    (side * 0.26, -0.86),
                    (side * 0.46, -0.8),
                    (side * 0.4, -0.58),
                    (side * 0.18, -0.5),
                ],
                closed=False,
            ),
            0.05,
            scale(gold, 0.85),
        )
    s.shape(box(-0.26, -0.16, 0.26, 0, 0.03), hexa("4a2f22"), 0.6, 0.3)
    s.shape(
        smooth(
            [
                (-0.16, -0.16),
                (-0.05, -0.24),
                (-0.04, -0.4),
                (0.04, -0.4),
                (0.05, -0.24),
                (0.16, -0.16),
            ]
        ),
        scale(gold, 0.9),
        0.9,
        0.4,
    )
    s.shape(
        smooth(
            [
                (-0.3, -0.96),
                (-0.29, -0.7),
                (-0.12, -0.42),
                (0.12, -0.42),
                (0.29, -0.7),
                (0.3, -0.96),
            ],
            steps=8,
        ),
        gold,
        1.0,
        0.9,
    )
    s.shape(ellipse(0, -0.95, 0.3, 0.05), scale(gold, 0.6), 0.4, 0.3)
    s.shape(star(0, -0.7, 0.11, 0.05), hexa("fff3c0"), 0.4, 0.3)
