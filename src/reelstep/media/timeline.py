"""The timeline: what is seen and heard in every frame of a film, as frozen data.

All times are integer frames at `fps`. Nothing here touches files: layers and tracks name their
`source` (an artifact key, which is the hash of its content), and whoever renders is handed a
mapping from source to local path.
"""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field, model_validator

SCHEMA_VERSION = 1


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Placement(Frozen):
    """Where a layer's whole image lies, in units of the frame: (0, 0, 1, 1) fills it exactly.

    It may reach outside the frame; a Ken Burns background does.
    """

    x: float
    y: float
    width: float = Field(gt=0)
    height: float = Field(gt=0)


class Motion(Frozen):
    """A straight move between two placements over the scene's visible frames."""

    start: Placement
    end: Placement
    easing: str = Field(default="ease", pattern="^(linear|ease)$")


class LayerKind(StrEnum):
    BACKGROUND = "background"
    ELEMENT = "element"
    COMPANION = "companion"


class Layer(Frozen):
    kind: LayerKind
    source: str = Field(description="artifact key of a PNG; RGBA unless it is the background")
    motion: Motion


class TransitionKind(StrEnum):
    CUT = "cut"
    CROSSFADE = "crossfade"
    FADE_BLACK = "fade_black"
    WIPE_LEFT = "wipe_left"
    WIPE_RIGHT = "wipe_right"
    WIPE_UP = "wipe_up"
    WIPE_DOWN = "wipe_down"


class Transition(Frozen):
    """How a scene comes in. Its frames are the first `frames` of the later scene."""

    kind: TransitionKind = TransitionKind.CUT
    frames: int = Field(default=0, ge=0)


class TimelineScene(Frozen):
    number: int
    start_frame: int = Field(ge=0)
    frame_count: int = Field(gt=0)
    layers: tuple[Layer, ...] = Field(description="painted in order; the first is the background")
    transition_in: Transition = Transition()

    @property
    def end_frame(self) -> int:
        return self.start_frame + self.frame_count


class CaptionWord(Frozen):
    text: str
    start_frame: int
    end_frame: int


class Cue(Frozen):
    """One caption: at most two lines of words, each with its own time."""

    start_frame: int
    end_frame: int
    lines: tuple[tuple[CaptionWord, ...], ...]


class Narration(Frozen):
    """A scene's spoken sound, from `start_frame`, played `tempo` times as fast as recorded."""

    source: str
    scene_number: int
    start_frame: int
    seconds: float = Field(description="length of the recording, before tempo")
    tempo: float = Field(default=1.0, ge=0.5, le=2.0)


class Title(Frozen):
    """The film's name, shown over its first frames."""

    text: str
    start_frame: int
    end_frame: int


class CaptionMode(StrEnum):
    BURNED = "BURNED"
    SIDECAR = "SIDECAR"
    NONE = "NONE"


class Timeline(Frozen):
    schema_version: int = SCHEMA_VERSION
    language: str
    width: int = Field(gt=0)
    height: int = Field(gt=0)
    fps: int = Field(gt=0)
    frame_count: int = Field(gt=0)
    scenes: tuple[TimelineScene, ...]
    narration: tuple[Narration, ...] = ()
    music: str | None = None
    title: Title | None = None
    cues: tuple[Cue, ...] = ()
    captions: CaptionMode = CaptionMode.BURNED
    fade_in_frames: int = Field(default=0, ge=0, description="from black at the very start")
    fade_out_frames: int = Field(default=0, ge=0, description="to black at the very end")

    @property
    def seconds(self) -> float:
        return self.frame_count / self.fps

    @model_validator(mode="after")
    def _scenes_cover_every_frame_once(self) -> Timeline:
        at = 0
        for scene in self.scenes:
            if scene.start_frame != at:
                raise ValueError(f"scene {scene.number} starts at {scene.start_frame}, not {at}")
            if scene.transition_in.frames > scene.frame_count:
                raise ValueError(f"scene {scene.number}: its transition is longer than it is")
            at = scene.end_frame
        if at != self.frame_count:
            raise ValueError(f"scenes end at frame {at}, the film at {self.frame_count}")
        return self
