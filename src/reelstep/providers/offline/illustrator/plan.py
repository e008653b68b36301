"""From a request to a scene plan: where, when, in what weather, what is shown and from where.

The film's own prompt decides the world (setting, palette, what keeps coming back); the scene's
words, number and camera decide this view of it.
"""

from __future__ import annotations

from dataclasses import dataclass

from reelstep.providers.base import PictureRequest, VisualStyle
from reelstep.providers.offline.illustrator.colour import NAMED, RGB
from reelstep.providers.offline.illustrator.noise import stream
from reelstep.providers.offline.illustrator.reading import concepts, of_kind

# What an element says about the place, when nobody named one.
_HOME = {
    "space": "rocket saturn planet satellite ufo comet star",
    "sea": "boat ship lighthouse whale dolphin",
    "underwater": "fish turtle",
    "savanna": "lion elephant giraffe zebra tiger dinosaur",
    "desert": "camel pyramid cactus",
    "beach": "palm icecream",
    "snow": "penguin snowman aurora",
    "forest": "fox wolf bear deer owl mushroom campfire tent pine tree leaves",
    "meadow": "cow sheep windmill horse bicycle kite hotair sunflower bee butterfly rainbow ball "
    "bird rabbit house",
    "castle_hill": "castle dragon unicorn crown treasure",
    "street": "eiffel streetlamp umbrella car bus coffee table",
    "lake": "duck frog bridge temple",
    "city": "fireworks",
    "room": "book lamp computer clock piano phone camera candle cat dog mouse apple telescope",
    "stage": "guitar notes trophy",
    "garden": "balloon cake gift bunting confetti flower bench fountain lantern heart",
    "mountain": "train plane church",
    "village": "mosque",
}
_IMPLIED = {name: place for place, names in _HOME.items() for name in names.split()}
_BY_MOOD = {
    "joyful": ("garden", "meadow", "beach"),
    "calm": ("lake", "meadow", "sea"),
    "epic": ("mountain", "castle_hill", "sea"),
    "romantic": ("beach", "garden", "lake"),
    "mysterious": ("forest", "lake", "castle_hill"),
    "sad": ("sea", "lake", "street"),
}

_DRY = {"garden", "meadow", "forest", "mountain", "castle_hill", "village", "savanna", "desert"}

CAMERAS = {
    "close": "close closeup gros rapproche primer nah detail nahaufnahme portrait",
    "low": "low contre bajo contrapicado froschperspektive untersicht bottom",
    "high": "high aerial aerien aerienne drone bird above plongee picado cenital vogelperspektive "
    "aufsicht top overhead luftaufnahme aereo aerea",
}


@dataclass(frozen=True)
class Element:
    """A thing to show and the colour asked for, if any."""

    name: str
    tint: RGB | None = None


@dataclass(frozen=True)
class ScenePlan:
    """Everything a painter needs; positions are fractions of the frame."""

    style: VisualStyle
    setting: str
    hour: str
    weather: frozenset[str]
    mood: str
    elements: tuple[Element, ...]
    snowy: bool
    camera: str
    horizon: float
    sun_x: float
    sun_y: float
    free_side: str
    """Where the companion will stand: left or right."""
    world: int
    """Seed of what all scenes of the film share."""
    view: int
    """Seed of this scene's own accidents."""

    @property
    def stage(self) -> tuple[float, float]:
        """The span of x where main subjects may stand."""
        return (0.37, 0.98) if self.free_side == "left" else (0.02, 0.63)

    def across(self, part: float) -> float:
        """A place on the stage: 0 is next to the companion, 1 at the outer edge."""
        low, high = self.stage
        return low + (high - low) * part if self.free_side == "left" else high - (high - low) * part

    def has(self, name: str) -> bool:
        return any(element.name == name for element in self.elements)

    def tint(self, name: str) -> RGB | None:
        return next((e.tint for e in self.elements if e.name == name), None)


def _named(text: str, found: dict[str, RGB | None]) -> None:
    """Adds the elements of a text, each with a colour word that stands in the same text."""
    pairs = concepts(text)
    colours = [name for kind, name in pairs if kind == "colour"]
    names = [name for kind, name in pairs if kind == "element"]
    for index, name in enumerate(names):
        tint = None
        if colours and len(names) <= 2 and index == 0:
            tint = NAMED[colours[0]]
        if name not in found or (found[name] is None and tint is not None):
            found[name] = tint


def _elements(request: PictureRequest) -> tuple[Element, ...]:
    own: dict[str, RGB | None] = {}
    for text in request.visual_elements:
        _named(text, own)
    described: dict[str, RGB | None] = {}
    _named(request.description, described)
    shared: dict[str, RGB | None] = {}
    _named(request.prompt, shared)
    merged = dict(own)
    for source in (described, shared):
        for name, tint in source.items():
            if name in merged:
                merged[name] = merged[name] or tint
            elif len(merged) < 7:
                merged[name] = tint
    return tuple(Element(name, tint) for name, tint in merged.items())


def _setting(request: PictureRequest, names: tuple[str, ...], mood: str) -> tuple[str, bool]:
    here = of_kind("setting", request.description, request.visual_elements)
    film = of_kind("setting", request.prompt)
    snowy = (
        "snow" in film
        or "snow" in here
        or "snowfall" in of_kind("weather", request.description, request.prompt)
    )
    order = [*film[:2], *here] if not here or set(here) & set(film) else [*here, *film]
    # Snow is a state of other places; alone it is a place.
    places = [place for place in order if place != "snow"]
    if places:
        chosen = places[0]
        if chosen == "street" and "city" in places and "eiffel" not in names:
            chosen = "city"
        if chosen in ("sea", "mountain") and "underwater" in places:
            chosen = "underwater"
        afloat = {"boat", "ship", "duck", "whale", "dolphin"} & set(names[:3])
        if afloat and chosen in _DRY:
            chosen = "sea" if afloat & {"ship", "whale", "dolphin"} else "lake"
        return chosen, snowy
    if "snow" in order:
        return "snow", True
    for name in names:
        if name in _IMPLIED:
            return _IMPLIED[name], snowy or _IMPLIED[name] == "snow"
    choices = _BY_MOOD.get(mood, ("meadow", "lake", "mountain"))
    return choices[int(stream(request.prompt, request.seed).integers(len(choices)))], snowy


def _hour(request: PictureRequest, weather: frozenset[str], setting: str, rng_hour: int) -> str:
    lighting = of_kind("hour", request.lighting)
    here = of_kind("hour", request.description, request.visual_elements)
    film = of_kind("hour", request.prompt)
    chosen = None
    if film and (not lighting or lighting[0] == "day"):
        chosen = film[0]
    if chosen is None:
        chosen = (lighting or here or film or (None,))[0]
    if chosen is None:
        chosen = ("day", "golden", "day", "sunset", "dawn")[rng_hour % 5]
    words = set(film) | set(here) | set(lighting)
    if "storm" in weather and setting not in ("space", "moonscape", "underwater"):
        return "storm"
    if "storm" in words and chosen == "night":
        return "storm"
    moonlit = any(e == "moon" for e in of_kind("element", request.prompt, request.description))
    if moonlit and chosen in ("day", "golden", "overcast"):
        chosen = "night"
    if "rain" in weather and chosen in ("day", "golden"):
        chosen = "overcast"
    return chosen


def hour_of(lighting: str) -> str:
    """The hour that a lighting text names; day if none."""
    return (of_kind("hour", lighting) or ("day",))[0]


def _camera(text: str) -> str:
    heard = set(text.casefold().replace("-", " ").replace("_", " ").split())
    for name, words in CAMERAS.items():
        if heard & set(words.split()):
            return name
    return "wide"


def plan_scene(request: PictureRequest) -> ScenePlan:
    """A pure function of the request."""
    world = stream("world", request.seed, request.prompt)
    world_seed = int(world.integers(1 << 62))
    view_seed = int(
        stream("view", world_seed, request.scene_number, request.description).integers(1 << 62)
    )
    view = stream("plan", view_seed)
    mood = (of_kind("mood", request.mood, request.description, request.prompt) or ("calm",))[0]
    elements = _elements(request)
    setting, snowy = _setting(request, tuple(e.name for e in elements), mood)
    weather = frozenset(
        of_kind(
            "weather",
            request.description,
            request.visual_elements,
            request.prompt,
            request.lighting,
        )
    )
    hour = _hour(request, weather, setting, int(world.integers(5)))
    camera = _camera(request.camera_angle)
    side = request.free_side
    horizon = {"wide": 0.57, "close": 0.52, "low": 0.70, "high": 0.36}[camera]
    horizon += float(view.uniform(-0.025, 0.025))
    low = hour in ("dawn", "golden", "sunset", "dusk")
    # The source stands over the subject's side, or behind the companion, in turn.
    across = (
        float(view.uniform(0.62, 0.84)) if view.random() < 0.6 else float(view.uniform(0.16, 0.34))
    )
    sun_x = across if side == "left" else 1 - across
    part = (request.scene_number - 1) / max(1, request.scene_count - 1)
    if hour == "night":
        sun_y = float(view.uniform(0.13, 0.22))
    elif low:
        drift = {"dawn": -0.06 * part, "golden": 0.08 * part, "sunset": 0.05 * part, "dusk": 0.05}[
            hour
        ]
        sun_y = horizon - (0.17 if hour == "golden" else 0.09) + drift
    else:
        sun_y = float(view.uniform(0.10, 0.20))
    if any(element.name == "sun" for element in elements) and low:
        sun_y = horizon - 0.27  # asked for: above the hills, where it is seen
    return ScenePlan(
        request.visual_style,
        setting,
        hour,
        weather,
        mood,
        elements,
        snowy,
        camera,
        horizon,
        sun_x,
        sun_y,
        side,
        world_seed,
        view_seed,
    )
