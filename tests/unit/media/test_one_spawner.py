"""Rule 6 of the design: one module starts processes."""

from __future__ import annotations

import ast
from pathlib import Path

SOURCE = Path(__file__).parents[3] / "src" / "reelstep"
SPAWNER = SOURCE / "media" / "ffmpeg.py"
EXEMPT = (SOURCE / "local", SOURCE / "cli")
MODULES = {"subprocess", "multiprocessing", "pty", "pexpect"}
CALLS = ("system", "popen", "fork", "forkpty", "exec", "spawn", "posix_spawn", "create_subprocess")


def spawning(source: str) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [a.name for a in node.names if a.name.split(".")[0] in MODULES]
        elif isinstance(node, ast.ImportFrom) and node.module:
            root = node.module.split(".")[0]
            names = [alias.name for alias in node.names]
            if root in MODULES:
                found.append(node.module)
            elif root in ("os", "asyncio"):
                found += [name for name in names if name.startswith(CALLS)]
        elif (
            isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and node.value.id in ("os", "asyncio")
            and node.attr.startswith(CALLS)
        ):
            found.append(f"{node.value.id}.{node.attr}")
    return found


def test_only_the_ffmpeg_module_starts_processes() -> None:
    offenders = {
        str(path.relative_to(SOURCE)): found
        for path in sorted(SOURCE.rglob("*.py"))
        if path != SPAWNER and not any(path.is_relative_to(place) for place in EXEMPT)
        if (found := spawning(path.read_text(encoding="utf-8")))
    }
    assert offenders == {}


def test_functions_start_no_processes() -> None:
    functions = SOURCE.parents[1] / "functions"
    offenders = [p for p in functions.rglob("*.py") if spawning(p.read_text(encoding="utf-8"))]
    assert offenders == []


def test_the_scan_sees_what_it_looks_for() -> None:
    assert spawning(SPAWNER.read_text(encoding="utf-8")) == ["subprocess"]
    assert spawning("import os\nos.system('x')") == ["os.system"]
    assert spawning("from os import execv") == ["execv"]
    assert spawning("import asyncio\nasyncio.create_subprocess_exec('x')") != []
