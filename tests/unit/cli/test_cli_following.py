"""What is known of a job from its events, and how it is drawn: no network."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from reelstep.cli.progress_view import Bars, PlainLines
from reelstep.cli.terminal import THEME, Marks, Terminal
from reelstep.client.answers import Event
from reelstep.client.progress import JobProgress
from tests.unit.cli.fake_cloud import PHASES, failing_events, happy_events

START = datetime(2026, 11, 20, 10, 0, 0, tzinfo=UTC)


def job_after(events: list[dict[str, Any]]) -> JobProgress:
    job = JobProgress("v")
    for event in events:
        job = job.apply(Event.model_validate(event))
    return job


def progress(seq: int, stage: str, stage_percent: float, percent: float) -> Event:
    return Event(
        event="job:progress",
        seq=seq,
        at=START + timedelta(seconds=seq),
        stage=stage,
        stage_percent=stage_percent,
        percent=percent,
    )


def drawn(job: JobProgress, *, width: int = 80, encoding: str = "utf-8", seconds: int = 30) -> str:
    out = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    console = Console(file=out, width=width, theme=THEME, color_system=None, legacy_windows=False)
    console.print(Bars(job, Marks(console), now=START + timedelta(seconds=seconds)))
    out.flush()
    assert isinstance(out.buffer, io.BytesIO)
    return out.buffer.getvalue().decode(encoding)


def test_the_six_phases_end_complete_with_their_own_times() -> None:
    job = job_after(happy_events("v"))

    assert (job.status, job.percent) == ("COMPLETED", 100)
    assert [phase.percent for phase in job.phases] == [100] * 6
    assert [phase.seconds(START) for phase in job.phases] == [3.0] * 6


def test_a_failure_marks_its_phase_and_keeps_what_was_done() -> None:
    job = job_after(failing_events("v"))

    assert job.status == "FAILED"
    assert [phase.failed for phase in job.phases] == [False, False, False, True, False, False]
    assert [int(phase.percent) for phase in job.phases] == [100, 100, 100, 3, 0, 0]
    assert (job.error_code, job.error_message) == ("FfmpegFailed", "Scene 2 could not be drawn")


def test_a_phase_begins_when_the_one_before_it_ends() -> None:
    job = JobProgress("v").apply(Event(event="job:started", seq=1, at=START))
    assert job.current is not None
    assert job.current.label == "Script"

    job = job.apply(progress(4, "SCRIPT_GENERATION", 100, 5))

    assert job.current is not None
    assert (job.current.label, job.current.percent) == ("Assets", 0)
    assert job.phases[0].seconds(START) == 4
    assert job.current.seconds(START + timedelta(seconds=7)) == 3


def test_a_later_phase_ends_the_earlier_ones() -> None:
    job = JobProgress("v").apply(progress(1, "SCRIPT_GENERATION", 60, 3))
    job = job.apply(progress(2, "COMPOSITING", 10, 31))

    assert [phase.percent for phase in job.phases] == [100, 100, 10, 0, 0, 0]


def test_a_failure_that_will_be_tried_again_is_no_end() -> None:
    job = job_after(
        [
            {"event": "job:started", "seq": 1, "at": "2026-11-20T10:00:01Z"},
            {"event": "job:failed", "seq": 2, "at": "2026-11-20T10:00:02Z", "retryIn": 5,
             "error": {"code": "X", "message": "m", "stage": "RENDERING"}},
        ]
    )  # fmt: skip

    assert not job.finished


def test_an_event_of_a_kind_we_do_not_know_is_passed_over() -> None:
    job = job_after([{"event": "job:sang", "seq": 1, "at": "2026-11-20T10:00:01Z", "tune": 3}])

    assert (job.seq, job.status) == (1, "QUEUED")


@given(
    st.lists(st.tuples(st.sampled_from(PHASES), st.floats(0, 100), st.floats(0, 99)), max_size=30),
    st.lists(st.integers(0, 29), max_size=10),
)
def test_nothing_ever_moves_back(told: list[tuple[str, float, float]], again: list[int]) -> None:
    events = [progress(seq, *each) for seq, each in enumerate(told, start=1)]
    job = JobProgress("v")
    for event in events:
        after = job.apply(event)
        assert after.percent >= job.percent
        for was, now in zip(job.phases, after.phases, strict=True):
            assert 100 >= now.percent >= was.percent
        job = after
    for index in again:
        if index < len(events):
            assert job.apply(events[index]) == job


def test_eighty_columns_hold_all_six_lines() -> None:
    job = job_after(happy_events("v")[:13])

    lines = drawn(job).splitlines()

    assert max(len(line) for line in lines) <= 80
    assert [line.split()[:2] for line in lines[:6]] == [
        ["✓", "Script"],
        ["✓", "Assets"],
        ["✓", "Compositing"],
        ["▸", "Rendering"],
        ["·", "Encoding"],
        ["·", "Finalization"],
    ]
    assert lines[0].split()[-4:] == ["100", "%", "3.0", "s"]
    assert lines[3].split()[-4:] == ["50", "%", "19", "s"]
    assert "Film" in lines[7]
    assert "rendering 1 of 2" in lines[8]


@pytest.mark.parametrize("width", [20, 40, 60, 200])
def test_no_width_breaks_the_lines(width: int) -> None:
    for events in (happy_events("v")[:1], happy_events("v")[:10], failing_events("v")):
        lines = drawn(job_after(events), width=width).splitlines()
        assert max(len(line) for line in lines) <= width
        assert len(lines) == 8 + ("failed" not in events[-1]["event"])


def test_an_ascii_terminal_gets_ascii() -> None:
    text = drawn(job_after(failing_events("v")), encoding="ascii")

    assert text.isascii()
    assert "x Rendering" in text
    assert "+ Script" in text


def test_a_phase_that_has_said_nothing_yet_is_named() -> None:
    job = JobProgress("v").apply(progress(1, "SCRIPT_GENERATION", 100, 5))

    assert "Assets…" in drawn(job).splitlines()[-1]


def test_waiting_says_so() -> None:
    assert "number 2 in the queue" in drawn(job_after(happy_events("v")[:1]))


def test_a_message_cannot_steer_the_terminal() -> None:
    event = {"event": "job:progress", "seq": 1, "at": "2026-11-20T10:00:01Z", "percent": 1,
             "stage": "RENDERING", "stagePercent": 1, "message": "\x1b[2J\x07a\u202eb"}  # fmt: skip

    text = drawn(job_after([event]))

    assert "\x1b" not in text
    assert "\u202e" not in text


def plain(events: list[dict[str, Any]]) -> list[str]:
    out = io.StringIO()
    terminal = Terminal(out=Console(file=out, width=200), err=Console(file=io.StringIO()))
    job = JobProgress("v")
    with PlainLines(terminal, JobProgress("v")) as view:
        for event in events:
            job = job.apply(Event.model_validate(event))
            view.show(job, Event.model_validate(event))
    return out.getvalue().splitlines()


def test_a_log_has_a_line_for_each_change_and_no_more() -> None:
    lines = plain(happy_events("v"))

    assert lines[:2] == ["  0 %  queued, position 2", "  0 %  started"]
    for label in ("Script", "Assets", "Compositing", "Rendering", "Encoding", "Finalization"):
        assert sum(f"{label} done in 3.0 s" in line for line in lines) == 1
        assert sum(line[6:].startswith(f" {label}: ") for line in lines) >= 1
    assert lines[-1] == "100 %  completed"
    assert len(lines) < len(happy_events("v"))


def test_a_long_phase_is_told_every_ten_percent() -> None:
    told = [
        {"event": "job:progress", "seq": seq, "at": "2026-11-20T10:00:01Z", "percent": seq,
         "stage": "SCRIPT_GENERATION", "stagePercent": seq, "message": f"frame {seq}"}
        for seq in range(1, 100)
    ]  # fmt: skip

    tens = [int(line[:3]) for line in plain(told)]

    assert tens == [1, 1, 10, 20, 30, 40, 50, 60, 70, 80, 90]
