"""Which language a prompt is written in: the one its film will speak.

Prompts are short ("Joyeux anniversaire", "Un gato en la playa"), where statistics alone often
guess wrong. So the script of the letters comes first, then words that a language is known by,
and py3langid's model where both leave it open. When nothing speaks for a language it is English.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from functools import cache
from importlib.resources import files
from typing import Any

DEFAULT = "en"

# One script, one language; others are told apart below.
_LANGUAGE_OF_SCRIPT = {
    "HANGUL": "ko",
    "GREEK": "el",
    "HEBREW": "he",
    "THAI": "th",
    "ARMENIAN": "hy",
    "GEORGIAN": "ka",
    "BENGALI": "bn",
    "TAMIL": "ta",
    "TELUGU": "te",
    "GUJARATI": "gu",
    "KANNADA": "kn",
    "MALAYALAM": "ml",
    "GURMUKHI": "pa",
    "HIRAGANA": "ja",
    "KATAKANA": "ja",
}
_DENSITY = {"CJK": 3, "HANGUL": 2, "HIRAGANA": 2, "KATAKANA": 2}
"""Letters of Latin script that one letter of these says as much as."""

_OTHER_LETTERS = {
    "ARABIC": (("ur", "ٹڈڑںےھہ"), ("fa", "پچژگکی")),
    "CYRILLIC": (("uk", "іїєґ"), ("be", "ў"), ("sr", "ђћљњџј"), ("mk", "ѓќѕ")),
    "DEVANAGARI": (("mr", "ळ"),),
}
_USUAL = {"ARABIC": "ar", "CYRILLIC": "ru", "DEVANAGARI": "hi", "CJK": "zh"}

_MARKS = {
    "ñ¿¡": "es",
    "ß": "de",
    "œ": "fr",
    "ãõ": "pt",
    "łżźśćńąę": "pl",
    "ğış": "tr",
    "țșă": "ro",
    "řěů": "cs",
    "őű": "hu",
    "đơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ": "vi",
}
_WORD = re.compile(r"[^\W\d_]+")
_CLAUSE = re.compile(r"https?://\S+|\S+@\S+|#\w+")


def detect(text: str) -> str:
    """The BCP 47 primary tag of `text`: always one that the offline voice can speak.

    English when the text is empty, has no letters, or nothing in it speaks for another language.
    """
    return recognise(text) or DEFAULT


def recognise(text: str) -> str | None:
    """As `detect`, but None where it would only be assuming English."""
    text = unicodedata.normalize("NFC", _CLAUSE.sub(" ", text))
    scripts: Counter[str] = Counter()
    for character in text:
        if character.isalpha():
            script = _script(character)
            scripts[script] += _DENSITY.get(script, 1)
    if scripts["HIRAGANA"] + scripts["KATAKANA"] > 0 and scripts["CJK"]:
        scripts["HIRAGANA"] += scripts.pop("CJK")
    if not scripts:
        return None
    script = scripts.most_common(1)[0][0]
    if script in _LANGUAGE_OF_SCRIPT:
        return _LANGUAGE_OF_SCRIPT[script]
    if script in _OTHER_LETTERS:
        for language, letters in _OTHER_LETTERS[script]:
            if any(letter in letters for letter in text.lower()):
                return language
    if script in _USUAL:
        return _USUAL[script]
    return _latin(text) if script == "LATIN" else None


def _script(character: str) -> str:
    name = unicodedata.name(character, "")
    first = name.split(" ")[0]
    return "CJK" if first in {"CJK", "IDEOGRAPHIC"} else first.removesuffix("-HIRAGANA")


def _latin(text: str) -> str | None:
    words = [word.lower() for word in _WORD.findall(text)]
    scores: Counter[str] = Counter()
    for language, known in _known_words().items():
        scores[language] = sum(2 if len(word) > 3 else 1 for word in words if word in known)
    for marks, language in _MARKS.items():
        scores[language] += 2 * sum(character in marks for character in text.lower())
    for word in words:
        # l'eau, d'été, qu'on, c'est, j'ai: nobody else elides like this.
        if word in {"qu", "aujourd"} or re.search(rf"\b[ldcjmns]['’]{word}", text.lower()):
            scores["it" if word == "è" or word[-1:] in {"a", "o"} else "fr"] += 2
    ranking = scores.most_common(2)
    best, points = ranking[0]
    if points - ranking[1][1] >= max(2, 0.12 * len(words)):
        return best
    # The model settles what words leave open, but only among what they allow, and alone only when
    # it is sure: it takes "Sunset drive" for Danish.
    model = dict(_identifier().rank(" ".join(words)))
    if points == 0:
        sure, likely = max(((p, language) for language, p in model.items()))
        return likely if sure > 0.6 and len(words) > 1 else None
    near = [language for language, score in scores.items() if score >= points - 1]
    if DEFAULT in near and points < 3:
        return DEFAULT
    if len(words) < 3:
        # Too little for the model ("Strand" is Danish to it). Languages are listed widest first.
        return next(language for language in _known_words() if scores[language] == points)
    return max(near, key=lambda language: (model.get(language, 0.0), scores[language]))


@cache
def _known_words() -> dict[str, frozenset[str]]:
    data = files("reelstep.providers").joinpath("language_words.json").read_text("utf-8")
    return {language: frozenset(words.split()) for language, words in json.loads(data).items()}


@cache
def _identifier() -> Any:
    # 0.1 s and 15 MB: only prompts that the rules leave open pay for it.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    known = set(identifier.labels)
    identifier.set_languages([tag for tag in _known_words() if tag in known] + ["sw", "af", "sq"])
    return identifier
