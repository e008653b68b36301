"""The sentences stories are made of, one JSON file per language under `material/`.

Slots (the same in every language; a test compares them):
- `grammar`: how prompts are asked for and how their phrases end, as regular expressions
- `themes`: what a prompt says when it is about a theme
- `titles`, `labels`: names of films, places, lights and camera angles
- `openings`, `beats`, `closings`: by theme; `openings` also by what the prompt gives
- `subject`: about the film's hero, in the singular and the plural
- `turns`, `returns` (to where it began), `thoughts` (by mood), `settings` (arriving, events)
- `concepts` (by thing shown)
- `elements`: for things that have no sentences of their own

Sentences stand alone: none refers to another, so that any of them may follow any other. A phrase
of the prompt is quoted only where its grammar cannot matter.
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

Sentences = tuple[str, ...]

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
    settings: Mapping[str, Mapping[str, Sentences]]
    concepts: Mapping[str, Sentences]
    elements: Sentences
    closings: Mapping[str, Sentences]


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


@cache
def load(language: str) -> Material:
    """The material of one of LANGUAGES."""
    path = files(__package__).joinpath("material", f"{language}.json")
    data: dict[str, Any] = json.loads(path.read_text("utf-8"))
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
        elision=_pattern(raw["elision"]) if raw["elision"] else None,
        companion=_pattern(raw["companion"]),
        names=re.compile(rf"(?:{raw['names']})({raw['family']}|{_NAME})(?!\w)"),
    )
    return Material(
        language=language,
        grammar=grammar,
        themes={theme: _pattern(words) for theme, words in data["themes"].items()},
        titles=data["titles"],
        labels=data["labels"],
        openings=_sentences(data["openings"]),
        beats=_sentences(data["beats"]),
        subject=_sentences(data["subject"]),
        turns=tuple(data["turns"]),
        returns=tuple(data["returns"]),
        thoughts=_sentences(data["thoughts"]),
        settings={name: _sentences(parts) for name, parts in data["settings"].items()},
        concepts=_sentences(data["concepts"]),
        elements=tuple(data["elements"]),
        closings=_sentences(data["closings"]),
    )


def _sentences(table: Mapping[str, list[str]]) -> dict[str, Sentences]:
    return {name: tuple(lines) for name, lines in table.items()}
