"""What is said of a text, and which written character each spoken one comes from.

Captions show the text as written; a voice should not read emoji, markup, "https" or the dot of
"Dr." aloud. So the spoken text is another string with, for every character, the index of the
written character it stands for. Times that the voice reports against the spoken text lead back to
written words through that index.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

LONGEST_UNIT = 260
_LONGEST_WORD = 40

# First and last code point of the blocks that matter here, by ISO 15924 code in lower case.
_SCRIPT_RANGES: tuple[tuple[int, int, str], ...] = (
    (0x0041, 0x024F, "latn"),
    (0x0370, 0x03FF, "grek"),
    (0x0400, 0x052F, "cyrl"),
    (0x0530, 0x058F, "armn"),
    (0x0590, 0x05FF, "hebr"),
    (0x0600, 0x077F, "arab"),
    (0x08A0, 0x08FF, "arab"),
    (0x0900, 0x097F, "deva"),
    (0x0980, 0x09FF, "beng"),
    (0x0A00, 0x0A7F, "guru"),
    (0x0A80, 0x0AFF, "gujr"),
    (0x0B80, 0x0BFF, "taml"),
    (0x0C00, 0x0C7F, "telu"),
    (0x0C80, 0x0CFF, "knda"),
    (0x0D00, 0x0D7F, "mlym"),
    (0x0E00, 0x0E7F, "thai"),
    (0x10A0, 0x10FF, "geor"),
    (0x1100, 0x11FF, "hang"),
    (0x1E00, 0x1EFF, "latn"),
    (0x1F00, 0x1FFF, "grek"),
    (0x3040, 0x30FF, "kana"),
    (0x3130, 0x318F, "hang"),
    (0x3400, 0x4DBF, "hani"),
    (0x4E00, 0x9FFF, "hani"),
    (0xAC00, 0xD7AF, "hang"),
    (0xF900, 0xFAFF, "hani"),
    (0xFB50, 0xFDFF, "arab"),
    (0xFE70, 0xFEFF, "arab"),
    (0x20000, 0x2FA1F, "hani"),
)
UNSPACED_SCRIPTS = frozenset({"hani", "kana", "thai"})

_SENTENCE_END = re.compile(r"[.!?…؟۔]+[\"'»”’)\]]*(?=\s|$)|[。！？]+[」』”]?|\n+")
_PHRASE_END = re.compile(r"[,;:،؛、，；：—–]\s*|\s")
_CLOSING = re.compile(r"[!?:;,.…»”’\"'）)\]}—–\-،؛؟。！？、，]+")
_OPENING = re.compile(r"[«“‘\"'（(\[{¿¡]+")

# Dots here do not end a sentence, and espeak would pause at them or spell the letters.
_ABBREVIATIONS: dict[str, dict[str, str]] = {
    "fr": {"M.": "Monsieur", "MM.": "Messieurs", "Mme": "Madame", "Mlle": "Mademoiselle",
           "Dr": "Docteur", "Dr.": "Docteur", "St": "Saint", "etc.": "et cetera", "&": "et",
           "°C": "degrés", "n°": "numéro"},
    "en": {"Mr.": "Mister", "Mrs.": "Missus", "Ms.": "Miz", "Dr.": "Doctor", "St.": "Saint",
           "etc.": "et cetera", "vs.": "versus", "&": "and", "°C": "degrees", "e.g.": "for example",
           "i.e.": "that is"},
    "de": {"Dr.": "Doktor", "Hr.": "Herr", "Fr.": "Frau", "z.B.": "zum Beispiel",
           "z. B.": "zum Beispiel", "usw.": "und so weiter", "d.h.": "das heißt",
           "d. h.": "das heißt", "St.": "Sankt", "&": "und", "°C": "Grad", "ca.": "zirka"},
    "es": {"Sr.": "Señor", "Sra.": "Señora", "Srta.": "Señorita", "Dr.": "Doctor",
           "Dra.": "Doctora", "Ud.": "usted", "Uds.": "ustedes", "etc.": "etcétera", "&": "y",
           "°C": "grados", "EE.UU.": "Estados Unidos", "EE. UU.": "Estados Unidos"},
    "it": {"Sig.": "Signor", "Dott.": "Dottor", "ecc.": "eccetera", "&": "e", "°C": "gradi"},
    "pt": {"Sr.": "Senhor", "Sra.": "Senhora", "Dr.": "Doutor", "etc.": "et cetera", "&": "e",
           "°C": "graus"},
}  # fmt: skip


@dataclass(frozen=True)
class Word:
    """A word as captions show it: `text` is `source[start:end]`."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Unit:
    """What one call of the voice says. `origin[i]` is the written index of `text[i]`."""

    text: str
    origin: tuple[int, ...]
    script: str | None
    pause: float
    """Seconds of silence to leave after it at the normal rate."""


def script_of(character: str) -> str | None:
    """The ISO 15924 code of a letter's script in lower case; None for what has none."""
    code = ord(character)
    if code < 0x250 and not character.isalpha():
        return None
    for first, last, script in _SCRIPT_RANGES:
        if first <= code <= last:
            return script if unicodedata.category(character)[0] in "LM" else None
    return None


def visible(text: str) -> str:
    """`text` without what no caption can show: control characters and halves of surrogates."""
    return "".join(
        character
        for character in text
        if character in "\n\t" or unicodedata.category(character) not in {"Cc", "Cs", "Cn", "Co"}
    )


def words_of(text: str) -> list[Word]:
    """The words of `text` in order: every visible character is in exactly one of them.

    Punctuation that stands alone ("Oui !", "« non »") goes with its neighbour. Scripts written
    without spaces are cut into short pieces, each of which a highlight can follow.
    """
    pieces: list[Word] = []
    for match in re.finditer(r"\S+", text):
        pieces.extend(_cut_unspaced(text, match.start(), match.end()))
    words: list[Word] = []
    opening: int | None = None
    for piece in pieces:
        start = piece.start if opening is None else opening
        if _OPENING.fullmatch(piece.text) and piece is not pieces[-1]:
            opening = start
            continue
        if opening is None and words and _CLOSING.fullmatch(piece.text):
            words[-1] = Word(text[words[-1].start : piece.end], words[-1].start, piece.end)
            continue
        words.append(Word(text[start : piece.end], start, piece.end))
        opening = None
    return words


def _cut_unspaced(text: str, start: int, end: int) -> Iterator[Word]:
    at, length = start, 0
    before: str | None = None
    for index in range(start, end):
        script = script_of(text[index])
        limit = {"hani": 1, "kana": 3, "thai": 4}.get(script or "")
        joins = unicodedata.category(text[index])[0] in "MP" or (
            script == "kana" and before == "hani"
        )
        full = limit is not None and not joins and length >= limit
        changes = script is not None and before is not None and script != before
        if full or (changes and not joins and {script, before} & UNSPACED_SCRIPTS):
            yield Word(text[at:index], at, index)
            at, length = index, 0
        length += 0 if joins else 1
        before = script or before
    yield Word(text[at:end], at, end)


class _Mapped:
    """A string whose characters remember where they came from."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.origin = list(range(len(text)))

    def replace(self, pattern: re.Pattern[str], replacement: str) -> None:
        pieces: list[str] = []
        origin: list[int] = []
        at = 0
        for match in pattern.finditer(self.text):
            new = match.expand(replacement)
            pieces += [self.text[at : match.start()], new]
            origin += self.origin[at : match.start()]
            origin += [self.origin[match.start()]] * len(new)
            at = match.end()
        self.text = "".join(pieces) + self.text[at:]
        self.origin = origin + self.origin[at:]


_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?:https?|ftp)://(?:www\.)?|\bwww\."), " "),
    (re.compile(r"(?<=\.[a-z]{2})/\S{24,}|(?<=\.[a-z]{3})/\S{24,}"), " "),
    (re.compile("[  ]"), " "),
    (re.compile(r"(?<=\d) (?=\d{3}(?!\d))"), ""),
    (re.compile(r"[’ʼ`´]"), "'"),
    (re.compile(r"\b([A-ZÀ-Þ])\.(?=\s*[A-ZÀ-Þ]\b|\s+[A-ZÀ-Þ][a-zà-ÿ])"), r"\1 "),
    (re.compile(r"([!?.,;:…])\1+"), r"\1"),
    (re.compile(r"\s+(?=[!?;:])"), ""),
    (re.compile(rf"(\w{{{_LONGEST_WORD}}})(?=\w)"), r"\1 "),
)


def _sayable(character: str) -> str:
    """`character`, or a space when no voice should try to say it."""
    if character == "\n":
        return character
    category = unicodedata.category(character)
    if category in {"Cc", "Cf", "Cs", "Co", "Cn", "So", "Sk", "Zl", "Zp"}:
        # A zero-width non-joiner separates letters in Persian; the joiner only builds emoji here.
        return character if character in "\u200c°" else " "
    if unicodedata.combining(character) == 0 and 0xFE00 <= ord(character) <= 0xFE0F:
        return " "
    return " " if character in '\\{}[]<>|^~*_#()"“”«»„`' else character


def spoken(text: str, language: str) -> list[Unit]:
    """`text` as a voice should say it, in sentences no longer than LONGEST_UNIT, in order.

    `language` is a BCP 47 primary tag and decides how abbreviations are read. A sentence is cut
    further where the script changes, so that each part can have a voice that knows its letters.
    """
    mapped = _Mapped(text)
    for short, full in _ABBREVIATIONS.get(language, {}).items():
        edge = r"(?<!\w)" if short[0].isalpha() else ""
        tail = r"(?!\w)" if short[-1].isalpha() else ""
        mapped.replace(re.compile(edge + re.escape(short) + tail), full)
    mapped.text = "".join(_sayable(character) for character in mapped.text)
    for pattern, replacement in _RULES:
        mapped.replace(pattern, replacement)
    letters = [character for character in mapped.text if character.isalpha()]
    if sum(character.isupper() for character in letters) > 0.6 * len(letters) and len(letters) > 6:
        # Shouted text: espeak would spell some of it. Lower case keeps the length but for a few.
        mapped.text = "".join(
            lower if len(lower := character.lower()) == 1 else character
            for character in mapped.text
        )
    units: list[Unit] = []
    at = 0
    for match in _SENTENCE_END.finditer(mapped.text):
        pause = 0.45 if "\n" in match[0] or "…" in match[0] else 0.34
        units.extend(_units(mapped, at, match.end(), pause))
        at = match.end()
    units.extend(_units(mapped, at, len(mapped.text), 0.34))
    return units


def _units(mapped: _Mapped, start: int, end: int, pause: float) -> Iterator[Unit]:
    """The sentence at [start, end), cut at phrases while too long and where the script changes."""
    while end - start > LONGEST_UNIT:
        window = mapped.text[start : start + LONGEST_UNIT]
        cuts = [match.end() for match in _PHRASE_END.finditer(window)]
        cut = start + (cuts[-1] if cuts else LONGEST_UNIT)
        yield from _script_runs(mapped, start, cut, 0.12)
        start = cut
    yield from _script_runs(mapped, start, end, pause)


def _script_runs(mapped: _Mapped, start: int, end: int, pause: float) -> Iterator[Unit]:
    runs: list[tuple[int, int, str | None]] = []
    at, current = start, None
    for index in range(start, end):
        script = script_of(mapped.text[index])
        if script is None:
            continue
        if current is not None and script != current:
            runs.append((at, index, current))
            at = index
        current = script
    runs.append((at, end, current))
    for number, (first, last, script) in enumerate(runs):
        text = mapped.text[first:last].replace("\n", " ")
        if any(character.isalnum() for character in text):
            final = number == len(runs) - 1
            yield Unit(text, tuple(mapped.origin[first:last]), script, pause if final else 0.03)
