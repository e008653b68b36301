"""State ComposeScene: a scene's layers, drawn and placed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reelstep.pipelines.context import Step
from reelstep.pipelines.entry import step_handler
from reelstep.pipelines.generation import compose


@step_handler
def handler(step: Step, event: Mapping[str, Any]) -> dict[str, Any]:
    return compose.run(step, event["scenario"], event["scene"], event["picture"])
