"""Colours as three floats in display-referred RGB, 0..1 (light may go above 1 until finishing)."""

from __future__ import annotations

import colorsys

RGB = tuple[float, float, float]


def hexa(code: str) -> RGB:
    """`"#rrggbb"` or `"rrggbb"`."""
    code = code.lstrip("#")
    return (int(code[0:2], 16) / 255, int(code[2:4], 16) / 255, int(code[4:6], 16) / 255)


def mix(a: RGB, b: RGB, part: float) -> RGB:
    """`a` at 0, `b` at 1."""
    return (
        a[0] + (b[0] - a[0]) * part,
        a[1] + (b[1] - a[1]) * part,
        a[2] + (b[2] - a[2]) * part,
    )


def scale(a: RGB, factor: float) -> RGB:
    return (a[0] * factor, a[1] * factor, a[2] * factor)


def times(a: RGB, b: RGB) -> RGB:
    return (a[0] * b[0], a[1] * b[1], a[2] * b[2])


def luma(a: RGB) -> float:
    return 0.2126 * a[0] + 0.7152 * a[1] + 0.0722 * a[2]


def hsv(hue: float, saturation: float, value: float) -> RGB:
    """`hue` in turns (0..1, any real number is wrapped)."""
    return colorsys.hsv_to_rgb(hue % 1.0, max(0.0, min(1.0, saturation)), max(0.0, value))


def turn(a: RGB, hue: float = 0.0, saturation: float = 1.0, value: float = 1.0) -> RGB:
    """`a` with its hue shifted (turns) and its saturation and value multiplied."""
    h, s, v = colorsys.rgb_to_hsv(min(a[0], 1.0), min(a[1], 1.0), min(a[2], 1.0))
    return hsv(h + hue, s * saturation, min(1.0, v * value))


PARTY: tuple[RGB, ...] = tuple(
    hexa(code) for code in ("f0473c", "f7a531", "f9d648", "47b96b", "3c9be8", "8d5be0", "ef6fae")
)
"""Cheerful colours that sit well together: balloons, bunting, gifts, confetti."""

NAMED: dict[str, RGB] = {
    "red": hexa("e23b36"),
    "orange": hexa("f28c2c"),
    "yellow": hexa("f6cf3f"),
    "green": hexa("45ab5b"),
    "blue": hexa("3583dd"),
    "purple": hexa("8755d8"),
    "pink": hexa("ee77ae"),
    "white": hexa("f4f1ea"),
    "black": hexa("2b2a30"),
    "golden": hexa("edb93a"),
    "silver": hexa("bcc4cf"),
    "brown": hexa("8a5a36"),
    "turquoise": hexa("35bdb8"),
    "grey": hexa("8c929c"),
}
"""Colour words of the lexicon: they tint the named element."""
