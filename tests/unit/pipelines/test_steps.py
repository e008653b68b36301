"""Parts of steps that are plain functions."""

from __future__ import annotations

import json
import struct
from unittest.mock import Mock

import pytest
from pydantic import ValidationError

from reelstep.jobs.model import PHASE_WEIGHTS, JobKind
from reelstep.media.timeline import Layer, Motion, Narration, Placement, Timeline, TimelineScene
from reelstep.pipelines.generation.companions import png_size
from reelstep.pipelines.generation.encode import sound_inputs
from reelstep.pipelines.generation.finalize import scenes_of, thumbnail_times
from reelstep.pipelines.generation.request import MOST_SCRIPT_BYTES, GenerationRequest
from reelstep.pipelines.generation.script import own_scenario
from reelstep.pipelines.texts import locale_of, progress_text
from reelstep.platform.errors import MediaUnreadable
from reelstep.providers.base import Scenario, SceneScript


def a_timeline(seconds: float, *, fps: int = 30, **changes: object) -> Timeline:
    frames = round(seconds * fps)
    full = Placement(x=0, y=0, width=1, height=1)
    layer = Layer(kind="background", source="picture.png", motion=Motion(start=full, end=full))
    values = {
        "language": "en",
        "width": 64,
        "height": 36,
        "fps": fps,
        "frame_count": frames,
        "scenes": (
            TimelineScene(number=1, start_frame=0, frame_count=frames // 2, layers=(layer,)),
            TimelineScene(
                number=2, start_frame=frames // 2, frame_count=frames - frames // 2, layers=(layer,)
            ),
        ),
        "fade_in_frames": 15,
        "fade_out_frames": 24,
    }
    return Timeline.model_validate(values | changes)


def test_the_callers_own_scenes_share_the_length_by_their_words() -> None:
    request = GenerationRequest.model_validate(
        {
            "prompt": "Our trip",
            "durationSeconds": 30,
            "scenes": [
                {"dialogue": "x" * 200, "description": "the sea", "visualElements": ["boat"]},
                {"dialogue": ""},
                {"dialogue": "Nous sommes rentrés à la maison après un long voyage en train."},
            ],
        }
    )
    scenario = own_scenario(request)
    assert [scene.number for scene in scenario.scenes] == [1, 2, 3]
    lengths = [scene.duration_seconds for scene in scenario.scenes]
    assert sum(lengths) == pytest.approx(30)
    assert lengths[0] > lengths[2] > lengths[1] > 0
    assert scenario.scenes[0].visual_elements == ("boat",)
    assert scenario.scenes[1].description == "Our trip"


def test_the_largest_script_fits_into_a_state() -> None:
    """What Finalize returns passes through Step Functions: 256 KiB, as UTF-8."""
    emoji = "\U0001f600"
    largest = {
        "prompt": emoji * 2000,
        "durationSeconds": 600,
        "scenes": [{"dialogue": emoji * (MOST_SCRIPT_BYTES // 4 // 40)}] * 40,
    }
    scenario = own_scenario(GenerationRequest.model_validate(largest))
    plan = Mock(fps=30, scenes=[Mock(number=n, start_frame=9, frame_count=9) for n in range(1, 41)])
    body = json.dumps(scenes_of(plan, scenario), ensure_ascii=False).encode()
    assert 60_000 < len(body) < 150_000
    # Words that nobody speaks and nothing shows have the prompt for a picture, not all of it.
    silent = own_scenario(GenerationRequest.model_validate(largest | {"scenes": [{}] * 40}))
    assert {scene.description for scene in silent.scenes} == {emoji * 300}
    with pytest.raises(ValidationError, match="must have at most 60000 bytes"):
        GenerationRequest.model_validate(largest | {"scenes": [{"dialogue": emoji * 400}] * 40})


def test_thumbnails_are_at_0_10_and_20_as_far_as_the_film_goes() -> None:
    assert thumbnail_times(a_timeline(60)) == {0: 0.5, 10: 10, 20: 20}
    assert list(thumbnail_times(a_timeline(12))) == [0, 10]


def test_a_thumbnail_at_the_very_end_shows_the_picture_before_the_fade() -> None:
    shown = thumbnail_times(a_timeline(20))
    assert shown[20] == pytest.approx((600 - 24 - 1) / 30)


def test_scenes_have_the_times_that_the_timeline_gave_them() -> None:
    scenario = Scenario(
        title="t",
        language="en",
        scenes=tuple(
            SceneScript(
                number=n, duration_seconds=1, description=f"d{n}", visual_elements=(), dialogue="x"
            )
            for n in (1, 2)
        ),
    )
    scenes = scenes_of(a_timeline(20), scenario)
    assert [(s["startSeconds"], s["durationSeconds"]) for s in scenes] == [(0, 10), (10, 10)]
    assert scenes[1]["description"] == "d2"


def test_sound_does_not_depend_on_what_is_only_seen() -> None:
    line = Narration(source="a.wav", scene_number=1, start_frame=10, seconds=2.0)
    one = a_timeline(20, narration=(line,), music="m.wav")
    seen = one.model_copy(update={"width": 1280, "fade_in_frames": 0, "language": "fr"})
    moved = one.model_copy(update={"narration": (line.model_copy(update={"start_frame": 11}),)})
    assert sound_inputs(one) == sound_inputs(seen)
    assert sound_inputs(one) != sound_inputs(moved)


def test_the_size_of_a_png_is_in_its_header() -> None:
    header = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + struct.pack(">II", 640, 360)
    assert png_size(header) == (640, 360)
    for broken in (b"", b"\xff\xd8\xff" * 20, header[:12] + b"IDAT" + header[16:]):
        with pytest.raises(MediaUnreadable):
            png_size(broken)


@pytest.mark.parametrize(
    ("header", "locale"),
    [
        (None, "en"),
        ("", "en"),
        ("fr-FR,fr;q=0.9,en;q=0.8", "fr"),
        ("de, fr;q=0.5", "fr"),
        ("EN-us", "en"),
        ("*", "en"),
        (";;;,,q=,\x00", "en"),
    ],
)
def test_texts_follow_accept_language(header: str | None, locale: str) -> None:
    assert locale_of(header) == locale


@pytest.mark.parametrize("locale", ["en", "fr", "tlh"])
def test_every_phase_has_words(locale: str) -> None:
    for phase in PHASE_WEIGHTS[JobKind.GENERATION]:
        assert "{" not in progress_text(locale, phase, 1, 2)
