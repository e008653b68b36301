"""What decides whether the local cloud is deployed again, and what is uploaded."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import pytest

from reelstep.local import deploy, users
from reelstep.local.paths import Home, home


def _project(root: Path) -> Path:
    for name in ("app.py", "infra/stack.py", "functions/api/handler.py", "src/reelstep/jobs.py"):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return root


def test_a_fingerprint_follows_what_is_deployed(tmp_path: Path) -> None:
    root = _project(tmp_path)
    before = deploy.fingerprint({"stage": "local"}, root)
    for name in ("src/reelstep/cli/main.py", "src/reelstep/__pycache__/x.pyc", "docs/a.md"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("not deployed")
    os.utime(root / "app.py", (0, 0))
    assert deploy.fingerprint({"stage": "local"}, root) == before
    assert deploy.fingerprint({"stage": "local", "render_concurrency": 3}, root) != before
    (root / "functions/api/handler.py").write_text("changed")
    assert deploy.fingerprint({"stage": "local"}, root) != before


def test_a_zip_depends_on_content_only(tmp_path: Path) -> None:
    for name in ("a", "b"):
        _project(tmp_path / name)
    (tmp_path / "b/app.py").touch()
    os.utime(tmp_path / "b/app.py", (1_000_000, 1_000_000))
    first, second = (deploy.zipped(tmp_path / name) for name in ("a", "b"))
    assert first == second
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert "functions/api/handler.py" in archive.namelist()


def test_an_executable_stays_one(tmp_path: Path) -> None:
    (tmp_path / "ffmpeg").write_text("#!/bin/sh")
    (tmp_path / "ffmpeg").chmod(0o755)
    with zipfile.ZipFile(io.BytesIO(deploy.zipped(tmp_path))) as archive:
        assert archive.getinfo("ffmpeg").external_attr >> 16 & 0o111


@pytest.mark.parametrize("_try", range(20))
def test_a_password_meets_the_policy_and_is_never_the_same(_try: int) -> None:
    password = users.new_password()
    assert len(password) == 24
    assert any(c.islower() for c in password)
    assert any(c.isupper() for c in password)
    assert any(c.isdigit() for c in password)
    assert any(not c.isalnum() for c in password)
    assert password != users.new_password()


def test_the_folder_is_the_environments_or_the_checkouts(tmp_path: Path) -> None:
    assert home({"REELSTEP_HOME": str(tmp_path)}) == tmp_path
    assert home({}).name == ".reelstep"
    assert (home({}).parent / "app.py").exists()


def test_only_its_owner_can_look_into_the_folder(tmp_path: Path) -> None:
    at = Home(tmp_path / "home")
    at.make()
    assert at.folder.stat().st_mode & 0o077 == 0
    assert at.checkpoints.stat().st_mode & 0o077 == 0
