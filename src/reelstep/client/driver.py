"""Carries out flows with blocking calls."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx
from websockets.sync.client import ClientConnection, connect

from reelstep.client import wire
from reelstep.client.effects import (
    AskToken,
    Became,
    Connect,
    Effect,
    Flow,
    HangUp,
    Hear,
    NoConnection,
    OnState,
    OnWait,
    Say,
    Send,
    Sleep,
    Steps,
    Stream,
    Tell,
)
from reelstep.client.errors import NotSignedIn
from reelstep.client.sign_in import Session

Result = TypeVar("Result")


class Driver:
    """One pool of HTTP connections and one signed-in user; may be shared by threads.

    `hosts` are addresses that will be asked; `session` is None where nothing needs a token.
    """

    def __init__(
        self,
        session: Session | None = None,
        *,
        hosts: Iterable[str] = (),
        on_wait: OnWait | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ):
        self._session = session
        self._signing_in = threading.Lock()
        self._on_wait = on_wait
        self._sleep = sleep
        wire.keep_secrets_from_logs()
        direct = dict.fromkeys(wire.loopback_patterns(hosts))
        self._http = httpx.Client(timeout=wire.TIMEOUT, mounts=direct)

    def run(self, flow: Flow[Result]) -> Result:
        """The flow's result; raises what it raises."""
        steps = Steps(flow)
        while steps.effect is not None:
            try:
                outcome = self._do(steps.effect)
            except Exception as error:
                steps.fail(error)
            else:
                steps.answer(outcome)
        return steps.result

    def items(self, flow: Flow[None], on_state: OnState | None = None) -> Iterator[Any]:
        """What the flow tells, one by one; its WebSocket is closed with this iterator."""
        line = _Line()
        try:
            steps = Steps(flow)
            while steps.effect is not None:
                effect, outcome = steps.effect, None
                if isinstance(effect, Tell):
                    yield effect.item
                elif isinstance(effect, Became) and on_state:
                    on_state(effect.state)
                try:
                    outcome = line.do(effect) if isinstance(effect, _OF_LINES) else self._do(effect)
                except Exception as error:
                    steps.fail(error)
                else:
                    steps.answer(outcome)
        finally:
            line.hang_up()

    def _do(self, effect: Effect) -> Any:
        match effect:
            case Send(request):
                with wire.http_errors():
                    return wire.incoming(self._http.request(**wire.outgoing(request)))
            case Stream(request, sink):
                with (
                    wire.http_errors(),
                    self._http.stream(**wire.outgoing(request)) as answer,
                ):
                    if sink.begin(answer.status_code, wire.headers_of(answer)):
                        for block in answer.iter_raw():
                            sink.write(block)
            case Sleep(seconds, wait):
                if wait is not None and self._on_wait:
                    self._on_wait(wait)
                self._sleep(seconds)
            case AskToken(refused):
                if self._session is None:
                    raise NotSignedIn("Not signed in", "This client was given no sign-in.")
                with self._signing_in:
                    return self.run(self._session.token(refused))
        return None

    def close(self) -> None:
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class _Line:
    """The WebSocket of one flow."""

    def __init__(self) -> None:
        self._connection: ClientConnection | None = None

    def do(self, effect: Effect) -> Any:
        match effect:
            case Connect(url, headers):
                self.hang_up()
                with wire.websocket_errors():
                    self._connection = connect(**wire.handshake(url, headers))
            case Say(text):
                with wire.websocket_errors():
                    self._open.send(text)
            case Hear(seconds):
                with wire.websocket_errors():
                    try:
                        return self._open.recv(seconds)
                    except TimeoutError:
                        return None
            case HangUp():
                self.hang_up()
        return None

    def hang_up(self) -> None:
        if self._connection is not None:
            with suppress(Exception):  # what we leave may be broken in every way
                self._connection.close()
            self._connection = None

    @property
    def _open(self) -> ClientConnection:
        if self._connection is None:
            raise NoConnection("not connected")
        return self._connection


_OF_LINES = (Connect, Say, Hear, HangUp)
