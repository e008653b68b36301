"""Avatars: what strangers send, and what is left of it."""

from __future__ import annotations

import contextlib
import struct
import zlib
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageCms, ImageFile, ImageOps

from reelstep.media.avatar import clean_avatar
from reelstep.platform.errors import MediaUnreadable, UnsupportedMedia

SIZE = (300, 200)


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def photo(size: tuple[int, int] = SIZE) -> Image.Image:
    """Noise over a gradient: like a photograph, it does not compress away."""
    rng = np.random.default_rng(7)
    ramp = np.linspace(40, 200, size[0])[None, :, None] + np.zeros((size[1], 1, 3))
    return Image.fromarray((ramp + rng.integers(0, 30, ramp.shape)).astype(np.uint8), "RGB")


def opened(data: bytes) -> Image.Image:
    made = Image.open(BytesIO(clean_avatar(data).png))
    made.load()
    assert made.format == "PNG"
    assert made.mode in {"RGB", "RGBA"}
    return made


def gps_exif(orientation: int = 1) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "CameraMaker"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (48.0, 51.0, 29.0)
    return exif


# -- formats ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_each_format_becomes_a_png_of_the_same_picture(kind: str) -> None:
    source = photo()
    made = opened(encoded(source, kind))
    assert made.size == SIZE
    assert made.mode == "RGB"
    difference = np.abs(np.asarray(made, int) - np.asarray(source, int))
    assert difference.mean() < 12


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_nothing_of_exif_or_gps_is_left(kind: str) -> None:
    data = encoded(photo(), kind, exif=gps_exif())
    assert b"CameraMaker" in data
    clean = clean_avatar(data)
    assert b"CameraMaker" not in clean.png
    assert not Image.open(BytesIO(clean.png)).getexif()
    assert set(chunks(clean.png)) == {b"IHDR", b"IDAT", b"IEND"}


def test_texts_profiles_and_what_follows_the_end_are_gone() -> None:
    from PIL.PngImagePlugin import PngInfo

    notes = PngInfo()
    notes.add_text("Comment", "taken at home")
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    data = encoded(photo(), "PNG", pnginfo=notes, icc_profile=profile, dpi=(300, 300))
    clean = clean_avatar(data + b"PK\x03\x04 a second file behind the first")
    assert set(chunks(clean.png)) == {b"IHDR", b"IDAT", b"IEND"}
    assert b"PK\x03\x04" not in clean.png


@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "PNG"])
def test_a_photo_taken_sideways_stands_upright(kind: str) -> None:
    lying = Image.new("RGB", (200, 100), (0, 0, 255))
    lying.paste((255, 0, 0), (0, 0, 100, 100))
    made = opened(encoded(lying, kind, exif=gps_exif(orientation=6)))
    assert made.size == (100, 200)
    assert reddish(made.getpixel((50, 40)))
    assert not reddish(made.getpixel((50, 160)))


@pytest.mark.parametrize("orientation", range(10))
def test_every_orientation_is_turned_as_viewers_do(orientation: int) -> None:
    source = photo((160, 80))
    exif = gps_exif(orientation)
    made = opened(encoded(source, "PNG", exif=exif))
    source.info["exif"] = exif.tobytes()
    expected = ImageOps.exif_transpose(source)
    assert np.array_equal(np.asarray(made), np.asarray(expected))


def reddish(pixel: Any) -> bool:
    return bool(pixel[0] > 150 > pixel[2])


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
def test_broken_exif_does_not_spoil_the_picture() -> None:
    data = encoded(photo(), "JPEG", exif=b"Exif\x00\x00MM\x00\x2a\xff\xff\xff\xff\x00")
    assert opened(data).size == SIZE


# -- colours ---------------------------------------------------------------------------------------


def test_a_cmyk_jpeg_keeps_its_colours() -> None:
    made = opened(encoded(Image.new("RGB", SIZE, (200, 60, 30)).convert("CMYK"), "JPEG"))
    assert made.mode == "RGB"
    assert np.allclose(np.asarray(made)[100, 100], (200, 60, 30), atol=12)


def test_a_palette_png_keeps_its_transparency() -> None:
    image = Image.new("P", SIZE, 0)
    image.putpalette([10, 20, 30, 200, 100, 50])
    image.paste(1, (100, 50, 200, 150))
    made = opened(encoded(image, "PNG", transparency=0))
    assert made.mode == "RGBA"
    assert made.getpixel((5, 5))[3] == 0  # type: ignore[index]
    assert made.getpixel((150, 100)) == (200, 100, 50, 255)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "RGB-with-colour-key", "L-with-grey-key"])
def test_every_kind_of_transparency_stays(mode: str) -> None:
    options: dict[str, Any] = {}
    if mode == "RGBA":
        image = Image.new("RGBA", SIZE, (9, 8, 7, 0))
    elif mode == "LA":
        image = Image.new("LA", SIZE, (9, 0))
    elif mode == "RGB-with-colour-key":
        image, options = Image.new("RGB", SIZE, (1, 2, 3)), {"transparency": (1, 2, 3)}
    else:
        image, options = Image.new("L", SIZE, 7), {"transparency": 7}
    image.paste("white", (100, 50, 200, 150))
    made = opened(encoded(image, "PNG", **options))
    assert made.mode == "RGBA"
    assert made.getpixel((5, 5))[3] == 0  # type: ignore[index]
    assert made.getpixel((150, 100)) == (255, 255, 255, 255)


def test_an_alpha_channel_that_hides_nothing_is_dropped() -> None:
    assert opened(encoded(photo().convert("RGBA"), "PNG")).mode == "RGB"


def test_sixteen_bit_grey_is_scaled_and_not_cut_off() -> None:
    grey = Image.fromarray(np.full((200, 300), 128 * 257, np.uint16))
    made = opened(encoded(grey, "PNG"))
    assert made.getpixel((150, 100)) == (128, 128, 128)


def test_sixteen_bit_colour_is_read() -> None:
    row = b"\x00" + struct.pack(">HHH", 200 * 257, 100 * 257, 50 * 257) * 100
    data = png(100, 100, depth=16, colour=2, body=row * 100)
    assert opened(data).getpixel((50, 50)) == (200, 100, 50)


@pytest.mark.parametrize("mode", ["1", "L"])
def test_black_and_white_is_fine(mode: str) -> None:
    assert opened(encoded(Image.new(mode, SIZE, 1), "PNG")).mode == "RGB"


def test_a_wide_gamut_profile_is_applied_before_it_goes() -> None:
    image = Image.new("RGB", SIZE, (200, 60, 30))
    swapped = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    # A profile for other colours than the picture's is ignored, not an error.
    assert opened(encoded(image, "PNG", icc_profile=swapped)).getpixel((9, 9)) == (200, 60, 30)
    assert opened(encoded(image, "PNG", icc_profile=b"junk")).getpixel((9, 9)) == (200, 60, 30)
    same = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    pixel = opened(encoded(image, "PNG", icc_profile=same)).getpixel((9, 9))
    assert np.allclose(pixel, (200, 60, 30), atol=2)


# -- frames and sizes ------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["WEBP", "PNG"])
def test_of_an_animation_the_first_frame_is_kept(kind: str) -> None:
    frames = [Image.new("RGB", SIZE, colour) for colour in ((255, 0, 0), (0, 0, 255))]
    data = encoded(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)
    clean = clean_avatar(data)
    made = Image.open(BytesIO(clean.png))
    assert getattr(made, "n_frames", 1) == 1
    assert reddish(made.convert("RGB").getpixel((20, 20)))


@pytest.mark.parametrize(
    ("before", "after"),
    [((2048, 1024), (1024, 512)), ((600, 2400), (256, 1024)), ((1024, 1024), (1024, 1024))],
)
def test_large_pictures_shrink_to_1024(before: tuple[int, int], after: tuple[int, int]) -> None:
    for kind in ("JPEG", "PNG"):
        assert opened(encoded(Image.new("RGB", before, "green"), kind)).size == after


def test_shrinking_leaves_no_fringe_of_what_is_hidden() -> None:
    image = Image.new("RGBA", (2048, 2048), (0, 255, 0, 0))
    image.paste((255, 0, 0, 255), (500, 500, 1501, 1501))
    pixels = np.asarray(opened(encoded(image, "PNG")))
    seen = pixels[pixels[..., 3] > 40]
    assert seen[:, 1].max() < 12, "green shines through at the edge"


def test_the_same_pixels_have_the_same_hash_in_any_wrapping() -> None:
    plain = clean_avatar(encoded(photo(), "PNG"))
    wrapped = clean_avatar(encoded(photo(), "PNG", exif=gps_exif(), compress_level=1))
    assert plain == wrapped
    assert len(plain.sha256) == 64


# -- refused ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GIF89a" + b"\x00" * 50,
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%PDF-1.7",
        b"RIFF\x00\x00\x00\x00WAVEfmt ",
        b"\x00\x00\x00\x20ftypheic",
        b"BM" + b"\x00" * 60,
        b"MZ\x90\x00",
    ],
    ids=["empty", "gif", "svg", "pdf", "wav", "heic", "bmp", "exe"],
)
def test_other_kinds_of_file_are_refused_with_advice(data: bytes) -> None:
    with pytest.raises(UnsupportedMedia, match="PNG, JPEG or WebP") as refused:
        clean_avatar(data)
    assert refused.value.status == 415
    assert refused.value.text("fr") != refused.value.message


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("share", [0.02, 0.3, 0.9])
def test_a_truncated_file_is_refused(kind: str, share: float) -> None:
    data = encoded(photo(), kind)
    with pytest.raises(MediaUnreadable, match="broken or incomplete"):
        clean_avatar(data[: max(16, int(len(data) * share))])


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_flipped_bytes_make_a_picture_or_an_error_of_ours(kind: str) -> None:
    data = encoded(photo((80, 80)), kind)
    rng = np.random.default_rng(3)
    for _ in range(150):
        broken = bytearray(data)
        for place in rng.integers(12, len(data), 6):
            broken[place] = int(rng.integers(0, 256))
        with contextlib.suppress(UnsupportedMedia, MediaUnreadable):
            clean_avatar(bytes(broken))


@pytest.mark.parametrize(
    ("width", "height"), [(50_000, 50_000), (5_001, 5_000), (2**31 - 1, 2**31 - 1)]
)
def test_a_bomb_is_refused_before_it_is_decoded(
    width: int, height: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = png(width, height, depth=8, colour=2, body=b"\x00" * 1000)
    monkeypatch.setattr(ImageFile.ImageFile, "load", _never)
    with pytest.raises(MediaUnreadable, match="25 million pixels"):
        clean_avatar(data)


def test_a_webp_bomb_is_refused_by_its_header() -> None:
    data = encoded(Image.new("RGB", (4001, 4000)), "WEBP")
    assert len(data) < 50_000
    with pytest.raises(MediaUnreadable, match="16 million pixels"):
        clean_avatar(data)


def _never(*_: Any) -> None:
    raise AssertionError("decoded")


def test_a_text_chunk_that_unpacks_to_gigabytes_is_refused_or_dropped() -> None:
    squeezed = zlib.compress(b"\x00" * 50_000_000)
    data = encoded(photo(), "PNG")
    bomb = data[:33] + chunk(b"zTXt", b"k\x00\x00" + squeezed) + data[33:]
    with contextlib.suppress(MediaUnreadable):
        assert b"zTXt" not in clean_avatar(bomb).png


def test_a_jpeg_of_a_thousand_scans_is_refused() -> None:
    data = encoded(photo(), "JPEG", progressive=True)
    assert clean_avatar(data)
    start = data.index(b"\xff\xda")
    end = data.index(b"\xff", start + 20)
    many = data[:start] + data[start:end] * 1000 + data[start:]
    with pytest.raises(MediaUnreadable):
        clean_avatar(many)


@pytest.mark.parametrize("size", [(1, 1), (63, 300), (300, 10), (64, 300), (2000, 400)])
def test_pictures_too_small_or_too_narrow_are_refused_with_their_size(
    size: tuple[int, int],
) -> None:
    with pytest.raises(MediaUnreadable, match=f"{size[0]}×{size[1]}"):
        clean_avatar(encoded(Image.new("RGB", size), "PNG"))


# -- PNGs by hand ----------------------------------------------------------------------------------


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width: int, height: int, *, depth: int, colour: int, body: bytes) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    parts = (
        chunk(b"IHDR", header),
        chunk(b"IDAT", zlib.compress(body)),
        chunk(b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def chunks(data: bytes) -> list[bytes]:
    found, at = [], 8
    while at < len(data):
        (length,) = struct.unpack_from(">I", data, at)
        found.append(data[at + 4 : at + 8])
        at += 12 + length
    return found
