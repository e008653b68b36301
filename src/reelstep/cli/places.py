"""Where a film goes: a name from its prompt, and whether it can be written there."""

from __future__ import annotations

import os
import re
import unicodedata
from pathlib import Path

from reelstep.cli.errors import WrongUsage

SLUG_LETTERS = 48


def slug(prompt: str) -> str:
    """A file name without its extension, from a prompt: lower case, words joined by dashes.

    Latin letters lose their accents; other scripts are kept as they are.
    """
    plain = "".join(
        letter
        for letter in unicodedata.normalize("NFKD", prompt)
        if not ("\u0300" <= letter <= "\u036f")
    )
    words = re.findall(r"[^\W_]+", unicodedata.normalize("NFC", plain).lower())
    name = ""
    for word in words:
        longer = f"{name}-{word}" if name else word[:SLUG_LETTERS]
        if len(longer) > SLUG_LETTERS:
            break
        name = longer
    return name or "film"


def check_place(out: Path, *, force: bool) -> None:
    """Refuse a place that cannot take the film, before anything is spent on making it.

    Raises:
        WrongUsage: it exists (without `force`), is a directory, or its directory cannot be made.
    """
    if out.is_dir():
        raise _wrong_place(f"{out} is a directory.", "Name the file too, such as film.mp4.")
    if out.exists() and not force:
        raise _wrong_place(f"{out} exists.", "Choose another name, or add --force to replace it.")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _wrong_place(f"{out.parent}: {error.strerror}.", "Choose another place.") from error
    if not os.access(out.parent, os.W_OK):
        raise _wrong_place(f"{out.parent} is not writable.", "Choose another place.")


def _wrong_place(detail: str, hint: str) -> WrongUsage:
    return WrongUsage(
        "The film cannot go there", detail, hint=hint, fields=[("--out", detail.rstrip("."))]
    )
