"""The processes of functions on the local cloud: found, watched at work, killed. Linux only."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from reelstep.local import deploy
from reelstep.local.paths import Home

_SCRATCH = re.compile(rf"ministack-lambda-reelstep-{deploy.STAGE}-([a-z]+)-")

#: Process id, command line, parent and ticks.
Process = tuple[int, str, int, int]


@dataclass(frozen=True)
class Worker:
    """A process that one function runs in, and the clock ticks of CPU that it has used so far."""

    pid: int
    function: str
    ticks: int


def workers(home: Home) -> list[Worker]:
    """Every live worker of this local cloud."""
    return _workers(_processes(home))


def _workers(processes: Iterable[Process]) -> list[Worker]:
    return [
        Worker(pid, match[1], ticks)
        for pid, command, _parent, ticks in processes
        if (match := _SCRATCH.search(command)) and command.rstrip().endswith("_worker.py")
    ]


def strays(home: Home) -> list[str]:
    """Commands that work in this cloud's scratch for a worker that is gone: ffmpeg, mostly."""
    found = list(_processes(home))
    own = {worker.pid for worker in _workers(found)}
    return [
        command
        for pid, command, parent, _ticks in found
        if pid not in own and parent not in own and _work_folder(home) in command
    ]


def of_job(home: Home, job_id: str) -> list[str]:
    """Commands that work on files of this job."""
    return [
        command
        for _pid, command, _parent, _ticks in _processes(home)
        if f"reelstep-{job_id}" in command
    ]


class Watch:
    """Tells which workers are at work: those that use the CPU, or have just begun, or run ffmpeg.

    Idle ones wait for a line of their input and use none.
    """

    def __init__(self, home: Home):
        self._home = home
        self._ticks: dict[int, int] = {}

    def busy(self) -> list[Worker]:
        """Those that have done something since the last call."""
        processes = list(_processes(self._home))
        found = _workers(processes)
        parents = {parent for _pid, _command, parent, _ticks in processes}
        busy = [w for w in found if w.ticks > self._ticks.get(w.pid, 0) or w.pid in parents]
        self._ticks = {worker.pid: worker.ticks for worker in found}
        return busy


def kill(worker: Worker, home: Home) -> bool:
    """SIGKILL; False when it was gone already."""
    if worker.pid not in {other.pid for other in workers(home)}:
        return False
    try:
        os.kill(worker.pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


def _work_folder(home: Home) -> str:
    """Where steps keep their files while they run."""
    return str(home.tmp / "reelstep-")


def _processes(home: Home) -> Iterator[Process]:
    """What was started with this cloud's scratch and lives."""
    scratch = str(home.tmp)
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            command = (
                (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
            )
            if scratch not in command:
                continue
            fields = (folder / "stat").read_text().rsplit(")", 1)[1].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if fields[0] not in "ZX":
            yield int(folder.name), command, int(fields[1]), int(fields[11]) + int(fields[12])
