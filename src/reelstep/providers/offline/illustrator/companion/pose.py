"""Poses: where elbows and hands are."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Pose:
    """Elbows and hands in figure units; the character's left is on the picture's right."""

    left: tuple[tuple[float, float], tuple[float, float]]
    right: tuple[tuple[float, float], tuple[float, float]]
    tilt: float = 0.0
    """Lean of the head, degrees."""
    hop: float = 0.0
    """How far off the ground."""
    open_hands: bool = False


POSES: dict[str, Pose] = {
    "idle": Pose(((0.235, -0.235), (0.215, -0.135)), ((-0.235, -0.235), (-0.215, -0.135)), 2.0),
    "wave": Pose(
        ((0.33, -0.36), (0.365, -0.545)), ((-0.235, -0.235), (-0.215, -0.135)), -5.0, 0.0, True
    ),
    "cheer": Pose(
        ((0.31, -0.43), (0.33, -0.63)), ((-0.31, -0.43), (-0.33, -0.63)), 3.0, 0.035, True
    ),
    "present": Pose(
        ((0.285, -0.30), (0.43, -0.335)), ((-0.225, -0.235), (-0.12, -0.225)), 4.0, 0.0, True
    ),
}
