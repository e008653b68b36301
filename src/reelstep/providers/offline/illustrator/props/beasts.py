"""A parametric four-legged body, and the eyes that all animals share."""

from __future__ import annotations

from dataclasses import dataclass

from reelstep.providers.offline.illustrator.colour import RGB, hexa, mix, scale
from reelstep.providers.offline.illustrator.noise import Array, Rng
from reelstep.providers.offline.illustrator.paths import array, ellipse, shrunk, smooth, tube
from reelstep.providers.offline.illustrator.sketch import Sketch

DARK = hexa("241c1c")


@dataclass(frozen=True)
class Beast:
    """Proportions in units of the body's length; the animal looks to the right."""

    coat: str
    belly: str
    legs: float = 0.42
    leg: float = 0.062
    body: float = 0.21
    length: float = 0.42
    neck: float = 0.16
    lean: float = 0.10
    head: float = 0.15
    snout: float = 0.12
    ears: str = "round"
    tail: str = "long"
    nose: str = "2b2226"
    marks: str = ""
    mark: str = "2b2226"


def eye(s: Sketch, x: float, y: float, r: float, iris: str = "3a2a20") -> None:
    """A lively eye: dark iris, two glints."""
    s.shape(ellipse(x, y, r * 1.12, r * 1.25), hexa("fbf7f0"), volume=0.2, shadow=0.2)
    s.shape(ellipse(x + r * 0.18, y, r * 0.86, r * 1.0), hexa(iris), volume=0.2, shadow=0)
    s.shape(ellipse(x + r * 0.22, y, r * 0.5, r * 0.62), hexa("100c0c"), volume=0, shadow=0)
    s.shape(ellipse(x + r * 0.46, y - r * 0.36, r * 0.28, r * 0.28), (1, 1, 1), 0, 0, 0, glow=0.8)


def _ears(s: Sketch, beast: Beast, x: float, y: float, r: float, coat: RGB, near: bool) -> None:
    inner = mix(coat, hexa("f0a8a0"), 0.55)
    shift = 0.0 if near else r * 0.75
    cx = x - r * 0.55 + shift
    if beast.ears == "pointed":
        tri = array(
            [
                (cx - r * 0.42, y - r * 0.55),
                (cx - r * 0.12, y - r * 1.62),
                (cx + r * 0.42, y - r * 0.72),
            ]
        )
        s.shape(smooth(tri, steps=5), coat, 0.6)
        if near:
            s.shape(
                smooth(shrunk(tri, 0.55), steps=5),
                inner,
                0.2,
                0,
                0,
            )
    elif beast.ears == "long":
        s.shape(
            tube(
                [(cx, y - r * 0.6), (cx - r * 0.25, y - r * 1.5), (cx - r * 0.1, y - r * 2.4)],
                [r * 0.22, r * 0.32, r * 0.12],
            ),
            coat,
            0.7,
        )
        if near:
            s.shape(
                tube(
                    [(cx, y - r * 0.9), (cx - r * 0.2, y - r * 1.5), (cx - r * 0.1, y - r * 2.1)],
                    [r * 0.08, r * 0.15, r * 0.05],
                ),
                inner,
                0.2,
                0,
                0,
            )
    elif beast.ears == "floppy":
        s.shape(
            tube(
                [(cx, y - r * 0.7), (cx - r * 0.55, y - r * 0.2), (cx - r * 0.45, y + r * 0.65)],
                [r * 0.2, r * 0.32, r * 0.2],
            ),
            scale(coat, 0.82),
            0.7,
        )
    elif beast.ears == "leaf":
        s.shape(
            tube(
                [
                    (cx + r * 0.2, y - r * 0.6),
                    (cx - r * 0.35, y - r * 1.0),
                    (cx - r * 0.9, y - r * 1.05),
                ],
                [r * 0.1, r * 0.26, r * 0.06],
            ),
            scale(coat, 0.9),
            0.6,
        )
    elif beast.ears == "horse":
        s.shape(
            tube(
                [
                    (cx + r * 0.35, y - r * 0.5),
                    (cx + r * 0.25, y - r * 1.05),
                    (cx + r * 0.35, y - r * 1.5),
                ],
                [r * 0.16, r * 0.2, r * 0.03],
            ),
            scale(coat, 0.92),
            0.6,
        )
    elif beast.ears == "huge":
        s.shape(
            smooth(
                [
                    (cx + r * 0.3, y - r * 0.6),
                    (cx - r * 0.9, y - r * 1.0),
                    (cx - r * 1.5, y),
                    (cx - r * 0.9, y + r * 1.1),
                    (cx - r * 0.2, y + r * 0.5),
                ]
            ),
            scale(coat, 0.92),
            0.5,
        )
    else:
        s.shape(ellipse(cx, y - r * 0.78, r * 0.36, r * 0.38), coat, 0.7)
        if near:
            s.shape(ellipse(cx + r * 0.04, y - r * 0.76, r * 0.2, r * 0.22), inner, 0.3, 0, 0)


def _tail(s: Sketch, beast: Beast, x: float, y: float, coat: RGB, rng: Rng) -> None:
    sway = float(rng.uniform(-0.03, 0.03))
    if beast.tail == "bushy":
        s.shape(
            tube(
                [(x, y), (x - 0.16, y - 0.02), (x - 0.30, y - 0.16 + sway), (x - 0.34, y - 0.30)],
                [0.03, 0.075, 0.085, 0.015],
            ),
            coat,
            0.8,
        )
        s.shape(
            tube(
                [(x - 0.305, y - 0.19), (x - 0.335, y - 0.26), (x - 0.342, y - 0.31)],
                [0.06, 0.045, 0.008],
            ),
            hexa(beast.belly),
            0.5,
            0,
            0,
        )
    elif beast.tail == "tuft":
        s.shape(
            tube(
                [(x, y), (x - 0.14, y + 0.02), (x - 0.20, y + 0.16), (x - 0.27, y + 0.14 + sway)],
                [0.025, 0.02, 0.018, 0.015],
            ),
            coat,
            0.8,
        )
        s.shape(
            tube(
                [(x - 0.26, y + 0.15), (x - 0.31, y + 0.11 + sway), (x - 0.36, y + 0.12)],
                [0.02, 0.042, 0.008],
            ),
            hexa(beast.mark),
            0.7,
        )
    elif beast.tail == "hair":
        s.shape(
            tube(
                [(x, y), (x - 0.12, y + 0.02), (x - 0.17, y + 0.18), (x - 0.14 + sway, y + 0.38)],
                [0.03, 0.055, 0.06, 0.012],
            ),
            hexa(beast.mark),
            0.8,
        )
    elif beast.tail == "short":
        s.shape(ellipse(x - 0.02, y - 0.02, 0.05, 0.05), hexa(beast.belly), 0.9)
    else:
        s.shape(
            tube(
                [(x, y), (x - 0.15, y - 0.03), (x - 0.23, y - 0.2), (x - 0.16, y - 0.34 + sway)],
                [0.035, 0.032, 0.03, 0.026],
            ),
            coat,
            0.8,
        )


def beast(s: Sketch, rng: Rng, b: Beast, tint: RGB | None = None) -> tuple[float, float, float]:
    """Draws the animal; returns the head's centre and radius for what it wears."""
    coat = mix(hexa(b.coat), tint, 0.75) if tint else hexa(b.coat)
    far = scale(coat, 0.66)
    belly = hexa(b.belly)
    back, front = -b.length / 2, b.length / 2
    top = -b.legs - b.body * 0.55
    stride = float(rng.uniform(0.02, 0.05))

    def leg(x: float, bend: float, thigh: float) -> list[Array]:
        """Thigh, shin and paw of one leg."""
        knee = (x + bend * 1.1 - 0.012, -b.legs * 0.52)
        shin = tube(
            [(x, top + b.body * 0.25), knee, (x + bend, -b.leg * 0.5)],
            [thigh, b.leg * 0.82, b.leg * 0.62],
        )
        paw = ellipse(x + bend + b.leg * 0.3, -b.leg * 0.42, b.leg * 1.02, b.leg * 0.5)
        return [shin, paw]

    haunch = max(b.body * 0.42, b.leg * 1.5)
    far_hind = leg(back + b.leg * 1.7, stride, haunch * 0.8)
    far_fore = leg(front - b.leg * 0.4, stride * 1.4, b.leg * 1.2)
    s.shape([*far_hind], far, 0.9, bevel=0.7)
    s.shape([*far_fore], far, 0.9, bevel=0.7)
    _tail(s, b, back - b.body * 0.32, top - b.body * 0.1, coat, rng)
    nx, ny = front + b.lean + 0.06, top - b.neck
    trunk = smooth(
        [
            (back - b.body * 0.55, top - 0.01),
            (back - b.body * 0.1, top - b.body * 0.62),
            (0.0, top - b.body * 0.52),
            (front, top - b.body * 0.72),
            (front + b.body * 0.62, top - b.body * 0.05),
            (front + b.body * 0.2, top + b.body * 0.5),
            (0.0, top + b.body * 0.42),
            (back, top + b.body * 0.48),
        ]
    )
    neck = tube(
        [(front - 0.03, top - b.body * 0.15), (front + b.lean * 0.6, (top + ny) / 2), (nx, ny)],
        [b.body * 0.60, b.head * 0.76, b.head * 0.72],
    )
    _ears(s, b, nx, ny, b.head, far if b.ears != "huge" else scale(coat, 0.8), near=False)
    near_hind, near_fore = (
        leg(back + 0.01, -stride * 0.3, haunch),
        leg(front + 0.01, -stride * 0.6, b.leg * 1.45),
    )
    s.shape(
        [trunk, neck, *near_hind, *near_fore], coat, 1.0, 0.0, 0.45, scale(coat, 0.9), bevel=0.62
    )
    s.glaze(ellipse(0.0, top + b.body * 0.46, b.length * 0.42, b.body * 0.13), belly, 0.4, 0.03)
    s.glaze(
        ellipse(front + b.body * 0.42, top + b.body * 0.02, b.body * 0.16, b.body * 0.36, 20),
        belly,
        0.35,
        0.03,
    )
    _markings(s, b, rng, back, front, top)
    if b.ears in ("horse", "leaf"):  # hooves
        for paw in (near_hind[1], near_fore[1], far_hind[1], far_fore[1]):
            s.glaze(paw, hexa("3a2c28"), 0.75, 0.006)
    return nx, ny, b.head


def face(s: Sketch, b: Beast, at: tuple[float, float, float], tint: RGB | None = None) -> None:
    """The head, over a mane if there is one."""
    coat = mix(hexa(b.coat), tint, 0.75) if tint else hexa(b.coat)
    x, y, r = at
    if b.ears in ("pointed", "round", "long", "horse"):
        _ears(s, b, x, y, r, coat, near=True)
    s.shape(ellipse(x, y, r, r * 0.94), coat, 1.0, shadow=0.5)
    sx, sy = x + r * 0.55 + b.snout * 0.35, y + r * 0.30
    s.shape(
        ellipse(sx, sy, r * 0.42 + b.snout * 0.45, r * 0.44, 8),
        mix(coat, hexa(b.belly), 0.8),
        0.9,
        shadow=0.15,
    )
    tip = sx + (r * 0.42 + b.snout * 0.45) * 0.88
    s.shape(
        ellipse(tip, sy - r * 0.13, r * 0.17, r * 0.13), hexa(b.nose), 0.8, gloss=0.5, shadow=0.2
    )
    s.line(
        smooth(
            [
                (tip - r * 0.04, sy + r * 0.1),
                (sx + r * 0.05, sy + r * 0.28),
                (sx - r * 0.3, sy + r * 0.2),
            ],
            closed=False,
        ),
        r * 0.06,
        DARK,
        opacity=0.7,
    )
    eye(s, x + r * 0.24, y - r * 0.14, r * 0.21)
    if b.ears in ("floppy", "leaf", "huge"):
        _ears(s, b, x, y, r, coat, near=True)


def _markings(s: Sketch, b: Beast, rng: Rng, back: float, front: float, top: float) -> None:
    ink = hexa(b.mark)
    if b.marks == "stripes":
        for index in range(9):
            x = back - b.body * 0.2 + (front - back + b.body * 0.5) * index / 8
            lean = float(rng.uniform(-0.02, 0.03))
            s.glaze(
                tube(
                    [
                        (x, top - b.body * 0.62),
                        (x + lean, top - b.body * 0.1),
                        (x + lean * 0.4, top + b.body * 0.32),
                    ],
                    [0.017, 0.014, 0.003],
                ),
                ink,
                0.9,
                0.002,
            )
    elif b.marks == "patches":
        for _ in range(7):
            x, y = float(rng.uniform(back, front)), top + float(rng.uniform(-0.5, 0.35)) * b.body
            s.glaze(
                ellipse(
                    x,
                    y,
                    float(rng.uniform(0.04, 0.09)),
                    float(rng.uniform(0.03, 0.06)),
                    float(rng.uniform(0, 90)),
                ),
                ink,
                0.92,
                0.004,
            )
    elif b.marks == "spots":
        for _ in range(26):
            x, y = (
                float(rng.uniform(back - 0.05, front + 0.08)),
                top + float(rng.uniform(-0.5, 0.4)) * b.body,
            )
            s.glaze(ellipse(x, y, 0.024, 0.02, float(rng.uniform(0, 90))), ink, 0.8, 0.003)
    elif b.marks == "tabby":
        for index in range(6):
            x = back + (front - back) * index / 5
            s.glaze(
                tube(
                    [(x, top - b.body * 0.6), (x + 0.015, top - b.body * 0.3), (x, top - 0.01)],
                    [0.014, 0.011, 0.003],
                ),
                ink,
                0.45,
                0.004,
            )
