"""What the film commands do, between the API and the terminal."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from rich.table import Table
from rich.text import Text

from reelstep.cli import detail, making
from reelstep.cli.api import Api
from reelstep.cli.browser import open_address
from reelstep.cli.edge import hinting
from reelstep.cli.errors import ApiProblem, ExitCode, UnknownVideo, WrongUsage
from reelstep.cli.terminal import Terminal, ago_text, clean, length_text, print_error, tokens_text
from reelstep.client.answers import Cancellation, Video

ID_LENGTH = 36
SHORT_ID = 8
#: Less of an id names no film: what follows may delete it or spend tokens on it.
SHORTEST_ID = 4
SEARCHED_PAGES = 5


def follow(given: str, *, out: Path | None, force: bool, no_download: bool, as_json: bool) -> None:
    terminal = Terminal(as_json=as_json)
    api = Api.discovered()
    video = find(api, given)
    download = not no_download and (out is not None or not as_json)
    place = making.Place.of(out, video.prompt, force=force) if download else None
    if not as_json:
        making.headline(
            terminal,
            video.prompt,
            terminal.dotted(length_text(video.duration_seconds), video.quality, video.id),
        )
    making.make(terminal, api, video.id, place, json_lines=as_json)


def list_films(*, page: int, size: int, status: str | None, favorites: bool, as_json: bool) -> None:
    terminal = Terminal(as_json=as_json)
    films = Api.discovered().videos(
        page=page,
        size=size,
        status=str(status) if status else None,
        favorite=True if favorites else None,
    )
    if as_json:
        terminal.emit(films.document)
        return
    if not films.videos:
        terminal.say(Text("No films here yet." if page == 0 else "No films on this page."))
        if page == 0 and not status and not favorites:
            terminal.commands([("Make one", 'reelstep generate "A fox who counts stars"')])
        return
    terminal.say(_film_table(terminal, films.videos))
    if films.total_pages > 1:
        footer = f"page {page + 1} of {films.total_pages}, {films.total_elements} films"
        terminal.say(Text(footer, "soft"))


def show(given: str, *, as_json: bool) -> None:
    terminal = Terminal(as_json=as_json)
    video = find(Api.discovered(), given)
    if as_json:
        terminal.emit(video.document)
        return
    detail.print_film(terminal, video)


def open_film(what: str, *, url_only: bool) -> None:
    open_address(_address(what), url_only=url_only)


def favorite(given: str, *, remove: bool, as_json: bool) -> None:
    terminal = Terminal(as_json=as_json)
    api = Api.discovered()
    video = find(api, given)
    now = api.set_favorite(video.id, not remove)
    if as_json:
        terminal.emit({"id": video.id, "isFavorite": now})
        return
    terminal.say(
        Text(
            f"{terminal.marks.favorite} {video.id[:SHORT_ID]} is a favourite"
            if now
            else f"{video.id[:SHORT_ID]} is no favourite any more"
        )
    )


def delete(given: str, *, yes: bool, as_json: bool) -> None:
    import typer

    terminal = Terminal(as_json=as_json)
    api = Api.discovered()
    video = find(api, given)
    if not yes:
        if as_json or not sys.stdin.isatty():
            raise WrongUsage(
                "Deleting needs a yes", "There is nobody to ask here.", hint="Add --yes."
            )
        what = clean(video.prompt)[:60]
        if not typer.confirm(f"Delete {video.id[:SHORT_ID]} ({what}) and its files?"):
            terminal.say(Text("Kept.", "soft"))
            return
    api.delete(video.id)
    if as_json:
        terminal.emit({"id": video.id, "deleted": True})
        return
    terminal.say(Text(f"Deleted {video.id[:SHORT_ID]}."))


def cancel(ids: Sequence[str], *, as_json: bool) -> None:
    """Stop each of them, whatever becomes of the others.

    Raises typer.Exit with the first error's code, after all have had their turn.
    """
    import typer

    terminal = Terminal(as_json=as_json)
    api = Api.discovered()
    done: list[dict[str, Any]] = []
    failed: list[dict[str, Any]] = []
    code = ExitCode.DONE
    for given in dict.fromkeys(ids):
        try:
            stopped = _cancel(api, given)
        except (ApiProblem, UnknownVideo) as error:
            code = code or error.exit_code
            failed.append({"id": given, "error": error.document()})
            print_error(error, terminal.err)
            continue
        done.append(stopped.document)
        back = f"{tokens_text(stopped.tokens_refunded)} back" if stopped.tokens_refunded else ""
        said = terminal.dotted(f"Cancelled {stopped.video_id[:SHORT_ID]}", back)
        terminal.say(Text.assemble((terminal.marks.done, "good"), " ", said))
    if as_json:
        terminal.emit({"cancelled": done, "failed": failed})
    if code:
        raise typer.Exit(int(code))


def _cancel(api: Api, given: str) -> Cancellation:
    video = find(api, given)
    with hinting(409, f"See how it stands:  reelstep show {video.id[:SHORT_ID]}"):
        return api.cancel(video.id)


def find(api: Api, given: str) -> Video:
    """The film with that id, or the only recent one whose id begins so.

    Raises:
        UnknownVideo: none, or several, or too little to tell: an empty variable in a script must
            not mean somebody's only film.
        ApiProblem: the API refused for another reason.
    """
    if len(given.strip()) < SHORTEST_ID:
        raise _unknown(given, f"Give at least {SHORTEST_ID} letters of its id.")
    try:
        return api.video(given)
    except ApiProblem as problem:
        short = len(given) < ID_LENGTH
        if problem.status not in (404, 422) or not short:
            if problem.status == 404:
                raise _unknown(given) from None
            raise
    matching: list[Video] = []
    for page in range(SEARCHED_PAGES):
        films = api.videos(page=page, size=100)
        matching += [video for video in films.videos if video.id.startswith(given)]
        if films.is_last:
            break
    if not matching:
        raise _unknown(given)
    if len(matching) > 1:
        raise UnknownVideo(
            f"Several of your films begin with {clean(given)}",
            ", ".join(video.id for video in matching[:3]),
            hint="Give more of the id.",
            code="AMBIGUOUS",
        )
    return api.video(matching[0].id)


def _unknown(given: str, why: str = "") -> UnknownVideo:
    return UnknownVideo(
        f"You have no film {clean(given) or '“”'}",
        why,
        hint="See your films:  reelstep list",
        code="NOT_FOUND",
    )


def _film_table(terminal: Terminal, videos: list[Video]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="soft", expand=True)
    table.add_column("id", no_wrap=True, width=SHORT_ID)
    table.add_column("", no_wrap=True, width=1)
    table.add_column("when", no_wrap=True, min_width=10)
    table.add_column("length", no_wrap=True, justify="right")
    table.add_column("quality", no_wrap=True)
    table.add_column("status", no_wrap=True)
    table.add_column("prompt", no_wrap=True, overflow="ellipsis", ratio=1)
    for video in videos:
        star = terminal.marks.favorite if video.is_favorite else ""
        table.add_row(
            Text(video.id[:SHORT_ID], "key"),
            Text(star, "warn"),
            Text(ago_text(video.created_at), "soft"),
            length_text(video.duration_seconds),
            video.quality,
            detail.status_text(video),
            Text(clean(video.prompt), no_wrap=True, overflow="ellipsis"),
        )
    return table


def _address(what: str) -> str:
    """A URL to play: of a file, of a film, or the one given."""
    if urlsplit(what).scheme in ("http", "https"):
        return what
    if Path(what).exists():
        return Path(what).absolute().as_uri()
    video = find(Api.discovered(), what)
    if not video.storage_url:
        raise WrongUsage(
            "This film cannot be played",
            f"It is {video.status.lower()}.",
            hint=f"reelstep {'show' if video.finished else 'follow'} {video.id[:SHORT_ID]}",
            code="NOT_READY",
        )
    return video.storage_url
