"""Cleaning and cutting of what people write."""

from __future__ import annotations

import re
import unicodedata

from reelstep.providers.offline.illustrator.reading import concepts as concepts_in

_SPACES = re.compile(r"\s+")
_SENTENCE = re.compile(r"[^.!?…؟。！？]+(?:[.!?…؟]+[\"'»”)]*(?=\s|$)|[。！？]+|$|[.!?…؟]+)")
EDGES = " \t\"'«»“”„.,;:!?…،؛؟。-–—"
"""What is stripped off the ends of a phrase."""


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
