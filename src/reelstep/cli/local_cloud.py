"""`up`, `down`, `status`, `doctor` and `demo`: between `reelstep.local` and the terminal."""

from __future__ import annotations

import os
import shlex
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import typer
from rich.constrain import Constrain
from rich.live import Live
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from reelstep.cli import making
from reelstep.cli.api import Api
from reelstep.cli.connection import discover, local_cloud
from reelstep.cli.errors import CloudFailed, ExitCode, NotRunning, WrongUsage
from reelstep.cli.progress_view import ECHO_WIDTH
from reelstep.cli.terminal import (
    Terminal,
    clean,
    home_path,
    length_text,
    megabytes_text,
    pairs,
    seconds_text,
)
from reelstep.cli.wish import Wish
from reelstep.client.deployment import Deployment
from reelstep.local.paths import ROOT

if TYPE_CHECKING:
    from reelstep.local.cloud import Progress
    from reelstep.local.description import Description

CURL = 'curl -H "Authorization: Bearer $(reelstep token)" {url}/api/v1/videos/user'
STEP_LABELS = {
    "emulator": "Emulator",
    "template": "Template",
    "stack": "Stack",
    "studio": "Studio",
    "users": "Users",
    "api": "API",
}


def up(*, port: int | None, as_json: bool) -> None:
    terminal = Terminal(as_json=as_json)
    described = start(terminal, port=port)
    if as_json:
        terminal.emit(described.model_dump(by_alias=True, mode="json"))
        return
    print_where(terminal, described)
    terminal.commands(
        [
            *_first(),
            ("Open the studio", "reelstep open"),
            ("Make a film", 'reelstep generate "A fox who counts stars" --duration 20'),
            ("Call the API", CURL.format(url=described.api_url.rstrip("/"))),
            ("Stop", "reelstep down"),
        ]
    )


def start(terminal: Terminal, *, port: int | None = None) -> Description:
    """Bring the local cloud up, step by step before the user's eyes.

    Raises:
        CloudFailed: with what to do about it.
    """
    from reelstep.local import cloud

    with StepList(terminal) as steps, _as_cloud_failed():
        return cloud.up(port=port, reporter=steps.report)


def down(*, wipe: bool, yes: bool) -> None:
    """Raises WrongUsage for a wipe that nobody can be asked about."""
    from reelstep.local import cloud

    terminal = Terminal()
    if wipe and not yes:
        if not sys.stdin.isatty():
            raise WrongUsage(
                "A wipe needs a yes", "There is nobody to ask here.", hint="Add --yes."
            )
        if not typer.confirm("Forget its films, users and state for good?"):
            terminal.say(Text("Kept.", "soft"))
            return
    with _as_cloud_failed():
        stopped = cloud.down(wipe=wipe)
    said = "The local cloud is stopped." if stopped else "The local cloud was not running."
    kept = "Its films, users and state are gone." if wipe else "Its state is kept."
    terminal.say(Text(f"{said} {kept}" if stopped or wipe else said))


def status(*, as_json: bool) -> None:
    """Raises NotRunning or Unreachable when the API does not answer."""
    terminal = Terminal(as_json=as_json)
    connection = discover()
    local: dict[str, Any] = _local_status() if connection.local else {}
    if local and not local["running"]:
        raise NotRunning("Its state is kept and comes back with it.")
    api = Api(connection)
    health, queue = api.health().document, api.queue_status()
    if as_json:
        terminal.emit(
            {
                "apiUrl": connection.api_url,
                "health": health,
                "queue": queue.document,
                **({"local": local} if local else {}),
            }
        )
        return
    waiting = f"{queue.queued_count} waiting"
    making_now = f"{queue.processing_count} in the making"
    terminal.say(
        pairs(
            [
                ("API", Text(connection.api_url, "key", overflow="fold")),
                ("Docs", Text(connection.docs_url, "key", overflow="fold")),
                ("Health", _health_text(health)),
                ("Films", terminal.dotted(making_now, waiting)),
                ("Stack", local.get("stack", "")),
                ("Process", str(local.get("pid") or "")),
                ("State", home_path(local["home"]) if local else ""),
            ]
        )
    )


def doctor(*, as_json: bool) -> None:
    """Raises ChecksFailed when something is lacking."""
    from reelstep.local.doctor import run_checks

    terminal = Terminal(as_json=as_json)
    checks = run_checks()
    lacking = [check for check in checks if not check.ok]
    if as_json:
        terminal.emit({"ok": not lacking, "checks": [check._asdict() for check in checks]})
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(width=3, justify="right")
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for check in checks:
        mark = terminal.marks.done if check.ok else terminal.marks.failed
        found = Text(clean(check.found), "soft" if check.ok else "value")
        if check.fix:
            found.append(f"\n{clean(check.fix)}", "strong")
        table.add_row(Text(mark, "good" if check.ok else "bad"), check.name, found)
    terminal.say(table)
    if lacking:
        raise typer.Exit(int(ExitCode.JOB_FAILED))
    terminal.say(Text(), Text("  Nothing is lacking.", "good"))


def logs(function: str, *, minutes: float) -> None:
    """Print what one function of the local cloud said lately, oldest first."""
    from reelstep.local import cloud, function_logs

    known = cloud.status()
    if not known.running or known.url is None:
        raise NotRunning
    names = [spec.parent.name for spec in sorted(ROOT.glob("functions/*/handler.py"))]
    if function not in names:
        listed = ", ".join(names)
        raise WrongUsage("There is no such function", fields=[("FUNCTION", f"one of {listed}")])
    since_ms = int((time.time() - minutes * 60) * 1000)
    lines = function_logs.tail(cloud.client(known.url, "logs"), function, since_ms=since_ms)
    for line in lines:
        sys.stdout.write(clean(line) + "\n")
    if not lines:
        terminal = Terminal()
        terminal.err.print(Text(f"{function} said nothing in the last {minutes:g} minutes."))


def demo(*, prompt: str, duration: int, out: Path) -> None:
    """Start the local cloud, make a film on it, and say what it is by opening the file."""
    terminal = Terminal()
    place = making.Place.of(out, prompt, force=True)
    wish = Wish(
        prompt=prompt, duration_seconds=duration, visual_style="CINEMATIC", music_style="CALM"
    )
    options = wish.options()
    described = start(terminal)
    api = Api(local_cloud())  # there, and not on a deployment that the environment names
    submitted = api.generate(prompt, **options)
    making.announce(terminal, prompt, submitted, wish.facts(terminal))
    making.make(terminal, api, submitted.video_id, place, say_next=False)
    print_probe(terminal, place.path)
    print_where(terminal, described)
    terminal.commands(
        [
            *_first(),
            ("Studio", "reelstep open"),
            ("Watch", f"reelstep open {shlex.quote(home_path(place.path))}"),
            ("Details", f"reelstep show {submitted.video_id[:8]}"),
            ("Your own film", 'reelstep generate "…"'),
            ("All films", "reelstep list"),
            ("Stop", "reelstep down"),
        ]
    )


def _first() -> list[tuple[str, str]]:
    """What a shell lacks that has run make: only make itself had the project's commands."""
    return [("First", "source .venv/bin/activate")] if "MAKELEVEL" in os.environ else []


def print_where(terminal: Terminal, described: Description) -> None:
    """The addresses, and who can sign in."""
    where = Deployment(described.api_url)
    terminal.say(
        Text(),
        pairs(
            [
                ("Studio", _address(described.studio_url)),
                ("API", _address(where.api_url)),
                ("Docs", _address(where.docs_url)),
                ("Sign-in", Text(described.demo_user.email, "key")),
                ("Password", _password(terminal, described)),
            ]
        ),
        Text(),
    )


def _password(terminal: Terminal, described: Description) -> Text:
    """To a person, the demo user's own: made at random for this cloud, which only this machine can
    reach. Logs do not get it."""
    if terminal.human.is_terminal:
        return Text(described.demo_user.password, "key")
    return Text("`reelstep password` prints it", "soft")


def print_probe(terminal: Terminal, file: Path) -> None:
    """What the file says of itself, whatever the API said of it."""
    from reelstep.media.probe import probe
    from reelstep.platform.errors import MediaUnreadable

    try:
        info = probe(file)
    except MediaUnreadable as error:
        raise making.JobFailed("The film cannot be read", error.message) from error
    video, audio = info.video, info.audio
    terminal.say(
        pairs(
            [
                (
                    "Picture",
                    terminal.dotted(
                        f"{video.width}{terminal.marks.times}{video.height}",
                        f"{video.fps:g} fps",
                        f"{video.frame_count} frames",
                        f"{video.codec} {video.profile}",
                    )
                    if video
                    else "none",
                ),
                (
                    "Sound",
                    terminal.dotted(
                        f"{audio.codec} {audio.profile}",
                        f"{audio.sample_rate / 1000:g} kHz",
                        f"{audio.channels} channels",
                    )
                    if audio
                    else "none",
                ),
                (
                    "Length",
                    terminal.dotted(
                        length_text(round(info.seconds, 3)),
                        megabytes_text(info.size_bytes / 1024**2),
                    ),
                ),
            ]
        )
    )


class StepList:
    """The steps of `up`: a spinner on the one that runs where that can be drawn, else lines."""

    def __init__(self, terminal: Terminal):
        self._terminal = terminal
        self._done: list[Progress] = []
        self._running = ""
        self._spinner = Spinner("dots" if terminal.marks.done == "✓" else "line", style="brand")
        self._live = (
            Live(self, console=terminal.human, refresh_per_second=12) if terminal.live else None
        )

    def __enter__(self) -> Self:
        if self._live:
            self._live.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_rest: object) -> None:
        if self._live:
            self._live.refresh()
            self._live.stop()

    def __rich__(self) -> Constrain:
        table = self._table()
        for each in self._done:
            table.add_row(*self._row(each))
        if self._running:
            table.add_row(self._spinner, Text(_label(self._running), "strong"), "", "")
        return Constrain(table, self._terminal.human.width - ECHO_WIDTH)

    def report(self, progress: Progress) -> None:
        """Called by `reelstep.local.cloud.up` at the start and the end of each step."""
        if progress.state == "started":
            self._running = progress.step
            return
        self._running = ""
        self._done.append(progress)
        if self._live is None:
            took = seconds_text(progress.seconds)
            line = f"{_label(progress.step)}: {clean(progress.detail)} ({took})"
            self._terminal.human.print(Text(line), soft_wrap=True)

    @staticmethod
    def _table() -> Table:
        table = Table.grid(padding=(0, 1), expand=True)
        table.add_column(width=3, justify="right")
        table.add_column(width=10, no_wrap=True)
        table.add_column(ratio=1, no_wrap=True, overflow="ellipsis", style="soft")
        table.add_column(width=8, no_wrap=True, justify="right", style="soft")
        return table

    def _row(self, progress: Progress) -> tuple[Text, ...]:
        return (
            Text(self._terminal.marks.done, "good"),
            Text(_label(progress.step)),
            Text(clean(progress.detail)),
            Text(seconds_text(progress.seconds)),
        )


def _label(step: str) -> str:
    return STEP_LABELS.get(step, step.capitalize())


def _address(url: str | None) -> Text | str:
    return Text(url, "key", overflow="fold") if url else ""


def _health_text(health: dict[str, Any]) -> Text:
    answer = clean(str(health.get("status", "unknown")))
    version = clean(str(health.get("version", "")))
    return Text(f"{answer}, version {version}" if version else answer, "good")


def _local_status() -> dict[str, Any]:
    from reelstep.local import cloud

    known = cloud.status()
    return {
        "home": str(known.home),
        "running": known.running,
        "pid": known.pid,
        "stack": known.stack,
        "runningExecutions": known.running_executions,
    }


@contextmanager
def _as_cloud_failed() -> Iterator[None]:
    """What `reelstep.local` raises, as the terminal shows it."""
    from reelstep.local.errors import LocalCloudError

    try:
        yield
    except LocalCloudError as error:
        told = "\n".join(part for part in (error.message, error.detail) if part)
        raise CloudFailed(error.title, told, hint=error.hint, code=type(error).__name__) from error
