"""Several companions in a scene: beside each other, in the frame, faces clear of captions."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reelstep.media.captions.style import LEADING, style_for
from reelstep.media.portrait import MEDALLION_SEEN
from reelstep.media.timeline import Motion, Placement
from reelstep.pipelines.generation import staging
from reelstep.pipelines.generation.staging import Figure
from reelstep.providers.base import Side

ASPECTS = {"16:9": (1920, 1080), "9:16": (1080, 1920), "1:1": (1080, 1080)}
DRAWN = Figure(aspect=1.0, seen=(0.1, 0.9))
CUT_OUT = Figure(aspect=0.9, seen=(0.03, 0.97), feet=False)
PHOTO = Figure(aspect=1.0, seen=MEDALLION_SEEN, floating=True)

shares = st.tuples(st.floats(0, 0.4), st.floats(0.6, 1))
figures = st.lists(
    st.one_of(
        st.just(PHOTO), st.builds(Figure, aspect=st.floats(0.25, 4), seen=shares), st.just(DRAWN)
    ),
    min_size=1,
    max_size=3,
)
angles = st.sampled_from(["wide", "close", "low", "high", "from the moon"])


def seen(figure: Figure, place: Placement) -> tuple[float, float]:
    return (
        place.x + figure.seen[0] * place.width,
        place.x + figure.seen[1] * place.width,
    )


@settings(deadline=None)
@given(figures, st.integers(1, 40), angles, st.sampled_from(list(ASPECTS)))
def test_nobody_leaves_the_frame_or_covers_another(
    group: list[Figure], scene: int, angle: str, shape: str
) -> None:
    width, height = ASPECTS[shape]
    motions = staging.group_motions(group, scene, angle, width / height)
    for places in ([m.start for m in motions], [m.end for m in motions]):
        spans = [seen(figure, place) for figure, place in zip(group, places, strict=True)]
        assert all(left >= 0 and right <= 1 for left, right in spans)
        for one, other in combinations(spans, 2):
            assert one[1] <= other[0] + 1e-9 or other[1] <= one[0] + 1e-9
        for figure, place in zip(group, places, strict=True):
            assert place.y > 0
            assert place.width * width / (place.height * height) == pytest.approx(figure.aspect)


@pytest.mark.parametrize("scene", [1, 2])
@pytest.mark.parametrize("shape", ASPECTS)
def test_they_stand_on_both_sides_the_first_where_one_alone_would(scene: int, shape: str) -> None:
    width, height = ASPECTS[shape]
    motions = staging.group_motions([DRAWN, PHOTO, CUT_OUT], scene, "wide", width / height)
    group = zip([DRAWN, PHOTO, CUT_OUT], motions, strict=True)
    middles = [sum(seen(figure, motion.end)) / 2 for figure, motion in group]
    first_left = staging.companion_side(scene) is Side.LEFT
    assert (middles[0] < 0.5) == first_left
    assert (middles[1] < 0.5) != first_left
    assert sorted(middles, reverse=not first_left) == [middles[0], middles[2], middles[1]]


@pytest.mark.parametrize("count", [1, 2, 3])
@pytest.mark.parametrize("angle", ["wide", "close", "low", "high"])
@pytest.mark.parametrize("shape", ASPECTS)
def test_a_photo_hangs_above_two_lines_of_captions(shape: str, angle: str, count: int) -> None:
    width, height = ASPECTS[shape]
    style = style_for(width, height)
    captions_top = style.baseline - (LEADING + 0.9) * style.em
    for motion in staging.group_motions([PHOTO] * count, 1, angle, width / height):
        for place in (motion.start, motion.end):
            bottom = place.y + MEDALLION_SEEN[1] * place.height
            top = place.y + MEDALLION_SEEN[0] * place.height
            assert bottom * height < captions_top
            assert top > 0.1


@pytest.mark.parametrize("shape", ["16:9", "1:1"])
@pytest.mark.parametrize("count", [2, 3])
def test_captions_leave_the_heads_of_those_who_stand(shape: str, count: int) -> None:
    """A character's head is the upper half of it (illustrator, `companion`)."""
    width, height = ASPECTS[shape]
    style = style_for(width, height)
    captions_top = style.baseline - (LEADING + 0.9) * style.em
    for motion in staging.group_motions([DRAWN] * count, 1, "wide", width / height):
        mouth = motion.end.y + 0.5 * motion.end.height
        assert mouth * height < captions_top


@pytest.mark.parametrize("shape", ASPECTS)
def test_three_are_smaller_than_two_and_the_middle_of_a_wide_frame_is_free(shape: str) -> None:
    width, height = ASPECTS[shape]
    two = staging.group_motions([DRAWN] * 2, 1, "wide", width / height)
    three = staging.group_motions([DRAWN] * 3, 1, "wide", width / height)
    assert three[0].end.height < two[0].end.height
    if shape == "16:9":
        spans = [seen(DRAWN, motion.end) for motion in two]
        assert not any(left < 0.5 < right for left, right in spans)


@given(figures, angles)
def test_everybody_comes_nearer_and_moves_towards_the_middle(
    group: list[Figure], angle: str
) -> None:
    motions: tuple[Motion, ...] = staging.group_motions(group, 2, angle, 16 / 9)
    for index, (figure, motion) in enumerate(zip(group, motions, strict=True)):
        assert motion.end.height == pytest.approx(motion.start.height * staging.COMPANION_GROWTH)
        before, after = (sum(seen(figure, place)) / 2 for place in (motion.start, motion.end))
        assert (after > before) == (staging.side_of(index, 2) is Side.LEFT)
