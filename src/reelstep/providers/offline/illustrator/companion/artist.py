"""The companion artist: look, pose, mood and light brought together."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from reelstep.platform.errors import ProviderRejected
from reelstep.providers.base import CompanionRequest, Side, VisualStyle
from reelstep.providers.offline.illustrator.colour import mix
from reelstep.providers.offline.illustrator.companion import crown, hair
from reelstep.providers.offline.illustrator.companion.body import arm, legs, scarf, tail, torso
from reelstep.providers.offline.illustrator.companion.head import EXPRESSIONS, Expression, Head
from reelstep.providers.offline.illustrator.companion.look import look_of
from reelstep.providers.offline.illustrator.companion.pose import POSES
from reelstep.providers.offline.illustrator.finish import tone_curve
from reelstep.providers.offline.illustrator.light import Light, light_for
from reelstep.providers.offline.illustrator.noise import Array, fbm, stream
from reelstep.providers.offline.illustrator.painter import INKS, encode
from reelstep.providers.offline.illustrator.paths import ellipse
from reelstep.providers.offline.illustrator.plan import hour_of
from reelstep.providers.offline.illustrator.reading import of_kind
from reelstep.providers.offline.illustrator.sketch import Sketch, polygon_mask

_EXTENT = (-0.58, -1.12, 0.58, 0.035)
_SMALLEST, _LARGEST = 32, 6000


def _readable(light: Light) -> Light:
    """The same light with the shadows opened: a face must be read in any scene."""
    if light.dark:
        ambient = mix(light.ambient, (0.62, 0.66, 0.84), 0.50)
        return replace(light, ambient=ambient, key=mix(light.key, (0.9, 0.92, 1.0), 0.30))
    return replace(light, ambient=mix(light.ambient, (0.72, 0.70, 0.72), 0.35))


class OfflineCompanionArtist:
    """Draws the character of a companion id: same id, same character, in any pose and light."""

    name = "offline"
    version = "1"

    def draw_companion(self, request: CompanionRequest) -> bytes:
        """RGBA PNG of `height` pixels, feet just above the lower edge, contact shadow included.

        An unknown pose is drawn as idle. Raises ProviderRejected for a height outside 32..6000.
        """
        if not _SMALLEST <= request.height <= _LARGEST:
            raise ProviderRejected(
                f"height must be {_SMALLEST} to {_LARGEST} pixels", field="height"
            )
        figure = paint_companion(request)
        # Drawn looking and pointing to the right; the other way is its mirror image.
        return encode(figure[:, ::-1].copy() if request.facing is Side.LEFT else figure)


def paint_companion(request: CompanionRequest) -> Array:
    """The character as (height, width, 4) uint8 RGBA, not premultiplied."""
    look = look_of(request.companion_id)
    pose = POSES.get(request.pose, POSES["idle"])
    mood = (of_kind("mood", request.mood) or ("calm",))[0]
    expression: Expression = EXPRESSIONS[mood]
    if request.pose == "cheer" and mood != "sad":
        expression = replace(expression, open_mouth=max(0.8, expression.open_mouth), lift=0.014)
    light = _readable(light_for(hour_of(request.lighting), request.visual_style, 0.82, 0.2))
    scale = request.height / (_EXTENT[3] - _EXTENT[1])
    s = Sketch(_EXTENT, scale, light, INKS[request.visual_style])
    tail(s, look)
    head = Head(s, look, pose.tilt)
    if look.species == "sprite":
        crown.behind(head)
    raised = (pose.right[1][1] < -0.4, pose.left[1][1] < -0.4)
    legs(s, look)
    for side, up in zip((-1, 1), raised, strict=True):
        if up:
            arm(s, look, pose, side)
    torso(s, look)
    if look.accessory == "scarf":
        scarf(s, look)
    if look.species != "sprite":
        crown.behind(head)
    head.skull()
    head.face(expression)
    hair.fringe(head)
    crown.worn(head)
    for side, up in zip((-1, 1), raised, strict=True):
        if not up:
            arm(s, look, pose, side)
    mottle = fbm(stream("companion-skin", request.companion_id), (256, 256), 26, 3) - 0.5
    figure = s.sprite(mottle).rgba[: request.height]
    if pose.hop:
        shift = np.array([[1, 0, 0], [0, 1, -pose.hop * scale]], np.float32)
        figure = cv2.warpAffine(figure, shift, (figure.shape[1], figure.shape[0]))
    if figure.shape[0] < request.height:
        pad = request.height - figure.shape[0]
        figure = cv2.copyMakeBorder(figure, pad, 0, 0, 0, cv2.BORDER_CONSTANT)
    return _quantise(_grounded(figure, s, pose.hop), request.visual_style, light)


def _grounded(figure: Array, s: Sketch, hop: float) -> Array:
    """The figure over its own contact shadow."""
    height, width = figure.shape[:2]
    lean = -float(s.towards[0]) * 0.05
    wide = 0.25 * (1 - hop * 4)
    points = s.pixels(ellipse(lean, -0.002, wide, 0.026))
    shade: Array = polygon_mask((height, width), points).astype(np.float32) / 255
    shade = cv2.GaussianBlur(shade, (0, 0), max(1.0, 0.013 * s.scale))
    core = polygon_mask((height, width), s.pixels(ellipse(0, 0.002, 0.16, 0.012)))
    shade = shade + 0.5 * cv2.GaussianBlur(
        core.astype(np.float32) / 255, (0, 0), max(0.8, 0.006 * s.scale)
    )
    alpha = np.clip(shade, 0, 1) * (0.50 - 3 * hop)
    keep = 1 - figure[..., 3]
    out = figure.copy()
    out[..., 3] += alpha * keep
    out[..., :3] += (alpha * keep)[..., None] * np.array((0.03, 0.035, 0.08), np.float32)
    return out


def _quantise(rgba: Array, style: VisualStyle, light: Light) -> Array:
    """Graded like the pictures of its style, to 8 bits with straight alpha."""
    alpha = np.clip(rgba[..., 3:4], 0, 1)
    colour = np.ascontiguousarray(rgba[..., :3] / np.maximum(alpha, 1e-4), dtype=np.float32)
    colour = tone_curve(np.clip(colour, 0, 1.6), style, 0.0)
    out = np.dstack([colour, alpha]) * 255
    return np.asarray(np.clip(out + 0.5, 0, 255), np.uint8)
