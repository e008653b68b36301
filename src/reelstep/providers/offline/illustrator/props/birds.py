"""Birds and other winged things."""

from __future__ import annotations

from reelstep.providers.offline.illustrator.colour import PARTY, RGB, hexa, mix, scale
from reelstep.providers.offline.illustrator.noise import Rng
from reelstep.providers.offline.illustrator.paths import ellipse, moved, shrunk, smooth, tube
from reelstep.providers.offline.illustrator.props.beasts import eye
from reelstep.providers.offline.illustrator.props.registry import prop
from reelstep.providers.offline.illustrator.sketch import Sketch


@prop("bird", (-0.75, -0.6, 0.75, 0.5), 0.16, "air", 5)
def bird(s: Sketch, rng: Rng, tint: RGB | None) -> None:
    """In flight to the right, wings up."""
    coat = tint or hexa(("5aa0e0", "f4f4f6", "ef8f4a", "f2c94c")[int(rng.integers(4))])
    lift = float(rng.uniform(0.75, 1.1))
    s.shape(
        smooth(
            [
                (0.02, -0.02),
                (-0.12, -0.34 * lift),
                (-0.5, -0.54 * lift),
                (-0.34, -0.22),
                (-0.16, 0.03),
            ]
        ),
        scale(coat, 0.72),
        0.5,
    )
    s.shape(
        smooth([(-0.24, 0.0), (-0.62, 0.02), (-0.66, 0.14), (-0.3, 0.13)]), scale(coat, 0.8), 0.5
    )
    s.shape(
        smooth(
            [(-0.36, 0.06), (-0.1, -0.1), (0.2, -0.14), (0.36, -0.04), (0.22, 0.12), (-0.05, 0.18)]
        ),
        coat,
        1.0,
        to=mix(coat, (1, 1, 1), 0.6),
    )
    s.shape(ellipse(0.32, -0.1, 0.13, 0.12), coat, 1.0, shadow=0.1)
    s.shape(smooth([(0.42, -0.13), (0.58, -0.07), (0.42, -0.04)], steps=4), hexa("f3a93c"), 0.6)
    eye(s, 0.35, -0.13, 0.033)
    s.shape(
        smooth(
            [
                (0.14, -0.05),
                (0.1, -0.36 * lift),
                (-0.14, -0.58 * lift),
                (-0.22, -0.3),
                (-0.12, 0.02),
            ]
        ),
        coat,
        0.6,
        to=scale(coat, 0.8),
    )
    for k in range(4):
        s.line(
            smooth(
                [
                    (-0.02 - 0.05 * k, -0.02),
                    (-0.06 - 0.05 * k, -0.22),
                    (-0.13 - 0.03 * k, -0.42 * lift),
                ],
                closed=False,
            ),
            0.008,
            scale(coat, 0.6),
            opacity=0.6,
        )


@prop("owl", (-0.45, -1.0, 0.45, 0.05), 0.24)
def owl(s: Sketch, rng: Rng, tint: RGB | None) -> None:
    coat = tint or hexa("8d6a4a")
    pale = hexa("f2e2c4")
    for side in (-1, 1):
        s.shape(
            smooth([(side * 0.12, -0.8), (side * 0.27, -1.0), (side * 0.3, -0.74)], steps=4),
            scale(coat, 0.85),
            0.6,
        )
    s.shape(
        smooth(
            [
                (-0.3, -0.5),
                (-0.28, -0.82),
                (0, -0.92),
                (0.28, -0.82),
                (0.3, -0.5),
                (0.2, -0.1),
                (0, 0),
                (-0.2, -0.1),
            ]
        ),
        coat,
        1.0,
    )
    s.shape(
        smooth(
            [(-0.17, -0.45), (0, -0.56), (0.17, -0.45), (0.13, -0.12), (0, -0.06), (-0.13, -0.12)]
        ),
        pale,
        0.8,
        shadow=0.1,
    )
    for row in range(4):
        for k in range(-row % 2, 4):
            s.line(
                smooth(
                    [
                        (-0.12 + 0.07 * k, -0.42 + 0.08 * row),
                        (-0.09 + 0.07 * k, -0.38 + 0.08 * row),
                        (-0.06 + 0.07 * k, -0.42 + 0.08 * row),
                    ],
                    closed=False,
                    steps=4,
                ),
                0.012,
                coat,
                opacity=0.6,
            )
    for side in (-1, 1):
        s.shape(
            smooth(
                [
                    (side * 0.28, -0.58),
                    (side * 0.36, -0.35),
                    (side * 0.24, -0.1),
                    (side * 0.18, -0.4),
                ]
            ),
            scale(coat, 0.78),
            0.7,
        )
        s.shape(ellipse(side * 0.13, -0.7, 0.14, 0.14), pale, 0.6, shadow=0.25)
        s.shape(ellipse(side * 0.125, -0.7, 0.085, 0.085), hexa("ffb52e"), 0.4, 0.4, 0.2, glow=0.2)
        s.shape(ellipse(side * 0.12, -0.7, 0.05, 0.05), hexa("140e0c"), 0, 0, 0)
        s.shape(ellipse(side * 0.12 + 0.022, -0.725, 0.018, 0.018), (1, 1, 1), 0, 0, 0, glow=0.9)
        s.shape(ellipse(side * 0.09, -0.015, 0.06, 0.03), hexa("e8a03c"), 0.6)
    s.shape(
        smooth([(-0.035, -0.65), (0.035, -0.65), (0, -0.55)], steps=4), hexa("f0a63a"), 0.7, 0.2
    )


@prop("penguin", (-0.42, -1.0, 0.42, 0.05), 0.27)
def penguin(s: Sketch, rng: Rng, tint: RGB | None) -> None:
    coat = tint or hexa("2d3344")
    for side in (-1, 1):
        s.shape(ellipse(side * 0.13, -0.03, 0.12, 0.045), hexa("f2a036"), 0.7)
        s.shape(
            tube(
                [(side * 0.25, -0.6), (side * 0.38, -0.42), (side * 0.4, -0.24)],
                [0.07, 0.065, 0.02],
            ),
            scale(coat, 0.85),
            0.7,
        )
    s.shape(
        smooth(
            [
                (-0.28, -0.3),
                (-0.25, -0.65),
                (-0.2, -0.88),
                (0, -0.98),
                (0.2, -0.88),
                (0.25, -0.65),
                (0.28, -0.3),
                (0.17, -0.04),
                (-0.17, -0.04),
            ]
        ),
        coat,
        1.0,
        0.25,
    )
    s.shape(
        smooth(
            [
                (-0.19, -0.3),
                (-0.16, -0.58),
                (0, -0.64),
                (0.16, -0.58),
                (0.19, -0.3),
                (0.1, -0.08),
                (-0.1, -0.08),
            ]
        ),
        hexa("fbfaf6"),
        0.8,
        shadow=0.1,
    )
    for side in (-1, 1):
        s.shape(ellipse(side * 0.09, -0.75, 0.11, 0.13), hexa("fbfaf6"), 0.5, shadow=0)
        eye(s, side * 0.09, -0.78, 0.04)
    s.shape(smooth([(-0.06, -0.7), (0.06, -0.7), (0, -0.62)], steps=5), hexa("f5a33a"), 0.8, 0.3)


@prop("duck", (-0.6, -0.75, 0.6, 0.05), 0.17, "water", 3)
def duck(s: Sketch, rng: Rng, tint: RGB | None) -> None:
    coat = tint or hexa("f7e08a")
    s.shape(
        smooth(
            [
                (-0.48, -0.3),
                (-0.3, -0.26),
                (0, -0.32),
                (0.28, -0.3),
                (0.34, -0.1),
                (0.1, 0.02),
                (-0.28, 0.0),
            ]
        ),
        coat,
        1.0,
    )
    s.shape(
        smooth([(-0.3, -0.24), (0, -0.28), (0.12, -0.15), (-0.1, -0.07), (-0.32, -0.14)]),
        scale(coat, 0.85),
        0.7,
    )
    s.shape(
        tube([(0.2, -0.2), (0.27, -0.4), (0.25, -0.52)], [0.12, 0.09, 0.1]), coat, 0.8, shadow=0
    )
    s.shape(ellipse(0.27, -0.55, 0.14, 0.135), coat, 1.0, shadow=0.1)
    s.shape(smooth([(0.38, -0.57), (0.56, -0.5), (0.4, -0.46)], steps=5), hexa("f28f2c"), 0.7)
    eye(s, 0.31, -0.59, 0.035)


def _wing(s: Sketch, side: float, colour: RGB, fold: float) -> None:
    upper = smooth(
        [
            (0, -0.02),
            (side * 0.2 * fold, -0.36),
            (side * 0.5 * fold, -0.46),
            (side * 0.56 * fold, -0.2),
            (side * 0.26 * fold, 0.02),
        ]
    )
    lower = smooth(
        [
            (0, 0.0),
            (side * 0.3 * fold, 0.02),
            (side * 0.4 * fold, 0.22),
            (side * 0.2 * fold, 0.36),
            (side * 0.04, 0.14),
        ]
    )
    for outline in (lower, upper):
        s.shape(outline, scale(colour, 0.35), 0.2)
        s.shape(
            shrunk(outline, 0.86),
            colour,
            0.25,
            shadow=0,
            to=mix(colour, (1, 1, 1), 0.3),
            outlined=False,
        )
    for x, y in ((0.42, -0.34), (0.45, -0.24), (0.3, 0.24)):
        s.glaze(ellipse(side * x * fold, y, 0.03, 0.03), (1, 0.97, 0.85), 0.9, 0.004)


@prop("butterfly", (-0.65, -0.55, 0.65, 0.45), 0.10, "air", 4)
def butterfly(s: Sketch, rng: Rng, tint: RGB | None) -> None:
    colour = tint or PARTY[int(rng.integers(len(PARTY)))]
    _wing(s, -1, colour, float(rng.uniform(0.7, 1)))
    _wing(s, 1, colour, 1.0)
    s.shape(tube([(0, -0.16), (0, 0.02), (0, 0.22)], [0.03, 0.035, 0.015]), hexa("33242a"), 0.8)
    for side in (-1, 1):
        s.line(
            smooth([(0, -0.16), (side * 0.06, -0.3), (side * 0.13, -0.36)], closed=False),
            0.012,
            hexa("33242a"),
        )


@prop("bee", (-0.6, -0.5, 0.6, 0.4), 0.09, "air", 3)
def bee(s: Sketch, rng: Rng, tint: RGB | None) -> None:
    for angle in (-60, -105):
        s.shape(
            moved(ellipse(0.22, 0, 0.24, 0.11), 0.02, -0.12, angle),
            hexa("e6f3ff"),
            0.3,
            0.4,
            0,
            opacity=0.72,
        )
    s.shape(ellipse(0, 0, 0.34, 0.22), hexa("f6c32f"), 1.0, 0.2)
    for x in (-0.18, 0.0, 0.18):
        s.glaze(
            tube([(x, -0.24), (x + 0.03, 0), (x, 0.24)], [0.045, 0.05, 0.045]),
            hexa("2e2320"),
            0.9,
            0.003,
        )
    s.shape(ellipse(0.36, -0.02, 0.15, 0.15), hexa("3a2c26"), 1.0)
    eye(s, 0.41, -0.05, 0.05)


@prop("dragon", (-0.95, -1.2, 0.95, 0.05), 0.48)
def dragon(s: Sketch, rng: Rng, tint: RGB | None) -> None:
    hide = tint or hexa("4fae6a")
    belly = hexa("f4e3a0")
    wing = mix(hide, hexa("e0654a"), 0.6)
    for side, reach in ((-1, 0.9), (1, 0.62)):
        for k in range(3):
            tip = (side * reach * (0.95 - 0.22 * k) - 0.05, -1.12 + 0.26 * k)
            s.shape(
                smooth(
                    [
                        (-0.05, -0.6),
                        (side * reach * 0.45, -1.0 + 0.16 * k),
                        tip,
                        (side * reach * (0.5 - 0.06 * k), -0.62 + 0.06 * k),
                    ]
                ),
                scale(wing, 0.95 - 0.1 * k),
                0.4,
                shadow=0.25,
            )
    s.shape(
        tube(
            [(-0.1, -0.2), (-0.5, -0.06), (-0.8, -0.12), (-0.9, -0.32)], [0.17, 0.11, 0.06, 0.015]
        ),
        hide,
        0.9,
    )
    s.shape(
        smooth(
            [
                (-0.3, -0.08),
                (-0.3, -0.4),
                (-0.1, -0.66),
                (0.14, -0.62),
                (0.24, -0.3),
                (0.2, -0.05),
                (0, 0),
            ]
        ),
        hide,
        1.0,
    )
    s.shape(
        smooth([(-0.08, -0.08), (-0.06, -0.4), (0.1, -0.56), (0.2, -0.3), (0.16, -0.06)]),
        belly,
        0.7,
        shadow=0,
    )
    for x in (-0.16, 0.16):
        s.shape(ellipse(x, -0.06, 0.14, 0.075), scale(hide, 0.9), 0.8)
    s.shape(
        tube([(0.02, -0.5), (0.1, -0.78), (0.2, -0.86)], [0.15, 0.11, 0.12]), hide, 0.9, shadow=0.1
    )
    for k, (x, y) in enumerate(((-0.1, -0.68), (-0.02, -0.82), (0.04, -0.98))):
        s.shape(
            smooth([(x - 0.06, y + 0.07), (x - 0.1, y - 0.05), (x + 0.06, y)], steps=4),
            wing,
            0.6 + 0.02 * k,
        )
    s.shape(tube([(0.1, -1.0), (0.0, -1.12), (-0.04, -1.18)], [0.045, 0.03, 0.006]), belly, 0.7)
    s.shape(ellipse(0.22, -0.9, 0.19, 0.16), hide, 1.0)
    s.shape(ellipse(0.4, -0.84, 0.15, 0.105), mix(hide, belly, 0.35), 0.9, shadow=0.1)
    s.shape(ellipse(0.49, -0.88, 0.02, 0.015), scale(hide, 0.4), 0, 0, 0)
    eye(s, 0.25, -0.96, 0.05, "c77a1c")
    s.line(
        smooth([(0.5, -0.8), (0.38, -0.77), (0.28, -0.8)], closed=False), 0.012, scale(hide, 0.35)
    )
