"""The table of places."""

from __future__ import annotations

from collections.abc import Callable

from reelstep.providers.offline.illustrator.scene import Floor, Scene

Painter = Callable[[Scene], Floor]
Front = Callable[[Scene, Floor], None]

SETTINGS: dict[str, Painter] = {}
FRONTS: dict[str, Front] = {}
"""What comes between the subjects and the viewer, per place."""


def setting(name: str, front: Front | None = None) -> Callable[[Painter], Painter]:
    def register(painter: Painter) -> Painter:
        SETTINGS[name] = painter
        if front is not None:
            FRONTS[name] = front
        return painter

    return register
