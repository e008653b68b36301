"""The CDK app: `cdk deploy` runs it, and `python app.py` alone writes the templates to cdk.out."""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent


def _prepare() -> None:
    """Let jsii find the virtual environment's Node, whatever the caller's PATH is."""
    os.environ["PATH"] = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    os.environ.setdefault("JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION", "1")
    # functions and infra sit beside this file; the library may or may not be installed.
    sys.path[:0] = [str(ROOT), str(ROOT / "src")]


def main() -> int:
    """Synthesise. Returns 1 after naming what is wrong with the deploy config."""
    _prepare()
    import aws_cdk as cdk

    from infra import nag
    from infra.config import DeployConfig
    from infra.stack import ReelstepStack
    from layers.build import LayerNotBuilt
    from reelstep.platform.errors import InvalidSettings

    app = cdk.App(outdir=os.environ.get("CDK_OUTDIR", "cdk.out"), analytics_reporting=False)
    try:
        config = DeployConfig.from_context(app.node.get_all_context())
        ReelstepStack(app, config)
    except (InvalidSettings, LayerNotBuilt) as error:
        print(error, file=sys.stderr)
        return 1
    nag.attach(app)
    app.synth()
    return 0


if __name__ == "__main__":
    sys.exit(main())
