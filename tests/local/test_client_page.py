"""docs/clients-python.md: every snippet is run, in an empty folder, against the local cloud."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.local_cloud import LocalCloud

PAGE = Path(__file__).resolve().parents[2] / "docs" / "clients-python.md"
SNIPPETS = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE)


def test_the_page_has_snippets() -> None:
    assert len(SNIPPETS) >= 6


@pytest.mark.parametrize("number", range(len(SNIPPETS)))
def test_a_snippet_does_what_it_says(cloud: LocalCloud, tmp_path: Path, number: int) -> None:
    user, studio = cloud.description.demo_user, cloud.description.studio_url
    assert studio
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
