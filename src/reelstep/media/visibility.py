"""What of a timeline is seen in which frames: scenes, their transitions, the film's fades. Pure."""

from __future__ import annotations

from reelstep.media.timeline import Timeline, TimelineScene, TransitionKind


def transition_frames(scene: TimelineScene) -> int:
    """Frames at the start of a scene in which the one before is still seen."""
    return 0 if scene.transition_in.kind is TransitionKind.CUT else scene.transition_in.frames


def visible_frames(timeline: Timeline, index: int) -> int:
    """Frames in which the scene at `index` is seen: its own and the next one's transition."""
    scene = timeline.scenes[index]
    following = timeline.scenes[index + 1 : index + 2]
    return scene.frame_count + sum(transition_frames(later) for later in following)


def scenes_seen(timeline: Timeline, start_frame: int, frame_count: int) -> tuple[int, ...]:
    """Indexes of the scenes that are seen in a range of frames, in order."""
    end = start_frame + frame_count
    return tuple(
        index
        for index, scene in enumerate(timeline.scenes)
        if scene.start_frame < end
        and scene.start_frame + visible_frames(timeline, index) > start_frame
    )


def film_light(timeline: Timeline, frame: int) -> float:
    """1 in the film, less while it fades in from black and out to black (0 in its last frame)."""
    light = 1.0
    if frame < timeline.fade_in_frames:
        light = min(light, (frame + 1) / (timeline.fade_in_frames + 1))
    left = timeline.frame_count - 1 - frame
    if left < timeline.fade_out_frames:
        light = min(light, left / timeline.fade_out_frames)
    return light
