"""What is neither place nor thing: weather in the air, confetti, fireworks, bunting, rainbows."""

from __future__ import annotations

import cv2
import numpy as np

from reelstep.providers.offline.illustrator import foliage
from reelstep.providers.offline.illustrator.colour import PARTY, hexa, mix, scale
from reelstep.providers.offline.illustrator.noise import Array, fbm, line, smoothstep
from reelstep.providers.offline.illustrator.scene import Scene
from reelstep.providers.offline.illustrator.sketch import Sketch


def rain(scene: Scene, strength: float = 1.0) -> None:
    """Two depths of slanting streaks, and a veil."""
    canvas = scene.canvas
    rng = scene.rng("rain")
    wind = float(rng.uniform(0.10, 0.22)) * (1 if rng.random() < 0.5 else -1)
    for depth, count, long, power in (
        (0, 900, 0.035, 0.22),
        (1, 380, 0.075, 0.32),
        (2, 60, 0.15, 0.28),
    ):
        sheet = np.zeros(canvas.shape, np.uint8)
        n = int(count * strength * canvas.width / canvas.height / 1.78)
        x, y = (
            rng.random(n) * canvas.width * 1.2 - 0.1 * canvas.width,
            rng.random(n) * canvas.height * 1.1,
        )
        reach = long * canvas.unit * rng.uniform(0.6, 1.2, n)
        thick = max(1, int((0.0009 + 0.0008 * depth) * canvas.unit))
        for a, b, c in zip(x.tolist(), y.tolist(), reach.tolist(), strict=True):
            cv2.line(
                sheet, (int(a), int(b)), (int(a - c * wind), int(b - c)), 255, thick, cv2.LINE_AA
            )
        field: Array = sheet.astype(np.float32) / 255
        if depth == 2:
            field = cv2.GaussianBlur(field, (0, 0), 0.0022 * canvas.unit) * 1.6
        canvas.light((0.80, 0.88, 0.98), field * power * strength)
    h, w = canvas.small(200)
    veil = np.linspace(0.10, 0.26, h, dtype=np.float32)[:, None] * np.ones((1, w), np.float32)
    veil *= 0.6 + 0.6 * fbm(rng, (h, w), 3, 3)
    canvas.wash(scene.light.fog, np.clip(canvas.spread(veil * 0.55 * strength), 0, 1))


def snowfall(scene: Scene) -> None:
    canvas = scene.canvas
    rng = scene.rng("snowfall")
    for count, low, high, blur, power in (
        (700, 0.001, 0.0028, 0.0, 0.75),
        (160, 0.003, 0.006, 0.001, 0.8),
        (26, 0.009, 0.02, 0.006, 0.55),
    ):
        sheet = np.zeros(canvas.shape, np.uint8)
        for _ in range(int(count * canvas.width / canvas.height / 1.78)):
            x, y = int(rng.random() * canvas.width * 16), int(rng.random() * canvas.height * 16)
            cv2.circle(
                sheet,
                (x, y),
                int(rng.uniform(low, high) * canvas.unit * 16),
                255,
                -1,
                cv2.LINE_AA,
                4,
            )
        field: Array = sheet.astype(np.float32) / 255
        if blur:
            field = cv2.GaussianBlur(field, (0, 0), blur * canvas.unit)
        canvas.wash((0.95, 0.97, 1.0), field * power * (0.75 if scene.light.dark else 1.0))


def lightning(scene: Scene) -> None:
    """A forked bolt on the subject's side, and the cloud it lights."""
    canvas = scene.canvas
    rng = scene.rng("bolt")
    fx = scene.plan.across(0.22)
    canvas.glow(fx, 0.05, 0.75, hexa("b9ccff"), 0.55)
    bolt = np.zeros(canvas.shape, np.uint8)

    def fork(x: float, y: float, end: float, width: float, depth: int) -> None:
        steps = max(4, int((end - y) * 40))
        for _ in range(steps):
            nx, ny = (
                x + float(rng.normal(0, 0.012)),
                y + (end - y) / max(1, steps) * float(rng.uniform(0.4, 1.6)),
            )
            a = (int(x * canvas.width * 16), int(y * canvas.height * 16))
            b = (int(nx * canvas.width * 16), int(ny * canvas.height * 16))
            cv2.line(bolt, a, b, 255, max(1, int(width * canvas.unit)), cv2.LINE_AA, 4)
            x, y = nx, ny
            if depth < 2 and rng.random() < 0.10:
                fork(x, y, min(end, y + float(rng.uniform(0.06, 0.18))), width * 0.5, depth + 1)

    fork(fx, 0.0, scene.plan.horizon, 0.0030, 0)
    field = bolt.astype(np.float32) / 255
    h, w = canvas.small(500)
    halo = cv2.GaussianBlur(cv2.resize(field, (w, h), interpolation=cv2.INTER_AREA), (0, 0), w / 90)
    canvas.light((0.72, 0.80, 1.0), canvas.spread(halo * 3.2))
    canvas.light((1.0, 1.0, 1.0), field * 1.6)


def rainbow(scene: Scene) -> None:
    canvas = scene.canvas
    h, w = canvas.small(900)
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    aspect = canvas.width / canvas.height
    cx, cy, radius = scene.plan.across(0.45), scene.plan.horizon + 0.12, 0.52
    distance = np.hypot((x / w - cx) * aspect, y / h - cy)
    part = (distance - radius) / 0.075
    hues = np.stack([np.exp(-(((part - at) / 0.24) ** 2)) for at in (0.85, 0.5, 0.15)], 2)
    hues[..., 0] += np.exp(-(((part - 0.02) / 0.16) ** 2)) * 0.5
    fade = np.clip((scene.plan.horizon + 0.02 - y / h) / 0.12, 0, 1)[..., None]
    light = canvas.spread((hues * fade * 0.42).astype(np.float32))
    canvas.picture += light * np.maximum(1.12 - canvas.picture, 0.12)


def fireworks(scene: Scene, count: int = 6) -> None:
    """Bursts with trailing sparks; each lights the sky around it."""
    canvas = scene.canvas
    rng = scene.rng("fireworks")
    sheet = foliage.blank(canvas.height, canvas.width)
    for index in range(count):
        fx = scene.plan.across((index + 0.5) / count) + float(rng.uniform(-0.05, 0.05))
        fy = float(rng.uniform(0.10, 0.36))
        r = float(rng.uniform(0.14, 0.27))
        tone = PARTY[int(rng.integers(7))]
        second = PARTY[int(rng.integers(7))]
        canvas.glow(fx, fy, r * 2.6, tone, 0.42)
        x0, y0 = fx * canvas.width, fy * canvas.height
        rays = int(rng.integers(34, 60))
        for k in range(rays):
            angle, reach = (
                float(rng.uniform(0, 6.283)),
                r * canvas.unit * float(rng.uniform(0.55, 1.05)),
            )
            previous = None
            for step in range(10):
                part = 0.18 + 0.82 * step / 9
                x = x0 + np.cos(angle) * reach * part
                y = y0 + np.sin(angle) * reach * part + 0.16 * reach * part**2
                if previous is not None:
                    shine = part**1.3
                    colour = mix(mix(tone, second, float(k % 2)), (1, 1, 0.9), 0.35 * part)
                    rgb = [min(255.0, c * 255 * shine * 1.15) for c in colour]
                    cv2.line(
                        sheet,
                        previous,
                        (int(x * 16), int(y * 16)),
                        (*rgb, 255.0),
                        max(1, int(0.0016 * canvas.unit)),
                        cv2.LINE_AA,
                        4,
                    )
                previous = (int(x * 16), int(y * 16))
            if previous is not None:
                cv2.circle(
                    sheet,
                    previous,
                    int(0.0026 * canvas.unit * 16),
                    (255, 250, 225, 255),
                    -1,
                    cv2.LINE_AA,
                    4,
                )
    sparks = foliage.as_float(sheet)[..., :3]
    h, w = canvas.small(700)
    halo = cv2.GaussianBlur(
        cv2.resize(sparks, (w, h), interpolation=cv2.INTER_AREA), (0, 0), w / 120
    )
    light = sparks * 1.25 + canvas.spread(halo) * 1.1
    canvas.picture += light * np.maximum(1.2 - canvas.picture, 0.15)


def confetti(scene: Scene) -> None:
    """Paper turning in the air at three depths, nearest out of focus."""
    canvas = scene.canvas
    rng = scene.rng("confetti")
    light = scene.light
    for count, low, high, blur in (
        (230, 0.003, 0.007, 0.0),
        (120, 0.007, 0.013, 0.0),
        (16, 0.024, 0.042, 0.007),
    ):
        n = int(count * canvas.width / canvas.height / 1.78)
        sheet = foliage.blank(canvas.height, canvas.width)
        x = rng.random(n) * canvas.width
        if blur:  # out of focus ones stay off the subject
            x = (
                np.where(rng.random(n) < 0.5, rng.random(n) * 0.2, 1 - rng.random(n) * 0.2)
                * canvas.width
            )
        y = (rng.random(n) ** 1.15 * (0.86 if not blur else 0.7)) * canvas.height
        size = rng.uniform(low, high, n) * canvas.unit
        angle, tip = rng.uniform(0, 6.28, n), np.cos(rng.uniform(0, 6.28, n))
        for k in range(n):
            c, s = np.cos(angle[k]), np.sin(angle[k])
            a, b = size[k], size[k] * 0.62 * max(0.14, abs(tip[k]))
            points = np.array([(-a, -b), (a, -b), (a, b), (-a, b)]) @ np.array([[c, s], [-s, c]])
            tone = np.array(PARTY[int(rng.integers(7))]) * (0.66 + 0.42 * abs(tip[k]))
            tone = tone * (np.array(light.ambient) * 0.5 + np.array(light.key) * 0.55)
            if light.dark:
                tone = tone * 1.8
            rgb = np.clip(tone * 255, 0, 255).tolist()
            cv2.fillConvexPoly(
                sheet,
                np.round((points + np.array((x[k], y[k]))) * 16).astype(np.int32),
                (*rgb, 255),
                cv2.LINE_AA,
                4,
            )
        rgba = foliage.as_float(sheet)
        if blur:
            small = cv2.resize(
                rgba, (canvas.width // 3, canvas.height // 3), interpolation=cv2.INTER_AREA
            )
            small = cv2.GaussianBlur(small, (0, 0), blur * canvas.unit / 3)
            rgba = cv2.resize(small, canvas.size, interpolation=cv2.INTER_LINEAR)
        canvas.over(rgba)


def bunting(scene: Scene) -> None:
    """Strings of pennants across the upper part."""
    canvas = scene.canvas
    rng = scene.world("bunting")
    aspect = canvas.width / canvas.height
    s = Sketch((0, 0, aspect, 0.45), canvas.height, scene.light, scene.ink)
    for x0, y0, x1, y1, sag in ((-0.05, 0.03, 0.62, 0.0, 0.15), (0.40, -0.01, 1.05, 0.05, 0.17)):
        t = np.linspace(0, 1, 40)
        rope = np.stack(
            [(x0 + (x1 - x0) * t) * aspect, y0 + (y1 - y0) * t + sag * 4 * t * (1 - t)], 1
        )
        s.line(rope, 0.0028, hexa("f2e8d6"))
        n = int(13 * aspect / 1.78) + 2
        for k in range(n):
            at = rope[int((k + 0.5) / n * 39)]
            ahead = rope[min(39, int((k + 0.5) / n * 39) + 1)] - at
            tilt = float(np.degrees(np.arctan2(ahead[1], ahead[0]))) + float(rng.uniform(-7, 7))
            c, q = np.cos(np.radians(tilt)), np.sin(np.radians(tilt))
            flag = (
                np.array([(-0.027, 0), (0.027, 0), (0.0, 0.066)]) @ np.array([[c, q], [-q, c]]) + at
            )
            s.shape(
                flag,
                PARTY[k % 7],
                0.35,
                0.05,
                shadow=0.1,
            )
    scene.place(s.sprite(scene.mottle), 0.0, 0.0)


def fireflies(scene: Scene, count: int = 46) -> None:
    """Points of warm light low in the air."""
    rng = scene.rng("fireflies")
    for _ in range(count):
        fx, fy = float(rng.random()), float(rng.uniform(0.40, 0.92))
        size = float(rng.uniform(0.006, 0.02))
        scene.canvas.glow(fx, fy, size * 1.6, hexa("ffe48a"), 0.8, 2.0)
        scene.canvas.glow(fx, fy, size * 0.3, (1, 1, 0.85), 1.2, 1.0)


def dust(scene: Scene) -> None:
    """Motes in the light: depth in the air of a plain view."""
    rng = scene.rng("dust")
    for _ in range(34):
        fx, fy = float(rng.random()), float(rng.uniform(0.1, 0.9))
        near = float(rng.random() ** 3)
        scene.canvas.glow(fx, fy, 0.003 + 0.010 * near, scene.light.glow, 0.30 - 0.16 * near, 1.2)


def wisps(scene: Scene) -> None:
    """Long strokes of wind."""
    canvas = scene.canvas
    rng = scene.rng("wind")
    sheet = np.zeros(canvas.shape, np.uint8)
    for _ in range(9):
        x = np.linspace(0, float(rng.uniform(0.2, 0.5)), 60) + float(rng.uniform(-0.1, 0.8))
        y = float(rng.uniform(0.15, 0.75)) + (line(rng, 60, 1.5, 2) - 0.5) * 0.08
        path = np.stack([x * canvas.width, y * canvas.height], 1)
        cv2.polylines(
            sheet,
            [np.round(path * 16).astype(np.int32)],
            False,
            255,
            max(1, int(0.002 * canvas.unit)),
            cv2.LINE_AA,
            4,
        )
    canvas.light(
        (1, 1, 1),
        cv2.GaussianBlur(sheet.astype(np.float32) / 255, (0, 0), 0.0012 * canvas.unit) * 0.4,
    )


def rails(scene: Scene, fy: float) -> None:
    """A railway track across the view, on its bed of stones."""
    canvas, light = scene.canvas, scene.light
    rng = scene.rng("rails")
    u = canvas.unit
    y0 = int(fy * canvas.height)
    height = int(0.075 * u) + 4
    sheet = foliage.blank(height, canvas.width)
    amb, key = np.array(light.ambient), np.array(light.key)

    def lit(code: str, face: float = 0.5) -> list[float]:
        tone = np.array(hexa(code)) * (amb * 0.55 + key * face)
        return [*np.clip(tone * 255, 0, 255).tolist(), 255.0]

    for _ in range(int(2600 * canvas.width / canvas.height / 1.78)):
        x, part = int(rng.random() * canvas.width), float(rng.random())
        y = int((0.008 + 0.060 * part) * u)
        tone = lit(
            ("8d8780", "6f6a66", "a59d92")[int(rng.integers(3))], float(rng.uniform(0.25, 0.55))
        )
        cv2.circle(
            sheet, (x, y), max(1, int(u * 0.0042 * (0.6 + 0.6 * part))), tone, -1, cv2.LINE_AA
        )
    step = int(0.052 * u) or 4
    for x in range(-step, canvas.width + step, step):
        points = [
            (x, 0.012),
            (x + 0.018 * u, 0.012),
            (x + 0.022 * u, 0.048),
            (x - 0.002 * u, 0.048),
        ]
        quad = np.array([(int(a), int(b * u)) for a, b in points], np.int32)
        cv2.fillConvexPoly(sheet, quad, lit("5a4030", 0.35), cv2.LINE_AA)
    for down, thick in ((0.014, 0.006), (0.040, 0.008)):
        at = int(down * u)
        cv2.line(sheet, (0, at), (canvas.width, at), lit("4b4644", 0.3), max(2, int(thick * u)))
        cv2.line(
            sheet,
            (0, at - 1),
            (canvas.width, at - 1),
            lit("d9d6d2", 0.7),
            max(1, int(thick * u * 0.4)),
        )
    canvas.over(foliage.as_float(sheet), 0, y0 - int(0.026 * u))


def smoke(scene: Scene, fx: float, fy: float, size: float) -> None:
    """Steam blown back from a chimney."""
    canvas, rng = scene.canvas, scene.rng("smoke")
    h, w = canvas.small(520)
    field = np.zeros((h, w), np.float32)
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    aspect = canvas.width / canvas.height
    for k in range(15):
        part = k / 14
        cx = fx - (0.02 + 0.42 * part) * size * 1.6 / aspect * 1.4 + float(rng.normal(0, 0.006))
        cy = fy - (0.03 + 0.36 * part**0.8) * size + float(rng.normal(0, 0.008))
        r = (0.055 + 0.25 * part) * size
        distance = np.hypot((x / w - cx) * aspect, y / h - cy)
        field = np.maximum(field, np.exp(-((distance / r) ** 2)) * (1.0 - 0.55 * part))
    field *= 0.55 + 0.9 * fbm(rng, (h, w), 9, 5, 0.6)
    shade = scale(scene.light.cloud_shade, 0.8)
    canvas.veil(mix(shade, (0.36, 0.38, 0.44), 0.6), np.clip(field, 0, 0.9).astype(np.float32))
    lit = np.roll(field, -max(1, h // 90), axis=0) * smoothstep(0.35, 0.8, field) * 0.75
    canvas.veil(scene.light.cloud_lit, np.clip(lit, 0, 0.85).astype(np.float32))
