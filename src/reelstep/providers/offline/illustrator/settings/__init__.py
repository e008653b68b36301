"""Places: each paints everything that lies behind the subjects, and says where they can stand."""

from __future__ import annotations

from reelstep.providers.offline.illustrator.settings import (
    beyond,
    coast,
    indoor,
    land,
    street,
    urban,
    wilds,
)
from reelstep.providers.offline.illustrator.settings.registry import FRONTS, SETTINGS

__all__ = ["FRONTS", "SETTINGS"]

# Importing the modules is what fills the registry.
_MODULES = (beyond, coast, indoor, land, street, urban, wilds)
