"""Runs ffmpeg: the one module of Reelstep that starts a process.

Every run has the same guards: a list of arguments and never a shell, no stdin to read commands
from, inputs limited to local files and pipes, a time limit, a cancel flag asked about twice a
second, and the end of the whole process group when any of them says so. What a failed run has
written is removed. Where Linux is, ffmpeg also ends with a process that was killed and could say
nothing any more; elsewhere it goes on until its own end.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import functools
import importlib
import os
import selectors
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from reelstep.platform.errors import FfmpegFailed, FfmpegTimedOut, InvalidSettings, StepCancelled

Buffer = bytes | bytearray | memoryview
Progress = Callable[[int], None]
CancelFlag = Callable[[], bool]

LAYER_PATH = Path("/opt/bin/ffmpeg")
"""Where the ffmpeg layer puts the program inside a Lambda function."""

PROTOCOLS = "file,pipe"
CANCEL_CHECK_SECONDS = 0.5
_PR_SET_PDEATHSIG = 1
KEPT_STDERR_BYTES = 256 * 1024
SHOWN_STDERR_CHARACTERS = 4000
PIPE_BYTES = 1024 * 1024


@dataclass(frozen=True)
class Result:
    """What a run that ended well has left: frames written, its log (the last 256 KB), stdout."""

    frames: int
    stderr: str
    stdout: bytes = b""


def find_ffmpeg() -> Path:
    """The ffmpeg to run: `REELSTEP_FFMPEG`, else the layer's, else the installed package's.

    Raises InvalidSettings when the variable names no program, or when there is none at all.
    """
    configured = os.environ.get("REELSTEP_FFMPEG")
    if configured:
        if not os.access(configured, os.X_OK):
            raise InvalidSettings(f"REELSTEP_FFMPEG names no program: {configured}")
        return Path(configured)
    if os.access(LAYER_PATH, os.X_OK):
        return LAYER_PATH
    try:
        package = importlib.import_module("imageio_ffmpeg")
    except ImportError:
        raise InvalidSettings(
            "No ffmpeg: set REELSTEP_FFMPEG, add the ffmpeg layer, or install imageio-ffmpeg"
        ) from None
    return Path(package.get_ffmpeg_exe())


def command(program: Path, argv: Sequence[str], progress_fd: int) -> list[str]:
    """The full command line for `argv` (everything after the program's name).

    The protocol list is an option of each input, so it is repeated before every `-i`.
    """
    full = [str(program), "-nostdin", "-hide_banner", "-nostats", "-y"]
    full += ["-stats_period", "0.25", "-progress", f"pipe:{progress_fd}"]
    for argument in argv:
        if argument == "-i":
            full += ["-protocol_whitelist", PROTOCOLS]
        full.append(argument)
    return full


def run(
    argv: Sequence[str],
    *,
    timeout: float,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    outputs: Sequence[Path] = (),
    on_progress: Progress | None = None,
    should_cancel: CancelFlag | None = None,
) -> Result:
    """Run ffmpeg to its end. `argv` is everything after the program's name.

    `timeout` is in seconds; `env` is added to the environment; `outputs` are the files that are
    removed if the run does not end well; `on_progress` gets the number of frames written so far.
    Raises FfmpegFailed, FfmpegTimedOut, StepCancelled, and whatever the two callbacks raise.
    """
    watched = _Watched(argv, timeout, cwd, env, on_progress, should_cancel, stdin=False)
    try:
        watched.watch()
        return watched.result()
    except BaseException:
        watched.kill()
        _remove(outputs)
        raise


@contextlib.contextmanager
def open_encoder(
    argv: Sequence[str],
    *,
    timeout: float,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    outputs: Sequence[Path] = (),
    on_progress: Progress | None = None,
    should_cancel: CancelFlag | None = None,
) -> Iterator[Encoder]:
    """Start an ffmpeg that reads `pipe:0`, with the guards of `run`, and yield its `Encoder`.

    Leaving the block ends the input and waits for the file; leaving it by an exception kills the
    process. Both callbacks are called from another thread. Raises what `run` raises, from the
    block's writes or from its end.
    """
    watched = _Watched(argv, timeout, cwd, env, on_progress, should_cancel, stdin=True)
    encoder = Encoder(watched)
    watcher = threading.Thread(target=watched.watch_quietly, name="ffmpeg-watch", daemon=True)
    watcher.start()
    try:
        yield encoder
        encoder.close()
        watcher.join()
        encoder.result = watched.result()
    except BaseException:
        watched.kill()
        encoder.close()
        watcher.join()
        _remove(outputs)
        raise


class Encoder:
    """The writing end of a running ffmpeg; `result` is there once its block has been left."""

    def __init__(self, watched: _Watched):
        self._watched = watched
        self.result: Result | None = None

    def write(self, data: Buffer) -> None:
        """Hand over raw bytes, waiting while ffmpeg is busy. Raises as `run` does."""
        view = memoryview(data).cast("B")
        stdin = self._watched.stdin_fd
        try:
            while view:
                view = view[os.write(stdin, view) :]
        except BrokenPipeError:
            self._watched.finished.wait()
            self._watched.result()
            raise FfmpegFailed(
                "ffmpeg stopped reading before the last frame", detail=self._watched.log_tail()
            ) from None

    def close(self) -> None:
        """Tell ffmpeg that there is no more."""
        self._watched.close_stdin()


def _ends_with(owner: int) -> Callable[[], None] | None:
    """What a new process does before it becomes ffmpeg: it asks to be killed when the thread that
    started it has ended, and that one waits for ffmpeg as long as it lives.

    Source: prctl(2), PR_SET_PDEATHSIG. None where there is no such call.
    """
    prctl = _prctl()
    if prctl is None:
        return None

    def ask() -> None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != owner:  # it was killed before we could ask
            os._exit(1)

    return ask


@functools.cache
def _prctl() -> Callable[..., int] | None:
    return getattr(ctypes.CDLL(None), "prctl", None) if sys.platform == "linux" else None


class _Watched:
    """One ffmpeg process and everything that can end it."""

    def __init__(
        self,
        argv: Sequence[str],
        timeout: float,
        cwd: Path | None,
        env: Mapping[str, str] | None,
        on_progress: Progress | None,
        should_cancel: CancelFlag | None,
        *,
        stdin: bool,
    ):
        self._on_progress = on_progress
        self._should_cancel = should_cancel
        self._deadline = time.monotonic() + timeout
        self._timeout = timeout
        self._log = bytearray()
        self._out = bytearray()
        self._progress_text = b""
        self._frames = 0
        self._problem: BaseException | None = None
        self.finished = threading.Event()
        self._progress_fd, child_fd = os.pipe()
        try:
            self._process = subprocess.Popen(
                command(find_ffmpeg(), argv, child_fd),
                stdin=subprocess.PIPE if stdin else subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                pass_fds=(child_fd,),
                cwd=cwd,
                env={**os.environ, **env} if env else None,
                bufsize=0,
                start_new_session=True,
                # Nothing is locked or allocated in there, so other threads do not matter (render
                # draws in several).
                preexec_fn=_ends_with(os.getpid()),
            )
        except BaseException:
            os.close(self._progress_fd)
            raise
        finally:
            os.close(child_fd)
        if stdin:
            # A frame is megabytes and a pipe 64 KB: fewer, larger hand-overs where allowed.
            with contextlib.suppress(OSError, AttributeError):
                fcntl.fcntl(self.stdin_fd, fcntl.F_SETPIPE_SZ, PIPE_BYTES)

    @property
    def stdin_fd(self) -> int:
        assert self._process.stdin is not None  # noqa: S101 - asked for in open_encoder
        return self._process.stdin.fileno()

    def close_stdin(self) -> None:
        if self._process.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                self._process.stdin.close()

    def watch_quietly(self) -> None:
        """`watch` for a thread: what goes wrong is kept for `result`."""
        try:
            self.watch()
        except BaseException as problem:
            self._problem = problem
            self.kill()
        finally:
            self.finished.set()

    def watch(self) -> None:
        """Read all that ffmpeg says until it ends. Raises FfmpegTimedOut, StepCancelled."""
        process = self._process
        next_check = time.monotonic()
        with selectors.DefaultSelector() as selector:
            selector.register(process.stderr, selectors.EVENT_READ, self._read_log)  # type: ignore[arg-type]
            selector.register(process.stdout, selectors.EVENT_READ, self._out.extend)  # type: ignore[arg-type]
            selector.register(self._progress_fd, selectors.EVENT_READ, self._read_progress)
            try:
                while selector.get_map():
                    now = time.monotonic()
                    if now >= next_check:
                        self._check(now)
                        next_check = now + CANCEL_CHECK_SECONDS
                    for key, _ in selector.select(timeout=max(0.0, next_check - now)):
                        data = os.read(key.fd, 65536)
                        if data:
                            key.data(data)
                        else:
                            selector.unregister(key.fileobj)
            finally:
                self._close_outputs()
        # All its pipes are closed: it has ended, or is about to.
        while process.poll() is None:
            self._check(time.monotonic())
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=CANCEL_CHECK_SECONDS)

    def _close_outputs(self) -> None:
        for stream in (self._process.stderr, self._process.stdout):
            if stream is not None:
                stream.close()
        os.close(self._progress_fd)

    def _check(self, now: float) -> None:
        if now >= self._deadline:
            raise FfmpegTimedOut(
                f"ffmpeg did not finish within {self._timeout:g} s", detail=self.log_tail()
            )
        if self._should_cancel is not None and self._should_cancel():
            raise StepCancelled("Stopped as asked")

    def _read_log(self, data: bytes) -> None:
        self._log += data
        del self._log[:-KEPT_STDERR_BYTES]

    def _read_progress(self, data: bytes) -> None:
        *lines, self._progress_text = (self._progress_text + data).split(b"\n")
        for line in lines:
            name, _, value = line.partition(b"=")
            if name == b"frame" and value.strip().isdigit():
                self._frames = int(value)
                if self._on_progress is not None:
                    self._on_progress(self._frames)

    def log_tail(self) -> str:
        return self._log.decode(errors="replace")[-SHOWN_STDERR_CHARACTERS:]

    def result(self) -> Result:
        """What came of it, once it has ended. Raises what ended it, or FfmpegFailed."""
        if self._problem is not None:
            raise self._problem
        code = self._process.returncode
        if code != 0:
            raise FfmpegFailed(
                "ffmpeg could not do its work", detail=f"exit code {code}\n{self.log_tail()}"
            )
        return Result(self._frames, self._log.decode(errors="replace"), bytes(self._out))

    def kill(self) -> None:
        """End the process and any child of its group, and reap it. Harmless when it has ended."""
        if self._process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()


def _remove(outputs: Sequence[Path]) -> None:
    for path in outputs:
        path.unlink(missing_ok=True)
