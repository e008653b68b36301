"""A WebSocket server on 127.0.0.1 that speaks docs/websocket.md, or goes wrong as a test plans it.

It tells the events of one film of a FakeCloud and takes the tokens that the cloud takes.
"""

from __future__ import annotations

import http
import json
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.sync.server import Server, ServerConnection, serve

from tests.unit.cli.fake_cloud import FakeCloud, Film


@dataclass
class Talk:
    """One connection, from the server's side."""

    server: LiveServer
    connection: ServerConnection
    heard: list[dict[str, Any]] = field(default_factory=list)

    def next(self) -> dict[str, Any]:
        """The client's next message. Raises ConnectionClosed."""
        body: dict[str, Any] = json.loads(self.connection.recv())
        self.heard.append(body)
        return body

    def say(self, *bodies: Any) -> None:
        """Objects go out as JSON, text and bytes as they are."""
        for body in bodies:
            self.connection.send(body if isinstance(body, str | bytes) else json.dumps(body))

    def snapshot(self, last_seq: int, known: int | None = None) -> None:
        """Of a job that is at its last event, or of one that is at `known` and goes on."""
        film = self.server.film
        seq = len(film.events) if known is None else known
        job = {"status": film.status if known is None else "PROCESSING", "seq": seq}
        about = {"event": "subscribed", "generationId": film.id}
        self.say({**about, "seq": min(last_seq, seq), "at": film.events[0]["at"], "job": job})

    def subscribed(self, known: int | None = None) -> int:
        """Waits for a subscribe, answers it and returns its lastSeq."""
        while True:
            message = self.next()
            if message["action"] == "subscribe":
                self.snapshot(message["lastSeq"], known)
                return int(message["lastSeq"])
            self.pong()

    def pong(self) -> None:
        self.say({"event": "pong", "generationId": None, "seq": None, "at": "…"})

    def drop(self) -> None:
        """As a cable that is pulled: no goodbye."""
        with suppress(OSError):
            self.connection.socket.shutdown(2)


Plan = Callable[[Talk], None]


def honest(talk: Talk) -> None:
    """All that is asked for, until the client leaves."""
    while True:
        last = talk.subscribed()
        talk.say(*talk.server.film.events[last:])


def drop_after(count: int) -> Plan:
    """So many events, and then the line breaks."""

    def plan(talk: Talk) -> None:
        last = talk.subscribed()
        talk.say(*talk.server.film.events[last : last + count])
        talk.drop()

    return plan


def silent(talk: Talk) -> None:
    """Hears everything and says nothing."""
    while True:
        talk.next()


@dataclass
class LiveServer:
    """`plans` are for the next connections, one each; then everything is as it should be.

    `refusals` are statuses for the next handshakes.
    """

    cloud: FakeCloud
    film: Film
    url: str = ""
    plans: deque[Plan] = field(default_factory=deque)
    refusals: deque[int] = field(default_factory=deque)
    talks: list[Talk] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)
    left: int = 0

    def plan(self, *plans: Plan) -> None:
        self.plans.extend(plans)

    @property
    def asked_from(self) -> list[int]:
        """`lastSeq` of every subscribe, in order."""
        said = [message for talk in self.talks for message in talk.heard]
        return [message["lastSeq"] for message in said if message["action"] == "subscribe"]

    def wait_until_left(self, count: int) -> None:
        end = time.monotonic() + 30
        while self.left < count and time.monotonic() < end:
            time.sleep(0.01)
        assert self.left >= count

    def door(self, connection: ServerConnection, request: Request) -> Response | None:
        query = parse_qs(urlsplit(request.path).query)
        token = query.get("token", [""])[0]
        self.tokens.append(token)
        self.languages.append(request.headers.get("Accept-Language", ""))
        if self.refusals:
            return connection.respond(http.HTTPStatus(self.refusals.popleft()), "no")
        if token not in self.cloud.good_tokens:
            return connection.respond(http.HTTPStatus.FORBIDDEN, "no")
        return None

    def handle(self, connection: ServerConnection) -> None:
        talk = Talk(self, connection)
        self.talks.append(talk)
        plan = self.plans.popleft() if self.plans else honest
        try:
            plan(talk)
        except ConnectionClosed:
            pass
        finally:
            self.left += 1


@contextmanager
def serving(cloud: FakeCloud, film: Film) -> Iterator[LiveServer]:
    live = LiveServer(cloud, film)
    server: Server = serve(
        live.handle,
        "127.0.0.1",
        0,
        process_request=live.door,
        compression=None,
        ping_interval=None,
        close_timeout=1,
    )
    live.url = f"ws://127.0.0.1:{server.socket.getsockname()[1]}/live"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield live
    finally:
        server.shutdown()
        thread.join(5)
