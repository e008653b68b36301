"""Streets, villages and market squares."""

from __future__ import annotations

import cv2
import numpy as np

from reelstep.providers.offline.illustrator import clouds, foliage, terrain
from reelstep.providers.offline.illustrator.colour import PARTY, hexa, scale, turn
from reelstep.providers.offline.illustrator.noise import Array, Rng
from reelstep.providers.offline.illustrator.paths import array, box, ellipse, smooth
from reelstep.providers.offline.illustrator.scene import Floor, Scene
from reelstep.providers.offline.illustrator.settings.common import (
    default_floor,
    heavens,
    leaf_colour,
    trees,
)
from reelstep.providers.offline.illustrator.settings.land import blooms, grass_land, meadow_front
from reelstep.providers.offline.illustrator.settings.registry import setting
from reelstep.providers.offline.illustrator.settings.urban import (
    LIT,
    is_dark,
    lit_surface,
    paving,
    perspective_floor,
    skyline,
    wet,
)
from reelstep.providers.offline.illustrator.sketch import Sketch

_WALLS = tuple(
    hexa(c) for c in ("e6cfae", "d9b48a", "e9dfcf", "c98f6f", "d8c3a5", "b7c0c4", "efd9c0")
)


def _facade(scene: Scene, rng: Rng, size: tuple[int, int], houses: int) -> Array:
    """A row of house fronts, flat: (height, width, 3) already lit, windows and shops included."""
    height, width = size
    dark = is_dark(scene) or scene.light.hour == "overcast"
    sheet = np.empty((height, width, 3), np.float32)
    x = 0
    for index in range(houses):
        w = width - x if index == houses - 1 else int(width / houses * rng.uniform(0.85, 1.15))
        tone = turn(_WALLS[int(rng.integers(len(_WALLS)))], 0, 0.8, float(rng.uniform(0.8, 1.0)))
        wall = lit_surface(scene, tone, 0.40)
        sheet[:, x : x + w] = (
            wall * np.linspace(1.08, 0.82, height, dtype=np.float32)[:, None, None]
        )
        floors, panes = int(rng.integers(4, 6)), int(rng.integers(3, 5))
        shop = int(height * 0.80)
        for level in range(floors):
            y0 = int(height * 0.07 + (shop - height * 0.08) * level / floors)
            ph = int(shop / floors * 0.62)
            for pane in range(panes):
                px = x + int(w * (pane + 0.5) / panes)
                pw = max(2, int(w / panes * 0.40))
                x0 = px - pw // 2
                sheet[y0 - 3 : y0 + ph + 4, x0 - 3 : x0 + pw + 3] = wall * 1.18
                glow = dark and rng.random() < 0.45
                pane_tone = (
                    np.array(LIT[int(rng.integers(3))]) * 1.05
                    if glow
                    else np.array(scene.light.middle) * 0.42
                )
                sheet[y0 : y0 + ph, x0 : x0 + pw] = pane_tone
                sheet[y0 : y0 + ph, px - 1 : px + 1] = wall * 0.75
                sheet[y0 + ph // 2 : y0 + ph // 2 + 2, x0 : x0 + pw] = wall * 0.75
                sheet[y0 + ph + 2 : y0 + ph + 5, x0 - 5 : x0 + pw + 5] = wall * 0.55
            sheet[y0 + ph + 8 : y0 + ph + 11, x : x + w] *= 0.88
        # The shop: a lit front under an awning.
        front = np.array(LIT[int(rng.integers(2))]) * (1.1 if dark else 0.62)
        sheet[shop + 8 : height - 6, x + 8 : x + w - 8] = front
        for bar in range(1, 4):
            bx = x + 8 + (w - 16) * bar // 4
            sheet[shop + 8 : height - 6, bx - 2 : bx + 2] = wall * 0.35
        awning = PARTY[int(rng.integers(len(PARTY)))]
        for stripe in range(10):
            sx = x + 4 + (w - 8) * stripe // 10
            cloth = awning if stripe % 2 == 0 else hexa("f6efe2")
            sheet[shop - 12 : shop + 18, sx : sx + (w - 8) // 10 + 1] = lit_surface(
                scene, turn(cloth, 0, 0.85, 0.95), 0.5
            )
        sheet[shop + 16 : shop + 20, x + 4 : x + w - 4] *= 0.6
        sheet[:, x : x + 3] *= 0.72
        sheet[: int(height * 0.03), x : x + w] = lit_surface(scene, hexa("6b7078"), 0.3)
        x += w
    return sheet


@setting("street")
def street(scene: Scene) -> Floor:
    """Looking down a street: house fronts on both sides run to a vanishing point."""
    plan, canvas, light = scene.plan, scene.canvas, scene.light
    horizon = min(plan.horizon, 0.60)
    heavens(scene, horizon + 0.02)
    vx = 0.5 + (0.06 if plan.free_side == "left" else -0.06)
    if plan.has("eiffel"):
        scene.put("eiffel", vx, horizon + 0.03, 0.50, fog=0.30 * light.haze + 0.08)
    skyline(scene, horizon + 0.02, 0.10, 26, 0.7, "far")
    clouds.mist(canvas, light, scene.rng("haze"), horizon, 0.08, 0.7)
    texture = paving(scene, scene.world("cobbles"), 1024, hexa("7d7a7c"), 46, 34)
    texture = texture * (
        np.array(light.ambient, np.float32) * 0.55 + np.array(light.key, np.float32) * 0.30
    )
    colour, mask = perspective_floor(scene, texture, horizon + 0.02, 2.6)
    canvas.cover(colour, mask)
    w, h = canvas.size
    size = (560, 1500)
    for side in (-1, 1):
        row = _facade(scene, scene.world("facade", side), size, 6)
        edge = 0.0 if side < 0 else 1.0
        reach = 0.135
        near_x, far_x = (edge - 0.10 * side * -1), vx + side * reach
        near_x = -0.12 if side < 0 else 1.12
        quad = [
            (near_x * w, (horizon - 1.02) * h),
            (far_x * w, (horizon - 0.19) * h),
            (far_x * w, (horizon + 0.042) * h),
            (near_x * w, (horizon + 0.30) * h),
        ]
        source = np.array([[0, 0], [size[1], 0], [size[1], size[0]], [0, size[0]]], np.float32)
        matrix = cv2.getPerspectiveTransform(source, np.array(quad, np.float32))
        wall = cv2.warpPerspective(row, matrix, (w, h), flags=cv2.INTER_LINEAR)
        solid = cv2.warpPerspective(
            np.ones(size, np.float32), matrix, (w, h), flags=cv2.INTER_LINEAR
        )
        x = np.arange(w, dtype=np.float32)[None, :] / w
        far = np.clip(1 - np.abs(x - far_x) / abs(near_x - far_x), 0, 1) ** 1.7 * 0.72 * light.haze
        veil = np.broadcast_to(far[..., None], (h, w, 1))
        wall = wall * (1 - veil) + np.array(light.fog, np.float32) * veil
        canvas.cover(wall, solid)
    if "rain" in plan.weather or plan.weather & {"storm"}:
        wet(scene, horizon + 0.05, 0.62)
    lamps(scene, vx, horizon)
    floor = default_floor(scene)
    floor.base = 0.81
    return floor


def lamps(scene: Scene, vx: float, horizon: float) -> None:
    """Street lamps on both kerbs, smaller and smaller."""
    for depth in (0.30, 0.46, 0.72, 1.15):
        for side in (-1, 1):
            fx = vx + side * 0.40 * depth
            if not -0.05 < fx < 1.05:
                continue
            fy = horizon + 0.02 + 0.215 * depth
            size = 0.34 * depth
            scene.put(
                "streetlamp",
                fx,
                fy,
                size,
                shadow=0.4,
                fog=float(np.clip(0.5 - depth, 0, 0.5)) * scene.light.haze,
            )
            if is_dark(scene) or scene.light.hour == "overcast":
                scene.glow_later(
                    fx,
                    fy - size * 0.86 * scene.canvas.unit / scene.canvas.height,
                    0.32 * depth,
                    hexa("ffc877"),
                    0.55,
                )


@setting("village", meadow_front)
def village(scene: Scene) -> Floor:

    plan, canvas, light = scene.plan, scene.canvas, scene.light
    horizon = plan.horizon
    heavens(scene, horizon)
    terrain.ridges(canvas, light, scene.world("ridges"), horizon, 0.20, 3, hexa("5f7f95"), 0.5)
    terrain.paint(canvas, light, grass_land(scene, 0.12), scene.rng("land"), horizon + 0.02)
    rng = scene.world("houses")
    leaf = leaf_colour(scene)
    for index in range(9):
        fx = plan.across(0.05 + 0.115 * index)
        row = index % 3
        fy = horizon + 0.055 + 0.022 * row
        name = "church" if index == 4 and not plan.has("church") else "house"
        size = (0.15 if name == "house" else 0.27) * (0.8 + 0.2 * row)
        if rng.random() < 0.7:
            trees(
                scene,
                [(fx + 0.045, fy - 0.004, size * 0.8)],
                "pine" if plan.snowy else "round",
                leaf,
                f"v{index}",
            )
        scene.put(
            name,
            fx,
            fy,
            size,
            key=index % 4,
            fog=(0.34 - 0.1 * row) * light.haze,
            shadow=0.5,
            flip=bool(index % 2),
        )
    outer = 1.0 if plan.free_side == "left" else 0.0
    trees(
        scene,
        [(abs(outer - 0.02), horizon + 0.16, 0.66)],
        "pine" if plan.snowy else "round",
        leaf,
        "frame",
    )
    if not plan.snowy:
        foliage.grass(canvas, light, scene.rng("grass"), horizon, leaf, 0.6, 0.7, 0.14)
        foliage.flowers(canvas, light, scene.rng("wild"), horizon, blooms(scene), 0.5, 0.13)
    return default_floor(scene)


@setting("market")
def market(scene: Scene) -> Floor:
    """A square with stalls under striped awnings."""
    plan, canvas, light = scene.plan, scene.canvas, scene.light
    horizon = min(plan.horizon, 0.58)
    heavens(scene, horizon)
    rng = scene.world("stalls")
    w, h = canvas.size
    row = _facade(scene, scene.world("row"), (420, 1800), 8)
    tall = 0.50
    fronts = cv2.resize(row, (w, int(tall * h)), interpolation=cv2.INTER_AREA)
    veil = 0.34 * light.haze
    fronts = fronts * (1 - veil) + np.array(light.fog, np.float32) * veil
    canvas.cover(fronts, np.ones(fronts.shape[:2], np.float32), 0, int((horizon + 0.06 - tall) * h))
    texture = paving(scene, scene.world("paving"), 1024, hexa("b5a48e"), 22, 16)
    texture = texture * (
        np.array(light.ambient, np.float32) * 0.55 + np.array(light.key, np.float32) * 0.45
    )
    colour, mask = perspective_floor(scene, texture, horizon + 0.06)
    canvas.cover(colour, mask)
    for index in range(5):
        stall(
            scene, plan.across(0.0 + 0.25 * index), horizon + 0.13 + 0.015 * (index % 2), 0.27, rng
        )
    if "rain" in plan.weather:
        wet(scene, horizon + 0.10, 0.5)
    return default_floor(scene)


def stall(scene: Scene, fx: float, fy: float, tall: float, rng: Rng) -> None:
    s = Sketch((-0.75, -1.1, 0.75, 0.05), tall * scene.canvas.unit, scene.light, scene.ink, fx)
    wood, cloth = hexa("8a5a36"), PARTY[int(rng.integers(len(PARTY)))]
    for x in (-0.58, 0.58):
        s.line([(x, -0.85), (x, 0)], 0.04, scale(wood, 0.8))
    s.shape(box(-0.62, -0.82, 0.62, -0.42, 0), hexa("3a2a26"), 0.1, shadow=0)
    s.shape(box(-0.64, -0.4, 0.64, -0.02, 0.01), wood, 0.3, bevel=0.2)
    for k in range(5):
        s.line([(-0.63, -0.36 + 0.075 * k), (0.63, -0.36 + 0.075 * k)], 0.008, scale(wood, 0.6))
    for k in range(9):
        x = -0.54 + 0.135 * k
        tone = PARTY[int(rng.integers(4))]
        for j in range(5):
            s.shape(
                ellipse(x + 0.045 * (j % 3) - 0.045, -0.42 - 0.05 * (j // 3), 0.042, 0.042),
                tone,
                1.0,
                0.3,
                outlined=False,
            )
    for k in range(8):
        x0, x1 = -0.7 + 0.175 * k, -0.7 + 0.175 * (k + 1)
        panel = np.vstack(
            [
                [(x0 * 0.86, -1.06), (x1 * 0.86, -1.06), (x1, -0.8)],
                smooth([(x1, -0.8), ((x0 + x1) / 2, -0.73), (x0, -0.8)], closed=False),
                array([(x0, -0.8)]),
            ]
        )
        s.shape(panel, cloth if k % 2 == 0 else hexa("fbf4e6"), 0.35, shadow=0.15)
    scene.place(s.sprite(scene.mottle), fx, fy, shadow=0.6)
    if scene.light.dark:
        scene.glow_later(
            fx, fy - tall * 0.6 * scene.canvas.unit / scene.canvas.height, 0.22, hexa("ffc877"), 0.5
        )
