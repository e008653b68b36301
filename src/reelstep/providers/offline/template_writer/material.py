"""The sentences stories are made of, two JSON files per language under `material/`.

Slots (the same in every language; a test compares them):
- `grammar`: how prompts are asked for and how their phrases end, as regular expressions
- `themes`: what a prompt says when it is about a theme
- `titles`, `labels`: names of films, places, lights and camera angles
- `openings`, `beats`, `closings`: by theme; `openings` also by what the prompt gives
- `subject`: about the film's hero, in the singular and the plural
- `turns`, `returns` (to where it began), `thoughts` (by mood)
- `skies`: of weather and time of day, wherever one is
- `concepts` (by thing shown)
- `elements`: for things that have no sentences of their own

and in `material/worlds/`, of the places where stories play:

- `labels`: what the illustrator is told, by view
- `clues`: words that say where a story plays; `implies`: words that imply a thing to show
- `heroes`: what a thing that acts is called, "singular|plural", with the definite article
- `worlds`: `open` (introduces the hero), `first`, `then` and `last` (a little arc), `hero` (what
  happens to the hero), `arrive`, `events` (in any order)

Sentences stand alone: none refers to another, so that any of them may follow any other. A phrase
of the prompt is quoted only where its grammar cannot matter: `{hero}` and `{a}` are objects, never
what a verb agrees with.

A sentence that does not fit everywhere says in front where it does: "@sunny+land The cat stretches
in the sun." The words are `sky.facts`; all of them must hold.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

LANGUAGES = ("fr", "en", "es", "de", "ar")
"""Languages with material of their own."""


class Line(str):
    """A sentence, and the facts without which it is not said."""

    __slots__ = ("needs",)
    needs: frozenset[str]

    @classmethod
    def parse(cls, written: str) -> Line:
        needs, _, text = written[1:].partition(" ") if written[:1] == "@" else ("", "", written)
        line = cls(text)
        line.needs = frozenset(filter(None, needs.split("+")))
        return line


Sentences = tuple[Line, ...]

_NAME = r"[A-ZÀ-Þ][\w'-]{1,20}|(?<=يا )[\u0621-\u064a]{2,12}"


@dataclass(frozen=True)
class Grammar:
    requests: tuple[re.Pattern[str], ...]
    instructions: re.Pattern[str]
    places: re.Pattern[str]
    stops: re.Pattern[str]
    extends: re.Pattern[str]
    people: re.Pattern[str]
    """Who can be a hero, besides animals."""
    epithets: re.Pattern[str]
    """Adjectives that may follow a noun."""
    articles: Mapping[str, tuple[str, str]]
    """Article → (definite article, "one" or "many")."""
    verbs: re.Pattern[str]
    """What may be a verb after the hero."""
    joins: frozenset[str]
    """"And"."""
    owns: frozenset[str]
    """"Her", "their"."""
    heads_last: bool
    """Whether "boat captain" is a captain."""
    nouns_capital: bool
    elision: re.Pattern[str] | None
    companion: re.Pattern[str]
    names: re.Pattern[str]
    """A greeting followed by a name, which is its first group."""


@dataclass(frozen=True)
class Material:
    language: str
    grammar: Grammar
    themes: Mapping[str, re.Pattern[str]]
    titles: Mapping[str, str]
    labels: Mapping[str, str]
    openings: Mapping[str, Sentences]
    beats: Mapping[str, Sentences]
    subject: Mapping[str, Sentences]
    turns: Sentences
    returns: Sentences
    thoughts: Mapping[str, Sentences]
    skies: Mapping[str, Sentences]
    worlds: Mapping[str, Mapping[str, Sentences]]
    clues: Mapping[str, re.Pattern[str]]
    implies: Mapping[str, re.Pattern[str]]
    heroes: Mapping[str, tuple[str, str]]
    concepts: Mapping[str, Sentences]
    elements: Sentences
    closings: Mapping[str, Sentences]


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


@cache
def load(language: str) -> Material:
    """The material of one of LANGUAGES."""
    folder = files(__package__).joinpath("material")
    data: dict[str, Any] = json.loads(folder.joinpath(f"{language}.json").read_text("utf-8"))
    places: dict[str, Any] = json.loads(
        folder.joinpath("worlds", f"{language}.json").read_text("utf-8")
    )
    raw = data["grammar"]
    grammar = Grammar(
        requests=tuple(_pattern("^" + pattern) for pattern in raw["requests"]),
        instructions=_pattern(raw["instructions"]),
        places=_pattern(raw["places"]),
        stops=_pattern(rf"(?:{raw['stops']})$"),
        extends=_pattern(rf"(?:{raw['extends']})$"),
        people=_pattern(rf"(?:{raw['people']})$"),
        epithets=_pattern(rf"(?:{raw['epithets']})$"),
        articles={article: (definite, number) for article, definite, number in raw["articles"]},
        verbs=_pattern(rf"(?:{raw['verbs']})$"),
        joins=frozenset(raw["joins"].split()),
        owns=frozenset(raw["owns"].split()),
        heads_last=language == "en",
        nouns_capital=language == "de",
        elision=_pattern(raw["elision"]) if raw["elision"] else None,
        companion=_pattern(raw["companion"]),
        names=re.compile(rf"(?:{raw['names']})({raw['family']}|{_NAME})(?!\w)"),
    )
    return Material(
        language=language,
        grammar=grammar,
        themes={theme: _pattern(words) for theme, words in data["themes"].items()},
        titles=data["titles"],
        labels={**data["labels"], **places["labels"]},
        openings=_sentences(data["openings"]),
        beats=_sentences(data["beats"]),
        subject=_sentences(data["subject"]),
        turns=_lines(data["turns"]),
        returns=_lines(data["returns"]),
        thoughts=_sentences(data["thoughts"]),
        skies=_sentences(data["skies"]),
        worlds={name: _sentences(parts) for name, parts in places["worlds"].items()},
        clues={world: _pattern(words) for world, words in places["clues"].items()},
        implies={thing: _pattern(words) for thing, words in places["implies"].items()},
        heroes={name: _both(names) for name, names in places["heroes"].items()},
        concepts=_sentences(data["concepts"]),
        elements=_lines(data["elements"]),
        closings=_sentences(data["closings"]),
    )


def _lines(written: list[str]) -> Sentences:
    return tuple(map(Line.parse, written))


def _sentences(table: Mapping[str, list[str]]) -> dict[str, Sentences]:
    return {name: _lines(written) for name, written in table.items()}


def _both(names: str) -> tuple[str, str]:
    one, _, many = names.partition("|")
    return one, many
