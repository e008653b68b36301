"""Four-legged animals from one parametric body."""

from __future__ import annotations

from dataclasses import dataclass

from reelstep.providers.offline.illustrator.colour import RGB, hexa, mix, scale
from reelstep.providers.offline.illustrator.noise import Array, Rng
from reelstep.providers.offline.illustrator.paths import array, ellipse, moved, smooth, tube
from reelstep.providers.offline.illustrator.props.registry import prop
from reelstep.providers.offline.illustrator.sketch import Sketch

_DARK = hexa("241c1c")


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
                smooth(moved(tri - tri.mean(0), *tri.mean(0), scale=0.55), steps=5),
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
    trunk = smooth([
        (back - b.body * 0.55, top - 0.01), (back - b.body * 0.1, top - b.body * 0.62), (0.0, top - b.body * 0.52),
        (front, top - b.body * 0.72), (front + b.body * 0.62, top - b.body * 0.05),
        (front + b.body * 0.2, top + b.body * 0.5), (0.0, top + b.body * 0.42), (back, top + b.body * 0.48),
    ])  # fmt: skip
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
        _DARK,
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


_E = (-0.68, -1.12, 0.68, 0.06)
_BEASTS: dict[str, tuple[Beast, float]] = {
    "dog": (Beast("c98a4b", "f6e3c4", ears="floppy", head=0.17, snout=0.12), 0.30),
    "fox": (Beast("e0702c", "fff3e2", ears="pointed", tail="bushy", head=0.16, snout=0.15, legs=0.36), 0.27),
    "wolf": (Beast("7c828c", "dfe3e8", ears="pointed", tail="bushy", head=0.16, snout=0.16), 0.32),
    "tiger": (Beast("ee9440", "fff2de", marks="stripes", head=0.18, body=0.23), 0.34),
    "bear": (Beast("7d5336", "b08a63", body=0.28, leg=0.085, legs=0.34, head=0.19, neck=0.12, tail="short"), 0.36),
    "cow": (Beast("f4f0ea", "f1cfc4", marks="patches", ears="leaf", body=0.26, legs=0.36, head=0.15, snout=0.16, tail="tuft", nose="e59a96"), 0.36),
    "mouse": (Beast("a9a3a6", "e8dcd8", legs=0.2, body=0.24, head=0.2, neck=0.1, snout=0.12, nose="ef8f96"), 0.16),
    "zebra": (Beast("f5f2ea", "ffffff", marks="stripes", ears="horse", legs=0.5, neck=0.32, lean=0.12, head=0.12, snout=0.2, tail="tuft"), 0.38),
    "giraffe": (Beast("edc36a", "fbeecb", marks="spots", mark="a5612c", ears="leaf", legs=0.46, length=0.34, body=0.19, neck=0.5, lean=0.14, head=0.085, snout=0.11, tail="tuft"), 0.62),
}  # fmt: skip


def _register(name: str, b: Beast, size: float) -> None:
    @prop(name, _E, size)
    def draw(s: Sketch, rng: Rng, tint: RGB | None) -> None:
        face(s, b, beast(s, rng, b, tint), tint)


for _name, (_beast, _size) in _BEASTS.items():
    _register(_name, _beast, _size)


@prop("cat", (-0.6, -1.1, 0.6, 0.05), 0.27)
def cat(s: Sketch, rng: Rng, tint: RGB | None) -> None:
    """Sitting, seen from the front, tail around the paws."""
    coat = tint or hexa(("e89a52", "8f8c94", "3b3840", "f1e4d0")[int(rng.integers(4))])
    light = mix(coat, (1, 0.97, 0.92), 0.7)
    s.shape(
        tube([(0.2, -0.12), (0.42, -0.1), (0.47, -0.26), (0.36, -0.42)], [0.06, 0.06, 0.055, 0.04]),
        scale(coat, 0.85),
        0.8,
    )
    s.shape(
        smooth(
            [
                (-0.3, -0.06),
                (-0.27, -0.35),
                (-0.15, -0.6),
                (0.15, -0.6),
                (0.27, -0.35),
                (0.3, -0.06),
                (0, 0),
            ]
        ),
        coat,
        1.0,
        to=scale(coat, 0.85),
    )
    s.shape(
        smooth([(-0.12, -0.12), (-0.13, -0.4), (0, -0.54), (0.13, -0.4), (0.12, -0.12)]),
        light,
        0.7,
        shadow=0,
    )
    for x in (-0.11, 0.11):
        s.shape(tube([(x, -0.4), (x * 1.05, -0.2), (x, -0.06)], [0.07, 0.065, 0.07]), coat, 0.8)
        s.shape(ellipse(x, -0.045, 0.085, 0.055), light, 0.8)
    for side in (-1, 1):
        s.shape(
            smooth([(side * 0.26, -0.78), (side * 0.27, -1.07), (side * 0.06, -0.9)], steps=4),
            coat,
            0.6,
        )
        s.shape(
            smooth([(side * 0.23, -0.83), (side * 0.245, -0.99), (side * 0.12, -0.89)], steps=4),
            hexa("f0a6a0"),
            0.3,
            0,
            0.1,
        )
    s.shape(
        smooth(
            [
                (-0.3, -0.7),
                (-0.2, -0.9),
                (0, -0.94),
                (0.2, -0.9),
                (0.3, -0.7),
                (0.2, -0.54),
                (0, -0.5),
                (-0.2, -0.54),
            ]
        ),
        coat,
        1.0,
        shadow=0.5,
    )
    for x in (-0.1, 0, 0.1):
        s.glaze(
            tube([(x, -0.93), (x * 0.8, -0.86), (x * 0.6, -0.8)], [0.02, 0.016, 0.004]),
            scale(coat, 0.55),
            0.6,
            0.004,
        )
    for side in (-1, 1):
        s.shape(ellipse(side * 0.075, -0.605, 0.09, 0.07), light, 0.7, shadow=0.1)
        s.shape(ellipse(side * 0.125, -0.725, 0.066, 0.078), hexa("b9dd6a"), 0.3, 0.4, 0.2)
        s.shape(ellipse(side * 0.12, -0.722, 0.036, 0.066), _DARK, 0, 0, 0)
        s.shape(ellipse(side * 0.12 + 0.02, -0.755, 0.017, 0.019), (1, 1, 1), 0, 0, 0, glow=0.9)
        for k in range(3):
            s.line(
                [(side * 0.1, -0.6 + 0.014 * k), (side * 0.38, -0.65 + 0.06 * k)],
                0.006,
                (1, 1, 1),
                opacity=0.7,
            )
    s.shape(
        smooth([(-0.035, -0.66), (0.035, -0.66), (0, -0.62)], steps=4), hexa("e98088"), 0.5, 0.3
    )


@prop("lion", (-0.75, -1.1, 0.75, 0.05), 0.40)
def lion(s: Sketch, rng: Rng, tint: RGB | None) -> None:
    b = Beast(
        "d9a14e",
        "f4dcae",
        body=0.25,
        legs=0.38,
        leg=0.07,
        head=0.18,
        snout=0.12,
        tail="tuft",
        mark="5a2f16",
        neck=0.2,
        lean=0.08,
    )
    x, y, r = beast(s, rng, b, tint)
    for ring, (colour, count) in enumerate((("5f2f14", 26), ("8a4a1d", 22), ("b0672a", 18))):
        reach = r * (1.95 - 0.32 * ring)
        for index in range(count):
            angle = 360 * index / count + float(rng.uniform(-9, 9))
            lock = tube(
                [
                    (r * 0.4, 0),
                    (reach * 0.65, r * 0.06),
                    (reach * float(rng.uniform(0.92, 1.1)), r * float(rng.uniform(0, 0.3))),
                ],
                [r * 0.3, r * 0.26, r * 0.03],
                steps=4,
            )
            s.shape(
                moved(lock, x - r * 0.12, y + r * 0.10, angle),
                mix(hexa(colour), hexa("d08a3c"), float(rng.uniform(0, 0.25))),
                0.6,
                shadow=0.25,
                outlined=False,
            )
    face(s, b, (x, y, r), tint)


@prop("horse", (-0.75, -1.25, 0.75, 0.05), 0.44)
def horse(s: Sketch, rng: Rng, tint: RGB | None) -> None:
    _horse(
        s,
        rng,
        Beast(
            "8d5a34",
            "a9754a",
            legs=0.5,
            leg=0.055,
            body=0.24,
            length=0.46,
            neck=0.34,
            lean=0.13,
            head=0.12,
            snout=0.22,
            ears="horse",
            tail="hair",
            mark="2e1d14",
        ),
        tint,
    )


@prop("unicorn", (-0.75, -1.4, 0.75, 0.05), 0.46)
def unicorn(s: Sketch, rng: Rng, tint: RGB | None) -> None:
    b = Beast(
        "fbf6ff",
        "ffffff",
        legs=0.5,
        leg=0.055,
        body=0.24,
        length=0.46,
        neck=0.34,
        lean=0.13,
        head=0.12,
        snout=0.22,
        ears="horse",
        tail="hair",
        mark="e58ad0",
    )
    x, y, r = _horse(s, rng, b, tint)
    s.shape(
        tube(
            [(x + r * 0.35, y - r * 0.75), (x + r * 0.75, y - r * 1.7), (x + r * 1.1, y - r * 2.6)],
            [r * 0.2, r * 0.11, r * 0.01],
        ),
        hexa("ffd765"),
        0.8,
        0.6,
        glow=0.25,
    )


def _horse(s: Sketch, rng: Rng, b: Beast, tint: RGB | None) -> tuple[float, float, float]:
    at = beast(s, rng, b, tint)
    x, y, r = at
    face(s, b, at, tint)
    mane = hexa(b.mark)
    for index in range(9):
        part = index / 8
        cx, cy = x - r * 0.35 - part * 0.17, y - r * 0.85 + part * 0.34
        s.shape(
            tube(
                [
                    (cx + 0.03, cy),
                    (cx - 0.05, cy + 0.05),
                    (cx - 0.07 + float(rng.uniform(-0.015, 0.015)), cy + 0.16),
                ],
                [0.03, 0.036, 0.006],
                steps=5,
            ),
            mix(mane, hexa("c98fe8"), part * 0.5) if b.mark == "e58ad0" else mane,
            0.7,
            shadow=0.2,
            outlined=False,
        )
    return at


@prop("rabbit", (-0.6, -1.2, 0.6, 0.05), 0.22)
def rabbit(s: Sketch, rng: Rng, tint: RGB | None) -> None:
    b = Beast(
        "cfc4b8",
        "fffaf3",
        legs=0.16,
        leg=0.07,
        body=0.3,
        length=0.26,
        neck=0.16,
        lean=0.05,
        head=0.2,
        snout=0.05,
        ears="long",
        tail="short",
        nose="ea8f95",
    )
    face(s, b, beast(s, rng, b, tint), tint)


@prop("sheep", (-0.65, -1.0, 0.65, 0.05), 0.28)
def sheep(s: Sketch, rng: Rng, tint: RGB | None) -> None:
    b = Beast(
        "4a4448",
        "5a5256",
        legs=0.3,
        leg=0.045,
        body=0.3,
        head=0.14,
        snout=0.12,
        ears="leaf",
        tail="short",
        neck=0.14,
    )
    x, y, r = beast(s, rng, b)
    wool = tint or hexa("f7f1e6")
    for _ in range(46):
        cx, cy = float(rng.uniform(-0.32, 0.3)), -0.44 + float(rng.uniform(-0.17, 0.15))
        s.shape(ellipse(cx, cy, 0.085, 0.08), wool, 0.9, shadow=0.16, outlined=False)
    face(s, b, (x, y, r))
    for k in range(5):
        s.shape(
            ellipse(x - r * 0.7 + r * 0.3 * k, y - r * 0.8, r * 0.34, r * 0.3),
            wool,
            0.9,
            shadow=0.2,
            outlined=False,
        )


@prop("elephant", (-0.8, -1.1, 0.85, 0.05), 0.48)
def elephant(s: Sketch, rng: Rng, tint: RGB | None) -> None:
    b = Beast(
        "8d93a3",
        "a9aebb",
        legs=0.4,
        leg=0.095,
        body=0.36,
        length=0.42,
        neck=0.08,
        head=0.22,
        snout=0.02,
        ears="huge",
        tail="tuft",
    )
    x, y, r = beast(s, rng, b, tint)
    face(s, b, (x, y, r), tint)
    coat = tint or hexa(b.coat)
    s.shape(
        tube(
            [
                (x + r * 0.6, y + r * 0.2),
                (x + r * 1.15, y + r * 0.9),
                (x + r * 1.1, y + r * 1.9),
                (x + r * 1.55, y + r * 2.05),
            ],
            [r * 0.36, r * 0.27, r * 0.2, r * 0.14],
        ),
        coat,
        0.9,
    )
    s.shape(
        tube(
            [(x + r * 0.6, y + r * 0.6), (x + r * 0.95, y + r * 1.0), (x + r * 1.5, y + r * 0.95)],
            [r * 0.12, r * 0.1, r * 0.02],
        ),
        hexa("fbf5e2"),
        0.8,
        0.3,
    )


@prop("camel", (-0.75, -1.25, 0.8, 0.05), 0.46)
def camel(s: Sketch, rng: Rng, tint: RGB | None) -> None:
    b = Beast(
        "c99a5c",
        "e3c48f",
        legs=0.5,
        leg=0.05,
        body=0.24,
        neck=0.28,
        lean=0.22,
        head=0.11,
        snout=0.16,
        ears="leaf",
        tail="tuft",
    )
    top = -b.legs - b.body * 0.9
    coat = tint or hexa(b.coat)
    for cx in (-0.13, 0.1):
        s.shape(
            smooth(
                [
                    (cx - 0.15, top + 0.16),
                    (cx - 0.075, top - 0.14),
                    (cx + 0.015, top - 0.2),
                    (cx + 0.15, top + 0.16),
                ]
            ),
            coat,
            0.9,
        )
    face(s, b, beast(s, rng, b, tint), tint)


@prop("deer", (-0.7, -1.5, 0.75, 0.05), 0.44)
def deer(s: Sketch, rng: Rng, tint: RGB | None) -> None:
    b = Beast(
        "b07a48",
        "f0dcbc",
        legs=0.5,
        leg=0.042,
        body=0.2,
        neck=0.32,
        lean=0.12,
        head=0.115,
        snout=0.15,
        ears="leaf",
        tail="short",
        marks="spots",
        mark="f3e2c6",
    )
    x, y, r = beast(s, rng, b, tint)
    for side in (-0.35, 0.1):
        root = (x + side * r, y - r * 0.8)
        s.shape(
            tube(
                [
                    root,
                    (root[0] - r * 0.7, root[1] - r * 1.3),
                    (root[0] + r * 0.1, root[1] - r * 2.6),
                ],
                [r * 0.11, r * 0.09, r * 0.03],
            ),
            hexa("8a6a48"),
            0.6,
        )
        for part, reach in ((0.3, -1.0), (0.62, 0.9)):
            base = (root[0] - r * 0.6 * part * 1.4, root[1] - r * 2.4 * part)
            s.shape(
                tube(
                    [
                        base,
                        (base[0] + reach * r * 0.5, base[1] - r * 0.35),
                        (base[0] + reach * r * 0.7, base[1] - r * 0.95),
                    ],
                    [r * 0.08, r * 0.06, r * 0.02],
                ),
                hexa("8a6a48"),
                0.6,
            )
    face(s, b, (x, y, r), tint)
