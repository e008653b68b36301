"""COMPOSITING: what is seen and heard in every frame, and the plan of chunks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from reelstep.artifacts.keys import content_key
from reelstep.jobs.model import Phase
from reelstep.media.chunks import plan_chunks
from reelstep.media.planning import SceneInput, SpeechInput, plan_timeline
from reelstep.media.timeline import Timeline
from reelstep.pipelines.context import Step
from reelstep.pipelines.generation.compose import SceneLayers
from reelstep.pipelines.generation.film import Film
from reelstep.pipelines.generation.voice import VoiceTrack

# Units of phases whose work is not counted in frames: percent.
PERCENT = 100


def run(
    step: Step,
    scenario: str,
    layers: Sequence[Mapping[str, Any]],
    voices: Sequence[Mapping[str, Any]],
    music: str,
) -> dict[str, Any]:
    """Plan the film from what has really been drawn and spoken.

    Output: `timeline` (key of a Timeline as JSON), `chunks` (their indexes).
    """
    film = Film(step, scenario)
    layers_of = {item["scene"]: item["layers"] for item in layers}
    voice_of = {item["scene"]: item["voice"] for item in voices}
    timeline = plan_timeline(
        [
            SceneInput(
                number=scene.number,
                intended_seconds=scene.duration_seconds,
                layers=SceneLayers.model_validate_json(
                    step.artifacts.read(layers_of[scene.number])
                ).layers,
                speech=_speech(step, voice_of[scene.number]),
            )
            for scene in film.scenario.scenes
        ],
        language=film.scenario.language,
        duration_seconds=film.request.duration_seconds,
        profile=film.profile,
        transition=film.request.transition,
        title=film.scenario.title,
        music=music,
        captions=film.request.captions,
    )
    body = timeline.model_dump_json()
    key = content_key("timeline", {"timeline": timeline.model_dump(mode="json")}, ".json")
    step.artifacts.put_once(key, body.encode())
    chunks = plan_chunks(timeline, film.profile)
    step.jobs.set_totals(
        step.job,
        {
            Phase.RENDERING: timeline.frame_count,
            Phase.ENCODING: PERCENT,
            Phase.FINALIZATION: PERCENT,
        },
    )
    step.reporter(Phase.COMPOSITING, "timeline").report(1, last=True)
    return {"timeline": key, "chunks": [chunk.index for chunk in chunks]}


def _speech(step: Step, voice: str | None) -> SpeechInput | None:
    if voice is None:
        return None
    track = VoiceTrack.model_validate_json(step.artifacts.read(voice))
    return SpeechInput(
        source=track.wav,
        seconds=track.seconds,
        words=tuple((word.text, word.start, word.end) for word in track.words),
    )


def load(step: Step, key: str) -> Timeline:
    """A stored timeline."""
    return Timeline.model_validate_json(step.artifacts.read(key))
