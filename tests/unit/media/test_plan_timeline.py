from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reelstep.media.planning import (
    MAX_TEMPO,
    MOSTLY_OVER,
    SceneInput,
    SpeechInput,
    plan_timeline,
    share_frames,
    spoken_frames,
)
from reelstep.media.profiles import profile_for
from reelstep.media.timeline import (
    CaptionMode,
    Layer,
    LayerKind,
    Motion,
    Placement,
    Timeline,
    TransitionKind,
)
from reelstep.platform.errors import ScriptTooLong

FULL = Placement(x=0, y=0, width=1, height=1)
LAYERS = (Layer(kind=LayerKind.BACKGROUND, source="p", motion=Motion(start=FULL, end=FULL)),)


def scene(number: int, intended: float, spoken: float | None) -> SceneInput:
    speech = None
    if spoken is not None:
        words = (("Hello", 0.0, spoken / 2), ("there.", spoken / 2, spoken))
        speech = SpeechInput(source=f"voice-{number}", seconds=spoken, words=words)
    return SceneInput(number=number, intended_seconds=intended, layers=LAYERS, speech=speech)


def plan(
    scenes: list[SceneInput],
    seconds: float,
    *,
    quality: str = "STANDARD",
    transition: TransitionKind = TransitionKind.CROSSFADE,
    title: str | None = "A film",
    captions: CaptionMode = CaptionMode.BURNED,
) -> Timeline:
    return plan_timeline(
        scenes,
        language="en",
        duration_seconds=seconds,
        profile=profile_for(quality),
        transition=transition,
        title=title,
        captions=captions,
    )


scenes_of_films = st.lists(
    st.tuples(st.floats(0.5, 30), st.one_of(st.none(), st.floats(0.2, 12))), min_size=1, max_size=12
)


@settings(deadline=None)
@given(
    scenes_of_films,
    st.floats(10, 600),
    st.sampled_from(list(TransitionKind)),
    st.sampled_from(["STANDARD", "HD"]),
)
def test_a_planned_film_has_its_length_and_nobody_is_talked_over(
    given_scenes: list[tuple[float, float | None]],
    seconds: float,
    transition: TransitionKind,
    quality: str,
) -> None:
    inputs = [scene(i + 1, *given) for i, given in enumerate(given_scenes)]
    try:
        timeline = plan(inputs, seconds, quality=quality, transition=transition)
    except ScriptTooLong:
        words = sum(spoken for _, spoken in given_scenes if spoken is not None)
        # Only when even the fastest words, the least pauses and the shortest scenes are too long.
        assert words / MAX_TEMPO + 1.6 * len(inputs) > seconds
        return
    fps = timeline.fps
    assert timeline.frame_count == round(seconds * fps)
    assert sum(s.frame_count for s in timeline.scenes) == timeline.frame_count
    assert [s.number for s in timeline.scenes] == [s.number for s in inputs]
    assert timeline.scenes[0].transition_in.frames == 0
    for before, after in pairwise(timeline.scenes):
        assert after.transition_in.frames * 2 <= min(before.frame_count, after.frame_count)
        assert after.transition_in.kind in (transition, TransitionKind.CUT)
    by_number = {s.number: s for s in timeline.scenes}
    assert [n.scene_number for n in timeline.narration] == [
        s.number for s in inputs if s.speech is not None
    ]
    last_end = 0
    for narration in timeline.narration:
        its_scene = by_number[narration.scene_number]
        end = narration.start_frame + spoken_frames(narration.seconds, narration.tempo, fps)
        over = its_scene.start_frame + its_scene.transition_in.frames * MOSTLY_OVER
        assert narration.start_frame >= over
        assert narration.start_frame >= last_end
        assert end <= its_scene.end_frame
        assert 1.0 <= narration.tempo <= MAX_TEMPO
        last_end = end
    assert last_end <= timeline.frame_count - timeline.fade_out_frames
    for cue in timeline.cues:
        assert 0 <= cue.start_frame < cue.end_frame <= timeline.frame_count


@given(
    st.lists(st.tuples(st.integers(0, 500), st.floats(0.1, 100)), min_size=1, max_size=30),
    st.integers(0, 5000),
)
def test_shares_add_up_and_cover_every_need(wishes: list[tuple[int, float]], spare: int) -> None:
    needs = [need for need, _ in wishes]
    weights = [weight for _, weight in wishes]
    shares = share_frames(needs, weights, sum(needs) + spare)
    assert sum(shares) == sum(needs) + spare
    assert all(share >= need for share, need in zip(shares, needs, strict=True))


def test_scenes_with_time_to_spare_last_as_the_writer_meant() -> None:
    timeline = plan([scene(1, 10, 2), scene(2, 5, 2), scene(3, 5, 2)], 60)
    assert [s.frame_count for s in timeline.scenes] == [900, 450, 450]


def test_a_talkative_scene_takes_time_from_the_quiet_ones() -> None:
    timeline = plan([scene(1, 5, 9.0), scene(2, 5, None), scene(3, 5, None)], 20)
    lengths = [s.frame_count for s in timeline.scenes]
    assert lengths[0] > 9 * 30
    assert lengths[1] == lengths[2]


def test_words_that_almost_fit_cost_pauses_before_they_cost_speed() -> None:
    assert plan([scene(1, 5, 4.3), scene(2, 5, 4.3)], 10).narration[0].tempo == 1.0
    assert plan([scene(1, 5, 5.5), scene(2, 5, 5.5)], 10).narration[0].tempo > 1.0


def test_all_narration_of_a_film_has_one_tempo() -> None:
    timeline = plan([scene(1, 5, 8), scene(2, 5, 2), scene(3, 5, 2)], 10)
    assert len({n.tempo for n in timeline.narration}) == 1


def test_words_that_cannot_fit_name_the_scene_that_has_too_many() -> None:
    with pytest.raises(ScriptTooLong, match="Scene 2 has more words") as caught:
        plan([scene(1, 5, 2), scene(2, 5, 20)], 10)
    assert caught.value.field == "scenes[1].dialogue"


def test_the_title_is_shown_over_the_first_seconds() -> None:
    title = plan([scene(1, 5, 2), scene(2, 5, 2)], 20, title="Le départ").title
    assert title is not None
    assert (title.text, title.start_frame, title.end_frame) == ("Le départ", 12, 102)
    assert plan([scene(1, 5, 2)], 20, title="  ").title is None
    assert plan([scene(1, 5, 2)], 20, title=None).title is None


def test_a_film_fades_in_from_and_out_to_black() -> None:
    timeline = plan([scene(1, 5, 2), scene(2, 5, 2)], 20)
    assert (timeline.fade_in_frames, timeline.fade_out_frames) == (15, 24)


def test_captions_follow_the_narration_and_none_means_none() -> None:
    inputs = [scene(1, 5, 2), scene(2, 5, 3)]
    timeline = plan(inputs, 20)
    assert timeline.cues[0].start_frame == timeline.narration[0].start_frame
    shown = " ".join(w.text for cue in timeline.cues for line in cue.lines for w in line)
    assert shown == "Hello there. Hello there."
    assert plan(inputs, 20, captions=CaptionMode.NONE).cues == ()
    assert plan(inputs, 20, captions=CaptionMode.SIDECAR).cues == timeline.cues


def test_cuts_have_no_frames() -> None:
    timeline = plan([scene(1, 5, 2), scene(2, 5, 2)], 20, transition=TransitionKind.CUT)
    assert all(s.transition_in.frames == 0 for s in timeline.scenes)
