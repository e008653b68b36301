from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from reelstep.media import chunks
from reelstep.media.chunks import plan_chunks, plan_cuts
from reelstep.media.profiles import profile_for
from reelstep.media.timeline import (
    CaptionMode,
    CaptionWord,
    Cue,
    Layer,
    LayerKind,
    Motion,
    Placement,
    Timeline,
    TimelineScene,
    Title,
    Transition,
    TransitionKind,
)

STANDARD = profile_for("STANDARD")
FULL = Placement(x=0, y=0, width=1, height=1)
NEAR = Placement(x=-0.1, y=-0.1, width=1.2, height=1.2)


def picture(source: str) -> Layer:
    return Layer(kind=LayerKind.BACKGROUND, source=source, motion=Motion(start=FULL, end=NEAR))


def film(
    lengths: list[int],
    *,
    transition: TransitionKind = TransitionKind.CROSSFADE,
    transition_frames: int = 20,
    sources: list[str] | None = None,
    cues: tuple[Cue, ...] = (),
    captions: CaptionMode = CaptionMode.BURNED,
    title: Title | None = None,
    fades: tuple[int, int] = (0, 0),
) -> Timeline:
    scenes = []
    at = 0
    for index, length in enumerate(lengths):
        come_in = Transition()
        if index:
            come_in = Transition(kind=transition, frames=min(transition_frames, length))
        scenes.append(
            TimelineScene(
                number=index + 1,
                start_frame=at,
                frame_count=length,
                layers=(picture(sources[index] if sources else f"picture-{index}"),),
                transition_in=come_in,
            )
        )
        at += length
    return Timeline(
        language="en",
        width=STANDARD.width,
        height=STANDARD.height,
        fps=STANDARD.fps,
        frame_count=at,
        scenes=tuple(scenes),
        cues=cues,
        captions=captions,
        title=title,
        fade_in_frames=fades[0],
        fade_out_frames=fades[1],
    )


def cue(text: str, start: int, end: int) -> Cue:
    word = CaptionWord(text=text, start_frame=start, end_frame=end)
    return Cue(start_frame=start, end_frame=end, lines=((word,),))


def prints(timeline: Timeline) -> dict[int, str]:
    return {c.start_frame: c.fingerprint for c in plan_chunks(timeline, STANDARD)}


def test_a_short_first_scene_is_no_reason_for_a_chunk_of_over_twelve_seconds() -> None:
    """289 frames at 24 a second were cheaper than a chunk of 61 and one of 228."""
    assert plan_cuts((61, 684), 24) == (0, 61, 289, 517, 745)


scene_lengths = st.lists(st.integers(1, 1500), min_size=1, max_size=30)


@given(scene_lengths, st.sampled_from([24, 30, 60]))
def test_chunks_cover_every_frame_once_and_none_is_under_a_second_or_over_twelve(
    lengths: list[int], fps: int
) -> None:
    cuts = plan_cuts(tuple(lengths), fps)
    sizes = [end - start for start, end in pairwise(cuts)]
    assert cuts[0] == 0
    assert cuts[-1] == sum(lengths)
    assert all(size > 0 for size in sizes)
    if sum(lengths) >= fps:
        assert min(sizes) >= fps
    assert max(sizes) <= 12 * fps


@given(scene_lengths)
def test_the_same_scenes_always_give_the_same_cuts(lengths: list[int]) -> None:
    assert plan_cuts(tuple(lengths), 30) == plan_cuts(tuple(lengths), 30)


@given(st.lists(st.integers(150, 300), min_size=1, max_size=20))
def test_scenes_of_a_good_length_are_each_a_chunk(lengths: list[int]) -> None:
    # Fewer, fuller chunks would be as good: what matters is that no cut is within a scene.
    edges = {sum(lengths[:count]) for count in range(len(lengths) + 1)}
    assert set(plan_cuts(tuple(lengths), 30)) <= edges


def test_short_scenes_share_a_chunk_and_long_ones_are_split_evenly() -> None:
    assert plan_cuts((90, 90, 90, 90), 30) == (0, 180, 360)
    assert plan_cuts((1200,), 30) == (0, 300, 600, 900, 1200)


def test_a_ten_minute_film_of_one_scene_is_planned() -> None:
    cuts = plan_cuts((36000,), 60)
    assert len(cuts) == 61


def test_a_chunk_names_the_pictures_it_shows_and_those_under_its_transition() -> None:
    first, second = plan_chunks(film([200, 200]), STANDARD)
    assert first.sources == ("picture-0",)
    assert second.sources == ("picture-0", "picture-1")


def test_after_a_cut_the_scene_before_is_not_needed() -> None:
    _, second = plan_chunks(film([200, 200], transition=TransitionKind.CUT), STANDARD)
    assert second.sources == ("picture-1",)


def test_changing_one_picture_leaves_the_chunks_that_do_not_show_it() -> None:
    before = prints(film([200, 200, 200, 200]))
    after = prints(film([200] * 4, sources=["picture-0", "other", "picture-2", "picture-3"]))
    changed = {start for start in before if before[start] != after[start]}
    assert changed == {200, 400}  # its own, and the one that it fades into


def test_a_chunk_that_moves_later_in_the_film_keeps_its_fingerprint() -> None:
    cut = TransitionKind.CUT
    names = ["a", "b", "c"]
    early = prints(film([200, 200, 200], transition=cut, sources=names))
    late = prints(film([260, 200, 200], transition=cut, sources=names))
    assert early[200] == late[260]
    assert early[400] == late[460]


def test_captions_move_with_their_chunk() -> None:
    cut = TransitionKind.CUT
    early = film([200, 200], transition=cut, cues=(cue("Hello", 230, 290),))
    late = film([260, 200], transition=cut, cues=(cue("Hello", 290, 350),))
    assert prints(early)[200] == prints(late)[260]


def test_a_caption_changes_only_the_chunk_that_shows_it() -> None:
    plain = prints(film([200, 200, 200], cues=(cue("Hello", 230, 290),)))
    other = prints(film([200, 200, 200], cues=(cue("Goodbye", 230, 290),)))
    assert {start for start in plain if plain[start] != other[start]} == {200}


def test_captions_that_are_not_burned_change_nothing() -> None:
    cues = (cue("Hello", 230, 290),)
    assert prints(film([200, 200], cues=cues, captions=CaptionMode.SIDECAR)) == prints(
        film([200, 200])
    )
    assert prints(film([200, 200], cues=cues)) != prints(film([200, 200]))


def test_a_caption_that_ends_where_a_chunk_starts_is_not_part_of_it() -> None:
    assert (
        prints(film([200, 200], cues=(cue("Hello", 150, 200),)))[200]
        == prints(film([200, 200]))[200]
    )


def test_the_title_and_the_fades_belong_to_the_chunks_that_show_them() -> None:
    plain = prints(film([200, 200, 200]))
    dressed = prints(
        film([200] * 3, title=Title(text="A film", start_frame=9, end_frame=90), fades=(15, 24))
    )
    assert {start for start in plain if plain[start] != dressed[start]} == {0, 400}


def test_a_transition_matters_only_while_it_lasts() -> None:
    # The second half of a long scene does not know how the scene came in.
    fade = prints(film([200, 600], transition=TransitionKind.CROSSFADE))
    wipe = prints(film([200, 600], transition=TransitionKind.WIPE_LEFT))
    assert fade[200] != wipe[200]
    assert fade[500] == wipe[500]


def test_profile_and_renderer_version_change_every_fingerprint(monkeypatch) -> None:
    timeline = film([200, 200])
    before = prints(timeline)
    smaller = replace(STANDARD, encoder=(*STANDARD.encoder, "-crf", "40"))
    other = {c.start_frame: c.fingerprint for c in plan_chunks(timeline, smaller)}
    assert all(before[start] != other[start] for start in before)
    monkeypatch.setattr(chunks, "RENDERER_VERSION", chunks.RENDERER_VERSION + 1)
    assert all(before[start] != now for start, now in prints(timeline).items())


@given(st.lists(st.integers(30, 600), min_size=2, max_size=8), st.data())
def test_a_changed_scene_changes_exactly_the_chunks_that_show_it(
    lengths: list[int], data: st.DataObject
) -> None:
    victim = data.draw(st.integers(0, len(lengths) - 1))
    names = [f"picture-{index}" for index in range(len(lengths))]
    before = plan_chunks(film(lengths), STANDARD)
    names[victim] = "other"
    after = plan_chunks(film(lengths, sources=names), STANDARD)
    for old, new in zip(before, after, strict=True):
        shows_it = f"picture-{victim}" in old.sources
        assert (old.fingerprint != new.fingerprint) is shows_it
