"""State Finalize: the film is checked and published."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reelstep.pipelines.context import Step
from reelstep.pipelines.entry import step_handler
from reelstep.pipelines.generation import finalize


@step_handler
def handler(step: Step, event: Mapping[str, Any]) -> dict[str, Any]:
    return finalize.run(step, event["scenario"], event["timeline"], event["master"])
