"""Snapshots are whole or not there."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from reelstep.local.checkpoint import Checkpoints, encode_as_ministack, is_from_newer


def _encode(_service: str, state: Any) -> str:
    return json.dumps(state)


def _save(checkpoints: Checkpoints, **states: Any) -> bool:
    return checkpoints.save({name: lambda s=state: s for name, state in states.items()}, _encode)


def _restored(checkpoints: Checkpoints, target: Path) -> dict[str, Any]:
    checkpoints.restore(target)
    return {path.stem: json.loads(path.read_text()) for path in target.glob("*.json")}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "checkpoints"
    folder.mkdir()
    return folder


def test_what_was_saved_comes_back(folder: Path, tmp_path: Path) -> None:
    assert Checkpoints(folder).restore(tmp_path / "state") is False
    assert _save(Checkpoints(folder), s3={"films": 1}, sqs={"queues": {}, "tags": []})
    # A service that holds nothing has no file, and is not loaded at the next start.
    assert _restored(Checkpoints(folder), tmp_path / "state") == {"s3": {"films": 1}}


def test_nothing_new_writes_nothing(folder: Path) -> None:
    checkpoints = Checkpoints(folder)
    assert _save(checkpoints, s3={"films": 1})
    before = sorted(folder.rglob("*"))
    assert _save(checkpoints, s3={"films": 1}) is False
    assert sorted(folder.rglob("*")) == before
    assert _save(checkpoints, s3={"films": 2})


def test_what_a_restart_has_loaded_is_not_written_again(folder: Path, tmp_path: Path) -> None:
    _save(Checkpoints(folder), s3={"films": 1})
    again = Checkpoints(folder)
    again.restore(tmp_path / "state")
    assert _save(again, s3={"films": 1}) is False


def test_the_newest_replaces_those_before(folder: Path, tmp_path: Path) -> None:
    checkpoints = Checkpoints(folder)
    for number in range(4):
        _save(checkpoints, s3={"films": number}, sqs={"same": True})
    assert len([path for path in folder.iterdir() if path.is_dir()]) == 1
    assert _restored(checkpoints, tmp_path / "state") == {"s3": {"films": 3}, "sqs": {"same": True}}


def test_a_crash_while_writing_leaves_the_one_before(folder: Path, tmp_path: Path) -> None:
    checkpoints = Checkpoints(folder)
    _save(checkpoints, s3={"films": 1}, sqs={"messages": 1})

    def crash(service: str, state: Any) -> str:
        if service == "sqs":
            raise KeyboardInterrupt
        return _encode(service, state)

    with pytest.raises(KeyboardInterrupt):
        checkpoints.save({"s3": lambda: {"films": 2}, "sqs": lambda: {"messages": 2}}, crash)
    # What a crash between two files would leave: a folder that nothing points to.
    half = folder / "00000002"
    half.mkdir(exist_ok=True)
    (half / "s3.json").write_text('{"films": 2}')
    again = Checkpoints(folder)
    assert _restored(again, tmp_path / "a") == {"s3": {"films": 1}, "sqs": {"messages": 1}}
    assert _save(again, s3={"films": 3})
    assert _restored(again, tmp_path / "b") == {"s3": {"films": 3}}


def test_a_restore_forgets_files_of_before_and_keeps_blobs(folder: Path, tmp_path: Path) -> None:
    state = tmp_path / "state"
    (state / "lambda-blobs").mkdir(parents=True)
    (state / "lambda-blobs" / "code").write_text("zip")
    (state / "sns.json").write_text("{}")
    (state / "s3.json.tmp").write_text("{")
    _save(Checkpoints(folder), s3={"films": 1})
    assert set(_restored(Checkpoints(folder), state)) == {"s3"}
    assert (state / "lambda-blobs" / "code").exists()
    assert not (state / "s3.json.tmp").exists()


def test_a_state_that_grows_while_it_is_copied_is_copied_again(
    folder: Path, tmp_path: Path
) -> None:
    calls = iter([RuntimeError("dictionary changed size during iteration"), {"films": 1}])

    def state() -> Any:
        value = next(calls)
        if isinstance(value, Exception):
            raise value
        return value

    assert Checkpoints(folder).save({"s3": state}, _encode)
    assert _restored(Checkpoints(folder), tmp_path / "state") == {"s3": {"films": 1}}


def test_a_pointer_to_nothing_is_no_checkpoint(folder: Path, tmp_path: Path) -> None:
    _save(Checkpoints(folder), s3={"films": 1})
    shutil.rmtree(folder / "00000001")
    assert Checkpoints(folder).restore(tmp_path / "state") is False


def test_a_file_of_a_newer_emulator_is_recognised(tmp_path: Path) -> None:
    path = tmp_path / "dynamodb.json"
    path.write_text(encode_as_ministack("dynamodb", {"tables": {}}))
    assert is_from_newer(path) is False
    written = json.loads(path.read_text())
    written["__ministack_format__"] += 1
    path.write_text(json.dumps(written))
    assert is_from_newer(path) is True
