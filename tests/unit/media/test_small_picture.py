"""Pictures made small for people who wait."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from reelstep.media.small_picture import LONGEST_SIDE, small_jpeg, small_size
from reelstep.platform.errors import MediaUnreadable


def png(width: int, height: int) -> bytes:
    """Red above, blue below."""
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[: height // 2, :, 0] = pixels[height // 2 :, :, 2] = 220
    out = BytesIO()
    Image.fromarray(pixels).save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize(
    ("size", "small"),
    [
        ((2400, 1350), (640, 360)),
        ((1350, 2400), (360, 640)),
        ((1350, 1350), (640, 640)),
        ((4800, 2700), (640, 360)),
        ((320, 180), (320, 180)),
        ((9000, 3), (640, 1)),
    ],
)
def test_the_longer_side_is_at_most_640(size: tuple[int, int], small: tuple[int, int]) -> None:
    assert small_size(*size) == small
    assert max(small) <= LONGEST_SIDE


def test_it_is_a_jpeg_of_that_size_with_the_pictures_colours() -> None:
    data = small_jpeg(png(1600, 900), (640, 360))
    with Image.open(BytesIO(data)) as image:
        assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (640, 360))
        pixels = np.asarray(image)
    assert pixels[20, 320] == pytest.approx((220, 0, 0), abs=12)
    assert pixels[340, 320] == pytest.approx((0, 0, 220), abs=12)
    assert len(data) < 40_000
    assert data == small_jpeg(png(1600, 900), (640, 360)), "the same bytes every time"


@pytest.mark.parametrize("broken", [b"", b"GIF89a", png(64, 36)[:60]])
def test_what_is_no_picture_has_a_name(broken: bytes) -> None:
    with pytest.raises(MediaUnreadable):
        small_jpeg(broken, (640, 360))
