"""COMPOSITING: a scene's layers, drawn and placed."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict

from reelstep.artifacts.keys import content_key
from reelstep.jobs.model import Phase
from reelstep.media.timeline import Layer, LayerKind
from reelstep.pipelines.context import Step
from reelstep.pipelines.generation import companions, staging
from reelstep.pipelines.generation.film import Film

VERSION = "1"


class SceneLayers(BaseModel):
    model_config = ConfigDict(frozen=True)

    layers: tuple[Layer, ...]


def run(step: Step, scenario: str, scene: int, picture: str) -> dict[str, Any]:
    """Place the layers of a scene. Output: `scene`, `layers` (key of SceneLayers as JSON)."""
    film = Film(step, scenario)
    script = film.scene(scene)
    layers = [
        Layer(
            kind=LayerKind.BACKGROUND,
            source=picture,
            motion=staging.background_motion(scene, film.seed),
        )
    ]
    layers += companions.layers(step, film, script)
    placed = SceneLayers(layers=tuple(layers))
    key = content_key(
        "layers", {"version": VERSION, "layers": placed.model_dump(mode="json")}, ".json"
    )
    step.artifacts.put_once(key, placed.model_dump_json().encode())
    step.reporter(Phase.COMPOSITING, f"scene-{scene}").report(1, last=True)
    return {"scene": scene, "layers": key}
