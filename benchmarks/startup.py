"""How long each function's handler takes to import, against one that does nothing.

In processor time: an import uses one core, and the ratio is that of the clock on an idle machine.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.result import Ratio, Unavailable, alternate

ROOT = Path(__file__).parents[1]
FUNCTIONS = ROOT / "functions"
ROUNDS = 5
TARGET = 1.3
BARE = """\
import boto3
from aws_lambda_powertools import Logger, Metrics, Tracer

logger, tracer, metrics = Logger(), Tracer(), Metrics()
client = boto3.client("dynamodb", region_name="us-east-1")


def handler(event, context):
    return {}
"""


def against_bare_handler() -> list[Ratio]:
    names = sorted(path.parent.name for path in FUNCTIONS.glob("*/handler.py"))
    if not names:
        raise Unavailable("there are no functions yet")
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        (Path(folder) / "bare_handler.py").write_text(BARE)
        modules = ["bare_handler", *(f"functions.{name}.handler" for name in names)]
        _import(modules[0], folder)  # the first import compiles
        bare, *taken = alternate(
            [lambda module=module: _import(module, folder) for module in modules],  # type: ignore[misc]
            ROUNDS,
        )
    return [
        Ratio(
            case=f"import of {name}",
            ours="our handler",
            yardstick="bare Powertools + boto3",
            ours_seconds=took.cpu,
            yardstick_seconds=bare.cpu,
            target=TARGET,
        )
        for name, took in zip(names, taken, strict=True)
    ]


def _import(module: str, folder: str) -> None:
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([folder, str(ROOT)]),
        "POWERTOOLS_TRACE_DISABLED": "true",
        "POWERTOOLS_SERVICE_NAME": "bench",
        "POWERTOOLS_METRICS_NAMESPACE": "bench",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    subprocess.run([sys.executable, "-c", f"import {module}"], check=True, env=environment)
