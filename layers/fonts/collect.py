"""Copy fonts with their licences: to .build/fonts the one weight that captions use, of each script;
to .build/studio-fonts what the studio's titles are set in."""

from __future__ import annotations

import shutil
from pathlib import Path

HERE = Path(__file__).resolve().parent
TARGET = HERE.parents[1] / ".build" / "fonts"
STUDIO_TARGET = HERE.parents[1] / ".build" / "studio-fonts"
#: English and French, with the letters of the rest of Europe.
STUDIO_SUBSETS = ("latin", "latin-ext")
STUDIO_STYLES = ("normal", "italic")


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


def collect_studio(target: Path = STUDIO_TARGET) -> list[Path]:
    """Returns the variable WOFF2 files of Fraunces, replaced whole as well."""
    package = HERE / "node_modules" / "@fontsource-variable" / "fraunces"
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    shutil.copy(package / "LICENSE", target / "fraunces-LICENSE.txt")
    return [
        Path(shutil.copy(package / "files" / f"fraunces-{subset}-wght-{style}.woff2", target))
        for subset in STUDIO_SUBSETS
        for style in STUDIO_STYLES
    ]


if __name__ == "__main__":
    collect()
    collect_studio()
