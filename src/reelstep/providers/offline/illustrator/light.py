"""What lights a scene: the hour's colours and where its sun or moon stands."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from reelstep.providers.base import VisualStyle
from reelstep.providers.offline.illustrator.colour import RGB, hexa, mix, scale, turn
from reelstep.providers.offline.illustrator.noise import Array


@dataclass(frozen=True)
class Light:
    """`key` is the direct light, `ambient` the sky's; both multiply surface colours."""

    hour: str
    zenith: RGB
    middle: RGB
    horizon: RGB
    glow: RGB
    key: RGB
    ambient: RGB
    fog: RGB
    cloud_lit: RGB
    cloud_shade: RGB
    haze: float
    """How fast distance dissolves into `fog`, 0..1."""
    low: bool
    """The source is near the horizon: long shadows, rim light."""
    sun_x: float = 0.7
    sun_y: float = 0.25

    @property
    def dark(self) -> bool:
        return self.hour in ("night", "dusk", "storm")

    @property
    def moonlit(self) -> bool:
        return self.hour == "night"

    def direction(self, fx: float = 0.5) -> Array:
        """Unit vector towards the light from about `fx`: x right, y down, z to the viewer."""
        across = (self.sun_x - fx) * 1.5
        across = float(np.clip(across, -0.95, 0.95))
        if abs(across) < 0.3:
            across = 0.3 if across >= 0 else -0.3
        vector = np.array([across, -0.55 if self.low else -0.8, 0.55], np.float32)
        return np.asarray(vector / np.linalg.norm(vector), np.float32)


def _hour(
    hour: str,
    sky: str,
    glow: str,
    fog: str,
    cloud: str,
    key: RGB,
    ambient: RGB,
    haze: float,
    low: bool,
) -> Light:
    zenith, middle, horizon = (hexa(code) for code in sky.split())
    lit, shade = (hexa(code) for code in cloud.split())
    return Light(
        hour, zenith, middle, horizon, hexa(glow), key, ambient, hexa(fog), lit, shade, haze, low
    )


HOURS: dict[str, Light] = {
    light.hour: light
    for light in (
        _hour(
            "dawn",
            "4f79bd b9a5d3 ffd6b5",
            "fff0cc",
            "e6c6cc",
            "fff0e2 b39bc0",
            (1.12, 0.92, 0.78),
            (0.62, 0.60, 0.74),
            0.62,
            True,
        ),
        _hour(
            "day",
            "2a72c6 70b1e8 d4ecf6",
            "fff6de",
            "bddcf0",
            "ffffff a9bfd6",
            (1.14, 1.07, 0.94),
            (0.62, 0.70, 0.82),
            0.42,
            False,
        ),
        _hour(
            "golden",
            "3f7fc0 a9bfc8 ffdc98",
            "fff0bd",
            "f3d2a0",
            "fff1d2 c3a394",
            (1.28, 1.00, 0.66),
            (0.58, 0.55, 0.60),
            0.52,
            True,
        ),
        _hour(
            "sunset",
            "2a3a80 b5608c ffac58",
            "ffe3a0",
            "dd8d78",
            "ffc789 7a4f80",
            (1.32, 0.78, 0.48),
            (0.50, 0.43, 0.58),
            0.58,
            True,
        ),
        _hour(
            "dusk",
            "10193f 37427f c77a8c",
            "ffc5a0",
            "59578c",
            "b08aa8 343a6a",
            (0.66, 0.58, 0.78),
            (0.36, 0.38, 0.58),
            0.55,
            True,
        ),
        _hour(
            "night",
            "040920 0d1d48 2b4a7c",
            "e8f0ff",
            "243c66",
            "5f78a8 15224a",
            (0.62, 0.76, 1.04),
            (0.20, 0.26, 0.44),
            0.50,
            False,
        ),
        _hour(
            "overcast",
            "8496a8 adbac5 d6dde0",
            "f4f4f0",
            "c6cfd5",
            "e8ecee 98a5b0",
            (0.80, 0.82, 0.84),
            (0.68, 0.72, 0.76),
            0.66,
            False,
        ),
        _hour(
            "storm",
            "161d29 34414f 74828a",
            "d8e4ea",
            "56646e",
            "7a8894 1c242f",
            (0.62, 0.68, 0.76),
            (0.34, 0.39, 0.46),
            0.66,
            False,
        ),
    )
}

# What each style does to the hour's colours: hue turn, saturation, value of sky; haze factor.
_TREATMENT = {
    VisualStyle.REALISTIC: (0.0, 0.94, 1.0, 1.0),
    VisualStyle.ANIME: (0.004, 1.24, 1.05, 0.72),
    VisualStyle.ARTISTIC: (-0.008, 0.92, 1.05, 0.95),
    VisualStyle.CINEMATIC: (-0.012, 0.86, 0.86, 1.25),
}


def light_for(hour: str, style: VisualStyle, sun_x: float, sun_y: float) -> Light:
    """The hour as `style` sees it, with its source at fractions of the frame."""
    base = HOURS[hour]
    hue, saturation, value, haze = _TREATMENT[style]

    def sky(colour: RGB) -> RGB:
        return turn(colour, hue, saturation, value)

    return replace(
        base,
        zenith=sky(base.zenith),
        middle=sky(base.middle),
        horizon=sky(base.horizon),
        fog=sky(base.fog),
        cloud_shade=sky(base.cloud_shade),
        haze=min(1.0, base.haze * haze),
        sun_x=sun_x,
        sun_y=sun_y,
    )


def foreign_sky(light: Light, zenith: str, middle: str, horizon: str, fog: str) -> Light:
    """The same hour under another planet's air; night stays dark."""
    dim = 0.42 if light.dark else 1.0
    colours = [scale(hexa(code), dim) for code in (zenith, middle, horizon, fog)]
    return replace(
        light,
        zenith=mix(light.zenith, colours[0], 0.85),
        middle=mix(light.middle, colours[1], 0.85),
        horizon=mix(light.horizon, colours[2], 0.85),
        fog=mix(light.fog, colours[3], 0.85),
        cloud_lit=mix(light.cloud_lit, colours[2], 0.5),
        cloud_shade=mix(light.cloud_shade, colours[1], 0.5),
    )
