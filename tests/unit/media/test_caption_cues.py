"""Where captions are cut, how their lines break, how long they stay."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reelstep.media.captions import cues_for, line_cells_for
from reelstep.media.captions.sidecars import line_text
from reelstep.media.captions.text import cells, clean
from reelstep.media.timeline import Cue

FPS = 30


def spoken(
    text: str, per_letter: float = 0.06, pause: float = 0.0
) -> list[tuple[str, float, float]]:
    words, at = [], 0.0
    for word in text.split():
        end = at + 0.1 + per_letter * len(word)
        words.append((word, at, end))
        at = end + (pause if word[-1] in ".!?" else 0.0)
    return words


def cut(text: str, language: str = "en", line_cells: int = 42, **timing: float) -> list[list[str]]:
    cues = cues_for(
        spoken(text, **timing),
        start_frame=0,
        end_frame=9000,
        fps=FPS,
        language=language,
        line_cells=line_cells,
    )
    return [[line_text(line) for line in cue.lines] for cue in cues]


WORDS = st.lists(
    st.tuples(
        st.text(
            st.sampled_from(
                "abcdefgh ,.!?{}\\'ééПривет漢字かなไทยمرحبا🎂👨\u200d👩\u200d👧नमस्ते\u0301\n-/"
            ),
            max_size=60,
        ),
        st.floats(0, 1.5),
        st.floats(0, 1.2),
    ),
    max_size=25,
)


@given(
    words=WORDS, line_cells=st.sampled_from([22, 30, 42]), tempo=st.sampled_from([0.8, 1.0, 1.5])
)
def test_any_words_give_ordered_cues_of_two_lines_with_every_letter(
    words: list[tuple[str, float, float]], line_cells: int, tempo: float
) -> None:
    at, timed = 0.0, []
    for text, pause, length in words:
        timed.append((text, at + pause, at + pause + length))
        at += pause + length
    end = 100 + int(at / tempo * FPS) + 400
    cues = cues_for(
        timed, start_frame=100, end_frame=end, fps=FPS, tempo=tempo, line_cells=line_cells
    )
    for cue in cues:
        assert 100 <= cue.start_frame < cue.end_frame <= end
        assert 1 <= len(cue.lines) <= 2
        for line in cue.lines:
            assert line
            assert cells(line_text(line)) <= line_cells
        flat = [word for line in cue.lines for word in line]
        assert all(word.start_frame < word.end_frame for word in flat)
        assert all(a.end_frame <= b.start_frame for a, b in pairwise(flat))
    assert all(a.end_frame <= b.start_frame for a, b in pairwise(cues))
    shown = "".join(word.text for cue in cues for line in cue.lines for word in line)
    assert shown == "".join(clean(text).replace(" ", "") for text, _, _ in timed)


def test_cuts_fall_on_sentence_ends_and_lines_break_at_clauses() -> None:
    text = (
        "The fox slept. Once upon a time, in a village in the mountains, there was a girl. "
        "She wanted to fly."
    )
    assert cut(text, pause=0.3) == [
        ["The fox slept."],
        ["Once upon a time, in a village", "in the mountains, there was a girl."],
        ["She wanted to fly."],
    ]


def test_a_line_does_not_end_on_an_article_or_preposition() -> None:
    for lines in cut("We walked along the river to the house of the old clockmaker and his cat"):
        assert lines[0].split()[-1] not in {"the", "to", "of", "and", "a"}


@pytest.mark.parametrize(
    ("language", "text", "widest"),
    [
        ("zh", "从前，在一个小山村里，住着一个梦想飞翔的小女孩。每天她都看着鸟儿。", 17),
        ("ja", "昔々、山の小さな村に、空を飛ぶことを夢見る女の子がいました。", 17),
        ("th", "กาลครั้งหนึ่งนานมาแล้วในหมู่บ้านเล็กๆบนภูเขามีเด็กผู้หญิงคนหนึ่งฝันอยากบินขึ้นไป", 60),
    ],
)  # fmt: skip
def test_scripts_without_spaces_break_inside_what_was_one_word(
    language: str, text: str, widest: int
) -> None:
    cues = cut(text, language)
    lines = [line for cue in cues for line in cue]
    assert len(lines) > 1
    assert "".join(lines) == text
    for line in lines:
        assert len(line) <= widest
        assert cells(line) <= 42
        assert line[0] not in "，。、っゃゅょー）」"
        assert line[-1] not in "（「เแโใไ"


def test_each_character_of_a_chinese_sentence_has_its_own_time() -> None:
    (cue,) = cues_for(
        [("你好世界。", 1.0, 2.0)], start_frame=0, end_frame=300, fps=FPS, language="zh"
    )
    words = [word for line in cue.lines for word in line]
    assert [word.text for word in words] == ["你", "好", "世", "界。"]
    assert words[0].start_frame == 30
    assert words[-1].end_frame == 60
    assert 35 <= words[1].start_frame <= 37


def seconds(cues: Sequence[Cue]) -> list[float]:
    return [(cue.end_frame - cue.start_frame) / FPS for cue in cues]


def test_a_short_cue_stays_a_second_where_there_is_room() -> None:
    alone = cues_for([("Hi!", 0.0, 0.2)], start_frame=0, end_frame=300, fps=FPS)
    assert seconds(alone) == [1.0]
    at_the_end = cues_for([("Hi!", 0.0, 0.2)], start_frame=0, end_frame=12, fps=FPS)
    assert seconds(at_the_end) == [0.4]


def test_a_short_gap_between_cues_is_closed_and_a_long_one_is_not() -> None:
    def second_after(gap: float) -> tuple[Cue, ...]:
        first = spoken("This is the first of two sentences here.")
        after = first[-1][2] + gap
        return cues_for(
            [*first, ("Another", after, after + 0.6), ("follows.", after + 0.6, after + 1.4)],
            start_frame=0,
            end_frame=900,
            fps=FPS,
        )

    first, following = second_after(0.4)
    assert first.end_frame == following.start_frame
    first, following = second_after(3.0)
    assert following.start_frame - first.end_frame > 2 * FPS


def test_tempo_and_start_place_every_word() -> None:
    (cue,) = cues_for(
        [("one", 0.5, 1.0), ("two", 1.0, 2.0)], start_frame=60, end_frame=600, fps=60, tempo=1.25
    )
    assert [(w.start_frame, w.end_frame) for w in cue.lines[0]] == [(84, 108), (108, 156)]


def test_upright_frames_have_shorter_lines_of_larger_letters() -> None:
    assert line_cells_for(1920, 1080) == 42
    assert line_cells_for(1080, 1080) == 30
    assert line_cells_for(1080, 1920) == 22


def test_a_word_longer_than_a_line_is_cut_after_punctuation() -> None:
    address = "https://example.org/a/very/long/path/to/some/distant/place/index.html?with=query"
    lines = [line for cue in cut(address) for line in cue]
    assert "".join(lines) == address
    assert len(lines) == 2
    assert lines[0][-1] == "/"
