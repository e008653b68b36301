"""Things that can be named: each is a small drawing in its own units, lit by `Sketch`."""

from __future__ import annotations

from reelstep.providers.offline.illustrator.props import (
    animals,
    birds,
    buildings,
    craft,
    garden,
    herd,
    landmarks,
    machines,
    objects,
    park,
    party,
    vehicles,
    wild,
)
from reelstep.providers.offline.illustrator.props.registry import PROPS, Prop

__all__ = ["PROPS", "Prop"]

# Importing the modules is what fills the registry.
_MODULES = (
    animals,
    birds,
    buildings,
    craft,
    garden,
    herd,
    herd,
    landmarks,
    machines,
    objects,
    park,
    party,
    vehicles,
    wild,
)
