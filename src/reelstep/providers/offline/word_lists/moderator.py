"""The offline moderator: rules from the lists, what excuses them, and words that weigh together."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from reelstep.providers.base import Category, Strictness, Verdict
from reelstep.providers.offline.word_lists.normalise import ideographs, units
from reelstep.providers.offline.word_lists.rules import Hit, Index, Kind, Severity

_LEAST = {
    Strictness.RELAXED: Severity.SEVERE,
    Strictness.NORMAL: Severity.MODERATE,
    Strictness.STRICT: Severity.MILD,
}
_NEAR = 5
"""Words between a child and what must not be said of it."""

_GRAVEST = [
    *(Category.SEXUAL_MINORS, Category.SELF_HARM, Category.ILLEGAL, Category.HATE),
    *(Category.VIOLENCE, Category.SEXUAL, Category.HARASSMENT, Category.PROFANITY),
]
_MINORS = Kind("together", Category.SEXUAL_MINORS, Severity.SEVERE)


class _Found(NamedTuple):
    kind: Kind
    rule: str
    words: int = 1


class WordLists:
    """Finds words and phrases of the lists, however they are written. Keeps and sends nothing."""

    name = "offline"
    version = "1"

    def review(self, text: str, strictness: Strictness) -> Verdict:
        """The gravest rule that is in `text` and matters at this strictness."""
        index, substrings = _lists()
        hits = index.search(units(text))
        excused = {
            word
            for hit in hits
            if hit.rule.kind.role == "allowed"
            for word in range(hit.first, hit.last + 1)
        }
        counted = [
            hit for hit in hits if hit.rule.kind.role != "allowed" and hit.first not in excused
        ]
        found = [
            _Found(hit.rule.kind, hit.rule.source, hit.last - hit.first + 1)
            for hit in counted
            if hit.rule.kind.role == "entry"
        ]
        found += [_Found(_MINORS, source) for source in _with_minors(counted)]
        row = ideographs(text)
        found += [_Found(kind, source) for source, kind in substrings if row and source in row]
        return _verdict(found, _LEAST[strictness])


def _verdict(found: list[_Found], least: Severity) -> Verdict:
    """A phrase says more than a word in it; between equals the graver category is named."""
    grave = [
        (one.kind.severity, one.words, -_GRAVEST.index(one.kind.category), one.kind.category, one)
        for one in found
        if one.kind.severity >= least and one.kind.category is not None
    ]
    if not grave:
        return Verdict()
    *_, category, one = max(grave, key=lambda row: row[:3])
    return Verdict(category=category, matched=one.rule)


def _with_minors(hits: list[Hit]) -> list[str]:
    """A child next to what is sexual, or naked: each may pass alone, together never.

    By the words around each hit and not by pairs, which a long text could have millions of.
    """
    near: dict[int, Hit] = {}
    for hit in hits:
        if hit.rule.kind.role == "exposed" or hit.rule.kind.category is Category.SEXUAL:
            near |= dict.fromkeys(range(hit.first - _NEAR, hit.last + _NEAR + 1), hit)
    for hit in hits:
        if hit.rule.kind.role == "minors":
            other = near.get(hit.first) or near.get(hit.last)
            if other:
                return [f"{hit.rule.source} + {other.rule.source}"]
    return []


@cache
def _lists() -> tuple[Index, tuple[tuple[str, Kind], ...]]:
    """All languages in one index: people mix them, and nobody says which one they write.

    Chinese has no words that are set apart, so its entries are looked for anywhere.
    """
    index = Index()
    substrings: list[tuple[str, Kind]] = []
    folder = files("reelstep.providers.offline.word_lists").joinpath("lists")
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        data: dict[str, Any] = json.loads(file.read_text("utf-8"))
        for category, severities in data.get("entries", {}).items():
            for severity, rules in severities.items():
                kind = Kind("entry", Category(category), Severity[severity.upper()])
                for rule in rules:
                    if data.get("anywhere"):
                        substrings.append((rule, kind))
                    else:
                        index.add(rule, kind)
        for role in ("minors", "exposed", "allowed"):
            for rule in data.get(role, ()):
                index.add(rule, Kind(role))
    return index, tuple(substrings)
