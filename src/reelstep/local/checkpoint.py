"""Snapshots of the emulator's state that are complete or not there, whatever kills the process.

MiniStack writes its state on a clean shutdown only, one file per service. Here the same files are
written while it runs, into a new folder that shares unchanged ones with the folder before (hard
links), and the name of the newest folder is replaced last, in one rename. Objects in S3 are on the
disk anyway, as they arrive.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

#: Service → its whole state; None means nothing to say.
States = Mapping[str, Callable[[], Any]]
#: (service, state) → the text of its file.
Encode = Callable[[str, Any], str]

_CURRENT = "current"
#: A dictionary that grows while it is copied raises; other threads are never stopped for a copy.
_COPY_TRIES = 20


class Checkpoints:
    """The snapshots below one folder. Not for use by two processes at once."""

    def __init__(self, folder: Path):
        self._folder = folder
        self._written: dict[str, str] = {}
        self._lock = threading.Lock()

    def restore(self, target: Path) -> bool:
        """Make `target` hold the newest snapshot's files; False when there is none yet.

        Folders in `target` (the emulator's own blobs) are left alone.
        """
        target.mkdir(parents=True, exist_ok=True)
        for stale in target.glob("*.json*"):
            stale.unlink()
        current = self.newest()
        if current is None:
            return False
        for file in current.glob("*.json"):
            os.link(file, target / file.name)
            self._written[file.stem] = _sha256(file.read_text(encoding="utf-8"))
        return True

    def save(self, states: States, encode: Encode) -> bool:
        """Write a snapshot if anything differs from the last one. Returns whether it did."""
        with self._lock:
            texts = {name: encode(name, state) for name, state in _copies(states).items()}
            hashes = {name: _sha256(text) for name, text in texts.items()}
            before = self.newest()
            if before is not None and hashes == self._written:
                return False
            number = 1 + (int(before.name) if before else 0)
            folder = self._folder / f"{number:08d}"
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True, mode=0o700)
            for name, text in texts.items():
                if before is not None and self._written.get(name) == hashes[name]:
                    os.link(before / f"{name}.json", folder / f"{name}.json")
                else:
                    _write(folder / f"{name}.json", text)
            self._point_at(folder)
            self._written = hashes
            self._forget_before(folder)
            return True

    def newest(self) -> Path | None:
        """The folder of the newest complete snapshot; one that is being written does not count."""
        try:
            folder = self._folder / (self._folder / _CURRENT).read_text(encoding="ascii").strip()
        except (FileNotFoundError, NotADirectoryError):
            return None
        return folder if folder.is_dir() else None

    def _point_at(self, folder: Path) -> None:
        part = self._folder / f"{_CURRENT}.part"
        _write(part, folder.name)
        part.replace(self._folder / _CURRENT)

    def _forget_before(self, newest: Path) -> None:
        for folder in self._folder.iterdir():
            if folder.is_dir() and folder.name < newest.name:
                shutil.rmtree(folder, ignore_errors=True)


def _copies(states: States) -> dict[str, Any]:
    copies = {}
    for name, state in states.items():
        for attempt in range(_COPY_TRIES):
            try:
                copy = state()
                break
            except RuntimeError:
                if attempt == _COPY_TRIES - 1:
                    raise
        if has_content(copy):
            copies[name] = copy
    return copies


def has_content(state: Any) -> bool:
    """False for what is empty at every depth: nearly all of the emulator's ninety services.

    A file makes the emulator import its service at the next start, so empty ones cost time.
    """
    inner = getattr(state, "_data", state)  # its dictionaries per account and region
    if isinstance(inner, dict):
        return any(has_content(value) for value in inner.values())
    return bool(inner)


def _write(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def encode_as_ministack(service: str, state: Any) -> str:
    """The text that MiniStack itself would write, and reads at its start."""
    from ministack.core import persistence

    return json.dumps(
        {
            "__ministack_format__": persistence._state_format_version(service),
            "payload": state,
        },
        default=persistence._json_default,
    )


def is_from_newer(path: Path) -> bool:
    """Whether a newer MiniStack wrote this file; this one would refuse to load it."""
    from ministack.core import persistence

    try:
        # The mark is the first thing in the file, which may be large.
        with path.open(encoding="utf-8") as file:
            mark = re.match(r'{"__ministack_format__": (\d+)', file.read(64))
    except FileNotFoundError:  # a newer snapshot has replaced it meanwhile, written by this one
        return False
    return bool(mark and int(mark[1]) > persistence._state_format_version(path.stem))
