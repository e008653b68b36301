"""Following a job live: its events in order, each once, however often the connection breaks.

Events come over the WebSocket (docs/websocket.md). A connection that is lost, silent or out of
step is made again, and takes up after the last event that was told. While there is none to be had
(no address, a proxy in the way), the event log is read over REST instead, and a connection is
tried again every now and then. Both tell the same log, whose `seq` has no gaps.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from pydantic import ValidationError

from reelstep.client import routes
from reelstep.client.answers import TERMINAL, Event, Video
from reelstep.client.effects import (
    AskToken,
    Became,
    Connect,
    Flow,
    HangUp,
    Hear,
    LiveState,
    NoConnection,
    Refused,
    Say,
    Sleep,
    Tell,
)
from reelstep.client.errors import ApiProblem, LostTouch, Unreachable
from reelstep.client.exchange import Caller

_PING = '{"action": "ping"}'
_PINGS_BEFORE_ASKING_AGAIN = 3
_GAPS_BEFORE_CONNECTING_AGAIN = 3
_FAILURES_BEFORE_POLLING = 2


@dataclass
class Following:
    """One job and how far it has been told; `seq` is of the last event that was."""

    caller: Caller
    websocket_url: str
    job_id: str
    seq: int = 0
    clock: Callable[[], float] = time.monotonic
    #: The highest seq that the server has spoken of.
    _known: int = 0
    _told: bool = False
    #: A new token was asked for since the last connection: one is enough to know.
    _renewed: bool = False
    _failures: int = 0
    _missed: int = 0
    _heard_at: float = 0.0
    _quiet_since: float | None = None
    _state: LiveState | None = None
    _over: bool = False

    def run(self) -> Flow[None]:
        """Tells every event after `seq` up to the job's last.

        Raises:
            ApiProblem: the job is unknown, or the API refuses.
            NotSignedIn: the sign-in is no longer good.
            LostTouch: nothing could be heard for too long; the job itself goes on.
        """
        self._heard_at = self.clock()
        yield from self._become(LiveState.CONNECTING if self.websocket_url else LiveState.POLLING)
        while not self._over:
            if self.websocket_url:
                yield from self._live()
                yield HangUp()
            if not self._over:
                yield from self._meanwhile()
        yield from self._become(LiveState.ENDED)

    # -- over the WebSocket --------------------------------------------------------------------

    def _live(self) -> Flow[None]:
        """Until the job has ended or the connection."""
        try:
            yield from self._connect()
            yield from self._listen()
        except (NoConnection, Refused):
            self._failures += 1
        except (ApiProblem, Unreachable) as error:
            if not error.worth_repeating:
                raise
            self._failures += 1

    def _connect(self) -> Flow[None]:
        token = yield AskToken()
        try:
            yield self._door(token)
        except Refused as refused:
            # Whether it was the token is not sure: REST, which is asked next, has the last word.
            doubtful = refused.status in (401, 403) and not self._renewed
            other = (yield AskToken(refused=token)) if doubtful else ""
            self._renewed = True
            if not other:
                raise
            yield self._door(other)

    def _door(self, token: str) -> Connect:
        joined = "&" if "?" in self.websocket_url else "?"
        url = f"{self.websocket_url}{joined}{urlencode({'token': token})}"
        return Connect(url, {"Accept-Language": self.caller.language})

    def _listen(self) -> Flow[None]:
        patience = self.caller.patience
        awaited = "subscribed"
        silences = gaps = 0
        yield self._subscribe()
        while not self._over:
            text = yield Hear(patience.answer_within if awaited else patience.ping_after)
            if text is None and awaited == "replay":
                # The server knows of events that it does not tell: the log has expired.
                yield from self._settle()
                if not self._over:
                    raise NoConnection("what was missing did not come")
                continue
            if text is None and awaited:
                raise NoConnection("no answer")
            if text is None:
                # Asking anew is a ping too, and finds what a fan-out may have lost at the end.
                silences += 1
                awaited = "pong" if silences <= _PINGS_BEFORE_ASKING_AGAIN else "subscribed"
                silences = 0 if awaited == "subscribed" else silences
                yield self._subscribe() if awaited == "subscribed" else Say(_PING)
                continue
            body = _object(text)
            self._heard_at = self.clock()
            kind = body.get("event")
            if kind == "error":
                raise self._said_error(body)
            if kind == "pong":
                awaited, self._failures = "" if awaited == "pong" else awaited, 0
            if body.get("generationId") != self.job_id:
                continue
            if kind == "subscribed":
                awaited = yield from self._subscribed(body)
            elif isinstance(kind, str) and kind.startswith("job:") and awaited != "subscribed":
                event = _event(body)
                if event.seq > self.seq + 1:
                    gaps += 1
                    if gaps > _GAPS_BEFORE_CONNECTING_AGAIN:
                        raise NoConnection("events are missing")
                    awaited = "subscribed"
                    yield self._subscribe()
                elif event.seq == self.seq + 1:
                    gaps = silences = self._failures = 0
                    yield from self._tell(event)
                    awaited = "replay" if self.seq < self._known else ""

    def _subscribe(self) -> Say:
        asked = {"action": "subscribe", "generationId": self.job_id, "lastSeq": self.seq}
        return Say(json.dumps(asked))

    def _subscribed(self, body: Mapping[str, Any]) -> Flow[str]:
        """Takes the snapshot; returns what must come next."""
        job, begin = body.get("job"), body.get("seq")
        if not isinstance(job, Mapping) or not isinstance(job.get("seq"), int):
            raise NoConnection("that was no snapshot")
        self._known = max(self._known, job["seq"])
        if isinstance(begin, int) and not self._told:
            # Nobody has what has not been written; what was told here has been.
            self.seq = min(self.seq, begin)
        self._renewed = False
        yield from self._become(LiveState.LIVE)
        if self.seq < self._known:
            return "replay"
        if job.get("status") in TERMINAL:
            self._over = True
        return ""

    def _said_error(self, body: Mapping[str, Any]) -> Exception:
        code, message = str(body.get("code") or ""), str(body.get("message") or "")
        if code == "NOT_FOUND":
            return ApiProblem(404, {"code": code, "title": message})
        return NoConnection(message or code)

    # -- over REST -----------------------------------------------------------------------------

    def _meanwhile(self) -> Flow[None]:
        """The time until the next try to connect: waited at first, then spent on the log."""
        patience = self.caller.patience
        until = float("inf")
        if self.websocket_url:
            pause = patience.pause(self._failures, patience.longest_reconnect_pause)
            if self._failures < _FAILURES_BEFORE_POLLING:
                yield from self._become(LiveState.RECONNECTING)
                yield Sleep(pause)
                return
            until = self.clock() + pause
        while True:
            yield from self._poll()
            if self._over or self.clock() >= until:
                return
            missed = patience.pause(self._missed) if self._missed else 0.0
            pause = max(patience.poll_every, missed)
            yield Sleep(max(0.0, min(pause, until - self.clock())))

    def _poll(self) -> Flow[None]:
        """Reads the log once."""
        try:
            if self._missed == 0:
                yield from self._become(LiveState.POLLING)
            yield from self._read()
        except (ApiProblem, Unreachable) as error:
            if not error.worth_repeating:
                raise
            self._missed += 1
            yield from self._become(LiveState.RECONNECTING)
            if self.clock() - self._heard_at >= self.caller.patience.lost_after:
                raise _lost(error) from error
            return
        self._missed = 0
        self._heard_at = self.clock()

    def _read(self) -> Flow[None]:
        if (yield from self._tell_log()):
            self._quiet_since = None
            return
        now = self.clock()
        if self._quiet_since is None:
            self._quiet_since = now - self.caller.patience.quiet_for
        if now - self._quiet_since >= self.caller.patience.quiet_for:
            self._quiet_since = now
            yield from self._settle()

    def _tell_log(self) -> Flow[bool]:
        """Tells what the log has after `seq`; whether there was anything."""
        log = yield from self.caller.call(routes.events(self.job_id, self.seq))
        events = sorted(
            (event for event in log.events if event.seq > self.seq), key=lambda one: one.seq
        )
        if events:
            self._known = max(self._known, events[-1].seq)
        for event in events:
            yield from self._tell(event)
        if self._over and events[-1].event == "job:failed":
            # The end of an attempt; another may have begun by now.
            video = yield from self.caller.call(routes.video(self.job_id))
            self._over = video.finished
            if self._over and (yield from self._more()):
                self._over = False
        return bool(events)

    def _more(self) -> Flow[bool]:
        log = yield from self.caller.call(routes.events(self.job_id, self.seq))
        return any(event.seq > self.seq for event in log.events)

    def _settle(self) -> Flow[None]:
        """Asks the job's own record whether it has ended, and tells an end that no log has."""
        video = yield from self.caller.call(routes.video(self.job_id))
        # The end may have been written between two requests: the log is read after the record.
        if video.finished and not (yield from self._tell_log()):
            yield Tell(_end_of(video, self.seq + 1))
            self._over = True

    # -- both ----------------------------------------------------------------------------------

    def _tell(self, event: Event) -> Flow[None]:
        yield Tell(event)
        self._told, self.seq = True, event.seq
        last = event.seq >= self._known
        if event.event in ("job:completed", "job:cancelled"):
            self._over = True
        elif event.event == "job:failed":
            self._over = event.retry_in is None and last

    def _become(self, state: LiveState) -> Flow[None]:
        if state is not self._state:
            self._state = state
            yield Became(state)


def _object(text: Any) -> dict[str, Any]:
    """A message of the server. Raises NoConnection: who says such things is no Reelstep."""
    try:
        body = json.loads(text) if isinstance(text, str) else None
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise NoConnection("that was no message of a Reelstep")
    return body


def _event(body: Mapping[str, Any]) -> Event:
    try:
        return Event.model_validate(body)
    except ValidationError as error:
        raise NoConnection("that was no event of a Reelstep") from error


def _end_of(video: Video, seq: int) -> Event:
    """The last event of a job whose log has expired, made again from its record."""
    at = (video.completed_at or datetime.now(UTC)).isoformat().replace("+00:00", "Z")
    body: dict[str, Any] = {
        "event": f"job:{video.status.lower()}",
        "generationId": video.id,
        "seq": seq,
        "at": at,
    }
    if video.status == "COMPLETED":
        body["videoUrl"] = video.storage_url
    if video.status == "FAILED":
        body["error"] = {
            "code": video.error_code or "",
            "message": video.error_message or "",
            "stage": video.error_phase or video.current_phase,
        }
    return Event.model_validate(body)


def _lost(error: ApiProblem | Unreachable) -> LostTouch:
    return LostTouch(
        "The API stopped answering while the job was followed",
        error.detail or error.title,
        address=getattr(error, "address", ""),
        trace_id=error.trace_id,
    )
