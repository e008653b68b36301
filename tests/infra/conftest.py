"""Templates as `python app.py` writes them, synthesised once per stage."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from layers import build
from tests.support.local_cloud import snapshot

ARCHITECTURE = "arm64"


@dataclass(frozen=True)
class Synthesis:
    """What the app printed and wrote."""

    result: subprocess.CompletedProcess[str]
    assembly: Path

    @property
    def template(self) -> dict[str, Any]:
        (path,) = self.assembly.glob("*.template.json")
        template: dict[str, Any] = json.loads(path.read_text())
        return template

    def of_type(self, kind: str) -> dict[str, dict[str, Any]]:
        """Logical id → properties of the resources of a type."""
        return {
            name: resource["Properties"]
            for name, resource in self.template["Resources"].items()
            if resource["Type"] == kind
        }


Synthesise = Callable[..., Synthesis]


@pytest.fixture(scope="session")
def synthesise(tmp_path_factory: pytest.TempPathFactory, project: Path) -> Synthesise:
    """Run the app for a deploy config given as JSON, with no credentials and a bare PATH.

    The second argument is the project to run, where it is not the session's copy.
    """

    @cache
    def run(context: str, root: Path = project) -> Synthesis:
        assembly = tmp_path_factory.mktemp("assembly")
        result = subprocess.run(
            [sys.executable, "app.py"],
            cwd=root,
            env={
                "PATH": os.defpath,
                "HOME": os.environ.get("HOME", "/"),
                "CDK_OUTDIR": str(assembly),
                "CDK_CONTEXT_JSON": context,
                # Nothing here can be reached; a look-up would fail instead of waiting.
                "AWS_EC2_METADATA_DISABLED": "true",
                "HTTPS_PROXY": "http://127.0.0.1:9",
                "HTTP_PROXY": "http://127.0.0.1:9",
            },
            capture_output=True,
            text=True,
            check=False,
        )
        return Synthesis(result, assembly)

    return run


@pytest.fixture(scope="session")
def local(synthesise: Synthesise) -> Synthesis:
    return synthesise("{}")


@pytest.fixture(scope="session")
def built_layers() -> dict[str, Path]:
    """Layer name → folder. Built now if this recipe has not been built before."""
    return {name: build.build(layer, ARCHITECTURE) for name, layer in build.LAYERS.items()}


@pytest.fixture(scope="session")
def production(
    synthesise: Synthesise,
    tmp_path_factory: pytest.TempPathFactory,
    built_layers: dict[str, Path],
) -> Synthesis:
    root = snapshot(tmp_path_factory.mktemp("production"))
    target = root / build.OUTPUT.relative_to(build.ROOT)
    target.mkdir(parents=True)
    for folder in built_layers.values():
        (target / folder.name).symlink_to(folder)
    # The 270 MB stay where they are: only the template is looked at.
    return synthesise('{"stage": "prod", "aws:cdk:disable-asset-staging": true}', root)


@pytest.fixture(scope="session", params=["local", "production"])
def stage(request: pytest.FixtureRequest) -> Synthesis:
    synthesis: Synthesis = request.getfixturevalue(request.param)
    return synthesis
