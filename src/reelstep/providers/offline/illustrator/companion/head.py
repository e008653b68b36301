"""The head: fur or skin, ears and hair, and a face that shows the mood."""

from __future__ import annotations

from dataclasses import dataclass

from reelstep.providers.offline.illustrator.colour import RGB, hexa, mix, scale
from reelstep.providers.offline.illustrator.companion.look import Look
from reelstep.providers.offline.illustrator.noise import Array
from reelstep.providers.offline.illustrator.paths import (
    Points,
    arc,
    ellipse,
    moved,
    smooth,
    tube,
)
from reelstep.providers.offline.illustrator.sketch import Sketch

_CY = -0.60
"""Centre of the head at rest."""
_INK = hexa("2a1a1c")


@dataclass(frozen=True)
class Expression:
    open_eyes: float = 1.0
    """0: smiling shut; 1: wide open."""
    smile: float = 0.8
    """-1 sad .. 1 beaming."""
    open_mouth: float = 0.5
    brow: float = 0.0
    """Degrees: above 0 resolute, below 0 tender."""
    lift: float = 0.0
    blush: float = 0.55
    gaze: tuple[float, float] = (0.12, -0.02)


EXPRESSIONS: dict[str, Expression] = {
    "joyful": Expression(1.0, 1.0, 0.9, -4, 0.012, 0.7),
    "calm": Expression(0.82, 0.55, 0.0, -3, 0.0, 0.5),
    "epic": Expression(0.95, 0.7, 0.25, 12, -0.004, 0.35, (0.2, -0.22)),
    "romantic": Expression(0.9, 0.75, 0.15, -9, 0.008, 0.95, (0.18, 0.0)),
    "mysterious": Expression(0.9, 0.35, 0.0, 4, 0.006, 0.4, (0.36, -0.05)),
    "sad": Expression(0.85, -0.5, 0.0, -16, 0.006, 0.4, (0.05, 0.25)),
}


class Head:
    """Draws with the head's tilt and size applied to every outline."""

    def __init__(self, s: Sketch, look: Look, tilt: float):
        self.s, self.look, self.tilt = s, look, tilt

    def at(self, points: Points) -> Array:
        """Head units (centre 0, 0; about 0.27 wide half) to figure units."""
        return moved(points, 0.0, _CY, self.tilt, self.look.head)

    def shape(self, points: Points, colour: RGB, *args: float, **kw: object) -> None:
        self.s.shape(self.at(points), colour, *args, **kw)  # type: ignore[arg-type]

    def line(self, points: Points, width: float, colour: RGB, **kw: object) -> None:
        self.s.line(self.at(points), width, colour, **kw)  # type: ignore[arg-type]

    def glaze(self, points: Points, colour: RGB, opacity: float, blur: float = 0.0) -> None:
        self.s.glaze(self.at(points), colour, opacity, blur)

    def skull(self) -> None:
        look = self.look
        cheek = 0.275 if look.species in ("fox", "cat") else 0.268
        self.shape(
            smooth(
                [
                    (-0.17, -0.20),
                    (0, -0.245),
                    (0.17, -0.20),
                    (0.262, -0.06),
                    (cheek, 0.075),
                    (0.19, 0.185),
                    (0, 0.232),
                    (-0.19, 0.185),
                    (-cheek, 0.075),
                    (-0.262, -0.06),
                ]
            ),
            look.fur,
            1.0,
            0.06,
            0.55,
        )
        if look.species == "sprite":
            return
        if look.species in ("fox", "cat"):
            for side in (-1, 1):
                tufts = smooth(
                    [
                        (side * 0.2, 0.02),
                        (side * 0.31, 0.075),
                        (side * 0.255, 0.095),
                        (side * 0.292, 0.145),
                        (side * 0.19, 0.17),
                    ],
                    steps=3,
                )
                self.shape(
                    tufts,
                    look.fur if look.species == "cat" else look.belly,
                    0.6,
                    0,
                    0.0,
                    outlined=False,
                )
        mask = smooth(
            [
                (0, 0.01),
                (0.075, 0.045),
                (0.16, 0.03),
                (0.235, 0.085),
                (0.175, 0.17),
                (0, 0.222),
                (-0.175, 0.17),
                (-0.235, 0.085),
                (-0.16, 0.03),
                (-0.075, 0.045),
            ]
        )
        if look.species in ("fox", "bunny", "cat"):
            self.glaze(mask, look.belly, 0.92, 0.006)
        else:
            self.shape(ellipse(0, 0.118, 0.115, 0.082), look.belly, 0.7, 0.05, 0.12, outlined=False)
        if look.species == "cat":
            for x in (-0.05, 0.0, 0.05):
                self.glaze(
                    tube(
                        [(x, -0.235), (x * 0.85, -0.185), (x * 0.8, -0.15)], [0.012, 0.011, 0.003]
                    ),
                    scale(look.fur, 0.55),
                    0.7,
                    0.003,
                )
        if look.species == "fawn":
            for x, y in (
                (-0.06, -0.17),
                (0.05, -0.18),
                (0.0, -0.135),
                (-0.12, -0.13),
                (0.115, -0.135),
            ):
                self.glaze(ellipse(x, y, 0.013, 0.011), look.belly, 0.85, 0.002)
        if look.species == "dragon":
            for k in range(3):
                self.shape(
                    smooth(
                        [
                            (-0.03, -0.235 + 0.045 * k),
                            (0, -0.30 + 0.055 * k),
                            (0.03, -0.235 + 0.045 * k),
                        ],
                        steps=4,
                    ),
                    look.accent,
                    0.7,
                )

    # -- the face ------------------------------------------------------------------------------

    def face(self, e: Expression) -> None:
        look = self.look
        for side in (-1, 1):
            self.glaze(
                ellipse(side * 0.178, 0.085, 0.05, 0.034), hexa("ff6f6a"), 0.42 * e.blush, 0.018
            )
        for side in (-1, 1):
            self._eye(side, e)
            self._brow(side, e)
        self._mouth(e)
        if look.species == "sprite":
            self.glaze(ellipse(0.008, 0.072, 0.022, 0.014), hexa("d9735a"), 0.45, 0.007)
            self.glaze(ellipse(-0.004, 0.06, 0.008, 0.006), (1, 1, 1), 0.55, 0.003)
        else:
            tone = hexa("3a2528") if look.species in ("fox", "bear", "fawn") else hexa("e88a90")
            if look.species == "dragon":
                for side in (-1, 1):
                    self.glaze(
                        ellipse(side * 0.028, 0.075, 0.009, 0.007),
                        scale(look.fur, 0.35),
                        0.9,
                        0.002,
                    )
            else:
                self.shape(
                    smooth(
                        [
                            (-0.032, 0.058),
                            (0, 0.05),
                            (0.032, 0.058),
                            (0.018, 0.083),
                            (0, 0.092),
                            (-0.018, 0.083),
                        ]
                    ),
                    tone,
                    0.9,
                    0.6,
                    0.2,
                )
        if look.species == "cat":
            for side in (-1, 1):
                for k in range(3):
                    self.line(
                        [(side * 0.15, 0.10 + 0.018 * k), (side * 0.31, 0.075 + 0.034 * k)],
                        0.0035,
                        (1, 1, 1),
                        opacity=0.75,
                    )
        if look.freckles and look.species == "sprite":
            for side in (-1, 1):
                for x, y in ((0.13, 0.062), (0.16, 0.055), (0.147, 0.08)):
                    self.glaze(
                        ellipse(side * x, y, 0.006, 0.005), scale(look.fur, 0.62), 0.7, 0.001
                    )

    def _eye(self, side: int, e: Expression) -> None:
        look = self.look
        x, y, rx, ry = side * 0.112, -0.005, 0.060, 0.078 * (0.72 + 0.28 * e.open_eyes)
        if e.open_eyes < 0.3:
            self.line(arc(x, y + 0.03, 0.052, 0.045, 200, 340), 0.014, _INK)
            return
        self.shape(ellipse(x, y, rx + 0.006, ry + 0.006), _INK, 0, 0, 0.18, outlined=False)
        self.shape(ellipse(x, y + 0.004, rx, ry), hexa("fdfbf7"), 0.25, 0, 0, outlined=False)
        gx, gy = x + e.gaze[0] * 0.05, y + 0.004 + e.gaze[1] * 0.05
        ir, iy = 0.047, min(0.060, ry * 0.86)
        self.shape(
            ellipse(gx, gy, ir, iy), scale(look.iris, 0.55), 0, 0, 0, glow=0.35, outlined=False
        )
        self.glaze(
            ellipse(gx, gy + iy * 0.40, ir * 0.78, iy * 0.52),
            mix(look.iris, (1, 1, 0.9), 0.45),
            0.85,
            0.008,
        )
        self.shape(
            ellipse(gx, gy - iy * 0.05, ir * 0.52, iy * 0.56),
            hexa("120a0e"),
            0,
            0,
            0,
            outlined=False,
        )
        self.shape(
            ellipse(gx + 0.017, gy - iy * 0.42, 0.0165, 0.019),
            (1, 1, 1),
            0,
            0,
            0,
            glow=1.0,
            outlined=False,
        )
        self.shape(
            ellipse(gx - 0.017, gy + iy * 0.42, 0.0085, 0.0095),
            (1, 1, 1),
            0,
            0,
            0,
            glow=0.9,
            opacity=0.85,
            outlined=False,
        )
        # The lid's shadow and the lash line above the eye.
        self.glaze(ellipse(x, y - ry * 0.95, rx, ry * 0.5), _INK, 0.30, 0.010)
        lid = arc(x, y + 0.004, rx + 0.004, ry + 0.004, 188, 352)
        self.line(lid, 0.0155, _INK)
        corner = (x + side * (rx + 0.002), y - 0.008)
        self.line([corner, (corner[0] + side * 0.02, corner[1] - 0.016)], 0.011, _INK)
        if look.outfit == "dress" or look.accessory in ("bow", "flower"):
            for k in range(2):
                base = (x + side * (rx - 0.012 * k), y - 0.022 - 0.018 * k)
                self.line([base, (base[0] + side * 0.02, base[1] - 0.018)], 0.008, _INK)

    def _brow(self, side: int, e: Expression) -> None:
        look = self.look
        tone = scale(look.hair, 0.85) if look.species == "sprite" else scale(look.fur, 0.45)
        x, y = side * 0.112, -0.118 - e.lift - 0.012 * e.open_eyes
        curve = smooth([(-0.045, 0.008), (0.0, -0.010), (0.045, 0.004)], closed=False)
        turned = moved(curve, x, y, side * -e.brow if side > 0 else e.brow, 1.0, flip=side < 0)
        self.shape(
            tube(turned, [0.006, 0.0105, 0.005], curve=False), tone, 0.4, 0, 0.1, outlined=False
        )

    def _mouth(self, e: Expression) -> None:
        y = 0.128 if self.look.species == "sprite" else 0.118
        wide = 0.042 + 0.020 * max(0.0, e.smile)
        bend = 0.030 * e.smile
        if e.open_mouth > 0.05:
            deep = 0.020 + 0.052 * e.open_mouth
            lips = smooth(
                [
                    (-wide, y - 0.004),
                    (0, y + 0.006),
                    (wide, y - 0.004),
                    (wide * 0.72, y + deep * 0.72),
                    (0, y + deep),
                    (-wide * 0.72, y + deep * 0.72),
                ]
            )
            self.shape(lips, hexa("6a1f2a"), 0.15, 0, 0.1)
            self.glaze(
                ellipse(0, y + deep * 0.86, wide * 0.58, deep * 0.36), hexa("f27a80"), 0.95, 0.002
            )
            self.glaze(
                smooth(
                    [
                        (-wide * 0.8, y + 0.001),
                        (0, y + 0.008),
                        (wide * 0.8, y + 0.001),
                        (wide * 0.6, y + 0.013),
                        (0, y + 0.020),
                        (-wide * 0.6, y + 0.013),
                    ]
                ),
                (1, 0.99, 0.96),
                0.95,
                0.001,
            )
            for side in (-1, 1):
                self.line(
                    arc(
                        side * wide * 1.02,
                        y - 0.006,
                        0.011,
                        0.010,
                        20 if side < 0 else 70,
                        110 if side < 0 else 160,
                    ),
                    0.006,
                    _INK,
                    opacity=0.6,
                )
        elif self.look.species in ("cat", "fox", "bunny", "bear", "fawn"):
            for side in (-1, 1):
                self.line(
                    smooth(
                        [
                            (0, y - 0.018),
                            (side * 0.006, y + bend * 0.4),
                            (side * 0.026, y + bend * 0.55),
                            (side * wide, y - bend * 0.25),
                        ],
                        closed=False,
                    ),
                    0.0085,
                    _INK,
                )
        else:
            self.line(
                smooth(
                    [(-wide, y - bend * 0.4), (0, y + bend * 0.5), (wide, y - bend * 0.4)],
                    closed=False,
                ),
                0.0095,
                _INK,
            )
