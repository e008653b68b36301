"""Machines: the robot, screens, clocks and instruments."""

from __future__ import annotations

import numpy as np

from reelstep.providers.offline.illustrator.colour import RGB, hexa, mix, scale
from reelstep.providers.offline.illustrator.noise import Rng
from reelstep.providers.offline.illustrator.paths import array, box, ellipse, smooth, tube
from reelstep.providers.offline.illustrator.props.registry import prop
from reelstep.providers.offline.illustrator.sketch import Sketch


@prop("robot", (-0.55, -1.2, 0.55, 0.05), 0.36)
def robot(s: Sketch, rng: Rng, tint: RGB | None) -> None:
    shell = tint or hexa(("e9edf2", "f2c14e", "7fc4d8")[int(rng.integers(3))])
    dark, accent = hexa("3b4352"), hexa("ff8a4c")
    for side in (-1, 1):
        s.shape(box(side * 0.15 - 0.1, -0.12, side * 0.15 + 0.1, 0, 0.05), dark, 0.8, 0.2)
        s.shape(
            tube([(side * 0.14, -0.24), (side * 0.15, -0.1)], [0.05, 0.05], curve=False),
            scale(dark, 1.3),
            0.9,
        )
        s.shape(
            tube(
                [(side * 0.28, -0.52), (side * 0.42, -0.42), (side * 0.4, -0.26)],
                [0.05, 0.045, 0.045],
            ),
            scale(dark, 1.4),
            0.9,
            0.3,
        )
        s.shape(ellipse(side * 0.4, -0.23, 0.075, 0.075), shell, 1.0, 0.4)
    s.shape(box(-0.27, -0.62, 0.27, -0.17, 0.14), shell, 0.9, 0.35)
    s.shape(box(-0.14, -0.48, 0.14, -0.3, 0.05), dark, 0.4, 0.3, shadow=0.2)
    for k, colour in enumerate((hexa("57e0c0"), accent, hexa("ffd755"))):
        s.shape(ellipse(-0.075 + 0.075 * k, -0.39, 0.026, 0.026), colour, 0.5, 0.3, 0, glow=0.8)
    s.shape(box(-0.07, -0.68, 0.07, -0.6, 0.02), dark, 0.8)
    s.shape(
        smooth(
            [
                (-0.33, -0.82),
                (-0.29, -1.0),
                (0, -1.05),
                (0.29, -1.0),
                (0.33, -0.82),
                (0.27, -0.67),
                (0, -0.64),
                (-0.27, -0.67),
            ]
        ),
        shell,
        1.0,
        0.45,
    )
    s.shape(
        smooth(
            [
                (-0.25, -0.82),
                (-0.2, -0.94),
                (0, -0.96),
                (0.2, -0.94),
                (0.25, -0.82),
                (0.19, -0.72),
                (-0.19, -0.72),
            ]
        ),
        hexa("1c2433"),
        0.4,
        0.5,
        shadow=0.3,
    )
    for side in (-1, 1):
        s.shape(ellipse(side * 0.1, -0.84, 0.052, 0.064), hexa("6ff2ff"), 0, 0, 0, glow=1.0)
        s.shape(ellipse(side * 0.1 + 0.015, -0.865, 0.016, 0.018), (1, 1, 1), 0, 0, 0, glow=1.0)
        s.shape(ellipse(side * 0.345, -0.83, 0.045, 0.08), accent, 0.9, 0.3)
    s.line(
        smooth([(-0.04, -0.765), (0, -0.75), (0.04, -0.765)], closed=False),
        0.013,
        hexa("6ff2ff"),
        glow=1.0,
    )
    s.line([(0, -1.04), (0, -1.14)], 0.016, dark)
    s.shape(ellipse(0, -1.15, 0.035, 0.035), accent, 0.6, 0.4, glow=0.7)


@prop("clock", (-0.55, -1.1, 0.55, 0.05), 0.28, "table")
def clock(s: Sketch, rng: Rng, tint: RGB | None) -> None:
    rim = tint or hexa("c9893a")
    for side in (-1, 1):
        s.shape(ellipse(side * 0.26, -0.93, 0.15, 0.12, side * 32), rim, 0.9, 0.5)
        s.shape(
            tube([(side * 0.22, -0.16), (side * 0.32, 0)], [0.04, 0.03], curve=False),
            scale(rim, 0.7),
            0.8,
        )
    s.shape(ellipse(0, -0.5, 0.46, 0.46), rim, 0.9, 0.6, bevel=0.3)
    s.shape(ellipse(0, -0.5, 0.37, 0.37), hexa("fbf4e4"), 0.3, 0, 0.3)
    for k in range(12):
        a = np.pi * k / 6
        long = 0.07 if k % 3 == 0 else 0.035
        x, y = np.sin(a), -np.cos(a)
        s.line(
            [(x * 0.33, -0.5 + y * 0.33), (x * (0.33 - long), -0.5 + y * (0.33 - long))],
            0.02,
            hexa("3a2c26"),
        )
    s.line([(0, -0.5), (-0.13, -0.63)], 0.035, hexa("2b2226"))
    s.line([(0, -0.5), (0.1, -0.78)], 0.025, hexa("2b2226"))
    s.shape(ellipse(0, -0.5, 0.03, 0.03), hexa("d8432f"), 0.8)


@prop("computer", (-0.7, -0.85, 0.7, 0.1), 0.26, "table")
def computer(s: Sketch, rng: Rng, tint: RGB | None) -> None:
    s.shape(box(-0.48, -0.75, 0.48, -0.08, 0.04), hexa("3b404c"), 0.4, 0.3)
    s.shape(
        box(-0.44, -0.71, 0.44, -0.12, 0.01), hexa("5aa7e8"), 0, 0, 0, glow=0.85, to=hexa("8e6be0")
    )
    for k in range(5):
        s.line(
            [(-0.36, -0.62 + 0.1 * k), (-0.36 + float(rng.uniform(0.25, 0.7)), -0.62 + 0.1 * k)],
            0.028,
            (1, 1, 1),
            opacity=0.75,
            glow=1.0,
        )
    s.shape(
        array([(-0.5, -0.08), (0.5, -0.08), (0.64, 0.05), (-0.64, 0.05)]), hexa("aab0bb"), 0.3, 0.3
    )
    for row in range(3):
        y = -0.055 + 0.026 * row
        s.line([(-0.46 - 0.035 * row, y), (0.46 + 0.035 * row, y)], 0.014, hexa("585e6a"))


@prop("phone", (-0.35, -1.0, 0.35, 0.03), 0.28, "table")
def phone(s: Sketch, rng: Rng, tint: RGB | None) -> None:
    s.shape(box(-0.25, -0.98, 0.25, 0, 0.07), tint or hexa("2d313b"), 0.5, 0.4, bevel=0.3)
    s.shape(
        box(-0.215, -0.93, 0.215, -0.05, 0.045),
        hexa("57c2e8"),
        0,
        0,
        0,
        glow=0.85,
        to=hexa("e86ba8"),
    )
    s.shape(ellipse(0, -0.5, 0.12, 0.12), (1, 1, 1), 0, 0, 0, opacity=0.5, glow=1.0)
    s.shape(array([(-0.035, -0.56), (-0.035, -0.44), (0.06, -0.5)]), (1, 1, 1), 0, 0, 0, glow=1.0)


@prop("camera", (-0.6, -0.85, 0.6, 0.05), 0.24, "table")
def camera(s: Sketch, rng: Rng, tint: RGB | None) -> None:
    body = tint or hexa("33363f")
    s.shape(box(-0.5, -0.6, 0.5, 0, 0.07), body, 0.5, 0.3, bevel=0.4)
    s.shape(box(-0.18, -0.76, 0.18, -0.56, 0.05), scale(body, 1.2), 0.6, 0.2)
    s.shape(box(-0.5, -0.44, 0.5, -0.16, 0), hexa("7a5238"), 0.2, 0, 0)
    for r, colour in (
        (0.29, hexa("b9bec8")),
        (0.24, hexa("22252c")),
        (0.17, hexa("2d4f86")),
        (0.1, hexa("142340")),
    ):
        s.shape(ellipse(0.02, -0.3, r, r), colour, 0.8, 0.6)
    s.glaze(ellipse(-0.06, -0.38, 0.06, 0.035, -40), (1, 1, 1), 0.8, 0.01)
    s.shape(ellipse(0.38, -0.52, 0.045, 0.045), hexa("ff5a4c"), 0.6, 0, glow=0.6)


@prop("telescope", (-0.75, -1.1, 0.75, 0.05), 0.38)
def telescope(s: Sketch, rng: Rng, tint: RGB | None) -> None:
    brass = tint or hexa("c79545")
    for x in (-0.3, 0.0, 0.3):
        s.shape(tube([(0, -0.56), (x, 0)], [0.03, 0.022], curve=False), hexa("6d4a2e"), 0.8)
    s.shape(
        tube([(-0.5, -0.42), (-0.18, -0.58)], [0.07, 0.08], curve=False),
        scale(brass, 0.8),
        0.9,
        0.6,
    )
    s.shape(tube([(-0.2, -0.57), (0.25, -0.8)], [0.1, 0.11], curve=False), brass, 0.9, 0.8)
    s.shape(
        tube([(0.22, -0.785), (0.58, -0.965)], [0.13, 0.15], curve=False), hexa("3c4a6a"), 0.9, 0.8
    )
    s.shape(ellipse(0.63, -0.99, 0.06, 0.16, -27), hexa("a9d8ff"), 0.5, 0.8)
    s.shape(ellipse(0, -0.56, 0.07, 0.07), scale(brass, 0.7), 0.9, 0.4)


@prop("guitar", (-0.45, -1.25, 0.45, 0.05), 0.38, "ground")
def guitar(s: Sketch, rng: Rng, tint: RGB | None) -> None:
    wood = tint or hexa("d08a3f")
    s.shape(
        smooth(
            [
                (0, -0.02),
                (0.28, -0.08),
                (0.31, -0.3),
                (0.19, -0.42),
                (0.22, -0.6),
                (0, -0.68),
                (-0.22, -0.6),
                (-0.19, -0.42),
                (-0.31, -0.3),
                (-0.28, -0.08),
            ]
        ),
        scale(wood, 0.6),
        0.6,
    )
    s.shape(
        smooth(
            [
                (0, -0.05),
                (0.25, -0.1),
                (0.28, -0.3),
                (0.16, -0.42),
                (0.19, -0.59),
                (0, -0.65),
                (-0.19, -0.59),
                (-0.16, -0.42),
                (-0.28, -0.3),
                (-0.25, -0.1),
            ]
        ),
        wood,
        0.5,
        0.5,
        bevel=0.3,
    )
    s.shape(ellipse(0, -0.4, 0.1, 0.1), hexa("2f1d12"), 0.3)
    s.shape(box(-0.035, -1.08, 0.035, -0.42, 0.0), hexa("5a3620"), 0.7, 0.2)
    s.shape(box(-0.06, -1.22, 0.06, -1.06, 0.02), hexa("3d2416"), 0.6)
    s.shape(box(-0.1, -0.2, 0.1, -0.165, 0.01), hexa("3d2416"), 0.6)
    for k in range(6):
        x = -0.025 + 0.01 * k
        s.line([(x * 1.3, -0.18), (x, -1.1)], 0.004, hexa("f4ecd8"))


@prop("piano", (-0.8, -0.95, 0.8, 0.05), 0.40)
def piano(s: Sketch, rng: Rng, tint: RGB | None) -> None:
    body = tint or hexa("3a2a2c")
    s.shape(box(-0.66, -0.9, 0.66, 0, 0.03), body, 0.3, 0.4, bevel=0.2)
    s.shape(box(-0.6, -0.84, 0.6, -0.52, 0.02), scale(body, 1.5), 0.2, 0.4)
    s.shape(box(-0.72, -0.48, 0.72, -0.36, 0.02), scale(body, 1.2), 0.6, 0.5)
    s.shape(box(-0.62, -0.475, 0.62, -0.395, 0.0), hexa("fbf8f0"), 0.1)
    for k in range(21):
        x = -0.62 + 1.24 * k / 21
        s.line([(x, -0.475), (x, -0.395)], 0.005, hexa("8d8880"))
        if k % 7 not in (0, 3):
            s.shape(
                box(x - 0.012, -0.475, x + 0.012, -0.43, 0.0),
                hexa("1c1618"),
                0.3,
                0,
                0,
                outlined=False,
            )
    s.shape(
        array([(-0.22, -0.56), (0.22, -0.56), (0.2, -0.8), (-0.2, -0.8)]),
        hexa("fbf4e2"),
        0.1,
        0,
        0.3,
    )
    for k in range(4):
        s.line(
            [(-0.17, -0.61 - 0.045 * k), (0.17, -0.61 - 0.045 * k)],
            0.006,
            mix(body, (1, 1, 1), 0.3),
        )
