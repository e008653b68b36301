"""How one subscriber of one job is told: in order, nothing missing, nothing twice. Pure.

Two may want to tell the same subscriber at once: the replay that a `subscribe` asked for, and the
fan-out of an event that is written meanwhile (or its twin: streams deliver at least once). So:

- A subscription's row has `sent`, the last seq posted, `wanted`, the last seq somebody has asked
  to be posted, and a lease. **Only who holds the lease posts.** It posts what the log has after
  `sent`, and gives the lease back only while `wanted <= sent` (one conditional write).
- Who finds the lease taken raises `wanted` (conditional on that very lease) and leaves: the holder
  cannot give it back before it has posted that, too.
- A subscribe writes its row, lease held, *before* it reads the log. An event that this reading
  does not see was written later, so its fan-out finds the row. Hence no gap.
- A post whose outcome nobody knows (a time-out; a holder that died, whose lease expires) is neither
  repeated nor skipped: **the connection is closed**. Its client comes back with the last seq it
  has, which is the one thing that knows. Hence no double, and no slow client that others wait for.
- The last event of a job has no later one whose fan-out would find a holder that died, so its own
  waits until the lease is given back or expires (`patient`).

The functions here are generators: they yield what is to be done and are sent what came of it. One
class does it (pipelines/live.py); a property test interleaves and kills them at will.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from reelstep.events.log import Event

#: Looks of a patient one at a lease that it cannot have; more than a lease's life of them.
LOOKS = 30
#: Looks of a client's own message, which waits in a running function: a second or two of them.
LOOKS_OF_A_MESSAGE = 5


class Standing(Enum):
    """What an attempt to take or begin found. Every one but HELD is somebody else's or nobody's."""

    HELD = auto()
    #: There is nothing to tell that has not been told.
    DONE = auto()
    #: Somebody holds the lease.
    BUSY = auto()
    #: Somebody held it and died.
    EXPIRED = auto()
    #: No such subscription, or connection.
    GONE = auto()
    #: The connection has as many subscriptions as it may have.
    FULL = auto()


@dataclass(frozen=True)
class Found:
    """`sent` as it is, and who holds the lease if somebody else does."""

    standing: Standing
    sent: int = 0
    holder: str = ""


@dataclass(frozen=True)
class Begin:
    """Write the subscription with its lease held, from `sent` on → Found."""

    sent: int


@dataclass(frozen=True)
class Take:
    """Take the lease if there is something up to `wanted` to tell → Found."""

    wanted: int


@dataclass(frozen=True)
class Want:
    """Raise `wanted` of a lease that `holder` has → False if it has not got it any more."""

    wanted: int
    holder: str


@dataclass(frozen=True)
class Pause:
    """Let others do something."""


@dataclass(frozen=True)
class Read:
    """→ Page of the log after `seq`."""

    seq: int


@dataclass(frozen=True)
class Page:
    """`events` in order; `last` when there were no more behind them."""

    events: Sequence[Event]
    last: bool = True


@dataclass(frozen=True)
class Post:
    """→ True when it has arrived, False when that is not sure."""

    message: Event | Mapping[str, Any]


@dataclass(frozen=True)
class Keep:
    """Make the lease last longer, if need be → False if it is not ours any more."""

    sent: int


@dataclass(frozen=True)
class Release:
    """Give the lease back, everything up to `sent` told → None, or the `wanted` in its way."""

    sent: int


@dataclass(frozen=True)
class Leave:
    """Remove the subscription unless somebody holds its lease → Found."""


@dataclass(frozen=True)
class Close:
    """End the connection with all its subscriptions."""


Step = Begin | Take | Want | Pause | Read | Post | Keep | Release | Leave | Close
Delivery = Generator[Step, Any, Standing]


def subscribe(last_seq: int, snapshot: Mapping[str, Any]) -> Delivery:
    """The snapshot, then all after `last_seq`; from then on `tell` goes on by itself."""
    standing = yield from _once_free(Begin(last_seq))
    if standing is not Standing.HELD:
        return standing
    if not (yield Post(snapshot)):
        yield Close()
        return Standing.GONE
    return (yield from _post_all(last_seq))


def unsubscribe() -> Delivery:
    """Nothing is posted any more: who posts now is waited for, so that a subscribe that follows
    finds nobody who is still at it. BUSY when that takes long."""
    return (yield from _once_free(Leave()))


def tell(wanted: int, *, patient: bool = False) -> Delivery:
    """All that is not told yet, up to `wanted` at least; by whoever holds the lease."""
    for _ in range(LOOKS):
        found: Found = yield Take(wanted)
        if found.standing is Standing.HELD:
            return (yield from _post_all(found.sent))
        if found.standing is Standing.EXPIRED:
            yield Close()
            return Standing.GONE
        if found.standing is not Standing.BUSY:
            return found.standing
        if (yield Want(wanted, found.holder)):
            if not patient:
                return Standing.BUSY
            yield Pause()
    return Standing.BUSY


def _once_free(step: Begin | Leave) -> Delivery:
    for _ in range(LOOKS_OF_A_MESSAGE):
        found: Found = yield step
        if found.standing is Standing.EXPIRED:
            yield Close()
            return Standing.GONE
        if found.standing is not Standing.BUSY:
            return found.standing
        yield Pause()
    return Standing.BUSY


def _post_all(sent: int) -> Delivery:
    wanted = sent
    while True:
        page: Page = yield Read(sent)
        for event in page.events:
            if not (yield Post(event)):
                yield Close()
                return Standing.GONE
            sent = event.seq
            if not (yield Keep(sent)):
                return Standing.GONE
        if page.last:
            # An event that somebody wants and that is not in the log has expired or was deleted.
            told = sent if page.events else max(sent, wanted)
            more: int | None = yield Release(told)
            if more is None:
                return Standing.DONE
            wanted = more
