"""The last pass over a painted picture: bloom, grading, the style's own surface, grain."""

from __future__ import annotations

import cv2
import numpy as np

from reelstep.providers.base import VisualStyle
from reelstep.providers.offline.illustrator.brush import paint_over
from reelstep.providers.offline.illustrator.canvas import Canvas
from reelstep.providers.offline.illustrator.colour import RGB
from reelstep.providers.offline.illustrator.light import Light
from reelstep.providers.offline.illustrator.noise import Array, Rng, smoothstep


def bloom(canvas: Canvas, threshold: float, strength: float, streak: float = 0.0) -> None:
    """Light spills around what is bright; `streak` also smears it sideways, as anamorphic glass."""
    height, width = canvas.small(600)
    small = cv2.resize(canvas.picture, (width, height), interpolation=cv2.INTER_AREA)
    peak = small.max(axis=2, keepdims=True)
    bright = small * np.clip((peak - threshold) / (1.2 - threshold), 0, 1)
    spill = cv2.GaussianBlur(bright, (0, 0), width / 110) * 0.5
    spill += cv2.GaussianBlur(bright, (0, 0), width / 34) * 0.5
    if streak > 0:
        hot = small * np.clip((peak - 0.93) / 0.3, 0, 1)
        smear = cv2.blur(cv2.blur(hot, (width // 4, 1)), (width // 6, 1))
        spill += smear * streak * np.array([0.55, 0.8, 1.2], np.float32)
    spread = canvas.spread((spill * strength).astype(np.float32))
    room = np.maximum(1.1 - canvas.picture, np.float32(0.08))
    canvas.picture += cv2.multiply(spread, room)


def vignette(canvas: Canvas, strength: float) -> None:
    height, width = canvas.small(200)
    y = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    x = np.linspace(-1, 1, width, dtype=np.float32)[None, :]
    field = smoothstep(0.55, 1.55, np.hypot(x * 0.95, y * 0.9)) * strength
    canvas.darken(np.clip(canvas.spread(field), 0, 1), (0.05, 0.04, 0.10))


def _curve(picture: Array, contrast: float, saturation: float, lift: RGB, gain: RGB) -> Array:
    """An S around the middle, saturation, then shadows and lights tinted apart."""
    grey = cv2.transform(picture, np.array([[0.2126, 0.7152, 0.0722]], np.float32))
    out = cv2.addWeighted(picture, saturation, cv2.merge((grey, grey, grey)), 1 - saturation, 0)
    np.clip(out, 0, 1.6, out=out)
    out = out / (1 + np.maximum(out - 0.82, 0) * 0.62)  # a shoulder: highlights roll off
    if contrast:
        s = out * out * (3 - 2 * np.minimum(out, 1.0))
        out = cv2.addWeighted(out, 1 - contrast, s, contrast, 0)
    tone = np.clip(grey, 0, 1)
    for channel in range(3):
        plane = out[..., channel]
        plane *= 1 + (gain[channel] - 1) * tone
        plane += lift[channel] * (1 - tone) ** 2
    return np.asarray(out)


# Per style: contrast, saturation, tint of the shadows (added), of the lights (multiplied), grain.
_GRADES: dict[VisualStyle, tuple[float, float, RGB, RGB, float]] = {
    VisualStyle.REALISTIC: (0.36, 1.04, (0.004, 0.004, 0.012), (1.03, 1.0, 0.97), 0.0055),
    VisualStyle.ANIME: (0.22, 1.24, (0.010, 0.006, 0.030), (1.02, 1.01, 1.0), 0.006),
    VisualStyle.ARTISTIC: (0.18, 1.16, (0.020, 0.010, 0.012), (1.04, 1.0, 0.94), 0.008),
    VisualStyle.CINEMATIC: (0.55, 0.92, (-0.012, 0.014, 0.036), (1.09, 1.0, 0.88), 0.011),
}
_WARMTH = {"joyful": 0.012, "romantic": 0.018, "sad": -0.012, "mysterious": -0.010}


def tone_curve(picture: Array, style: VisualStyle, warm: float) -> Array:
    """The style's grading; `warm` shifts red against blue."""
    contrast, saturation, lift, gain, _ = _GRADES[style]
    gain = (gain[0] + warm, gain[1], gain[2] - warm)
    return _curve(picture, contrast, saturation, lift, gain)


def finish(canvas: Canvas, light: Light, style: VisualStyle, mood: str, rng: Rng) -> Array:
    """The picture as 8-bit RGB, dithered so that no gradient shows steps."""
    if style is VisualStyle.CINEMATIC:
        bloom(canvas, 0.62, 0.85, streak=0.55)
        vignette(canvas, 0.62)
    elif style is VisualStyle.ANIME:
        bloom(canvas, 0.74, 0.55)
        if not light.dark and light.sun_y < 0.6:
            flare(canvas, light, rng)
    elif style is VisualStyle.ARTISTIC:
        bloom(canvas, 0.78, 0.4)
    else:
        bloom(canvas, 0.70, 0.6)
        vignette(canvas, 0.34)
    canvas.picture = tone_curve(canvas.picture, style, _WARMTH.get(mood, 0.0))
    if style is VisualStyle.ARTISTIC:
        paint_over(canvas, rng)
        vignette(canvas, 0.18)
    return _quantise(canvas.picture, _GRADES[style][4], rng)


def flare(canvas: Canvas, light: Light, rng: Rng) -> None:
    """Ghosts of a lens on the line from the sun through the centre."""
    sx, sy = light.sun_x, light.sun_y
    for part, radius, colour, power in (
        (0.55, 0.05, (0.55, 0.8, 1.0), 0.16),
        (0.9, 0.028, (1.0, 0.75, 0.5), 0.22),
        (1.25, 0.085, (0.6, 1.0, 0.75), 0.10),
        (1.6, 0.04, (1.0, 0.6, 0.85), 0.16),
    ):
        fx, fy = sx + (0.5 - sx) * part * 1.2, sy + (0.5 - sy) * part * 1.2
        canvas.glow(fx, fy, radius * 1.25, colour, power, 0.6)
        canvas.glow(fx, fy, radius * 0.5, colour, power * 0.6, 1.0)


def _quantise(picture: Array, grain: float, rng: Rng) -> Array:
    """To 8 bits with luminance grain and a triangular dither of one level."""
    height, width = picture.shape[:2]
    tile = 512
    coarse: Array = rng.normal(0, 1, (tile, tile)).astype(np.float32)
    coarse = cv2.GaussianBlur(coarse, (0, 0), 0.8)
    coarse = coarse / float(coarse.std())
    dither = (rng.random((tile, tile), np.float32) - rng.random((tile, tile), np.float32)) * 0.9
    noise = coarse * grain * 255 + dither
    reps = (height // tile + 1, width // tile + 1)
    full = np.tile(noise, reps)[:height, :width]
    shift = int(rng.integers(tile))
    full = np.roll(full, shift, axis=1) if height > tile else full
    scaled = picture * np.float32(255)
    scaled += cv2.merge((full, full, full))
    return np.asarray(cv2.convertScaleAbs(np.clip(scaled, 0, 255)))
