"""Outlines: arrays of points (n, 2), in whatever unit the caller draws in; y grows downwards."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from reelstep.providers.offline.illustrator.noise import Array

Points = Sequence[tuple[float, float]] | Array


def array(points: Points) -> Array:
    return np.asarray(points, dtype=np.float32).reshape(-1, 2)


def smooth(points: Points, closed: bool = True, steps: int = 10) -> Array:
    """A Catmull-Rom curve through all points."""
    p = array(points)
    if closed:
        p0, p1, p2, p3 = np.roll(p, 1, 0), p, np.roll(p, -1, 0), np.roll(p, -2, 0)
    else:
        padded = np.vstack([p[:1] * 2 - p[1:2], p, p[-1:] * 2 - p[-2:-1]])
        p0, p1, p2, p3 = padded[:-3], padded[1:-2], padded[2:-1], padded[3:]
    t = np.linspace(0, 1, steps, endpoint=False, dtype=np.float32)[None, :, None]
    a, b, c, d = (q[:, None, :] for q in (p0, p1, p2, p3))
    curve = 0.5 * (
        2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3
    )
    flat = curve.reshape(-1, 2)
    return flat if closed else np.vstack([flat, p[-1:]])


def ellipse(x: float, y: float, rx: float, ry: float, angle: float = 0.0, n: int = 64) -> Array:
    """`angle` in degrees, clockwise on screen."""
    t = np.linspace(0, 2 * np.pi, n, endpoint=False)
    points = np.stack([np.cos(t) * rx, np.sin(t) * ry], 1)
    return moved(points, x, y, angle)


def arc(x: float, y: float, rx: float, ry: float, start: float, stop: float, n: int = 32) -> Array:
    """An open arc from `start` to `stop` degrees (0 to the right, 90 down)."""
    t = np.radians(np.linspace(start, stop, n))
    return array(np.stack([x + np.cos(t) * rx, y + np.sin(t) * ry], 1))


def box(x0: float, y0: float, x1: float, y1: float, corner: float = 0.0) -> Array:
    """A rectangle, with round corners if `corner` > 0."""
    if corner <= 0:
        return array([(x0, y0), (x1, y0), (x1, y1), (x0, y1)])
    c = min(corner, abs(x1 - x0) / 2, abs(y1 - y0) / 2)
    return np.vstack(
        [
            arc(x1 - c, y0 + c, c, c, -90, 0, 8),
            arc(x1 - c, y1 - c, c, c, 0, 90, 8),
            arc(x0 + c, y1 - c, c, c, 90, 180, 8),
            arc(x0 + c, y0 + c, c, c, 180, 270, 8),
        ]
    )


def tube(points: Points, radii: Sequence[float], steps: int = 8, curve: bool = True) -> Array:
    """The outline of a limb: a curve through `points`, `radii` thick there (half widths)."""
    p = smooth(points, closed=False, steps=steps) if curve else array(points)
    along = np.linspace(0, 1, len(p))
    r = np.interp(along, np.linspace(0, 1, len(radii)), radii).astype(np.float32)[:, None]
    tangent = np.gradient(p, axis=0)
    tangent /= np.maximum(np.linalg.norm(tangent, axis=1, keepdims=True), 1e-6)
    normal = np.stack([-tangent[:, 1], tangent[:, 0]], 1)
    end = float(np.degrees(np.arctan2(tangent[-1, 1], tangent[-1, 0])))
    begin = float(np.degrees(np.arctan2(tangent[0, 1], tangent[0, 0])))
    r0, r1 = float(r[0, 0]), float(r[-1, 0])
    cap_end = arc(p[-1, 0], p[-1, 1], r1, r1, end + 90, end - 90, 8)
    cap_begin = arc(p[0, 0], p[0, 1], r0, r0, begin - 90, begin - 270, 8)
    return np.vstack([p + normal * r, cap_end, (p - normal * r)[::-1], cap_begin])


def star(x: float, y: float, outer: float, inner: float, spikes: int = 5) -> Array:
    t = np.linspace(-np.pi / 2, 1.5 * np.pi, spikes * 2, endpoint=False)
    r = np.where(np.arange(spikes * 2) % 2 == 0, outer, inner)
    return array(np.stack([x + np.cos(t) * r, y + np.sin(t) * r], 1))


def heart(x: float, y: float, size: float) -> Array:
    t = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    px = 16 * np.sin(t) ** 3
    py = -(13 * np.cos(t) - 5 * np.cos(2 * t) - 2 * np.cos(3 * t) - np.cos(4 * t))
    return array(np.stack([x + px / 17 * size, y + py / 17 * size], 1))


def moved(
    points: Points,
    x: float = 0.0,
    y: float = 0.0,
    angle: float = 0.0,
    scale: float = 1.0,
    flip: bool = False,
) -> Array:
    """Points mirrored left-right, scaled, turned by `angle` degrees clockwise, then shifted."""
    p = array(points) * np.float32(scale)
    if flip:
        p = p * np.array([-1, 1], np.float32)
    if angle:
        c, s = np.cos(np.radians(angle)), np.sin(np.radians(angle))
        p = p @ np.array([[c, s], [-s, c]], np.float32)
    return array(p + np.array([x, y], np.float32))


def shrunk(points: Points, scale: float) -> Array:
    """Points drawn towards their middle."""
    p = array(points)
    middle = p.mean(axis=0)
    return array((p - middle) * np.float32(scale) + middle)
