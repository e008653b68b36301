"""Above and around the face: ears, horns, hair, and what is worn on the head."""

from __future__ import annotations

import numpy as np

from reelstep.providers.offline.illustrator.colour import hexa, mix, scale
from reelstep.providers.offline.illustrator.companion.hair import hair_behind
from reelstep.providers.offline.illustrator.companion.head import Head
from reelstep.providers.offline.illustrator.paths import (
    arc,
    array,
    box,
    ellipse,
    smooth,
    star,
    tube,
)


def behind(h: Head) -> None:
    look = h.look
    inner = mix(look.fur, hexa("f2a3a0"), 0.5)
    if look.species == "sprite":
        hair_behind(h)
        for side in (-1, 1):
            h.shape(ellipse(side * 0.262, 0.03, 0.045, 0.055), look.fur, 0.8)
        return
    for side in (-1, 1):
        if look.species == "fox":
            h.shape(
                smooth(
                    [(side * 0.08, -0.17), (side * 0.235, -0.42), (side * 0.275, -0.08)],
                    steps=5,
                ),
                look.fur,
                0.7,
            )
            h.shape(
                smooth(
                    [(side * 0.135, -0.19), (side * 0.225, -0.345), (side * 0.245, -0.12)],
                    steps=5,
                ),
                mix(look.belly, inner, 0.4),
                0.4,
                0,
                0.25,
            )
            h.shape(
                smooth(
                    [(side * 0.20, -0.345), (side * 0.238, -0.425), (side * 0.25, -0.335)],
                    steps=4,
                ),
                scale(look.fur, 0.3),
                0.5,
                shadow=0,
            )
        elif look.species == "cat":
            h.shape(
                smooth(
                    [(side * 0.075, -0.18), (side * 0.215, -0.375), (side * 0.265, -0.08)],
                    steps=5,
                ),
                look.fur,
                0.7,
            )
            h.shape(
                smooth(
                    [(side * 0.13, -0.19), (side * 0.205, -0.305), (side * 0.235, -0.12)],
                    steps=5,
                ),
                inner,
                0.4,
                0,
                0.25,
            )
        elif look.species == "bear":
            h.shape(ellipse(side * 0.195, -0.195, 0.088, 0.085), look.fur, 0.9)
            h.shape(ellipse(side * 0.195, -0.188, 0.052, 0.05), inner, 0.5, 0, 0.25)
        elif look.species == "bunny":
            fold = 0.05 if side > 0 else -0.01
            h.shape(
                tube(
                    [
                        (side * 0.09, -0.17),
                        (side * 0.125, -0.32),
                        (side * (0.13 + fold), -0.46),
                    ],
                    [0.05, 0.07, 0.03],
                ),
                look.fur,
                0.8,
            )
            h.shape(
                tube(
                    [
                        (side * 0.095, -0.2),
                        (side * 0.125, -0.32),
                        (side * (0.128 + fold), -0.43),
                    ],
                    [0.022, 0.038, 0.012],
                ),
                inner,
                0.4,
                0,
                0.2,
            )
        elif look.species == "dragon":
            h.shape(
                tube(
                    [(side * 0.11, -0.18), (side * 0.16, -0.28), (side * 0.145, -0.365)],
                    [0.043, 0.033, 0.006],
                ),
                hexa("f6ead0"),
                0.9,
                0.3,
            )
            h.shape(
                smooth(
                    [
                        (side * 0.2, -0.06),
                        (side * 0.36, -0.15),
                        (side * 0.345, -0.02),
                        (side * 0.22, 0.05),
                    ],
                    steps=5,
                ),
                mix(look.fur, look.accent, 0.45),
                0.6,
            )
        elif look.species == "fawn":
            h.shape(
                tube(
                    [(side * 0.2, -0.12), (side * 0.31, -0.19), (side * 0.38, -0.21)],
                    [0.045, 0.06, 0.01],
                ),
                look.fur,
                0.8,
            )
            h.shape(
                tube(
                    [(side * 0.235, -0.14), (side * 0.31, -0.185), (side * 0.355, -0.2)],
                    [0.018, 0.03, 0.006],
                ),
                inner,
                0.4,
                0,
                0.2,
            )
            h.shape(
                tube(
                    [(side * 0.075, -0.2), (side * 0.115, -0.3), (side * 0.085, -0.37)],
                    [0.021, 0.018, 0.008],
                ),
                hexa("8a6a4c"),
                0.8,
            )
            h.shape(
                tube([(side * 0.108, -0.29), (side * 0.16, -0.34)], [0.016, 0.007], curve=False),
                hexa("8a6a4c"),
                0.8,
            )


def worn(h: Head) -> None:
    look = h.look
    tone = look.accent
    kind = look.accessory
    if kind == "glasses":
        for side in (-1, 1):
            h.line(ellipse(side * 0.112, 0.002, 0.082, 0.088), 0.012, scale(tone, 0.6), closed=True)
            h.glaze(ellipse(side * 0.085, -0.035, 0.025, 0.012, -35), (1, 1, 1), 0.5, 0.004)
        h.line(arc(0, 0.0, 0.032, 0.02, 200, 340), 0.012, scale(tone, 0.6))
    elif kind == "flower":
        for k in range(6):
            a = np.radians(60 * k)
            h.shape(
                ellipse(-0.205 + 0.037 * np.cos(a), -0.155 + 0.037 * np.sin(a), 0.029, 0.029),
                tone,
                0.8,
                0.1,
                0.25,
            )
        h.shape(ellipse(-0.205, -0.155, 0.023, 0.023), hexa("ffd766"), 0.9)
    elif kind == "bow":
        for side in (-1, 1):
            h.shape(
                smooth(
                    [
                        (-0.15, -0.225),
                        (-0.15 + side * 0.085, -0.285),
                        (-0.15 + side * 0.095, -0.18),
                    ],
                    steps=6,
                ),
                tone,
                0.8,
                0.25,
                0.3,
            )
        h.shape(ellipse(-0.15, -0.228, 0.026, 0.028), scale(tone, 0.85), 0.9, 0.2)
    elif kind == "headphones":
        h.line(arc(0, -0.02, 0.29, 0.285, 196, 344), 0.032, hexa("3a3d48"))
        for side in (-1, 1):
            h.shape(ellipse(side * 0.28, 0.02, 0.052, 0.078), tone, 0.95, 0.35)
            h.shape(ellipse(side * 0.292, 0.02, 0.026, 0.05), hexa("3a3d48"), 0.8, 0.2)
    elif kind == "beanie" and look.species in ("sprite", "bear", "dragon"):
        h.shape(
            smooth(
                [
                    (-0.262, -0.115),
                    (-0.235, -0.255),
                    (-0.1, -0.345),
                    (0.1, -0.345),
                    (0.235, -0.255),
                    (0.262, -0.115),
                    (0, -0.165),
                ]
            ),
            tone,
            0.9,
            0.05,
            0.35,
        )
        h.shape(
            tube([(-0.262, -0.115), (0, -0.165), (0.262, -0.115)], [0.034, 0.038, 0.034]),
            mix(tone, (1, 1, 1), 0.35),
            0.9,
        )
        h.shape(ellipse(0, -0.365, 0.058, 0.055), mix(tone, (1, 1, 1), 0.6), 0.9)
    elif kind == "star":
        h.shape(
            smooth(star(0.195, -0.165, 0.052, 0.026), steps=3),
            hexa("ffd755"),
            0.9,
            0.5,
            0.3,
            glow=0.2,
        )
    elif kind == "beanie":
        h.shape(box(-0.03, -0.26, 0.03, -0.235, 0.01), tone, 0.7)
        h.shape(array([(-0.085, -0.235), (0.0, -0.375), (0.085, -0.235)]), tone, 0.8, 0.1, 0.3)
        h.shape(ellipse(0, -0.378, 0.026, 0.026), hexa("fff4d0"), 0.9)
