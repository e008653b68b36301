"""The city across its river, and what all paved places share."""

from __future__ import annotations

import cv2
import numpy as np

from reelstep.providers.offline.illustrator import clouds, water
from reelstep.providers.offline.illustrator.colour import RGB, hexa, mix, scale
from reelstep.providers.offline.illustrator.noise import Array, Rng, fbm
from reelstep.providers.offline.illustrator.scene import Floor, Scene
from reelstep.providers.offline.illustrator.settings.common import (
    default_floor,
    heavens,
    leaf_colour,
    trees,
)
from reelstep.providers.offline.illustrator.settings.registry import setting

LIT = (hexa("ffd98a"), hexa("ffc46a"), hexa("ffe7b8"), hexa("bfe0ff"))


def is_dark(scene: Scene) -> bool:
    return scene.light.dark or scene.light.hour == "sunset"


def lit_surface(scene: Scene, colour: RGB, face: float) -> Array:
    light = scene.light
    return np.array(colour, np.float32) * (
        np.array(light.ambient, np.float32) * 0.55 + np.array(light.key, np.float32) * face
    )


def skyline(scene: Scene, base: float, tall: float, count: int, haze: float, key: str) -> None:
    """A row of towers with lit windows, dissolved in the air by `haze`."""
    _canvas, light = scene.canvas, scene.light
    rng = scene.world("skyline", key)
    fog = np.array(light.fog, np.float32)
    x = -0.04
    while x < 1.04:
        w = float(rng.uniform(0.6, 1.5)) / count
        middle = 1 - 1.1 * abs(x + w / 2 - 0.5)
        h = tall * float(rng.uniform(0.35, 1.0)) * (0.45 + 0.75 * middle)
        _tower(scene, rng, x, base - h, w, h + 0.05, fog, haze)
        x += w * float(rng.uniform(0.82, 1.12))


def _tower(
    scene: Scene, rng: Rng, fx: float, fy: float, fw: float, fh: float, fog: Array, haze: float
) -> None:
    canvas, light = scene.canvas, scene.light
    w, h = int(fw * canvas.width), int(fh * canvas.height)
    if w < 4 or h < 4:
        return
    tone = mix(hexa("8a97a8"), hexa("b8aea4"), float(rng.random()))
    tone = scale(tone, float(rng.uniform(0.7, 1.1)))
    left_lit = light.sun_x < fx + fw / 2
    split = int(w * float(rng.uniform(0.55, 0.8)))
    body = np.empty((h, w, 3), np.float32)
    body[:, :split] = lit_surface(scene, tone, 0.55 if left_lit else 0.24)
    body[:, split:] = lit_surface(scene, tone, 0.24 if left_lit else 0.55)
    body *= np.linspace(1.06, 0.86, h, dtype=np.float32)[:, None, None]
    step = max(3, int(0.0145 * canvas.unit))
    pane = max(1, int(step * 0.52))
    dark = is_dark(scene)
    share = 0.48 if light.moonlit else 0.34 if dark else 0.0
    tall_panes = rng.random() < 0.4
    for y in range(step // 2 + 2, h - pane, step):
        for x in range(step // 2, w - pane, step if not tall_panes else max(3, step // 2 + 1)):
            across = pane if not tall_panes else max(1, pane // 2)
            if dark and rng.random() < share:
                shine = np.array(LIT[int(rng.integers(4))], np.float32) * float(
                    rng.uniform(0.65, 1.15)
                )
            else:
                shine = np.array(light.middle, np.float32) * (0.34 if dark else 0.72)
            body[y : y + pane, x : x + across] = shine
    if rng.random() < 0.35 and w > 16:  # a setback crown
        cut = int(w * 0.2)
        lift = int(h * 0.10)
        mask = np.ones((h, w), np.float32)
        mask[:lift, :cut] = 0
        mask[:lift, w - cut :] = 0
    else:
        mask = np.ones((h, w), np.float32)
    veil = haze * (0.7 + 0.3 * np.linspace(0, 1, h, dtype=np.float32)[:, None, None])
    glowing = np.maximum(body - 0.75, 0) * 0.7 if dark else 0.0  # lit panes pierce the haze
    body = body * (1 - veil) + fog * veil + glowing
    canvas.cover(body, mask, int(fx * canvas.width), int(fy * canvas.height))
    if rng.random() < 0.3:
        at = int((fx + fw / 2) * canvas.width)
        top = int((fy - 0.04) * canvas.height)
        spike = np.ones((int(0.045 * canvas.height), max(1, w // 30)), np.float32)
        canvas.wash(
            tuple((np.array(tone) * 0.5 * (1 - haze) + fog * haze).tolist()), spike, at, top
        )


@setting("city")
def city(scene: Scene) -> Floor:
    """A skyline across a river, a promenade in front."""
    plan, canvas, light = scene.plan, scene.canvas, scene.light
    horizon = plan.horizon + 0.02
    heavens(scene, horizon)
    if is_dark(scene):
        canvas.glow(0.5, horizon, 1.3, hexa("ffa95f"), 0.55)
    for index, (tall, count, haze) in enumerate(
        ((0.40, 22, 0.72), (0.34, 16, 0.42), (0.24, 12, 0.14))
    ):
        skyline(scene, horizon, tall, count, haze * (0.6 + 0.6 * light.haze), f"row{index}")
        if index < 2:
            clouds.mist(canvas, light, scene.rng("haze", index), horizon - 0.02, 0.06, 0.5)
    trees(
        scene,
        [(float(x), horizon + 0.006, 0.045) for x in np.linspace(0, 1, 34)],
        "round",
        leaf_colour(scene),
        "quay",
    )
    water.surface(
        canvas, light, scene.rng("river"), horizon + 0.01, hexa("12344f"), hexa("2a5f78"), 0.12
    )
    floor = default_floor(scene)
    floor.water = horizon + 0.09
    _promenade(scene, floor)
    return floor


def paving(scene: Scene, rng: Rng, size: int, tone: RGB, rows: int, columns: int) -> Array:
    """A flat texture of slabs, seen from above."""
    grid = 0.88 + 0.2 * rng.random((rows, columns)).astype(np.float32)
    slabs = cv2.resize(grid, (size, size), interpolation=cv2.INTER_NEAREST)
    y, x = np.mgrid[0:size, 0:size]
    seam = ((y % (size // rows)) < max(1, size // rows // 14)) | (
        ((x + (y // (size // rows)) % 2 * (size // columns // 2)) % (size // columns))
        < max(1, size // columns // 14)
    )
    slabs = slabs * np.where(seam, 0.72, 1.0).astype(np.float32)
    slabs = slabs * (0.9 + 0.2 * fbm(rng, (size, size), 14, 4))
    return slabs[..., None] * np.array(tone, np.float32)


def perspective_floor(
    scene: Scene, texture: Array, top: float, spread: float = 3.2
) -> tuple[Array, Array]:
    """`texture` laid flat from the lower edge to height `top`: (colour, mask) of the frame."""
    canvas = scene.canvas
    side = texture.shape[0]
    w, h = canvas.width, canvas.height
    source = np.array([[0, side], [side, side], [side, 0], [0, 0]], np.float32)
    wide = w * spread / 2
    target = np.array(
        [
            [w / 2 - wide, h * 1.02],
            [w / 2 + wide, h * 1.02],
            [w / 2 + wide * 0.34, h * top],
            [w / 2 - wide * 0.34, h * top],
        ],
        np.float32,
    )
    matrix = cv2.getPerspectiveTransform(source, target)
    colour = cv2.warpPerspective(
        texture.astype(np.float32),
        matrix,
        (w, h),
        flags=cv2.INTER_AREA | cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REFLECT,
    )
    mask = np.clip(np.arange(h, dtype=np.float32)[:, None] - h * top + 0.5, 0, 1) * np.ones(
        (1, w), np.float32
    )
    return colour, mask


def _promenade(scene: Scene, floor: Floor) -> None:
    rng = scene.world("paving")
    texture = paving(scene, rng, 1024, hexa("b5a99c"), 22, 12)
    texture = texture * (
        np.array(scene.light.ambient, np.float32) * 0.6
        + np.array(scene.light.key, np.float32) * 0.42
    )
    top = max(0.70, scene.plan.horizon + 0.14)
    colour, mask = perspective_floor(scene, texture, top)
    scene.canvas.cover(colour, mask)
    _railing(scene, top)
    for across in (0.02, 0.5, 0.98):
        fx = scene.plan.across(across)
        scene.put("streetlamp", fx, top + 0.03, 0.30, shadow=0.4)
        if is_dark(scene):
            lift = 0.265 * scene.canvas.unit / scene.canvas.height
            scene.glow_later(fx, top + 0.03 - lift, 0.34, hexa("ffc877"), 0.6)
            scene.glow_later(fx, top + 0.07, 0.30, hexa("ffb866"), 0.22)
    if "rain" in scene.plan.weather:
        wet(scene, top + 0.012, 0.55)
    floor.base = max(0.80, top + 0.08)


def _railing(scene: Scene, top: float) -> None:
    """A balustrade along the quay."""
    canvas = scene.canvas
    tone = lit_surface(scene, hexa("5a5f68"), 0.35).tolist()
    sheet = np.zeros((canvas.height, canvas.width), np.uint8)
    y1, y0 = int((top + 0.006) * canvas.height), int((top - 0.052) * canvas.height)
    thick = max(1, int(0.005 * canvas.unit))
    cv2.line(sheet, (0, y0), (canvas.width, y0), 255, thick * 2, cv2.LINE_AA)
    cv2.line(sheet, (0, y1), (canvas.width, y1), 255, thick * 2, cv2.LINE_AA)
    step = int(0.026 * canvas.unit) or 4
    for index, x in enumerate(range(0, canvas.width, step)):
        cv2.line(sheet, (x, y0), (x, y1), 255, thick * 3 if index % 8 == 0 else thick, cv2.LINE_AA)
    canvas.wash((tone[0], tone[1], tone[2]), sheet.astype(np.float32) / 255)


def wet(scene: Scene, top: float, strength: float) -> None:
    """Rain-wet ground: what stands above is mirrored, smeared downwards."""
    canvas = scene.canvas
    h, w = canvas.small(900)
    small = cv2.resize(canvas.picture, (w, h), interpolation=cv2.INTER_AREA)
    y0 = int(top * h)
    rows = h - y0
    if rows < 4:
        return
    source = np.clip(y0 - 1 - np.arange(rows) * 1.05, 0, h - 1).astype(np.float32)[:, None]
    ripple = fbm(scene.rng("puddle"), (rows, w), 9, 4, 0.6, stretch=3)
    x = np.arange(w, dtype=np.float32)[None, :] + (ripple - 0.5) * w * 0.014
    mirror = cv2.remap(
        small,
        x.astype(np.float32),
        np.broadcast_to(source, (rows, w)).astype(np.float32),
        cv2.INTER_LINEAR,
    )
    mirror = cv2.blur(mirror, (1, max(1, rows // 14)))
    puddle = np.clip((ripple - 0.30) * 2.4, 0.25, 1) * strength
    puddle *= np.clip(np.linspace(1.1, 0.55, rows, dtype=np.float32), 0, 1)[:, None]
    full = np.zeros((h, w, 3), np.float32)
    full[y0:] = mirror
    mask = np.zeros((h, w), np.float32)
    mask[y0:] = puddle
    canvas.cover(canvas.spread(full), np.clip(canvas.spread(mask), 0, 1))
