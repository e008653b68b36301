"""RENDERING: one chunk of the film, video only, encoded once in the final codec."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from reelstep.artifacts.keys import content_key
from reelstep.jobs.model import Phase
from reelstep.media.chunks import plan_chunks
from reelstep.media.fonts import fonts_dir
from reelstep.media.render import render_chunk
from reelstep.pipelines.context import Step
from reelstep.pipelines.generation import timeline as timelines
from reelstep.pipelines.generation.film import Film, Shown


def run(step: Step, timeline: str, chunk: int) -> dict[str, Any]:
    """Render (or find) chunk number `chunk`. Output: `chunk` (key of an MP4 without sound).

    The key covers what is visible in the chunk's frames and nothing else, so that another film
    or another attempt with the same frames finds it.
    """
    film = Film(step)
    plan = timelines.load(step, timeline)
    part = plan_chunks(plan, film.profile)[chunk]
    key = content_key("chunk", {"fingerprint": part.fingerprint}, ".mp4")
    reporter = step.reporter(Phase.RENDERING, chunk)
    if not step.artifacts.exists(key):
        with step.workdir() as folder:
            sources = {
                source: step.artifacts.download(source, folder / f"{number}{Path(source).suffix}")
                for number, source in enumerate(part.sources)
            }
            out = folder / "chunk.mp4"
            render_chunk(
                plan,
                part,
                film.profile,
                sources,
                out,
                fonts_dir=fonts_dir(),
                on_frames=reporter.report,
                should_cancel=reporter.should_stop,
            )
            step.artifacts.put_once(key, out)
    seconds = round(part.frame_count / plan.fps, 3)
    shown = step.preview(Shown.CHUNK, chunk, key, seconds=seconds, codec=film.profile.codec)
    reporter.report(part.frame_count, last=True, preview=shown)
    return {"chunk": key}
