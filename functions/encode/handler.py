"""State Encode: the sound, and the chunks joined by copy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reelstep.pipelines.context import Step
from reelstep.pipelines.entry import step_handler
from reelstep.pipelines.generation import encode


@step_handler
def handler(step: Step, event: Mapping[str, Any]) -> dict[str, Any]:
    return encode.run(step, event["timeline"], event["chunks"])
