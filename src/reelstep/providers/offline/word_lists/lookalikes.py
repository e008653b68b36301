"""Characters that are drawn like a Latin letter, and digits and signs that stand for one.

A table of our own and not Unicode's (UTS 39, several thousand rows): NFKC already resolves
full-width, mathematical, circled and superscript letters, and what is left are the few alphabets
that keyboards have.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

# Drawn alike: a word made only of these may be a Latin word in disguise.
_ALIKE = (
    # Cyrillic
    "аa вb еe ѕs іi јj кk ӏl мm нh оo рp сc тt уy ү"
    "y хx ԁd ԛq ԝw һh ёe їi ҝk ғf "
    # Greek, with the capitals' small forms: Η is drawn H, but folds to η
    "αa βb εe ζz ηh ιi κk μm νv οo ρp τt υu χx ϲc ϳj γy ωw "
    # Armenian
    "օo սu հh ոn ցg զq ք"
    "f"
)
# Only read as Latin inside a word that has Latin letters: alone they are a language.
_IN_MIXED_WORDS = (
    "бb гr дd зe иu йu лl пn фo цu чh шw щw ъb ыi ьb эe юo яr єe ґr "
    "δd θo λa ξe πn σo ςc φo ψw "
    "ⲟo ꓰe ᏴB"
)
# Latin letters of other alphabets and of phonetics that NFKC and accents leave as they are.
_LATIN = (
    "øo łl đd ħh ıi ŧt ƒf ɑa ɓb ƈc ɔo ɖd ɗd əe ɛe ɠg ɡg ɣy ɨi ɩi ɪi ʝj ƙk ɫl ɭl ɱm ɲn ŋn ɴn ɵo ƥp "
    "ɋq ɍr ɹr ʀr ʂs ſs ƭt ʈt ʉu ʊu ʋv ʌv ɯm ʍw ʏy ƴy ƶz ʐz ʟl ʜh ɢg ʙb ᴀa ᴃb ᴄc ᴅd ᴇe ꜰf ᴊj ᴋk ᴌl "
    "ᴍm ᴏo ᴘp ꞯq ꜱs ᴛt ᴜu ᴠv ᴡw ᴢz ꭓx ɐa ǝe ɥh ʞk ʇt ƃb ᴉi "
    "ᗩa ᗷb ᑕc ᗪd ᖴf ᕼh ᒍj ᒪl ᗰm ᑎn ᑭp ᖇr ᑌu ᐯv ᗯw"
)


def _table(pairs: str) -> dict[str, str]:
    return {pair[0]: pair[1].lower() for pair in pairs.split()}


ALIKE: Mapping[str, str] = MappingProxyType(_table(_ALIKE))
IN_MIXED_WORDS: Mapping[str, str] = MappingProxyType({**_table(_IN_MIXED_WORDS), **ALIKE})
LATIN = str.maketrans(_table(_LATIN) | {"æ": "ae", "œ": "oe", "þ": "th", "ß": "ss"})

# 🅰 and 🅐 have no compatibility mapping; 🇦 stands for a letter wherever no flag is meant.
SIGNS = str.maketrans(
    {
        chr(first + offset): chr(ord("a") + offset)
        for first in (0x1F150, 0x1F170, 0x1F1E6)
        for offset in range(26)
    }
)

STANDS_FOR: Mapping[str, str] = MappingProxyType(
    {
        "0": "o",
        "1": "il",
        "2": "z",
        "3": "e",
        "4": "a",
        "5": "s",
        "6": "g",
        "7": "t",
        "8": "b",
        "9": "g",
        "@": "a",
        "$": "s",
        "!": "i",
        "|": "li",
        "+": "t",
        "€": "e",
        "£": "l",
        "¡": "i",
        "¢": "c",
        "§": "s",
        "¥": "y",
    }
)
"""Digit or sign → the letters that it may stand for."""

ANY_LETTER = "*#%"
"""Signs that people put for a letter to be decent: f*ck."""
