"""What people do to hide a word, applied to words of every language and category."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reelstep.providers.base import Category, Strictness
from reelstep.providers.offline.word_lists import WordLists

C = Category

WORDS: dict[str, dict[Category, str]] = {
    "en": {
        C.SEXUAL: "blowjob", C.SEXUAL_MINORS: "pedophile", C.VIOLENCE: "rapist",
        C.HATE: "nigger", C.SELF_HARM: "selfharm", C.ILLEGAL: "pipebomb",
        C.HARASSMENT: "motherfucker", C.PROFANITY: "fuck",
    },
    "fr": {
        C.SEXUAL: "partouze", C.SEXUAL_MINORS: "pédophile", C.VIOLENCE: "décapiter",
        C.HATE: "bougnoule", C.SELF_HARM: "scarification", C.HARASSMENT: "connard",
        C.PROFANITY: "merdique",
    },
    "es": {
        C.SEXUAL: "follando", C.SEXUAL_MINORS: "pedofilia", C.VIOLENCE: "descuartizar",
        C.HATE: "sudaca", C.SELF_HARM: "suicidarme", C.HARASSMENT: "gilipollas",
        C.PROFANITY: "mierda",
    },
    "de": {
        C.SEXUAL: "ficken", C.SEXUAL_MINORS: "kinderporno", C.VIOLENCE: "enthauptung",
        C.HATE: "kanake", C.SELF_HARM: "selbstverletzung", C.ILLEGAL: "rohrbombe",
        C.HARASSMENT: "arschloch", C.PROFANITY: "scheisse",
    },
    "it": {C.VIOLENCE: "stupro", C.HARASSMENT: "vaffanculo"},
    "pt": {C.VIOLENCE: "estupro", C.PROFANITY: "caralho"},
}  # fmt: skip
LATIN = [(category, word) for words in WORDS.values() for category, word in words.items()]

LEET = {"a": "4@", "e": "3", "i": "1!", "o": "0", "s": "5$", "t": "7", "b": "8", "l": "1"}
CYRILLIC = dict(zip("aeopcyxkmtbisjh", "аеорсухкмтвіѕјн", strict=True))
GREEK = dict(zip("aboiktuvxe", "αβοικτυνχε", strict=True))
BOLD = {chr(97 + i): chr(0x1D41A + i) for i in range(26)}
SCRIPT = {chr(97 + i): chr(0x1D4EA + i) for i in range(26)}
WIDE = {chr(97 + i): chr(0xFF41 + i) for i in range(26)}
CIRCLED = {chr(97 + i): chr(0x24D0 + i) for i in range(26)}
NEGATIVE = {chr(97 + i): chr(0x1F170 + i) for i in range(26)}
SMALL_CAPITALS = dict(zip("abcdefghijklmnoprtuvwz", "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀᴛᴜᴠᴡᴢ", strict=True))


def replaced(table: dict[str, str]) -> Callable[[str], str]:
    return lambda word: "".join(table.get(c, c)[0] for c in word)


def joined(sign: str) -> Callable[[str], str]:
    return lambda word: sign.join(word)


DISGUISES: dict[str, Callable[[str], str]] = {
    "capitals": str.upper,
    "every other": lambda w: "".join(c.upper() if i % 2 else c for i, c in enumerate(w)),
    "digits": replaced({c: s[0] for c, s in LEET.items() if c in "aeio"}),
    "signs": replaced({"a": "@", "i": "!", "s": "$", "o": "0"}),
    "accents": lambda w: "".join(c + "\u0301" if c in "aeiou" else c for c in w),
    "marks everywhere": joined("\u0335\u0336"),
    "zero width": joined("\u200b"),
    "joiners": joined("\u200d"),
    "soft hyphens": joined("\u00ad"),
    "byte order marks": joined("\ufeff"),
    "tags": joined("\U000e0061"),
    "dots": joined("."),
    "hyphens": joined("-"),
    "underscores": joined("_"),
    "stars": joined("*"),
    "spaces": joined(" "),
    "wide spaces": joined("\u2003"),
    "dots and spaces": joined(". "),
    "mixed signs": lambda w: "".join(c + ". -_"[i % 4] for i, c in enumerate(w))[:-1],
    "middle dots": joined("·"),
    "emoji": joined("🍎"),
    "one hyphen": lambda w: f"{w[:2]}-{w[2:]}",
    "one dot": lambda w: f"{w[:3]}.{w[3:]}",
    "first letters apart": lambda w: f"{w[0]} {w[1]} {w[2:]}" if len(w) <= 5 else " ".join(w),
    "all letters thrice": lambda w: "".join(c * 3 for c in w),
    "a long letter": lambda w: w[0] + w[1] * 30 + w[2:],
    "a doubled letter": lambda w: w[0] + w[1] * 2 + w[2:],
    "cyrillic": replaced(CYRILLIC),
    "one cyrillic letter": lambda w: w[0] + replaced(CYRILLIC)(w[1:3]) + w[3:],
    "greek": replaced(GREEK),
    "bold": replaced(BOLD),
    "script": replaced(SCRIPT),
    "full width": replaced(WIDE),
    "circled": replaced(CIRCLED),
    "negative squares": replaced(NEGATIVE),
    "small capitals": replaced(SMALL_CAPITALS),
    "in quotes": lambda w: f"«{w}»",
    "hashtag": lambda w: f"#{w}",
    "capital and dots": lambda w: ".".join(w.upper()),
    "digits and dots": lambda w: ".".join(w.replace("o", "0").replace("i", "1")),
}


def refused(text: str, strictness: Strictness = Strictness.NORMAL) -> Category | None:
    return WordLists().review(text, strictness).category


@pytest.mark.parametrize("disguise", DISGUISES)
@pytest.mark.parametrize(("category", "word"), LATIN)
def test_no_disguise_hides_a_word(category: Category, word: str, disguise: str) -> None:
    hidden = DISGUISES[disguise](word)
    assert refused(hidden) is category
    assert refused(f"Un film de {hidden}, please") is category


@pytest.mark.parametrize(
    "disguise",
    ["zero width", "joiners", "dots", "hyphens", "spaces", "stars", "all letters thrice",
     "in quotes", "marks everywhere"],
)  # fmt: skip
@pytest.mark.parametrize(
    ("category", "word"),
    [(C.SEXUAL, "شرموطه"), (C.VIOLENCE, "اغتصاب"), (C.HARASSMENT, "ديوث"),
     (C.VIOLENCE, "изнасилование"),     (C.PROFANITY, "пиздец"), (C.SEXUAL_MINORS, "педофил")],
)  # fmt: skip
def test_other_alphabets_too(category: Category, word: str, disguise: str) -> None:
    assert refused(DISGUISES[disguise](word)) is category


@pytest.mark.parametrize(
    "text",
    ["f*ck", "sh*t", "f**k", "f*cking", "F*CK!", "b*tch", "f#ck", "c*nt", "a$$hole", "$hit",
     "sh!t", "b1tch", "k1ll y0urs3lf", "ki.ll your-self", "k i l l yourself", "c h i l d porn",
     "child_porn", "childporn", "ch1ld p0rn", "FUUUUUCK", "I f u c k you", "f u ck", "fu c k",
     "вlоwjоb", "ѕех video", "phuck", "اِغْتِصَاب", "اغـتـصـاب", "ٱغتصاب"],
)  # fmt: skip
def test_disguises_seen_in_the_wild(text: str) -> None:
    assert refused(text) is not None


def test_lookalikes_are_read_as_letters_only_where_no_language_is_meant() -> None:
    assert refused("соск", Strictness.STRICT) is C.SEXUAL
    assert refused("соска и бутылочка, и соск", Strictness.STRICT) is None
    assert refused("Un cono de helado") is None
    assert refused("coño") is C.SEXUAL


LETTER = st.sampled_from(
    [str, str.upper, *(replaced(t) for t in (CYRILLIC, BOLD, WIDE, CIRCLED, SCRIPT))]
)


@given(data=st.data(), case=st.sampled_from(LATIN))
def test_any_mixture_of_disguises_is_seen_through(
    data: st.DataObject, case: tuple[Category, str]
) -> None:
    category, word = case
    digits = 0
    letters = []
    for letter in word:
        times = data.draw(st.sampled_from([1, 1, 1, 3, 5]))
        if letter in LEET and digits * 5 < len(word) and data.draw(st.booleans()):
            letters.append(data.draw(st.sampled_from(LEET[letter])))
            digits += letters[-1].isdigit()
        else:
            letters.append(data.draw(LETTER)(letter) * times)
    hidden = data.draw(st.sampled_from(["", "\u200b", "\u00ad", "\ufeff"])).join(letters)
    assert refused(f"A film: {hidden} at sunset") is category


@given(
    case=st.sampled_from(LATIN),
    sign=st.sampled_from([*".-_ ·,;:/~'’\u2003", "🎈", ". ", " - ", "..."]),
    change=st.sampled_from([str, str.upper, replaced(BOLD), replaced(CYRILLIC), replaced(WIDE)]),
    around=st.sampled_from(["", "I ", "à ", "A film about ", "Ein Film: "]),
)
def test_letters_apart_by_any_sign_are_read_together(
    case: tuple[Category, str], sign: str, change: Callable[[str], str], around: str
) -> None:
    category, word = case
    assert refused(f"{around}{sign.join(change(word))} please") is category
