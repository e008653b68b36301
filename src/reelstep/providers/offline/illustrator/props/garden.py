"""Plants that can be main subjects."""

from __future__ import annotations

import numpy as np

from reelstep.providers.offline.illustrator.colour import PARTY, RGB, hexa, mix, scale
from reelstep.providers.offline.illustrator.noise import Rng
from reelstep.providers.offline.illustrator.paths import array, ellipse, moved, smooth, tube
from reelstep.providers.offline.illustrator.props.registry import prop
from reelstep.providers.offline.illustrator.sketch import Sketch

_LEAF = smooth([(0, 0), (0.3, -0.16), (0.75, -0.12), (1, 0), (0.75, 0.12), (0.3, 0.16)], steps=4)


def leaf(s: Sketch, x: float, y: float, size: float, angle: float, colour: RGB) -> None:
    s.shape(moved(_LEAF, x, y, angle, size), colour, 0.5, 0.1, shadow=0.2)
    tip = moved([(0.9, 0)], x, y, angle, size)[0]
    s.line(
        [(x, y), (float(tip[0]), float(tip[1]))],
        size * 0.03,
        mix(colour, (1, 1, 0.8), 0.35),
        opacity=0.6,
    )


@prop("flower", (-0.5, -1.05, 0.5, 0.04), 0.30, "ground", 5)
def flower(s: Sketch, rng: Rng, tint: RGB | None) -> None:
    petals = tint or hexa(
        ("ff6f91", "ffd166", "f25f5c", "c77dff", "fff1f5", "ff9e4f")[int(rng.integers(6))]
    )
    green = hexa("4f9a45")
    lean = float(rng.uniform(-0.12, 0.12))
    s.line(smooth([(0, 0), (lean * 0.2, -0.35), (lean, -0.72)], closed=False), 0.035, green)
    leaf(s, 0.0, -0.22, 0.36, -32 + float(rng.uniform(-10, 10)), green)
    leaf(s, 0.01, -0.34, 0.32, -150 + float(rng.uniform(-10, 10)), scale(green, 0.85))
    cx, cy = lean, -0.74
    count = int(rng.integers(7, 11))
    petal = smooth(
        [(0.04, 0), (0.14, -0.085), (0.27, -0.075), (0.3, 0), (0.27, 0.075), (0.14, 0.085)], steps=5
    )
    for ring, size in ((0, 1.0), (1, 0.78)):
        for k in range(count):
            angle = 360 * (k + ring * 0.5) / count + lean * 90
            colour = mix(petals, (1, 1, 1), 0.12 * ring + float(rng.uniform(0, 0.1)))
            s.shape(
                moved(petal * np.array([1, 1], np.float32), cx, cy, angle, size),
                colour,
                0.7,
                0.05,
                shadow=0.35,
                outlined=ring == 0,
            )
    s.shape(ellipse(cx, cy, 0.085, 0.08), hexa("f6b93b"), 1.0, 0.1)
    for _ in range(18):
        a, r = float(rng.uniform(0, 6.28)), float(rng.uniform(0, 0.07))
        s.shape(
            ellipse(cx + r * np.cos(a), cy + r * np.sin(a), 0.012, 0.012),
            hexa("a5641e"),
            0.5,
            0,
            0,
            outlined=False,
        )


@prop("sunflower", (-0.5, -1.2, 0.5, 0.04), 0.42, "ground", 3)
def sunflower(s: Sketch, rng: Rng, tint: RGB | None) -> None:
    green = hexa("5a9440")
    s.line(smooth([(0, 0), (0.04, -0.4), (0.0, -0.82)], closed=False), 0.045, green)
    leaf(s, 0.02, -0.3, 0.42, -28, green)
    leaf(s, 0.03, -0.45, 0.4, -155, scale(green, 0.9))
    for ring in (0, 1):
        for k in range(18):
            angle = 20 * k + 10 * ring + float(rng.uniform(-4, 4))
            s.shape(
                moved(
                    smooth([(0.1, 0), (0.2, -0.05), (0.36, 0), (0.2, 0.05)], steps=4),
                    0,
                    -0.85,
                    angle,
                ),
                mix(hexa("ffc526"), hexa("ff9f1c"), float(rng.uniform(0, 0.6))),
                0.6,
                0,
                0.3,
                outlined=ring == 0,
            )
    s.shape(ellipse(0, -0.85, 0.165, 0.16), hexa("5c3516"), 0.8)
    for k in range(60):
        r, a = 0.15 * np.sqrt(k / 60), 2.39996 * k
        s.shape(
            ellipse(r * np.cos(a), -0.85 + r * np.sin(a), 0.011, 0.011),
            hexa("8a5622"),
            0,
            0,
            0,
            outlined=False,
        )


@prop("cactus", (-0.55, -1.1, 0.55, 0.04), 0.36, "ground", 3)
def cactus(s: Sketch, rng: Rng, tint: RGB | None) -> None:
    skin = tint or hexa("5b9a5a")
    for side, y, up in ((-1, -0.42, 0.3), (1, -0.56, 0.26)):
        s.shape(
            tube(
                [(0, y), (side * 0.24, y - 0.02), (side * 0.32, y - 0.12), (side * 0.32, y - up)],
                [0.085, 0.08, 0.085, 0.075],
            ),
            scale(skin, 0.92),
            0.9,
        )
    s.shape(tube([(0, 0.02), (0, -0.5), (0, -0.95)], [0.13, 0.145, 0.12]), skin, 1.0)
    for k in range(-2, 3):
        s.line(
            smooth([(0.05 * k, 0), (0.056 * k, -0.5), (0.03 * k, -1.02)], closed=False),
            0.01,
            scale(skin, 0.6),
            opacity=0.5,
        )
    for _ in range(50):
        x, y = float(rng.uniform(-0.13, 0.13)), float(rng.uniform(-0.98, -0.04))
        s.line(
            [(x, y), (x + float(rng.uniform(-0.03, 0.03)), y - 0.03)],
            0.005,
            hexa("f3efd0"),
            opacity=0.8,
        )
    for k in range(6):
        s.shape(moved(ellipse(0.06, 0, 0.06, 0.03), 0, -1.05, -180 + 36 * k), hexa("ff6f9c"), 0.6)


@prop("mushroom", (-0.6, -0.95, 0.6, 0.04), 0.24, "ground", 3)
def mushroom(s: Sketch, rng: Rng, tint: RGB | None) -> None:
    cap = tint or hexa("df3f34")
    s.shape(
        smooth([(-0.16, 0), (-0.11, -0.3), (-0.13, -0.5), (0.13, -0.5), (0.11, -0.3), (0.18, 0)]),
        hexa("f4ead6"),
        0.9,
    )
    s.shape(ellipse(0, -0.46, 0.4, 0.09), hexa("d9c4a0"), 0.4)
    for k in range(15):
        x = -0.36 + 0.05 * k
        s.line([(x, -0.46), (x * 0.4, -0.41)], 0.006, hexa("a58c68"), opacity=0.7)
    s.shape(
        smooth(
            [
                (-0.5, -0.46),
                (-0.42, -0.7),
                (-0.16, -0.89),
                (0.16, -0.89),
                (0.42, -0.7),
                (0.5, -0.46),
                (0.25, -0.51),
                (-0.25, -0.51),
            ]
        ),
        cap,
        1.0,
        0.35,
    )
    for x, y, r in (
        (-0.28, -0.62, 0.06),
        (-0.05, -0.76, 0.075),
        (0.2, -0.66, 0.065),
        (0.36, -0.55, 0.04),
        (-0.1, -0.57, 0.045),
    ):
        s.shape(ellipse(x, y, r, r * 0.8), hexa("fff6e8"), 0.6, shadow=0.15)


@prop("leaves", (-0.6, -0.6, 0.6, 0.6), 0.08, "air", 12)
def leaves(s: Sketch, rng: Rng, tint: RGB | None) -> None:
    colour = tint or hexa(("d9622b", "e8a33c", "b8402a", "c98a2e")[int(rng.integers(4))])
    angle = float(rng.uniform(0, 360))
    s.shape(moved(_LEAF - np.array([0.5, 0], np.float32), 0, 0, angle, 0.95), colour, 0.5)
    s.line(moved([(-0.55, 0), (0.4, 0)], 0, 0, angle), 0.02, scale(colour, 0.6))


@prop("palm", (-0.75, -1.25, 0.75, 0.04), 0.62, "ground", 2)
def palm(s: Sketch, rng: Rng, tint: RGB | None) -> None:
    bark, green = hexa("8f6b45"), hexa("3f9152")
    bend = float(rng.uniform(0.08, 0.22)) * (1 if rng.random() < 0.5 else -1)
    trunk = [(0.0, 0.02), (bend * 0.25, -0.35), (bend, -0.82)]
    s.shape(tube(trunk, [0.065, 0.042, 0.034]), bark, 0.9)
    spine = smooth(trunk, closed=False, steps=12)
    for k, (x, y) in enumerate(spine[::2]):
        w = 0.06 - 0.026 * k / (len(spine) / 2)
        s.line(
            smooth([(x - w, y), (x, y + 0.014), (x + w, y)], closed=False, steps=4),
            0.009,
            scale(bark, 0.55),
            opacity=0.8,
        )
    top = (bend, -0.83)
    for k, angle in enumerate((200, -22, 172, 8, 215, -40, 250, -78, 150, 32)):
        reach = float(rng.uniform(0.42, 0.54))
        droop = 0.16 + 0.12 * abs(np.cos(np.radians(angle)))
        end = (
            top[0] + reach * np.cos(np.radians(angle)),
            top[1] + reach * np.sin(np.radians(angle)) * 0.75 + droop,
        )
        mid = (
            top[0] + reach * 0.55 * np.cos(np.radians(angle)),
            top[1] + reach * 0.55 * np.sin(np.radians(angle)) * 0.9 - 0.09,
        )
        rib = smooth([top, mid, end], closed=False, steps=9)
        tone = mix(scale(green, 0.62 + 0.045 * k), hexa("c9d66a"), float(rng.uniform(0, 0.16)))
        for j in range(1, len(rib)):
            long = 0.19 * np.sin(np.pi * (0.12 + 0.84 * j / len(rib)))
            d = rib[j] - rib[j - 1]
            for side in (-1, 1):
                a = np.degrees(np.arctan2(d[1], d[0])) + side * 52
                s.shape(
                    moved(
                        array([(0, -0.014), (0.6, -0.016), (1.0, 0.05), (0.6, 0.016), (0, 0.014)])
                        * np.array([long, 1], np.float32),
                        rib[j][0],
                        rib[j][1],
                        a,
                    ),
                    tone,
                    0,
                    0,
                    0.0,
                    outlined=False,
                )
        s.line(rib, 0.012, mix(tone, hexa("dfe28a"), 0.4))
    for dx, dy in ((-0.04, 0.03), (0.045, 0.03), (0, 0.05)):
        s.shape(ellipse(top[0] + dx, top[1] + dy, 0.04, 0.043), hexa("6d4526"), 1.0, 0.3)


@prop("apple", (-0.5, -0.95, 0.5, 0.05), 0.15, "table", 3)
def apple(s: Sketch, rng: Rng, tint: RGB | None) -> None:
    skin = tint or (hexa("dd3b35") if rng.random() < 0.7 else PARTY[3])
    s.shape(
        smooth(
            [
                (0, -0.68),
                (0.24, -0.76),
                (0.42, -0.52),
                (0.34, -0.16),
                (0.12, 0),
                (-0.12, 0),
                (-0.34, -0.16),
                (-0.42, -0.52),
                (-0.24, -0.76),
            ]
        ),
        skin,
        1.0,
        0.6,
        to=mix(skin, hexa("f6c35a"), 0.25),
    )
    s.line(smooth([(0, -0.66), (0.02, -0.8), (0.08, -0.9)], closed=False), 0.035, hexa("6a4326"))
    leaf(s, 0.04, -0.8, 0.28, -25, hexa("5fa344"))
