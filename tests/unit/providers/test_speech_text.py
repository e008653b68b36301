import pytest
from hypothesis import given
from hypothesis import strategies as st

from reelstep.providers.offline.speech_text import LONGEST_UNIT, spoken, visible, words_of


def said(text: str, language: str = "en") -> str:
    return " | ".join(" ".join(unit.text.split()) for unit in spoken(text, language))


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Dr. Smith & Mr. Jones.", "en", "Doctor Smith and Mister Jones."),
        ("M. Dupont arrive. Il fait 20 °C !", "fr", "Monsieur Dupont arrive. | Il fait 20 degrés!"),
        ("Kuchen, Obst usw. für alle.", "de", "Kuchen, Obst und so weiter für alle."),
        ("J. R. R. Tolkien wrote it.", "en", "J R R Tolkien wrote it."),
        ("Cela coûte 1 234 567 euros.", "fr", "Cela coûte 1234567 euros."),
        ("Wow!!!! Really????", "en", "Wow! | Really?"),
        ("Fun 🎂🎈 time", "en", "Fun time"),
        ("see https://www.example.com now", "en", "see example.com now"),
        ("{\\an8}Hi <b>you</b>", "en", "an8 Hi b you /b"),
        ("HAPPY BIRTHDAY TO YOU", "en", "happy birthday to you"),
        ("3.14 is not two sentences.", "en", "3.14 is not two sentences."),
        ("...", "en", ""),
    ],
)
def test_what_is_said(text: str, language: str, expected: str) -> None:
    assert said(text, language) == expected


def test_a_word_in_another_script_gets_a_voice_of_its_own() -> None:
    units = spoken("Voici Москва et 北京.", "fr")
    assert [unit.script for unit in units] == ["latn", "cyrl", "latn", "hani"]


def test_punctuation_that_stands_alone_goes_with_its_word() -> None:
    assert [word.text for word in words_of("« Oui », dit-il — enfin ! Vraiment ?")] == [
        "« Oui »,", "dit-il —", "enfin !", "Vraiment ?",
    ]  # fmt: skip


def test_scripts_without_spaces_are_cut_small_enough_to_follow() -> None:
    words = [word.text for word in words_of("今天天气很好。Hello 世界")]
    assert words == ["今", "天", "天", "气", "很", "好。", "Hello", "世", "界"]


@given(st.text(max_size=400), st.sampled_from(["en", "fr", "ar", "zh", "th"]))
def test_units_are_short_and_point_back_into_the_text(text: str, language: str) -> None:
    for unit in spoken(text, language):
        assert len(unit.origin) == len(unit.text)
        assert len(unit.text) <= LONGEST_UNIT * 2
        assert all(0 <= index < len(text) for index in unit.origin)
        assert list(unit.origin) == sorted(unit.origin)
        assert all(ord(character) >= 32 for character in unit.text)


@given(st.text(max_size=300))
def test_words_cover_every_visible_character_once(text: str) -> None:
    text = visible(text)
    assert "".join("".join(word.text.split()) for word in words_of(text)) == "".join(text.split())
