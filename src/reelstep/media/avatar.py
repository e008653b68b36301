"""An avatar as somebody uploaded it becomes a PNG that holds its pixels and nothing else.

The bytes are a stranger's: what they are is read from them and not from their name, sizes are
checked before anything is decoded, and only the decoder of that one format is let near them.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from io import BytesIO

import numpy as np
from PIL import Image, ImageCms

from reelstep.platform.errors import MediaUnreadable, UnsupportedMedia

MOST_PIXELS = {"PNG": 25_000_000, "JPEG": 25_000_000, "WEBP": 16_000_000}
"""So that decoding stays under 300 MB of memory, measured: libwebp holds a picture three times."""

LONGEST_SIDE, SHORTEST_SIDE = 1024, 64
WIDEST_ASPECT = 4
_MOST_SCANS = 100
"""A progressive JPEG has about ten; each one more is another pass over the whole picture."""

_MOST_PROFILE_BYTES = 1024 * 1024
_READY = ("RGB", "RGBA", "CMYK")

# Exif 2.3, 4.6.4: how a viewer has to turn the picture.
_ORIENTATION = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True)
class Avatar:
    """A PNG of 8-bit RGB, or RGBA where something is transparent. `sha256` is of its bytes."""

    png: bytes
    sha256: str
    width: int
    height: int


def format_of(data: bytes) -> str | None:
    """PNG, JPEG or WEBP by the first bytes; None for anything else."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    return None


def clean_avatar(data: bytes) -> Avatar:
    """Decode and write anew: upright, sRGB, first frame, at most LONGEST_SIDE, no metadata.

    Raises UnsupportedMedia for another format, MediaUnreadable for a broken, oversized or
    misshapen picture; their texts are for the person who sent it.
    """
    kind = format_of(data)
    if kind is None:
        raise UnsupportedMedia(
            "is not a PNG, JPEG or WebP image; save it as one of these and upload it again",
            french="n'est pas une image PNG, JPEG ou WebP ; enregistrez-la ainsi et renvoyez-la",
        )
    if kind == "JPEG" and data.count(b"\xff\xda") > _MOST_SCANS:
        raise _broken("too many scans")
    try:
        with Image.open(BytesIO(data), formats=[kind]) as image:
            _check_size(*image.size, MOST_PIXELS[kind])
            # A JPEG can be decoded at a fraction of its size, which takes that much less memory.
            image.draft("RGB", (2 * LONGEST_SIDE, 2 * LONGEST_SIDE))
            image.load()
            pixels = _pixels(image)
    except (MediaUnreadable, MemoryError):
        raise
    except Image.DecompressionBombError as error:
        raise _too_many_pixels(MOST_PIXELS[kind]) from error
    # Decoders answer broken files with whatever they stumble over.
    except Exception as error:
        raise _broken(f"{type(error).__name__}: {error}") from error
    out = BytesIO()
    pixels.save(out, "PNG", optimize=True)
    png = out.getvalue()
    width, height = pixels.size
    return Avatar(png, hashlib.sha256(png).hexdigest(), width, height)


def _pixels(image: Image.Image) -> Image.Image:
    """RGB or RGBA pixels, and no `info` that could be written again.

    Made small first: all that follows then costs next to nothing.
    """
    small = _eight_bit(image)
    if small.mode not in _READY or "transparency" in small.info:
        small = small.convert("RGBA" if _has_alpha(small) else "RGB")
    # Resizing weighs colour by alpha, so that what lies behind it does not bleed into the edge.
    small.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    profile = image.info.get("icc_profile")
    plain = (_in_srgb(small, profile) if profile else None) or small
    if plain.mode == "CMYK":
        plain = plain.convert("RGB")
    plain = _upright(plain, image)
    if plain.mode == "RGBA" and np.asarray(plain)[..., 3].min() == 255:
        plain = plain.convert("RGB")
    plain.info = {}
    return plain


def _upright(pixels: Image.Image, source: Image.Image) -> Image.Image:
    """As the source's EXIF says that it was held. A picture with broken EXIF is still one."""
    try:
        turn = _TURNS.get(source.getexif().get(_ORIENTATION, 1))
    except Exception:
        return pixels
    return pixels if turn is None else pixels.transpose(turn)


def _in_srgb(image: Image.Image, profile: bytes) -> Image.Image | None:
    """Colours as the profile means them; None where it is of no use, as many are."""
    if len(profile) > _MOST_PROFILE_BYTES:
        return None
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    try:
        return ImageCms.profileToProfile(
            image,
            ImageCms.ImageCmsProfile(BytesIO(profile)),
            ImageCms.createProfile("sRGB"),
            outputMode=mode,
        )
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return None


def _eight_bit(image: Image.Image) -> Image.Image:
    """16-bit grey as 8-bit grey: `convert` alone would cut everything above 255 off."""
    if image.mode.startswith("I"):
        return image.convert("I").point(lambda value: value * (1 / 257) + 0.5).convert("L")
    return image


def _has_alpha(image: Image.Image) -> bool:
    return image.mode in {"RGBA", "LA", "PA", "RGBa", "La"} or "transparency" in image.info


def _check_size(width: int, height: int, most: int) -> None:
    if width * height > most:
        raise _too_many_pixels(most)
    if min(width, height) < SHORTEST_SIDE:
        raise MediaUnreadable(
            f"is {width}×{height} pixels; it needs at least {SHORTEST_SIDE} on each side",
            french=f"mesure {width}×{height} pixels ; il en faut au moins {SHORTEST_SIDE} par côté",
        )
    if max(width, height) > WIDEST_ASPECT * min(width, height):
        raise MediaUnreadable(
            f"is {width}×{height} pixels; no side may be over {WIDEST_ASPECT} times the other",
            french=f"mesure {width}×{height} pixels ; un côté ne peut dépasser "
            f"{WIDEST_ASPECT} fois l'autre",
        )


def _too_many_pixels(most: int) -> MediaUnreadable:
    millions = most // 1_000_000
    return MediaUnreadable(
        f"has more than {millions} million pixels; make it smaller and upload it again",
        french=f"compte plus de {millions} millions de pixels ; réduisez-la et renvoyez-la",
    )


def _broken(detail: str) -> MediaUnreadable:
    return MediaUnreadable(
        "is broken or incomplete; open it, save it again and upload that",
        french="est abîmée ou incomplète ; ouvrez-la, enregistrez-la à nouveau et renvoyez-la",
        detail=detail,
    )
