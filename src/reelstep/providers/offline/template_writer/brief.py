"""Reads a prompt: what it is about, who is in it, where it plays, and what it asks to be shown.

Nothing here understands language; it looks for what people write when they ask for a video
("Une vidéo de …", "a cat on the beach", "wishing me a happy birthday"). What it does not find
stays None, and the story does without.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from reelstep.providers.base import ScriptRequest
from reelstep.providers.offline.template_writer import heroes
from reelstep.providers.offline.template_writer.heroes import Subject
from reelstep.providers.offline.template_writer.material import Grammar, Material
from reelstep.providers.offline.template_writer.texts import (
    EDGES,
    clean,
    pictured,
    split_sentences,
    without_emoji,
)
from reelstep.providers.offline.template_writer.worlds import infer, shows

_LONGEST_CORE = 110
_URL = re.compile(r"(?:https?|ftp)://\S+|www\.\S+")

_STORIES = frozenset({"story", "adventure", "love"})
"""Themes whose hero acts."""


@dataclass(frozen=True)
class Brief:
    core: str | None
    """The prompt without "a video of"; None when there is nothing to quote."""
    sentences: tuple[str, ...]
    """The prompt's own sentences when it tells a story itself, else empty."""
    question: str | None
    """The prompt's first sentence when it asks something."""
    theme: str
    subject: Subject | None
    place: str | None
    """A phrase with its preposition: "dans un jardin fleuri"."""
    name: str | None
    """Who is greeted."""
    clause: bool
    """Whether `core` is a whole sentence."""
    world: str | None
    """Where it plays, as one of WORLDS."""
    views: tuple[str, ...]
    """The illustrator's words for the places that the prompt names."""
    things: tuple[str, ...]
    """Concepts that the prompt shows, in order of mention."""
    shown: frozenset[str]
    """Concepts that the film shows, those it is asked for included."""
    hour: str | None
    """The illustrator's word for the time of day."""
    weather: frozenset[str]
    """The illustrator's words for the weather, and "snowy"."""


def read(request: ScriptRequest, material: Material) -> Brief:
    """What `request`'s prompt says, read with the grammar of `material`'s language."""
    grammar = material.grammar
    prompt = clean(request.prompt)
    bare = clean(without_emoji(_URL.sub(" ", prompt)))
    sentences = tuple(
        sentence for sentence in split_sentences(bare) if not grammar.instructions.search(sentence)
    )
    first = sentences[0] if sentences else bare
    core = _core(first, grammar)
    if core and material.language != "de" and heroes.leads(core):
        core = core[:1].lower() + core[1:]  # "Robots dancing", quoted within a sentence
    asked = pictured(", ".join(request.elements))
    own = pictured(prompt)
    views = _of_kind("setting", own)
    things = _of_kind("element", own)
    implied = [thing for thing, words in material.implies.items() if words.search(bare)]
    things = tuple(dict.fromkeys([*things, *implied]))
    extras = _of_kind("element", asked)
    quotable = core if core and len(core) <= _LONGEST_CORE and _is_text(core) else None
    companion = bool(grammar.companion.search(bare))
    theme = _theme(prompt, own + asked, material)
    if theme == "product" and quotable and ": " in quotable:
        quotable = quotable.partition(": ")[2]
    tells = len(sentences) > 1 and sum(map(len, sentences)) >= 90
    world = infer(views, things, extras, material.clues, bare)
    if theme == "christmas" and world == "snow":
        world = "village"  # The illustrator's word for Christmas is snow, too.
    place = _place(core, grammar) if core else None
    if place and not shows(world or "", _of_kind("setting", pictured(place))):
        place = None
    subject = None
    if core and not companion:
        subject = heroes.subject(core, material)
        if theme in _STORIES and not (subject and subject.definite):
            subject = heroes.named(core, things, material, subject)
    weather = {*_of_kind("weather", own), *_of_kind("weather", asked)}
    if "snow" in views:
        weather.add("snowy")
    hours = [*_of_kind("hour", own), *_of_kind("hour", asked)]
    if not hours and {"moon", "star", "aurora", "fireworks", "comet"} & {*things, *extras}:
        hours = ["night"]
    dark = [hour for hour in hours if hour in {"night", "dusk"}]
    return Brief(
        core=None if companion else quotable,
        sentences=sentences if tells else (),
        question=first if first.endswith(("?", "؟")) and len(first) <= _LONGEST_CORE else None,
        theme=theme,
        subject=subject,
        place=place,
        name=_name(bare, grammar),
        clause=bool(quotable and not companion and heroes.acts(quotable, material)),
        world=world,
        views=views,
        things=things,
        shown=frozenset((*things, *extras)),
        hour=next(iter(dark or [hour for hour in hours if hour != "storm"]), None),
        weather=frozenset(weather),
    )


def _of_kind(kind: str, found: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for of, name in found if of == kind))


def _is_text(core: str) -> bool:
    letters = sum(character.isalpha() for character in core)
    return letters >= 2 and letters * 2 >= len(core.replace(" ", ""))


def _core(sentence: str, grammar: Grammar) -> str | None:
    core = sentence.strip(EDGES)
    shouted = core.isupper() and len(core) > 3
    for _ in range(2):
        for request in grammar.requests:
            core = request.sub("", core, count=1).strip(EDGES)
    if shouted:
        core = core.lower()
    if core.split(" ")[0].lower() in grammar.articles:
        core = core[:1].lower() + core[1:]
    return core or None


def _place(core: str, grammar: Grammar) -> str | None:
    """The first phrase of `core` that begins like a place and shows one."""
    for match in re.finditer(rf"(?<!\w)(?:{grammar.places.pattern})(?!\w)", core, re.IGNORECASE):
        words: list[str] = []
        for word in core[match.end() :].split():
            ended = words and grammar.stops.match(word.strip(EDGES)) and len(words) > 1
            if len(words) == 7 or ended:
                break
            words.append(word)
            if word[-1] in ",;.:،":
                break
        phrase = f"{core[match.start() : match.end()]} {' '.join(words)}".strip(EDGES)
        if words and any(kind == "setting" for kind, _ in pictured(phrase)):
            return phrase[0].lower() + phrase[1:]
    return None


def _theme(prompt: str, seen: tuple[tuple[str, str], ...], material: Material) -> str:
    for theme, words in material.themes.items():
        if words.search(prompt):
            return theme
    shown = {name for _, name in seen}
    if "birthday" in " ".join(unicodedata.name(c, "").lower() for c in prompt if ord(c) > 0x2000):
        return "birthday"
    if {"cake", "balloon"} <= shown or {"cake", "candle"} <= shown:
        return "birthday"
    return "story"


def _name(prompt: str, grammar: Grammar) -> str | None:
    match = grammar.names.search(prompt)
    if match is None:
        return None
    name = match[1]
    return name.capitalize() if name.isupper() else name
