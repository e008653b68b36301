"""docs/cli.md knows every command, option and exit code that there is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer.main

from reelstep.cli.errors import ExitCode
from reelstep.cli.main import app

DOCS = (Path(__file__).resolve().parents[3] / "docs/cli.md").read_text(encoding="utf-8")
# Documented where it lists commands, with the whole of `--json` in "For scripts".
EVERYWHERE = {"--help", "--json"}


def commands() -> Iterator[tuple[str, list[str]]]:
    """(`admin grant`, its long options), of every command."""

    def within(group: object, words: tuple[str, ...]) -> Iterator[tuple[str, list[str]]]:
        for name, command in getattr(group, "commands", {}).items():
            options = [
                option
                for parameter in command.params
                if parameter.param_type_name == "option"
                for option in parameter.opts
                if option.startswith("--")
            ]
            yield " ".join((*words, name)), sorted(set(options) - EVERYWHERE)
            yield from within(command, (*words, name))

    yield from within(typer.main.get_command(app), ())


COMMANDS = dict(commands())


def test_the_commands_are_found() -> None:
    assert {"generate", "quote", "admin grant", "companion put", "account ledger"} <= set(COMMANDS)
    assert "--companion" in COMMANDS["quote"]


@pytest.mark.parametrize("command", [name for name in COMMANDS if name != "version"])
def test_every_command_is_in_the_documentation(command: str) -> None:
    local = re.search(r"^`reelstep (up \|[^`]*)`", DOCS, re.MULTILINE)
    assert local
    of_local_cloud = [each.split()[0] for each in local.group(1).split(" | ")]

    assert f"reelstep {command}" in DOCS or command in of_local_cloud


@pytest.mark.parametrize(
    ("command", "option"),
    [
        (command, option)
        for command in ("generate", "quote", "retry", "account ledger", "companion put")
        for option in COMMANDS[command]
    ],
)
def test_every_option_is_in_the_documentation(command: str, option: str) -> None:
    assert re.search(rf"(?<![\w-]){option}(?![\w-])", DOCS), command


@pytest.mark.parametrize("code", ExitCode)
def test_every_exit_code_is_in_the_documentation(code: ExitCode) -> None:
    assert f"| {int(code)} |" in DOCS
