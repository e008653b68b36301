"""Commands about films: make, follow, list, show, open, mark, delete.

Only Typer is imported at the top; what a command needs is imported when it runs, so that
`reelstep --help` answers at once.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from reelstep.cli.choices import (
    DURATION_SECONDS,
    AspectRatio,
    Captions,
    MusicStyle,
    Quality,
    Status,
    Transition,
    VisualStyle,
)
from reelstep.cli.edge import guarded

VideoId = Annotated[
    str, typer.Argument(metavar="ID", help="The film's id, or how it begins.", show_default=False)
]
Json = Annotated[
    bool,
    typer.Option("--json", metavar="", help="One JSON document on stdout, and nothing else there."),
]
Out = Annotated[
    Path | None,
    typer.Option(
        "--out",
        "-o",
        metavar="FILE",
        help=r"Where the film goes \[default: here, named after the prompt]",
        show_default=False,
    ),
]
Force = Annotated[bool, typer.Option("--force", metavar="", help="Replace the file that is there.")]


@guarded
def generate(
    prompt: Annotated[
        str,
        typer.Argument(
            metavar="PROMPT",
            help='What the film is about; "-" reads it from stdin.',
            show_default=False,
        ),
    ],
    duration: Annotated[
        int | None,
        typer.Option(
            "--duration",
            "-d",
            min=DURATION_SECONDS[0],
            max=DURATION_SECONDS[1],
            metavar="SECONDS",
            help=r"10 to 600 \[default: 60]",
            show_default=False,
        ),
    ] = None,
    quality: Annotated[
        Quality | None,
        typer.Option(
            "--quality",
            "-q",
            case_sensitive=False,
            metavar="QUALITY",
            help=r"standard (1080p30), hd (1080p60) or ultra (2160p60) \[default: standard]",
            show_default=False,
        ),
    ] = None,
    style: Annotated[
        VisualStyle | None,
        typer.Option(
            "--style",
            "-s",
            case_sensitive=False,
            metavar="STYLE",
            help=r"realistic, anime, artistic or cinematic \[default: realistic]",
            show_default=False,
        ),
    ] = None,
    music: Annotated[
        MusicStyle | None,
        typer.Option(
            "--music",
            "-m",
            case_sensitive=False,
            metavar="MUSIC",
            help=r"upbeat, calm, epic or romantic \[default: upbeat]",
            show_default=False,
        ),
    ] = None,
    element: Annotated[
        list[str] | None,
        typer.Option(
            "--element",
            "-e",
            metavar="THING",
            help="Something to be seen in it; up to ten times",
            show_default=False,
        ),
    ] = None,
    companion: Annotated[
        str | None,
        typer.Option("--companion", metavar="ID", help="Who plays in it", show_default=False),
    ] = None,
    language: Annotated[
        str | None,
        typer.Option(
            "--language",
            "-l",
            metavar="TAG",
            help=r"Of speech and captions, such as fr \[default: the prompt's]",
            show_default=False,
        ),
    ] = None,
    aspect: Annotated[
        AspectRatio | None,
        typer.Option(
            "--aspect",
            metavar="W:H",
            help=r"16:9, 9:16 or 1:1 \[default: 16:9]",
            show_default=False,
        ),
    ] = None,
    captions: Annotated[
        Captions | None,
        typer.Option(
            "--captions",
            case_sensitive=False,
            metavar="WHERE",
            help=r"burned (in the picture), sidecar or none \[default: burned]",
            show_default=False,
        ),
    ] = None,
    transition: Annotated[
        Transition | None,
        typer.Option(
            "--transition",
            case_sensitive=False,
            metavar="HOW",
            help=r"Between scenes: cut, crossfade, fade_black, wipe_left, … \[default: crossfade]",
            show_default=False,
        ),
    ] = None,
    voice: Annotated[
        str | None,
        typer.Option(
            "--voice", metavar="NAME", help=r"female or male \[default: female]", show_default=False
        ),
    ] = None,
    preview: Annotated[
        bool, typer.Option("--preview", metavar="", help="720p at half the price.")
    ] = False,
    max_tokens: Annotated[
        int | None,
        typer.Option(
            "--max-tokens",
            min=0,
            metavar="TOKENS",
            help="Refuse the film when it would cost more",
            show_default=False,
        ),
    ] = None,
    out: Out = None,
    force: Force = False,
    no_follow: Annotated[
        bool, typer.Option("--no-follow", metavar="", help="Submit, print the id and return.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Make a film from a prompt: submit it, watch it being made, fetch it."""
    from reelstep.cli import library

    library.generate(
        library.Wish(
            prompt=prompt,
            duration_seconds=duration,
            quality=quality,
            visual_style=style,
            music_style=music,
            include_elements=tuple(element or ()),
            companion_id=companion,
            language=language,
            aspect_ratio=aspect,
            captions=captions,
            transition=transition,
            voice=voice,
            preview=preview or None,
            max_tokens=max_tokens,
        ),
        out=out,
        force=force,
        no_follow=no_follow,
        as_json=as_json,
    )


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
            help=r"A film's id or a file \[default: the newest finished film]",
        ),
    ] = None,
    url: Annotated[bool, typer.Option("--url", metavar="", help="Print the address only.")] = False,
) -> None:
    """Play a film in the browser; prints its address where there is no display."""
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
    yes: Annotated[bool, typer.Option("--yes", "-y", metavar="", help="Do not ask.")] = False,
    as_json: Json = False,
) -> None:
    """Delete a film and its files; one that is being made is stopped."""
    from reelstep.cli import library

    library.delete(video_id, yes=yes, as_json=as_json)
