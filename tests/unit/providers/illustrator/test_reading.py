"""Words in many languages lead to the same concepts."""

from __future__ import annotations

import pytest

from reelstep.providers.offline.illustrator.props import PROPS
from reelstep.providers.offline.illustrator.reading import concepts, concepts_of, fold, of_kind
from reelstep.providers.offline.illustrator.settings import SETTINGS


@pytest.mark.parametrize(
    ("concept", "texts"),
    [
        ("balloon", ["balloons", "Ballons", "Luftballons", "globos", "بالونات"]),
        ("cake", ["birthday cake", "un gâteau", "Geburtstagskuchen", "una tarta", "كعكة"]),
        ("cat", ["cats", "un chat", "die Katze", "gatos", "القطة"]),
        ("moon", ["moonlight", "la lune", "im Mondlicht", "la luna", "ضوء القمر"]),
        ("boat", ["sailboats", "un bateau", "ein Segelboot", "barcos", "قارب"]),
        ("train", ["a train", "le train", "der Zug", "el tren", "قطار"]),
        ("castle", ["castles", "châteaux", "das Schloss", "castillo", "قلعة"]),
        ("flower", ["flowers", "fleurs", "Blumen", "flores", "زهور"]),
        ("star", ["stars", "étoiles", "Sterne", "estrellas", "نجوم"]),
    ],
)
def test_an_element_is_found_in_every_language(concept: str, texts: list[str]) -> None:
    for text in texts:
        assert concept in of_kind("element", text), text


@pytest.mark.parametrize(
    ("setting", "texts"),
    [
        ("sea", ["the ocean", "la mer", "das Meer", "el mar", "في البحر"]),
        ("beach", ["beaches", "la plage", "am Strand", "la playa", "شاطئ"]),
        ("forest", ["a forest", "forêts", "im Wald", "el bosque", "غابة"]),
        ("mountain", ["mountains", "montagnes", "Gebirge", "montañas", "جبال"]),
        ("garden", ["garden", "jardin fleuri", "Garten", "jardín", "حديقة"]),
        ("city", ["city", "la ville", "Großstadt", "ciudad", "مدينة"]),
    ],
)
def test_a_place_is_found_in_every_language(setting: str, texts: list[str]) -> None:
    for text in texts:
        assert setting in of_kind("setting", text), text


def test_accents_case_and_arabic_letter_forms_do_not_matter() -> None:
    assert fold("GÂTEAU") == fold("gateau")
    assert concepts("FORÊT") == concepts("foret")
    assert of_kind("element", "أسد") == of_kind("element", "اسد") == ("lion",)


@pytest.mark.parametrize(
    "text",
    ["the start of the world's work", "une semaine de mercredi", "chatting about carelessness"],
)
def test_words_that_only_resemble_are_left_alone(text: str) -> None:
    assert not {"star", "car", "cat", "coffee"} & set(of_kind("element", text))
    assert "sea" not in of_kind("setting", text)


def test_a_phrase_wins_over_its_words() -> None:
    found = of_kind("element", "two hot air balloons")
    assert found == ("hotair",)


def test_every_element_and_place_of_the_lexicon_can_be_drawn() -> None:
    from reelstep.providers.offline.illustrator.arrange import PLANTS, SKY_CONCEPTS

    assert set(concepts_of("element")) <= set(PROPS) | SKY_CONCEPTS | PLANTS
    assert set(concepts_of("setting")) == set(SETTINGS)
