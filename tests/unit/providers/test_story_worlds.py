"""Stories fit their pictures: place, light, weather, and the sentences said about them."""

import re
from itertools import product

import pytest

from reelstep.providers.base import (
    MusicStyle,
    PictureRequest,
    Scenario,
    ScriptRequest,
    VisualStyle,
)
from reelstep.providers.offline.illustrator.plan import ScenePlan, plan_scene
from reelstep.providers.offline.illustrator.reading import concepts
from reelstep.providers.offline.template_writer import TemplateWriter
from reelstep.providers.offline.template_writer.material import LANGUAGES, Line, load
from reelstep.providers.offline.template_writer.sky import facts
from reelstep.providers.offline.template_writer.worlds import NEIGHBOURS, WORLDS, view_of

SUN = {
    "en": r"\bsun(?!k)\w*|\bnoon|\bdaylight|\bmorning|\bbutterfl|\bbees?\b|\brainbow|blue sky"
    r"|\bsquirrel|\bmirage|\bsummer|\bthe day is gentle|beautiful day",
    "fr": r"\bsoleil|\bmidi\b|\bmatin\b|\bpapillon|\babeille|arc-en-ciel|ciel bleu|\bécureuil"
    r"|\bmirage|\b[ld]'été\b|journée est douce|belle journée",
    "es": r"\bsol\b|\bmediodía|\bmañana\b(?<!con mañana)(?! la ciudad| se abrirá|, otra)"
    r"|\bmariposa|\babejas?\b|arcoíris|cielo azul|\bardilla|\bespejismo|\bverano"
    r"|día es suave|bonito día",
    "de": r"\bsonne(?!n?blu)\w*|\bmittag|\bheute morgen|\bmorgens\b|schmetterling|\bbienen?\b"
    r"|regenbogen|blauer himmel|eichhörnchen|luftspiegelung|sommer|tag ist mild|schöner tag",
    "ar": r"شمس|ظهيرة|(?<!م)صباح|فراشة|نحل|قوس قزح|سنجاب|سراب|صيف|النهار لطيف",
}
"""What is only said of a bright day outside. (Wishes for "bright mornings" are no pictures.)"""

GLOOMY = {
    "en": ["A lighthouse keeper and her cat on a stormy night", "A cat in the city, rainy night",
           "A rocket trip to the rings of Saturn", "A dog by the fireplace at home at night",
           "A small boat in a storm", "A fox in the forest at night", "A castle under a storm"],
    "fr": ["Un chat sous l'orage, la nuit", "Paris sous la pluie, un café le soir",
           "Une fusée dans l'espace", "Un renard dans la forêt, la nuit"],
    "es": ["Un gato en una noche de tormenta", "Un perro bajo la lluvia en la ciudad de noche",
           "Un cohete en el espacio", "Un zorro en el bosque de noche"],
    "de": ["Eine Katze in einer Sturmnacht im Gewitter", "Ein Hund im Regen in der Stadt, Nacht",
           "Eine Rakete im Weltraum", "Ein Fuchs im Wald in der Nacht"],
    "ar": ["قطة في ليلة عاصفة", "كلب تحت المطر في المدينة ليلا", "صاروخ في الفضاء",
           "ثعلب في الغابة ليلا"],
}  # fmt: skip


def write(prompt: str, seconds: int = 20, **more: object) -> Scenario:
    return TemplateWriter().write(
        ScriptRequest.model_validate({"prompt": prompt, "duration_seconds": seconds, **more})
    )


def pictures(prompt: str, scenario: Scenario) -> list[ScenePlan]:
    return [
        plan_scene(
            PictureRequest(
                prompt=prompt,
                description=scene.description,
                visual_elements=scene.visual_elements,
                visual_style=VisualStyle.CINEMATIC,
                lighting=scene.lighting,
                mood=scene.mood,
                camera_angle=scene.camera_angle,
                width=640,
                height=360,
                seed=7,
                scene_number=scene.number,
                scene_count=len(scenario.scenes),
            )
        )
        for scene in scenario.scenes
    ]


@pytest.mark.parametrize(
    ("prompt", "settings", "hours"),
    [
        ("A lighthouse keeper and her cat on a stormy night", {"sea"}, {"storm"}),
        ("Un viaje en tren por las montañas nevadas", {"mountain"}, None),
        ("Ein kleiner Roboter findet eine Blume auf dem Mars", {"mars"}, None),
        ("رحلة قارب تحت ضوء القمر في البحر", {"sea"}, {"night", "dawn"}),
        ("A majestic lion walking in the savanna", {"savanna"}, None),
        ("An elephant and her child", {"savanna"}, None),
        ("A rocket trip to the rings of Saturn", {"space"}, {"night"}),
        ("Paris sous la pluie, un café le soir", {"street"}, {"dusk", "night"}),
        ("A little boat follows the lanterns across the sea at night", {"sea"}, {"night", "dawn"}),
        ("Robots dancing", {"stage"}, {"night"}),
        ("Ein Koch bereitet die Suppe zu", {"room"}, None),
        ("Un dragón guarda su tesoro", {"castle_hill"}, None),
        ("Un pingouin sur la banquise", {"snow"}, None),
        ("A camel caravan", {"desert"}, None),
        ("Ein Taucher im Korallenriff, unterwasser", {"underwater"}, None),
        ("A whale sings at sunset", {"sea"}, {"golden", "sunset", "dusk"}),
        ("Un ours dans la forêt, le matin", {"forest"}, {"day"}),
        ("A day by the sea", {"beach"}, {"day"}),
        ("A submarine explores the ocean", {"underwater"}, None),
        ("Ein Spaziergang im Herbstwald bei Nebel", {"forest"}, {"overcast"}),
    ],
)
def test_the_pictures_show_the_world_that_the_prompt_means(
    prompt: str, settings: set[str], hours: set[str] | None
) -> None:
    for seconds, music in product((10, 20, 60), MusicStyle):
        seen = pictures(prompt, write(prompt, seconds, music_style=music))
        assert {plan.setting for plan in seen} <= settings, (seconds, music)
        if hours:
            assert {plan.hour for plan in seen} <= hours, (seconds, music)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sun_does_not_shine_in_words_when_it_does_not_in_the_pictures(language: str) -> None:
    for prompt, seconds, music in product(GLOOMY[language], (10, 30, 60, 240), MusicStyle):
        scenario = write(prompt, seconds, music_style=music, language=language)
        seen = pictures(prompt, scenario)
        for scene, plan in zip(scenario.scenes, seen, strict=True):
            dark = plan.hour in {"night", "storm", "dusk"} or plan.weather & {"rain", "storm"}
            if dark or plan.setting in {"space", "room"}:
                told = re.search(SUN[language], scene.dialogue.lower())
                assert told is None, (prompt, seconds, plan.setting, scene.dialogue)


@pytest.mark.parametrize("language", LANGUAGES)
def test_whatever_speaks_of_the_sun_says_so_in_its_tags(language: str) -> None:
    material = load(language)
    tables = [material.beats, material.thoughts, material.skies, material.concepts,
              material.subject, *material.worlds.values()]  # fmt: skip
    lines = {line for table in tables for group in table.values() for line in group}
    wishes = set(material.beats["birthday"]) | set(material.beats["anniversary"])
    bright = {"sunny", "day", "low", "rainbow"}
    found = [line for line in lines - wishes if re.search(SUN[language], line.lower())]
    assert len(found) >= 8
    assert [line for line in found if not line.needs & bright] == []


def test_every_tag_is_a_fact() -> None:
    """A misspelt tag would silence its sentence for ever."""
    known: set[str] = set()
    weathers = [frozenset(), frozenset({"storm"}), frozenset({"rain"}), frozenset({"snowfall"}),
                frozenset({"fog"}), frozenset({"snowy"})]  # fmt: skip
    lights = ("day", "night", "dusk", "golden hour", "storm", "overcast")
    for world, weather, light in product(WORLDS, weathers, lights):
        view = view_of(world, (), (), 0)
        for theme in ("story", "birthday"):
            known |= facts(world, view, light, None, weather, theme, ())
    for language in LANGUAGES:
        material = load(language)
        tables = [material.beats, material.thoughts, material.skies, material.concepts,
                  material.subject, *material.worlds.values()]  # fmt: skip
        tags = {tag for table in tables for group in table.values() for line in group
                for tag in line.needs}  # fmt: skip
        things = {name for tag in tags - known for kind, name in concepts(tag)}
        assert tags - known <= things, tags - known - things


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_illustrator_reads_the_labels_as_they_are_meant(language: str) -> None:
    labels = load(language).labels
    for world in WORLDS:
        view = view_of(world, (), (), 1)
        read = [name for kind, name in concepts(labels[view]) if kind == "setting"]
        assert read[:1] == [view], (view, labels[view], read)
    for weather in ("storm", "rain", "snowfall", "fog"):
        assert ("weather", weather) in concepts(labels[weather])
    # "لقطة" is a shot, and to the illustrator a cat.
    shots = " ".join(labels[angle] for angle in ("wide", "close", "low", "high"))
    assert not [name for kind, name in concepts(shots) if kind in {"element", "setting"}]


def test_worlds_lead_to_worlds() -> None:
    assert set(NEIGHBOURS) == set(WORLDS)
    for home, near in NEIGHBOURS.items():
        assert set(near.split()) <= set(WORLDS) - {home}


@pytest.mark.parametrize(
    ("prompt", "pair"),
    [
        ("A lighthouse keeper and her cat on a stormy night", "the lighthouse keeper and her cat"),
        ("Un gardien de phare et son chat, une nuit d'orage", "le gardien de phare et son chat"),
        ("Una farera y su gato en una noche de tormenta", "la farera y su gato"),
        (
            "Eine Leuchtturmwärterin und ihre Katze in einer stürmischen Nacht",
            "die Leuchtturmwärterin und ihre Katze",
        ),
    ],
)
def test_a_pair_of_heroes_is_called_by_both_names(prompt: str, pair: str) -> None:
    scenario = write(prompt, 60, music_style="EPIC")
    assert pair in " ".join(scene.dialogue for scene in scenario.scenes)
    assert {plan.setting for plan in pictures(prompt, scenario)} == {"sea"}
    assert all("lighthouse" in scene.visual_elements for scene in scenario.scenes)


@pytest.mark.parametrize(
    ("prompt", "accusative"),
    [
        ("Ein kleiner Bär im Wald", "den kleinen Bären|einen kleinen Bären"),
        ("Eine Katze im Garten", "die Katze|eine Katze"),
        ("Eine Geschichte von zwei Pinguinen auf dem Eis", "zwei Pinguine "),
        ("Ein mutiger Löwe in der Savanne", "den mutigen Löwen|einen mutigen Löwen"),
    ],
)
def test_german_heroes_stand_in_the_case_that_the_sentence_asks_for(
    prompt: str, accusative: str
) -> None:
    spoken = " ".join(scene.dialogue for scene in write(prompt, 60).scenes)
    assert re.search(accusative, spoken)
    material = load("de")
    for world in material.worlds.values():
        for line in (*world["open"], *world["hero"]):
            assert "{The}" not in line
            assert "{the}" not in line


def test_several_heroes_are_not_spoken_of_as_one() -> None:
    spoken = " ".join(scene.dialogue for scene in write("Robots dancing", 60).scenes)
    assert "the robots" in spoken
    assert "The robot " not in spoken


def test_a_line_knows_where_it_fits() -> None:
    line = Line.parse("@sunny+land The cat stretches in the sun.")
    assert line == "The cat stretches in the sun."
    assert line.needs == {"sunny", "land"}
    assert Line.parse("All is well.").needs == frozenset()


@pytest.mark.parametrize("prompt", ["A small boat in a storm at night", "A rocket in space"])
def test_even_a_long_gloomy_film_has_enough_to_say(prompt: str) -> None:
    scenario = write(prompt, 600)
    sentences = re.split(r"(?<=[.!?؟])\s+", " ".join(s.dialogue for s in scenario.scenes))
    assert len(sentences) == len(set(sentences))
    assert min(len(scene.dialogue) for scene in scenario.scenes) > 40
