"""Animals of field and herd."""

from __future__ import annotations

from reelstep.providers.offline.illustrator.colour import RGB, hexa
from reelstep.providers.offline.illustrator.noise import Rng
from reelstep.providers.offline.illustrator.paths import ellipse, smooth, tube
from reelstep.providers.offline.illustrator.props.beasts import Beast, beast, face
from reelstep.providers.offline.illustrator.props.registry import prop
from reelstep.providers.offline.illustrator.sketch import Sketch


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
