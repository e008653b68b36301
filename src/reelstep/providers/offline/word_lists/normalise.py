"""From a text as written to the words that a reader sees in it. Pure functions.

A word may have several readings: "k1ll" is kill or klll, "f.u.c.k" four letters or one word. A
`Unit` is one reading of the words from `first` to `last`; the lists are matched against units, so
always against whole words: "Scunthorpe" and "cocktail" have no reading that is in a list.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import islice, product
from typing import NamedTuple

from reelstep.providers.offline.word_lists.lookalikes import (
    ALIKE,
    ANY_LETTER,
    IN_MIXED_WORDS,
    LATIN,
    SIGNS,
    STANDS_FOR,
)

_CHUNK = re.compile(r"\S+")
_PART = re.compile(r"[^\W_]+|(?<!\S)[@$!€](?!\S)")
_SIGNS = "".join(re.escape(sign) for sign in (*STANDS_FOR, *ANY_LETTER) if not sign.isalnum())
_WITH_SIGNS = re.compile(rf"(?:[^\W_]|[{_SIGNS}])+")
# At the ends of a word these are punctuation first: "kill!", "(sex)", "*kill*".
_EDGE = "!¡|+" + ANY_LETTER
_HIDDEN = {"Cf", "Cc", "Co", "Cs"}
_MARKS = {"Mn", "Me"}
_BLANK = {"\u115f", "\u1160", "\u3164", "\uffa0", "\u2800"}
_ARABIC = str.maketrans({"ى": "ي", "ة": "ه", "ک": "ك", "ی": "ي", "ٱ": "ا", "ـ": None})
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_ARABIC_WORD = re.compile(r"[\u0620-\u06ff]+")
_ARABIC_PREFIX = re.compile(r"^[وف]?(?:ال|بال|كال|فال|لل|[بلكس])?(?=.{3})")
# Words of one letter, which may stand before or after a word that is spelled out.
_LETTER_WORDS = frozenset("aiyoeuàéèô")

_MOST_READINGS = 16
_MOST_PARTS = 10
_LONGEST = 40
"""Letters; longer readings are no word of any list."""


class Unit(NamedTuple):
    """Words `first` to `last` (numbers from 0) read as one word, without and with its accents."""

    first: int
    last: int
    plain: str
    accented: str


class _Part(NamedTuple):
    text: str
    start: int
    end: int
    chunk: int


def units(text: str) -> list[list[Unit]]:
    """All readings, by the number of the word that they begin with."""
    folded = fold(text)
    latin = _mostly_latin(folded)
    parts: list[_Part] = []
    found: list[list[Unit]] = []
    for number, match in enumerate(_CHUNK.finditer(folded)):
        chunk = match.group()
        masked = chunk
        if not chunk.isascii():
            chunk = _unmasked(chunk, latin)
        here = [
            _Part(part.group(), match.start() + part.start(), match.start() + part.end(), number)
            for part in _PART.finditer(chunk)
        ]
        if not here and _is_signs(chunk):
            here = [_Part(chunk, match.start(), match.end(), number)]
        first = len(parts)
        parts += here
        found += [[] for _ in here]
        for index, part in enumerate(here, first):
            found[index] += _read(part.text, index, index)
        if masked != chunk:
            # It may be what it looks like after all: КАК is Russian next to French, too.
            for index, part in zip(range(first, len(parts)), _PART.findall(masked), strict=False):
                found[index] += _read(part, index, index)
        if here and len(here[0].text) != len(chunk):
            for unit in (*_with_signs(chunk, here, first, match.start()), *_joined(here, first)):
                found[unit.first].append(unit)
    for unit in _spelled(parts, folded):
        found[unit.first].append(unit)
    return found


def fold(text: str) -> str:
    """Case, width, style and invisible characters taken away; accents and alphabets stay."""
    if text.isascii():
        return text.lower()
    text = "".join(c for c in text if not _invisible(c)).translate(SIGNS)
    # Folding may undo the normal form and the other way round (UAX 15, 31): once more is enough.
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    # Marks that no letter has taken in only decorate, or are Arabic vowels that few write.
    return "".join(c for c in folded if unicodedata.category(c) not in _MARKS).translate(_ARABIC)


def plain(word: str) -> str:
    """The word of `fold` without accents, marks and the strokes of Latin letters."""
    if word.isascii():
        return word
    bare = "".join(
        c for c in unicodedata.normalize("NFD", word) if unicodedata.category(c) not in _MARKS
    )
    return unicodedata.normalize("NFC", bare).translate(_ARABIC).translate(LATIN)


def ideographs(text: str) -> str:
    """The Chinese characters of `text` in one row: they write no spaces between words."""
    if text.isascii():
        return ""
    return "".join(c for c in fold(text) if "\u3400" <= c <= "\u9fff")


def readings(word: str) -> Iterator[str]:
    """`word` itself, then with its digits and signs as the letters they may stand for."""
    yield word
    # "45s" and the road A55 are numbers: at most three in five may be digits.
    digits = sum(c.isdigit() for c in word)
    if any(c in STANDS_FOR for c in word) and digits * 5 <= len(word) * 3:
        ways = product(*(STANDS_FOR.get(c, c) for c in word))
        yield from ("".join(way) for way in islice(ways, _MOST_READINGS))


def _invisible(character: str) -> bool:
    if character.isspace():
        return False
    return (
        character in _BLANK
        or "\ufe00" <= character <= "\ufe0f"
        or character == "\u034f"
        or unicodedata.category(character) in _HIDDEN
    )


def _is_signs(chunk: str) -> bool:
    """@$$: no letter at all, but signs that people read as letters."""
    return len(chunk) > 2 and all(c in "@$" for c in chunk)


def _mostly_latin(folded: str) -> bool:
    """False where a word like "соск" is more likely to be Russian than "cock" in disguise."""
    if folded.isascii():
        return True
    letters = [c for c in plain(folded) if c.isalpha()]
    latin = sum("a" <= c <= "z" for c in letters)
    others = sum(c in IN_MIXED_WORDS and c not in ALIKE for c in letters)
    return latin > others or not others


def _unmasked(chunk: str, latin_text: bool) -> str:
    bare = plain(chunk)
    if any("a" <= c <= "z" for c in bare):
        return "".join(IN_MIXED_WORDS.get(c) or IN_MIXED_WORDS.get(plain(c)) or c for c in chunk)
    letters = [c for c in bare if c.isalpha()]
    if latin_text and letters and all(c in ALIKE for c in letters):
        return "".join(ALIKE.get(c, c) for c in bare)
    return chunk


def _read(word: str, first: int, last: int) -> Iterator[Unit]:
    if len(word) > _LONGEST:
        # Only a word that repeats its letters can be longer than that: kiiii…ll.
        word = re.sub(r"(.)\1{2,}", r"\1\1\1", word)[:_LONGEST]
    for reading in readings(word):
        bare = plain(reading)
        yield Unit(first, last, bare, reading)
        if bare != reading and any(c in "äöü" for c in reading):
            spelled = reading.translate(_UMLAUTS)
            yield Unit(first, last, plain(spelled), spelled)
        if not bare.isascii() and _ARABIC_WORD.fullmatch(bare):
            stem = _ARABIC_PREFIX.sub("", bare)
            if stem != bare:
                yield Unit(first, last, stem, stem)


def _with_signs(chunk: str, here: list[_Part], first: int, offset: int) -> Iterator[Unit]:
    """$hit, a$$hole, sh!t, f*ck: signs within or at the ends of words."""
    for match in _WITH_SIGNS.finditer(chunk):
        for word in {match.group(), match.group().strip(_EDGE), match.group().rstrip(_EDGE)}:
            if word.isalnum() or not word:
                continue
            start, end = match.start() + offset, match.end() + offset
            inside = [i for i, p in enumerate(here, first) if p.end > start and p.start < end]
            if inside:
                yield from islice(_read(word, inside[0], inside[-1]), 1, None)
                if any(c in ANY_LETTER for c in word):
                    yield Unit(inside[0], inside[-1], word, word)


def _joined(here: list[_Part], first: int) -> Iterator[Unit]:
    """fu.ck, po-rn: neighbours within one chunk. Single letters are `_spelled`'s."""
    if not 1 < len(here) <= _MOST_PARTS:
        return
    for i in range(len(here)):
        word = here[i].text
        for j in range(i + 1, len(here)):
            word += here[j].text
            if len(word) > _LONGEST or here[i].text.isdigit() or here[j].text.isdigit():
                break
            if len(word) > j - i + 1:
                yield from _read(word, first + i, first + j)


def _spelled(parts: list[_Part], folded: str) -> Iterator[Unit]:
    """k i l l, k.i.l l, "f u ck": letters that stand alone, read together.

    A run has at most three other characters between its letters. It is read whole, by the pieces
    that wider gaps make of it, and without a word of one letter before or after it.
    """
    start = 0
    while start < len(parts):
        end = start
        while (
            end < len(parts)
            and len(parts[end].text) == 1
            and (end == start or parts[end].start - parts[end - 1].end <= 3)
        ):
            end += 1
        if end - start >= 2:
            yield from _run(parts, start, end)
            for piece in _pieces(parts, start, end):
                if piece != (start, end):
                    yield from _run(parts, *piece)
        start = max(end, start + 1)


def _pieces(parts: list[_Part], start: int, end: int) -> Iterator[tuple[int, int]]:
    """Where blanks stand between some letters and not between others, or wider ones."""
    by_chunk, by_gap = start, start
    for i in range(start + 1, end + 1):
        if i == end or parts[i].chunk != parts[i - 1].chunk:
            yield by_chunk, i
            by_chunk = i
        if i == end or parts[i].start - parts[i - 1].end > 1:
            yield by_gap, i
            by_gap = i


def _run(parts: list[_Part], start: int, end: int) -> Iterator[Unit]:
    first, last = start, end
    spans = set()
    for _ in range(3):
        last = end
        for _ in range(3):
            spans.add((first, last))
            # The rest of a word that was broken up: f u ck, fu c k.
            if last == end and end < len(parts) and 1 < len(parts[end].text) <= 3:
                spans.add((first, end + 1))
            if parts[last - 1].text not in _LETTER_WORDS:
                break
            last -= 1
        if first == start and start > 0 and 1 < len(parts[start - 1].text) <= 3:
            spans.add((start - 1, end))
        if first >= end - 1 or parts[first].text not in _LETTER_WORDS:
            break
        first += 1
    for first, last in sorted(spans):
        if last - first >= 2:
            word = "".join(part.text for part in parts[first:last])
            if len(word) <= _LONGEST:
                yield from _read(word, first, last - 1)
