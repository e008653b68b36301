"""What the companion commands do, between the API and the terminal."""

from __future__ import annotations

import sys
from pathlib import Path

import typer
from rich.table import Table
from rich.text import Text

from reelstep.cli.api import Api
from reelstep.cli.edge import hinting
from reelstep.cli.errors import WrongUsage
from reelstep.cli.terminal import Terminal, ago_text, clean, pairs
from reelstep.cli.told import told
from reelstep.client.answers import Companion
from reelstep.client.errors import WrongPicture
from reelstep.client.pictures import Picture

_SEE_ALL = "See your companions:  reelstep companion list"


def list_companions(*, as_json: bool) -> None:
    terminal = Terminal(as_json=as_json)
    known = Api.discovered().companions()
    if as_json:
        terminal.emit(known.document)
        return
    if not known.companions:
        terminal.say(Text("No companions yet."))
        terminal.commands([("Make one", 'reelstep companion put luna --name "Luna"')])
        return
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="soft", expand=True)
    table.add_column("id", no_wrap=True)
    table.add_column("name", no_wrap=True, overflow="ellipsis", ratio=1)
    table.add_column("voice", no_wrap=True)
    table.add_column("picture", no_wrap=True)
    table.add_column("changed", no_wrap=True, min_width=10)
    for each in known.companions:
        table.add_row(
            Text(clean(each.id), "key"),
            clean(each.name),
            clean(each.voice or ""),
            "yes" if each.avatar_url else "",
            Text(ago_text(each.updated_at or each.created_at), "soft"),
        )
    terminal.say(table)


def show(companion_id: str, *, as_json: bool) -> None:
    terminal = Terminal(as_json=as_json)
    with hinting(404, _SEE_ALL):
        companion = Api.discovered().companion(companion_id)
    if as_json:
        terminal.emit(companion.document)
        return
    _print(terminal, companion)


def put(
    companion_id: str, *, name: str, voice: str | None, avatar: Path | None, as_json: bool
) -> None:
    """Raises WrongUsage for a name or picture that cannot be, UploadFailed."""
    if not name.strip():
        raise WrongUsage("A companion needs a name", fields=[("--name", "must not be empty")])
    picture = _read(avatar) if avatar is not None else None
    terminal = Terminal(as_json=as_json)
    api = Api.discovered()
    companion = api.put_companion(companion_id, name=name, voice=voice, picture=picture)
    if as_json:
        terminal.emit(companion.document)
        return
    _print(terminal, companion)
    command = f'reelstep generate "…" --companion {companion.id}'
    terminal.commands([("In a film", command)])


def delete(companion_id: str, *, yes: bool, as_json: bool) -> None:
    terminal = Terminal(as_json=as_json)
    if not yes:
        if as_json or not sys.stdin.isatty():
            raise WrongUsage(
                "Deleting needs a yes", "There is nobody to ask here.", hint="Add --yes."
            )
        if not typer.confirm(f"Delete the companion {clean(companion_id)}?"):
            terminal.say(Text("Kept.", "soft"))
            return
    with hinting(404, _SEE_ALL):
        Api.discovered().delete_companion(companion_id)
    if as_json:
        terminal.emit({"id": companion_id, "deleted": True})
        return
    terminal.say(Text(f"Deleted {clean(companion_id)}."))


def _read(avatar: Path) -> Picture:
    try:
        return Picture.read(avatar)
    except WrongPicture as error:
        raise told(error) from error


def _print(terminal: Terminal, companion: Companion) -> None:
    terminal.say(
        pairs(
            [
                ("Id", Text(clean(companion.id), "key")),
                ("Name", clean(companion.name)),
                ("Voice", clean(companion.voice or "")),
                ("Picture", "yes" if companion.avatar_url else "none"),
                ("Changed", ago_text(companion.updated_at or companion.created_at)),
            ]
        )
    )
