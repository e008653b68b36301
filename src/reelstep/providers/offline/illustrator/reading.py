"""From words to concepts, in several languages at once.

`lexicon.json` maps each concept to word stems: `stem` also matches with a plural or case ending and
at the end of a compound (Geburtstagskuchen); `word!` matches exactly; `two-words` matches a phrase.
Accents, case and the Arabic article do not matter.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources

_ENDINGS = frozenset(
    [
        "s",
        "es",
        "x",
        "e",
        "n",
        "en",
        "er",
        "ern",
        "em",
        "nen",
        "se",
        "a",
        "as",
        "o",
        "os",
        "i",
        "in",
        "eux",
        "euse",
        "ee",
        "ees",
        "ed",
        "ing",
        "y",
        "al",
        "ns",
        "ات",
        "ة",
        "ه",
        "ين",
        "ان",
    ]
)
_ARABIC_PREFIX = re.compile(r"^(?:وال|بال|فال|كال|لل|ال|و|ب|ل|ف)(?=\w{3,})")
_WORD = re.compile(r"[^\W\d_]+")


def fold(text: str) -> str:
    """Lower case without accents, vowel marks or letter variants."""
    text = unicodedata.normalize("NFKD", text.casefold()).replace("œ", "oe").replace("ß", "ss")
    text = "".join(c for c in text if not unicodedata.combining(c))
    return (
        text.replace("أ", "ا")
        .replace("إ", "ا")
        .replace("آ", "ا")
        .replace("ى", "ي")
        .replace("ـ", "")
    )


def words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(fold(text)))


@dataclass(frozen=True)
class _Index:
    exact: dict[str, tuple[tuple[str, str], ...]]
    stems: dict[str, tuple[tuple[str, str], ...]]
    phrases: tuple[tuple[tuple[str, ...], tuple[str, str]], ...]


@cache
def _index() -> _Index:
    table = json.loads(resources.files(__package__).joinpath("lexicon.json").read_text("utf-8"))
    exact: dict[str, list[tuple[str, str]]] = {}
    stems: dict[str, list[tuple[str, str]]] = {}
    phrases: list[tuple[tuple[str, ...], tuple[str, str]]] = []
    for kind, concepts in table.items():
        for concept, line in concepts.items():
            for entry in line.split():
                parts = words(entry)
                target = (kind, concept)
                if len(parts) > 1:
                    phrases.append((parts, target))
                elif entry.endswith("!"):
                    exact.setdefault(parts[0], []).append(target)
                else:
                    stems.setdefault(parts[0], []).append(target)
    phrases.sort(key=lambda item: -len(item[0]))
    return _Index(
        {k: tuple(v) for k, v in exact.items()},
        {k: tuple(v) for k, v in stems.items()},
        tuple(phrases),
    )


@cache
def concepts_of(kind: str) -> tuple[str, ...]:
    """All concepts of a kind, in the lexicon's order."""
    table = json.loads(resources.files(__package__).joinpath("lexicon.json").read_text("utf-8"))
    return tuple(table[kind])


def _single(word: str) -> tuple[tuple[str, str], ...]:
    index = _index()
    bare = _ARABIC_PREFIX.sub("", word) if "\u0600" <= word[0] <= "\u06ff" else word
    for form in dict.fromkeys((word, bare)):
        if form in index.exact or form in index.stems:
            return index.exact.get(form, ()) + index.stems.get(form, ())
    for form in dict.fromkeys((word, bare)):
        for cut in range(1, 5):
            stem, ending = form[:-cut], form[-cut:]
            if len(stem) < 3 or ending not in _ENDINGS:
                continue
            if stem in index.stems and (len(stem) > 3 or ending in ("s", "es", "x")):
                return index.stems[stem]
    for start in range(2, len(bare) - 4):  # German compounds: the last part says what it is
        tail = bare[start:]
        for form in (tail, tail[:-1], tail[:-2]):
            if len(form) >= 5 and form in index.stems and "a" <= form[0] <= "z":
                return index.stems[form]
    return ()


def _says(heard: tuple[str, ...], phrase: tuple[str, ...]) -> bool:
    """Whether the words are the phrase, its last one with an ending perhaps."""
    if len(heard) != len(phrase) or heard[:-1] != phrase[:-1]:
        return False
    last, stem = heard[-1], phrase[-1]
    return last == stem or (last.startswith(stem) and last[len(stem) :] in _ENDINGS)


def concepts(text: str) -> tuple[tuple[str, str], ...]:
    """(kind, concept) pairs in order of first mention, without repeats."""
    found: dict[tuple[str, str], None] = {}
    rest = words(text)
    at = 0
    while at < len(rest):
        for parts, target in _index().phrases:
            if _says(rest[at : at + len(parts)], parts):
                found.setdefault(target)
                at += len(parts)
                break
        else:
            for target in _single(rest[at]):
                found.setdefault(target)
            at += 1
    return tuple(found)


def of_kind(kind: str, *texts: str | Iterable[str]) -> tuple[str, ...]:
    """Concepts of one kind over several texts, first texts first."""
    found: dict[str, None] = {}
    for text in texts:
        for piece in (text,) if isinstance(text, str) else text:
            for seen, concept in concepts(piece):
                if seen == kind:
                    found.setdefault(concept)
    return tuple(found)
