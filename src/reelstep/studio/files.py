"""What is published: the files of `studio/`, its fonts, and `config.json` of one deployment.

There is no build step, so a file keeps its name from one version to the next: browsers ask whether
it has changed each time (`no-cache`, answered by the ETag), except for fonts, which do not change.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from reelstep.studio.errors import NothingToPublish, UnknownKindOfFile

CONFIG = "config.json"
#: Shown with 404 for every other name (infra/site.py).
NOT_FOUND = "not-found.txt"
FONTS = "fonts"
#: What this version of the page can show.
FEATURES = ("films",)

#: Suffix → Content-Type. A fixed table, because a machine's own knows or lacks what it pleases.
KINDS = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}
ASK_EACH_TIME = "no-cache"
KEEP_A_MONTH = "public, max-age=2592000"
#: Names of files and folders that belong to the project and not to the page.
_NOT_THE_PAGE = (".*", "node_modules", "package.json", "package-lock.json", "*.test.*", "*.md")


@dataclass(frozen=True)
class PageFile:
    """One object: `name` is its key and its address below the page's own."""

    name: str
    body: bytes

    @property
    def content_type(self) -> str:
        """Raises UnknownKindOfFile."""
        try:
            return KINDS[Path(self.name).suffix]
        except KeyError:
            raise UnknownKindOfFile(
                f"studio/{self.name}: no Content-Type is known for files like this one",
                field=self.name,
            ) from None

    @property
    def cache_control(self) -> str:
        return KEEP_A_MONTH if self.name.startswith(f"{FONTS}/") else ASK_EACH_TIME

    @property
    def md5(self) -> str:
        """What S3 gives as the ETag of an object written in one part."""
        return hashlib.md5(self.body, usedforsecurity=False).hexdigest()


def page_files(folder: Path, fonts: Path) -> list[PageFile]:
    """All files of the page in `folder` and the fonts, by name.

    Raises NothingToPublish when there is no page or no font.
    """
    files = [
        PageFile(path.relative_to(folder).as_posix(), path.read_bytes()) for path in _walk(folder)
    ]
    if not any(file.name == "index.html" for file in files):
        raise NothingToPublish(f"There is no page in {folder}")
    letters = [PageFile(f"{FONTS}/{path.name}", path.read_bytes()) for path in _walk(fonts)]
    if not letters:
        raise NothingToPublish("The studio's fonts are not there: run `make setup`")
    missing = PageFile(NOT_FOUND, b"There is nothing at this address.\n")
    return sorted([*files, *letters, missing], key=lambda file: file.name)


def _walk(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if any(fnmatchcase(path.name, pattern) for pattern in _NOT_THE_PAGE):
            continue
        if path.is_dir():
            yield from _walk(path)
        else:
            yield path


@dataclass(frozen=True)
class Addresses:
    """Where the page finds what it talks to; `config.json` has the same, in camelCase."""

    stage: str
    region: str
    api_url: str
    websocket_url: str
    user_pool_id: str
    client_id: str
    cognito_url: str

    @classmethod
    def of_stack(cls, outputs: Mapping[str, str]) -> Addresses:
        """From the outputs of a stack. Raises NothingToPublish naming what is not among them."""
        names = {
            "stage": "Stage",
            "region": "Region",
            "api_url": "ApiUrl",
            "websocket_url": "WebSocketUrl",
            "user_pool_id": "UserPoolId",
            "client_id": "ClientId",
            "cognito_url": "SignInUrl",
        }
        lacking = sorted(set(names.values()) - set(outputs))
        if lacking:
            raise NothingToPublish(f"The stack has no output {', '.join(lacking)}: deploy it first")
        return cls(**{name: outputs[output] for name, output in names.items()})

    def config(self) -> PageFile:
        """The page's `config.json`."""
        document = {
            "stage": self.stage,
            "region": self.region,
            "apiUrl": self.api_url.rstrip("/"),
            "websocketUrl": self.websocket_url.rstrip("/"),
            "userPoolId": self.user_pool_id,
            "clientId": self.client_id,
            "cognitoUrl": self.cognito_url.rstrip("/") + "/",
            "features": list(FEATURES),
        }
        return PageFile(CONFIG, json.dumps(document, indent=1).encode() + b"\n")
