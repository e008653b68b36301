"""Show an address to a person: in a browser where there is one, on stdout where not."""

from __future__ import annotations

import os
import sys

from rich.text import Text

from reelstep.cli.terminal import Terminal


def open_address(url: str, *, url_only: bool) -> None:
    if url_only or not _has_display() or not _browse(url):
        # Through stdout itself: an address that Rich wrapped could not be clicked or copied.
        sys.stdout.write(url + "\n")
        return
    Terminal().say(Text("Opened in your browser.", "soft"))


def _has_display() -> bool:
    if sys.platform in ("darwin", "win32"):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"))


def _browse(url: str) -> bool:
    import webbrowser

    try:
        return webbrowser.open(url)
    except webbrowser.Error:
        return False
