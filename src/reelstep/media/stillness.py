"""Whether a film stands still: from a few tiny pictures a second.

Comparing frame with frame does not tell. Within a group of pictures an encoder skips what hardly
moves, so a slow camera over a soft sky looks frozen; at each key frame it draws even a still
picture a little anew, so a frozen one looks alive. In pictures of some 2,300 pixels the key
frames' corrections average out while a move does not. Measured with our three encoders at
720 lines, as mean difference of luma (0-255) within five seconds: a still picture of good contrast
0.09-0.20, the same zoomed by 2 % 1.4 and more; a nearly featureless one 0.01-0.06, the same zoomed
by 10 % 0.23 and more. Both grow with contrast, and so does the threshold. In doubt it moves: a good
film that is refused is worse than a dull one that is shown.
"""

from __future__ import annotations

import math
import sys
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from operator import sub

SAMPLES_PER_SECOND = 4
SAMPLE_PIXELS = 64 * 36
_NOISE_OF_CONTRAST = 0.02
_FULL_CONTRAST = 15.0
_NOISE_FLOOR = 0.015


@dataclass(frozen=True)
class Stretch:
    """Seconds of the film, [start, end)."""

    start: float
    end: float

    @property
    def seconds(self) -> float:
        return self.end - self.start


def sample_size(width: int, height: int) -> tuple[int, int]:
    """Width and height of a sample of a film of this size."""
    across = max(2, round(math.sqrt(SAMPLE_PIXELS * width / height)))
    return across, max(2, round(SAMPLE_PIXELS / across))


def still_stretches(samples: bytes, size: tuple[int, int], interval: float) -> tuple[Stretch, ...]:
    """Stretches of at least two samples that show one picture.

    `samples` are luma pictures of `size` in 16-bit little-endian, `interval` seconds apart.
    """
    found: list[Stretch] = []
    kept: array[int] | None = None
    limit, start, last = 0.0, 0, 0
    for number, picture in enumerate(_pictures(samples, size[0] * size[1])):
        last = number
        if kept is not None and _difference(kept, picture) <= limit:
            continue
        if number - start > 1:
            found.append(Stretch(start * interval, (number - 1) * interval))
        kept, limit, start = picture, _noise(picture), number
    if last > start:
        found.append(Stretch(start * interval, last * interval))
    return tuple(found)


def _pictures(samples: bytes, pixels: int) -> Iterator[array[int]]:
    for at in range(0, len(samples) - 2 * pixels + 1, 2 * pixels):
        picture = array("H", samples[at : at + 2 * pixels])
        if sys.byteorder == "big":
            picture.byteswap()
        yield picture


def _difference(one: array[int], other: array[int]) -> float:
    """Mean absolute difference, 0-255."""
    total: int = sum(map(abs, map(sub, one, other)))
    return total / len(one) / 257


def _noise(picture: array[int]) -> float:
    mean = sum(picture) / len(picture)
    # Every third pixel says enough of the contrast.
    part = list(islice(picture, 0, None, 3))
    contrast = math.sqrt(sum((value - mean) ** 2 for value in part) / len(part)) / 257
    return _NOISE_FLOOR + _NOISE_OF_CONTRAST * contrast * min(1.0, contrast / _FULL_CONTRAST)
