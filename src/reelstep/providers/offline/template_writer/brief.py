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


@dataclass(frozen=True)
class Subject:
    """The film's hero as the prompt names it: "un chat roux" and, later on, "le chat roux"."""

    phrase: str
    definite: str
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
    noun: list[str] = []
    rest: list[str] = []
    for index, word in enumerate(words[1:], 1):
        bare = word.strip(_EDGES)
        if grammar.stops.match(bare) or _is_verb_after_noun(bare, noun):
            rest = words[index:]
            break
        noun.append(bare)
        if word[-1] in _EDGES.strip("-"):
            # "a dragon, who …": what follows belongs to it.
            rest = [word[len(bare) :], *words[index + 1 :]] if index + 1 < len(words) else []
            break
    if not noun or len(noun) > 4:
        return None
    resolved = nominative(article, noun) if language == "de" else None
    definite, number = grammar.articles[article]
    named = " ".join(noun)
    aside = bool(rest) and rest[0].startswith(",")
    after_place = rest and re.match(rf"(?:{grammar.places.pattern})$", rest[0], re.IGNORECASE)
    phrase = f"{article} {named}"
    if rest and not aside and not after_place and not grammar.extends.match(rest[0].strip(_EDGES)):
        # A whole clause: "a cat walks on the beach" cannot follow "Meet".
        phrase = ""
    elif len(core) <= _LONGEST_SUBJECT:
        phrase = " ".join([phrase, *rest]).replace(" ,", ",")
    if language == "de":
        if resolved is None:
            return None
        begin, definite_phrase = resolved
        whole = " ".join([begin, *rest]).replace(" ,", ",")
        return Subject(whole if phrase else "", definite_phrase, number)
    if grammar.elision and definite in {"le", "la"} and grammar.elision.match(named):
        return Subject(phrase, f"l'{named}", number)
    return Subject(phrase, f"{definite} {named}", number)


def _is_verb_after_noun(word: str, noun: list[str]) -> bool:
    """ "walks" in "a cat walks": an unknown word in -s or -t after a thing that can be shown."""
    if not noun or not re.fullmatch(r"\w+(?:s|t)", word, re.IGNORECASE):
        return False
    return bool(pictured(noun[-1])) and not pictured(word)


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
