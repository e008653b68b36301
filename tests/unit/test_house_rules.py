"""The rules of the house, read from the files: who may import whom, how long a file may be."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SRC = ROOT / "src" / "reelstep"

# Package → packages of reelstep that it may import, besides itself. Data walks one way.
MAY_IMPORT: dict[str, set[str]] = {
    "platform": set(),
    "artifacts": {"platform"},
    "events": {"platform"},
    "wallet": {"platform"},
    "accounts": {"platform"},
    "jobs": {"platform", "artifacts", "events", "wallet", "accounts"},
    "media": {"platform.errors"},
    "providers": {"platform"},
    "pipelines": {
        *("platform", "artifacts", "events", "wallet", "accounts"),
        *("jobs", "media", "providers"),
    },
    # What others install beside their own code stands alone.
    "client": set(),
    "studio": {"platform"},
    # The accounts that a local cloud starts with have tokens.
    "local": {"platform", "wallet", "studio"},
    "cli": {"platform", "local", "media", "studio", "client"},
}
PURE_OF_AWS = ("media", "providers", "client")
LAPTOP = (
    *("reelstep.local", "reelstep.cli", "reelstep.client", "reelstep.studio"),
    *("infra", "tests"),
)
TEXT = {".py", ".md", ".json", ".toml", ".lock", ".yml", ""}
LONGEST_FILE, LONGEST_HANDLER = 400, 60


def python_files(*folders: str) -> list[Path]:
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


def imported(path: Path) -> set[str]:
    """Full names of all that a file imports, wherever in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are written out in full"
            names.add(node.module or "")
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def package_of(path: Path) -> str:
    return path.relative_to(SRC).parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", python_files("src"), ids=lambda path: str(path.relative_to(SRC)))
def test_imports_go_one_way(path: Path) -> None:
    package = package_of(path)
    if package == "__init__":
        return
    allowed = {f"reelstep.{name}" for name in MAY_IMPORT[package] | {package, "__version__"}}
    for name in imported(path):
        if name.startswith("reelstep."):
            assert any(name == a or name.startswith(a + ".") for a in allowed), f"imports {name}"
        assert not name.startswith(("infra", "functions", "tests")), f"imports {name}"
        if package in PURE_OF_AWS:
            assert not name.startswith(("boto3", "botocore")), "talks to AWS"


@pytest.mark.parametrize("path", python_files("functions"), ids=lambda p: str(p.relative_to(ROOT)))
def test_deployed_functions_never_import_what_stays_on_a_laptop(path: Path) -> None:
    for name in imported(path):
        assert not name.startswith(LAPTOP)


def test_the_client_knows_no_terminal() -> None:
    for path in python_files("src/reelstep/client"):
        for name in imported(path):
            assert not name.startswith(("typer", "click", "rich")), f"{path.name} imports {name}"


def test_infra_shares_only_the_names_of_settings() -> None:
    for path in python_files("infra"):
        for name in imported(path):
            if name.startswith("reelstep."):
                assert name.startswith("reelstep.platform"), f"{path.name} imports {name}"


def test_files_and_handlers_stay_short() -> None:
    folders = ("src", "functions", "infra", "layers", "benchmarks", "tests")
    for path in python_files(*folders):
        lines = len(path.read_text(encoding="utf-8").splitlines())
        most = LONGEST_HANDLER if path.name == "handler.py" else LONGEST_FILE
        assert lines <= most, f"{path.relative_to(ROOT)} has {lines} lines"


def test_every_package_says_what_it_is() -> None:
    for path in SRC.rglob("__init__.py"):
        assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))), path


def test_locks_name_versions_and_hashes_and_no_host() -> None:
    for lock in [*ROOT.glob("requirements/*.lock"), *ROOT.glob("layers/**/*.lock")]:
        if "node_modules" in lock.parts:
            continue
        text = lock.read_text(encoding="utf-8")
        assert "--hash=sha256:" in text, lock
        assert not re.search(r"https?://|--index-url|--extra-index", text), lock
    for folder in ("layers/fonts", "tests/browser"):
        npm = json.loads((ROOT / folder / "package-lock.json").read_text(encoding="utf-8"))
        for name, package in npm["packages"].items():
            assert "resolved" not in package, name
            assert not name or package["integrity"].startswith("sha512-"), name


def test_no_file_names_the_machine_it_was_written_on() -> None:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    place = re.compile(r"(?<![\w.])/(?:home|root|Users|work)/\w")
    for name in listed.stdout.splitlines():
        path = ROOT / name
        if (
            path.suffix in {".py", ".md", ".json", ".toml", ".lock", ".yml"}
            or path.name == "Makefile"
        ):
            if path == Path(__file__):
                continue
            found = place.search(path.read_text(encoding="utf-8"))
            assert not found, f"{name}: {found and found.group()}"


# Loaded when first used: a cold start that does not need them does not pay for them.
HEAVY = (
    *("cv2", "joserfc", "numpy", "PIL", "py3langid"),
    "aws_lambda_powertools.event_handler.openapi.models",
    "aws_lambda_powertools.utilities.idempotency",
)


@pytest.mark.parametrize(
    "function", sorted(p.parent.name for p in ROOT.glob("functions/*/handler.py"))
)
def test_a_handler_starts_without_what_only_some_calls_need(function: str) -> None:
    code = (
        f"import sys, functions.{function}.handler; "
        f"print(*[name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == []
