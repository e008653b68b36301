"""A scene's picture small enough to be shown while its film is being made.

Pure: PNG in, JPEG out. Pillow is loaded when a picture is made small, not by who asks for sizes.
"""

from __future__ import annotations

from io import BytesIO

from reelstep.platform.errors import MediaUnreadable

VERSION = 1
"""Raise it when the same picture would now become another JPEG."""

LONGEST_SIDE = 640
_QUALITY = 82


def small_size(width: int, height: int) -> tuple[int, int]:
    """Pixels of the small picture: its longer side LONGEST_SIDE, never larger than it was."""
    scale = min(1.0, LONGEST_SIDE / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


def small_jpeg(png: bytes, size: tuple[int, int]) -> bytes:
    """The picture as baseline JPEG of this width and height. Raises MediaUnreadable."""
    from PIL import Image, UnidentifiedImageError

    out = BytesIO()
    try:
        with Image.open(BytesIO(png), formats=["PNG"]) as picture:
            # Whole pixels are averaged first: a tenth of the work, and nothing that can be seen.
            small = picture.convert("RGB").resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
    except (UnidentifiedImageError, OSError, SyntaxError) as error:
        raise MediaUnreadable("The picture of a scene cannot be read", detail=str(error)) from error
    small.save(out, "JPEG", quality=_QUALITY, optimize=True)
    return out.getvalue()
