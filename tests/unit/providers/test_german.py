import pytest

from reelstep.providers.offline.template_writer.german import nominative


@pytest.mark.parametrize(
    ("article", "noun", "expected"),
    [
        ("einen", "kleinen Hund", ("ein kleiner Hund", "der kleine Hund")),
        ("ein", "kleiner Hund", ("ein kleiner Hund", "der kleine Hund")),
        ("ein", "Hund", ("ein Hund", "der Hund")),
        ("ein", "kleines Mädchen", ("ein kleines Mädchen", "das kleine Mädchen")),
        ("eine", "rote Katze", ("eine rote Katze", "die rote Katze")),
        ("einer", "alten Frau", ("eine alte Frau", "die alte Frau")),
        ("einen", "kleinen Drachen", ("ein kleiner Drache", "der kleine Drache")),
        ("einem", "kleinen Kätzchen", ("ein kleines Kätzchen", "das kleine Kätzchen")),
        ("ein", "Zwölfzylinder", None),
    ],
)
def test_noun_phrases_come_back_in_the_nominative(
    article: str, noun: str, expected: tuple[str, str] | None
) -> None:
    assert nominative(article, noun.split()) == expected
