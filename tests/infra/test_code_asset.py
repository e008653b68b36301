"""The one folder of code that all functions share."""

from __future__ import annotations

import os
from pathlib import Path

from infra import code_asset
from infra.function_table import FUNCTIONS


def _tree(root: Path, *, note: str = "") -> Path:
    files = {
        "functions/api/handler.py": "def handler(event, context): ...",
        "src/reelstep/__init__.py": note,
        "src/reelstep/jobs/model.py": "x = 1",
        "src/reelstep/data/words.json": "{}",
        "src/reelstep/local/cloud.py": "import ministack",
        "src/reelstep/cli/main.py": "import typer",
        "src/reelstep/client/wire.py": "import httpx",
        "src/reelstep/jobs/__pycache__/model.cpython-313.pyc": "junk",
    }
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def test_it_holds_the_deployed_code_only(tmp_path: Path) -> None:
    staged = code_asset.stage(_tree(tmp_path / "a"), tmp_path / "staging").path
    assert sorted(
        str(path.relative_to(staged)) for path in staged.rglob("*") if path.is_file()
    ) == [
        "functions/api/handler.py",
        "reelstep/__init__.py",
        "reelstep/data/words.json",
        "reelstep/jobs/model.py",
    ]


def test_its_hash_follows_content_and_not_times_or_places(tmp_path: Path) -> None:
    first = code_asset.stage(_tree(tmp_path / "a"), tmp_path / "staging")
    elsewhere = _tree(tmp_path / "b")
    os.utime(elsewhere / "functions/api/handler.py", (0, 0))
    assert code_asset.stage(elsewhere, tmp_path / "staging") == first
    changed = code_asset.stage(_tree(tmp_path / "c", note="x"), tmp_path / "staging")
    assert changed.sha256 != first.sha256
    assert first.path.is_dir()


def test_every_function_of_the_table_has_its_handler() -> None:
    staged = code_asset.stage().path
    for spec in FUNCTIONS:
        module, name = spec.handler.rsplit(".", 1)
        path = staged / (module.replace(".", "/") + ".py")
        assert path.is_file(), spec.name
        assert name in path.read_text()
