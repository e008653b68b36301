"""From scenes and their recorded speech to a timeline, in whole frames. Pure.

Scene lengths follow what is spoken: each scene gets the time its words need, with a breath before
and after, and what is left goes round in the proportions the writer meant. When that does not fit
the film, breaths get shorter first, then the narration gets faster, then it is an error.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pydantic import Field

from reelstep.media.captions import cues_for, line_cells_for
from reelstep.media.profiles import Profile
from reelstep.media.timeline import (
    CaptionMode,
    Cue,
    Frozen,
    Layer,
    Narration,
    Timeline,
    TimelineScene,
    Title,
    Transition,
    TransitionKind,
)
from reelstep.platform.errors import ScriptTooLong

MAX_TEMPO = 1.5
TEMPO_STEP = 0.02
TRANSITION_SECONDS = {
    TransitionKind.CUT: 0.0,
    TransitionKind.CROSSFADE: 0.8,
    TransitionKind.FADE_BLACK: 1.0,
    TransitionKind.WIPE_LEFT: 0.7,
    TransitionKind.WIPE_RIGHT: 0.7,
    TransitionKind.WIPE_UP: 0.7,
    TransitionKind.WIPE_DOWN: 0.7,
}
MOSTLY_OVER = 0.75
"""The part of a transition that has passed before anybody speaks."""
TRANSITION_SHARE = 0.4
"""The most a transition may take of either of its two scenes."""
TITLE_SECONDS = (0.4, 3.4)
"""From when to when the title is shown; it goes with the first scene where that is long enough."""
SHORTEST_TITLE_SECONDS = 2.0
BREATH_SHARE = 0.3
"""The part of a scene's spare time that comes before its words, up to `MAX_BREATH_SECONDS`."""
MAX_BREATH_SECONDS = 0.6


class SpeechInput(Frozen):
    """A recorded narration: its length in seconds and (text, start, end) of each word."""

    source: str
    seconds: float = Field(gt=0)
    words: tuple[tuple[str, float, float], ...] = ()


class SceneInput(Frozen):
    """A scene before it has a place in the film; `intended_seconds` is what the writer meant."""

    number: int
    intended_seconds: float = Field(gt=0)
    layers: tuple[Layer, ...]
    speech: SpeechInput | None = None


@dataclass(frozen=True)
class Pace:
    """Seconds around what is spoken, and how fast it is spoken."""

    first_lead: float
    lead: float
    tail: float
    last_tail: float
    shortest_scene: float
    transition: float
    fade_in: float
    fade_out: float
    tempo: float = 1.0


CALM = Pace(
    first_lead=0.8,
    lead=0.35,
    tail=0.45,
    last_tail=1.3,
    shortest_scene=2.5,
    transition=1.0,
    fade_in=0.5,
    fade_out=0.8,
)
TIGHT = Pace(
    first_lead=0.2,
    lead=0.1,
    tail=0.12,
    last_tail=0.45,
    shortest_scene=1.0,
    transition=0.5,
    fade_in=0.3,
    fade_out=0.4,
)
"""`transition` is in parts of the transition's usual length, all else in seconds."""


def plan_timeline(
    scenes: Sequence[SceneInput],
    *,
    language: str,
    duration_seconds: float,
    profile: Profile,
    transition: TransitionKind = TransitionKind.CROSSFADE,
    title: str | None = None,
    music: str | None = None,
    captions: CaptionMode = CaptionMode.BURNED,
) -> Timeline:
    """The timeline of a film of exactly round(duration_seconds * fps) frames.

    No narration starts before its scene's transition is mostly over, and each ends before the
    next scene. Raises ScriptTooLong, naming the scene, when the words do not fit at 1.5 times
    their recorded speed.
    """
    if not scenes:
        raise ValueError("a film has at least one scene")
    fps = profile.fps
    total = round(duration_seconds * fps)
    pace, needs = _fitting_pace(scenes, transition, total, fps)
    lengths = share_frames(needs, [scene.intended_seconds for scene in scenes], total)
    usual = _frames(TRANSITION_SECONDS[transition] * pace.transition, fps)

    planned: list[TimelineScene] = []
    narration: list[Narration] = []
    cues: list[Cue] = []
    at = 0
    shortest_title = _frames(TITLE_SECONDS[0] + SHORTEST_TITLE_SECONDS, fps)
    fade_out = min(_frames(pace.fade_out, fps), lengths[-1] // 4)
    for index, (scene, length) in enumerate(zip(scenes, lengths, strict=True)):
        frames = 0
        if index:
            frames = min(usual, int(min(length, lengths[index - 1]) * TRANSITION_SHARE))
        planned.append(
            TimelineScene(
                number=scene.number,
                start_frame=at,
                frame_count=length,
                layers=scene.layers,
                transition_in=Transition(kind=transition, frames=frames)
                if frames
                else Transition(),
            )
        )
        if scene.speech is not None:
            breath = min((length - needs[index]) * BREATH_SHARE, MAX_BREATH_SECONDS * fps)
            spoken = Narration(
                source=scene.speech.source,
                scene_number=scene.number,
                start_frame=at + _lead(index, pace, transition, fps) + int(breath),
                seconds=scene.speech.seconds,
                tempo=pace.tempo,
            )
            narration.append(spoken)
            if captions is not CaptionMode.NONE:
                cues += cues_for(
                    scene.speech.words,
                    start_frame=spoken.start_frame,
                    end_frame=at + length - (fade_out if index == len(scenes) - 1 else 0),
                    fps=fps,
                    tempo=pace.tempo,
                    language=language,
                    line_cells=line_cells_for(profile.width, profile.height),
                )
        at += length
    return Timeline(
        language=language,
        width=profile.width,
        height=profile.height,
        fps=fps,
        frame_count=total,
        scenes=tuple(planned),
        narration=tuple(narration),
        music=music,
        title=_title(title, min(total - fade_out, max(lengths[0], shortest_title)), fps),
        cues=tuple(cues),
        captions=captions,
        fade_in_frames=min(_frames(pace.fade_in, fps), lengths[0] // 4),
        fade_out_frames=fade_out,
    )


def spoken_frames(seconds: float, tempo: float, fps: int) -> int:
    """Frames that a recording of `seconds` takes at `tempo`, the last one begun counted whole."""
    return math.ceil(seconds / tempo * fps - 1e-6)


def share_frames(needs: Sequence[int], weights: Sequence[float], total: int) -> list[int]:
    """Whole numbers that add up to `total`, in proportion to `weights`, none below its need.

    The needs must not exceed the total together.
    """
    if sum(needs) > total:
        raise ValueError(f"needs of {sum(needs)} do not fit into {total}")
    free = set(range(len(needs)))
    unit = 0.0
    while free:
        left = total - sum(need for index, need in enumerate(needs) if index not in free)
        unit = left / sum(weights[index] for index in free)
        short = {index for index in free if unit * weights[index] < needs[index]}
        if not short:
            break
        free -= short
    if not free:
        # Rounding has put every scene at its need: the longest meant one takes what is left.
        shares = list(needs)
        shares[max(range(len(needs)), key=lambda index: weights[index])] += total - sum(needs)
        return shares
    ideal = [unit * weights[i] if i in free else float(needs[i]) for i in range(len(needs))]
    shares = [math.floor(value) for value in ideal]
    by_fraction = sorted(free, key=lambda index: (shares[index] - ideal[index], index))
    missing = total - sum(shares)
    for turn in range(missing):
        shares[by_fraction[turn % len(by_fraction)]] += 1
    return shares


def _fitting_pace(
    scenes: Sequence[SceneInput], transition: TransitionKind, total: int, fps: int
) -> tuple[Pace, list[int]]:
    needs: list[int] = []
    for pace in _paces():
        needs = [_need(i, scenes, pace, transition, fps) for i in range(len(scenes))]
        if sum(needs) <= total:
            return pace, needs
    intended = sum(scene.intended_seconds for scene in scenes)
    worst = max(
        range(len(scenes)),
        key=lambda index: needs[index] - total * scenes[index].intended_seconds / intended,
    )
    raise ScriptTooLong(
        f"Scene {scenes[worst].number} has more words than its time allows: the film would need "
        f"{math.ceil(sum(needs) / fps)} s and has {total / fps:g} s",
        detail=f"frames needed per scene at tempo {MAX_TEMPO}: {needs}, of {total}",
        field=f"scenes[{worst}].dialogue",
    )


def _paces() -> Iterator[Pace]:
    """From calm to tight, then faster and faster."""
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        yield Pace(
            **{
                name: calm + (getattr(TIGHT, name) - calm) * share
                for name, calm in vars(CALM).items()
            }
        )
    for step in range(1, round((MAX_TEMPO - 1) / TEMPO_STEP) + 1):
        yield Pace(**{**vars(TIGHT), "tempo": round(1 + step * TEMPO_STEP, 2)})


def _need(
    index: int, scenes: Sequence[SceneInput], pace: Pace, transition: TransitionKind, fps: int
) -> int:
    """Frames that a scene must have at this pace."""
    shortest = _frames(pace.shortest_scene, fps)
    speech = scenes[index].speech
    if speech is None:
        return shortest
    tail = pace.last_tail if index == len(scenes) - 1 else pace.tail
    lead = _lead(index, pace, transition, fps)
    return max(shortest, lead + spoken_frames(speech.seconds, pace.tempo, fps) + _frames(tail, fps))


def _lead(index: int, pace: Pace, transition: TransitionKind, fps: int) -> int:
    """Frames from a scene's start to its first word, at least."""
    if index == 0:
        return _frames(pace.first_lead, fps)
    over = _frames(TRANSITION_SECONDS[transition] * pace.transition, fps) * MOSTLY_OVER
    return max(_frames(pace.lead, fps), math.ceil(over))


def _title(text: str | None, last_frame: int, fps: int) -> Title | None:
    start, end = (_frames(seconds, fps) for seconds in TITLE_SECONDS)
    end = min(end, last_frame)
    if text is None or not text.strip() or end <= start:
        return None
    return Title(text=text, start_frame=start, end_frame=end)


def _frames(seconds: float, fps: int) -> int:
    return round(seconds * fps)
