"""Which caption font shows which character, and where the fonts are.

libass can look for a fallback font by itself, but only through fontconfig, which a Lambda function
does not have. So every run of text names its family here, from the families that `layers/fonts`
installs. Metrics are in em; libass scales a font so that its *ascent + descent* is the font size
(as VSFilter did), which makes families of one size look very different. Dividing by
`Family.height` gives them one em again. The numbers are those of the files' OS/2 tables
(usWinAscent, usWinDescent), and a test reads them there.
"""

from __future__ import annotations

import os
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from pathlib import Path

from reelstep.platform.errors import InvalidSettings

FONTS_DIR_VARIABLE = "REELSTEP_FONTS_DIR"
LAYER_DIR = Path("/opt/fonts")
BUILD_DIR = Path(__file__).resolve().parents[3] / ".build" / "fonts"


@dataclass(frozen=True)
class Family:
    name: str
    file: str
    ascent: float
    descent: float

    @property
    def height(self) -> float:
        """Font size per em: ask libass for `em * height` to get glyphs of that em."""
        return self.ascent + self.descent


LATIN = Family("Noto Sans", "NotoSans_700Bold.ttf", 1.124, 0.395)
ARABIC = Family("Noto Sans Arabic", "NotoSansArabic_700Bold.ttf", 1.431, 0.738)
BENGALI = Family("Noto Sans Bengali", "NotoSansBengali_700Bold.ttf", 0.995, 0.408)
DEVANAGARI = Family("Noto Sans Devanagari", "NotoSansDevanagari_700Bold.ttf", 1.348, 0.558)
HEBREW = Family("Noto Sans Hebrew", "NotoSansHebrew_700Bold.ttf", 1.068, 0.292)
KOREAN = Family("Noto Sans KR", "NotoSansKR_700Bold.ttf", 1.160, 0.288)
CHINESE = Family("Noto Sans SC", "NotoSansSC_700Bold.ttf", 1.160, 0.288)
TAMIL = Family("Noto Sans Tamil", "NotoSansTamil_700Bold.ttf", 0.870, 0.370)
THAI = Family("Noto Sans Thai", "NotoSansThai_700Bold.ttf", 1.061, 0.450)
EMOJI = Family("Noto Emoji", "NotoEmoji_700Bold.ttf", 1900 / 2048, 500 / 2048)

FAMILIES = (
    LATIN,
    ARABIC,
    BENGALI,
    DEVANAGARI,
    HEBREW,
    KOREAN,
    CHINESE,
    TAMIL,
    THAI,
    EMOJI,
)

# First code point of each block and its family; LATIN again where a block ends. Greek, Cyrillic
# and everything unnamed stay with Noto Sans.
_BLOCKS: tuple[tuple[int, Family], ...] = (
    (0x0000, LATIN),
    (0x0590, HEBREW),
    (0x0600, ARABIC),
    (0x0700, LATIN),
    (0x0750, ARABIC),
    (0x0780, LATIN),
    (0x0870, ARABIC),
    (0x0900, DEVANAGARI),
    (0x0980, BENGALI),
    (0x0A00, LATIN),
    (0x0B80, TAMIL),
    (0x0C00, LATIN),
    (0x0E00, THAI),
    (0x0E80, LATIN),
    (0x1100, KOREAN),
    (0x1200, LATIN),
    (0x1CD0, DEVANAGARI),
    (0x1D00, LATIN),
    (0x2160, CHINESE),  # roman numerals, arrows, mathematics, shapes, dingbats
    (0x2183, LATIN),
    (0x2190, CHINESE),
    (0x2212, LATIN),
    (0x2213, CHINESE),
    (0x25CC, LATIN),
    (0x25CD, CHINESE),
    (0x2C00, LATIN),
    (0x2E80, CHINESE),
    (0x3130, KOREAN),
    (0x3190, CHINESE),
    (0xA4D0, LATIN),
    (0xA830, DEVANAGARI),
    (0xA840, LATIN),
    (0xA8E0, DEVANAGARI),
    (0xA900, LATIN),
    (0xA960, KOREAN),
    (0xA980, LATIN),
    (0xAC00, KOREAN),
    (0xD800, LATIN),
    (0xF900, KOREAN),  # compatibility ideographs, which exist for Korean's sake
    (0xFB00, LATIN),
    (0xFB1D, HEBREW),
    (0xFB50, ARABIC),
    (0xFE00, LATIN),
    (0xFE10, CHINESE),
    (0xFE20, LATIN),
    (0xFE30, CHINESE),
    (0xFE70, ARABIC),
    (0xFF00, CHINESE),
    (0xFFF0, LATIN),
    (0x1F000, EMOJI),
    (0x1F100, CHINESE),  # letters and ideographs in circles and squares
    (0x1F1E6, EMOJI),
    (0x1F200, CHINESE),
    (0x1F250, EMOJI),
    (0x20000, CHINESE),
    (0xE0000, LATIN),
)
_STARTS = [start for start, _ in _BLOCKS]

# Symbols of the Basic Multilingual Plane that only the emoji font has.
_EMOJI_ONLY = frozenset(
    "↩↪⌚⌛⌨⏏⏩⏪⏫⏬⏭⏮⏯⏰⏱⏲⏳⏸⏹⏺◻◼◽◾☄☑☔☕☘☠☢☣☦☪☮☸☹☺♈♉♊♋♌♍♎♏♐♑♒♓♟♾♿⚒⚓⚔⚕⚖⚗⚙⚛⚜⚡⚧⚪⚫⚰⚱"
    "⛄⛅⛈⛎⛏⛑⛓⛔⛩⛪⛰⛱⛲⛳⛴⛵⛷⛸⛹⛺⛽✅✈✉✊✋✌✍✏✒✔✖✝✡✨✳✴❄❇❌❎❓❔❕❗❣❤➕➖➗➰➿⬛⬜⭐⭕"
)
_EMOJI_SELECTOR = "\ufe0f"
_JOINERS = frozenset("\u200c\u200d\ufe0e\ufe0f\u20e3")


def family_of(character: str, language: str = "en") -> Family:
    """The family whose font has this character; Noto Sans when none of ours has it."""
    if character in _EMOJI_ONLY:
        return EMOJI
    family = _BLOCKS[bisect_right(_STARTS, ord(character)) - 1][1]
    if family is CHINESE and language.split("-")[0] == "ko" and "一" <= character <= "\u9fff":
        return KOREAN
    return family


def runs(text: str, language: str = "en") -> tuple[tuple[Family, str], ...]:
    """`text` cut where the family changes.

    Joiners, variation selectors, skin tones and combining marks stay with what they modify: a
    family 👨‍👩‍👧 is one glyph only when its whole sequence is shaped in one run.
    """
    found: list[tuple[Family, str]] = []
    for index, character in enumerate(text):
        follower = text[index + 1 : index + 2]
        if found and (character in _JOINERS or is_mark(character)):
            family = found[-1][0]
        elif follower == _EMOJI_SELECTOR and ord(character) > 0x7F:
            family = EMOJI
        else:
            family = family_of(character, language)
        if found and found[-1][0] is family:
            found[-1] = (family, found[-1][1] + character)
        else:
            found.append((family, character))
    return tuple(found)


def is_mark(character: str) -> bool:
    """Whether it is drawn on the character before it: accents, vowel signs, skin tones, tags."""
    return (
        unicodedata.category(character) in {"Mn", "Me", "Mc"}
        or 0x1F3FB <= ord(character) <= 0x1F3FF
        or 0xE0020 <= ord(character) <= 0xE007F
    )


def fonts_dir() -> Path:
    """The folder of TTF files: REELSTEP_FONTS_DIR, the Lambda layer, or what `make setup` made.

    Raises InvalidSettings when none of them has the base font: captions in a substitute font
    would be a silent change of the film's look, or boxes.
    """
    configured = os.environ.get(FONTS_DIR_VARIABLE)
    candidates = [Path(configured)] if configured else [LAYER_DIR, BUILD_DIR]
    for folder in candidates:
        if (folder / LATIN.file).is_file():
            return folder
    raise InvalidSettings(
        f"The caption fonts are missing; run `make setup` or set {FONTS_DIR_VARIABLE}.",
        detail=f"no {LATIN.file} in {', '.join(map(str, candidates))}",
        field=FONTS_DIR_VARIABLE,
    )
