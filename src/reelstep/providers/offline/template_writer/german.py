"""German noun phrases back in the nominative: prompts say "über einen kleinen Hund"."""

from __future__ import annotations

import re

# Nouns that heroes are, where "ein" leaves the gender open and no adjective tells it.
_MASCULINE = (
    "hund kater mann junge drache roboter fuchs bär ritter pirat astronaut vogel hase löwe tiger "
    "elefant affe wolf igel pinguin zauberer prinz könig bauer koch maler musiker tänzer opa "
    "großvater vater bruder freund baum berg schneemann engel fisch delfin wal stern mond zug "
    "wal ballon heißluftballon bus wagen frosch esel hirsch kaiser"
)
_NEUTER = (
    "mädchen kind pferd einhorn paar schiff auto haus baby tier boot monster gespenst buch dorf "
    "schaf zebra "
    "fahrrad feuer zimmer messer raumschiff segelboot krokodil nashorn eichhörnchen"
)
# Nouns that add -n or -en in every case but the nominative; those of _BARE lose both letters.
_BARE = frozenset(("bären", "prinzen", "elefanten", "astronauten", "piraten", "menschen", "helden"))
_TAKES_EN = frozenset(
    ["bär", "prinz", "elefant", "astronaut", "pirat", "mensch", "held", "student"]
)
_TAKES_N = frozenset(["drache", "junge", "hase", "löwe", "affe", "rabe", "matrose"])
_WEAK = _BARE | {"drachen", "jungen", "hasen", "löwen", "affen", "zeugen", "raben"}
_PEOPLE = (
    "wärter", "fischer", "fahrer", "händler", "bauer", "hüter", "jäger", "reiter", "schäfer",
    "lehrer", "sänger", "tänzer", "bäcker", "gärtner", "taucher", "kapitän", "forscher",
)  # fmt: skip
_GENDERS = {
    **dict.fromkeys(_MASCULINE.split(), "der"),
    **dict.fromkeys(_NEUTER.split(), "das"),
}


def nominative(article: str, noun: list[str]) -> tuple[str, str] | None:
    """("ein kleiner Hund", "der kleine Hund") for "einen kleinen Hund"; None when unsure.

    `article` is in lower case; `noun` is the adjectives and the noun.
    """
    adjectives, name = noun[:-1], noun[-1]
    if article != "ein" and name.lower() in _WEAK:
        name = name.removesuffix("en") if name.lower() in _BARE else name.removesuffix("n")
    plain = [word.removesuffix("n") if word.endswith("en") else word for word in adjectives]
    plain = [word[:-1] if word.endswith(("er", "es")) and len(word) > 3 else word for word in plain]
    weak = [word if word.endswith("e") else word + "e" for word in plain]
    gender = _gender(article, adjectives, name)
    if gender is None:
        return None
    if gender == "same":
        phrase = " ".join([article, *noun])
        return phrase, phrase
    definite = " ".join([gender, *weak, name])
    strong = {"der": "r", "das": "s", "die": ""}[gender]
    begin = {"der": "ein", "das": "ein", "die": "eine"}[gender]
    return " ".join([begin, *(word + strong for word in weak), name]), definite


def accusative(nominative: str, definite: str) -> str | None:
    """ "einen kleinen Hund" for ("ein kleiner Hund", "der kleine Hund"); None when unsure.

    The gender is that of `definite`; both may be the same phrase.
    """
    article, *noun = nominative.split(" ")
    gender = definite.split(" ")[0].lower()
    if gender in {"mein", "unser"}:
        gender = _GENDERS.get(noun[-1].lower(), "")
        if not gender:
            return None
    if gender != "der" or not noun:
        return nominative
    begin = {"der": "den", "ein": "einen", "mein": "meinen", "unser": "unseren"}
    if article.lower() not in begin:
        return None
    adjectives = [re.sub(r"e[rs]?$", "en", word) for word in noun[:-1]]
    name = noun[-1]
    ending = "en" if name.lower() in _TAKES_EN else "n" if name.lower() in _TAKES_N else ""
    return " ".join([begin[article.lower()], *adjectives, name + ending])


def _gender(article: str, adjectives: list[str], name: str) -> str | None:
    lowered = name.lower()
    if article in {"eine", "einer"}:
        return "die"
    if article == "einen":
        return "der"
    if article in {"ein", "einem"}:
        if article == "ein" and adjectives and adjectives[-1].endswith("er"):
            return "der"
        if article == "ein" and adjectives and adjectives[-1].endswith("es"):
            return "das"
        if lowered.endswith(("chen", "lein")):
            return "das"
        return _GENDERS.get(lowered) or ("der" if lowered.endswith(_PEOPLE) else None)
    if article in {"der", "das", "mein", "unser"} and not adjectives:
        return "same"
    if article in {"zwei", "drei"}:
        return "same"
    return None
