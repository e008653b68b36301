"""What a machine needs for the local cloud, checked by trying it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from reelstep.local import checkpoint, emulator, machine
from reelstep.local.paths import ROOT, Home, home

PYTHON = (3, 11)
NODE_MAJOR = 22
DISK_BYTES = 2_000_000_000
MEMORY_BYTES = 3_500_000_000
_TRY_SECONDS = 20.0
_SETUP = "Run `make setup`."


class Check(NamedTuple):
    """One finding. `fix` says what to do, and is empty when `ok`."""

    name: str
    ok: bool
    found: str
    fix: str


def run_checks(
    folder: Path | None = None, environment: Mapping[str, str] = os.environ, root: Path = ROOT
) -> list[Check]:
    """Every check, in the order in which a broken machine is best mended."""
    at = Home(folder or home(environment))
    return [
        _python(),
        _node(),
        _ffmpeg(environment),
        _fonts(environment, root),
        _writable(at),
        _disk(at),
        _memory(),
        _port(at, environment),
        _emulator(at),
        _state(at),
    ]


def _check(name: str, ok: bool, found: str, fix: str) -> Check:
    return Check(name, ok, found, "" if ok else fix)


def _python() -> Check:
    found = ".".join(map(str, sys.version_info[:3]))
    wanted = ".".join(map(str, PYTHON))
    return _check(
        "Python",
        sys.version_info >= PYTHON,
        found,
        f"Install Python {wanted} or newer and run `make PYTHON=python{wanted} setup`.",
    )


def _node() -> Check:
    """CDK synthesis runs on it; `make setup` brings one along."""
    path = Path(sys.executable).parent / "node"
    program = str(path) if path.exists() else shutil.which("node") or ""
    found = _says([program, "--version"]) if program else ""
    major = found.removeprefix("v").split(".")[0]
    return _check(
        "Node.js (for CDK)",
        major.isdigit() and int(major) >= NODE_MAJOR,
        found or "none",
        _SETUP,
    )


def _ffmpeg(environment: Mapping[str, str]) -> Check:
    from reelstep.platform import settings

    try:
        import imageio_ffmpeg

        program = environment.get(settings.FFMPEG) or str(imageio_ffmpeg.get_ffmpeg_exe())
    except (ImportError, RuntimeError):
        return _check("ffmpeg", False, "none", _SETUP)
    found = _says([program, "-hide_banner", "-version"])
    first = found.splitlines()[0] if found else f"{program} does not run"
    return _check("ffmpeg", found.startswith("ffmpeg version"), first[:60], _SETUP)


def _fonts(environment: Mapping[str, str], root: Path) -> Check:
    from reelstep.platform import settings

    folder = Path(environment.get(settings.FONTS_DIR) or root / ".build" / "fonts")
    count = len(list(folder.glob("*.ttf"))) if folder.is_dir() else 0
    return _check("Caption fonts", count > 0, f"{count} in {folder}", _SETUP)


def _writable(at: Home) -> Check:
    folder = at.folder if at.folder.is_dir() else at.folder.parent
    try:
        with tempfile.NamedTemporaryFile(dir=folder):
            pass
    except OSError as error:
        return _check(
            "Folder",
            False,
            f"{folder}: {error.strerror or error}",
            "Give yourself write permission there, or set REELSTEP_HOME to another folder.",
        )
    return _check("Folder", True, str(at.folder), "")


def _disk(at: Home) -> Check:
    free = machine.free_disk_bytes(at.folder)
    return _check(
        "Disk space",
        free >= DISK_BYTES,
        f"{free / 1e9:.1f} GB free",
        f"Free {DISK_BYTES / 1e9:.0f} GB; `reelstep down --wipe` forgets the films made so far.",
    )


def _memory() -> Check:
    total = machine.memory_bytes()
    return _check(
        "Memory",
        total >= MEMORY_BYTES,
        f"{total / 1e9:.1f} GB, {machine.cores()} cores",
        f"{MEMORY_BYTES / 1e9:.1f} GB are needed to render 1080p beside the emulator.",
    )


def _port(at: Home, environment: Mapping[str, str]) -> Check:
    found = emulator.find(at)
    if found is not None:
        return _check("Port", True, f"{found.port}, ours", "")
    try:
        port = emulator.chosen_port(at, environment)
    except ValueError:
        return _check(
            "Port",
            False,
            f"{emulator.PORT_VARIABLE}={environment.get(emulator.PORT_VARIABLE)}",
            f"Set {emulator.PORT_VARIABLE} to a number from 1 to 65535.",
        )
    return _check(
        "Port",
        emulator.port_is_free(port),
        f"{port} on {emulator.HOST}",
        f"Another program has it: stop that, or set {emulator.PORT_VARIABLE} "
        "(or use `reelstep up --port`).",
    )


def _emulator(at: Home) -> Check:
    found = emulator.find(at)
    if found is None:
        return _check("Emulator", True, "not running", "")
    answers = found.answers(at)
    return _check(
        "Emulator",
        answers,
        f"process {found.pid}, {'answers' if answers else 'does not answer'}",
        "Run `reelstep up`: it starts a new one and keeps the state.",
    )


def _state(at: Home) -> Check:
    """A state that a newer version has written would be ignored, file by file."""
    newest = checkpoint.Checkpoints(at.checkpoints).newest()
    files = sorted(newest.glob("*.json")) if newest else []
    newer = [path.stem for path in files if checkpoint.is_from_newer(path)]
    return _check(
        "State",
        not newer,
        f"written by a newer version: {', '.join(newer)}" if newer else "readable",
        "Run `make setup`, or `reelstep down --wipe` to begin anew.",
    )


def _says(argv: list[str]) -> str:
    try:
        ended = subprocess.run(
            argv, capture_output=True, text=True, timeout=_TRY_SECONDS, check=True
        )
        return ended.stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return ""
