import pytest
from hypothesis import given
from hypothesis import strategies as st

from reelstep.providers.language import detect
from reelstep.providers.offline.espeak_voice import EspeakVoice

PROMPTS = {
    "fr": (
        "Joyeux anniversaire",
        "l'espace",
        "plage",
        "COUCHER DE SOLEIL SUR LA MER",
        "Je t'aime",
        "Une vidéo de mon compagnon me souhaitant joyeux anniversaire dans un jardin fleuri",
    ),
    "en": (
        "A cat on the beach",
        "HAPPY BIRTHDAY MOM",
        "Paris",
        "lofi beats",
        "Make a product video for our new coffee machine",
    ),
    "es": ("Un gato en la playa", "Feliz cumpleaños", "El espacio", "Te quiero mucho"),
    "de": ("Alles Gute zum Geburtstag", "Ein Hund im Wald", "Strand", "Frohes neues Jahr"),
    "it": ("Un gatto sulla spiaggia al tramonto", "Buon compleanno", "Ti amo"),
    "pt": ("Um gato na praia", "Feliz aniversário"),
    "nl": ("Gefeliciteerd met je verjaardag",),
    "pl": ("Wszystkiego najlepszego",),
    "tr": ("Doğum günün kutlu olsun",),
    "vi": ("Chúc mừng sinh nhật",),
    "ar": ("عيد ميلاد سعيد",),
    "fa": ("تولدت مبارک",),
    "ur": ("سالگرہ مبارک ہو",),
    "ru": ("С днём рождения",),
    "uk": ("З днем народження, друже, її сонце",),
    "zh": ("生日快乐",),
    "ja": ("お誕生日おめでとう", "東京タワーの夜景"),
    "ko": ("생일 축하해",),
    "hi": ("जन्मदिन मुबारक",),
    "el": ("Χρόνια πολλά",),
    "he": ("יום הולדת שמח",),
    "th": ("สุขสันต์วันเกิด",),
}


@pytest.mark.parametrize(
    ("language", "prompt"),
    [(tag, prompt) for tag, prompts in PROMPTS.items() for prompt in prompts],
)
def test_short_prompts_are_recognised(language: str, prompt: str) -> None:
    assert detect(prompt) == language


@pytest.mark.parametrize(
    "text",
    ["", "   ", "🎂🎈", "!!!", "'; rm -rf /", "https://example.com/un/gato", "{\\b1}", "x" * 50],
)
def test_english_when_nothing_speaks_for_another(text: str) -> None:
    assert detect(text) == "en"


def test_a_foreign_name_does_not_change_the_language() -> None:
    assert detect("Une vidéo de 美丽 qui danse dans la rue") == "fr"
    assert detect("A trip to Москва with my friends") == "en"


@given(st.text(max_size=200))
def test_whatever_is_written_the_offline_voice_speaks_it(text: str) -> None:
    assert EspeakVoice().supports(detect(text))
