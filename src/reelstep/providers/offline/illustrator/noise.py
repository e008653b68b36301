"""Seeded randomness and fractal noise.

Everything random in a picture comes from a `Generator` made here from the request's own values, so
that a picture is a function of its request. Noise is value noise: small random grids enlarged with
a cubic kernel and summed, which costs one `cv2.resize` per octave at any size.
"""

from __future__ import annotations

import hashlib
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Rng = np.random.Generator


def stream(*parts: object) -> Rng:
    """A generator that depends on `parts` only (their `repr`), on every machine and run."""
    digest = hashlib.blake2b(repr(parts).encode(), digest_size=16).digest()
    return np.random.Generator(np.random.PCG64(int.from_bytes(digest, "big")))


def fork(rng: Rng) -> Rng:
    """A generator of its own, so that how much one thing draws does not move the next."""
    return np.random.Generator(np.random.PCG64(int(rng.integers(1 << 62))))


def _octave(rng: Rng, height: int, width: int, rows: float, columns: float) -> Array:
    """Value noise in 0..1 with about `rows` by `columns` bumps over the whole field."""
    rng = fork(rng)  # the grid is the same at any resolution
    grid_h, grid_w = max(2, int(np.ceil(rows)) + 3), max(2, int(np.ceil(columns)) + 3)
    grid = rng.random((grid_h, grid_w), dtype=np.float32)
    # An affine sampling keeps bumps square: resize would stretch the rounded-up grid.
    step_x, step_y = columns / max(width, 1), rows / max(height, 1)
    if step_x >= 1 or step_y >= 1:  # finer than the pixels: plain white noise is what remains
        return rng.random((height, width), dtype=np.float32)
    matrix = np.array([[step_x, 0, 1.0], [0, step_y, 1.0]], dtype=np.float32)
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    return cv2.warpAffine(grid, matrix, (width, height), flags=flags, borderMode=cv2.BORDER_REFLECT)


def fbm(
    rng: Rng,
    shape: tuple[int, int],
    cells: float,
    octaves: int = 5,
    gain: float = 0.5,
    stretch: float = 1.0,
) -> Array:
    """Fractal noise, float32 of `shape`, mean 0.5 and mostly within 0..1.

    `cells` is the number of large bumps over the height; `stretch` > 1 makes them that much
    wider than tall.
    """
    height, width = shape
    total = np.zeros(shape, np.float32)
    amplitude, weight = 1.0, 0.0
    for index in range(octaves):
        rows = cells * 2.0**index
        columns = rows * width / height / stretch
        total += amplitude * _octave(rng, height, width, rows, columns)
        weight += amplitude
        amplitude *= gain
    total /= weight
    # Summing averages out contrast; give it back.
    return np.asarray(0.5 + (total - 0.5) * 1.6, dtype=np.float32)


def ridged(
    rng: Rng, shape: tuple[int, int], cells: float, octaves: int = 6, gain: float = 0.5
) -> Array:
    """Noise with sharp crests, as of mountains; float32 in about 0..1."""
    height, width = shape
    total = np.zeros(shape, np.float32)
    amplitude, weight = 1.0, 0.0
    carry: Array | float = 1.0
    for index in range(octaves):
        rows = cells * 2.0**index
        layer = _octave(rng, height, width, rows, rows * width / height)
        layer = 1.0 - np.abs(layer * 2.0 - 1.0)
        layer = layer * layer * carry
        carry = np.clip(layer * 1.6, 0.0, 1.0)  # detail grows on crests and leaves valleys calm
        total += amplitude * layer
        weight += amplitude
        amplitude *= gain
    return np.asarray(total / weight * 1.7, dtype=np.float32)


def line(rng: Rng, count: int, bumps: float, octaves: int = 6, gain: float = 0.5) -> Array:
    """One-dimensional fractal noise of `count` samples, mean 0.5."""
    total = np.zeros(count, np.float32)
    amplitude, weight = 1.0, 0.0
    at = np.linspace(0.0, 1.0, count, dtype=np.float32)
    for index in range(octaves):
        cells = bumps * 2.0**index
        size = int(np.ceil(cells)) + 4
        grid = rng.random(size).astype(np.float32)
        where = at * cells + 1.0
        left = np.floor(where).astype(np.int32)
        part = where - left
        part = part * part * (3.0 - 2.0 * part)
        total += amplitude * (grid[left] * (1 - part) + grid[left + 1] * part)
        weight += amplitude
        amplitude *= gain
    return np.asarray(0.5 + (total / weight - 0.5) * 1.5, dtype=np.float32)


def smoothstep(low: float, high: float, value: Array) -> Array:
    """0 below `low`, 1 above `high`, an S between."""
    part = np.clip((value - low) / (high - low), 0.0, 1.0)
    return np.asarray(part * part * (3.0 - 2.0 * part), dtype=np.float32)
