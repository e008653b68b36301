"""State Timeline: what is seen and heard in every frame, and the plan of chunks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reelstep.pipelines.context import Step
from reelstep.pipelines.entry import step_handler
from reelstep.pipelines.generation import timeline


@step_handler
def handler(step: Step, event: Mapping[str, Any]) -> dict[str, Any]:
    return timeline.run(step, event["scenario"], event["layers"], event["voices"], event["music"])
