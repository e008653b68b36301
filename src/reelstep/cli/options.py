"""Options that several commands have, each defined once. Only Typer is imported here."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from reelstep.cli.choices import (
    DURATION_SECONDS,
    AspectRatio,
    Captions,
    MusicStyle,
    Quality,
    Transition,
    VisualStyle,
)
from reelstep.cli.wish import Wish, check_quoted

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
NoFollow = Annotated[
    bool, typer.Option("--no-follow", metavar="", help="Submit, print the id and return.")
]
#: What stands behind a prompt gets to us, so that its error can say what to do.
WITH_WISH = {"allow_extra_args": True}
Yes = Annotated[bool, typer.Option("--yes", "-y", metavar="", help="Do not ask.")]


def wish_of(
    prompt: Annotated[
        str,
        typer.Argument(
            metavar="PROMPT",
            help='What the film is about, in quotes; "-" reads it from stdin.',
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
        list[str] | None,
        typer.Option(
            "--companion",
            metavar="ID",
            help="Who plays in it; up to three times",
            show_default=False,
        ),
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
            "--voice",
            metavar="NAME",
            help=r"female or male \[default: the companion's, else female]",
            show_default=False,
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
    callback_url: Annotated[
        str | None,
        typer.Option(
            "--callback-url",
            metavar="URL",
            help="HTTPS address that is told when the film has ended",
            show_default=False,
        ),
    ] = None,
) -> Wish:
    """What a film shall be: the argument and the options that say so."""
    return Wish(
        prompt=prompt,
        duration_seconds=duration,
        quality=quality,
        visual_style=style,
        music_style=music,
        include_elements=tuple(element or ()),
        companion_ids=tuple(companion or ()),
        language=language,
        aspect_ratio=aspect,
        captions=captions,
        transition=transition,
        voice=voice,
        preview=preview or None,
        max_tokens=max_tokens,
        callback_url=callback_url,
    )


def asks_for_wish(run: Callable[..., None]) -> Callable[..., None]:
    """A command that takes the parameters of `wish_of` where `run` has `wish`, its first.

    To be registered with the context settings `WITH_WISH`.
    """
    asked = inspect.signature(wish_of, eval_str=True)
    own = inspect.signature(run, eval_str=True)
    first, *rest = own.parameters.values()
    if first.name != "wish":
        raise TypeError(f"{run.__name__} must take `wish` first")

    @functools.wraps(run)
    def command(context: typer.Context, **given: Any) -> None:
        check_quoted(str(context.info_name), given["prompt"], context.args)
        wish = wish_of(**{name: given.pop(name) for name in asked.parameters})
        run(wish, **given)

    context = inspect.Parameter("context", first.kind, annotation=typer.Context)
    parameters = [context, *asked.parameters.values(), *rest]
    # Typer reads the signature, and the annotations for what the signature leaves open.
    command.__signature__ = own.replace(parameters=parameters)  # type: ignore[attr-defined]
    command.__annotations__ = {each.name: each.annotation for each in parameters}
    return command
