"""The guards around ffmpeg, on real processes."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from reelstep.media import ffmpeg
from reelstep.platform.errors import (
    FfmpegFailed,
    FfmpegTimedOut,
    InvalidSettings,
    ReelstepError,
    StepCancelled,
)

ENDLESS = ["-re", "-f", "lavfi", "-i", "testsrc=size=64x36:rate=30", "-f", "mpegts"]
RAW = ["-f", "rawvideo", "-pix_fmt", "gray", "-s", "64x36", "-framerate", "30", "-i", "pipe:0"]
FRAME = bytes(64 * 36)


def all_dead(notes: Path, tries: int = 100) -> bool:
    """Whether the noted processes have ended, within the moment that a signal takes to arrive."""
    pids = [int(pid) for pid in notes.read_text().split()]
    for _ in range(tries):
        if not any(alive(pid) for pid in pids):
            return True
        time.sleep(0.02)
    return False


def alive(pid: int) -> bool:
    """Whether a process still does anything (one that waits to be reaped does not)."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in "ZX"


@pytest.fixture
def family(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An "ffmpeg" that starts a child, notes both process ids in the returned file, and hangs."""
    notes = tmp_path / "pids"
    program = tmp_path / "ffmpeg"
    program.write_text(
        f"#!/bin/sh\nsleep 600 &\necho $! $$ > {notes}.new\nmv {notes}.new {notes}\nwait\n"
    )
    program.chmod(0o755)
    monkeypatch.setenv("REELSTEP_FFMPEG", str(program))
    return notes


def test_a_run_reports_its_frames_and_its_log(tmp_path: Path) -> None:
    seen: list[int] = []
    out = tmp_path / "out.mp4"
    result = ffmpeg.run(
        ["-f", "lavfi", "-i", "testsrc=size=64x36:rate=30:duration=1", str(out)],
        timeout=60,
        outputs=[out],
        on_progress=seen.append,
    )
    assert result.frames == 30
    assert seen[-1] == 30
    assert seen == sorted(seen)
    assert "testsrc" in result.stderr
    assert out.is_file()


def test_what_ffmpeg_writes_to_stdout_is_returned() -> None:
    graph = "color=white:size=8x4:rate=1:duration=2,format=gray"
    result = ffmpeg.run(["-f", "lavfi", "-i", graph, "-f", "rawvideo", "pipe:1"], timeout=60)
    assert len(result.stdout) == 2 * 8 * 4


def test_a_failure_tells_its_exit_code_and_log_and_leaves_nothing(tmp_path: Path) -> None:
    out = tmp_path / "out.mp4"
    out.write_bytes(b"what an earlier try has left")
    with pytest.raises(FfmpegFailed) as caught:
        ffmpeg.run(["-i", str(tmp_path / "gone.mp4"), str(out)], timeout=60, outputs=[out])
    detail = caught.value.detail or ""
    assert detail.startswith("exit code ")
    assert "No such file" in detail
    assert "gone.mp4" not in caught.value.message
    assert not out.exists()


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/x.mp4", "tcp://127.0.0.1:9", "data:,x"])
def test_inputs_beyond_files_and_pipes_are_refused(url: str) -> None:
    with pytest.raises(FfmpegFailed, match="could not") as caught:
        ffmpeg.run(["-i", url, "-f", "null", "-"], timeout=60)
    assert "not on whitelist" in (caught.value.detail or "")


def test_a_list_of_files_cannot_fetch_from_the_network(tmp_path: Path) -> None:
    listing = tmp_path / "list.txt"
    listing.write_text("ffconcat version 1.0\nfile http://127.0.0.1:9/x.ts\n")
    argv = ["-f", "concat", "-safe", "0", "-i", str(listing), "-f", "null", "-"]
    with pytest.raises(FfmpegFailed) as caught:
        ffmpeg.run(argv, timeout=60)
    assert "not on whitelist" in (caught.value.detail or "")


def test_a_run_past_its_time_is_killed_and_its_file_removed(tmp_path: Path) -> None:
    out = tmp_path / "out.ts"
    with pytest.raises(FfmpegTimedOut):
        ffmpeg.run([*ENDLESS, str(out)], timeout=1, outputs=[out])
    assert not out.exists()


def test_a_cancelled_run_is_killed_and_its_file_removed(tmp_path: Path) -> None:
    out = tmp_path / "out.ts"
    with pytest.raises(StepCancelled):
        ffmpeg.run([*ENDLESS, str(out)], timeout=300, outputs=[out], should_cancel=out.exists)
    assert not out.exists()


@pytest.mark.parametrize("reason", [FfmpegTimedOut, StepCancelled])
def test_the_whole_process_group_dies(family: Path, reason: type[ReelstepError]) -> None:
    cancelled = reason is StepCancelled
    with pytest.raises(reason):
        ffmpeg.run(
            [],
            timeout=300 if cancelled else 2,
            should_cancel=family.exists if cancelled else None,
        )
    assert all_dead(family)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's end")
def test_ffmpeg_does_not_outlive_a_worker_that_was_killed(tmp_path: Path) -> None:
    notes = tmp_path / "pid"
    program = tmp_path / "ffmpeg"
    program.write_text(
        f"#!/bin/sh\necho $$ > {notes}.new\nmv {notes}.new {notes}\nexec sleep 600\n"
    )
    program.chmod(0o755)
    source = "from reelstep.media import ffmpeg; ffmpeg.run([], timeout=600)"
    with subprocess.Popen(
        [sys.executable, "-c", source], env={**os.environ, "REELSTEP_FFMPEG": str(program)}
    ) as worker:
        for _ in range(1000):
            if notes.exists():
                break
            time.sleep(0.02)
        assert not all_dead(notes, tries=1)
        worker.kill()
    assert all_dead(notes)


def test_an_error_of_the_caller_kills_too(family: Path) -> None:
    def lost() -> bool:
        if family.exists():
            raise ConnectionError("the table is away")
        return False

    with pytest.raises(ConnectionError):
        ffmpeg.run([], timeout=300, should_cancel=lost)
    assert all_dead(family)


def test_an_encoder_gets_its_frames_through_a_pipe(tmp_path: Path) -> None:
    out = tmp_path / "out.mp4"
    with ffmpeg.open_encoder([*RAW, str(out)], timeout=60, outputs=[out]) as encoder:
        for _ in range(10):
            encoder.write(FRAME)
    assert encoder.result is not None
    assert encoder.result.frames == 10
    assert out.is_file()


def feed(argv: list[str], *, frames: int | None = None, **guards: Any) -> None:
    """Write frames into an encoder, without end unless told; then fail by ourselves."""
    with ffmpeg.open_encoder(argv, **guards) as encoder:
        for _ in itertools.count() if frames is None else range(frames):
            encoder.write(FRAME)
        raise ZeroDivisionError


def test_an_encoder_left_by_an_error_is_killed(tmp_path: Path) -> None:
    out = tmp_path / "out.mp4"
    with pytest.raises(ZeroDivisionError):
        feed([*RAW, str(out)], frames=1, timeout=60, outputs=[out])
    assert not out.exists()


def test_an_encoder_that_stops_reading_says_why(tmp_path: Path) -> None:
    with pytest.raises(FfmpegFailed) as caught:
        feed([*RAW, "-c:v", "nosuchcodec", str(tmp_path / "out.mp4")], timeout=60)
    assert "nosuchcodec" in (caught.value.detail or "")


def test_a_blocked_encoder_is_freed_by_its_time_limit(family: Path) -> None:
    with pytest.raises(FfmpegTimedOut):
        feed([], timeout=2)
    assert all_dead(family)


def test_a_blocked_encoder_is_freed_by_a_cancel(family: Path) -> None:
    with pytest.raises(StepCancelled):
        feed([], timeout=300, should_cancel=family.exists)
    assert all_dead(family)


def test_runs_leave_no_open_files(tmp_path: Path) -> None:
    def one() -> None:
        with pytest.raises(FfmpegFailed):
            ffmpeg.run(["-i", "gone"], timeout=60)
        with ffmpeg.open_encoder([*RAW, "-f", "null", "-"], timeout=60) as encoder:
            encoder.write(FRAME)

    one()
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(3):
        one()
    assert len(os.listdir("/proc/self/fd")) == before


def test_a_setting_that_names_no_program_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REELSTEP_FFMPEG", "/nowhere/ffmpeg")
    with pytest.raises(InvalidSettings, match="REELSTEP_FFMPEG"):
        ffmpeg.find_ffmpeg()


def test_the_layers_program_comes_before_the_packages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("REELSTEP_FFMPEG", raising=False)
    layer = tmp_path / "ffmpeg"
    monkeypatch.setattr(ffmpeg, "LAYER_PATH", layer)
    assert ffmpeg.find_ffmpeg() != layer
    layer.write_text("#!/bin/sh\n")
    layer.chmod(0o755)
    assert ffmpeg.find_ffmpeg() == layer
