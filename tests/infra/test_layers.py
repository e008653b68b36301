"""Layers built for Lambda: complete, for the right machine, and small enough."""

from __future__ import annotations

import re
import struct
from pathlib import Path

import pytest

from infra import code_asset
from infra.function_table import FUNCTIONS
from layers import build
from tests.infra.conftest import ARCHITECTURE

#: What a function and its layers may take unzipped, by Lambda's quota.
QUOTA_BYTES = 250 * 1024 * 1024
_ELF_MACHINES = {"arm64": 183, "x86_64": 62}
ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("spec", FUNCTIONS, ids=lambda spec: spec.name)
def test_a_function_with_its_layers_fits_into_lambda(spec, built_layers: dict[str, Path]) -> None:
    code = build.size(code_asset.stage().path)
    total = code + sum(build.size(built_layers[name]) for name in spec.layers)
    assert code > 100_000
    assert total < QUOTA_BYTES, f"{total / 2**20:.0f} MiB"


def test_every_library_is_for_the_target_machine(built_layers: dict[str, Path]) -> None:
    seen = 0
    for folder in built_layers.values():
        for path in folder.rglob("*"):
            if path.is_file():
                with path.open("rb") as file:
                    head = file.read(20)
                if head.startswith(b"\x7fELF"):
                    seen += 1
                    (machine,) = struct.unpack_from("<H", head, 18)
                    assert machine == _ELF_MACHINES[ARCHITECTURE], path
    assert seen > 50


def test_what_functions_look_for_is_where_they_look(built_layers: dict[str, Path]) -> None:
    ffmpeg = built_layers["ffmpeg"] / "bin" / "ffmpeg"
    assert ffmpeg.stat().st_mode & 0o111
    assert (built_layers["ffmpeg"] / "share/licenses/ffmpeg/COPYING.GPLv3").stat().st_size > 30_000
    assert list((built_layers["fonts"] / "fonts").glob("NotoSans_*.ttf"))
    modules = {
        "base": ["aws_lambda_powertools", "aws_xray_sdk", "pydantic", "pydantic_core"],
        "imaging": ["numpy", "cv2", "PIL"],
        "auth": ["cryptography", "joserfc"],
        "speech": ["espeakng_loader", "py3langid"],
        "inspect": ["pymediainfo"],
    }
    for layer, names in modules.items():
        for name in names:
            assert (built_layers[layer] / "python" / name / "__init__.py").exists(), name


def test_nothing_that_imports_never_touch_is_packed(built_layers: dict[str, Path]) -> None:
    for folder in built_layers.values():
        names = {path.name for path in folder.rglob("*")}
        assert not names & {"tests", "__pycache__"}, folder.name
        # The runtime has these.
        assert not {path.name for path in folder.glob("python/*")} & {
            "boto3",
            "botocore",
            "urllib3",
        }
        assert not [
            name for name in names if name.endswith((".pyi", ".pyc")) or "haarcascade" in name
        ]


def test_layers_have_the_versions_that_tests_run_with() -> None:
    pin = re.compile(r"^([a-z0-9-]+)==(\S+)", re.MULTILINE)
    development: dict[str, set[str]] = {}
    for name, version in pin.findall((ROOT / "requirements/dev.lock").read_text()):
        development.setdefault(name, set()).add(version)
    locks = [*(ROOT / "layers/python").glob("*.lock"), ROOT / "layers/ffmpeg/ffmpeg.lock"]
    assert len(locks) == 6
    for lock in locks:
        pins = pin.findall(lock.read_text())
        assert pins
        for name, version in pins:
            assert version in development[name], f"{lock.name}: {name}"


def test_lock_files_pin_hashes_and_name_no_host() -> None:
    for lock in [*(ROOT / "layers").glob("*/*.lock"), *(ROOT / "requirements").glob("*.lock")]:
        text = lock.read_text()
        assert "://" not in text, lock.name
        entries = re.split(r"\n(?=[a-z0-9])", "\n" + text)[1:]
        for entry in entries:
            assert "--hash=sha256:" in entry, f"{lock.name}: {entry.splitlines()[0]}"


def test_a_fingerprint_changes_with_recipe_and_target() -> None:
    prints = {
        layer.fingerprint(architecture)
        for layer in build.LAYERS.values()
        for architecture in build.PLATFORMS
    }
    assert len(prints) == len(build.LAYERS) * len(build.PLATFORMS)


def test_a_wheel_with_another_hash_is_refused(tmp_path: Path) -> None:
    lock = tmp_path / "typing.lock"
    lock.write_text(f"typing-inspection==0.4.5 \\\n    --hash=sha256:{'0' * 64}\n")
    with pytest.raises(build.LayerNotBuilt, match="typing-inspection"):
        build.install(lock, ARCHITECTURE, tmp_path / "target")


def test_a_layer_that_is_not_built_says_how(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(build, "OUTPUT", tmp_path)
    with pytest.raises(build.LayerNotBuilt, match=r"layers/build\.py --architecture arm64"):
        build.LAYERS["base"].built(ARCHITECTURE)
