"""What rolls: cars, trains, bicycles."""

from __future__ import annotations

import numpy as np

from reelstep.providers.offline.illustrator.colour import PARTY, RGB, hexa, scale
from reelstep.providers.offline.illustrator.noise import Rng
from reelstep.providers.offline.illustrator.paths import array, box, ellipse, smooth, tube
from reelstep.providers.offline.illustrator.props.registry import prop
from reelstep.providers.offline.illustrator.sketch import Sketch

_GLASS = hexa("bfe3f5")
_TYRE = hexa("26262c")


def window(s: Sketch, outline: object) -> None:
    """Glass by day, warm light by night."""
    if s.light.dark:
        s.shape(outline, hexa("ffcf72"), 0, 0, 0.1, glow=1.0)  # type: ignore[arg-type]
    else:
        s.shape(outline, _GLASS, 0.2, 0.3, 0.2, to=hexa("6fa5c4"))  # type: ignore[arg-type]


def wheel(s: Sketch, x: float, y: float, r: float) -> None:
    s.shape(ellipse(x, y, r, r), _TYRE, 0.6)
    s.shape(ellipse(x, y, r * 0.58, r * 0.58), hexa("c9ced6"), 0.7, 0.5)
    s.shape(ellipse(x, y, r * 0.2, r * 0.2), hexa("5c626c"), 0.8, 0.3)


@prop("car", (-0.85, -0.7, 0.85, 0.04), 0.24)
def car(s: Sketch, rng: Rng, tint: RGB | None) -> None:
    paint = tint or PARTY[int(rng.integers(len(PARTY)))]
    s.shape(
        smooth([(-0.46, -0.36), (-0.34, -0.62), (0.1, -0.65), (0.38, -0.36)], steps=6),
        scale(paint, 0.92),
        0.8,
        0.3,
    )
    window(s, smooth([(-0.38, -0.38), (-0.29, -0.57), (-0.07, -0.585), (-0.07, -0.38)], steps=4))
    window(s, smooth([(-0.02, -0.38), (-0.02, -0.585), (0.1, -0.58), (0.28, -0.38)], steps=4))
    s.shape(
        smooth(
            [
                (-0.8, -0.2),
                (-0.76, -0.36),
                (-0.4, -0.4),
                (0.4, -0.4),
                (0.76, -0.31),
                (0.82, -0.16),
                (0.7, -0.09),
                (-0.72, -0.09),
            ],
            steps=8,
        ),
        paint,
        0.9,
        0.5,
        shadow=0.1,
    )
    s.line([(-0.04, -0.38), (-0.04, -0.13)], 0.01, scale(paint, 0.6))
    s.shape(
        ellipse(0.74, -0.25, 0.05, 0.045),
        hexa("fff3c4"),
        0.5,
        0.5,
        glow=0.7 if s.light.dark else 0.2,
    )
    s.shape(ellipse(-0.77, -0.25, 0.03, 0.045), hexa("ff4436"), 0.5, 0.4, glow=0.5)
    s.shape(box(-0.8, -0.14, 0.82, -0.08, 0.03), hexa("cdd2d9"), 0.8, 0.6)
    wheel(s, -0.46, -0.12, 0.14)
    wheel(s, 0.46, -0.12, 0.14)


@prop("bus", (-0.95, -0.85, 0.95, 0.04), 0.32)
def bus(s: Sketch, rng: Rng, tint: RGB | None) -> None:
    paint = tint or hexa("e2493c")
    s.shape(box(-0.88, -0.78, 0.88, -0.1, 0.1), paint, 0.7, 0.35, bevel=0.3)
    s.shape(box(-0.88, -0.36, 0.88, -0.28, 0), hexa("fbf0dc"), 0.1, 0, 0)
    for k in range(6):
        x = -0.78 + 0.25 * k
        window(s, box(x, -0.68, x + 0.21, -0.42, 0.03))
    window(s, box(0.74, -0.68, 0.87, -0.36, 0.03))
    s.shape(ellipse(0.84, -0.2, 0.035, 0.045), hexa("fff3c4"), 0.5, 0.5, glow=0.6)
    wheel(s, -0.52, -0.11, 0.13)
    wheel(s, 0.52, -0.11, 0.13)


@prop("train", (-1.45, -0.85, 1.0, 0.06), 0.36)
def train(s: Sketch, rng: Rng, tint: RGB | None) -> None:
    """A steam locomotive pulling two carriages to the right."""
    body, trim = tint or hexa("b8352f"), hexa("e0b04a")
    for car_x in (-1.4, -0.78):
        s.shape(
            box(car_x, -0.56, car_x + 0.56, -0.13, 0.04),
            hexa("2f5d50") if tint is None else scale(body, 0.8),
            0.6,
            0.25,
            bevel=0.35,
        )
        s.shape(
            tube(
                [(car_x - 0.02, -0.57), (car_x + 0.28, -0.61), (car_x + 0.58, -0.57)],
                [0.035, 0.045, 0.035],
            ),
            hexa("d9d3c4"),
            0.8,
        )
        for k in range(3):
            window(s, box(car_x + 0.05 + 0.17 * k, -0.49, car_x + 0.17 + 0.17 * k, -0.32, 0.015))
        s.line([(car_x, -0.24), (car_x + 0.56, -0.24)], 0.014, trim)
        for bogie in (0.12, 0.44):
            wheel(s, car_x + bogie, -0.07, 0.085)
    s.line([(-0.9, -0.13), (0.6, -0.13)], 0.03, hexa("2a2a30"))
    s.shape(box(-0.16, -0.72, 0.2, -0.13, 0.02), body, 0.6, 0.3, bevel=0.4)
    s.shape(box(-0.22, -0.78, 0.26, -0.7, 0.03), hexa("2c2a30"), 0.8, 0.2)
    window(s, box(-0.09, -0.62, 0.12, -0.42, 0.02))
    s.shape(box(0.14, -0.54, 0.84, -0.2, 0.1), body, 1.0, 0.45)
    for x in (0.32, 0.52, 0.72):
        s.line([(x, -0.53), (x, -0.21)], 0.018, trim)
    s.shape(ellipse(0.84, -0.37, 0.06, 0.175), hexa("2c2a30"), 0.7, 0.4)
    s.shape(
        smooth(
            [(0.6, -0.52), (0.59, -0.68), (0.55, -0.8), (0.75, -0.8), (0.71, -0.68), (0.7, -0.52)],
            steps=5,
        ),
        hexa("2c2a30"),
        0.9,
        0.3,
    )
    s.shape(ellipse(0.42, -0.55, 0.075, 0.08), trim, 0.9, 0.6)
    s.shape(ellipse(0.88, -0.5, 0.05, 0.06), hexa("fff1b8"), 0.6, 0.5, glow=0.8)
    s.shape(array([(0.72, -0.14), (0.98, 0.0), (0.72, 0.0)]), hexa("3b3a42"), 0.7, 0.3)
    wheel(s, 0.02, -0.12, 0.14)
    wheel(s, 0.36, -0.1, 0.115)
    wheel(s, 0.62, -0.1, 0.115)
    s.line([(0.02, -0.1), (0.62, -0.08)], 0.028, hexa("b9bec8"))


@prop("bicycle", (-0.75, -0.85, 0.75, 0.04), 0.30)
def bicycle(s: Sketch, rng: Rng, tint: RGB | None) -> None:
    frame = tint or hexa("e2523f")
    for x in (-0.42, 0.42):
        s.line(ellipse(x, -0.27, 0.26, 0.26), 0.035, _TYRE, closed=True)
        s.line(ellipse(x, -0.27, 0.225, 0.225), 0.012, hexa("c9ced6"), closed=True)
        for k in range(9):
            a = np.pi * k / 9
            s.line(
                [
                    (x - 0.22 * np.cos(a), -0.27 - 0.22 * np.sin(a)),
                    (x + 0.22 * np.cos(a), -0.27 + 0.22 * np.sin(a)),
                ],
                0.004,
                hexa("b9bec8"),
            )
    for points in (
        [(-0.42, -0.27), (-0.02, -0.25)],
        [(-0.42, -0.27), (-0.16, -0.58)],
        [(-0.02, -0.25), (-0.18, -0.66)],
        [(-0.16, -0.57), (0.27, -0.6)],
        [(-0.02, -0.25), (0.27, -0.6)],
        [(0.25, -0.72), (0.3, -0.55), (0.42, -0.27)],
    ):
        s.shape(tube(points, [0.02, 0.02], curve=False), frame, 0.9, 0.4)
    s.shape(tube([(-0.28, -0.68), (-0.08, -0.67)], [0.035, 0.022]), hexa("3a2a22"), 0.8)
    s.line(
        smooth([(0.14, -0.74), (0.26, -0.74), (0.34, -0.68)], closed=False), 0.03, hexa("3a2a22")
    )
    s.shape(ellipse(-0.02, -0.25, 0.055, 0.055), hexa("b9bec8"), 0.8, 0.4)
    s.shape(
        smooth([(0.32, -0.66), (0.56, -0.66), (0.52, -0.48), (0.34, -0.48)], steps=4),
        hexa("b98a52"),
        0.7,
    )
    for k, x in enumerate((0.36, 0.44, 0.52)):
        s.shape(ellipse(x, -0.69, 0.055, 0.05), PARTY[(k * 2) % 7], 0.9)
