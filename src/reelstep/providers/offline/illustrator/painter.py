"""Paints a scene plan: far parts on a smaller canvas, subjects at full size, then the finish."""

from __future__ import annotations

import cv2
import numpy as np

from reelstep.providers.base import PictureRequest, VisualStyle
from reelstep.providers.offline.illustrator import arrange, clouds, effects, finish
from reelstep.providers.offline.illustrator.canvas import Canvas
from reelstep.providers.offline.illustrator.light import light_for
from reelstep.providers.offline.illustrator.noise import Array
from reelstep.providers.offline.illustrator.plan import plan_scene
from reelstep.providers.offline.illustrator.scene import Scene
from reelstep.providers.offline.illustrator.settings import FRONTS, SETTINGS
from reelstep.providers.offline.illustrator.sketch import Ink

_FAR_PIXELS = 1920 * 1080
_FAR_PART = 0.36
"""Above `_FAR_PIXELS` the far parts get this part of the pixels and are enlarged: they are hazy."""

INKS: dict[VisualStyle, Ink] = {
    VisualStyle.REALISTIC: Ink(rim=0.55, contrast=1.0, mottle=0.022),
    VisualStyle.ANIME: Ink(cel=0.92, outline=5.5, rim=0.7, contrast=1.05, mottle=0.0),
    VisualStyle.ARTISTIC: Ink(rim=0.45, contrast=0.95, mottle=0.05),
    VisualStyle.CINEMATIC: Ink(rim=1.0, contrast=1.14, mottle=0.025),
}


def paint(request: PictureRequest) -> Array:
    """The picture as (height, width, 3) uint8 RGB."""
    plan = plan_scene(request)
    width, height = request.width, request.height
    pixels = width * height
    part = min(1.0, (max(_FAR_PIXELS, _FAR_PART * pixels) / pixels) ** 0.5)
    canvas = Canvas(max(16, round(width * part)), max(16, round(height * part)))
    light = light_for(plan.hour, plan.style, plan.sun_x, plan.sun_y)
    scene = Scene(canvas, light, INKS[plan.style], plan)
    floor = SETTINGS[plan.setting](scene)
    scene.shore = floor.shore
    arrange.sky_elements(scene, floor)
    if plan.style is VisualStyle.CINEMATIC and not floor.indoors:
        clouds.mist(canvas, scene.light, scene.rng("cine"), floor.horizon, 0.10, 0.30)
    if plan.camera == "close" and not floor.indoors:
        canvas.picture = cv2.GaussianBlur(canvas.picture, (0, 0), 0.0042 * canvas.unit)
    canvas.grow(width, height)
    arrange.far_elements(scene, floor)
    arrange.near_elements(scene, floor)
    front = FRONTS.get(plan.setting)
    if front is not None and not floor.indoors:
        front(scene, floor)
    _air(scene, floor.indoors)
    for fx, fy, radius, colour, strength in scene.lights:
        canvas.glow(fx, fy, radius, colour, strength)
    return finish.finish(canvas, scene.light, plan.style, plan.mood, scene.rng("finish"))


def _air(scene: Scene, indoors: bool) -> None:
    plan = scene.plan
    if plan.has("bunting"):
        effects.bunting(scene)
    if plan.has("confetti"):
        effects.confetti(scene)
    if indoors or plan.setting in ("space", "underwater", "moonscape"):
        return
    if plan.weather & {"rain", "storm"} and plan.setting != "mars":
        effects.rain(scene, 1.0 if "storm" in plan.weather else 0.75)
    elif "snowfall" in plan.weather:
        effects.snowfall(scene)
    elif "fog" in plan.weather:
        clouds.mist(scene.canvas, scene.light, scene.rng("fog"), 0.62, 0.30, 0.62)
    elif plan.mood == "mysterious" and scene.light.dark:
        effects.fireflies(scene)
    elif scene.light.low or plan.mood == "romantic":
        effects.dust(scene)
    if "windy" in plan.weather:
        effects.wisps(scene)


def encode(rgb: Array) -> bytes:
    """PNG, compressed lightly: it is read once, by the renderer."""
    swapped = cv2.cvtColor(rgb, cv2.COLOR_RGBA2BGRA if rgb.shape[2] == 4 else cv2.COLOR_RGB2BGR)
    done, data = cv2.imencode(".png", swapped, [cv2.IMWRITE_PNG_COMPRESSION, 1])
    if not done:
        raise ValueError("the picture could not be encoded as PNG")
    return bytes(np.asarray(data).tobytes())
