"""Camera and staging of a scene: pure choices of where layers start and end in the frame.

Pictures are 1.25 times the frame, so a background at width 1.25 shows one picture pixel per frame
pixel; the camera stays between there and a little above 1.0 and never shows an edge.
"""

from __future__ import annotations

from collections.abc import Sequence
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
# Of three, the inner one is behind the captions; in a square all are. A little further up and away,
# its face is clear of them.
_RAISED_FOOT = 0.965
_COMPANION_CENTRE = {Side.LEFT: 0.20, Side.RIGHT: 0.80}
_DRIFT = 0.012

# Several: how tall each is of one alone, what they may take of a wide frame's width together, and
# the room beside and between them.
_SHARE = {1: 1.0, 2: 0.94, 3: 0.88}
_TOGETHER = {1: 0.45, 2: 0.66, 3: 0.82}
_MARGIN, _GAP = 0.02, 0.02
# Medallions float: smaller than who stands, and above where captions are.
# In an upright frame they have that room to themselves.
_FLOATING, _FLOATING_UPRIGHT = 0.74, 1.05
_FLOATING_FOOT, _FLOATING_FOOT_UPRIGHT = 0.735, 0.68


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


@dataclass(frozen=True)
class Figure:
    """A companion's picture: its width over its height in pixels, and the part of its width in
    which something is seen. It floats, or stands: with feet of its own, or cut off by the frame's
    lower edge."""

    aspect: float
    seen: tuple[float, float] = (0.0, 1.0)
    floating: bool = False
    feet: bool = True


def side_of(index: int, scene_number: int) -> Side:
    """Where a companion stands: the first where one alone would, the second across, the third
    beside the first."""
    first = companion_side(scene_number)
    across = Side.RIGHT if first is Side.LEFT else Side.LEFT
    return across if index == 1 else first


def figure_height(camera_angle: str, frame_aspect: float, count: int, *, floating: bool) -> float:
    """Height of one of `count` companions at the end of the scene, if there is room for it."""
    alone = companion_height(camera_angle) * min(1.0, frame_aspect / (4 / 3))
    if floating:
        alone *= _FLOATING_UPRIGHT if _upright(frame_aspect) else _FLOATING
    return alone * _SHARE[count] * COMPANION_GROWTH


def group_motions(
    figures: Sequence[Figure], scene_number: int, camera_angle: str, frame_aspect: float
) -> tuple[Motion, ...]:
    """Up to three companions beside each other on both sides, none in front of another.

    All become smaller together when they would not fit. Each comes a little nearer, as one alone
    does.
    """
    count = len(figures)
    tall = [
        figure_height(camera_angle, frame_aspect, count, floating=figure.floating)
        / (figure.seen[1] - figure.seen[0] if figure.floating else 1.0)
        for figure in figures
    ]
    wide = [
        height * figure.aspect * (figure.seen[1] - figure.seen[0]) / frame_aspect
        for height, figure in zip(tall, figures, strict=True)
    ]
    free = 1 - 2 * _MARGIN - (count - 1) * _GAP - 2 * _DRIFT
    most = min(free, _TOGETHER[count]) if frame_aspect >= 4 / 3 else free
    fit = min(1.0, most / sum(wide))
    tall, wide = [height * fit for height in tall], [width * fit for width in wide]
    centres = _centres(wide, scene_number, free - sum(wide))
    return tuple(
        _standing(
            figure,
            height,
            centre,
            side_of(index, scene_number),
            frame_aspect,
            _foot(figure, index, count, frame_aspect),
        )
        for index, (figure, height, centre) in enumerate(zip(figures, tall, centres, strict=True))
    )


def _upright(frame_aspect: float) -> bool:
    """Where captions are higher up, as in `media.captions`."""
    return frame_aspect < 1 / 1.2


def _centres(wide: Sequence[float], scene_number: int, spare: float) -> list[float]:
    """From the frame's edges inwards; the outermost of a side moves towards where one alone would
    stand, by no more than half of what is left."""
    centres = [0.0] * len(wide)
    for side in Side:
        members = [index for index in range(len(wide)) if side_of(index, scene_number) is side]
        at = _MARGIN
        if members:
            inwards = _COMPANION_CENTRE[Side.LEFT] - wide[members[0]] / 2 - _MARGIN
            if len(members) == 1:
                at += min(max(0.0, inwards), spare / 2)
        for index in members:
            centre = at + wide[index] / 2
            centres[index] = centre if side is Side.LEFT else 1 - centre
            at += wide[index] + _GAP
    return centres


def _foot(figure: Figure, index: int, count: int, frame_aspect: float) -> float:
    """Where the lowest thing that is seen of it lies."""
    if figure.floating:
        return _FLOATING_FOOT_UPRIGHT if _upright(frame_aspect) else _FLOATING_FOOT
    behind_captions = count == 3 and (index == 2 or frame_aspect < 4 / 3)
    if figure.feet and behind_captions and not _upright(frame_aspect):
        return _RAISED_FOOT
    return _COMPANION_FOOT


def _standing(
    figure: Figure, height: float, centre: float, side: Side, frame_aspect: float, foot: float
) -> Motion:
    """`height` and `centre` of what is seen, at the end of the scene but for its drift."""

    def at(scale: float, shift: float) -> Placement:
        tall = height * scale
        wide = tall * figure.aspect / frame_aspect
        left = centre + shift - wide * (figure.seen[0] + figure.seen[1]) / 2
        # A floating one's room for its shadow is below its foot.
        low = foot + (tall * (1 - figure.seen[1]) if figure.floating else 0.0)
        return Placement(x=left, y=low - tall, width=wide, height=tall)

    drift = _DRIFT if side is Side.LEFT else -_DRIFT
    return Motion(start=at(1 / COMPANION_GROWTH, 0.0), end=at(1.0, drift))


def companion_motion(
    scene_number: int, camera_angle: str, *, sprite_aspect: float, frame_aspect: float
) -> Motion:
    """The companion comes a little nearer. Aspects are width over height, in pixels.

    In a frame narrower than 4:3 it is smaller, so that it leaves room for the picture.
    """
    height = companion_height(camera_angle) * min(1.0, frame_aspect / (4 / 3))
    side = companion_side(scene_number)
    drift = _DRIFT if side is Side.LEFT else -_DRIFT

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
