"""What spends tokens: the price of a film, submitting it, and trying a failed one again."""

from __future__ import annotations

from pathlib import Path

import typer
from rich.text import Text

from reelstep.cli import making
from reelstep.cli.api import Api
from reelstep.cli.edge import hinting
from reelstep.cli.errors import ExitCode
from reelstep.cli.library import find
from reelstep.cli.terminal import Terminal, length_text, pairs, tokens_text, usd_text, wait_text
from reelstep.cli.wish import Wish, with_prompt
from reelstep.client.answers import Quote, Submission
from reelstep.client.progress import JobProgress


def generate(wish: Wish, *, out: Path | None, force: bool, no_follow: bool, as_json: bool) -> None:
    wish = with_prompt(wish)
    options = wish.options()
    terminal = Terminal(as_json=as_json)
    place = making.Place.of(out, wish.prompt, force=force)
    api = Api.discovered()
    submitted = api.generate(wish.prompt, **options)
    if no_follow:
        _print_id(terminal, submitted, place)
        return
    making.announce(terminal, wish.prompt, submitted, wish.facts(terminal))
    document = making.make(terminal, api, submitted.video_id, place)
    if as_json:
        terminal.emit(document)


def retry(given: str, *, out: Path | None, force: bool, no_follow: bool, as_json: bool) -> None:
    terminal = Terminal(as_json=as_json)
    api = Api.discovered()
    video = find(api, given)
    place = making.Place.of(out, video.prompt, force=force)
    # What is known of it before: the new attempt's events come after these.
    before = JobProgress(video.id) if no_follow else api.progress(video.id)
    with hinting(409, f"See how it stands:  reelstep show {video.id[:8]}"):
        submitted = api.retry(video.id)
    if no_follow:
        _print_id(terminal, submitted, place)
        return
    facts = terminal.dotted(length_text(video.duration_seconds), video.quality, "again")
    making.announce(terminal, video.prompt, submitted, facts)
    document = making.make(terminal, api, video.id, place, since=before.again())
    if as_json:
        terminal.emit(document)


def quote(wish: Wish, *, as_json: bool) -> None:
    """Raises typer.Exit with the code of `INSUFFICIENT_TOKENS` when the balance is too low."""
    wish = with_prompt(wish)
    options = wish.options()
    terminal = Terminal(as_json=as_json)
    offer = Api.discovered().quote(wish.prompt, **options)
    if as_json:
        terminal.emit(offer.document)
    else:
        _print_quote(terminal, offer)
    if not offer.sufficient:
        raise typer.Exit(int(ExitCode.NOT_ALLOWED))


def _print_quote(terminal: Terminal, offer: Quote) -> None:
    usd = usd_text(offer.estimated_usd)
    lacking = offer.tokens_cost - offer.balance
    verdict = (
        Text(f"{terminal.marks.done} enough", "good")
        if offer.sufficient
        else Text(f"{terminal.marks.failed} {tokens_text(lacking)} too few", "bad")
    )
    balance = Text.assemble(tokens_text(offer.balance), "  ", verdict)
    terminal.say(
        pairs(
            [
                ("Price", tokens_text(offer.tokens_cost)),
                ("Balance", balance),
                ("Wait", wait_text(offer.estimated_wait_minutes)),
                ("Cost to make", f"about {usd}" if usd else ""),
            ]
        )
    )


def _print_id(terminal: Terminal, submitted: Submission, place: making.Place) -> None:
    if terminal.as_json:
        terminal.emit(submitted.document)
    terminal.say(Text(submitted.video_id, "strong"))
    # Beside stdout, which has the id alone: `id=$(reelstep generate … --no-follow)`.
    beside = Terminal(as_json=True)
    beside.commands([("Follow", making.again_command(submitted.video_id, place))])
