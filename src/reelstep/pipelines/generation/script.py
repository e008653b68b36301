"""SCRIPT_GENERATION: a prompt becomes a scenario."""

from __future__ import annotations

from typing import Any

from reelstep.artifacts.keys import content_key
from reelstep.jobs import lifecycle
from reelstep.jobs.model import Phase
from reelstep.pipelines.context import Step
from reelstep.pipelines.generation.film import Film, Shown
from reelstep.pipelines.generation.request import GenerationRequest
from reelstep.platform.errors import ProviderRejected
from reelstep.providers import language
from reelstep.providers.base import Scenario, SceneScript, ScriptRequest

VERSION = "1"
#: Letters of a text that stands in for a description: more is nothing that a picture could show.
_SHOWN = 300


def run(step: Step) -> dict[str, Any]:
    """Write (or find) the scenario; the job is PROCESSING from here on.

    Output: `scenario` (key of a Scenario as JSON), `scenes` (their numbers).
    """
    lifecycle.begin(step.jobs, step.job, step.worker_id)
    step.jobs.set_totals(step.job, {Phase.SCRIPT_GENERATION: 1})
    film = Film(step)
    writer = step.providers.script
    wishes = ScriptRequest(
        prompt=film.request.prompt,
        duration_seconds=film.request.duration_seconds,
        visual_style=film.request.visual_style,
        music_style=film.request.music_style,
        elements=tuple(film.request.include_elements),
        language=film.request.language,
        has_companion=bool(film.request.companions),
    )
    own = [scene.model_dump(mode="json") for scene in film.request.scenes or []]
    key = content_key(
        "scenario",
        {
            "version": VERSION,
            "provider": [writer.name, writer.version],
            "request": wishes.model_dump(mode="json"),
            "own": own,
        },
        ".json",
    )

    def make() -> bytes:
        scenario = own_scenario(film.request) if own else writer.write(wishes)
        if not scenario.scenes:
            raise ProviderRejected("The script has no scenes; try another prompt")
        return scenario.model_dump_json().encode()

    reporter = step.reporter(Phase.SCRIPT_GENERATION)
    step.make_once(key, make, reporter)
    scenario = Film(step, key).scenario
    numbers = [scene.number for scene in scenario.scenes]
    step.jobs.put_cost(
        step.job.job_id, Phase.SCRIPT_GENERATION, "0", writer.name, len(scenario.scenes), 0
    )
    step.jobs.set_totals(
        step.job,
        {
            # A picture and a voice for each scene, and the music.
            Phase.ASSET_GENERATION: 2 * len(numbers) + 1,
            # Each scene's layers, and the timeline.
            Phase.COMPOSITING: len(numbers) + 1,
        },
    )
    reporter.report(1, last=True, preview=step.preview(Shown.SCRIPT, 0, key))
    return {"scenario": key, "scenes": numbers}


def own_scenario(request: GenerationRequest) -> Scenario:
    """The caller's own scenes as a scenario, each as long as its share of the words."""
    scenes = request.scenes or []
    spoken = " ".join(scene.dialogue for scene in scenes).strip()
    spoken_language = request.language or language.detect(spoken or request.prompt)
    # A silent scene still needs to be seen: it counts as a short sentence.
    weights = [max(len(scene.dialogue), 40) for scene in scenes]
    return Scenario(
        title=request.prompt[:60],
        language=spoken_language,
        scenes=tuple(
            SceneScript(
                number=number,
                duration_seconds=request.duration_seconds * weight / sum(weights),
                description=scene.description or (scene.dialogue or request.prompt)[:_SHOWN],
                visual_elements=tuple(scene.visual_elements),
                dialogue=scene.dialogue,
            )
            for number, (scene, weight) in enumerate(zip(scenes, weights, strict=True), start=1)
        ),
    )
