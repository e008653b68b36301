"""The studio's modules under Node.js, the one that the project installs: no browser, no network."""

from __future__ import annotations

import json
import secrets
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.studio.support.cognito_srp import N, random_server

HERE = Path(__file__).parent
NODE = Path(sys.executable).parent / "node"
TIMESTAMP = "Sat Nov 7 09:05:03 UTC 2026"


@pytest.mark.parametrize("path", sorted(HERE.glob("*.test.mjs")), ids=lambda path: path.name)
def test_modules(path: Path) -> None:
    done = subprocess.run(
        [NODE, "--test", "--test-reporter=tap", path],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    # An empty file passes, too.
    assert "\n# pass 0\n" not in done.stdout


def test_there_are_tests_of_the_modules() -> None:
    assert len(list(HERE.glob("*.test.mjs"))) > 5


def test_srp_convinces_a_server_that_was_written_apart() -> None:
    passwords = ["Correct-horse1!", "é€😀 Passw0rd-", "a" * 256, " lead and trail "]
    servers = [random_server(password) for password in passwords * 4]
    challenges = [
        {
            "poolId": server.pool_id,
            "userId": server.user_id,
            "password": server.password,
            "salt": server.salt,
            "serverPublic": f"{server.public:x}",
            "secretBlock": server.secret_block,
            "timestamp": TIMESTAMP,
            "random": secrets.token_hex(128),
        }
        for server in servers
    ]
    # A wrong password is the same but for its last letter.
    challenges.append({**challenges[0], "password": passwords[0] + "x"})
    done = subprocess.run(
        [NODE, HERE / "support" / "srp_answers.mjs"],
        input=json.dumps(challenges),
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    answers = json.loads(done.stdout)
    for server, answer in zip(servers, answers, strict=False):
        public = int(answer["public"], 16)
        assert 1 < public < N
        assert answer["signature"] == server.expects(public, TIMESTAMP)
    wrong = answers[-1]
    assert wrong["signature"] != servers[0].expects(int(wrong["public"], 16), TIMESTAMP)
