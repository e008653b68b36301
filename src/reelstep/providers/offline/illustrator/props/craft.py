"""What sails, floats and flies."""

from __future__ import annotations

import numpy as np

from reelstep.providers.offline.illustrator.colour import PARTY, RGB, hexa, mix, scale
from reelstep.providers.offline.illustrator.noise import Rng
from reelstep.providers.offline.illustrator.paths import array, box, ellipse, moved, smooth, tube
from reelstep.providers.offline.illustrator.props.registry import prop
from reelstep.providers.offline.illustrator.props.vehicles import window
from reelstep.providers.offline.illustrator.sketch import Sketch


@prop("boat", (-0.75, -1.25, 0.75, 0.16), 0.42, "water")
def boat(s: Sketch, rng: Rng, tint: RGB | None) -> None:
    """A sailing boat; the water line is at 0."""
    sail = tint or hexa("fdf3df")
    s.line([(0.02, -0.1), (0.02, -1.18)], 0.024, hexa("7a5532"))
    s.shape(
        smooth(
            [(0.0, -1.12), (-0.2, -0.75), (-0.52, -0.26), (-0.25, -0.22), (0.0, -0.24)], steps=5
        ),
        scale(sail, 0.9),
        0.5,
        to=mix(sail, hexa("f0b487"), 0.3),
    )
    s.shape(
        smooth([(0.05, -1.16), (0.34, -0.72), (0.58, -0.24), (0.3, -0.2), (0.05, -0.22)], steps=5),
        sail,
        0.6,
        to=mix(sail, hexa("f5c79b"), 0.25),
    )
    for y in (-0.5, -0.74, -0.92):
        s.line(
            [(0.05, y), (0.05 + 0.5 * (1.16 + y) * 0.86, y + 0.05)],
            0.006,
            scale(sail, 0.75),
            opacity=0.7,
        )
    s.shape(array([(0.02, -1.24), (0.2, -1.19), (0.02, -1.14)]), hexa("e04a3c"), 0.4)
    s.shape(
        smooth(
            [
                (-0.68, -0.17),
                (-0.4, -0.11),
                (0.3, -0.12),
                (0.72, -0.23),
                (0.56, 0.0),
                (0.4, 0.1),
                (-0.42, 0.1),
                (-0.58, 0.0),
            ],
            steps=6,
        ),
        hexa("a5552f"),
        0.9,
        0.2,
        to=hexa("6e3420"),
    )
    s.line(
        smooth([(-0.68, -0.165), (-0.4, -0.105), (0.3, -0.115), (0.72, -0.225)], closed=False),
        0.035,
        hexa("f3e2c2"),
    )
    s.line(
        smooth([(-0.6, -0.04), (-0.2, 0.0), (0.3, 0.0), (0.62, -0.08)], closed=False),
        0.01,
        hexa("5c2c1a"),
        opacity=0.6,
    )


@prop("ship", (-1.0, -1.15, 1.0, 0.15), 0.46, "water")
def ship(s: Sketch, rng: Rng, tint: RGB | None) -> None:
    """A three-master."""
    wood, sail = hexa("7b4a2b"), tint or hexa("f7ead0")
    for x, tall in ((-0.48, 0.86), (0.02, 1.08), (0.46, 0.82)):
        s.line([(x, -0.15), (x, -tall)], 0.024, scale(wood, 0.8))
        for k, (y0, y1, w) in enumerate(
            ((0.28, 0.55, 0.24), (0.57, 0.78, 0.19), (0.8, 0.95, 0.13))
        ):
            if y1 < tall:
                bulge = 0.07
                s.shape(
                    smooth(
                        [
                            (x - w, -y1),
                            (x + w * 0.9, -y1),
                            (x + w + bulge, -(y0 + y1) / 2),
                            (x + w, -y0),
                            (x - w * 0.9, -y0),
                            (x - w + bulge, -(y0 + y1) / 2),
                        ],
                        steps=5,
                    ),
                    mix(sail, (1, 1, 1), 0.1 * k),
                    0.6,
                    to=mix(sail, hexa("e0b080"), 0.3),
                )
    s.line([(0.6, -0.28), (0.98, -0.5)], 0.022, scale(wood, 0.8))
    for x in (-0.48, 0.02, 0.46):
        s.line([(x, -0.8), (x + 0.35, -0.22)], 0.004, hexa("3a2a20"), opacity=0.6)
    s.shape(
        smooth(
            [
                (-0.86, -0.4),
                (-0.6, -0.37),
                (-0.55, -0.22),
                (0.3, -0.2),
                (0.78, -0.34),
                (0.62, 0.02),
                (0.45, 0.1),
                (-0.6, 0.1),
                (-0.78, -0.02),
            ],
            steps=6,
        ),
        wood,
        0.9,
        0.1,
        to=scale(wood, 0.6),
    )
    s.line(
        smooth([(-0.83, -0.24), (-0.5, -0.13), (0.3, -0.11), (0.72, -0.24)], closed=False),
        0.02,
        hexa("d8a24a"),
    )
    for k in range(6):
        window(s, box(-0.52 + 0.18 * k, -0.07, -0.46 + 0.18 * k, -0.02, 0.01))


@prop("rocket", (-0.5, -1.2, 0.5, 0.45), 0.50, "air")
def rocket(s: Sketch, rng: Rng, tint: RGB | None) -> None:
    shell, trim = hexa("f4f2ee"), tint or hexa("e2483d")
    for k, (colour, w, long) in enumerate(
        (("ff7a1c", 0.15, 0.42), ("ffb938", 0.11, 0.32), ("fff4c0", 0.06, 0.2))
    ):
        s.shape(
            smooth(
                [
                    (-w, -0.1),
                    (-w * 0.95, long * 0.35),
                    (0, long),
                    (w * 0.95, long * 0.35),
                    (w, -0.1),
                ]
            ),
            hexa(colour),
            0,
            0,
            0,
            glow=1.0,
            opacity=0.85 + 0.05 * k,
            outlined=False,
        )
    for side in (-1, 1):
        s.shape(
            smooth(
                [
                    (side * 0.16, -0.42),
                    (side * 0.38, -0.18),
                    (side * 0.4, 0.04),
                    (side * 0.17, -0.1),
                ],
                steps=6,
            ),
            trim,
            0.8,
            0.3,
        )
    s.shape(
        smooth(
            [
                (0, -1.16),
                (0.15, -0.95),
                (0.23, -0.62),
                (0.2, -0.25),
                (0.14, -0.08),
                (-0.14, -0.08),
                (-0.2, -0.25),
                (-0.23, -0.62),
                (-0.15, -0.95),
            ]
        ),
        shell,
        1.0,
        0.45,
    )
    s.shape(
        smooth(
            [(0, -1.165), (0.1, -1.05), (0.165, -0.91), (0, -0.885), (-0.165, -0.91), (-0.1, -1.05)]
        ),
        trim,
        0.9,
        0.4,
        shadow=0.1,
    )
    s.shape(ellipse(0, -0.66, 0.125, 0.125), hexa("8d97a8"), 0.9, 0.5)
    s.shape(ellipse(0, -0.66, 0.092, 0.092), hexa("5cc4ee"), 0.5, 0.7, 0.3, glow=0.35)
    s.glaze(ellipse(-0.03, -0.7, 0.035, 0.02, -35), (1, 1, 1), 0.85, 0.004)
    s.shape(ellipse(0, -0.4, 0.06, 0.06), hexa("8d97a8"), 0.9, 0.5)
    s.shape(ellipse(0, -0.4, 0.042, 0.042), hexa("5cc4ee"), 0.5, 0.6, 0.2, glow=0.3)
    s.shape(tube([(-0.19, -0.2), (0, -0.17), (0.19, -0.2)], [0.03, 0.032, 0.03]), trim, 0.8, 0.2)
    s.shape(
        smooth([(0, -0.42), (0.045, -0.2), (0.03, 0.05), (-0.03, 0.05), (-0.045, -0.2)]),
        scale(trim, 0.9),
        0.8,
        0.2,
    )


@prop("hotair", (-0.6, -1.3, 0.6, 0.05), 0.46, "air", 3)
def hotair(s: Sketch, rng: Rng, tint: RGB | None) -> None:
    first = tint or PARTY[int(rng.integers(len(PARTY)))]
    second = hexa("fff2d6")
    third = PARTY[int(rng.integers(len(PARTY)))]
    envelope = smooth(
        [
            (0, -1.24),
            (0.36, -1.12),
            (0.54, -0.82),
            (0.44, -0.52),
            (0.2, -0.26),
            (-0.2, -0.26),
            (-0.44, -0.52),
            (-0.54, -0.82),
            (-0.36, -1.12),
        ]
    )
    s.shape(envelope, first, 1.0, 0.2)
    for k, (inner, outer) in enumerate(((0.62, 0.82), (0.14, 0.4))):
        for side in (-1, 1):
            points = []
            for part in np.linspace(0, 1, 14):
                y = -1.23 + 0.97 * part
                w = 0.54 * np.sin(np.pi * min(1.0, part * 0.93 + 0.05)) ** 0.62
                points.append((side * w * outer, y))
            for part in np.linspace(1, 0, 14):
                y = -1.23 + 0.97 * part
                w = 0.54 * np.sin(np.pi * min(1.0, part * 0.93 + 0.05)) ** 0.62
                points.append((side * w * inner, y))
            s.glaze(array(points), mix(second, third, 0.75 * k), 0.72, 0.002)
    s.glaze(
        ellipse(0.2 if s.towards[0] > 0 else -0.2, -0.95, 0.12, 0.22, 15), (1, 1, 1), 0.25, 0.06
    )
    for x in (-0.17, -0.06, 0.06, 0.17):
        s.line([(x, -0.27), (x * 0.55, -0.12)], 0.008, hexa("4a3626"))
    s.shape(ellipse(0, -0.24, 0.07, 0.05), hexa("ffb648"), 0, 0, 0, glow=1.0, outlined=False)
    s.shape(
        smooth([(-0.11, -0.13), (0.11, -0.13), (0.09, 0.02), (-0.09, 0.02)], steps=3),
        hexa("9a6a3c"),
        0.8,
    )
    s.line([(-0.11, -0.125), (0.11, -0.125)], 0.022, hexa("5f3d20"))


@prop("plane", (-0.95, -0.55, 0.95, 0.4), 0.26, "air")
def plane(s: Sketch, rng: Rng, tint: RGB | None) -> None:
    paint, trim = hexa("f5f3ee"), tint or hexa("e2523f")
    s.shape(
        smooth([(-0.05, -0.06), (-0.3, -0.3), (-0.16, -0.32), (0.16, -0.06)], steps=5),
        scale(paint, 0.78),
        0.4,
    )
    s.shape(
        smooth([(-0.7, -0.08), (-0.88, -0.42), (-0.72, -0.42), (-0.5, -0.1)], steps=5),
        trim,
        0.6,
        0.2,
    )
    s.shape(
        smooth(
            [
                (-0.86, -0.06),
                (-0.4, -0.13),
                (0.4, -0.15),
                (0.78, -0.06),
                (0.88, 0.02),
                (0.7, 0.1),
                (0.2, 0.14),
                (-0.5, 0.06),
            ]
        ),
        paint,
        1.0,
        0.4,
    )
    s.glaze(
        smooth([(-0.84, -0.03), (0.86, 0.03), (0.7, 0.1), (0.2, 0.13), (-0.5, 0.06)]), trim, 0.85
    )
    window(s, smooth([(0.6, -0.1), (0.76, -0.05), (0.8, 0.0), (0.62, -0.02)], steps=4))
    for k in range(7):
        window(s, ellipse(-0.36 + 0.13 * k, -0.06, 0.032, 0.036))
    s.shape(
        smooth([(0.12, 0.03), (-0.36, 0.34), (-0.18, 0.36), (0.36, 0.05)], steps=5),
        paint,
        0.5,
        0.2,
        to=scale(paint, 0.8),
    )
    s.shape(moved(ellipse(0, 0, 0.12, 0.06), 0.0, 0.2), trim, 0.9, 0.4)


@prop("ufo", (-0.85, -0.6, 0.85, 0.3), 0.24, "air", 1, True)
def ufo(s: Sketch, rng: Rng, tint: RGB | None) -> None:
    shell = tint or hexa("9fb0c6")
    s.shape(
        smooth([(-0.32, -0.12), (-0.24, -0.42), (0, -0.52), (0.24, -0.42), (0.32, -0.12)]),
        hexa("8ff0e0"),
        0.9,
        0.8,
        glow=0.35,
        opacity=0.85,
    )
    s.shape(ellipse(0, -0.02, 0.78, 0.19), shell, 1.0, 0.6)
    s.shape(ellipse(0, -0.1, 0.42, 0.085), scale(shell, 0.75), 0.8, 0.4)
    for k in range(7):
        x = -0.6 + 0.2 * k
        s.shape(
            ellipse(x, 0.06 + 0.06 * (1 - (x / 0.62) ** 2), 0.045, 0.035),
            hexa(("ffd755", "7dffb0", "ff7ab8")[k % 3]),
            0,
            0,
            0,
            glow=1.0,
        )


@prop("satellite", (-0.95, -0.45, 0.95, 0.45), 0.22, "air")
def satellite(s: Sketch, rng: Rng, tint: RGB | None) -> None:
    for side in (-1, 1):
        s.line([(0, 0), (side * 0.3, 0)], 0.03, hexa("a9b0bb"))
        s.shape(
            box(side * 0.58 - 0.3, -0.2, side * 0.58 + 0.3, 0.2, 0.01),
            hexa("2f5fb0"),
            0.3,
            0.6,
            to=hexa("1d3a78"),
        )
        for k in range(5):
            x = side * 0.58 - 0.3 + 0.12 * (k + 0.5)
            s.line([(x, -0.2), (x, 0.2)], 0.008, hexa("b9cdf0"))
        s.line([(side * 0.58 - 0.3, 0), (side * 0.58 + 0.3, 0)], 0.008, hexa("b9cdf0"))
    s.shape(box(-0.17, -0.24, 0.17, 0.24, 0.04), tint or hexa("e2b85a"), 0.7, 0.5)
    s.shape(ellipse(0, 0.32, 0.17, 0.07), hexa("eef1f5"), 0.8, 0.5)
    s.line([(0, -0.24), (0, -0.4)], 0.02, hexa("c9ced6"))
