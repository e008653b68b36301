"""The pictures: deterministic, of the right size, alive, and of what was asked."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from reelstep.platform.errors import ProviderRejected
from reelstep.providers.base import PictureRequest, VisualStyle
from reelstep.providers.offline.illustrator import OfflineIllustrator
from reelstep.providers.offline.illustrator.light import HOURS
from reelstep.providers.offline.illustrator.plan import plan_scene
from reelstep.providers.offline.illustrator.reading import concepts_of

Build = Callable[..., PictureRequest]
Decode = Callable[[bytes], NDArray[np.uint8]]

BIRTHDAY = (
    "Une vidéo de mon compagnon me souhaitant joyeux anniversaire dans un jardin fleuri avec des "
    "ballons colorés"
)


def draw(request: PictureRequest) -> bytes:
    return OfflineIllustrator().draw(request)


def difference(a: NDArray[np.uint8], b: NDArray[np.uint8]) -> float:
    return float(np.abs(a.astype(np.int16) - b.astype(np.int16)).mean())


def test_the_same_request_gives_the_same_bytes(request_for: Build) -> None:
    request = request_for(BIRTHDAY, visual_elements=("ballons", "gâteau", "confettis"))
    first = draw(request)
    np.random.seed(1)
    cv2.setRNGSeed(99)
    assert draw(request.model_copy()) == first


def test_seed_scene_and_style_each_change_the_picture(request_for: Build, decode: Decode) -> None:
    base = request_for("a quiet lake")
    picture = decode(draw(base))
    for change in ({"seed": 8}, {"scene_number": 2}, {"camera_angle": "low"}):
        assert difference(picture, decode(draw(base.model_copy(update=change)))) > 4, change


@pytest.mark.parametrize(
    "size", [(320, 180), (180, 320), (200, 200), (333, 187), (64, 48), (16, 16)]
)
def test_any_size_and_aspect(size: tuple[int, int], request_for: Build, decode: Decode) -> None:
    picture = decode(draw(request_for(BIRTHDAY, width=size[0], height=size[1])))
    assert picture.shape == (size[1], size[0], 3)
    assert picture.dtype == np.uint8


@pytest.mark.parametrize("size", [(0, 100), (100, 9000), (8, 8)])
def test_impossible_sizes_are_refused(size: tuple[int, int], request_for: Build) -> None:
    with pytest.raises(ProviderRejected):
        draw(request_for(width=size[0], height=size[1]))


def test_a_composition_does_not_depend_on_the_resolution(
    request_for: Build, decode: Decode
) -> None:
    small = decode(draw(request_for("a castle on a hill", width=320, height=180)))
    large = decode(draw(request_for("a castle on a hill", width=960, height=540)))
    reduced = cv2.resize(large, (80, 45), interpolation=cv2.INTER_AREA)
    other = cv2.resize(small, (80, 45), interpolation=cv2.INTER_AREA)
    assert difference(reduced, other) < 12


@pytest.mark.parametrize("style", list(VisualStyle))
def test_styles_differ(style: VisualStyle, request_for: Build, decode: Decode) -> None:
    picture = decode(draw(request_for("a lighthouse by the sea", visual_style=style)))
    for other in VisualStyle:
        if other is not style:
            theirs = decode(draw(request_for("a lighthouse by the sea", visual_style=other)))
            assert difference(picture, theirs) > 3, other


@pytest.mark.parametrize("concept", concepts_of("element"))
def test_every_element_is_seen(concept: str, request_for: Build, decode: Decode) -> None:
    """Against the same scene with nothing in it, the named thing changes the picture."""
    word = {"tree": "trees", "star": "stars", "sun": "soleil", "moon": "lune"}.get(concept, concept)
    plain = request_for("the desert", lighting="sunset", width=192, height=108)
    named = plain.model_copy(update={"visual_elements": (_word(concept) or word,)})
    assert plan_scene(named).has(concept)
    a, b = decode(_drawn_once(plain)), decode(draw(named))
    changed = (np.abs(a.astype(int) - b.astype(int)).max(axis=2) > 24).mean()
    assert changed > 0.002


@cache
def _drawn_once(request: PictureRequest) -> bytes:
    return draw(request)


def _word(concept: str) -> str | None:
    """A word of the lexicon for a concept whose id is not one."""
    return {
        "hotair": "hot air balloon", "icecream": "ice cream", "notes": "melody",
        "leaves": "autumn leaf", "eiffel": "eiffel", "bear": "ours brun",
    }.get(concept)  # fmt: skip


@pytest.mark.parametrize("setting", concepts_of("setting"))
@pytest.mark.parametrize("lighting", ["day", "night"])
def test_every_place_is_alive(
    setting: str, lighting: str, request_for: Build, decode: Decode
) -> None:
    """Light and dark, many tones, and no large flat patch."""
    word = {"moonscape": "lunar", "castle_hill": "kingdom", "clouds": "above the clouds"}
    request = request_for(word.get(setting, setting), lighting=lighting)
    assert plan_scene(request).setting == setting
    grey = cv2.cvtColor(decode(draw(request)), cv2.COLOR_BGR2GRAY)
    low, high = np.percentile(grey, [2, 98])
    assert high - low > 40
    assert len(np.unique(grey)) > 80
    commonest = np.bincount(grey.ravel()).max() / grey.size
    assert commonest < 0.25


def test_a_smooth_sky_is_dithered(request_for: Build, decode: Decode) -> None:
    """No run of equal pixels longer than a gradient's band would be: encoders need the grain."""
    request = request_for("the desert", lighting="sunset", width=640, height=360)
    sky = decode(draw(request))[:80, :, 1].astype(int)
    equal = (np.diff(sky, axis=1) == 0).mean()
    assert equal < 0.6


@pytest.mark.parametrize("hour", sorted(HOURS))
def test_hours_are_as_bright_as_they_should_be(
    hour: str, request_for: Build, decode: Decode
) -> None:
    words = {"golden": "golden hour", "storm": "stormy"}
    bright = decode(draw(request_for("the desert", lighting=words.get(hour, hour)))).mean()
    noon = decode(_drawn_once(request_for("the desert", lighting="day"))).mean()
    if HOURS[hour].dark:
        assert bright < noon * 0.8
    assert bright > 12


@pytest.mark.parametrize(
    "prompt",
    [
        "",
        "   ",
        "🎉🎈",
        "%s {\\b1}",
        "'; rm -rf /",
        "zzz qqq",
        "\u202eمرحبا",
        "a" * 2000,
        "日本語の夢",
    ],
)
def test_text_without_known_words_still_gives_a_scene(
    prompt: str, request_for: Build, decode: Decode
) -> None:
    request = request_for(prompt, visual_elements=(prompt,), mood=prompt, camera_angle=prompt)
    grey = cv2.cvtColor(decode(draw(request)), cv2.COLOR_BGR2GRAY)
    assert grey.std() > 10


def test_unknown_prompts_do_not_all_look_alike(request_for: Build) -> None:
    prompts = [f"{word} synergy" for word in ("alpha", "beta", "gamma", "delta", "epsilon", "zeta")]
    assert len({plan_scene(request_for(p, mood="calm")).setting for p in prompts}) > 1


def test_scenes_of_a_film_share_place_and_vary_view(request_for: Build) -> None:
    plans = [plan_scene(request_for("a beach", scene_number=n)) for n in range(1, 5)]
    assert {plan.setting for plan in plans} == {"beach"}
    assert len({plan.world for plan in plans}) == 1
    assert len({plan.view for plan in plans}) == 4
    assert len({plan.sun_x for plan in plans}) == 4


def test_subjects_keep_off_the_companions_third(request_for: Build) -> None:
    left = plan_scene(request_for("a dog", free_side="left")).stage
    right = plan_scene(request_for("a dog", free_side="right")).stage
    assert left[0] > 1 / 3
    assert right[1] < 2 / 3


def test_a_night_in_the_prompt_outweighs_a_plain_day_in_the_lighting(request_for: Build) -> None:
    assert plan_scene(request_for("a boat under the moonlight", lighting="day")).hour == "night"
    assert plan_scene(request_for("a boat", lighting="sunset")).hour == "sunset"


def test_a_colour_word_tints_the_thing(request_for: Build, decode: Decode) -> None:
    def mean_of(colour: str) -> NDArray[np.float64]:
        request = request_for("the desert", visual_elements=(f"{colour} car",))
        return decode(draw(request)).reshape(-1, 3).mean(axis=0)

    red, blue = mean_of("red"), mean_of("blue")
    assert red[2] > blue[2]
    assert blue[0] > red[0]
