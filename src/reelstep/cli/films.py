"""Commands about films: price, make, follow, stop, list, show, open, mark, delete.

Only Typer is imported at the top; what a command needs is imported when it runs, so that
`reelstep --help` answers at once.
"""

from __future__ import annotations

from typing import Annotated

import typer

from reelstep.cli.choices import Status
from reelstep.cli.edge import guarded
from reelstep.cli.options import Force, Json, NoFollow, Out, VideoId, Yes, asks_for_wish
from reelstep.cli.wish import Wish


@guarded
@asks_for_wish
def generate(
    wish: Wish,
    out: Out = None,
    force: Force = False,
    no_follow: NoFollow = False,
    as_json: Json = False,
) -> None:
    """Make a film from a prompt: submit it, watch it being made, fetch it."""
    from reelstep.cli import submitting

    submitting.generate(wish, out=out, force=force, no_follow=no_follow, as_json=as_json)


@guarded
@asks_for_wish
def quote(wish: Wish, as_json: Json = False) -> None:
    """Price and wait of a film that is not made yet; ends with 4 when the balance is too low."""
    from reelstep.cli import submitting

    submitting.quote(wish, as_json=as_json)


@guarded
def retry(
    video_id: VideoId,
    out: Out = None,
    force: Force = False,
    no_follow: NoFollow = False,
    as_json: Json = False,
) -> None:
    """Make a failed film again, from the step that failed, and fetch it."""
    from reelstep.cli import submitting

    submitting.retry(video_id, out=out, force=force, no_follow=no_follow, as_json=as_json)


@guarded
def cancel(
    video_ids: Annotated[
        list[str],
        typer.Argument(metavar="ID", help="The films' ids, or how they begin.", show_default=False),
    ],
    as_json: Json = False,
) -> None:
    """Stop films that wait or are being made; what was not spent yet comes back."""
    from reelstep.cli import library

    library.cancel(video_ids, as_json=as_json)


@guarded
def follow(
    video_id: VideoId,
    out: Out = None,
    force: Force = False,
    no_download: Annotated[
        bool,
        typer.Option("--no-download", metavar="", help="Only watch; leave the film where it is."),
    ] = False,
    as_json: Annotated[
        bool,
        typer.Option(
            "--json", metavar="", help="Each event as a line of JSON; downloads only with --out."
        ),
    ] = False,
) -> None:
    """Watch a film being made, from its first event on, and fetch it when it is done."""
    from reelstep.cli import library

    library.follow(video_id, out=out, force=force, no_download=no_download, as_json=as_json)


@guarded
def list_films(
    page: Annotated[
        int, typer.Option("--page", min=1, metavar="N", help="Which page, from 1.")
    ] = 1,
    size: Annotated[
        int, typer.Option("--size", min=1, max=100, metavar="N", help="Films on a page.")
    ] = 20,
    status: Annotated[
        Status | None,
        typer.Option(
            "--status",
            case_sensitive=False,
            metavar="STATUS",
            show_default=False,
            help="Only films that are queued, processing, completed, failed or cancelled.",
        ),
    ] = None,
    favorites: Annotated[
        bool, typer.Option("--favorites", metavar="", help="Only favourites.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Your films, newest first."""
    from reelstep.cli import library

    library.list_films(
        page=page - 1, size=size, status=status, favorites=favorites, as_json=as_json
    )


@guarded
def show(video_id: VideoId, as_json: Json = False) -> None:
    """Everything about one film: phases, times, sizes, checks, cost."""
    from reelstep.cli import library

    library.show(video_id, as_json=as_json)


@guarded
def open_film(
    what: Annotated[
        str | None,
        typer.Argument(
            metavar="ID",
            show_default=False,
            help=r"A film's id or a file \[default: the studio]",
        ),
    ] = None,
    url: Annotated[bool, typer.Option("--url", metavar="", help="Print the address only.")] = False,
) -> None:
    """Open the studio, or a film, in the browser; prints the address where there is no display."""
    if what is None:
        from reelstep.cli import studio

        studio.open_studio(url_only=url)
        return
    from reelstep.cli import library

    library.open_film(what, url_only=url)


@guarded
def favorite(
    video_id: VideoId,
    remove: Annotated[
        bool, typer.Option("--remove", metavar="", help="Take the mark away.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Mark a film as a favourite."""
    from reelstep.cli import library

    library.favorite(video_id, remove=remove, as_json=as_json)


@guarded
def delete(
    video_id: VideoId,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Delete a film and its files; one that is being made is stopped."""
    from reelstep.cli import library

    library.delete(video_id, yes=yes, as_json=as_json)
