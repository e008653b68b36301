"""The scene under the brush: canvas, light and plan, and how a drawn thing is put in it."""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np

from reelstep.providers.offline.illustrator.canvas import Canvas
from reelstep.providers.offline.illustrator.colour import RGB
from reelstep.providers.offline.illustrator.light import Light
from reelstep.providers.offline.illustrator.noise import Array, Rng, fbm, stream
from reelstep.providers.offline.illustrator.plan import ScenePlan
from reelstep.providers.offline.illustrator.props import PROPS
from reelstep.providers.offline.illustrator.sketch import Ink, Sketch, Sprite


@dataclass
class Floor:
    """Where things stand in a painted setting; heights are fractions of the frame."""

    horizon: float
    base: float = 0.80
    """Ground contact of the main subjects."""
    water: float | None = None
    """Height where floating things float, if there is water."""
    indoors: bool = False
    table: tuple[float, float, float] | None = None
    """(fx, fy, width) of a table top to put small things on."""
    air: tuple[float, float] = (0.08, 0.50)
    """The span of heights free for flying things."""
    floating: bool = False
    """No ground at all: space, deep water, above the clouds."""
    shadow: float = 0.55
    shore: float = 1.0
    """Where the water ends towards the viewer: reflections stop there."""


@dataclass
class Scene:
    canvas: Canvas
    light: Light
    ink: Ink
    plan: ScenePlan
    mottle: Array = field(init=False)
    shore: float = 1.0
    lights: list[tuple[float, float, float, RGB, float]] = field(default_factory=list)
    """Glows to add after everything stands: (fx, fy, radius, colour, strength)."""

    taken: list[tuple[float, float, float]] = field(default_factory=list)
    """Where something already is: (fx, fy, radius in units)."""

    def __post_init__(self) -> None:
        self.mottle = fbm(stream("mottle", self.plan.world), (256, 256), 22, 3) - 0.5

    def rng(self, *what: object) -> Rng:
        """Randomness of this view of the world."""
        return stream(self.plan.view, *what)

    def world(self, *what: object) -> Rng:
        """Randomness that all scenes of the film share."""
        return stream(self.plan.world, *what)

    def take(self, fx: float, fy: float, radius: float) -> None:
        """Marks a place as occupied."""
        self.taken.append((fx, fy, radius))

    def free_spot(
        self, rng: Rng, wish: tuple[float, float], reach: tuple[float, float], radius: float
    ) -> tuple[float, float]:
        """The least crowded of some places around `wish`, which is then taken."""
        width = self.canvas.width / self.canvas.unit
        height = self.canvas.height / self.canvas.unit
        best, room = wish, -1e9
        for _ in range(18):
            fx = float(np.clip(wish[0] + rng.uniform(-1, 1) * reach[0], 0.02, 0.98))
            fy = float(np.clip(wish[1] + rng.uniform(-1, 1) * reach[1], 0.05, 0.95))
            gap = min(
                (
                    float(np.hypot((fx - x) * width, (fy - y) * height)) - r - radius
                    for x, y, r in self.taken
                ),
                default=1.0,
            )
            if min(gap, 0.05) > room:
                best, room = (fx, fy), min(gap, 0.05)
        self.take(*best, radius)
        return best

    def draw(self, name: str, size: float, tint: RGB | None, fx: float, *key: object) -> Sprite:
        """A named thing, `size` units tall (its own height, without strings and flames)."""
        item = PROPS[name]
        _left, top, _right, bottom = item.extent
        scale = size * self.canvas.unit / max(0.3, -top if top < -0.3 else bottom - top)
        sketch = Sketch(item.extent, scale, self.light, self.ink, fx)
        item.draw(sketch, stream(self.plan.world, name, *key), tint)
        return sketch.sprite(self.mottle)

    def place(
        self,
        sprite: Sprite,
        fx: float,
        fy: float,
        *,
        fog: float = 0.0,
        blur: float = 0.0,
        shadow: float = 0.0,
        flip: bool = False,
        opacity: float = 1.0,
        angle: float = 0.0,
        reflect: float = 0.0,
    ) -> None:
        """Puts a sprite with its anchor at (fx, fy). `fog` dissolves it in the air, `blur` (units)
        throws it out of focus, `shadow` grounds it, `reflect` mirrors it in water below."""
        canvas = self.canvas
        rgba, ax, ay = sprite.rgba, sprite.x, sprite.y
        if flip:
            rgba, ax = rgba[:, ::-1], rgba.shape[1] - ax
        if angle:
            rgba, ax, ay = _turned(rgba, ax, ay, angle)
        rgba, ax, ay = self._seen(rgba, fx, fy, ax, ay)
        if rgba.size == 0:
            return
        if fog > 0:
            # One matrix does it: every colour is pulled towards fog times alpha.
            pull = np.eye(4, dtype=np.float32)
            pull[:3, :3] *= 1 - fog
            pull[:3, 3] = np.array(self.light.fog, np.float32) * fog
            rgba = cv2.transform(np.ascontiguousarray(rgba), pull)
        if blur > 0:
            sigma = blur * canvas.unit
            pad = int(sigma * 2.5) + 1
            rgba = cv2.copyMakeBorder(rgba, pad, pad, pad, pad, cv2.BORDER_CONSTANT)
            rgba = soft(rgba, sigma)
            ax, ay = ax + pad, ay + pad
        x, y = fx * canvas.width - ax, fy * canvas.height - ay
        if shadow > 0:
            self._ground(rgba, x, fy, ay, shadow)
        if reflect > 0:
            self._mirror(rgba, x, fy, ay, reflect)
        canvas.over(rgba, round(x), round(y), opacity)

    def _seen(
        self, rgba: Array, fx: float, fy: float, ax: float, ay: float
    ) -> tuple[Array, float, float]:
        """Cuts off empty margins and what lies far outside the frame."""
        alpha = rgba[..., 3]
        columns = np.flatnonzero(alpha[::2].max(axis=0) > 0.003)
        rows = np.flatnonzero(alpha[:, ::2].max(axis=1) > 0.003)
        if columns.size == 0 or rows.size == 0:
            return rgba[:0], ax, ay
        reach = int(0.3 * self.canvas.unit)
        left, top = fx * self.canvas.width - ax, fy * self.canvas.height - ay
        x0 = max(int(columns[0]) - 2, int(-left) - reach, 0)
        x1 = min(int(columns[-1]) + 3, int(self.canvas.width - left) + reach)
        y0 = max(int(rows[0]) - 2, int(-top) - reach, 0)
        y1 = min(int(rows[-1]) + 3, rgba.shape[0])
        return rgba[y0:y1, x0:x1], ax - x0, ay - y0

    def put(
        self,
        name: str,
        fx: float,
        fy: float,
        size: float,
        tint: RGB | None = None,
        *,
        key: object = 0,
        fog: float = 0.0,
        blur: float = 0.0,
        shadow: float = 0.0,
        flip: bool = False,
        angle: float = 0.0,
        reflect: float = 0.0,
        opacity: float = 1.0,
    ) -> None:
        """Draws and places a named thing in one go; what shines lights its surroundings."""
        sprite = self.draw(name, size, tint, fx, key)
        self.place(
            sprite,
            fx,
            fy,
            fog=fog,
            blur=blur,
            shadow=shadow,
            flip=flip,
            angle=angle,
            reflect=reflect,
            opacity=opacity,
        )

    def glow_later(self, fx: float, fy: float, radius: float, colour: RGB, strength: float) -> None:
        self.lights.append((fx, fy, radius, colour, strength))

    def _ground(self, rgba: Array, x: float, fy: float, anchor: float, strength: float) -> None:
        """A contact shadow under the thing, and its cast shadow away from the light."""
        canvas = self.canvas
        height, width = rgba.shape[:2]
        part = min(1.0, 150 / max(width, height))
        size = (max(4, int(width * part)), max(4, int(height * part)))
        small = cv2.resize(np.ascontiguousarray(rgba[..., 3]), size, interpolation=cv2.INTER_AREA)
        foot = int(anchor * part)
        small = small[: max(2, foot)]
        away = -np.sign(self.light.sun_x - (x + width / 2) / canvas.width) or 1.0
        length = 0.34 if self.light.low else 0.15
        lean = away * (0.85 if self.light.low else 0.35)
        out_w, out_h = size[0] * 3, max(6, int(len(small) * (length + 0.10)) + 8)
        matrix = np.array(
            [[1, -lean, size[0] + lean * len(small)], [0, -length, len(small) * length + 3]],
            np.float32,
        )
        cast = cv2.warpAffine(small, matrix, (out_w, out_h))
        cast = cv2.GaussianBlur(cast, (0, 0), max(0.8, size[0] * 0.022))
        fade = np.linspace(1.0, 0.25, out_h, dtype=np.float32)[:, None]
        direct = 0.25 if self.light.hour in ("overcast", "storm", "dusk") else 0.62
        # Contact: what of the thing is lowest presses darkest.
        low = small[int(len(small) * 0.80) :].max(axis=0)
        contact = np.zeros((out_h, out_w), np.float32)
        contact[1 : 1 + max(2, int(size[0] * 0.035)), size[0] : 2 * size[0]] = low
        contact = cv2.GaussianBlur(contact, (0, 0), max(1.0, size[0] * 0.03)) * 1.3
        field = np.clip(cast * fade * direct + contact * 0.8, 0, 1) * strength
        full = cv2.resize(
            field, (int(out_w / part), int(out_h / part)), interpolation=cv2.INTER_LINEAR
        )
        left, top = round(x - width), round(fy * canvas.height - 4 / part)
        tint = (0.05, 0.06, 0.12)
        canvas.wash(
            (tint[0] * 0.6, tint[1] * 0.6, tint[2] * 0.6), np.clip(full * 0.72, 0, 1), left, top
        )

    def _mirror(self, rgba: Array, x: float, fy: float, anchor: float, strength: float) -> None:
        canvas = self.canvas
        above = rgba[: max(2, int(anchor))][::-1]
        above = cv2.resize(above, (above.shape[1], max(2, int(above.shape[0] * 0.82))))
        above = above[: max(2, int((self.shore - fy) * canvas.height))]
        h, w = above.shape[:2]
        rng = self.rng("ripple", round(x))
        wave = fbm(rng, (h, w), max(3.0, 26 * h / canvas.unit), 3, stretch=6) - 0.5
        y, xx = np.mgrid[0:h, 0:w].astype(np.float32)
        reach = 0.030 * canvas.unit * (0.3 + y / h)
        warped = cv2.remap(above, xx + wave * reach, y + wave * reach * 0.4, cv2.INTER_LINEAR)
        fade = np.linspace(1, 0.15, h, dtype=np.float32)[:, None, None] * strength
        warped = warped * fade * np.array([0.72, 0.8, 0.88, 1.0], np.float32)
        canvas.over(warped.astype(np.float32), round(x), round(fy * canvas.height))


def soft(rgba: Array, sigma: float) -> Array:
    """A wide blur at the price of a narrow one."""
    factor = max(1, int(sigma / 3))
    if factor == 1:
        return cv2.GaussianBlur(rgba, (0, 0), sigma)
    h, w = rgba.shape[:2]
    small = cv2.resize(
        rgba, (max(2, w // factor), max(2, h // factor)), interpolation=cv2.INTER_AREA
    )
    small = cv2.GaussianBlur(small, (0, 0), sigma / factor)
    return cv2.resize(small, (w, h), interpolation=cv2.INTER_LINEAR)


def _turned(rgba: Array, ax: float, ay: float, angle: float) -> tuple[Array, float, float]:
    h, w = rgba.shape[:2]
    matrix = cv2.getRotationMatrix2D((ax, ay), -angle, 1.0)
    corners = matrix @ np.array([[0, w, 0, w], [0, 0, h, h], [1, 1, 1, 1]], float)
    low, high = corners.min(1), corners.max(1)
    matrix[:, 2] -= low
    size = (int(high[0] - low[0]) + 1, int(high[1] - low[1]) + 1)
    turned = cv2.warpAffine(rgba, matrix, size, flags=cv2.INTER_LINEAR)
    at = matrix @ np.array([ax, ay, 1.0])
    return turned, float(at[0]), float(at[1])
