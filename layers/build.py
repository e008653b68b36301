"""Build the Lambda layers for a target machine from pinned, hash-checked wheels, without Docker.

    python layers/build.py [--architecture arm64|x86_64] [layer …]

Each layer lands in .build/layers/<name>-<architecture>-<hash of its recipe>/, so that a second
call is free. uv downloads the wheels of the target platform (`--only-binary :all:`), checks their
hashes against the lock file, and nothing of the building machine gets in.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
OUTPUT = ROOT / ".build" / "layers"
PYTHON = "3.13"
#: Architecture of Lambda → platform of uv. The runtime is Amazon Linux 2023 with glibc 2.34.
PLATFORMS = {"arm64": "aarch64-manylinux_2_28", "x86_64": "x86_64-manylinux_2_28"}

#: What imports never need: tests, type stubs, caches, and OpenCV's face detectors.
PRUNED = ("**/tests", "**/__pycache__", "**/*.pyi", "**/*.pyc", "**/*.a", "cv2/data/*.xml", "bin")


class LayerNotBuilt(Exception):
    """A layer is not there; the message has the command that builds it, or why that failed."""


@dataclass(frozen=True)
class Layer:
    """A recipe. `sources` are the files whose content decides the result."""

    name: str
    description: str
    licence: str
    sources: tuple[str, ...]
    make: Callable[[Path, str, Path], None]

    def fingerprint(self, architecture: str) -> str:
        """SHA-256 over the recipe, this file and the target."""
        digest = hashlib.sha256(f"{self.name}\0{architecture}\0{PYTHON}".encode())
        for source in (*self.sources, "build.py"):
            digest.update(b"\0" + (HERE / source).read_bytes())
        return digest.hexdigest()

    def folder(self, architecture: str) -> Path:
        """Where the layer is, or would be."""
        return OUTPUT / f"{self.name}-{architecture}-{self.fingerprint(architecture)[:16]}"

    def built(self, architecture: str) -> Path:
        """The finished layer. Raises LayerNotBuilt."""
        folder = self.folder(architecture)
        if not folder.is_dir():
            raise LayerNotBuilt(
                f"layer {self.name} for {architecture} is not built: run "
                f"python layers/build.py --architecture {architecture}"
            )
        return folder

    def recipe(self, architecture: str) -> Path:
        """A folder that holds only the text the layer is made from (docs/decisions/0002)."""
        folder = self.folder(architecture).with_suffix(".recipe")
        if not folder.is_dir():
            with _whole(folder) as partial:
                for source in self.sources:
                    shutil.copyfile(HERE / source, partial / Path(source).name)
        return folder


def _wheels(lock: str) -> Callable[[Path, str, Path], None]:
    """Install a lock file's wheels where Python on Lambda looks for them."""

    def make(here: Path, architecture: str, target: Path) -> None:
        install(here / lock, architecture, target / "python")
        prune(target / "python")

    return make


def _ffmpeg(here: Path, architecture: str, target: Path) -> None:
    """The static binary out of imageio-ffmpeg's wheel, with its licence, as /opt/bin/ffmpeg."""
    with tempfile.TemporaryDirectory() as scratch:
        install(here / "ffmpeg/ffmpeg.lock", architecture, Path(scratch))
        (binary,) = Path(scratch).glob("imageio_ffmpeg/binaries/ffmpeg-linux-*")
        (target / "bin").mkdir(parents=True)
        shutil.copy(binary, target / "bin" / "ffmpeg")
    (target / "bin" / "ffmpeg").chmod(0o755)
    licences = target / "share" / "licenses" / "ffmpeg"
    licences.mkdir(parents=True)
    for name in ("COPYING.GPLv3", "NOTICE.md"):
        shutil.copyfile(here / "ffmpeg" / name, licences / name)


def _fonts(here: Path, architecture: str, target: Path) -> None:
    """The caption fonts that `make setup` collected, with their licences, as /opt/fonts."""
    shutil.copytree(ROOT / ".build" / "fonts", target / "fonts")


def install(lock: Path, architecture: str, target: Path) -> None:
    """Raises LayerNotBuilt when a wheel is missing or its hash differs."""
    uv = Path(sys.executable).parent / "uv"
    result = subprocess.run(
        [
            str(uv if uv.exists() else "uv"),
            "pip",
            "install",
            "--quiet",
            "--no-deps",
            "--require-hashes",
            "--only-binary=:all:",
            f"--python-version={PYTHON}",
            f"--python-platform={PLATFORMS[architecture]}",
            f"--target={target}",
            f"--requirement={lock}",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode:
        raise LayerNotBuilt(f"{lock.name} for {architecture}: {result.stderr.strip()}")


def prune(folder: Path) -> None:
    """Remove what no import touches."""
    for pattern in PRUNED:
        for path in list(folder.glob(pattern)):
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)


def size(folder: Path) -> int:
    """Bytes of all files, as Lambda counts a layer unzipped."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


@contextmanager
def _whole(folder: Path) -> Iterator[Path]:
    """A scratch folder that becomes `folder` in one step, when the block succeeds."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    partial = Path(tempfile.mkdtemp(prefix=".partial-", dir=folder.parent))
    try:
        yield partial
        # mkdtemp makes it private; a layer must be readable by whoever runs the function.
        partial.chmod(0o755)
        os.replace(partial, folder)
    except OSError:
        if not folder.is_dir():  # else the twin was faster; its content is the same
            raise
    finally:
        shutil.rmtree(partial, ignore_errors=True)


LAYERS = {
    layer.name: layer
    for layer in (
        Layer(
            "base",
            "Powertools, X-Ray SDK and pydantic",
            "MIT-0 AND Apache-2.0 AND MIT",
            ("python/base.lock",),
            _wheels("python/base.lock"),
        ),
        Layer(
            "imaging",
            "numpy, OpenCV and Pillow",
            "BSD-3-Clause AND Apache-2.0 AND MIT-CMU",
            ("python/imaging.lock",),
            _wheels("python/imaging.lock"),
        ),
        Layer(
            "auth",
            "joserfc and cryptography",
            "BSD-3-Clause AND (Apache-2.0 OR BSD-3-Clause) AND MIT",
            ("python/auth.lock",),
            _wheels("python/auth.lock"),
        ),
        Layer(
            "speech",
            "espeak-ng with its voices, language identification",
            "GPL-3.0-or-later AND BSD-3-Clause",
            ("python/speech.lock",),
            _wheels("python/speech.lock"),
        ),
        Layer(
            "inspect",
            "MediaInfo",
            "MIT AND BSD-2-Clause",
            ("python/inspect.lock",),
            _wheels("python/inspect.lock"),
        ),
        Layer(
            "ffmpeg",
            "Static ffmpeg 7.0.2 in /opt/bin",
            "GPL-3.0-or-later",
            ("ffmpeg/ffmpeg.lock", "ffmpeg/COPYING.GPLv3", "ffmpeg/NOTICE.md"),
            _ffmpeg,
        ),
        Layer(
            "fonts",
            "Noto fonts for captions in /opt/fonts",
            "OFL-1.1",
            ("fonts/package-lock.json", "fonts/collect.py"),
            _fonts,
        ),
    )
}


def build(layer: Layer, architecture: str) -> Path:
    """The layer's folder, built now unless it is there."""
    folder = layer.folder(architecture)
    if not folder.is_dir():
        with _whole(folder) as partial:
            layer.make(HERE, architecture, partial)
        for outdated in folder.parent.glob(f"{layer.name}-{architecture}-*"):
            if outdated.stem != folder.name:
                shutil.rmtree(outdated, ignore_errors=True)
    return folder


def main() -> None:
    """Build the layers that are named, or all of them, and print their sizes."""
    parser = argparse.ArgumentParser(description="Build the Lambda layers.")
    parser.add_argument("layers", nargs="*", choices=[[], *LAYERS], metavar="layer")
    parser.add_argument("--architecture", choices=sorted(PLATFORMS), default="arm64")
    arguments = parser.parse_args()
    for name in arguments.layers or LAYERS:
        folder = build(LAYERS[name], arguments.architecture)
        print(f"{name:8} {size(folder) / 1e6:6.1f} MB  {folder.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
