"""SRT and VTT sidecars, and the ASS script that is burned."""

from __future__ import annotations

import re

import pytest

from reelstep.media.captions import burn_filter, to_ass, to_srt, to_vtt
from reelstep.media.captions.ass import escape
from reelstep.media.captions.style import style_for, title_lines
from reelstep.media.captions.text import clean
from reelstep.media.timeline import CaptionWord, Cue, Title


def cue(text: str, start: int = 30, end: int = 90) -> Cue:
    words = text.split(" ")
    step = (end - start) // len(words)
    return Cue(
        start_frame=start,
        end_frame=end,
        lines=(
            tuple(
                CaptionWord(
                    text=word, start_frame=start + i * step, end_frame=start + (i + 1) * step
                )
                for i, word in enumerate(words)
            ),
        ),
    )


def test_srt_times_have_commas_and_no_text_looks_like_a_time_line() -> None:
    assert to_srt((cue("Hello 00:01 --> 00:02"), cue("<b>", 120, 109_830)), 30) == (
        "1\n00:00:01,000 --> 00:00:03,000\nHello 00:01 --\u2060> 00:02\n\n"
        "2\n00:00:04,000 --> 01:01:01,000\n<b>\n\n"
    )


def test_vtt_escapes_what_would_be_markup() -> None:
    assert to_vtt((cue("a<b> & c --> d"),), 60) == (
        "WEBVTT\n\n1\n00:00:00.500 --> 00:00:01.500\na&lt;b&gt; &amp; c --&gt; d\n\n"
    )


def test_lines_of_a_right_to_left_film_say_so_to_players() -> None:
    assert "\n\u200fLina مرحبا\n" in to_vtt((cue("Lina مرحبا"),), 30, language="ar-EG")
    assert "\u200f" not in to_srt((cue("Lina مرحبا"),), 30, language="en")


def test_no_cues_are_valid_files() -> None:
    assert to_srt((), 30) == ""
    assert to_vtt((), 30) == "WEBVTT\n\n"


def test_escaping_leaves_nothing_that_libass_reads_as_markup() -> None:
    assert escape(r"{\an8}") == "\\{\\\u2060an8\\}"
    assert escape(r"C:\new\N") == "C:\\\u2060new\\\u2060N"
    assert escape("'; rm -rf [0:v]scale=1:1,x;") == "'; rm -rf [0:v]scale=1:1,x;"


def test_cleaning_keeps_letters_and_drops_controls() -> None:
    assert clean("a\x00b\r\nc\td") == "a b c d"
    assert clean("\u202egnp.exe\u202c") == "gnp.exe"
    assert clean("👨\u200d👩\u200d👧 ❤\ufe0f e\u0301") == "👨\u200d👩\u200d👧 ❤\ufe0f é"
    assert clean("\ud800") == "\ufffd"


def events(script: str, style: str) -> list[tuple[str, str, str]]:
    found = re.findall(r"^Dialogue: \d,([^,]+),([^,]+),(\w+),[^,]*,0,0,0,,(.*)$", script, re.M)
    return [(start, end, text) for start, end, name, text in found if name == style]


def script(from_frame: int, to_frame: int, title: Title | None = None, fps: int = 30) -> str:
    return to_ass(
        (cue("one two three"),),
        title,
        width=1920,
        height=1080,
        fps=fps,
        from_frame=from_frame,
        to_frame=to_frame,
    )


def test_a_window_holds_only_its_part_and_starts_at_zero() -> None:
    assert events(script(0, 30), "Caption") == []
    assert events(script(90, 200), "Caption") == []
    ((start, end, _),) = events(script(0, 60), "Caption")
    assert (start, end) == ("0:00:01.00", "0:00:02.00")
    ((start, end, _),) = events(script(60, 200), "Caption")
    assert (start, end) == ("0:00:00.00", "0:00:01.00")


@pytest.mark.parametrize("fps", [24, 30, 60])
def test_an_event_begins_at_its_frame_and_ends_before_its_last(fps: int) -> None:
    for start in range(50):
        ((begin, _, _),) = events(
            to_ass((cue("x", start, start + 7),), None, width=640, height=360, fps=fps), "Caption"
        )
        milliseconds = round(float(begin.split(":")[-1]) * 1000)
        assert milliseconds <= int(start * 1000 / fps)
        assert milliseconds > (start - 1) * 1000 / fps


def times(text: str) -> list[int]:
    return [int(n) for pair in re.findall(r"\\t\((-?\d+),(-?\d+)", text) for n in pair]


def test_in_a_later_window_highlights_and_fades_only_shift() -> None:
    ((_, _, whole),) = events(script(0, 300), "Caption")
    ((_, _, later),) = events(script(60, 300), "Caption")
    # The event itself begins a second later in the film's time.
    assert times(later) == [at - 1000 for at in times(whole)]
    assert "\\fade(255,0,255,0,120,1880,2000)" in whole
    assert "\\fade(255,0,255,-1000,-880,880,1000)" in later


def test_a_title_is_shown_in_its_frames_with_a_fade() -> None:
    title = Title(text="A {film}\nof mine", start_frame=15, end_frame=75)
    ((start, end, text),) = events(script(0, 300, title), "Title")
    assert (start, end) == ("0:00:00.50", "0:00:02.50")
    assert text.endswith("A \\{film\\} of mine")
    assert "\\fade(255,0,255,0,500,1550,2000)" in text
    assert events(script(75, 300, title), "Title") == []


@pytest.mark.parametrize(
    "size", [(1920, 1080), (3840, 2160), (1280, 720), (1080, 1920), (720, 720)]
)
def test_titles_of_any_length_fit_in_three_lines(size: tuple[int, int]) -> None:
    style = style_for(*size)
    short, em = title_lines("Léo", style, "fr")
    assert short == ["Léo"]
    assert em == style.title_em
    for text in (
        "word " * 400,
        "x" * 2000,
        "山" * 500,
        "The birthday of a small, very brave dragon",
    ):
        lines, em = title_lines(text.strip(), style, "en")
        assert 1 <= len(lines) <= 3
        assert 0.3 * style.title_em <= em <= style.title_em
    assert lines[0].startswith("The birthday")
    assert "…" not in "".join(lines)


def test_only_plain_names_reach_a_filter_graph() -> None:
    assert burn_filter("a.ass", "fonts") == "ass=filename=a.ass:fontsdir=fonts:shaping=complex"
    for name in ("/tmp/a.ass", "a:b", "a'b", "", "a,b"):
        with pytest.raises(ValueError, match="plain name"):
            burn_filter(name, "fonts")
