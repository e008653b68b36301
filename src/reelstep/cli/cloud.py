"""Commands about the local cloud, and the demo. Only Typer is imported at the top."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from reelstep.cli.choices import DURATION_SECONDS
from reelstep.cli.edge import guarded
from reelstep.cli.options import Yes

DEMO_PROMPT = "A little boat follows the lanterns across the sea at night"

Json = Annotated[
    bool,
    typer.Option("--json", metavar="", help="One JSON document on stdout, and nothing else there."),
]


@guarded
def up(
    port: Annotated[
        int | None,
        typer.Option(
            "--port",
            min=1,
            max=65535,
            metavar="N",
            help=r"Where it listens on 127.0.0.1 \[default: as last time, else 4566]",
            show_default=False,
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Start the local cloud and deploy to it; harmless when it runs already."""
    from reelstep.cli import local_cloud

    local_cloud.up(port=port, as_json=as_json)


@guarded
def down(
    wipe: Annotated[
        bool, typer.Option("--wipe", metavar="", help="Forget its films, users and state as well.")
    ] = False,
    yes: Yes = False,
) -> None:
    """Stop the local cloud; its state is kept."""
    from reelstep.cli import local_cloud

    local_cloud.down(wipe=wipe, yes=yes)


@guarded
def status(as_json: Json = False) -> None:
    """Where the API is, whether it answers, and how long its queue is."""
    from reelstep.cli import local_cloud

    local_cloud.status(as_json=as_json)


@guarded
def doctor(as_json: Json = False) -> None:
    """Check what this machine lacks, and how to get it."""
    from reelstep.cli import local_cloud

    local_cloud.doctor(as_json=as_json)


@guarded
def logs(
    function: Annotated[
        str, typer.Argument(metavar="FUNCTION", help="Such as api, render or finalize.")
    ],
    minutes: Annotated[
        float, typer.Option("--minutes", min=0, metavar="N", help="How far back to look.")
    ] = 10,
) -> None:
    """Print what a function of the local cloud logged lately."""
    from reelstep.cli import local_cloud

    local_cloud.logs(function, minutes=minutes)


@guarded
def token() -> None:
    """Print a fresh token for the Authorization header, for curl and scripts."""
    import sys

    from reelstep.cli.api import Api

    sys.stdout.write(Api.discovered().token() + "\n")


@guarded
def password() -> None:
    """Print the demo user's password, for signing in to the studio."""
    from reelstep.cli import studio

    studio.print_password()


@guarded
def publish(
    stack: Annotated[
        str,
        typer.Option("--stack", metavar="NAME", help="The deployed stack.", show_default=False),
    ],
    region: Annotated[
        str | None,
        typer.Option("--region", metavar="REGION", help=r"\[default: your AWS settings]"),
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", metavar="", help="Write also what has not changed.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Bring the studio to a deployment on AWS; `up` does it by itself here."""
    from reelstep.cli import studio

    studio.publish(stack=stack, region=region, everything=everything, as_json=as_json)


@guarded
def demo(
    prompt: Annotated[
        str, typer.Option("--prompt", metavar="TEXT", help="What the film is about.")
    ] = DEMO_PROMPT,
    duration: Annotated[
        int,
        typer.Option(
            "--duration",
            "-d",
            min=DURATION_SECONDS[0],
            max=DURATION_SECONDS[1],
            metavar="SECONDS",
            help="Length, 10 to 600.",
        ),
    ] = 20,
    out: Annotated[
        Path,
        typer.Option("--out", "-o", metavar="FILE", help="Where it goes; replaced if it exists."),
    ] = Path("out/demo.mp4"),
) -> None:
    """Start the local cloud, make a film there and show what came out."""
    from reelstep.cli import local_cloud

    local_cloud.demo(prompt=prompt, duration=duration, out=out)
