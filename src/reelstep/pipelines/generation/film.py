"""What all steps of one film agree on: its request, its frame, its seed, its scenario."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from reelstep.media.profiles import Profile, profile_for
from reelstep.pipelines.companions import CompanionSnapshot, snapshots
from reelstep.pipelines.context import Step
from reelstep.pipelines.generation.request import GenerationRequest
from reelstep.pipelines.generation.staging import PICTURE_SCALE
from reelstep.platform.errors import ArtifactMissing
from reelstep.providers.base import Scenario, SceneScript


class Shown(StrEnum):
    """What steps give their owner to see while the film is being made."""

    SCRIPT = "script"
    PICTURE = "picture"
    CHUNK = "chunk"


@dataclass(frozen=True)
class Film:
    """The film that a step works on."""

    step: Step
    scenario_key: str = ""

    @cached_property
    def request(self) -> GenerationRequest:
        return GenerationRequest.model_validate(self.step.job.request)

    @cached_property
    def profile(self) -> Profile:
        request = self.request
        return profile_for(request.quality, request.aspect_ratio, request.preview)

    @cached_property
    def companions(self) -> tuple[CompanionSnapshot, ...]:
        """What was known of them when the film was submitted."""
        return snapshots(self.step.job)

    @property
    def voice(self) -> str | None:
        """The voice that was asked for, else that of the first companion who has one."""
        voices = [companion.voice for companion in self.companions if companion.voice]
        return self.request.voice or (voices[0] if voices else None)

    @property
    def picture_size(self) -> tuple[int, int]:
        """Pixels of a scene's picture: the frame with room for the camera to move in."""
        return (
            round(self.profile.width * PICTURE_SCALE),
            round(self.profile.height * PICTURE_SCALE),
        )

    @cached_property
    def scenario(self) -> Scenario:
        return Scenario.model_validate_json(self.step.artifacts.read(self.scenario_key))

    def scene(self, number: int) -> SceneScript:
        for scene in self.scenario.scenes:
            if scene.number == number:
                return scene
        raise ArtifactMissing("This scene is not in the script", detail=f"scene {number}")

    @cached_property
    def seed(self) -> int:
        """From the wishes alone, so that equal requests make equal (and shared) pictures."""
        request = self.request
        wishes = f"{request.prompt}\n{request.visual_style}\n{request.music_style}"
        return int.from_bytes(hashlib.sha256(wishes.encode()).digest()[:4], "big")
