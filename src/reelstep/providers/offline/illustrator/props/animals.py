"""Four-legged animals: proportions for `beasts`, and what each has of its own."""

from __future__ import annotations

from reelstep.providers.offline.illustrator.colour import RGB, hexa, mix, scale
from reelstep.providers.offline.illustrator.noise import Rng
from reelstep.providers.offline.illustrator.paths import ellipse, moved, smooth, tube
from reelstep.providers.offline.illustrator.props.beasts import DARK, Beast, beast, face
from reelstep.providers.offline.illustrator.props.registry import prop
from reelstep.providers.offline.illustrator.sketch import Sketch

_E = (-0.68, -1.12, 0.68, 0.06)
_BEASTS: dict[str, tuple[Beast, float]] = {
    "dog": (Beast("c98a4b", "f6e3c4", ears="floppy", head=0.17, snout=0.12), 0.30),
    "fox": (
        Beast("e0702c", "fff3e2", ears="pointed", tail="bushy", head=0.16, snout=0.15, legs=0.36),
        0.27,
    ),
    "wolf": (Beast("7c828c", "dfe3e8", ears="pointed", tail="bushy", head=0.16, snout=0.16), 0.32),
    "tiger": (Beast("ee9440", "fff2de", marks="stripes", head=0.18, body=0.23), 0.34),
    "bear": (
        Beast(
            "7d5336", "b08a63", body=0.28, leg=0.085, legs=0.34, head=0.19, neck=0.12, tail="short"
        ),
        0.36,
    ),
    "cow": (
        Beast(
            "f4f0ea",
            "f1cfc4",
            marks="patches",
            ears="leaf",
            body=0.26,
            legs=0.36,
            head=0.15,
            snout=0.16,
            tail="tuft",
            nose="e59a96",
        ),
        0.36,
    ),
    "mouse": (
        Beast(
            "a9a3a6", "e8dcd8", legs=0.2, body=0.24, head=0.2, neck=0.1, snout=0.12, nose="ef8f96"
        ),
        0.16,
    ),
    "zebra": (
        Beast(
            "f5f2ea",
            "ffffff",
            marks="stripes",
            ears="horse",
            legs=0.5,
            neck=0.32,
            lean=0.12,
            head=0.12,
            snout=0.2,
            tail="tuft",
        ),
        0.38,
    ),
    "giraffe": (
        Beast(
            "edc36a",
            "fbeecb",
            marks="spots",
            mark="a5612c",
            ears="leaf",
            legs=0.46,
            length=0.34,
            body=0.19,
            neck=0.5,
            lean=0.14,
            head=0.085,
            snout=0.11,
            tail="tuft",
        ),
        0.62,
    ),
}


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
        s.shape(ellipse(side * 0.12, -0.722, 0.036, 0.066), DARK, 0, 0, 0)
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
