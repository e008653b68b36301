"""From a submitted film to a file: follow it, fetch it, and say what came out."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn
from rich.text import Text

from reelstep.cli.api import Api
from reelstep.cli.errors import CliError, DownloadFailed, ExitCode, LostTouch, NotSignedIn
from reelstep.cli.places import check_place, slug
from reelstep.cli.progress_view import view_for
from reelstep.cli.terminal import (
    Terminal,
    home_path,
    length_text,
    megabytes_text,
    seconds_text,
    shorten,
    tokens_text,
    usd_text,
)
from reelstep.client.answers import Submission, Video
from reelstep.client.download import free_place
from reelstep.client.progress import JobProgress, label_of


class JobFailed(CliError):
    """The film was not made; the error's code and phase are the job's own."""

    exit_code = ExitCode.JOB_FAILED


class StoppedWatching(CliError):
    """Ctrl-C while following: the job goes on. `again` is the command that shows it again."""

    exit_code = ExitCode.INTERRUPTED
    style = "warn"

    def __init__(self, video_id: str, again: str, *, made: bool):
        going_on = f"Follow it again:  {again}\nStop it:          reelstep cancel {video_id}"
        super().__init__(
            "Stopped watching",
            "The film is made; its download is not." if made else "The film is still being made.",
            hint=f"Fetch it:  {again}" if made else going_on,
            code="INTERRUPTED",
        )


@dataclass(frozen=True)
class Place:
    """Where the film goes; `chosen` when the user named it, so that nothing is put beside it."""

    path: Path
    chosen: bool
    force: bool

    @classmethod
    def of(cls, out: Path | None, prompt: str, *, force: bool) -> Place:
        """`out`, else `<slug of the prompt>.mp4` here under a free name.

        Raises:
            WrongUsage: the film could not be written there.
        """
        path = out.expanduser() if out is not None else Path(f"{slug(prompt)}.mp4")
        if out is None and not force:
            path = free_place(path)
        check_place(path, force=force)
        return cls(path, out is not None, force)


def headline(terminal: Terminal, prompt: str, facts: str) -> None:
    """What was asked for, above the bars."""
    terminal.say(
        Text(),
        Padding(Text(shorten(prompt, terminal.marks.more), "strong"), (0, 2)),
        Padding(Text(facts, "soft"), (0, 2)),
        Text(),
    )


def announce(terminal: Terminal, prompt: str, submitted: Submission, facts: str) -> None:
    """The headline of a film that was just submitted."""
    price = tokens_text(submitted.tokens_cost)
    headline(terminal, prompt, terminal.dotted(facts, price, submitted.video_id))


def make(
    terminal: Terminal,
    api: Api,
    video_id: str,
    place: Place | None,
    *,
    json_lines: bool = False,
    say_next: bool = True,
    since: JobProgress | None = None,
) -> dict[str, Any]:
    """Follow a film to its end and fetch it to `place`; returns the document for `--json`.

    `since` is what is known of it already. With `json_lines` each event goes to stdout as it
    comes; `say_next` ends with what to do now.

    Raises:
        JobFailed, StoppedWatching, LostTouch, DownloadFailed, ApiProblem.
    """
    again = again_command(video_id, place)
    job = since or JobProgress(video_id)
    try:
        job = watch(terminal, api, job, json_lines=json_lines)
        video = api.video(video_id)
        if job.status != "COMPLETED":
            raise failure(job, video)
        file = fetch(terminal, api, video, place) if place is not None else None
    except KeyboardInterrupt:
        raise StoppedWatching(video_id, again, made=job.finished) from None
    except (LostTouch, DownloadFailed, NotSignedIn) as error:
        error.hint = f"{error.hint}\nFollow it again:  {again}".strip()
        raise
    if not json_lines or file is not None:
        summary(terminal, video, job, file)
        if say_next:
            terminal.commands(next_commands(video, file), indent=4)
            terminal.say(Text())
    return {**video.document, "file": str(file.absolute()) if file is not None else None}


def watch(
    terminal: Terminal, api: Api, job: JobProgress, *, json_lines: bool = False
) -> JobProgress:
    """Show a job until it ends, and give its last state."""
    if terminal.live:
        api.on_wait = lambda _wait: None  # a line between the bars would spoil their redrawing
    try:
        with view_for(terminal, job, json_lines=json_lines) as view:
            for event in api.follow(job.job_id, after=job.seq, on_state=view.became):
                job = job.apply(event)
                view.show(job, event)
    finally:
        if not json_lines:
            terminal.say(Text())
    return job


def fetch(terminal: Terminal, api: Api, video: Video, place: Place) -> Path:
    """Download the finished film; a bar where bars can be drawn. Returns where it is."""
    console = terminal.human if terminal.live else Console(quiet=True)
    with Progress(
        TextColumn("    Downloading"),
        BarColumn(None),
        DownloadColumn(),
        console=console,
        transient=True,
        disable=not terminal.live,
    ) as progress:
        task = progress.add_task("download", total=None)
        return api.download(
            video,
            place.path,
            replace=place.force,
            on_progress=lambda done, total: progress.update(task, completed=done, total=total),
        )


def summary(terminal: Terminal, video: Video, job: JobProgress, file: Path | None) -> None:
    """What was made and what it took."""
    took = seconds_text(job.seconds(job.ended)) if job.ended else ""
    head = Text.assemble(
        "  ",
        (terminal.marks.done, "good"),
        " ",
        (home_path(file) if file is not None else "The film is ready", "strong"),
    )
    lines = [
        Text(film_line(terminal, video)),
        Text(
            terminal.dotted(f"made in {took}" if took else "", price_line(terminal, video)), "soft"
        ),
    ]
    if video.degraded:
        lines.append(Text(f"With a substitute for: {', '.join(video.degraded)}", "warn"))
    terminal.say(head, *(Padding(line, (0, 0, 0, 4)) for line in lines), Text())


def next_commands(video: Video, file: Path | None) -> list[tuple[str, str]]:
    """Where to look next."""
    short = video.id[:8]
    return [
        ("Watch", f"reelstep open {shlex.quote(home_path(file)) if file is not None else short}"),
        ("Details", f"reelstep show {short}"),
    ]


def price_line(terminal: Terminal, video: Video) -> str:
    """`100 tokens · cost to make $0.0012`: what was paid, and what the cloud takes for it."""
    return terminal.dotted(
        tokens_text(video.tokens_cost) if video.tokens_cost is not None else "",
        f"cost to make {usd_text(video.cost_usd)}" if video.cost_usd is not None else "",
    )


def film_line(terminal: Terminal, video: Video) -> str:
    """`20 s · 1920×1080 · 30 fps · 8.4 MB`."""
    size = next((each for each in video.outputs if each.format == "MP4"), None)
    resolution = (
        f"{size.width}{terminal.marks.times}{size.height}" if size else video.resolution or ""
    )
    return terminal.dotted(
        length_text(video.duration_seconds) if video.duration_seconds else "",
        resolution,
        f"{video.frame_rate:g} fps" if video.frame_rate else "",
        megabytes_text(video.file_size_mb),
    )


def failure(job: JobProgress, video: Video) -> JobFailed:
    """Why there is no film: code, message and phase as the job has them."""
    if job.status == "CANCELLED":
        return JobFailed("The film was cancelled", "Nothing was written.", code="CANCELLED")
    phase = label_of(job.error_stage) if job.error_stage else ""
    short = job.job_id[:8]
    return JobFailed(
        f"The film failed in {phase}" if phase else "The film failed",
        job.error_message or video.error_message or "",
        hint=f"Details:    reelstep show {short}\nTry again:  reelstep retry {short}",
        code=job.error_code or "FAILED",
        trace_id=str(video.document.get("traceId") or ""),
    )


def again_command(video_id: str, place: Place | None) -> str:
    """The command that takes up following where it was left."""
    if place is None:
        return f"reelstep follow {video_id} --no-download"
    out = f" --out {shlex.quote(home_path(place.path))}" if place.chosen else ""
    return f"reelstep follow {video_id}{out}{' --force' if place.force else ''}"
