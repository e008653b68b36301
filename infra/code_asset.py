"""The code that all functions share, staged as one folder with a hash of its content.

functions/ and src/reelstep/ go in as `functions` and `reelstep`; what only a user's machine runs
(local, cli, client, studio) stays out, and a test keeps deployed code from importing it.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
STAGING = ROOT / ".build" / "lambda"
NOT_DEPLOYED = frozenset({"reelstep/local", "reelstep/cli", "reelstep/client", "reelstep/studio"})
_JUNK = frozenset({"__pycache__", ".DS_Store"})


@dataclass(frozen=True)
class CodeAsset:
    """A staged folder; `sha256` covers every path and byte in it and nothing else."""

    path: Path
    sha256: str


def stage(root: Path = ROOT, staging: Path = STAGING) -> CodeAsset:
    """Copy the deployed code to `staging`/<hash>, once per content.

    The folder appears whole or not at all, so that two runs beside each other cannot mix.
    """
    sources = {
        "functions": root / "functions",
        "reelstep": root / "src" / "reelstep",
    }
    files = [
        (f"{prefix}/{relative}", path)
        for prefix, base in sources.items()
        for relative, path in _files(base, prefix)
    ]
    digest = hashlib.sha256()
    for name, path in files:
        content = path.read_bytes()
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    sha256 = digest.hexdigest()
    target = staging / sha256[:16]
    if not target.is_dir():
        staging.mkdir(parents=True, exist_ok=True)
        partial = Path(tempfile.mkdtemp(prefix=".partial-", dir=staging))
        for name, path in files:
            destination = partial / name
            destination.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, destination)
        try:
            os.replace(partial, target)
        except OSError:  # the twin was faster; its content is the same
            shutil.rmtree(partial)
    return CodeAsset(target, sha256)


def _files(base: Path, prefix: str) -> Iterator[tuple[str, Path]]:
    for path in sorted(base.rglob("*")):
        relative = path.relative_to(base)
        folders = {f"{prefix}/{part}" for part in map(str, relative.parents)}
        if path.is_file() and not folders & NOT_DEPLOYED and not _JUNK & set(relative.parts):
            yield relative.as_posix(), path
