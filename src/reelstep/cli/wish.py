"""What a film shall be, as the options of the command line say it."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, cast

from reelstep.cli.choices import COMPANIONS, ELEMENTS, PROMPT_LETTERS
from reelstep.cli.errors import WrongUsage

if TYPE_CHECKING:
    from reelstep.cli.terminal import Terminal
    from reelstep.client.routes import FilmOptions


@dataclass(frozen=True)
class Wish:
    """The options of `generate` and `quote`; None leaves the choice to the API."""

    prompt: str
    duration_seconds: int | None = None
    quality: str | None = None
    visual_style: str | None = None
    music_style: str | None = None
    include_elements: tuple[str, ...] = ()
    companion_ids: tuple[str, ...] = ()
    language: str | None = None
    aspect_ratio: str | None = None
    captions: str | None = None
    transition: str | None = None
    voice: str | None = None
    preview: bool | None = None
    max_tokens: int | None = None
    callback_url: str | None = None

    def options(self) -> FilmOptions:
        """What the client is asked for besides the prompt: what was chosen and no more.

        Raises:
            WrongUsage: what can be told without asking the API.
        """
        if not self.prompt.strip():
            raise _field("The prompt is empty", "prompt", "say what the film is about")
        if len(self.prompt) > PROMPT_LETTERS:
            raise _field(
                "The prompt is too long",
                "prompt",
                f"{len(self.prompt):,} characters, and {PROMPT_LETTERS:,} is the most",
            )
        if len(self.include_elements) > ELEMENTS:
            raise _field(
                "Too many elements", "--element", f"{len(self.include_elements)} of {ELEMENTS}"
            )
        if len(self.companion_ids) > COMPANIONS:
            raise _field(
                "Too many companions", "--companion", f"{len(self.companion_ids)} of {COMPANIONS}"
            )
        one = len(self.companion_ids) == 1
        given: dict[str, Any] = {
            **{each.name: getattr(self, each.name) for each in fields(self)},
            "include_elements": list(self.include_elements) or None,
            "companion_id": self.companion_ids[0] if one else None,
            "companion_ids": None if one else list(self.companion_ids) or None,
        }
        del given["prompt"]
        chosen = {name: value for name, value in given.items() if value is not None}
        return cast("FilmOptions", chosen)

    def facts(self, terminal: Terminal) -> str:
        """`20 s · HD · ANIME · fr`: what was chosen, for the line under the prompt."""
        from reelstep.cli.terminal import length_text

        return terminal.dotted(
            length_text(self.duration_seconds or 60),
            *(str(each) for each in (self.quality, self.visual_style, self.language) if each),
        )


def check_quoted(command: str, prompt: str, more: Sequence[str]) -> None:
    """Words behind the prompt are not joined to it by guess: one of them may be an option that
    lost its dashes, and a film costs tokens.

    Raises:
        WrongUsage: there are any.
    """
    if more:
        raise WrongUsage(
            "The prompt is not in quotes",
            fields=[("prompt", f"ends for the shell after {prompt!r}")],
            hint=f"In quotes:  {shlex.join(['reelstep', command, ' '.join([prompt, *more])])}",
            code="VALIDATION_FAILED",
        )


def with_prompt(wish: Wish) -> Wish:
    """The same, with its prompt from stdin where it is given as "-"."""
    return replace(wish, prompt=sys.stdin.read().strip()) if wish.prompt == "-" else wish


def _field(title: str, field: str, message: str) -> WrongUsage:
    return WrongUsage(title, fields=[(field, message)], code="VALIDATION_FAILED")
