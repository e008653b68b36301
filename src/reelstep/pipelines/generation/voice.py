"""ASSET_GENERATION: a scene's spoken words, with the time of each."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from pydantic import BaseModel, ConfigDict

from reelstep.artifacts.keys import content_key
from reelstep.artifacts.store import ArtifactStore
from reelstep.jobs.model import Phase
from reelstep.pipelines.context import Step
from reelstep.pipelines.generation.film import Film
from reelstep.providers.base import VoiceProvider, VoiceRequest, WordTiming

# Of a scene's intended length, this much may be speech; the rest is breath at its ends.
_SPOKEN_SHARE = 0.88


class VoiceTrack(BaseModel):
    """A spoken sound (`wav` is a key) and its words. Times in seconds from its start."""

    model_config = ConfigDict(frozen=True)

    wav: str
    seconds: float
    words: tuple[WordTiming, ...]


def spoken(artifacts: ArtifactStore, provider: VoiceProvider, wishes: VoiceRequest) -> str:
    """Speak `wishes`, or find them spoken. Key of the VoiceTrack."""
    inputs = {
        "provider": [provider.name, provider.version],
        "request": wishes.model_dump(mode="json"),
    }
    key = content_key("voice", inputs, ".json")

    def make() -> bytes:
        speech = provider.speak(wishes)
        # The sound first: whoever finds the track finds its sound. And by its own hash: when this
        # run ends in between, the next one may speak otherwise, and its word times are not for the
        # sound of this one.
        wav = {"sha256": hashlib.sha256(speech.wav).hexdigest()}
        wav_key = content_key("voice", wav, ".wav")
        # Written anew where it is there already: it must live as long as the track that names it.
        artifacts.put(wav_key, speech.wav)
        track = VoiceTrack(wav=wav_key, seconds=speech.duration, words=speech.words)
        return track.model_dump_json().encode()

    if not artifacts.make_once(key, make):
        _keep_sound(artifacts, key, make)
    return key


def _keep_sound(artifacts: ArtifactStore, key: str, make: Callable[[], bytes]) -> None:
    """A track that was found may be of the time when its sound was an older one's, and that has
    expired: then it is spoken again."""
    if not artifacts.exists(VoiceTrack.model_validate_json(artifacts.read(key)).wav):
        artifacts.put(key, make())


def run(step: Step, scenario: str, scene: int) -> dict[str, Any]:
    """Speak (or find) a scene's dialogue.

    Output: `scene`, `voice` (key of a VoiceTrack as JSON; null for a silent scene).
    """
    film = Film(step, scenario)
    script = film.scene(scene)
    reporter = step.reporter(Phase.ASSET_GENERATION, f"voice-{scene}")
    if not script.dialogue.strip():
        reporter.report(1, last=True)
        return {"scene": scene, "voice": None}
    provider = step.providers.voice
    wishes = VoiceRequest(
        text=script.dialogue,
        language=film.scenario.language,
        voice=film.voice,
        fit_seconds=round(script.duration_seconds * _SPOKEN_SHARE, 3),
    )
    key = spoken(step.artifacts, provider, wishes)
    step.jobs.put_cost(
        step.job.job_id,
        Phase.ASSET_GENERATION,
        f"voice-{scene}",
        provider.name,
        len(script.dialogue),
        0,
    )
    reporter.report(1, last=True)
    return {"scene": scene, "voice": key}
