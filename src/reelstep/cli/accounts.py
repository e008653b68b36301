"""Commands about people: the own account, companions, and what admins may do.

Only Typer is imported at the top; what a command needs is imported when it runs, so that
`reelstep --help` answers at once.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from reelstep.cli.choices import Plan
from reelstep.cli.edge import guarded
from reelstep.cli.options import Json, Yes

CompanionId = Annotated[
    str, typer.Argument(metavar="ID", help="The companion's id.", show_default=False)
]
User = Annotated[
    str, typer.Argument(metavar="USER", help="E-mail address or user id.", show_default=False)
]
Reason = Annotated[
    str,
    typer.Option("--reason", metavar="TEXT", help="Kept in the user's ledger.", show_default=False),
]

account = typer.Typer(help="Your plan, its limits and your tokens.")
companion = typer.Typer(help="Those who play in your films.", no_args_is_help=True)
admin = typer.Typer(
    help="Tokens and plans of others; on the local cloud signed in as its admin.",
    no_args_is_help=True,
)


@account.callback(invoke_without_command=True)
@guarded
def show_account(context: typer.Context, as_json: Json = False) -> None:
    """Your plan, its limits and your tokens."""
    if context.invoked_subcommand is not None:
        return
    from reelstep.cli import tokens

    tokens.show_account(as_json=as_json)


@account.command("ledger")
@guarded
def ledger(
    size: Annotated[
        int, typer.Option("--size", min=1, max=100, metavar="N", help="Movements on a page.")
    ] = 20,
    everything: Annotated[
        bool, typer.Option("--all", metavar="", help="All pages, not the newest alone.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Where your tokens came from and went, newest first."""
    from reelstep.cli import tokens

    tokens.ledger(size=size, everything=everything, as_json=as_json)


@companion.command("list")
@guarded
def list_companions(as_json: Json = False) -> None:
    """Your companions."""
    from reelstep.cli import companions

    companions.list_companions(as_json=as_json)


@companion.command("show")
@guarded
def show_companion(companion_id: CompanionId, as_json: Json = False) -> None:
    """Name, voice and picture of one."""
    from reelstep.cli import companions

    companions.show(companion_id, as_json=as_json)


@companion.command("put")
@guarded
def put_companion(
    companion_id: CompanionId,
    name: Annotated[
        str, typer.Option("--name", metavar="NAME", help="What it is called.", show_default=False)
    ],
    voice: Annotated[
        str | None,
        typer.Option("--voice", metavar="NAME", help="How it speaks.", show_default=False),
    ] = None,
    avatar: Annotated[
        Path | None,
        typer.Option(
            "--avatar",
            metavar="FILE",
            help="Its picture: PNG, JPEG or WebP of at most 5 MB.",
            show_default=False,
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Create a companion, or change the one with that id."""
    from reelstep.cli import companions

    companions.put(companion_id, name=name, voice=voice, avatar=avatar, as_json=as_json)


@companion.command("delete")
@guarded
def delete_companion(companion_id: CompanionId, yes: Yes = False, as_json: Json = False) -> None:
    """Delete a companion and its picture; films with it stay as they are."""
    from reelstep.cli import companions

    companions.delete(companion_id, yes=yes, as_json=as_json)


@admin.command("show")
@guarded
def show_user(user: User, as_json: Json = False) -> None:
    """Plan and tokens of a user."""
    from reelstep.cli import tokens

    tokens.show_person(user, as_json=as_json)


# "-500" is a number of tokens here, and no option.
@admin.command("grant", context_settings={"ignore_unknown_options": True})
@guarded
def grant(
    user: User,
    amount: Annotated[
        int,
        typer.Argument(metavar="TOKENS", help="How many; -500 takes 500 back.", show_default=False),
    ],
    reason: Reason,
    as_json: Json = False,
) -> None:
    """Give tokens to a user, or take them back."""
    from reelstep.cli import tokens

    tokens.grant(user, amount, reason=reason, as_json=as_json)


@admin.command("plan")
@guarded
def set_plan(
    user: User,
    plan: Annotated[
        Plan,
        typer.Argument(
            metavar="PLAN",
            case_sensitive=False,
            help="free, standard, premium or vip_plus.",
            show_default=False,
        ),
    ],
    reason: Reason,
    as_json: Json = False,
) -> None:
    """Put a user on another plan; it counts from the next sign-in on."""
    from reelstep.cli import tokens

    tokens.set_plan(user, str(plan), reason=reason, as_json=as_json)
