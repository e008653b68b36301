import re

import pytest

from reelstep.providers.base import MusicStyle, Scenario, ScriptRequest
from reelstep.providers.offline.espeak_voice import EspeakVoice, VoiceRequest
from reelstep.providers.offline.illustrator.reading import concepts_of
from reelstep.providers.offline.template_writer import TemplateWriter
from reelstep.providers.offline.template_writer.material import LANGUAGES, Material, load
from reelstep.providers.offline.template_writer.pacing import scene_seconds, spoken_seconds
from reelstep.providers.offline.template_writer.story import GREETINGS
from reelstep.providers.offline.template_writer.worlds import WORLDS

BIRTHDAY = (
    "Une vidéo de mon compagnon me souhaitant joyeux anniversaire dans un jardin fleuri "
    "avec des ballons colorés"
)


def write(prompt: str, seconds: int = 30, **more: object) -> Scenario:
    return TemplateWriter().write(
        ScriptRequest.model_validate({"prompt": prompt, "duration_seconds": seconds, **more})
    )


def speech(scenario: Scenario) -> str:
    return " ".join(scene.dialogue for scene in scenario.scenes)


# -- the material ------------------------------------------------------------------------------


def slots(material: Material) -> set[tuple[str, ...]]:
    tables = {
        "themes": material.themes,
        "titles": material.titles,
        "labels": material.labels,
        "openings": material.openings,
        "beats": material.beats,
        "thoughts": material.thoughts,
        "concepts": material.concepts,
        "closings": material.closings,
        "skies": material.skies,
        "subject": material.subject,
    }
    found = {(name, key) for name, table in tables.items() for key in table}
    found |= {("clue", world) for world in material.clues}
    return found | {("world", name, *sorted(parts)) for name, parts in material.worlds.items()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_slot(language: str) -> None:
    material = load(language)
    assert slots(material) == slots(load("en"))
    themes = {*material.themes, "story"}
    assert set(material.beats) == themes
    assert set(material.closings) == themes
    assert themes <= set(material.openings)
    assert set(material.thoughts) == {"joyful", "calm", "epic", "romantic"}
    assert set(material.concepts) <= set(concepts_of("element"))
    assert min(map(len, material.beats.values())) >= 7
    assert set(material.worlds) == set(WORLDS)
    for parts in material.worlds.values():
        assert sum(map(len, parts.values())) >= 18
        assert min(len(parts[part]) for part in ("open", "first", "hero", "last")) >= 2
    assert set(material.titles) >= GREETINGS


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_stands_twice_in_a_language(language: str) -> None:
    material = load(language)
    lines = [line for table in (material.beats, material.concepts) for lines in table.values()
             for line in lines]  # fmt: skip
    lines += [line for lines in material.thoughts.values() for line in lines]
    lines += [line for parts in material.worlds.values() for lines in parts.values()
              for line in lines]  # fmt: skip
    lines += [line for lines in material.skies.values() for line in lines]
    lines += [*material.turns, *material.returns]
    assert len(lines) == len(set(lines))
    assert all(line[-1] in ".!?" or line[-1] == "؟" for line in lines)
    assert not any(re.search(r"\{(?!The\}|the\}|hero\}|a\})", line) for line in lines)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pace_is_that_of_the_voice(language: str) -> None:
    worlds = [parts["then"] for parts in load(language).worlds.values()][0:19:3]
    text = " ".join(line for then in worlds for line in then[:3])
    real = EspeakVoice().speak(VoiceRequest(text=text, language=language)).duration
    assert spoken_seconds(text, language) == pytest.approx(real, rel=0.08)


# -- stories -----------------------------------------------------------------------------------


def test_the_birthday_prompt_of_the_first_users() -> None:
    scenario = write(BIRTHDAY, 30, elements=("ballons", "gâteau", "confettis"))
    assert scenario.language == "fr"
    assert scenario.title == "Joyeux anniversaire !"
    first, *_, last = scenario.scenes
    assert first.dialogue.startswith("Joyeux anniversaire ! Dans un jardin fleuri, ")
    assert "joyeux anniversaire" in last.dialogue.lower()
    assert "garden" in first.visual_elements
    for word in ("ballons", "gâteau", "confettis"):
        assert sum(scene.visual_elements[0] == word for scene in scenario.scenes) == 1, word
    # The companion speaks; nobody speaks about it.
    assert "compagnon" not in speech(scenario)
    assert " me souhait" not in speech(scenario)


@pytest.mark.parametrize(
    ("prompt", "opening"),
    [
        ("Un chat roux sur la plage", "un chat roux"),
        ("Fais une vidéo sur un dragon qui garde un trésor", "un dragon qui garde un trésor."),
        ("A cat walks on the beach", "a cat walks on the beach."),
        ("Make a video about a robot who finds a garden", "a robot who finds a garden."),
        ("Un robot aprende a bailar en la ciudad", "un robot aprende a bailar en la ciudad."),
        ("Ein Video über einen kleinen Hund am Strand", "einen kleinen Hund"),
        ("How does photosynthesis work?", "How does photosynthesis work?"),
        ("فيديو عن قطة تمشي على الشاطئ", "قطة تمشي على الشاطئ."),
    ],
)
def test_the_first_scene_says_what_the_film_is_about(prompt: str, opening: str) -> None:
    assert opening in write(prompt).scenes[0].dialogue


@pytest.mark.parametrize(
    ("prompt", "hero"),
    [
        ("Une abeille dans le jardin", "l'abeille"),
        ("Un chat roux sur la plage", "le chat roux"),
        ("Des enfants dans la neige", "les enfants"),
        ("A small red robot in the city", "the small red robot"),
        ("Una gata negra en la ciudad", "la gata negra"),
        ("Ein kleines Mädchen im Garten", "das kleine Mädchen"),
    ],
)
def test_the_hero_comes_back_with_the_right_article(prompt: str, hero: str) -> None:
    assert hero in speech(write(prompt, 60)).replace(hero.capitalize(), hero).replace(
        hero[0].upper() + hero[1:], hero
    )


def test_somebody_who_is_named_is_greeted_by_name() -> None:
    assert write("Happy birthday to Emma!").scenes[0].dialogue.startswith("Happy Birthday, Emma!")
    assert write("Feliz cumpleaños mamá").title == "¡Feliz cumpleaños, mamá!"


def test_a_prompt_that_tells_a_story_is_told_in_its_own_words() -> None:
    prompt = (
        "Les enfants jouent dans la neige. Soudain, un renard apparaît près du sapin. "
        "Il les regarde, puis il repart dans la forêt. Le soir, ils racontent tout."
    )
    spoken = speech(write(prompt))
    places = [spoken.find(sentence) for sentence in prompt.split(". ")]
    assert -1 not in places
    assert places == sorted(places)


def test_instructions_to_the_maker_are_not_read_aloud() -> None:
    prompt = (
        "A robot crosses the city at night. It is looking for its friend. "
        "Style: noir, no text. Add rain."
    )
    assert "noir" not in speech(write(prompt))
    assert "Add rain" not in speech(write(prompt))


@pytest.mark.parametrize(
    ("prompt", "language"),
    [("Un gatto sulla spiaggia. Il mare è calmo.", "it"), ("我喜欢海滩。今天天气很好。", "zh")],
)
def test_a_language_without_material_is_narrated_in_its_own_words(
    prompt: str, language: str
) -> None:
    scenario = write(prompt, 20)
    assert scenario.language == language
    assert speech(scenario).replace(" ", "") == prompt.replace(" ", "")


def test_a_film_in_another_language_than_its_prompt_does_not_mix_them() -> None:
    scenario = write(BIRTHDAY, 30, language="en", elements=("ballons",))
    assert scenario.title == "Happy Birthday!"
    assert scenario.scenes[0].dialogue.startswith("Happy birthday!")
    assert "jardin" not in speech(scenario)
    assert "garden" in scenario.scenes[0].visual_elements
    assert "balloons" in speech(scenario).lower()


def test_the_music_sets_the_mood() -> None:
    moods = {
        style: write("A day by the sea", music_style=style).scenes[0].mood for style in MusicStyle
    }
    assert len(set(moods.values())) == 4


def test_equal_requests_tell_the_same_story_and_others_another() -> None:
    assert write("A cat", 60) == write("A cat", 60)
    assert speech(write("A cat in town", 60)) != speech(write("A cat in the town", 60))


# -- lengths -----------------------------------------------------------------------------------


@pytest.mark.parametrize("total", [10, 11, 20, 37, 60, 61, 119, 300, 599, 600])
def test_scenes_add_up_and_are_neither_flashes_nor_yawns(total: int) -> None:
    for topics in (0, 3, 30):
        lengths = scene_seconds(total, topics)
        assert round(sum(lengths), 6) == total
        assert 2 <= len(lengths) <= 40
        assert min(lengths) >= 4.5
        assert max(lengths) <= 18


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("seconds", [10, 30, 60, 180, 600])
def test_speech_fills_the_film_and_never_repeats_itself(language: str, seconds: int) -> None:
    prompt = {"fr": "Un chat", "en": "A cat", "es": "Un gato", "de": "Eine Katze", "ar": "قطة"}
    scenario = write(prompt[language], seconds, language=language)
    shares = [
        spoken_seconds(scene.dialogue, language) / scene.duration_seconds
        for scene in scenario.scenes
    ]
    assert 0.62 <= sum(shares) / len(shares) <= 0.80
    assert max(shares) <= 0.85
    assert min(shares) >= 0.45
    sentences = re.split(r"(?<=[.!?؟])\s+", speech(scenario))
    assert len(sentences) == len(set(sentences))
