"""Texts that must not pass, by language and category. Not for the faint-hearted."""

from __future__ import annotations

import pytest

from reelstep.providers.base import Category, Strictness
from reelstep.providers.offline.word_lists import WordLists

C = Category

REFUSED: dict[str, dict[Category, tuple[str, ...]]] = {
    "en": {
        C.SEXUAL: ("a porn film", "a blowjob", "naked women dancing", "a sex scene in the shower"),
        C.SEXUAL_MINORS: (
            "child pornography", "naked children playing", "a sexy schoolgirl",
            "sexy 14 year old girl", "little girls in lingerie", "nude pictures of kids",
        ),
        C.VIOLENCE: (
            "how to kill my wife", "kill everyone at school", "a beheading in close up",
            "gang rape scene", "I will stab you", "how do you decapitate a man",
        ),
        C.HATE: ("all jews are vermin", "white power", "sieg heil", "kill all muslims", "niggers"),
        C.SELF_HARM: (
            "kill yourself", "I want to kill myself", "how to commit suicide", "go hang yourself",
            "slit your wrists", "kys", "#killyourself", "painless ways to die",
        ),
        C.ILLEGAL: (
            "how to make a pipe bomb", "how do I cook meth", "sell cocaine online",
            "how to hack into a bank account", "hire a hitman", "buy stolen credit cards",
        ),
        C.HARASSMENT: ("you stupid bitch", "motherfucker", "fuck you", "assholes everywhere"),
        C.PROFANITY: ("fucking idiots", "what a shitty day", "holy shit"),
    },
    "fr": {
        C.SEXUAL: ("un film porno", "une femme nue", "une partouze", "relations sexuelles"),
        C.SEXUAL_MINORS: ("pédopornographie", "des enfants nus", "une fillette dénudée"),
        C.VIOLENCE: (
            "comment tuer ma femme", "comment tuer quelqu'un", "tuer tous les gens",
            "égorger un homme", "un viol", "je vais te tuer", "décapitation en gros plan",
        ),
        C.HATE: ("mort aux juifs", "sale arabe", "un bougnoule", "les juifs sont des rats"),
        C.SELF_HARM: ("je veux me suicider", "va te pendre", "comment se suicider"),
        C.ILLEGAL: ("comment fabriquer une bombe", "acheter de la cocaïne", "des faux billets"),
        C.HARASSMENT: (
            "espèce de connard", "fils de pute", "nique ta mère", "enculé", "gros con", "ta gueule",
        ),
        C.PROFANITY: ("niquer", "enfoirés", "putain de merde"),
    },
    "es": {
        C.SEXUAL: ("una película porno", "mujeres desnudas", "follar", "coño"),
        C.SEXUAL_MINORS: ("pornografía infantil", "niñas desnudas", "violar a una niña"),
        C.VIOLENCE: (
            "cómo matar a mi esposa", "cómo matar a alguien", "matar a toda la gente",
            "decapitación", "violación grupal",
        ),
        C.HATE: ("muerte a los judíos", "negro de mierda", "sudaca", "maricón"),
        C.SELF_HARM: ("quiero suicidarme", "mátate", "cómo suicidarse"),
        C.ILLEGAL: ("cómo hacer una bomba", "vender cocaína", "billetes falsos"),
        C.HARASSMENT: ("hijo de puta", "gilipollas", "vete a la mierda"),
        C.PROFANITY: ("joder", "mierda"),
    },
    "de": {
        C.SEXUAL: ("ein Pornofilm", "nackte Frauen", "ficken", "Titten"),
        C.SEXUAL_MINORS: ("Kinderpornografie", "nackte Kinder", "pädophil"),
        C.VIOLENCE: (
            "wie töte ich meine Frau", "alle Menschen umbringen", "Enthauptung", "Vergewaltigung",
            "ich bringe dich um", "zerstückelt",
        ),
        C.HATE: ("Tod den Juden", "Kanake", "Judensau", "dreckige Ausländer", "dreckige Zigeuner"),
        C.SELF_HARM: ("bring dich um", "ich will sterben", "Selbstmord begehen"),
        C.ILLEGAL: ("wie baue ich eine Bombe", "Kokain kaufen", "Falschgeld drucken"),
        C.HARASSMENT: ("du Hurensohn", "Arschloch", "fick dich", "Arschlöcher"),
        C.PROFANITY: ("Scheiße", "scheisse", "beschissen"),
    },
    "ar": {
        C.SEXUAL: ("فيلم إباحي", "سكس", "شرموطة", "وشرموطة"),
        C.SEXUAL_MINORS: ("إباحية الأطفال", "أطفال عراة", "اغتصاب طفل"),
        C.VIOLENCE: ("كيف أقتل زوجتي", "قطع الرأس", "اغتصاب", "سأقتلك"),
        C.HATE: ("اقتلوا اليهود", "الموت لليهود", "عربي قذر"),
        C.SELF_HARM: ("اقتل نفسك", "أريد أن أموت", "كيف أقتل نفسي"),
        C.ILLEGAL: ("كيف أصنع قنبلة", "بيع المخدرات"),
        C.HARASSMENT: ("يا ابن الكلب", "ديوث"),
        C.PROFANITY: ("خره",),
    },
    "it": {
        C.SEXUAL: ("pornografia", "donne nude"),
        C.SEXUAL_MINORS: ("bambine nude",),
        C.VIOLENCE: ("stupro", "come uccidere mia moglie"),
        C.SELF_HARM: ("voglio uccidermi",),
        C.ILLEGAL: ("come costruire una bomba",),
        C.HARASSMENT: ("vaffanculo", "figlio di puttana"),
    },
    "pt": {
        C.SEXUAL_MINORS: ("pornografia infantil",),
        C.VIOLENCE: ("estupro", "como matar alguém"),
        C.SELF_HARM: ("quero me matar",),
        C.ILLEGAL: ("como fazer uma bomba",),
        C.HARASSMENT: ("filho da puta",),
        C.PROFANITY: ("caralho",),
    },
    "ru": {
        C.SEXUAL_MINORS: ("детское порно",),
        C.VIOLENCE: ("изнасилование", "как убить человека"),
        C.HATE: ("смерть евреям",),
        C.SELF_HARM: ("убей себя",),
        C.ILLEGAL: ("как сделать бомбу",),
        C.HARASSMENT: ("иди на хуй",),
        C.PROFANITY: ("ебаный",),
    },
    "zh": {
        C.SEXUAL_MINORS: ("儿童色情",),
        C.VIOLENCE: ("强奸", "如何杀人"),
        C.HATE: ("杀光犹太人",),
        C.SELF_HARM: ("我要自杀",),
        C.ILLEGAL: ("如何制造炸弹",),
        C.HARASSMENT: ("操你妈", "操 你 妈", "操*你*妈"),
    },
}  # fmt: skip


def cases() -> list[tuple[Category, str]]:
    return [
        (category, text)
        for categories in REFUSED.values()
        for category, texts in categories.items()
        for text in texts
    ]


def refused(text: str, strictness: Strictness = Strictness.NORMAL) -> Category | None:
    return WordLists().review(text, strictness).category


@pytest.mark.parametrize(("category", "text"), cases())
def test_refused_by_category(category: Category, text: str) -> None:
    assert refused(text) is category
    assert refused(f"Une vidéo : {text.upper()} !") is not None
    assert refused(f"{text}. A film of it, please") is not None


@pytest.mark.parametrize(
    "text",
    ["naked children", "how to make a pipe bomb", "kill yourself", "mort aux juifs", "sieg heil",
     "nackte Kinder", "pornografía infantil", "الموت لليهود", "儿童色情"],
)  # fmt: skip
def test_the_severe_is_refused_even_to_the_trusted(text: str) -> None:
    assert refused(text, Strictness.RELAXED) is not None


@pytest.mark.parametrize(
    ("text", "relaxed", "normal", "strict"),
    [
        ("A knight kills the dragon", None, None, C.VIOLENCE),
        ("A sexy car", None, None, C.SEXUAL),
        ("What a shitty day", None, C.PROFANITY, C.PROFANITY),
        ("Un film porno", None, C.SEXUAL, C.SEXUAL),
        ("A sexy schoolgirl", C.SEXUAL_MINORS, C.SEXUAL_MINORS, C.SEXUAL_MINORS),
    ],
)
def test_what_each_strictness_lets_through(
    text: str, relaxed: Category | None, normal: Category | None, strict: Category | None
) -> None:
    assert [refused(text, s) for s in Strictness] == [relaxed, normal, strict]


def test_the_gravest_is_named_and_a_phrase_before_its_words() -> None:
    assert refused("fuck, what a shitty day, and naked children") is C.SEXUAL_MINORS
    assert refused("hijo de puta") is C.HARASSMENT


def test_a_harmless_phrase_excuses_only_itself() -> None:
    assert refused("Kill time, then kill everyone in town") is C.VIOLENCE
    assert refused("Sex education, then a porn film") is C.SEXUAL
    assert refused("Pussy willows and pussy") is C.SEXUAL
