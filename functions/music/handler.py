"""State Music: the music of the whole film."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reelstep.pipelines.context import Step
from reelstep.pipelines.entry import step_handler
from reelstep.pipelines.generation import music


@step_handler
def handler(step: Step, event: Mapping[str, Any]) -> dict[str, Any]:
    return music.run(step)
