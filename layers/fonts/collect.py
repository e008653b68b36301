"""Copy the one weight that captions use, of each script, to .build/fonts with its licence."""

from __future__ import annotations

import shutil
from pathlib import Path

HERE = Path(__file__).resolve().parent
TARGET = HERE.parents[1] / ".build" / "fonts"


def collect(target: Path = TARGET) -> list[Path]:
    """Returns the TTF files, replaced whole so that a removed script does not linger."""
    packages = sorted((HERE / "node_modules" / "@expo-google-fonts").iterdir())
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    fonts = []
    for package in packages:
        for font in sorted((package / "700Bold").glob("*.ttf")):
            fonts.append(Path(shutil.copy(font, target / font.name)))
        shutil.copy(package / "LICENSE_FONT", target / f"{package.name}-LICENSE.txt")
    return fonts


if __name__ == "__main__":
    collect()
