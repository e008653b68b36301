"""Hair of humanlike companions, tufts of fur for the others."""

from __future__ import annotations

import numpy as np

from reelstep.providers.offline.illustrator.colour import mix, scale
from reelstep.providers.offline.illustrator.companion.head import Head
from reelstep.providers.offline.illustrator.noise import stream
from reelstep.providers.offline.illustrator.paths import (
    ellipse,
    smooth,
    tube,
)


def hair_behind(h: Head) -> None:
    look = h.look
    style, tone = look.hair_style, scale(look.hair, 0.82)
    if style == "bob":
        h.shape(
            smooth(
                [
                    (-0.2, -0.22),
                    (-0.315, -0.05),
                    (-0.325, 0.14),
                    (-0.24, 0.235),
                    (0, 0.2),
                    (0.24, 0.235),
                    (0.325, 0.14),
                    (0.315, -0.05),
                    (0.2, -0.22),
                ]
            ),
            tone,
            0.8,
        )
    elif style == "long":
        h.shape(
            smooth(
                [
                    (-0.2, -0.22),
                    (-0.33, -0.03),
                    (-0.33, 0.24),
                    (-0.28, 0.40),
                    (-0.12, 0.30),
                    (0.12, 0.30),
                    (0.28, 0.40),
                    (0.33, 0.24),
                    (0.33, -0.03),
                    (0.2, -0.22),
                ]
            ),
            tone,
            0.8,
        )
    elif style == "curls":
        rng = stream("curls", look.hair)
        for k in range(22):
            a = np.radians(150 + 240 * k / 21)
            h.shape(
                ellipse(0.27 * np.cos(a), -0.02 + 0.25 * np.sin(a), 0.088, 0.084),
                scale(tone, float(rng.uniform(0.92, 1.1))),
                0.9,
                0.1,
                0.2,
                outlined=False,
            )
    elif style == "bun":
        h.shape(ellipse(0.02, -0.315, 0.105, 0.095), tone, 0.95, 0.2)
        h.shape(
            smooth(
                [
                    (-0.2, -0.2),
                    (-0.29, -0.02),
                    (-0.27, 0.12),
                    (0.27, 0.12),
                    (0.29, -0.02),
                    (0.2, -0.2),
                ]
            ),
            tone,
            0.8,
        )


def fringe(h: Head) -> None:
    """Hair over the forehead; a tuft of fur for creatures."""
    look = h.look
    hair = look.hair
    if look.species != "sprite":
        tuft = mix(look.fur, look.belly, 0.35) if look.species != "dragon" else look.accent
        for x, lean, tall in ((-0.03, -0.05, 0.055), (0.03, 0.055, 0.05), (0.0, 0.012, 0.085)):
            if look.species not in ("dragon", "fawn"):
                h.shape(
                    smooth(
                        [(x - 0.032, -0.205), (x + lean, -0.225 - tall), (x + 0.034, -0.20)],
                        steps=5,
                    ),
                    tuft,
                    0.7,
                    0.1,
                    0.2,
                )
        return
    if look.hair_style == "spiky":
        for k, (x, lean) in enumerate(
            ((-0.23, -0.12), (0.24, 0.1), (-0.13, -0.09), (0.14, 0.07), (0.0, 0.03))
        ):
            h.shape(
                smooth(
                    [
                        (x - 0.085, -0.10),
                        (x + lean * 0.6, -0.30),
                        (x + lean * 1.2, -0.36 + 0.02 * k),
                        (x + 0.06, -0.22),
                        (x + 0.095, -0.10),
                    ],
                    steps=5,
                ),
                scale(hair, 0.9 + 0.035 * k),
                0.8,
                0.12,
                0.25,
            )
    cap = smooth(
        [
            (-0.272, 0.015),
            (-0.285, -0.09),
            (-0.19, -0.235),
            (0, -0.285),
            (0.19, -0.235),
            (0.285, -0.09),
            (0.272, 0.015),
            (0.235, -0.06),
            (0.12, -0.125),
            (-0.02, -0.105),
            (-0.16, -0.14),
            (-0.24, -0.06),
        ]
    )
    h.shape(cap, hair, 0.9, 0.18, 0.4)
    locks = (
        (-0.19, -0.20, -0.255, -0.015),
        (-0.10, -0.22, -0.165, -0.055),
        (0.0, -0.235, -0.06, -0.075),
        (0.10, -0.225, 0.06, -0.065),
        (0.2, -0.2, 0.205, -0.035),
    )
    for k, (x0, y0, x1, y1) in enumerate(locks):
        h.shape(
            tube(
                [(x0, y0), ((x0 + x1) / 2 + 0.012, (y0 + y1) / 2 - 0.01), (x1, y1)],
                [0.055, 0.046, 0.006],
            ),
            scale(hair, 0.97 + 0.03 * (k % 2)),
            0.85,
            0.22,
            0.3,
        )
    if look.hair_style == "curls":
        for x, y in (
            (-0.2, -0.17),
            (-0.11, -0.215),
            (0.0, -0.235),
            (0.11, -0.215),
            (0.2, -0.165),
            (-0.24, -0.09),
            (0.245, -0.085),
        ):
            h.shape(ellipse(x, y, 0.075, 0.07), hair, 0.95, 0.2, 0.25)
    h.glaze(
        smooth(
            [
                (-0.19, -0.195),
                (-0.05, -0.235),
                (0.06, -0.235),
                (0.05, -0.215),
                (-0.05, -0.212),
                (-0.18, -0.17),
            ]
        ),
        mix(hair, (1, 1, 1), 0.65),
        0.45,
        0.008,
    )
