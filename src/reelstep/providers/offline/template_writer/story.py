"""Plans a story: what each scene is about and where it plays."""

from __future__ import annotations

import random
from collections.abc import Collection
from dataclasses import dataclass, replace

from reelstep.providers.base import MusicStyle, ScriptRequest
from reelstep.providers.offline.template_writer.brief import Brief
from reelstep.providers.offline.template_writer.texts import pictured
from reelstep.providers.offline.template_writer.worlds import journey

MOODS = {
    MusicStyle.UPBEAT: "joyful",
    MusicStyle.CALM: "calm",
    MusicStyle.EPIC: "epic",
    MusicStyle.ROMANTIC: "romantic",
}

# Where a theme plays when the prompt does not say.
_HOMES = {
    "birthday": ("garden", "home"), "anniversary": ("garden", "lake"), "christmas": ("village",),
    "newyear": ("city",), "love": ("lake", "garden", "coast"), "thanks": ("garden", "village"),
    "congrats": ("city", "garden"), "product": ("home", "city"), "explainer": ("home",),
    "adventure": ("mountain", "castle", "forest"),
}  # fmt: skip
_BY_MOOD = {
    "joyful": ("garden", "meadow", "village"), "calm": ("lake", "meadow", "garden"),
    "epic": ("mountain", "coast", "meadow"), "romantic": ("lake", "garden", "coast"),
}  # fmt: skip
GREETINGS = frozenset({"birthday", "anniversary", "christmas", "newyear", "thanks", "congrats"})
"""Themes in which somebody is spoken to."""
WITHOUT_SCENERY = frozenset({"product", "explainer", "thanks", "congrats"})
"""Themes in which small events of the place would seem out of place."""
LONG = 90
"""Seconds from which a film also visits other places and moods."""


@dataclass(frozen=True)
class Topic:
    """What a scene is about: `kind` is opening | element | theme | world | turn | closing."""

    kind: str
    world: str
    what: str = ""
    """The element's text or concept, for `element`."""
    arriving: bool = False
    returning: bool = False
    extra: tuple[str, ...] = ()
    """Elements that found no scene of their own."""


def plan(
    request: ScriptRequest,
    brief: Brief,
    count: int,
    rng: random.Random,
    tellable: Collection[str],
) -> list[Topic]:
    """What each of `count` scenes is about. `tellable` are the things that have sentences."""
    mood = MOODS[request.music_style]
    home = brief.world or rng.choice(_HOMES.get(brief.theme, _BY_MOOD[mood]))
    middle = count - 2
    named = list(dict.fromkeys(element.strip() for element in request.elements if element.strip()))
    covered = {name for element in named for kind, name in pictured(element) if kind == "element"}
    things = [thing for thing in brief.things if thing in tellable]
    shown = named + [thing for thing in things if thing not in covered]
    elements = [Topic("element", home, what=thing) for thing in shown]
    crowded = shown[middle:]
    elements = elements[:middle]
    rest = middle - len(elements)
    turns = 1 if middle >= 3 and rest >= 2 and request.duration_seconds > LONG else 0
    # Only long films travel; short ones stay where the prompt plays.
    at_home = rest - turns
    if request.duration_seconds > LONG:
        at_home = min(at_home, 2 + count // 8)
    kinds = ("theme",) if brief.theme in WITHOUT_SCENERY else ("theme", "world")
    themes = [Topic(kinds[index % len(kinds)], home) for index in range(at_home)]
    away = _journeys(home, rest - turns - at_home, rng)
    topics = _woven(elements, themes)
    # Away in the middle, so that the film ends where it began.
    cut = (len(topics) * 2 + 2) // 3
    if away and len(away) > 3:
        away[-1] = Topic("world", home, returning=True)
    topics[cut:cut] = away
    if turns:
        at = round(len(topics) * 0.62)
        topics.insert(at, Topic("turn", topics[at - 1].world))
    return _with_extras([Topic("opening", home), *topics, Topic("closing", home)], crowded)


def _with_extras(topics: list[Topic], crowded: list[str]) -> list[Topic]:
    """`crowded` elements put beside the topics, from the last scene backwards."""
    extras: list[list[str]] = [[] for _ in topics]
    for index, what in enumerate(crowded):
        extras[-1 - index % len(topics)].append(what)
    return [replace(topic, extra=tuple(more)) for topic, more in zip(topics, extras, strict=True)]


def _journeys(home: str, count: int, rng: random.Random) -> list[Topic]:
    """Scenes elsewhere, in an order that makes a way there and back."""
    worlds = journey(home, count, rng)
    return [Topic("world", world, arriving=index % 2 == 0) for index, world in enumerate(worlds)]


def _woven(first: list[Topic], second: list[Topic]) -> list[Topic]:
    """Both lists in their order, spread evenly, `first` first."""
    marked = [((index + 0.4) / max(len(first), 1), topic) for index, topic in enumerate(first)]
    marked += [((index + 0.6) / max(len(second), 1), topic) for index, topic in enumerate(second)]
    return [topic for _, topic in sorted(marked, key=lambda item: item[0])]
