"""What the client's logic asks of the world, as frozen data.

The logic of requests, sign-in, following and transfers is written once, as generators (`Flow`)
that yield these and are sent the outcome; `driver` and `async_driver` carry them out. So the two
clients cannot differ in when they try again, and tests need no clock.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Generic, Protocol, TypeVar

Result = TypeVar("Result")


@dataclass(frozen=True)
class Request:
    """One HTTP request; `content` is its body, empty for none."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    params: Mapping[str, str] = field(default_factory=dict)
    content: bytes = b""


@dataclass(frozen=True)
class Reply:
    """What came back. Header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    content: bytes = b""


class NoConnection(Exception):
    """Thrown into a flow: nothing came back, or it broke off. The text says what happened."""


class Refused(Exception):
    """Thrown into a flow: the WebSocket's handshake was answered with `status`."""

    def __init__(self, status: int):
        super().__init__(f"HTTP {status}")
        self.status = status


@dataclass(frozen=True)
class Wait:
    """A pause that the API asked for, before attempt number `attempt` of `attempts`."""

    why: str
    seconds: float
    attempt: int
    attempts: int


class Sink(Protocol):
    """Takes the body of a reply while it comes."""

    def begin(self, status: int, headers: Mapping[str, str]) -> bool:
        """Whether the body is wanted."""
        ...

    def write(self, block: bytes) -> None: ...


@dataclass(frozen=True)
class Send:
    """Send it; the outcome is a Reply. NoConnection."""

    request: Request


@dataclass(frozen=True)
class Stream:
    """Send it and give the body to `sink` as it comes; the outcome is None. NoConnection."""

    request: Request
    sink: Sink


@dataclass(frozen=True)
class Sleep:
    """Let time pass; `wait` is set where the user may want to know of it."""

    seconds: float
    wait: Wait | None = None


@dataclass(frozen=True)
class AskToken:
    """An ID token that is not `refused`, or "" when there is no other; one flow at a time asks."""

    refused: str = ""


@dataclass(frozen=True)
class Connect:
    """Open the flow's WebSocket; None. NoConnection, Refused."""

    url: str
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Say:
    """Send a text over the WebSocket; None. NoConnection."""

    text: str


@dataclass(frozen=True)
class Hear:
    """The next text (or bytes) of the WebSocket, or None after `seconds`. NoConnection."""

    seconds: float


@dataclass(frozen=True)
class HangUp:
    """Close the flow's WebSocket, if there is one; None."""


@dataclass(frozen=True)
class Tell:
    """Give an event, a page, an item to who iterates; None."""

    item: Any


class LiveState(StrEnum):
    """How a job is being followed right now."""

    #: The first connection is being made.
    CONNECTING = "connecting"
    #: Events arrive over the WebSocket.
    LIVE = "live"
    #: The connection was lost, or cannot be had; another is tried in a moment.
    RECONNECTING = "reconnecting"
    #: The event log is read every now and then, for want of a WebSocket.
    POLLING = "polling"
    #: The last event has been told.
    ENDED = "ended"


@dataclass(frozen=True)
class Became:
    """Say how the job is followed now; None."""

    state: LiveState


Effect = Send | Stream | Sleep | AskToken | Connect | Say | Hear | HangUp | Tell | Became
Flow = Generator[Effect, Any, Result]
OnWait = Callable[[Wait], None]
OnState = Callable[[LiveState], None]
#: Bytes so far, and of how many where that is known.
OnProgress = Callable[[int, int | None], None]


class Steps(Generic[Result]):
    """A flow being carried out. `effect` is what it asks for, None once it has ended."""

    effect: Effect | None
    result: Result

    def __init__(self, flow: Flow[Result]):
        self._flow = flow
        self._advance(lambda: flow.send(None))

    def answer(self, outcome: Any) -> None:
        """What came of `effect`."""
        self._advance(lambda: self._flow.send(outcome))

    def fail(self, error: Exception) -> None:
        """`effect` came to nothing; what the flow does not catch is raised here."""
        self._advance(lambda: self._flow.throw(error))

    def _advance(self, move: Callable[[], Effect]) -> None:
        try:
            self.effect = move()
        except StopIteration as end:
            self.effect, self.result = None, end.value
