"""The client library at the terminal: where to, as whom, and its errors as words with hints."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any, Self, TypeVar

from reelstep.cli.connection import Connection, discover
from reelstep.cli.told import told
from reelstep.client.client import Client
from reelstep.client.effects import Flow, OnState, OnWait, Wait
from reelstep.client.errors import ReelstepClientError
from reelstep.client.exchange import Patience

Result = TypeVar("Result")

#: Who watches a terminal wants to know sooner than a program that the cloud has gone.
PATIENCE = Patience(lost_after=30.0)


class Api(Client):
    """The client for one connection. `on_wait` hears of long pauses and may be changed.

    Raised throughout: `ApiProblem`, `Unreachable`, `NotRunning`, `NotSignedIn` of `cli.errors`.
    """

    def __init__(
        self,
        connection: Connection,
        *,
        on_wait: OnWait = lambda _wait: None,
        sleep: Callable[[float], None] = time.sleep,
    ):
        self.connection = connection
        self.on_wait = on_wait
        try:
            super().__init__(
                connection.deployment,
                connection.sign_in,
                patience=PATIENCE,
                on_wait=lambda wait: self.on_wait(wait),
                sleep=sleep,
            )
        except ReelstepClientError as error:
            raise told(error, connection.variable) from error

    @classmethod
    def discovered(cls, *, as_admin: bool = False) -> Self:
        """A client of whatever `connection.discover` finds; it tells the user of long pauses."""
        return cls(discover(as_admin=as_admin), on_wait=_tell)

    def _run(self, flow: Flow[Result]) -> Result:
        try:
            return super()._run(flow)
        except ReelstepClientError as error:
            raise told(error, self.connection.variable) from error

    def _items(self, flow: Flow[None], on_state: OnState | None = None) -> Iterator[Any]:
        try:
            yield from super()._items(flow, on_state)
        except ReelstepClientError as error:
            raise told(error, self.connection.variable) from error


def _tell(wait: Wait) -> None:
    """A long pause is announced, on stderr: nobody should wonder whether the command hangs."""
    from rich.text import Text

    from reelstep.cli.terminal import clean, console_for, seconds_text

    line = f"{clean(wait.why)}; trying again in {seconds_text(wait.seconds)}"
    console_for(stderr=True).print(
        Text(f"{line} ({wait.attempt} of {wait.attempts})", "warn"), soft_wrap=True
    )
