"""espeak-ng stays whole over many calls in one warm process."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

MANY_CALLS = """
from reelstep.providers.offline.espeak_binding import synthesise
lines = {
    "fr": "Regarde les ballons colorés qui dansent au-dessus des fleurs, et le gâteau !",
    "en": "The fox counts the stars, one by one, and never gets to the end.",
    "de": "Der kleine Bär reist über die Berge, und die Berge schauen zu.",
}
for _ in range(12):
    for language, text in lines.items():
        synthesise(text, f"{language}+reelstep-f", rate=155, pitch=50, pitch_range=60)
"""


@pytest.mark.parametrize("fill", ["50", "150", "200", "250"])
def test_starting_afresh_leaves_no_pointer_to_freed_phonemes(fill: str) -> None:
    """A second espeak_Initialize without espeak_Terminate killed one worker in two: the last
    voice still pointed to phonemes that had been freed. glibc fills freed memory on request, so
    that such a pointer is noticed."""
    done = subprocess.run(
        [sys.executable, "-c", MANY_CALLS],
        env={**os.environ, "MALLOC_PERTURB_": fill},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
