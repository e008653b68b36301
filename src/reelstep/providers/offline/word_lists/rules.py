"""Rules as the lists write them, and the index that finds them in the units of a text.

    word       that word: any case, accents or none, letters repeated
    word*      words that begin so
    =wörd      with exactly these accents ("=râpé" is grated, "rape" is not)
    a|b        one or the other
    a?         may be missing
    ~          up to three other words

Several of these make a phrase. Its words written as one (#killyourself) are found too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from functools import lru_cache
from itertools import groupby, islice, product

from reelstep.providers.base import Category
from reelstep.providers.offline.word_lists.normalise import Unit, fold, plain

_DOUBLED = re.compile(r"(.)\1")
_GAP = "~"
_MOST_GAP = 3
_MOST_JOINED = 24
_VOWELS = "aeiouy"


class Severity(IntEnum):
    """MILD matters to STRICT alone, MODERATE from NORMAL on, SEVERE always."""

    MILD = 1
    MODERATE = 2
    SEVERE = 3


@dataclass(frozen=True)
class Kind:
    """What a rule says. No category: the words are harmless there, or only count with others."""

    role: str
    category: Category | None = None
    severity: Severity = Severity.MILD


@dataclass(frozen=True)
class _Word:
    text: str
    prefix: bool
    accented: bool
    runs: tuple[int, ...]
    lenient: bool

    def fits(self, unit: Unit) -> bool:
        letters, runs = collapse(unit.accented if self.accented else unit.plain)
        return self.fits_collapsed(letters, runs)

    def fits_collapsed(self, letters: str, runs: Sequence[int]) -> bool:
        if not (letters.startswith(self.text) if self.prefix else letters == self.text):
            return False
        last = len(self.text) - 1
        return all(
            there == own
            or there > max(own, 2)
            or (self.lenient and own == 1 and there == 2)
            or (self.prefix and i == last and there > own)
            for i, (own, there) in enumerate(zip(self.runs, runs, strict=False))
        )


@dataclass(frozen=True)
class _Element:
    words: tuple[_Word, ...]
    optional: bool = False
    gap: bool = False
    exact: Mapping[str, list[_Word]] = field(init=False, repr=False, default_factory=dict)
    prefixes: tuple[_Word, ...] = field(init=False, repr=False, default=())

    def __post_init__(self) -> None:
        exact: dict[str, list[_Word]] = {}
        for word in self.words:
            if not word.prefix:
                exact.setdefault(word.text, []).append(word)
        object.__setattr__(self, "exact", exact)
        object.__setattr__(self, "prefixes", tuple(word for word in self.words if word.prefix))

    def fits(self, unit: Unit) -> bool:
        letters = collapse(unit.plain)[0]
        likely = [*self.exact.get(letters, ()), *self.prefixes]
        if unit.accented != unit.plain:
            likely += self.exact.get(collapse(unit.accented)[0], ())
        return any(word.fits(unit) for word in likely)


@dataclass(frozen=True)
class Rule:
    kind: Kind
    source: str
    rest: tuple[_Element, ...]


@dataclass(frozen=True)
class Hit:
    """A rule found in the words `first` to `last`."""

    first: int
    last: int
    rule: Rule


class Index:
    """All rules by their first word, so that a text costs a few look-ups per word."""

    def __init__(self) -> None:
        self._exact: dict[str, list[tuple[_Word, Rule]]] = {}
        self._prefixes: dict[str, list[tuple[_Word, Rule]]] = {}
        self._starred: dict[str, list[tuple[_Word, Rule]]] = {}
        self._lengths: set[int] = set()

    def add(self, source: str, kind: Kind) -> None:
        """Raises ValueError for a rule that cannot be read."""
        elements = [_element(text, kind) for text in source.split()]
        while len(elements) > 1 and elements[0].optional:
            elements.pop(0)
        if not elements or not elements[0].words or not elements[-1].words or elements[-1].optional:
            raise ValueError(f"{source!r}: a rule begins and ends with a word that must be there")
        rule = Rule(kind, source, tuple(elements[1:]))
        for word in elements[0].words:
            self._put(word, rule)
            if len(elements) == 1 and kind.severity >= Severity.MODERATE and word.text.isascii():
                for starred in _stars(_expand(word)):
                    self._starred.setdefault(starred, []).append((word, rule))
        grave = kind.role == "entry" and kind.severity >= Severity.MODERATE
        if len(elements) > 1 and grave and not any(element.gap for element in elements):
            for joined in _joined(elements):
                self._put(joined, Rule(kind, source, ()))

    def search(self, units: list[list[Unit]]) -> list[Hit]:
        """Every rule that is in the text, wherever it begins."""
        known: dict[str, list[tuple[_Word, Rule]]] = {}
        hits: set[tuple[int, int, int]] = set()
        found = []
        for first, here in enumerate(units):
            for unit in here:
                for accented in (False, True):
                    word = unit.accented if accented else unit.plain
                    if accented and word.isascii():
                        continue
                    if word not in known:
                        known[word] = list(self._begin(word))
                    for start, rule in known[word]:
                        if start.accented is not accented:
                            continue
                        last = _end(rule.rest, units, unit.last)
                        if last is not None and (first, last, id(rule)) not in hits:
                            hits.add((first, last, id(rule)))
                            found.append(Hit(first, last, rule))
        return found

    def _put(self, word: _Word, rule: Rule) -> None:
        kept = self._prefixes if word.prefix else self._exact
        kept.setdefault(word.text, []).append((word, rule))
        if word.prefix:
            self._lengths.add(len(word.text))

    def _begin(self, word: str) -> Iterator[tuple[_Word, Rule]]:
        if not word.isalnum():
            wild = "".join("*" if not c.isalnum() else c for c in word)
            for end in range(4, len(wild) + 1):
                for known, rule in self._starred.get(wild[:end], ()):
                    if known.prefix or end == len(wild):
                        yield known, rule
            return
        letters, runs = collapse(word)
        for known, rule in self._exact.get(letters, ()):
            if known.fits_collapsed(letters, runs):
                yield known, rule
        for length in self._lengths:
            for known, rule in self._prefixes.get(letters[:length], ()):
                if known.fits_collapsed(letters, runs):
                    yield known, rule


@lru_cache(maxsize=2048)
def collapse(word: str) -> tuple[str, tuple[int, ...]]:
    """("fuuck") → ("fuck", (1, 2, 1, 1)): each letter once, and how often it stood there."""
    if not _DOUBLED.search(word):
        return word, (1,) * len(word)
    runs = [(letter, len(list(group))) for letter, group in groupby(word)]
    return "".join(letter for letter, _ in runs), tuple(count for _, count in runs)


def _element(text: str, kind: Kind) -> _Element:
    if text == _GAP:
        return _Element((), gap=True)
    optional = text.endswith("?")
    return _Element(
        tuple(_word(word, kind) for word in text.removesuffix("?").split("|")), optional
    )


def _word(text: str, kind: Kind) -> _Word:
    accented, prefix = text.startswith("="), text.endswith("*")
    bare = fold(text.removeprefix("=").removesuffix("*"))
    bare = bare if accented else plain(bare)
    if not bare or not bare.isalnum():
        raise ValueError(f"{text!r} is not a word")
    letters, runs = collapse(bare)
    # A letter doubled is one of the spellings of a bad word, but not of a harmless one.
    lenient = kind.role == "entry" and kind.severity >= Severity.MODERATE and len(bare) >= 4
    return _Word(letters, prefix, accented, runs, lenient)


def _expand(word: _Word) -> str:
    return "".join(letter * count for letter, count in zip(word.text, word.runs, strict=True))


def _joined(elements: list[_Element]) -> Iterator[_Word]:
    ways = [[*e.words, None] if e.optional else list(e.words) for e in elements]
    for way in islice(product(*ways), _MOST_JOINED):
        words = [word for word in way if word is not None]
        letters, runs = collapse("".join(_expand(word) for word in words))
        if len(words) > 1 and sum(runs) >= 7 and not any(word.accented for word in words):
            yield _Word(letters, words[-1].prefix, False, runs, lenient=False)


def _stars(word: str) -> Iterator[str]:
    """f*ck, sh*t, f**k: one vowel, all vowels, or all but the ends."""
    if len(word) < 4:
        return
    vowels = [i for i, c in enumerate(word) if c in _VOWELS and i > 0]
    for i in vowels:
        yield word[:i] + "*" + word[i + 1 :]
    yield "".join("*" if i in vowels else c for i, c in enumerate(word))
    yield word[0] + "*" * (len(word) - 2) + word[-1]


def _end(rest: tuple[_Element, ...], units: list[list[Unit]], last: int) -> int | None:
    """The last word of a phrase whose words up to `last` fit; None when the others do not."""
    if not rest:
        return last
    element, others = rest[0], rest[1:]
    if element.gap:
        for skipped in range(_MOST_GAP + 1):
            end = _end(others, units, last + skipped)
            if end is not None:
                return end
        return None
    if last + 1 < len(units):
        for unit in units[last + 1]:
            if element.fits(unit):
                end = _end(others, units, unit.last)
                if end is not None:
                    return end
    return _end(others, units, last) if element.optional else None
