"""What captions need to know of writing: width, where a line may break, direction.

Widths are in *cells*: a Latin letter is one, a Chinese character or an emoji 2.4, a combining mark
none. A line of 42 cells is then 42 Latin letters or 17 Chinese characters, which is about what
both readers expect of a line, and about equally wide on screen.
"""

from __future__ import annotations

import re
import unicodedata

from reelstep.media.fonts import is_mark

WIDE_CELLS = 2.4

RIGHT_TO_LEFT_LANGUAGES = frozenset({"ar", "fa", "he", "iw", "ps", "sd", "ug", "ur", "yi"})

SENTENCE_ENDS = frozenset(".!?…。！？؟।॥｡")
CLAUSE_ENDS = frozenset(",;:،؛、，；：–—·")
_CLOSERS = frozenset("\"'”’»›)]}）」』】》〉］｝")
_OPENERS = frozenset("\"'“‘«‹([{（「『【《〈［｛¿¡")
# Japanese kinsoku shori and its Chinese sister: what may not begin a line.
_NO_START = (
    frozenset("ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶー々ゝゞヽヾ・〜～％℃")
    | SENTENCE_ENDS
    | CLAUSE_ENDS
    | _CLOSERS - frozenset("\"'")
)
_THAI_LEADING_VOWELS = frozenset("เแโใไ")

# Bidi embeddings, overrides and isolates: a caption is laid out by its language's direction, and
# one that is left open in a prompt would turn the words that follow it.
_BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")
_ZERO_WIDTH = frozenset("\u200b\u200c\u200d\u2060\ufeff\u00ad\ufe0e\ufe0f")

# Small words that belong to what follows: a line should not end on them.
_LEANS_FORWARD = frozenset(
    [
        "a",
        "an",
        "the",
        "of",
        "to",
        "in",
        "on",
        "at",
        "by",
        "for",
        "and",
        "or",
        "but",
        "with",
        "from",
        "his",
        "her",
        "its",
        "their",
        "our",
        "your",
        "my",
        "is",
        "are",
        "was",
        "le",
        "la",
        "les",
        "l",
        "un",
        "une",
        "des",
        "du",
        "de",
        "d",
        "et",
        "ou",
        "à",
        "au",
        "aux",
        "en",
        "dans",
        "sur",
        "pour",
        "par",
        "avec",
        "que",
        "qui",
        "se",
        "ce",
        "ces",
        "sa",
        "son",
        "ses",
        "mon",
        "ma",
        "mes",
        "notre",
        "el",
        "los",
        "las",
        "lo",
        "una",
        "unos",
        "unas",
        "del",
        "y",
        "o",
        "al",
        "con",
        "por",
        "para",
        "que",
        "se",
        "su",
        "sus",
        "mi",
        "der",
        "die",
        "das",
        "den",
        "dem",
        "des",
        "ein",
        "eine",
        "einen",
        "einem",
        "einer",
        "und",
        "oder",
        "zu",
        "zum",
        "zur",
        "im",
        "am",
        "mit",
        "von",
        "für",
        "auf",
        "il",
        "gli",
        "uno",
        "di",
        "da",
        "e",
        "che",
        "nel",
        "della",
        "do",
        "os",
        "as",
        "um",
        "uma",
        "em",
        "no",
        "na",
        "com",
        "в",
        "на",
        "и",
        "с",
        "по",
        "к",
        "у",
        "о",
        "из",
        "за",
        "не",
        "от",
        "до",
        "для",
        "في",
        "من",
        "على",
        "إلى",
        "عن",
        "و",
        "أن",
    ]
)


def clean(text: str) -> str:
    """NFC text in one line without control characters or bidi overrides; all else is kept."""
    kept = []
    for character in unicodedata.normalize("NFC", text):
        category = unicodedata.category(character)
        if character.isspace() or category == "Cc":
            kept.append(" ")
        elif category == "Cs":
            kept.append("\ufffd")
        elif character not in _BIDI_CONTROLS:
            kept.append(character)
    return " ".join("".join(kept).split())


def is_right_to_left(language: str) -> bool:
    return language.lower().split("-")[0] in RIGHT_TO_LEFT_LANGUAGES


def cells(text: str) -> float:
    """Width of `text` in cells (see the module)."""
    width = 0.0
    joined = False
    for character in text:
        if character in _ZERO_WIDTH or is_mark(character):
            joined = joined or character == "\u200d"
            # A spacing vowel sign (Devanagari ा) has width, an accent above has none.
            width += 0.5 if unicodedata.category(character) == "Mc" else 0.0
        elif joined:
            joined = False
        elif unicodedata.east_asian_width(character) in "WF":
            width += WIDE_CELLS
        else:
            width += 1.0
    return width


def is_spaceless(character: str) -> bool:
    """Han, kana, Thai, Lao, Khmer, Burmese: scripts that write no space between words."""
    code = ord(character)
    return (
        0x0E01 <= code <= 0x0EFF
        or 0x1000 <= code <= 0x109F
        or 0x1780 <= code <= 0x17FF
        or 0x2E80 <= code <= 0x312F
        or 0x3190 <= code <= 0x9FFF
        or 0xF900 <= code <= 0xFAFF
        or 0xFF00 <= code <= 0xFF9F
        or 0x20000 <= code <= 0x3FFFF
    )


def separator(before: str, after: str) -> str:
    """What stands between two neighbouring words of a line: a space, or nothing."""
    if before and after and is_spaceless(before[-1]) and is_spaceless(after[0]):
        return ""
    return " "


def ends_sentence(word: str) -> bool:
    return bool(core := word.rstrip("".join(_CLOSERS))) and core[-1] in SENTENCE_ENDS


def ends_clause(word: str) -> bool:
    return bool(core := word.rstrip("".join(_CLOSERS))) and core[-1] in CLAUSE_ENDS


def leans_forward(word: str) -> bool:
    """Whether a line that ends on this word would read badly (articles, prepositions)."""
    bare = word.strip("".join(_CLOSERS | _OPENERS)).lower()
    return bare in _LEANS_FORWARD or (word[-1:] in _OPENERS and word[-1:] not in "\"'")


def may_start_line(word: str) -> bool:
    return word[:1] not in _NO_START


def clusters(text: str) -> list[str]:
    """User-perceived characters: a base with its marks, joined emoji, flags in pairs."""
    found: list[str] = []
    for character in text:
        regional = 0x1F1E6 <= ord(character) <= 0x1F1FF
        if found and (
            is_mark(character)
            or character in _ZERO_WIDTH
            or character == "\u20e3"
            or found[-1].endswith("\u200d")
            or (regional and len(found[-1]) == 1 and 0x1F1E6 <= ord(found[-1]) <= 0x1F1FF)
            or (found[-1][-1] in _THAI_LEADING_VOWELS)
        ):
            found[-1] += character
        else:
            found.append(character)
    return found


def pieces(word: str, line_cells: float, language: str = "en") -> list[str]:
    """`word` cut where a line could break inside it; most words come back whole.

    Chinese breaks between any two characters but for punctuation (kinsoku), Japanese at the end
    of a kana run (about a bunsetsu), Thai before a syllable that its spelling marks. A Latin word
    is cut only when it is longer than a line, after punctuation where it has some (addresses,
    paths).
    """
    if not any(map(is_spaceless, word)):
        return _cut_to(word, line_cells) if cells(word) > line_cells else [word]
    keeps_han_together = language.split("-")[0] == "ja"
    found: list[str] = []
    for cluster in clusters(word):
        if found and not _may_break(found[-1], cluster, keeps_han_together):
            found[-1] += cluster
        else:
            found.append(cluster)
    return [part for piece in found for part in _cut_to(piece, line_cells)]


_KANA = re.compile("[\u3041-\u3096]")
_KATAKANA = re.compile("[\u30a1-\u30ff]")
_HAN = re.compile("[\u4e00-\u9fff]")
_THAI = re.compile("[\u0e01-\u0eff]")


def _may_break(before: str, cluster: str, keeps_han_together: bool) -> bool:
    last, first = before[-1], cluster[0]
    if not may_start_line(cluster) or last in _OPENERS:
        return False
    if not (is_spaceless(last) or is_spaceless(first)):
        return False
    if last in SENTENCE_ENDS or last in CLAUSE_ENDS:
        return True
    if _THAI.match(last) and _THAI.match(first):
        return first in _THAI_LEADING_VOWELS and len(clusters(before)) >= 2
    if _KANA.match(first):
        # Okurigana and particles stay with the word before them, up to a breath of eight.
        return len(before) >= 8
    if _KATAKANA.match(first):
        return not _KATAKANA.match(last)
    if keeps_han_together and _HAN.match(first) and _HAN.match(last):
        return len(before) >= 6
    return True


def _cut_to(text: str, line_cells: float) -> list[str]:
    """Cut so that no part is wider than a line; after punctuation when that is near the end."""
    found: list[str] = []
    current: list[str] = []
    for cluster in clusters(text):
        if current and cells("".join(current)) + cells(cluster) > line_cells:
            cut = len(current)
            for back in range(len(current) - 1, len(current) // 2, -1):
                if not current[back].isalnum() and not is_mark(current[back][0]):
                    cut = back + 1
                    break
            found.append("".join(current[:cut]))
            current = current[cut:]
        current.append(cluster)
    if current:
        found.append("".join(current))
    return found
