"""Cities, streets, villages and markets."""

from __future__ import annotations

import cv2
import numpy as np

from reelstep.providers.offline.illustrator import clouds, terrain, water
from reelstep.providers.offline.illustrator.colour import PARTY, RGB, hexa, mix, scale, turn
from reelstep.providers.offline.illustrator.noise import Array, Rng, fbm
from reelstep.providers.offline.illustrator.scene import Floor, Scene
from reelstep.providers.offline.illustrator.settings.common import (
    default_floor,
    heavens,
    leaf_colour,
    trees,
)
from reelstep.providers.offline.illustrator.settings.registry import setting

_LIT = (hexa("ffd98a"), hexa("ffc46a"), hexa("ffe7b8"), hexa("bfe0ff"))
_WALLS = tuple(
    hexa(c) for c in ("e6cfae", "d9b48a", "e9dfcf", "c98f6f", "d8c3a5", "b7c0c4", "efd9c0")
)


def _dark(scene: Scene) -> bool:
    return scene.light.dark or scene.light.hour == "sunset"


def _lit_surface(scene: Scene, colour: RGB, face: float) -> Array:
    light = scene.light
    return np.array(colour, np.float32) * (
        np.array(light.ambient, np.float32) * 0.55 + np.array(light.key, np.float32) * face
    )


def skyline(scene: Scene, base: float, tall: float, count: int, haze: float, key: str) -> None:
    """A row of towers with lit windows, dissolved in the air by `haze`."""
    canvas, light = scene.canvas, scene.light
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
) -> None:  # fmt: skip
    canvas, light = scene.canvas, scene.light
    w, h = int(fw * canvas.width), int(fh * canvas.height)
    if w < 4 or h < 4:
        return
    tone = mix(hexa("8a97a8"), hexa("b8aea4"), float(rng.random()))
    tone = scale(tone, float(rng.uniform(0.7, 1.1)))
    left_lit = light.sun_x < fx + fw / 2
    split = int(w * float(rng.uniform(0.55, 0.8)))
    body = np.empty((h, w, 3), np.float32)
    body[:, :split] = _lit_surface(scene, tone, 0.55 if left_lit else 0.24)
    body[:, split:] = _lit_surface(scene, tone, 0.24 if left_lit else 0.55)
    body *= np.linspace(1.06, 0.86, h, dtype=np.float32)[:, None, None]
    step = max(3, int(0.0145 * canvas.unit))
    pane = max(1, int(step * 0.52))
    dark = _dark(scene)
    share = 0.48 if light.moonlit else 0.34 if dark else 0.0
    tall_panes = rng.random() < 0.4
    for y in range(step // 2 + 2, h - pane, step):
        for x in range(step // 2, w - pane, step if not tall_panes else max(3, step // 2 + 1)):
            across = pane if not tall_panes else max(1, pane // 2)
            if dark and rng.random() < share:
                shine = np.array(_LIT[int(rng.integers(4))], np.float32) * float(
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
        )  # type: ignore[arg-type]


@setting("city")
def city(scene: Scene) -> Floor:
    """A skyline across a river, a promenade in front."""
    plan, canvas, light = scene.plan, scene.canvas, scene.light
    horizon = plan.horizon + 0.02
    heavens(scene, horizon)
    if _dark(scene):
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


def _paving(scene: Scene, rng: Rng, size: int, tone: RGB, rows: int, columns: int) -> Array:
    """A flat texture of slabs, seen from above."""
    grid = 0.88 + 0.2 * rng.random((rows, columns)).astype(np.float32)
    slabs = cv2.resize(grid, (size, size), interpolation=cv2.INTER_NEAREST)
    y, x = np.mgrid[0:size, 0:size]
    seam = ((y % (size // rows)) < max(1, size // rows // 14)) | (
        ((x + (y // (size // rows)) % 2 * (size // columns // 2)) % (size // columns))
        < max(1, size // columns // 14)
    )
    slabs = slabs * np.where(seam, 0.72, 1.0).astype(np.float32)
    slabs *= 0.9 + 0.2 * fbm(rng, (size, size), 14, 4)
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
    texture = _paving(scene, rng, 1024, hexa("b5a99c"), 22, 12)
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
        if _dark(scene):
            lift = 0.265 * scene.canvas.unit / scene.canvas.height
            scene.glow_later(fx, top + 0.03 - lift, 0.34, hexa("ffc877"), 0.6)
            scene.glow_later(fx, top + 0.07, 0.30, hexa("ffb866"), 0.22)
    if "rain" in scene.plan.weather:
        wet(scene, top + 0.012, 0.55)
    floor.base = max(0.80, top + 0.08)


def _railing(scene: Scene, top: float) -> None:
    """A balustrade along the quay."""
    canvas = scene.canvas
    tone = _lit_surface(scene, hexa("5a5f68"), 0.35).tolist()
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


def _facade(scene: Scene, rng: Rng, size: tuple[int, int], houses: int) -> Array:
    """A row of house fronts, flat: (height, width, 3) already lit, windows and shops included."""
    height, width = size
    dark = _dark(scene) or scene.light.hour == "overcast"
    sheet = np.empty((height, width, 3), np.float32)
    x = 0
    for index in range(houses):
        w = width - x if index == houses - 1 else int(width / houses * rng.uniform(0.85, 1.15))
        tone = turn(_WALLS[int(rng.integers(len(_WALLS)))], 0, 0.8, float(rng.uniform(0.8, 1.0)))
        wall = _lit_surface(scene, tone, 0.40)
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
                    np.array(_LIT[int(rng.integers(3))]) * 1.05
                    if glow
                    else np.array(scene.light.middle) * 0.42
                )
                sheet[y0 : y0 + ph, x0 : x0 + pw] = pane_tone
                sheet[y0 : y0 + ph, px - 1 : px + 1] = wall * 0.75
                sheet[y0 + ph // 2 : y0 + ph // 2 + 2, x0 : x0 + pw] = wall * 0.75
                sheet[y0 + ph + 2 : y0 + ph + 5, x0 - 5 : x0 + pw + 5] = wall * 0.55
            sheet[y0 + ph + 8 : y0 + ph + 11, x : x + w] *= 0.88
        # The shop: a lit front under an awning.
        front = np.array(_LIT[int(rng.integers(2))]) * (1.1 if dark else 0.62)
        sheet[shop + 8 : height - 6, x + 8 : x + w - 8] = front
        for bar in range(1, 4):
            bx = x + 8 + (w - 16) * bar // 4
            sheet[shop + 8 : height - 6, bx - 2 : bx + 2] = wall * 0.35
        awning = PARTY[int(rng.integers(len(PARTY)))]
        for stripe in range(10):
            sx = x + 4 + (w - 8) * stripe // 10
            cloth = awning if stripe % 2 == 0 else hexa("f6efe2")
            sheet[shop - 12 : shop + 18, sx : sx + (w - 8) // 10 + 1] = _lit_surface(
                scene, turn(cloth, 0, 0.85, 0.95), 0.5
            )
        sheet[shop + 16 : shop + 20, x + 4 : x + w - 4] *= 0.6
        sheet[:, x : x + 3] *= 0.72
        sheet[: int(height * 0.03), x : x + w] = _lit_surface(scene, hexa("6b7078"), 0.3)
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
    texture = _paving(scene, scene.world("cobbles"), 1024, hexa("7d7a7c"), 46, 34)
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
            (near_x * w, (horizon - 1.02) * h), (far_x * w, (horizon - 0.19) * h),
            (far_x * w, (horizon + 0.042) * h), (near_x * w, (horizon + 0.30) * h),
        ]  # fmt: skip
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
            if _dark(scene) or scene.light.hour == "overcast":
                scene.glow_later(
                    fx,
                    fy - size * 0.86 * scene.canvas.unit / scene.canvas.height,
                    0.32 * depth,
                    hexa("ffc877"),
                    0.55,
                )


@setting("village")
def village(scene: Scene) -> Floor:
    from reelstep.providers.offline.illustrator.settings.land import (
        _grass_land,
        _meadow_front,
        blooms,
    )
    from reelstep.providers.offline.illustrator.settings.registry import FRONTS

    plan, canvas, light = scene.plan, scene.canvas, scene.light
    horizon = plan.horizon
    heavens(scene, horizon)
    terrain.ridges(canvas, light, scene.world("ridges"), horizon, 0.20, 3, hexa("5f7f95"), 0.5)
    terrain.paint(canvas, light, _grass_land(scene, 0.12), scene.rng("land"), horizon + 0.02)
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
        from reelstep.providers.offline.illustrator import foliage

        foliage.grass(canvas, light, scene.rng("grass"), horizon, leaf, 0.6, 0.7, 0.14)
        foliage.flowers(canvas, light, scene.rng("wild"), horizon, blooms(scene), 0.5, 0.13)
        FRONTS.setdefault("village", _meadow_front)
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
    texture = _paving(scene, scene.world("paving"), 1024, hexa("b5a48e"), 22, 16)
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
    from reelstep.providers.offline.illustrator.paths import array, box, ellipse, smooth
    from reelstep.providers.offline.illustrator.sketch import Sketch

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
