"""The table of drawable things."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from reelstep.providers.offline.illustrator.colour import RGB
from reelstep.providers.offline.illustrator.noise import Rng
from reelstep.providers.offline.illustrator.sketch import Sketch

Draw = Callable[[Sketch, Rng, RGB | None], None]


@dataclass(frozen=True)
class Prop:
    """How to draw a concept and where it likes to be.

    `extent` is (left, top, right, bottom) in figure units, y down, the ground at 0; `size` is the
    height in canvas units that makes it a main subject; `place` is ground, air, water, table or
    back (far away on the land); `count` is how many one expects to see.
    """

    draw: Draw
    extent: tuple[float, float, float, float]
    size: float
    place: str = "ground"
    count: int = 1
    glow: bool = False


PROPS: dict[str, Prop] = {}


def prop(
    name: str,
    extent: tuple[float, float, float, float],
    size: float,
    place: str = "ground",
    count: int = 1,
    glow: bool = False,
) -> Callable[[Draw], Draw]:
    """Registers a drawing under its concept."""

    def register(draw: Draw) -> Draw:
        PROPS[name] = Prop(draw, extent, size, place, count, glow)
        return draw

    return register
