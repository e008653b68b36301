"""Names from prompts, and places that cannot take a film."""

from __future__ import annotations

from pathlib import Path

import pytest

from reelstep.cli.errors import WrongUsage
from reelstep.cli.places import check_place, slug


@pytest.mark.parametrize(
    ("prompt", "name"),
    [
        ("A robot learns to dance!", "a-robot-learns-to-dance"),
        ("Un été à la plage, déjà", "un-ete-a-la-plage-deja"),
        ("ثعلب يعد النجوم", "ثعلب-يعد-النجوم"),
        ("星を数える狐", "星を数える狐"),
        ("../../etc/passwd; rm -rf *", "etc-passwd-rm-rf"),
        ("🎈🎈", "film"),
        ("con" * 40, ("con" * 40)[:48]),
        ("letters " * 6, "letters-letters-letters-letters-letters-letters"),
        ("letters " * 9, "letters-letters-letters-letters-letters-letters"),
    ],
)  # fmt: skip
def test_a_prompt_becomes_a_file_name(prompt: str, name: str) -> None:
    assert slug(prompt) == name


def test_places_that_cannot_take_a_film(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    for out in (tmp_path, tmp_path / "file" / "film.mp4", tmp_path / "file"):
        with pytest.raises(WrongUsage) as refused:
            check_place(out, force=False)
        assert refused.value.fields[0][0] == "--out"
