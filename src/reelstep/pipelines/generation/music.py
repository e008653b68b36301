"""ASSET_GENERATION: the music of the whole film."""

from __future__ import annotations

from typing import Any

from reelstep.artifacts.keys import content_key
from reelstep.jobs.model import Phase
from reelstep.pipelines.context import Step
from reelstep.pipelines.generation.film import Film
from reelstep.providers.base import MusicRequest


def run(step: Step) -> dict[str, Any]:
    """Compose (or find) the music. Output: `music` (key of a WAV as long as the film)."""
    film = Film(step)
    provider = step.providers.music
    wishes = MusicRequest(
        style=film.request.music_style, seconds=film.request.duration_seconds, seed=film.seed
    )
    key = content_key(
        "music",
        {"provider": [provider.name, provider.version], "request": wishes.model_dump(mode="json")},
        ".wav",
    )
    reporter = step.reporter(Phase.ASSET_GENERATION, "music")
    step.make_once(key, lambda: provider.compose(wishes), reporter)
    step.jobs.put_cost(
        step.job.job_id, Phase.ASSET_GENERATION, "music", provider.name, wishes.seconds, 0
    )
    reporter.report(1, last=True)
    return {"music": key}
