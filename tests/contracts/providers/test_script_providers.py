"""What every script provider must keep. A hosted one joins as another `param` of the fixture."""

import pytest

from reelstep.providers.base import ScriptRequest, ScriptWriter
from reelstep.providers.registry import Registry
from tests.contracts.providers.cases import HOSTILE

ANGLES = {"wide", "close", "low", "high"}
LIGHTS = {"day", "golden hour", "sunset", "night", "dawn", "overcast"}
MOODS = {"joyful", "calm", "epic", "romantic"}


@pytest.fixture(params=["offline"])
def writer(request: pytest.FixtureRequest) -> ScriptWriter:
    return Registry.from_config({"script": request.param}).script


@pytest.mark.parametrize("case", HOSTILE)
@pytest.mark.parametrize("seconds", [10, 60])
def test_any_text_becomes_a_scenario(writer: ScriptWriter, case: str, seconds: int) -> None:
    prompt = HOSTILE[case][:2_000]
    scenario = writer.write(
        ScriptRequest(prompt=prompt, duration_seconds=seconds, elements=(prompt[:80], "balloons"))
    )
    assert 1 <= len(scenario.title) <= 60
    assert scenario.language
    assert [scene.number for scene in scenario.scenes] == list(range(1, len(scenario.scenes) + 1))
    assert sum(scene.duration_seconds for scene in scenario.scenes) == pytest.approx(seconds)
    assert any(scene.dialogue for scene in scenario.scenes)
    for scene in scenario.scenes:
        assert scene.description.strip()
        assert scene.visual_elements
        assert scene.camera_angle in ANGLES
        assert scene.lighting in LIGHTS
        assert scene.mood in MOODS
        for text in (scenario.title, scene.dialogue, scene.description, *scene.visual_elements):
            assert not any(ord(character) < 32 for character in text)
            text.encode("utf-8")


@pytest.mark.parametrize("seconds", [10, 33, 60, 180, 600])
def test_lengths_from_ten_seconds_to_ten_minutes(writer: ScriptWriter, seconds: int) -> None:
    scenario = writer.write(ScriptRequest(prompt="A cat on the beach", duration_seconds=seconds))
    assert sum(scene.duration_seconds for scene in scenario.scenes) == pytest.approx(seconds)
    assert 2 <= len(scenario.scenes) <= 40
    assert min(scene.duration_seconds for scene in scenario.scenes) >= 3


@pytest.mark.parametrize("language", ["fr", "en-GB", "es", "de", "ar"])
def test_the_language_that_was_asked_for_wins(writer: ScriptWriter, language: str) -> None:
    scenario = writer.write(
        ScriptRequest(prompt="Paris 2025", duration_seconds=20, language=language)
    )
    assert scenario.language == language[:2]


def test_elements_are_shown(writer: ScriptWriter) -> None:
    elements = ("balloons", "a birthday cake", "confetti")
    scenario = writer.write(
        ScriptRequest(prompt="A birthday party", duration_seconds=60, elements=elements)
    )
    shown = {thing for scene in scenario.scenes for thing in scene.visual_elements}
    assert set(elements) <= shown


def test_the_same_request_gives_the_same_scenario(writer: ScriptWriter) -> None:
    request = ScriptRequest(prompt="Un gato en la playa", duration_seconds=60)
    assert writer.write(request) == writer.write(request)
