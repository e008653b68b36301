"""Strangers are called by one module; everything else that is deployed talks to AWS."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
CALLERS = {"http.client", "httpx", "requests", "socket", "ssl", "urllib.request", "urllib3"}
THE_ONE = ROOT / "src/reelstep/platform/egress.py"
# The keys of our own user pool, from its issuer: no address that a user gave.
OWN_POOL = ROOT / "src/reelstep/accounts/id_tokens.py"
# Not deployed: these talk to the API and to the local cloud, which their user has chosen.
ELSEWHERE = {"local", "cli", "client"}
DEPLOYED = [
    path
    for folder in ("src/reelstep", "functions", "containers")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if not ELSEWHERE & set(path.relative_to(ROOT).parts)
]


@pytest.mark.parametrize("path", DEPLOYED, ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_else_opens_connections(path: Path) -> None:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)}
    assert path in (THE_ONE, OWN_POOL) or not names & CALLERS
