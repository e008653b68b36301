"""Plans, balances and ledgers, of oneself and (for admins) of others."""

from __future__ import annotations

from rich.table import Table
from rich.text import Text

from reelstep.cli.api import Api
from reelstep.cli.edge import hinting
from reelstep.cli.errors import WrongUsage
from reelstep.cli.terminal import Terminal, clean, length_text, local_time, pairs, tokens_text
from reelstep.client.answers import LedgerEntry

SHORT_ID = 8
_UNKNOWN_USER = "There is no such user, or you are not an admin."


def show_account(*, as_json: bool) -> None:
    terminal = Terminal(as_json=as_json)
    account = Api.discovered().account()
    if as_json:
        terminal.emit(account.document)
        return
    limits = account.limits
    terminal.say(
        pairs(
            [
                ("Plan", _plan_text(terminal, account.plan, admin=account.admin)),
                (
                    "Films",
                    terminal.dotted(
                        f"up to {length_text(limits.max_duration_seconds)}",
                        f"up to {limits.max_quality}",
                    ),
                ),
                ("Queue", f"priority {limits.priority} (1 goes first)"),
                ("Running", f"{account.running_jobs} of {limits.concurrent_jobs} at once"),
                ("Balance", _balance_text(account.balance)),
                ("Reserved", tokens_text(account.reserved)),
                ("User", Text(clean(account.user_id), "soft")),
            ]
        )
    )
    terminal.commands([("Where they went", "reelstep account ledger")])


def ledger(*, size: int, everything: bool, as_json: bool) -> None:
    terminal = Terminal(as_json=as_json)
    api = Api.discovered()
    pages = list(api.ledger_pages()) if everything else [api.ledger(size=size)]
    if as_json:
        entries = [entry.document for page in pages for entry in page.entries]
        terminal.emit({**pages[-1].document, "entries": entries})
        return
    shown = [entry for page in pages for entry in page.entries]
    if not shown:
        terminal.say(Text("No tokens have moved yet."))
        return
    terminal.say(_ledger_table(terminal, shown))
    if pages[-1].cursor:
        terminal.commands([("All of it", "reelstep account ledger --all")], indent=0)


def show_person(user: str, *, as_json: bool) -> None:
    terminal = Terminal(as_json=as_json)
    with hinting(404, _UNKNOWN_USER):
        person = Api.discovered(as_admin=True).person(user)
    if as_json:
        terminal.emit(person.document)
        return
    terminal.say(
        pairs(
            [
                ("E-mail", clean(person.email or "")),
                ("User", Text(clean(person.user_id), "soft")),
                ("Plan", _plan_text(terminal, person.plan, admin=person.admin)),
                ("Balance", _balance_text(person.balance)),
                ("Reserved", tokens_text(person.reserved)),
            ]
        )
    )


def grant(user: str, amount: int, *, reason: str, as_json: bool) -> None:
    """Raises WrongUsage for no tokens or no reason."""
    if amount == 0:
        raise WrongUsage("Nothing to grant", fields=[("TOKENS", "must not be 0")])
    _check_reason(reason)
    terminal = Terminal(as_json=as_json)
    with (
        hinting(404, _UNKNOWN_USER),
        hinting(409, f"See what there is:  reelstep admin show {user}"),
    ):
        funds = Api.discovered(as_admin=True).grant(user, amount, reason=reason)
    if as_json:
        terminal.emit(funds.document)
        return
    did = f"Granted {tokens_text(amount)} to" if amount > 0 else f"Took {tokens_text(-amount)} from"
    said = terminal.dotted(f"{did} {clean(user)}", f"the balance is {funds.balance:,}")
    terminal.say(Text.assemble((terminal.marks.done, "good"), " ", said))


def set_plan(user: str, plan: str, *, reason: str, as_json: bool) -> None:
    """Raises WrongUsage for no reason."""
    _check_reason(reason)
    terminal = Terminal(as_json=as_json)
    with hinting(404, _UNKNOWN_USER):
        now = Api.discovered(as_admin=True).set_plan(user, plan, reason=reason)
    if as_json:
        terminal.emit(now.document)
        return
    # A plan is in the token that somebody signed in with, and those live for an hour.
    said = f"{clean(user)} has the plan {now.plan} from the next sign-in on, within an hour"
    terminal.say(Text.assemble((terminal.marks.done, "good"), " ", said))


def _ledger_table(terminal: Terminal, entries: list[LedgerEntry]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="soft", expand=True)
    table.add_column("when", no_wrap=True)
    table.add_column("what", no_wrap=True)
    table.add_column("tokens", no_wrap=True, justify="right")
    table.add_column("film", no_wrap=True, min_width=SHORT_ID)
    table.add_column("reason", no_wrap=True, overflow="ellipsis", ratio=1)
    for entry in entries:
        table.add_row(
            Text(local_time(entry.at), "soft"),
            clean(entry.type).lower(),
            _movement(terminal, entry),
            Text(clean(entry.job_id or "")[:SHORT_ID], "key"),
            Text(clean(entry.reason or ""), no_wrap=True, overflow="ellipsis"),
        )
    return table


def _movement(terminal: Terminal, entry: LedgerEntry) -> Text:
    """What it did to the balance. What a film settles had left the balance when it was reserved."""
    change = {"RESERVE": -entry.tokens, "REFUND": entry.tokens, "GRANT": entry.tokens}.get(
        entry.type
    )
    if change is None:
        return Text(f"{entry.tokens:,}" if entry.tokens else "", "soft")
    sign = terminal.marks.minus if change < 0 else "+"
    return Text(f"{sign}{abs(change):,}", "good" if change > 0 else "value")


def _plan_text(terminal: Terminal, plan: str, *, admin: bool) -> str:
    return terminal.dotted(clean(plan), "admin" if admin else "")


def _balance_text(balance: int) -> Text:
    return Text(tokens_text(balance), "good" if balance > 0 else "warn")


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise WrongUsage("A reason is needed", fields=[("--reason", "must not be empty")])
