"""Things of daily life."""

from __future__ import annotations

import numpy as np

from reelstep.providers.offline.illustrator.colour import PARTY, RGB, hexa, mix, scale
from reelstep.providers.offline.illustrator.noise import Rng
from reelstep.providers.offline.illustrator.paths import (
    arc,
    array,
    box,
    ellipse,
    moved,
    smooth,
    tube,
)
from reelstep.providers.offline.illustrator.props.registry import prop
from reelstep.providers.offline.illustrator.sketch import Sketch


@prop("table", (-0.85, -0.78, 0.85, 0.06), 0.30)
def table(s: Sketch, rng: Rng, tint: RGB | None) -> None:
    """A round table under a cloth that falls to the ground in folds."""
    cloth = tint or hexa("f6efe2")
    folds = 9
    hem, edge = [], []
    for k in range(4 * folds + 1):
        part = k / (4 * folds)
        angle = np.pi * (1 - part)
        wave = float(np.cos(part * folds * 2 * np.pi))
        reach = 0.74 + 0.035 * wave
        hem.append(
            (reach * float(np.cos(angle)), -0.08 + 0.105 * float(np.sin(angle)) + 0.012 * wave)
        )
        edge.append((0.66 * float(np.cos(angle)), -0.6 + 0.11 * float(np.sin(angle))))
    s.shape(
        np.vstack([array(hem), array(edge)[::-1]]), scale(cloth, 0.94), 0.8, to=scale(cloth, 0.8)
    )
    for k in range(folds):
        at = 4 * k + 2  # between two crests
        fold = [edge[at], (hem[at][0] * 0.97, -0.35), hem[at]]
        s.glaze(tube(fold, [0.004, 0.022, 0.034]), scale(cloth, 0.28), 0.26, 0.016)
        crest = [edge[at - 2], (hem[at - 2][0] * 0.97, -0.35), hem[at - 2]]
        s.glaze(tube(crest, [0.003, 0.014, 0.02]), (1, 1, 1), 0.12, 0.012)
    s.shape(ellipse(0, -0.6, 0.66, 0.11), cloth, 0.2, 0.05, shadow=0)
    s.line(edge, 0.008, scale(cloth, 0.72), opacity=0.5)


@prop("lamp", (-0.4, -1.0, 0.4, 0.04), 0.30, "table", 1, True)
def lamp(s: Sketch, rng: Rng, tint: RGB | None) -> None:
    base = hexa("b98a4a")
    s.shape(ellipse(0, -0.03, 0.17, 0.045), base, 0.8, 0.4)
    s.shape(
        smooth(
            [
                (-0.06, -0.05),
                (-0.12, -0.2),
                (-0.03, -0.4),
                (0.03, -0.4),
                (0.12, -0.2),
                (0.06, -0.05),
            ]
        ),
        tint or hexa("4f7f8c"),
        1.0,
        0.6,
    )
    s.line([(0, -0.4), (0, -0.52)], 0.025, base)
    s.shape(
        smooth([(-0.34, -0.48), (-0.2, -0.93), (0.2, -0.93), (0.34, -0.48), (0, -0.44)], steps=5),
        hexa("ffdf9a"),
        0.6,
        0,
        0,
        glow=0.82,
        to=hexa("fff1c4"),
    )


@prop("book", (-0.7, -0.55, 0.7, 0.08), 0.17, "table")
def book(s: Sketch, rng: Rng, tint: RGB | None) -> None:
    cover = tint or hexa("8c3a3a")
    s.shape(
        array(
            [(-0.64, -0.36), (0, -0.22), (0.64, -0.36), (0.64, -0.02), (0, 0.06), (-0.64, -0.02)]
        ),
        cover,
        0.4,
    )
    for side in (-1, 1):
        page = smooth(
            [
                (0, -0.22),
                (side * 0.22, -0.42),
                (side * 0.58, -0.4),
                (side * 0.6, -0.06),
                (side * 0.24, -0.1),
                (0, 0.03),
            ],
            steps=5,
        )
        s.shape(page, hexa("fbf3df"), 0.5, to=hexa("e8d9b6"), sideways=True)
        for k in range(6):
            y = -0.34 + 0.045 * k
            s.line(
                smooth(
                    [(side * 0.1, y + 0.03), (side * 0.3, y), (side * 0.53, y + 0.01)], closed=False
                ),
                0.008,
                hexa("8a7a62"),
                opacity=0.55,
            )


@prop("coffee", (-0.5, -0.85, 0.55, 0.06), 0.17, "table")
def coffee(s: Sketch, rng: Rng, tint: RGB | None) -> None:
    china = tint or hexa("fbf6ee")
    s.shape(ellipse(0, -0.04, 0.46, 0.075), china, 0.6, 0.3)
    s.line(
        smooth([(0.27, -0.36), (0.46, -0.36), (0.44, -0.16), (0.22, -0.13)], closed=False),
        0.055,
        scale(china, 0.92),
    )
    s.shape(
        smooth(
            [
                (-0.32, -0.42),
                (-0.28, -0.18),
                (-0.14, -0.05),
                (0.14, -0.05),
                (0.28, -0.18),
                (0.32, -0.42),
            ]
        ),
        china,
        1.0,
        0.35,
    )
    s.shape(ellipse(0, -0.42, 0.32, 0.07), scale(china, 0.9), 0.5)
    s.shape(ellipse(0, -0.41, 0.27, 0.052), hexa("5a3218"), 0.2, 0.2, 0)
    s.glaze(ellipse(0.02, -0.405, 0.13, 0.024), hexa("d9a66c"), 0.8, 0.008)
    for k, x in enumerate((-0.1, 0.02, 0.13)):
        s.line(
            smooth(
                [(x, -0.47), (x + 0.05, -0.58), (x - 0.04, -0.68), (x + 0.03, -0.8)], closed=False
            ),
            0.026 - 0.004 * k,
            (1, 1, 1),
            opacity=0.28,
        )


@prop("umbrella", (-0.65, -1.1, 0.65, 0.05), 0.40)
def umbrella(s: Sketch, rng: Rng, tint: RGB | None) -> None:
    colour = tint or PARTY[int(rng.integers(len(PARTY)))]
    s.line([(0, -0.55), (0, -0.05)], 0.024, hexa("6d4a2e"))
    s.line(
        smooth([(0, -0.06), (0.03, 0.02), (0.1, 0.0), (0.11, -0.06)], closed=False),
        0.028,
        hexa("6d4a2e"),
    )
    s.line([(0, -1.02), (0, -1.1)], 0.022, hexa("6d4a2e"))
    edge = [-0.6, -0.36, -0.12, 0.12, 0.36, 0.6]
    for k in range(5):
        x0, x1 = edge[k], edge[k + 1]
        panel = np.vstack(
            [
                smooth([(0, -1.03), (x0 * 0.78, -0.84), (x0, -0.52)], closed=False),
                arc((x0 + x1) / 2, -0.52, (x1 - x0) / 2, 0.055, 180, 0, 8)[1:-1] * np.array([1, 1]),
                smooth([(x1, -0.52), (x1 * 0.78, -0.84), (0, -1.03)], closed=False),
            ]
        )
        s.shape(panel, mix(colour, (1, 1, 1), 0.16 if k % 2 else 0.0), 0.5, 0.2, shadow=0.1)


@prop("treasure", (-0.65, -0.95, 0.65, 0.05), 0.28)
def treasure(s: Sketch, rng: Rng, tint: RGB | None) -> None:
    wood, gold = hexa("7d4a28"), tint or hexa("f3c04a")
    s.shape(
        smooth([(-0.5, -0.52), (-0.46, -0.86), (0, -0.93), (0.46, -0.86), (0.5, -0.52)], steps=5),
        scale(wood, 0.8),
        0.7,
    )
    for _ in range(70):
        x = float(rng.normal(0, 0.2))
        y = -0.44 - 0.2 * float(np.exp(-((x / 0.25) ** 2))) * float(rng.uniform(0.2, 1))
        s.shape(
            ellipse(max(-0.44, min(0.44, x)), y, 0.05, 0.035, float(rng.uniform(-25, 25))),
            mix(gold, hexa("fff0b0"), float(rng.random() * 0.6)),
            0.9,
            0.5,
            0.25,
            glow=0.15,
            outlined=False,
        )
    for k in range(5):
        s.shape(
            ellipse(float(rng.uniform(-0.35, 0.35)), -0.5, 0.045, 0.045),
            PARTY[(k * 2) % 7],
            1.0,
            0.9,
        )
    s.shape(box(-0.5, -0.44, 0.5, 0, 0.02), wood, 0.5, 0.1)
    for y in (-0.3, -0.16):
        s.line([(-0.49, y), (0.49, y)], 0.01, scale(wood, 0.6))
    for x in (-0.38, 0.38):
        s.shape(box(x - 0.045, -0.45, x + 0.045, 0, 0), hexa("c9923a"), 0.7, 0.5)
    s.shape(box(-0.08, -0.47, 0.08, -0.28, 0.02), hexa("e0b04a"), 0.8, 0.6)
    s.shape(ellipse(0, -0.38, 0.025, 0.03), hexa("2b1c14"), 0.2)


@prop("notes", (-0.5, -0.95, 0.5, 0.15), 0.13, "air", 6)
def notes(s: Sketch, rng: Rng, tint: RGB | None) -> None:
    colour = tint or PARTY[int(rng.integers(len(PARTY)))]
    if rng.random() < 0.5:
        s.shape(ellipse(-0.1, 0, 0.17, 0.125, -22), colour, 0.9, 0.4)
        s.line([(0.05, -0.02), (0.05, -0.72)], 0.045, colour)
        s.shape(
            smooth([(0.04, -0.74), (0.3, -0.52), (0.22, -0.26), (0.2, -0.46), (0.04, -0.56)]),
            colour,
            0.5,
        )
    else:
        for x in (-0.28, 0.2):
            s.shape(ellipse(x - 0.06, 0, 0.15, 0.11, -22), colour, 0.9, 0.4)
            s.line([(x + 0.07, -0.03), (x + 0.07, -0.66)], 0.04, colour)
        s.shape(array([(-0.23, -0.74), (0.29, -0.82), (0.29, -0.66), (-0.23, -0.58)]), colour, 0.4)


@prop("ball", (-0.55, -1.05, 0.55, 0.05), 0.18)
def ball(s: Sketch, rng: Rng, tint: RGB | None) -> None:
    s.shape(ellipse(0, -0.5, 0.48, 0.48), tint or hexa("fbf8f0"), 1.0, 0.4)
    for k in range(6):
        a = np.pi * 2 * k / 5 - np.pi / 2
        x, y, r = (0.0, 0.0, 0.15) if k == 5 else (0.36 * np.cos(a), 0.36 * np.sin(a), 0.115)
        s.glaze(ellipse(x, -0.5 + y, r, r, 18, n=5), hexa("2b2d36"), 0.92, 0.003)


@prop("kite", (-0.6, -0.75, 0.6, 0.95), 0.36, "air")
def kite(s: Sketch, rng: Rng, tint: RGB | None) -> None:
    first = tint or PARTY[int(rng.integers(len(PARTY)))]
    s.line(
        smooth([(0, 0.42), (0.12, 0.58), (-0.06, 0.74), (0.06, 0.92)], closed=False),
        0.01,
        hexa("fbf6ea"),
    )
    for k, (x, y) in enumerate(((0.08, 0.52), (0.02, 0.66), (-0.02, 0.8))):
        s.shape(array([(x - 0.07, y - 0.04), (x, y), (x - 0.07, y + 0.04)]), PARTY[k], 0.4)
        s.shape(array([(x + 0.07, y - 0.04), (x, y), (x + 0.07, y + 0.04)]), PARTY[k], 0.4)
    top, right, foot, left, mid = (0, -0.7), (0.44, -0.2), (0, 0.44), (-0.44, -0.2), (0, -0.2)
    for k, (a, b) in enumerate(((top, right), (right, foot), (foot, left), (left, top))):
        s.shape(
            array([mid, a, b]),
            mix(first, (hexa("fff2d6"), hexa("3c9be8"))[k % 2], 0.15 + 0.5 * (k % 2)),
            0.2,
            0.1,
            0,
        )
    s.line([top, foot], 0.016, hexa("7a5532"))
    s.line([left, right], 0.016, hexa("7a5532"))


@prop("icecream", (-0.4, -1.15, 0.4, 0.04), 0.28, "table")
def icecream(s: Sketch, rng: Rng, tint: RGB | None) -> None:
    s.shape(array([(-0.24, -0.55), (0.24, -0.55), (0, 0)]), hexa("dca25a"), 0.8)
    for k in range(-3, 4):
        s.line([(0.08 * k, -0.55), (0.08 * k + 0.18, -0.18)], 0.008, hexa("a8703a"), opacity=0.6)
        s.line([(0.08 * k, -0.55), (0.08 * k - 0.18, -0.18)], 0.008, hexa("a8703a"), opacity=0.6)
    for x, y, colour in ((-0.14, -0.65, "f7a8c0"), (0.14, -0.65, "bfe3c4"), (0, -0.87, "fff0cf")):
        s.shape(
            smooth(
                [
                    (x - 0.2, y + 0.09),
                    (x - 0.18, y - 0.1),
                    (x, y - 0.2),
                    (x + 0.18, y - 0.1),
                    (x + 0.2, y + 0.09),
                    (x + 0.1, y + 0.06),
                    (x, y + 0.11),
                    (x - 0.1, y + 0.06),
                ]
            ),
            tint or hexa(colour),
            1.0,
            0.2,
        )
    s.shape(ellipse(0, -1.08, 0.06, 0.06), hexa("d8303c"), 1.0, 0.8)


@prop("snowflake", (-0.55, -0.55, 0.55, 0.55), 0.08, "air", 5)
def snowflake(s: Sketch, rng: Rng, tint: RGB | None) -> None:
    for k in range(6):
        arm = [(0.0, 0.0), (0.5, 0.0)]
        s.line(moved(arm, 0, 0, 60 * k), 0.04, hexa("f4faff"))
        for at in (0.2, 0.34):
            for side in (-1, 1):
                s.line(moved([(at, 0), (at + 0.1, side * 0.1)], 0, 0, 60 * k), 0.03, hexa("f4faff"))
