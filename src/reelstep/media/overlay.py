"""What is burned over a chunk: its captions and the film's title, as one ASS document."""

from __future__ import annotations

from reelstep.media import captions
from reelstep.media.timeline import CaptionMode, Timeline


def overlay_ass(timeline: Timeline, start_frame: int, frame_count: int) -> str | None:
    """The ASS text for a range of frames, its times from the range's start; None if nothing shows.

    The title is part of the picture; captions are there only when they are to be burned.
    """
    end = start_frame + frame_count
    cues = tuple(
        cue
        for cue in (timeline.cues if timeline.captions is CaptionMode.BURNED else ())
        if cue.start_frame < end and cue.end_frame > start_frame
    )
    title = timeline.title
    if title is not None and not (title.start_frame < end and title.end_frame > start_frame):
        title = None
    if not cues and title is None:
        return None
    return captions.to_ass(
        cues,
        title,
        width=timeline.width,
        height=timeline.height,
        fps=timeline.fps,
        language=timeline.language,
        from_frame=start_frame,
        to_frame=end,
    )
