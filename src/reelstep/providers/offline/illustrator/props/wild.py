"""Sea animals and other creatures."""

from __future__ import annotations

from reelstep.providers.offline.illustrator.colour import PARTY, RGB, hexa, mix, scale
from reelstep.providers.offline.illustrator.noise import Rng
from reelstep.providers.offline.illustrator.paths import ellipse, moved, smooth, tube
from reelstep.providers.offline.illustrator.props.beasts import eye
from reelstep.providers.offline.illustrator.props.registry import prop
from reelstep.providers.offline.illustrator.sketch import Sketch


@prop("fish", (-0.7, -0.5, 0.7, 0.5), 0.17, "water", 6)
def fish(s: Sketch, rng: Rng, tint: RGB | None) -> None:
    body = tint or PARTY[int(rng.integers(len(PARTY)))]
    fin = mix(body, hexa("ffd24a"), 0.5)
    s.shape(smooth([(-0.32, 0), (-0.62, -0.3), (-0.55, 0), (-0.62, 0.3)]), fin, 0.5)
    s.shape(smooth([(-0.2, -0.2), (-0.05, -0.45), (0.22, -0.3), (0.2, -0.15)]), fin, 0.5)
    s.shape(smooth([(-0.1, 0.2), (-0.12, 0.4), (0.08, 0.24)]), scale(fin, 0.9), 0.5)
    s.shape(
        smooth(
            [
                (-0.4, 0),
                (-0.2, -0.24),
                (0.15, -0.3),
                (0.46, -0.12),
                (0.52, 0.02),
                (0.4, 0.15),
                (0.1, 0.28),
                (-0.2, 0.2),
            ]
        ),
        body,
        1.0,
        0.3,
        to=mix(body, (1, 1, 0.95), 0.55),
    )
    for x in (-0.16, 0.06):
        s.glaze(
            tube([(x, -0.3), (x + 0.06, 0), (x, 0.3)], [0.045, 0.06, 0.04]),
            (1, 0.98, 0.94),
            0.8,
            0.006,
        )
    s.shape(smooth([(0.1, 0.05), (-0.08, 0.18), (0.06, 0.2), (0.16, 0.12)]), fin, 0.5)
    eye(s, 0.34, -0.06, 0.062)
    s.line(smooth([(0.5, 0.06), (0.44, 0.09), (0.4, 0.06)], closed=False), 0.014, scale(body, 0.4))


@prop("whale", (-1.0, -0.75, 1.0, 0.45), 0.42, "water")
def whale(s: Sketch, rng: Rng, tint: RGB | None) -> None:
    skin = tint or hexa("3f6f9f")
    s.shape(
        smooth(
            [
                (-0.72, -0.02),
                (-0.98, -0.36),
                (-0.86, -0.4),
                (-0.76, -0.22),
                (-0.62, -0.38),
                (-0.5, -0.34),
                (-0.62, -0.1),
            ]
        ),
        scale(skin, 0.9),
        0.6,
    )
    s.shape(
        smooth(
            [
                (-0.78, -0.12),
                (-0.4, -0.12),
                (0.0, -0.34),
                (0.5, -0.36),
                (0.85, -0.18),
                (0.9, 0.1),
                (0.65, 0.3),
                (0.1, 0.32),
                (-0.4, 0.12),
            ]
        ),
        skin,
        1.0,
        0.15,
    )
    s.shape(
        smooth([(0.9, 0.1), (0.65, 0.3), (0.1, 0.32), (-0.3, 0.17), (0.2, 0.16), (0.6, 0.1)]),
        hexa("eef4f6"),
        0.6,
        shadow=0,
    )
    for k in range(6):
        s.line(
            smooth(
                [
                    (0.84 - 0.03 * k, 0.14 + 0.025 * k),
                    (0.4, 0.18 + 0.025 * k),
                    (-0.05 + 0.06 * k, 0.2 + 0.018 * k),
                ],
                closed=False,
            ),
            0.008,
            hexa("a9bccb"),
            opacity=0.7,
        )
    s.shape(
        smooth([(0.15, 0.18), (-0.02, 0.42), (0.12, 0.44), (0.32, 0.24)]), scale(skin, 0.85), 0.7
    )
    eye(s, 0.58, 0.02, 0.042)
    for side in (-1, 1):
        for k in range(5):
            x = 0.42 + side * (0.03 + 0.045 * k)
            s.shape(
                ellipse(x, -0.6 + 0.03 * k * k * 0.5, 0.035 - 0.003 * k, 0.045),
                hexa("dff2ff"),
                0.6,
                0.4,
                0,
                opacity=0.75,
            )
    s.shape(
        tube([(0.42, -0.35), (0.42, -0.48), (0.42, -0.6)], [0.018, 0.025, 0.045]),
        hexa("dff2ff"),
        0.5,
        0.3,
        0,
        opacity=0.75,
    )


@prop("dolphin", (-0.85, -0.65, 0.85, 0.35), 0.26, "water", 2)
def dolphin(s: Sketch, rng: Rng, tint: RGB | None) -> None:
    skin = tint or hexa("6f93b5")
    s.shape(
        smooth(
            [(-0.6, 0.12), (-0.82, 0.0), (-0.84, 0.1), (-0.7, 0.18), (-0.76, 0.32), (-0.66, 0.32)]
        ),
        scale(skin, 0.85),
        0.5,
    )
    s.shape(
        smooth([(-0.1, -0.4), (-0.22, -0.62), (0.05, -0.5), (0.12, -0.38)]), scale(skin, 0.9), 0.6
    )
    s.shape(
        smooth(
            [
                (-0.7, 0.18),
                (-0.4, -0.18),
                (0.0, -0.42),
                (0.4, -0.36),
                (0.62, -0.14),
                (0.82, -0.04),
                (0.8, 0.03),
                (0.6, 0.02),
                (0.3, 0.02),
                (-0.1, -0.04),
                (-0.45, 0.08),
            ]
        ),
        skin,
        1.0,
        0.3,
    )
    s.glaze(
        smooth([(0.8, 0.02), (0.6, 0.02), (0.3, 0.03), (-0.1, -0.04), (0.2, -0.1), (0.56, -0.05)]),
        hexa("eef5f8"),
        0.85,
        0.012,
    )
    s.shape(
        smooth([(0.2, -0.06), (0.04, 0.16), (0.16, 0.16), (0.34, -0.02)]), scale(skin, 0.8), 0.6
    )
    eye(s, 0.5, -0.13, 0.03)


@prop("turtle", (-0.75, -0.6, 0.75, 0.06), 0.20)
def turtle(s: Sketch, rng: Rng, tint: RGB | None) -> None:
    skin, shell = hexa("8fb85c"), tint or hexa("8a6234")
    for x, angle in ((-0.34, 20), (0.28, -20)):
        s.shape(moved(ellipse(0, 0, 0.11, 0.17), x, -0.11, angle), scale(skin, 0.85), 0.8)
    s.shape(tube([(0.35, -0.2), (0.5, -0.3), (0.56, -0.36)], [0.1, 0.09, 0.1]), skin, 0.8)
    s.shape(ellipse(0.58, -0.37, 0.14, 0.125), skin, 1.0, shadow=0.1)
    eye(s, 0.62, -0.4, 0.035)
    s.shape(
        smooth(
            [(-0.5, -0.12), (-0.4, -0.38), (-0.05, -0.56), (0.3, -0.4), (0.42, -0.14), (0, -0.08)]
        ),
        shell,
        1.0,
        0.2,
    )
    for x, y, r in (
        (-0.26, -0.28, 0.1),
        (-0.04, -0.38, 0.12),
        (0.2, -0.29, 0.1),
        (-0.05, -0.17, 0.09),
    ):
        s.shape(ellipse(x, y, r, r * 0.82, n=6), mix(shell, hexa("d8b36a"), 0.5), 0.6, shadow=0.1)


@prop("frog", (-0.5, -0.65, 0.5, 0.05), 0.18)
def frog(s: Sketch, rng: Rng, tint: RGB | None) -> None:
    skin = tint or hexa("6fbf4a")
    for side in (-1, 1):
        s.shape(ellipse(side * 0.3, -0.14, 0.18, 0.13), scale(skin, 0.85), 0.9)
        s.shape(ellipse(side * 0.34, -0.025, 0.14, 0.04), scale(skin, 0.9), 0.6)
    s.shape(
        smooth([(-0.3, -0.12), (-0.3, -0.36), (0, -0.5), (0.3, -0.36), (0.3, -0.12), (0, -0.02)]),
        skin,
        1.0,
        0.2,
    )
    s.shape(ellipse(0, -0.14, 0.2, 0.11), hexa("eaf2b8"), 0.7, shadow=0)
    for side in (-1, 1):
        s.shape(ellipse(side * 0.17, -0.47, 0.12, 0.12), skin, 1.0, shadow=0.15)
        eye(s, side * 0.18, -0.49, 0.068, "c7a21c")
    s.line(smooth([(-0.2, -0.3), (0, -0.24), (0.2, -0.3)], closed=False), 0.016, scale(skin, 0.35))


@prop("dinosaur", (-0.95, -1.15, 0.95, 0.05), 0.5)
def dinosaur(s: Sketch, rng: Rng, tint: RGB | None) -> None:
    skin = tint or hexa("6aa35a")
    far = scale(skin, 0.7)
    for x, colour in ((-0.18, far), (0.22, far)):
        s.shape(
            tube([(x, -0.4), (x + 0.02, -0.2), (x + 0.02, -0.05)], [0.11, 0.09, 0.09]), colour, 0.8
        )
    s.shape(tube([(-0.3, -0.38), (-0.6, -0.26), (-0.92, -0.14)], [0.17, 0.09, 0.012]), skin, 0.9)
    s.shape(tube([(0.22, -0.45), (0.44, -0.7), (0.55, -0.98)], [0.17, 0.1, 0.085]), skin, 0.9)
    s.shape(
        smooth(
            [
                (-0.45, -0.4),
                (-0.3, -0.58),
                (0.0, -0.66),
                (0.3, -0.58),
                (0.38, -0.4),
                (0.2, -0.24),
                (-0.25, -0.24),
            ]
        ),
        skin,
        1.0,
        to=mix(skin, hexa("f0e6b0"), 0.4),
    )
    for x in (-0.28, 0.14):
        s.shape(
            tube([(x, -0.36), (x + 0.02, -0.2), (x + 0.02, -0.05)], [0.12, 0.1, 0.1]), skin, 0.8
        )
    s.shape(ellipse(0.62, -1.0, 0.15, 0.105, 8), skin, 1.0, shadow=0.2)
    eye(s, 0.62, -1.04, 0.035)
    s.line(
        smooth([(0.75, -0.96), (0.66, -0.93), (0.58, -0.95)], closed=False),
        0.012,
        scale(skin, 0.35),
    )
    for _ in range(12):
        x = float(rng.uniform(-0.35, 0.3))
        s.glaze(
            ellipse(x, -0.56 + abs(x) * 0.2 + float(rng.uniform(-0.04, 0.06)), 0.035, 0.025),
            scale(skin, 0.6),
            0.6,
            0.005,
        )


@prop("snowman", (-0.55, -1.2, 0.55, 0.05), 0.36)
def snowman(s: Sketch, rng: Rng, tint: RGB | None) -> None:
    snow = hexa("f6f9ff")
    s.line([(-0.2, -0.56), (-0.42, -0.72), (-0.5, -0.86)], 0.025, hexa("5a3c26"))
    s.line([(0.2, -0.56), (0.42, -0.66), (0.52, -0.62)], 0.025, hexa("5a3c26"))
    for y, r in ((-0.26, 0.31), (-0.64, 0.225), (-0.92, 0.165)):
        s.shape(ellipse(0, y, r, r * 0.94), snow, 1.0, shadow=0.35)
    scarf = tint or hexa("d83c3c")
    s.shape(tube([(-0.16, -0.79), (0, -0.745), (0.16, -0.79)], [0.045, 0.05, 0.045]), scarf, 0.8)
    s.shape(tube([(0.1, -0.77), (0.16, -0.64), (0.14, -0.52)], [0.05, 0.05, 0.055]), scarf, 0.7)
    for y in (-0.68, -0.58, -0.34):
        s.shape(ellipse(0.01, y, 0.024, 0.024), hexa("2a2626"), 0.9, 0.5)
    for x in (-0.06, 0.06):
        s.shape(ellipse(x, -0.96, 0.021, 0.025), hexa("221f20"), 0.8, 0.7)
    s.shape(smooth([(0, -0.93), (0.0, -0.88), (0.2, -0.9)], steps=4), hexa("f08a2c"), 0.8)
    s.shape(ellipse(0, -1.06, 0.2, 0.03), hexa("2b2a33"), 0.5)
    s.shape(
        smooth([(-0.12, -1.06), (-0.12, -1.19), (0.12, -1.19), (0.12, -1.06)], steps=3),
        hexa("33323d"),
        0.8,
    )
