"""COMPOSITING: a scene's layers, drawn and placed."""

from __future__ import annotations

import struct
from typing import Any

from pydantic import BaseModel, ConfigDict

from reelstep.artifacts.keys import content_key
from reelstep.jobs.model import Phase
from reelstep.media.timeline import Layer, LayerKind
from reelstep.pipelines.context import Step
from reelstep.pipelines.generation import staging
from reelstep.pipelines.generation.film import Film
from reelstep.platform.errors import MediaUnreadable
from reelstep.providers.base import CompanionRequest, SceneScript, Side

VERSION = "1"
_PNG = b"\x89PNG\r\n\x1a\n"
# One gesture a scene, so that the character is alive: a greeting first, then by mood.
_POSES = ("wave", "present", "idle", "cheer")


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
    if film.request.companion_id:
        layers.append(_companion(step, film, script, film.request.companion_id))
    placed = SceneLayers(layers=tuple(layers))
    key = content_key(
        "layers", {"version": VERSION, "layers": placed.model_dump(mode="json")}, ".json"
    )
    step.artifacts.put_once(key, placed.model_dump_json().encode())
    step.reporter(Phase.COMPOSITING, f"scene-{scene}").report(1, last=True)
    return {"scene": scene, "layers": key}


def _companion(step: Step, film: Film, script: SceneScript, companion_id: str) -> Layer:
    provider = step.providers.companion
    # Drawn for the largest it becomes, so that it is never enlarged.
    tallest = staging.companion_height(script.camera_angle) * staging.COMPANION_GROWTH
    wishes = CompanionRequest(
        companion_id=companion_id,
        visual_style=film.request.visual_style,
        lighting=script.lighting,
        mood=script.mood,
        pose=_POSES[(script.number - 1) % len(_POSES)],
        facing=Side.RIGHT if staging.companion_side(script.number) is Side.LEFT else Side.LEFT,
        height=round(film.profile.height * tallest),
    )
    key = content_key(
        "companion",
        {"provider": [provider.name, provider.version], "request": wishes.model_dump(mode="json")},
        ".png",
    )
    step.artifacts.make_once(key, lambda: provider.draw_companion(wishes))
    width, height = png_size(step.artifacts.read(key))
    motion = staging.companion_motion(
        script.number,
        script.camera_angle,
        sprite_aspect=width / height,
        frame_aspect=film.profile.width / film.profile.height,
    )
    return Layer(kind=LayerKind.COMPANION, source=key, motion=motion)


def png_size(data: bytes) -> tuple[int, int]:
    """Width and height from a PNG's header (PNG spec, 11.2.2). Raises MediaUnreadable."""
    if data[:8] != _PNG or data[12:16] != b"IHDR":
        raise MediaUnreadable("The companion's picture is not a PNG")
    width, height = struct.unpack(">II", data[16:24])
    return width, height
