"""Below the chin: legs, tail, clothes, arms and hands, by pose."""

from __future__ import annotations

import numpy as np

from reelstep.providers.offline.illustrator.colour import RGB, hexa, mix, scale
from reelstep.providers.offline.illustrator.companion.look import Look
from reelstep.providers.offline.illustrator.companion.pose import Pose
from reelstep.providers.offline.illustrator.noise import Array
from reelstep.providers.offline.illustrator.paths import (
    box,
    ellipse,
    heart,
    moved,
    smooth,
    star,
    tube,
)
from reelstep.providers.offline.illustrator.sketch import Sketch

_SHOE = hexa("5b3b30")


def legs(s: Sketch, look: Look) -> None:
    trousers = scale(look.cloth, 0.62) if look.outfit not in ("dungarees",) else look.cloth
    bare = look.outfit == "dress"
    for side in (-1, 1):
        x = side * 0.085
        s.shape(
            tube([(x * 0.95, -0.17), (x, -0.055)], [0.062, 0.056], curve=False),
            look.fur if bare else trousers,
            0.9,
        )
        if look.species == "sprite" or look.outfit in ("coat", "hoodie"):
            s.shape(
                smooth(
                    [
                        (x - 0.062, -0.07),
                        (x + 0.055, -0.07),
                        (x + 0.075 + side * 0.012, -0.02),
                        (x + 0.055, 0.0),
                        (x - 0.06, 0.0),
                        (x - 0.075 + side * 0.012, -0.02),
                    ]
                ),
                _SHOE,
                0.9,
                0.25,
            )
            s.shape(
                tube([(x - 0.06, -0.004), (x + 0.06, -0.004)], [0.011, 0.011], curve=False),
                hexa("f3ead8"),
                0.5,
                shadow=0.1,
            )
        else:
            paw = look.belly if look.species in ("fox", "cat", "bunny") else scale(look.fur, 0.9)
            s.shape(ellipse(x + side * 0.012, -0.028, 0.078, 0.036), paw, 0.9, 0.1)
            for toe in (-0.03, 0.0, 0.03):
                s.line(
                    [(x + side * 0.012 + toe, -0.012), (x + side * 0.012 + toe, -0.03)],
                    0.005,
                    scale(look.fur, 0.5),
                    opacity=0.5,
                )


def tail(s: Sketch, look: Look) -> None:
    fur, tip = look.fur, look.belly
    if look.species == "fox":
        s.shape(
            tube(
                [(-0.1, -0.13), (-0.26, -0.08), (-0.36, -0.22), (-0.33, -0.38)],
                [0.045, 0.085, 0.095, 0.02],
            ),
            fur,
            0.9,
        )
        s.shape(
            tube([(-0.352, -0.26), (-0.35, -0.33), (-0.325, -0.40)], [0.072, 0.058, 0.008]),
            tip,
            0.7,
            shadow=0.05,
        )
    elif look.species == "cat":
        s.shape(
            tube(
                [(-0.1, -0.12), (-0.28, -0.07), (-0.36, -0.2), (-0.29, -0.34), (-0.34, -0.42)],
                [0.034, 0.034, 0.034, 0.033, 0.028],
            ),
            fur,
            0.9,
        )
    elif look.species == "dragon":
        s.shape(
            tube(
                [(-0.06, -0.14), (-0.24, -0.05), (-0.40, -0.07), (-0.45, -0.19)],
                [0.085, 0.06, 0.035, 0.012],
            ),
            fur,
            0.9,
        )
        s.shape(
            smooth([(-0.45, -0.17), (-0.52, -0.24), (-0.45, -0.28), (-0.39, -0.22)], steps=5),
            look.accent,
            0.6,
        )
        for side in (-1, 1):
            wing = [
                (side * 0.1, -0.3),
                (side * 0.24, -0.47),
                (side * 0.40, -0.43),
                (side * 0.36, -0.33),
                (side * 0.30, -0.32),
                (side * 0.27, -0.25),
                (side * 0.2, -0.25),
            ]
            s.shape(smooth(wing, steps=5), mix(fur, look.accent, 0.55), 0.5)
    elif look.species in ("bunny", "fawn"):
        s.shape(ellipse(-0.17, -0.15, 0.06, 0.055), look.belly, 0.9)


def torso(s: Sketch, look: Look) -> None:
    w = look.roundness
    cloth, trim = look.cloth, look.trim
    body = smooth(
        [
            (-0.105 * w, -0.36),
            (-0.165 * w, -0.26),
            (-0.185 * w, -0.15),
            (-0.12 * w, -0.095),
            (0.12 * w, -0.095),
            (0.185 * w, -0.15),
            (0.165 * w, -0.26),
            (0.105 * w, -0.36),
        ]
    )
    if look.outfit == "cape":
        s.shape(
            smooth(
                [
                    (-0.12, -0.38),
                    (-0.25, -0.2),
                    (-0.29, -0.03),
                    (0, -0.06),
                    (0.29, -0.03),
                    (0.25, -0.2),
                    (0.12, -0.38),
                ]
            ),
            scale(cloth, 0.8),
            0.7,
        )
        s.shape(body, look.trim, 1.0)
    elif look.outfit == "dress":
        s.shape(
            smooth(
                [
                    (-0.1 * w, -0.36),
                    (-0.13 * w, -0.26),
                    (-0.235 * w, -0.115),
                    (-0.12, -0.085),
                    (0, -0.095),
                    (0.12, -0.085),
                    (0.235 * w, -0.115),
                    (0.13 * w, -0.26),
                    (0.1 * w, -0.36),
                ]
            ),
            cloth,
            1.0,
        )
        s.glaze(
            tube([(-0.24 * w, -0.118), (0, -0.092), (0.24 * w, -0.118)], [0.014, 0.014, 0.014]),
            trim,
            0.9,
        )
        for x, y in (
            (-0.1, -0.16),
            (0.02, -0.2),
            (0.11, -0.15),
            (-0.03, -0.13),
            (-0.07, -0.25),
            (0.07, -0.26),
        ):
            s.glaze(ellipse(x, y, 0.013, 0.013), trim, 0.85)
    elif look.outfit == "dungarees":
        s.shape(body, trim, 1.0)
        for k in range(4):
            s.glaze(
                tube(
                    [(-0.18, -0.33 + 0.04 * k), (0, -0.318 + 0.04 * k), (0.18, -0.33 + 0.04 * k)],
                    [0.007] * 3,
                ),
                mix(trim, cloth, 0.55),
                0.7,
            )
        s.shape(
            smooth(
                [
                    (-0.10 * w, -0.28),
                    (-0.175 * w, -0.16),
                    (-0.12 * w, -0.09),
                    (0.12 * w, -0.09),
                    (0.175 * w, -0.16),
                    (0.10 * w, -0.28),
                ],
                steps=6,
            ),
            cloth,
            0.8,
        )
        for side in (-1, 1):
            s.shape(
                tube([(side * 0.085, -0.285), (side * 0.075, -0.37)], [0.018, 0.018], curve=False),
                cloth,
                0.7,
            )
            s.shape(ellipse(side * 0.083, -0.272, 0.015, 0.015), hexa("f0c24a"), 0.9, 0.6)
        s.shape(box(-0.055, -0.23, 0.055, -0.165, 0.015), scale(cloth, 0.88), 0.5)
        s.shape(heart(0, -0.198, 0.022), look.accent, 0.6)
    elif look.outfit == "coat":
        s.shape(
            smooth(
                [
                    (-0.11 * w, -0.37),
                    (-0.18 * w, -0.25),
                    (-0.215 * w, -0.09),
                    (0, -0.075),
                    (0.215 * w, -0.09),
                    (0.18 * w, -0.25),
                    (0.11 * w, -0.37),
                ]
            ),
            cloth,
            1.0,
        )
        s.line([(0, -0.36), (0.004, -0.08)], 0.007, scale(cloth, 0.6))
        for y in (-0.29, -0.22, -0.15):
            s.shape(ellipse(0.032, y, 0.014, 0.014), hexa("f0d9a0"), 0.9, 0.5)
        for side in (-1, 1):
            s.shape(
                box(side * 0.11 - 0.035, -0.16, side * 0.11 + 0.035, -0.145, 0.006),
                scale(cloth, 0.75),
                0.5,
            )
            s.shape(
                smooth([(0, -0.345), (side * 0.085, -0.385), (side * 0.10, -0.315)], steps=4),
                trim,
                0.6,
            )
    else:
        s.shape(body, cloth, 1.0)
        if look.outfit == "hoodie":
            s.shape(
                smooth([(-0.075, -0.20), (0.075, -0.20), (0.10, -0.125), (-0.10, -0.125)], steps=5),
                scale(cloth, 0.92),
                0.6,
            )
            s.shape(
                tube([(-0.125, -0.35), (0, -0.31), (0.125, -0.35)], [0.038, 0.045, 0.038]),
                scale(cloth, 0.9),
                0.9,
            )
            for side in (-1, 1):
                s.line(
                    smooth(
                        [(side * 0.03, -0.30), (side * 0.036, -0.25), (side * 0.032, -0.225)],
                        closed=False,
                    ),
                    0.008,
                    trim,
                )
        else:
            for k in range(3):
                s.glaze(
                    tube(
                        [(-0.2, -0.28 + 0.05 * k), (0, -0.262 + 0.05 * k), (0.2, -0.28 + 0.05 * k)],
                        [0.011] * 3,
                    ),
                    trim,
                    0.85,
                )
            s.shape(star(0, -0.21, 0.034, 0.016), hexa("fff4d0"), 0.5)
            s.shape(
                tube([(-0.10, -0.355), (0, -0.325), (0.10, -0.355)], [0.022, 0.026, 0.022]),
                trim,
                0.8,
            )
    if look.accessory == "satchel":
        s.line(
            smooth([(-0.1, -0.36), (0.03, -0.25), (0.15, -0.16)], closed=False),
            0.02,
            hexa("7a4f30"),
        )
        s.shape(box(0.10, -0.19, 0.225, -0.09, 0.02), hexa("a56a3c"), 0.8, 0.15)
        s.shape(box(0.10, -0.195, 0.225, -0.145, 0.02), hexa("8a5630"), 0.7, 0.15)
        s.shape(ellipse(0.163, -0.145, 0.011, 0.011), hexa("f0c24a"), 0.9, 0.6)


def arm(s: Sketch, look: Look, pose: Pose, side: int) -> None:
    """One arm in its sleeve; side 1 is on the right of the picture."""
    elbow, hand = pose.left if side > 0 else pose.right
    shoulder = (side * 0.115 * look.roundness, -0.325)
    bare = look.outfit in ("dress", "cape")
    sleeve = look.trim if look.outfit in ("dungarees", "cape") else look.cloth
    tone: RGB = look.fur if bare and look.outfit == "dress" else sleeve
    s.shape(
        tube([shoulder, elbow, hand], [0.050, 0.047, 0.043]), scale(tone, 0.97), 0.95, shadow=0.4
    )
    if not bare:
        d = np.array(hand) - np.array(elbow)
        d = d / max(1e-6, float(np.linalg.norm(d)))
        wrist = np.array(hand) - d * 0.005
        s.shape(
            tube([wrist - d * 0.016, wrist + d * 0.016], [0.047, 0.047], curve=False),
            look.trim,
            0.7,
        )
    _hand(s, look, elbow, hand, side, pose.open_hands and hand[1] < -0.3)


def _hand(
    s: Sketch,
    look: Look,
    elbow: tuple[float, float],
    hand: tuple[float, float],
    side: int,
    spread: bool,
) -> None:
    skin = look.fur if look.species not in ("fox", "cat") else mix(look.fur, look.belly, 0.25)
    angle = float(np.degrees(np.arctan2(hand[1] - elbow[1], hand[0] - elbow[0])))

    def at(along: float, across: float) -> Array:
        return np.asarray(moved([(along, across)], hand[0], hand[1], angle)[0])

    if spread:
        for k, turn in enumerate((-34, -11, 12, 36)):
            reach = 0.082 if k in (1, 2) else 0.072
            base, tip = (
                at(0.03, 0.012 * (k - 1.5)),
                at(0.035 + reach * np.cos(np.radians(turn)), reach * np.sin(np.radians(turn))),
            )
            s.shape(
                tube([tuple(base), tuple(tip)], [0.019, 0.0165], curve=False), skin, 0.9, shadow=0.1
            )
    palm = at(0.03, 0)
    s.shape(
        ellipse(float(palm[0]), float(palm[1]), 0.047, 0.045),
        skin,
        0.95,
        shadow=0.15,
        outlined=not spread,
    )
    if not spread:
        thumb = at(0.028, -0.034 * side)
        s.shape(ellipse(float(thumb[0]), float(thumb[1]), 0.02, 0.018), skin, 0.8, shadow=0.15)
    elif look.species != "sprite":
        s.glaze(ellipse(float(palm[0]), float(palm[1]), 0.024, 0.022), hexa("f2a0a0"), 0.55, 0.004)


def scarf(s: Sketch, look: Look) -> None:
    tone = look.accent
    s.shape(
        tube([(0.05, -0.34), (0.105, -0.25), (0.095, -0.16)], [0.034, 0.036, 0.04]),
        scale(tone, 0.9),
        0.8,
    )
    for k in range(4):
        x = 0.06 + 0.024 * k
        s.line([(x, -0.13), (x, -0.105)], 0.009, scale(tone, 0.85))
    s.shape(
        tube([(-0.135, -0.375), (0, -0.325), (0.135, -0.375)], [0.042, 0.05, 0.042]), tone, 0.95
    )
    for x in (-0.09, -0.03, 0.03, 0.09):
        s.glaze(
            tube([(x, -0.40), (x + 0.012, -0.30)], [0.01, 0.01], curve=False),
            mix(tone, (1, 1, 1), 0.55),
            0.6,
        )
