"""Start, find and stop the emulator's process."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from reelstep.local import locks
from reelstep.local.errors import EmulatorFailed, PortTaken
from reelstep.local.paths import Home

PORT_VARIABLE = "REELSTEP_PORT"
DEFAULT_PORT = 4566
HOST = "127.0.0.1"
START_SECONDS = 60.0
STOP_SECONDS = 20.0
_LOG_BYTES = 10_000_000
#: Pages of the launcher itself, before MiniStack's.
STATUS_PATH = "/_reelstep/status"
CHECKPOINT_PATH = "/_reelstep/checkpoint"


@dataclass(frozen=True)
class Emulator:
    """A running emulator."""

    pid: int
    port: int

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    def answers(self, home: Home, timeout: float = 2.0) -> bool:
        """True when it serves HTTP and says that it is the emulator of `home`."""
        return self._get(STATUS_PATH, timeout).get("home") == str(home.folder)

    def is_current(self) -> bool:
        """False when the code that it runs has been replaced since it started."""
        return self._get(STATUS_PATH, 5.0).get("version") == code_version()

    def checkpoint(self) -> None:
        """Save the state now. Raises EmulatorFailed."""
        if "saved" not in self._get(CHECKPOINT_PATH, 60.0):
            raise EmulatorFailed("The emulator could not save its state")

    def _get(self, path: str, timeout: float) -> dict[str, Any]:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(self.url + path, timeout=timeout) as response:
                body = json.load(response)
        except (OSError, ValueError):
            return {}
        return body if isinstance(body, dict) else {}


@cache
def code_version() -> str:
    """Hash of the launcher's own modules and of the versions that it runs."""
    digest = hashlib.sha256(f"{version('ministack')}\0{sys.version}".encode())
    names = (
        "checkpoint",
        "emulator",
        "emulator_fixes",
        "launcher",
        "locks",
        "paths",
        "studio_edge",
    )
    for name in names:
        digest.update((Path(__file__).parent / f"{name}.py").read_bytes())
    return digest.hexdigest()


def find(home: Home) -> Emulator | None:
    """The emulator that holds this folder. A stale file of a dead one is not an emulator."""
    if not locks.is_held(home.running):
        return None
    written = _read(home)
    return Emulator(written["pid"], written["port"]) if written else None


def chosen_port(home: Home, environment: Mapping[str, str], wanted: int | None = None) -> int:
    """Where the next emulator of this folder listens: as wanted, as REELSTEP_PORT says, as the last
    one did (so that URLs stay what they were), or on 4566.

    Raises ValueError when REELSTEP_PORT is not a port.
    """
    port = wanted or required_port(environment)
    if port is None:
        written = _read(home)
        port = written["port"] if written else DEFAULT_PORT
    return port


def required_port(environment: Mapping[str, str]) -> int | None:
    """REELSTEP_PORT, or None when it is not set. Raises ValueError when it is not a port."""
    given = environment.get(PORT_VARIABLE, "")
    if not given:
        return None
    port = int(given)
    if not 1 <= port <= 65_535:
        raise ValueError(f"{port} is not a port")
    return port


def _read(home: Home) -> dict[str, int] | None:
    try:
        written = json.loads(home.running.read_text(encoding="utf-8"))
        return {"pid": int(written["pid"]), "port": int(written["port"])}
    except (OSError, ValueError, KeyError, TypeError):
        return None


def port_is_free(port: int) -> bool:
    """Whether the emulator could listen there."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As a server binds: what lingers of closed connections does not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def start(home: Home, port: int, environment: Mapping[str, str]) -> Emulator:
    """Start the emulator and wait until it answers.

    Raises PortTaken, or EmulatorFailed with the end of its log.
    """
    if not port_is_free(port):
        raise PortTaken(
            f"Port {port} on {HOST} is used by another program",
            hint=f"Stop that program, or choose another port: reelstep up --port {port + 1} "
            f"(or set {PORT_VARIABLE}).",
        )
    home.make()
    if home.log.exists() and home.log.stat().st_size > _LOG_BYTES:
        home.log.replace(home.log.with_suffix(".log.1"))
    with home.log.open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "reelstep.local.launcher", str(home.folder), str(port)],
            env=_environment(home, port, environment),
            cwd=home.folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            # Its own session: Ctrl-C in the terminal is not for it, and its functions are in it.
            start_new_session=True,
        )
    emulator = Emulator(process.pid, port)
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if emulator.answers(home):
            return emulator
        code = process.poll()
        if code is not None:
            raise EmulatorFailed(
                f"The emulator ended at once (exit code {code})",
                hint=f"Its log is {home.log}.",
                detail=log_tail(home),
            )
        time.sleep(0.05)
    process.kill()
    raise EmulatorFailed(
        f"The emulator did not answer within {START_SECONDS:.0f} s",
        hint=f"Its log is {home.log}.",
        detail=log_tail(home),
    )


def stop(home: Home) -> bool:
    """Stop it and wait until its state is saved. False when there was nothing to stop."""
    emulator = find(home)
    if emulator is None:
        return False
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.kill(emulator.pid, number)
        except ProcessLookupError:
            break
        deadline = time.monotonic() + STOP_SECONDS
        while time.monotonic() < deadline:
            _reap(emulator.pid)
            if not locks.is_held(home.running):
                return True
            time.sleep(0.05)
    return True


def _reap(pid: int) -> None:
    """Collect the process if it was started by this very one."""
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)


def log_tail(home: Home, lines: int = 30) -> str:
    """The end of the emulator's log."""
    try:
        text = home.log.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    return "\n".join(text.splitlines()[-lines:])


def _environment(home: Home, port: int, outer: Mapping[str, str]) -> dict[str, str]:
    """What MiniStack, and the functions that it starts, find in their environment.

    The user's own AWS settings stay out: nothing local may ever reach an account.
    """
    from reelstep.platform import settings

    kept = {name: value for name, value in outer.items() if not name.startswith("AWS_")}
    return {
        **kept,
        "GATEWAY_PORT": str(port),
        "BIND_HOST": HOST,
        "AUTH": "true",
        "PERSIST_STATE": "1",
        "STATE_DIR": str(home.state),
        "S3_PERSIST": "1",
        "S3_DATA_DIR": str(home.objects),
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        # Cores decide what runs at once (emulator_fixes), not a limit that fails what is above it.
        "LAMBDA_ACCOUNT_CONCURRENCY": "0",
        "LAMBDA_WARM_TTL_SECONDS": "60",
        # A daemon on this machine is none of the emulator's business.
        "DOCKER_HOST": "unix:///nonexistent/reelstep",
        "TMPDIR": str(home.tmp),
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
        # Functions see LAMBDA_TASK_ROOT and would look for X-Ray's daemon.
        "POWERTOOLS_TRACE_DISABLED": "true",
        "NO_PROXY": f"{HOST},localhost",
        "no_proxy": f"{HOST},localhost",
        "PYTHONUNBUFFERED": "1",
        settings.FFMPEG: outer.get(settings.FFMPEG) or _ffmpeg(),
        settings.FONTS_DIR: outer.get(settings.FONTS_DIR) or str(_fonts()),
    }


def _ffmpeg() -> str:
    import imageio_ffmpeg

    return str(imageio_ffmpeg.get_ffmpeg_exe())


def _fonts() -> Path:
    from reelstep.local.paths import ROOT

    return ROOT / ".build" / "fonts"
