"""docs/clients-python.md: every snippet is run, in an empty folder, against the local cloud."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tests.support.local_cloud import LocalCloud

PAGE = Path(__file__).resolve().parents[2] / "docs" / "clients-python.md"
SNIPPETS = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module")
def studio(cloud: LocalCloud) -> Iterator[str]:
    """A studio's `config.json`, as publishing writes it."""
    known = cloud.description
    body = json.dumps(
        {
            "stage": "local",
            "region": known.region,
            "apiUrl": known.api_url,
            "websocketUrl": known.websocket_url,
            "userPoolId": known.user_pool_id,
            "clientId": known.client_id,
            "cognitoUrl": known.aws_endpoint_url,
            "features": ["films"],
        }
    ).encode()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/config.json" else 404)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: object) -> None:
            """Quiet."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def test_the_page_has_snippets() -> None:
    assert len(SNIPPETS) >= 6


@pytest.mark.parametrize("number", range(len(SNIPPETS)))
def test_a_snippet_does_what_it_says(
    cloud: LocalCloud, studio: str, tmp_path: Path, number: int
) -> None:
    user = cloud.description.demo_user
    code = SNIPPETS[number].replace("https://studio.example.org", studio)
    code = code.replace("me@example.org", user.email).replace("Correct-horse-1!", user.password)
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={**os.environ, "REELSTEP_HOME": str(cloud.home.folder)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout.strip(), "it prints what there is to see"
    if "fox.mp4" in code:
        assert (tmp_path / "fox.mp4").read_bytes()[4:8] == b"ftyp"
