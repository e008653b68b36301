"""ENCODING: the sound mixed once over the whole film, the chunks joined by copy, the two muxed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from reelstep.artifacts.keys import content_key
from reelstep.jobs.model import Phase
from reelstep.media.audio import mix
from reelstep.media.join import join_and_mux
from reelstep.media.timeline import Timeline
from reelstep.pipelines.context import Step
from reelstep.pipelines.generation import timeline as timelines
from reelstep.pipelines.generation.timeline import PERCENT

# Raise one when the same inputs would now sound, or be joined, otherwise.
SOUND_VERSION = "1"
MASTER_VERSION = "1"

_SOUND_DONE, _JOINED = 60, 90


def run(step: Step, timeline: str, chunks: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Make (or find) the finished file. Output: `master` (key of an MP4)."""
    plan = timelines.load(step, timeline)
    chunk_keys = [chunk["chunk"] for chunk in chunks]
    sound_key = content_key("sound", sound_inputs(plan), ".m4a")
    key = content_key(
        "master",
        {
            "version": MASTER_VERSION,
            "chunks": chunk_keys,
            "sound": sound_key,
            "title": plan.title.text if plan.title else None,
            "language": plan.language,
        },
        ".mp4",
    )
    reporter = step.reporter(Phase.ENCODING)
    if not step.artifacts.exists(key):
        with step.workdir() as folder:
            sound = folder / "sound.m4a"
            if step.artifacts.exists(sound_key):
                step.artifacts.download(sound_key, sound)
            else:
                mix(plan, _tracks(step, plan, folder), sound, should_cancel=reporter.should_stop)
                step.artifacts.put_once(sound_key, sound)
            reporter.report(_SOUND_DONE, last=True)
            parts = [
                step.artifacts.download(chunk, folder / f"chunk{number:03d}.mp4")
                for number, chunk in enumerate(chunk_keys)
            ]
            out = folder / "master.mp4"
            join_and_mux(
                parts,
                sound,
                out,
                fps=plan.fps,
                title=plan.title.text if plan.title else None,
                language=plan.language,
                should_cancel=reporter.should_stop,
            )
            reporter.report(_JOINED, last=True)
            step.artifacts.put_once(key, out)
    reporter.report(PERCENT, last=True)
    return {"master": key}


def sound_inputs(plan: Timeline) -> dict[str, Any]:
    """What the sound of a film depends on: nothing that is only seen."""
    return {
        "version": SOUND_VERSION,
        "frames": plan.frame_count,
        "fps": plan.fps,
        "music": plan.music,
        "narration": [line.model_dump(mode="json") for line in plan.narration],
    }


def _tracks(step: Step, plan: Timeline, folder: Path) -> dict[str, Path]:
    sources = {line.source for line in plan.narration} | ({plan.music} if plan.music else set())
    return {
        source: step.artifacts.download(source, folder / f"track{number}.wav")
        for number, source in enumerate(sorted(sources))
    }
