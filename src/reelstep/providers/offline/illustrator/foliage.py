"""Leaves, grass and flowers: many small shapes, each lit by where it sits."""

from __future__ import annotations

import cv2
import numpy as np

from reelstep.providers.offline.illustrator.canvas import Canvas
from reelstep.providers.offline.illustrator.colour import RGB, hexa, mix
from reelstep.providers.offline.illustrator.light import Light
from reelstep.providers.offline.illustrator.noise import Array, Rng, fbm
from reelstep.providers.offline.illustrator.paths import smooth, tube
from reelstep.providers.offline.illustrator.sketch import Ink, Sketch, Sprite

_SHIFT = 4
_LEAF = np.array(
    [(-1.0, 0.0), (-0.3, -0.42), (0.45, -0.36), (1.0, 0.0), (0.45, 0.36), (-0.3, 0.42)], np.float32
)


def blank(height: int, width: int) -> Array:
    """A transparent 8-bit RGBA sheet. Drawing an opaque anti-aliased colour on it keeps it
    premultiplied, which is why small shapes are drawn this way."""
    return np.zeros((height, width, 4), np.uint8)


def as_float(sheet: Array) -> Array:
    return np.asarray(sheet.astype(np.float32) * np.float32(1 / 255))


def fill(sheet: Array, outlines: Array, colours: Array) -> None:
    """Fills convex `outlines` (n, points, 2) in pixels with `colours` (n, 3) 0..1."""
    fixed = np.round(outlines * (1 << _SHIFT)).astype(np.int32)
    tones = np.clip(colours * 255, 0, 255)
    for outline, (r, g, b) in zip(fixed, tones.tolist(), strict=True):
        cv2.fillConvexPoly(sheet, outline, (r, g, b, 255), cv2.LINE_AA, _SHIFT)


def scatter_leaves(
    sheet: Array,
    centres: Array,
    sizes: Array,
    angles: Array,
    colours: Array,
    outline: Array = _LEAF,
) -> None:
    """Draws one leaf per row; `angles` in radians, `sizes` half lengths in pixels."""
    c, s = np.cos(angles)[:, None], np.sin(angles)[:, None]
    x = outline[None, :, 0] * sizes[:, None]
    y = outline[None, :, 1] * sizes[:, None]
    shapes = np.stack([x * c - y * s + centres[:, :1], x * s + y * c + centres[:, 1:2]], 2)
    fill(sheet, shapes.astype(np.float32), colours)


def tree(
    light: Light,
    ink: Ink,
    rng: Rng,
    pixels: float,
    leaf: RGB,
    kind: str = "round",
    detail: float = 1.0,
) -> Sprite:
    """A broad-leaved tree `pixels` tall, anchored at its foot."""
    sketch = Sketch((-0.62, -1.06, 0.62, 0.03), pixels, light, ink)
    bark = mix(hexa("6b4a33"), hexa("8d7358"), float(rng.random()))
    lean = float(rng.uniform(-0.05, 0.05))
    sketch.shape(
        tube([(0, 0.02), (lean * 0.5, -0.25), (lean, -0.52)], [0.036, 0.024, 0.018]), bark, 0.9
    )
    blobs: list[tuple[float, float, float]] = []
    for index in range(9 if kind == "round" else 7):
        angle = float(rng.uniform(-2.9, -0.2))
        reach = float(rng.uniform(0.12, 0.30))
        x, y = lean + np.cos(angle) * reach * 1.1, -0.56 + np.sin(angle) * reach * 0.95
        if index < 6:
            sketch.shape(
                tube(
                    [(lean * 0.8, -0.4), (x * 0.6, (y - 0.42) / 2), (x, y)], [0.016, 0.010, 0.005]
                ),
                bark,
                0.8,
                outlined=False,
            )
        blobs.append((float(x), float(y), float(rng.uniform(0.13, 0.21))))
    blobs.append((lean, -0.68, 0.24))
    base = sketch.sprite()
    height, width = base.rgba.shape[:2]
    sheet = blank(height, width)
    count = int(np.clip(2200 * detail * (pixels / 500) ** 0.8, 220, 5200))
    centre = np.array(blobs, np.float32)
    pick = rng.integers(0, len(blobs), count)
    normal = rng.normal(size=(count, 3)).astype(np.float32)
    normal[:, 2] = np.abs(normal[:, 2])
    normal /= np.linalg.norm(normal, axis=1, keepdims=True)
    radius = centre[pick, 2] * rng.uniform(0.72, 1.06, count).astype(np.float32)
    place = centre[pick, :2] + normal[:, :2] * radius[:, None]
    depth = normal[:, 2] * centre[pick, 2]
    # Shade by the whole crown as well as by its own clump: clumps read, the mass holds together.
    crown = (place - np.array([lean, -0.66], np.float32)) / 0.42
    lx, ly, lz = (float(v) for v in sketch.towards)
    own = normal @ np.array([lx, ly, lz], np.float32)
    whole = crown @ np.array([lx, ly], np.float32)
    lit = np.clip(0.34 + 0.42 * own + 0.30 * whole, 0.0, 1.15)
    if ink.cel > 0:
        lit = np.round(lit * 3) / 3
    jitter = rng.normal(0, 0.05, (count, 1)).astype(np.float32)
    warm = np.array(mix(leaf, hexa("d8d94a"), 0.35), np.float32)
    cool = np.array(mix(leaf, hexa("123c3a"), 0.55), np.float32)
    tone = cool + (warm - cool) * lit[:, None]
    colour = tone * (1 + jitter * 2)
    colour = colour * (
        np.array(light.ambient, np.float32) * 0.55
        + np.array(light.key, np.float32) * (0.12 + 0.62 * lit[:, None])
    )
    order = np.argsort(depth + lit * 0.05)
    size = np.full(count, max(1.2, 0.021 * pixels / detail**0.4), np.float32)
    size *= rng.uniform(0.7, 1.25, count).astype(np.float32)
    pixel = (place - np.array([sketch.left, sketch.top], np.float32)) * pixels
    angles = rng.uniform(0, np.pi * 2, count)
    for x, y, r in blobs:  # the dark inside of the crown
        dark = np.clip(np.array(cool) * np.array(light.ambient) * 0.75 * 255, 0, 255).tolist()
        spot = (int((x - sketch.left) * pixels), int((y - sketch.top) * pixels))
        cv2.circle(sheet, spot, int(r * 0.82 * pixels), (*dark, 255), -1, cv2.LINE_AA)
    scatter_leaves(
        sheet, pixel[order], size[order], angles[order], colour[order].astype(np.float32)
    )
    leaves = as_float(sheet)
    rgba = base.rgba * (1 - leaves[..., 3:4]) + leaves
    return Sprite(rgba.astype(np.float32), base.x, base.y)


def pine(light: Light, ink: Ink, rng: Rng, pixels: float, leaf: RGB, snow: float = 0.0) -> Sprite:
    """A conifer `pixels` tall; `snow` 0..1 lies on its branches."""
    height, width = max(6, int(pixels * 1.05)), max(4, int(pixels * 0.56))
    sheet = blank(height, width)
    cx = width / 2
    trunk = np.clip(np.array(hexa("4b3526")) * np.array(light.ambient) * 255, 0, 255).tolist()
    w = max(1, int(pixels * 0.018))
    cv2.rectangle(
        sheet,
        (int(cx - w), int(pixels * 0.8)),
        (int(cx + w), int(pixels * 1.02)),
        (*trunk, 255),
        -1,
    )
    rows = int(np.clip(pixels / 11, 9, 64))
    ambient, key = np.array(light.ambient, np.float32), np.array(light.key, np.float32)
    cool = np.array(mix(leaf, hexa("0d2b33"), 0.5), np.float32)
    warm = np.array(mix(leaf, hexa("b7c65a"), 0.25), np.float32)
    white = np.array(hexa("f2f7ff"), np.float32)
    lx = float(light.direction(0.5)[0])
    for row in range(rows):
        part = (row + 0.5) / rows
        tier = 0.80 + 0.20 * (part * rows / 5 % 1.0)  # branches in whorls, each wider than the last
        reach = pixels * (0.02 + 0.24 * part) * tier * float(rng.uniform(0.9, 1.08))
        n = int(np.clip(reach / max(pixels * 0.0085, 1.0), 5, 60))
        t = np.linspace(-1, 1, n) + rng.uniform(-0.06, 0.06, n)
        droop = np.abs(t) ** 1.4 * 0.045 + rng.uniform(-0.008, 0.008, n)
        x, y = cx + t * reach, pixels * (0.05 + 0.89 * part + droop)
        lit = np.clip(0.42 + 0.55 * t * lx + 0.16 * (1 - part) + rng.normal(0, 0.08, n), 0, 1)
        lit = (np.round(lit * 2.4) / 2.4 if ink.cel > 0 else lit)[:, None]
        light_here = ambient * 0.58 + key * (0.10 + 0.58 * lit)
        size = (np.full(n, max(1.1, pixels * 0.024)) * rng.uniform(0.8, 1.3, n)).astype(np.float32)
        angles = np.where(t > 0, 0.55, np.pi - 0.55) + rng.uniform(-0.3, 0.3, n)
        points = np.stack([x, y], 1).astype(np.float32)
        tone = (cool + (warm - cool) * lit) * light_here
        scatter_leaves(sheet, points, size, angles, tone.astype(np.float32))
        if snow > 0:  # lies on the upper side of the boughs
            lying = rng.random(n) < snow * 0.62
            tone = (white * light_here * (0.80 + 0.22 * lit))[lying]
            points[:, 1] -= pixels * 0.009
            scatter_leaves(
                sheet, points[lying], size[lying] * 0.78, angles[lying], tone.astype(np.float32)
            )
    return Sprite(as_float(sheet), cx, pixels * 1.0)


def grass(
    canvas: Canvas,
    light: Light,
    rng: Rng,
    horizon: float,
    green: RGB,
    amount: float = 1.0,
    tall: float = 1.0,
    far: float = 0.05,
) -> None:
    """Blades from just below the horizon to the viewer's feet, longer the nearer they stand."""
    top = int(canvas.height * min(0.97, horizon + far))
    rows = canvas.height - top
    if rows < 4:
        return
    aspect = canvas.width / canvas.height
    count = int(5200 * amount * aspect / 1.78)
    part = np.sort(rng.power(1.9, count)).astype(np.float32)
    x = rng.random(count).astype(np.float32) * canvas.width
    y = part * rows * 1.06
    near = (far + part * (1 - horizon - far)) / max(0.2, 1 - horizon)
    long = (0.006 + 0.058 * near**1.5) * tall * canvas.unit * rng.uniform(0.6, 1.3, count)
    patch = fbm(rng, (64, 128), 4, 3)
    tone_at = patch[np.minimum((part * 63).astype(int), 63), (x / canvas.width * 127).astype(int)]
    long *= 0.55 + 0.9 * tone_at
    bend = (rng.normal(0.0, 0.28, count) + (tone_at - 0.5) * 0.7) * long
    width = np.maximum(0.7, long * 0.055)
    root = np.stack([x, y], 1)
    shapes = np.stack(
        [
            root + np.stack([-width, np.zeros(count)], 1),
            root + np.stack([bend * 0.35 - width * 0.7, -long * 0.6], 1),
            root + np.stack([bend, -long], 1),
            root + np.stack([bend * 0.35 + width * 0.7, -long * 0.6], 1),
            root + np.stack([width, np.zeros(count)], 1),
        ],
        1,
    ).astype(np.float32)
    lit = np.clip(0.35 + 0.5 * tone_at + rng.normal(0, 0.16, count), 0, 1)[:, None]
    cool = np.array(mix(green, hexa("12402c"), 0.55), np.float32)
    warm = np.array(mix(green, hexa("e6e06a"), 0.42), np.float32)
    colour = cool + (warm - cool) * lit
    colour = colour * (np.array(light.ambient) * 0.5 + np.array(light.key) * (0.18 + 0.5 * lit))
    air = (0.55 * (1 - near) ** 2 * light.haze)[:, None]
    colour = colour * (1 - air) + np.array(light.fog) * air
    lift = int(0.075 * tall * canvas.unit)
    sheet = blank(rows + lift, canvas.width)
    shapes[..., 1] += lift
    fill(sheet, shapes, colour.astype(np.float32))
    canvas.over(as_float(sheet), 0, top - lift)


def flowers(
    canvas: Canvas,
    light: Light,
    rng: Rng,
    horizon: float,
    colours: tuple[RGB, ...],
    amount: float = 1.0,
    far: float = 0.07,
    upto: float = 1.02,
) -> None:
    """A field of flowers in drifts: specks far away, petals nearby."""
    top = horizon + far
    count = int(900 * amount * canvas.width / canvas.height / 1.78)
    part = np.sort(rng.power(1.7, count))
    drift = fbm(rng, (48, 96), 5, 3)
    kind = fbm(rng, (48, 96), 3, 2)
    lift = 0.09
    y0 = int((top - lift) * canvas.height)
    sheet = blank(canvas.height - y0, canvas.width)
    ambient, key = np.array(light.ambient), np.array(light.key)
    stem = np.clip(np.array(hexa("3d7a35")) * (ambient * 0.5 + key * 0.4) * 255, 0, 255).tolist()
    for depth in part.tolist():
        fx = float(rng.random())
        cell = (int(depth * 47), int(fx * 95))
        if drift[cell] < 0.47 + 0.1 * float(rng.random()):
            continue
        fy = top + depth * (upto - top)
        near = (fy - horizon) / max(0.2, 1 - horizon)
        r = (0.0022 + 0.020 * near**1.7) * canvas.unit * float(rng.uniform(0.75, 1.3))
        x, y = fx * canvas.width, fy * canvas.height - y0 - r * 2.4
        index = int(kind[cell] * 2.2 * len(colours) + rng.random() * 1.4) % len(colours)
        tone = np.array(colours[index])
        air = 0.5 * (1 - near) ** 2 * light.haze
        shine = float(rng.uniform(0.75, 1.05))
        lit = tone * (ambient * 0.55 + key * 0.55 * shine) * (1 - air) + np.array(light.fog) * air
        rgb = np.clip(lit * 255, 0, 255)
        if r < 2.6:
            cv2.circle(
                sheet,
                (int(x * 16), int(y * 16)),
                int(max(r, 0.9) * 16),
                (*rgb.tolist(), 255),
                -1,
                cv2.LINE_AA,
                4,
            )
            continue
        cv2.line(
            sheet,
            (int(x), int(y)),
            (int(x + r * 0.3), int(y + r * 2.6)),
            (*stem, 255),
            max(1, int(r * 0.16)),
            cv2.LINE_AA,
        )
        petals = int(rng.integers(5, 8))
        turn, tilt = float(rng.uniform(0, 6.28)), float(rng.uniform(0.55, 0.95))
        angle = turn + np.arange(petals) * 2 * np.pi / petals
        at = np.stack([x + np.cos(angle) * r * 0.52, y + np.sin(angle) * r * 0.52 * tilt], 1)
        shade = (0.86 + 0.2 * np.cos(angle + 2.2))[:, None]
        tones = np.clip(lit[None] * shade, 0, 1).astype(np.float32)
        scatter_leaves(
            sheet,
            at.astype(np.float32),
            np.full(petals, r * 0.56, np.float32),
            np.arctan2(np.sin(angle) * tilt, np.cos(angle)),
            tones,
            _PETAL,
        )
        heart = np.clip(
            np.array(hexa("f7c13a")) * (ambient * 0.5 + key * 0.6) * 255, 0, 255
        ).tolist()
        cv2.circle(
            sheet, (int(x * 16), int(y * 16)), int(r * 0.24 * 16), (*heart, 255), -1, cv2.LINE_AA, 4
        )
    canvas.over(as_float(sheet), 0, y0)


_PETAL = smooth(
    [(-0.9, 0.0), (0.0, -0.5), (0.85, -0.42), (1.0, 0.0), (0.85, 0.42), (0.0, 0.5)], steps=3
)
