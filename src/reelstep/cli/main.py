"""The `reelstep` command: which commands there are and in which order help shows them."""

from __future__ import annotations

import io
import sys
from typing import Annotated

import typer

from reelstep import __version__
from reelstep.cli import accounts, cloud, films
from reelstep.cli.options import WITH_WISH

app = typer.Typer(
    name="reelstep",
    help="Films from a prompt, on AWS or on this machine.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    rich_markup_mode="rich",
)

_FILMS = "Films"
_PEOPLE = "Account"
_CLOUD = "Local cloud"

app.command("demo", rich_help_panel=_FILMS)(cloud.demo)
app.command("generate", rich_help_panel=_FILMS, context_settings=WITH_WISH)(films.generate)
app.command("quote", rich_help_panel=_FILMS, context_settings=WITH_WISH)(films.quote)
app.command("follow", rich_help_panel=_FILMS)(films.follow)
app.command("cancel", rich_help_panel=_FILMS)(films.cancel)
app.command("retry", rich_help_panel=_FILMS)(films.retry)
app.command("list", rich_help_panel=_FILMS)(films.list_films)
app.command("show", rich_help_panel=_FILMS)(films.show)
app.command("open", rich_help_panel=_FILMS)(films.open_film)
app.command("favorite", rich_help_panel=_FILMS)(films.favorite)
app.command("delete", rich_help_panel=_FILMS)(films.delete)
app.add_typer(accounts.account, name="account", rich_help_panel=_PEOPLE)
app.add_typer(accounts.companion, name="companion", rich_help_panel=_PEOPLE)
app.add_typer(accounts.admin, name="admin", rich_help_panel=_PEOPLE)
app.command("up", rich_help_panel=_CLOUD)(cloud.up)
app.command("status", rich_help_panel=_CLOUD)(cloud.status)
app.command("doctor", rich_help_panel=_CLOUD)(cloud.doctor)
app.command("logs", rich_help_panel=_CLOUD)(cloud.logs)
app.command("token", rich_help_panel=_CLOUD)(cloud.token)
app.command("password", rich_help_panel=_CLOUD)(cloud.password)
app.command("publish", rich_help_panel=_CLOUD)(cloud.publish)
app.command("down", rich_help_panel=_CLOUD)(cloud.down)


@app.command("version", rich_help_panel=_CLOUD)
def version() -> None:
    """Print the version."""
    typer.echo(f"reelstep {__version__}")


def _print_version(wanted: bool) -> None:
    if wanted:
        version()
        raise typer.Exit


@app.callback()
def _options(
    _version: Annotated[
        bool,
        typer.Option(
            "--version",
            metavar="",
            callback=_print_version,
            is_eager=True,
            help="Print the version.",
        ),
    ] = False,
) -> None:
    """Films from a prompt, on AWS or on this machine."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A prompt in letters that the terminal's encoding lacks must not end a command.
            stream.reconfigure(errors="replace")


if __name__ == "__main__":
    app()
