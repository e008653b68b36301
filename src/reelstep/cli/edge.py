"""Where errors end: each command runs inside `guarded`, which shows them and sets the code."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ParamSpec

import typer

from reelstep.cli.errors import ApiProblem, CliError, ExitCode, Interrupted, Unforeseen

Arguments = ParamSpec("Arguments")


def guarded(run: Callable[Arguments, None]) -> Callable[Arguments, None]:
    """Turn what `run` raises into a panel on stderr, one JSON document with `--json`, and a code.

    `REELSTEP_DEBUG=1` lets the traceback of what was not foreseen through.
    """

    @functools.wraps(run)
    def command(*args: Arguments.args, **kwargs: Arguments.kwargs) -> None:
        as_json = bool(kwargs.get("as_json"))
        try:
            run(*args, **kwargs)
        except CliError as error:
            show(error, as_json=as_json)
            raise typer.Exit(int(error.exit_code)) from None
        except KeyboardInterrupt:
            show(Interrupted(), as_json=as_json)
            raise typer.Exit(int(ExitCode.INTERRUPTED)) from None
        except (typer.Exit, typer.Abort, BrokenPipeError):
            raise
        except Exception as error:
            if os.environ.get("REELSTEP_DEBUG"):
                raise
            show(Unforeseen(error), as_json=as_json)
            raise typer.Exit(int(ExitCode.INTERNAL)) from None

    return command


def show(error: CliError, *, as_json: bool) -> None:
    """On stderr for people; with `as_json` also as the one document on stdout."""
    from reelstep.cli.terminal import Terminal, print_error

    terminal = Terminal(as_json=as_json)
    print_error(error, terminal.err)
    if as_json:
        terminal.emit_line({"error": error.document()})


@contextmanager
def hinting(status: int, hint: str) -> Iterator[None]:
    """Say `hint` when the API answers `status` in here: the command knows better what to do."""
    try:
        yield
    except ApiProblem as problem:
        if problem.status == status:
            problem.hint = hint
        raise
