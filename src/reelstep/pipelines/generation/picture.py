"""ASSET_GENERATION: a scene's picture."""

from __future__ import annotations

from typing import Any

from reelstep.artifacts.keys import content_key
from reelstep.jobs.model import Phase
from reelstep.jobs.previews import Preview
from reelstep.media import small_picture
from reelstep.pipelines.context import Step
from reelstep.pipelines.generation import staging
from reelstep.pipelines.generation.film import Film, Shown
from reelstep.providers.base import PictureRequest


def run(step: Step, scenario: str, scene: int) -> dict[str, Any]:
    """Draw (or find) the picture of a scene. Output: `scene`, `picture` (key of a PNG)."""
    film = Film(step, scenario)
    script = film.scene(scene)
    provider = step.providers.picture
    width, height = film.picture_size
    wishes = PictureRequest(
        prompt=film.request.prompt,
        description=script.description,
        visual_elements=script.visual_elements,
        visual_style=film.request.visual_style,
        lighting=script.lighting,
        mood=script.mood,
        camera_angle=script.camera_angle,
        width=width,
        height=height,
        seed=film.seed,
        scene_number=scene,
        scene_count=len(film.scenario.scenes),
        free_side=staging.companion_side(scene),
    )
    key = content_key(
        "picture",
        {"provider": [provider.name, provider.version], "request": wishes.model_dump(mode="json")},
        ".png",
    )
    reporter = step.reporter(Phase.ASSET_GENERATION, f"picture-{scene}")
    step.make_once(key, lambda: provider.draw(wishes), reporter)
    step.jobs.put_cost(
        step.job.job_id, Phase.ASSET_GENERATION, f"picture-{scene}", provider.name, 1, 0
    )
    reporter.report(1, last=True, preview=_small(step, film, scene, key))
    return {"scene": scene, "picture": key}


def _small(step: Step, film: Film, scene: int, picture: str) -> Preview:
    """The picture as people see it before the film is done, made once."""
    size = small_picture.small_size(*film.picture_size)
    inputs = {"version": small_picture.VERSION, "picture": picture}
    key = content_key("preview", inputs, ".jpg")
    # From what is stored: a twin of this step may have drawn another one, and stored it first.
    step.artifacts.make_once(
        key, lambda: small_picture.small_jpeg(step.artifacts.read(picture), size)
    )
    return step.preview(Shown.PICTURE, scene, key, width=size[0], height=size[1])
