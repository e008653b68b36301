"""The doctor finds what is broken and says what to do."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from reelstep.local import doctor, machine
from reelstep.local.doctor import Check


def _checks(folder: Path, **environment: str) -> dict[str, Check]:
    found = doctor.run_checks(folder, {**os.environ, **environment})
    return {check.name: check for check in found}


def test_a_machine_that_is_set_up_has_nothing_to_fix(tmp_path: Path) -> None:
    checks = _checks(tmp_path, REELSTEP_PORT="")
    # The port is the one thing here that belongs to whoever came first.
    broken = {name for name, check in checks.items() if not check.ok} - {"Port"}
    assert broken == set()
    assert all(check.fix == "" for check in checks.values() if check.ok)
    assert {"Python", "ffmpeg", "Caption fonts", "Disk space", "Memory", "State"} <= set(checks)


def test_an_ffmpeg_that_does_not_run(tmp_path: Path) -> None:
    check = _checks(tmp_path, REELSTEP_FFMPEG="/bin/false")["ffmpeg"]
    assert not check.ok
    assert "/bin/false" in check.found
    assert "make setup" in check.fix


def test_no_fonts(tmp_path: Path) -> None:
    check = _checks(tmp_path, REELSTEP_FONTS_DIR=str(tmp_path))["Caption fonts"]
    assert not check.ok
    assert str(tmp_path) in check.found


@pytest.mark.parametrize("port", ["eighty", "0", "70000"])
def test_a_port_that_is_none(tmp_path: Path, port: str) -> None:
    check = _checks(tmp_path, REELSTEP_PORT=port)["Port"]
    assert not check.ok
    assert port in check.found
    assert "REELSTEP_PORT" in check.fix


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    check = _checks(tmp_path / "file" / "home")["Folder"]
    assert not check.ok
    assert "REELSTEP_HOME" in check.fix


def test_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "free_disk_bytes", lambda _folder: 100_000_000)
    check = _checks(tmp_path)["Disk space"]
    assert not check.ok
    assert check.found == "0.1 GB free"
    assert "--wipe" in check.fix


def test_a_state_of_a_newer_version(tmp_path: Path) -> None:
    folder = tmp_path / "checkpoints" / "00000001"
    folder.mkdir(parents=True)
    (folder.parent / "current").write_text(folder.name)
    (folder / "cognito.json").write_text('{"__ministack_format__": 99, "payload": {}}')
    check = _checks(tmp_path)["State"]
    assert not check.ok
    assert "cognito" in check.found
