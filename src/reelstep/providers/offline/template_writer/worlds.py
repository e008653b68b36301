"""The places where stories play, how a prompt names them, and what is seen there.

A world is what the sentences know; a view is the illustrator's word for one way of drawing it.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterable, Mapping

_OF_VIEW = {
    "garden": "garden", "meadow": "meadow", "forest": "forest", "mountain": "mountain",
    "snow": "snow", "desert": "desert", "savanna": "savanna", "beach": "coast", "sea": "sea",
    "lake": "lake", "underwater": "underwater", "city": "city", "street": "city",
    "village": "village", "market": "village", "room": "home", "stage": "stage",
    "mars": "planet", "moonscape": "planet", "space": "space", "clouds": "clouds",
    "castle_hill": "castle",
}  # fmt: skip
WORLDS = tuple(dict.fromkeys(_OF_VIEW.values()))
_VIEW = {"coast": "beach", "home": "room", "planet": "mars", "castle": "castle_hill"}

SHOWN = {
    "garden": ("garden", "flowers", "tree", "bench"),
    "meadow": ("meadow", "tree", "flower"),
    "forest": ("forest", "trees", "mushroom"),
    "mountain": ("mountain", "pine"),
    "snow": ("snow", "pine"),
    "desert": ("desert", "cactus"),
    "savanna": ("savanna", "tree"),
    "coast": ("beach", "boat"),
    "sea": ("sea",),
    "lake": ("lake", "reeds", "tree"),
    "underwater": ("underwater", "fish"),
    "city": ("city", "streetlamp"),
    "village": ("village", "house", "fountain"),
    "home": ("room", "lamp", "book"),
    "stage": ("stage", "notes"),
    "planet": ("mars",),
    "space": ("space", "planet"),
    "clouds": ("clouds",),
    "castle": ("castle hill", "castle"),
}
"""What the illustrator should show of a world: its place first, then what is typical."""

INSIDE = frozenset({"home", "stage"})
AIRLESS = frozenset({"space", "planet", "underwater"})
UNDER_SKY = frozenset(WORLDS) - INSIDE - AIRLESS
STARLIT = UNDER_SKY | {"planet", "space"}
GREEN = frozenset(
    ["garden", "meadow", "forest", "mountain", "lake", "village", "castle", "savanna"]
)
FIRM = frozenset(WORLDS) - {"sea", "underwater", "space", "clouds"}
WATERY = frozenset({"coast", "sea", "lake"})
PEOPLED = frozenset(["garden", "city", "village", "home", "stage", "castle"])
ROOFED = frozenset({"city", "village", "castle", "home"})

NEIGHBOURS = {
    "garden": "meadow village home lake forest", "meadow": "village forest lake garden mountain",
    "forest": "lake meadow mountain village castle",
    "mountain": "lake village forest clouds castle",
    "snow": "mountain forest village home", "desert": "village mountain savanna coast clouds",
    "savanna": "lake desert mountain forest meadow", "coast": "sea village meadow home lake",
    "sea": "coast underwater village", "lake": "meadow forest village mountain garden",
    "underwater": "sea coast", "city": "home stage lake garden village", "village": "meadow lake "
    "garden home mountain", "home": "garden city village lake", "stage": "city home garden",
    "planet": "space", "space": "planet clouds", "clouds": "mountain lake coast meadow village",
    "castle": "forest mountain village lake meadow",
}  # fmt: skip
"""Where a long film goes from there, nearest first."""
FARTHER = ("meadow", "forest", "lake", "village", "mountain", "coast", "city", "home", "garden",
           "castle")  # fmt: skip

_IMPLIED = {
    "space": "rocket saturn planet satellite ufo comet",
    "sea": "boat ship whale dolphin",
    "coast": "lighthouse palm icecream turtle",
    "underwater": "fish",
    "savanna": "lion elephant giraffe zebra tiger dinosaur",
    "desert": "camel pyramid cactus",
    "snow": "penguin snowman aurora",
    "forest": "fox wolf bear deer owl mushroom campfire tent pine leaves",
    "meadow": "cow sheep windmill horse bicycle kite sunflower rainbow ball car rabbit",
    "castle": "castle dragon unicorn crown treasure",
    "city": "eiffel streetlamp bus",
    "lake": "duck frog bridge",
    "mountain": "train",
    "clouds": "plane hotair",
    "village": "mosque church temple",
    "stage": "guitar trophy piano",
    "garden": "butterfly bee flower fountain bench balloon cake bunting confetti gift",
    "home": "computer phone clock apple candle telescope mouse",
}
_WORLD_OF = {name: world for world, names in _IMPLIED.items() for name in names.split()}
_WEAK = frozenset(_IMPLIED["garden"].split()) | set(_IMPLIED["home"].split()) | {
    "fish", "rainbow", "ball", "car", "planet", "crown", "treasure", "leaves", "pine"}  # fmt: skip
"""Things that may also be found elsewhere."""
_RARE = ("mars", "moonscape", "underwater", "castle_hill", "savanna", "stage")
"""Views that decide even when another place is named first: "a submarine in the sea"."""


def view_named(views: Iterable[str], things: Iterable[str]) -> str | None:
    """Of the places that a prompt names, the one where its story plays."""
    named = [view for view in views if view != "snow"]
    things = set(things)
    if "clouds" in named and not things & {"plane", "hotair", "kite", "bird"}:
        # The illustrator's word for flying and for dreams, too.
        named.remove("clouds")
    for view in _RARE:
        if view in named:
            return view
    afloat = things & {"boat", "ship", "whale", "dolphin"}
    if named[:1] == ["sea"]:
        return "sea" if afloat or "lighthouse" in things else "beach"
    if "city" in named and "street" in named:
        return "street" if things & {"eiffel", "coffee", "table", "umbrella"} else "city"
    if named:
        return named[0]
    return "snow" if "snow" in views else None


def infer(
    views: Iterable[str],
    things: Iterable[str],
    elements: Iterable[str],
    clues: Mapping[str, re.Pattern[str]],
    text: str,
) -> str | None:
    """The world of a prompt: where it says that it plays, else where what it shows is at home.

    `views` and `things` are the concepts that the prompt names, `elements` those of what it asks
    to be shown; `clues` are looked for in its `text`. None when nothing speaks for a place.
    """
    things, elements = list(things), list(elements)
    named = view_named(views, [*things, *elements])
    if named in {"sea", "beach"} and clues["underwater"].search(text):
        return "underwater"
    if named and named != "snow":
        return _OF_VIEW[named]
    votes: Counter[str] = Counter()
    for world, words in clues.items():
        if words.search(text):
            votes[world] += 4
    for weight, names in ((3, things), (1, elements)):
        for name in names:
            if name in _WORLD_OF:
                votes[_WORLD_OF[name]] += weight - (weight > 1 and name in _WEAK)
    if named == "snow" and votes["mountain"] < 3:
        return "village" if votes["village"] else "snow"
    if {"boat", "ship"} & {*things} and "lighthouse" in things:
        return "sea"
    return votes.most_common(1)[0][0] if votes else None


def view_of(world: str, views: Iterable[str], things: Iterable[str], index: int) -> str:
    """How to draw `world` in scene `index` of a film that names `views`."""
    views, things = list(views), set(things)
    if world == "coast" and things & {"lighthouse", "ship"}:
        return "sea"
    if world == "city" and "street" not in views and "city" in views:
        return "city"
    if world == "city" and views:
        return "street"
    for view in views:
        if _OF_VIEW.get(view) == world:
            return view
    if world == "city":
        return ("street", "city")[index % 2]
    return _VIEW.get(world, world)


def shows(world: str, text_views: Iterable[str]) -> bool:
    """Whether one of the views is a way of drawing the world."""
    return any(_OF_VIEW.get(view) == world for view in text_views)


def journey(home: str, count: int, rng: random.Random) -> list[str]:
    """`count` scenes' worlds, two scenes in each, near ones first."""
    near = NEIGHBOURS[home].split()
    far = [world for world in FARTHER if world not in {*near, home}]
    rng.shuffle(far)
    route = [*near, *far]
    return [route[index // 2 % len(route)] for index in range(count)]
