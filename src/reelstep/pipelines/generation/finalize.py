"""FINALIZATION: the film is opened and checked as a stranger would, then published."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from reelstep.artifacts import keys
from reelstep.jobs.model import JobStatus, Phase
from reelstep.media.captions import to_srt, to_vtt
from reelstep.media.quality import check_film, require
from reelstep.media.thumbnails import extract_frame
from reelstep.media.timeline import CaptionMode, Timeline
from reelstep.pipelines.context import Step
from reelstep.pipelines.generation import timeline as timelines
from reelstep.pipelines.generation.film import Film
from reelstep.pipelines.generation.timeline import PERCENT
from reelstep.platform.errors import StaleExecution
from reelstep.providers.base import Scenario

THUMBNAIL_SECONDS = (0, 10, 20)
THUMBNAIL_WIDTH = 640
POSTER_WIDTH = 1280
# The poster shows the film at its liveliest: past the title, well into a scene.
_POSTER_AT = 0.4
_CHECKED, _PICTURED = 60, 80


def run(step: Step, scenario: str, timeline: str, master: str) -> dict[str, Any]:
    """Check the file, then put it and its companions where its owner can reach them.

    Raises QualityCheckFailed; then nothing is published. Output: `output` (see `_publish`).
    """
    film = Film(step, scenario)
    plan = timelines.load(step, timeline)
    reporter = step.reporter(Phase.FINALIZATION)
    with step.workdir() as folder:
        video = step.artifacts.download(master, folder / "film.mp4")
        report = check_film(video, plan, film.profile, should_cancel=reporter.should_stop)
        require(report)
        reporter.report(_CHECKED, last=True)
        published = _publish(step, plan, video, folder)
        # Deleted or cancelled while its files went up: what that could not see yet goes now. What
        # is deleted or cancelled later finds them all.
        latest = step.jobs.get(step.job.job_id)
        if latest is None or latest.status is JobStatus.CANCELLED:
            step.media.delete_prefix(keys.film_prefix(step.job.job_id))
            raise StaleExecution("This film was deleted or cancelled")
        output = {
            **published,
            "quality_report": report.model_dump(mode="json"),
            "scenes": scenes_of(plan, film.scenario),
        }
    reporter.report(PERCENT, last=True)
    return {"output": output}


def _publish(step: Step, plan: Timeline, video: Path, folder: Path) -> dict[str, Any]:
    """Keys in the media bucket of the film, its captions, thumbnails and poster; its size."""
    job_id = step.job.job_id
    thumbnails = []
    for seconds, shown_at in thumbnail_times(plan).items():
        image = folder / f"{seconds}.jpg"
        extract_frame(video, shown_at, image, THUMBNAIL_WIDTH)
        step.media.put(keys.thumbnail(job_id, seconds), image)
        thumbnails.append(keys.thumbnail(job_id, seconds))
    poster = folder / "poster.jpg"
    extract_frame(video, plan.seconds * _POSTER_AT, poster, POSTER_WIDTH)
    step.media.put(keys.poster(job_id), poster)
    captions = {}
    if plan.captions is not CaptionMode.NONE:
        for suffix, text in (
            ("vtt", to_vtt(plan.cues, plan.fps)),
            ("srt", to_srt(plan.cues, plan.fps)),
        ):
            step.media.put(keys.captions(job_id, suffix), text.encode())
            captions[suffix] = keys.captions(job_id, suffix)
    step.media.put(keys.film(job_id), video)
    return {
        "film": keys.film(job_id),
        "bytes": video.stat().st_size,
        "thumbnails": thumbnails,
        "poster": keys.poster(job_id),
        "captions": captions,
        "title": plan.title.text if plan.title else "",
        "language": plan.language,
    }


def thumbnail_times(plan: Timeline) -> dict[int, float]:
    """For 0, 10 and 20 s, as far as the film goes: the second that is shown for it.

    Where the film is still (or again) fading, that is the nearest one with the full picture; while
    its title comes or goes, the one in the middle of it.
    """
    first = plan.fade_in_frames / plan.fps
    last = (plan.frame_count - plan.fade_out_frames - 1) / plan.fps

    def clear(seconds: float) -> float:
        title = plan.title
        if title and title.start_frame <= seconds * plan.fps < title.end_frame:
            return (title.start_frame + title.end_frame) / 2 / plan.fps
        return seconds

    return {
        seconds: clear(min(max(seconds, first), last))
        for seconds in THUMBNAIL_SECONDS
        if seconds <= plan.seconds
    }


def scenes_of(plan: Timeline, scenario: Scenario) -> list[dict[str, Any]]:
    """The scenes as clients see them, with the times they really have."""
    timed = {scene.number: scene for scene in plan.scenes}
    return [
        {
            "number": scene.number,
            "description": scene.description,
            "dialogue": scene.dialogue,
            "startSeconds": round(timed[scene.number].start_frame / plan.fps, 3),
            "durationSeconds": round(timed[scene.number].frame_count / plan.fps, 3),
        }
        for scene in scenario.scenes
    ]
