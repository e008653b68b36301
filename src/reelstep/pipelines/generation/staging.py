"""Camera and staging of a scene: pure choices of where layers start and end in the frame.

Pictures are 1.25 times the frame, so a background at width 1.25 shows one picture pixel per frame
pixel; the camera stays between there and a little above 1.0 and never shows an edge.
"""

from __future__ import annotations

from dataclasses import dataclass

from reelstep.media.timeline import Motion, Placement
from reelstep.providers.base import Side

PICTURE_SCALE = 1.25

# Companion: share of the frame's height at the start of a scene, and how much nearer it comes.
# The nearer layer grows faster than the background does, which is what makes depth.
_COMPANION_HEIGHT = {"wide": 0.60, "low": 0.66, "high": 0.56, "close": 0.74}
COMPANION_GROWTH = 1.05
# Feet end just under the lower edge: the character stands in front, not on the captions.
_COMPANION_FOOT = 1.01
_COMPANION_CENTRE = {Side.LEFT: 0.20, Side.RIGHT: 0.80}


@dataclass(frozen=True)
class CameraMove:
    """Scale of the background at the start and the end, and the point (0–1) that it favours."""

    zoom_from: float
    zoom_to: float
    focus_from: tuple[float, float]
    focus_to: tuple[float, float]


_MOVES = (
    CameraMove(1.06, 1.20, (0.5, 0.5), (0.55, 0.45)),
    CameraMove(1.16, 1.16, (0.15, 0.5), (0.85, 0.5)),
    CameraMove(1.22, 1.07, (0.45, 0.4), (0.5, 0.5)),
    CameraMove(1.15, 1.20, (0.5, 0.9), (0.5, 0.2)),
    CameraMove(1.16, 1.16, (0.85, 0.45), (0.15, 0.55)),
    CameraMove(1.05, 1.18, (0.5, 0.5), (0.42, 0.5)),
)


def companion_side(scene_number: int) -> Side:
    """Left in odd scenes, right in even ones, so that the eye moves."""
    return Side.LEFT if scene_number % 2 else Side.RIGHT


def background_motion(scene_number: int, seed: int) -> Motion:
    """A slow move, another one in each scene; which one the film begins with follows its seed."""
    move = _MOVES[(scene_number + seed) % len(_MOVES)]
    return Motion(
        start=_covering(move.zoom_from, move.focus_from),
        end=_covering(move.zoom_to, move.focus_to),
    )


def companion_height(camera_angle: str) -> float:
    """Height of the companion in units of the frame's height, at the start of the scene."""
    return _COMPANION_HEIGHT.get(camera_angle, _COMPANION_HEIGHT["wide"])


def companion_motion(
    scene_number: int, camera_angle: str, *, sprite_aspect: float, frame_aspect: float
) -> Motion:
    """The companion comes a little nearer. Aspects are width over height, in pixels.

    In a frame narrower than 4:3 it is smaller, so that it leaves room for the picture.
    """
    height = companion_height(camera_angle) * min(1.0, frame_aspect / (4 / 3))
    side = companion_side(scene_number)
    drift = 0.012 if side is Side.LEFT else -0.012

    def standing(scale: float, shift: float) -> Placement:
        tall = height * scale
        wide = tall * sprite_aspect / frame_aspect
        centre = _COMPANION_CENTRE[side] + shift
        return Placement(x=centre - wide / 2, y=_COMPANION_FOOT - tall, width=wide, height=tall)

    return Motion(start=standing(1.0, 0.0), end=standing(COMPANION_GROWTH, drift))


def _covering(zoom: float, focus: tuple[float, float]) -> Placement:
    """The picture at `zoom`, moved so that `focus` (0: left/top edge, 1: right/bottom) is shown."""
    spare = zoom - 1.0
    return Placement(x=-spare * focus[0], y=-spare * focus[1], width=zoom, height=zoom)
