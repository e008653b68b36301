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
from reelstep.providers.offline.illustrator.reading import concepts as concepts_in
from reelstep.providers.offline.template_writer.german import nominative
from reelstep.providers.offline.template_writer.material import Grammar, Material

_LONGEST_CORE = 110
_LONGEST_SUBJECT = 80
_SPACES = re.compile(r"\s+")
_URL = re.compile(r"(?:https?|ftp)://\S+|www\.\S+")
_SENTENCE = re.compile(r"[^.!?…؟。！？]+(?:[.!?…؟]+[\"'»”)]*(?=\s|$)|[。！？]+|$|[.!?…؟]+)")
_EDGES = " \t\"'«»“”„.,;:!?…،؛؟。-–—"

# The illustrator's places → the setting that our sentences know.
_SETTINGS = {
    "garden": "garden", "meadow": "road", "forest": "forest", "mountain": "mountain",
    "snow": "snow", "desert": "road", "savanna": "road", "beach": "sea", "sea": "sea",
    "lake": "river", "underwater": "sea", "city": "city", "street": "city", "village": "village",
    "market": "village", "room": "home", "stage": "city", "mars": "space", "moonscape": "space",
    "space": "space", "clouds": "stars", "castle_hill": "mountain",
}  # fmt: skip


_ACTING = (
    "cat dog lion horse unicorn rabbit bear fox wolf tiger elephant giraffe zebra cow sheep camel "
    "deer mouse bird owl penguin duck butterfly bee fish whale dolphin turtle frog dragon dinosaur "
    "robot snowman"
)
_ANIMATE = frozenset(_ACTING.split())
"""Concepts that can be heroes."""
_GERMAN_RELATIVES = frozenset(["der", "die", "das", "dem", "den", "deren", "dessen"])


@dataclass(frozen=True)
class Subject:
    """The film's hero as the prompt names it: "un chat roux" and, later on, "le chat roux"."""

    phrase: str
    definite: str
    """Empty for what cannot act."""
    number: str
    """"one" or "many"."""


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
    setting: str | None
    """Where it plays, as one of the material's settings."""
    scenery: str | None
    """The same as the illustrator's word, which may be finer."""
    things: tuple[str, ...]
    """Concepts that the prompt shows, in order of mention."""
    hour: str | None
    """The illustrator's word for the time of day."""


def clean(text: str) -> str:
    """`text` on one line without control characters."""
    kept = "".join(
        " " if unicodedata.category(character) in {"Cc", "Zl", "Zp"} else character
        for character in text
        if unicodedata.category(character) not in {"Cs", "Cn", "Co"}
    )
    return _SPACES.sub(" ", kept).strip()


def split_sentences(text: str) -> tuple[str, ...]:
    """The sentences of `text`, each ending in its own punctuation or in a full stop."""
    found = (match[0].strip() for match in _SENTENCE.finditer(text))
    return tuple(
        sentence if sentence[-1] in ".!?…؟。！？»”\"'" else sentence + "."
        for sentence in found
        if any(character.isalnum() for character in sentence)
    )


def without_emoji(text: str) -> str:
    return "".join(
        c
        for c in text
        if unicodedata.category(c) not in {"So", "Sk", "Cf", "Mn"} or unicodedata.combining(c)
    )


def pictured(text: str) -> tuple[tuple[str, str], ...]:
    """(kind, concept) of the illustrator's lexicon in `text`, emoji read by their names."""
    named = "".join(
        f" {unicodedata.name(c, '').lower()} " if unicodedata.category(c) == "So" else c
        for c in text
    )
    return concepts_in(named)


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
    seen = pictured(prompt + ". " + ", ".join(request.elements))
    own = pictured(prompt)
    scenery = next((name for kind, name in own if kind == "setting"), None)
    place = _place(core, grammar) if core else None
    quotable = core if core and len(core) <= _LONGEST_CORE and _is_text(core) else None
    companion = bool(grammar.companion.search(bare))
    theme = _theme(prompt, seen, material)
    tells = len(sentences) > 1 and sum(map(len, sentences)) >= 90
    weather = {name for kind, name in own if kind == "weather"}
    setting = "rain" if "rain" in weather and scenery is None else _SETTINGS.get(scenery or "")
    return Brief(
        core=None if companion else quotable,
        sentences=sentences if tells else (),
        question=first if first.endswith(("?", "؟")) and len(first) <= _LONGEST_CORE else None,
        theme=theme,
        subject=_subject(core, material.language, grammar) if core and not companion else None,
        place=place,
        name=_name(bare, grammar),
        setting=setting,
        scenery=scenery,
        things=tuple(dict.fromkeys(name for kind, name in own if kind == "element")),
        hour=next((name for kind, name in own if kind == "hour"), None),
    )


def _is_text(core: str) -> bool:
    letters = sum(character.isalpha() for character in core)
    return letters >= 2 and letters * 2 >= len(core.replace(" ", ""))


def _core(sentence: str, grammar: Grammar) -> str | None:
    core = sentence.strip(_EDGES)
    shouted = core.isupper() and len(core) > 3
    for _ in range(2):
        for request in grammar.requests:
            core = request.sub("", core, count=1).strip(_EDGES)
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
            ended = words and grammar.stops.match(word.strip(_EDGES)) and len(words) > 1
            if len(words) == 7 or ended:
                break
            words.append(word)
            if word[-1] in ",;.:،":
                break
        phrase = f"{core[match.start() : match.end()]} {' '.join(words)}".strip(_EDGES)
        if words and any(kind == "setting" for kind, _ in pictured(phrase)):
            return phrase[0].lower() + phrase[1:]
    return None


def _subject(core: str, language: str, grammar: Grammar) -> Subject | None:
    words = core.split()
    article = words[0].lower() if words else ""
    if article not in grammar.articles:
        return None
    head = _head(words[1:], grammar)
    if head is None:
        return _thing(core, words, grammar)
    end = head + 2
    while end < len(words) and grammar.epithets.match(words[end].strip(_EDGES)):
        end += 1
    noun = [word.strip(_EDGES) for word in words[1:end]]
    definite, number = grammar.articles[article]
    named = " ".join(noun)
    rest = words[end:]
    # "a cat walks on the beach" is a whole sentence and cannot follow "Meet"; "a cat that …" can.
    aside = words[end - 1][-1] in ",;" and rest[:1] and rest[0].lower() in _GERMAN_RELATIVES
    follows = not rest or aside or _continues(rest[0], grammar)
    tail = core.split(words[end - 1], 1)[1].removeprefix(words[end - 1]) if rest else ""
    tail = words[end - 1][len(noun[-1]) :] + tail
    short = len(core) <= _LONGEST_SUBJECT
    if language == "de":
        resolved = nominative(article, noun)
        if resolved is None:
            return None
        begin, again = resolved
        return Subject(begin + (tail if short else "") if follows else "", again, number)
    phrase = f"{article} {named}" + (tail if short else "")
    if grammar.elision and definite in {"le", "la"} and grammar.elision.match(named):
        return Subject(phrase if follows else "", f"l'{named}", number)
    return Subject(phrase if follows else "", f"{definite} {named}", number)


def _head(words: list[str], grammar: Grammar) -> int | None:
    """The place among the first words of the one that says who it is: "cat" in "small cat that"."""
    for index, word in enumerate(words[:4]):
        bare = word.strip(_EDGES)
        if grammar.people.match(bare) or any(name in _ANIMATE for _, name in pictured(bare)):
            return index
        if grammar.stops.match(bare):
            return None
    return None


def _thing(core: str, words: list[str], grammar: Grammar) -> Subject | None:
    """A film about something that does not act: it can be presented, but does nothing."""
    plain = len(words) == 2 or (len(words) > 2 and _continues(words[2], grammar))
    if not plain or len(core) > _LONGEST_SUBJECT or grammar.stops.match(words[1].strip(_EDGES)):
        return None
    return Subject(core, "", "one")


def _continues(word: str, grammar: Grammar) -> bool:
    bare = word.strip(_EDGES)
    place = re.match(rf"(?:{grammar.places.pattern})$", bare, re.IGNORECASE)
    return bool(place or grammar.extends.match(bare))


def _theme(prompt: str, seen: tuple[tuple[str, str], ...], material: Material) -> str:
    for theme, words in material.themes.items():
        if words.search(prompt):
            return theme
    shown = {name for _, name in seen}
    if "birthday" in " ".join(unicodedata.name(c, "").lower() for c in prompt if ord(c) > 0x2000):
        return "birthday"
    if {"cake", "balloon"} <= shown or {"cake", "candle"} <= shown:
        return "birthday"
    if shown & {"space", "mars", "moonscape", "rocket"}:
        return "space"
    return "story"


def _name(prompt: str, grammar: Grammar) -> str | None:
    match = grammar.names.search(prompt)
    if match is None:
        return None
    name = match[1]
    return name.capitalize() if name.isupper() else name
