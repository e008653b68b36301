"""A WebSocket client for tests: wsproto's protocol over a plain socket, every message kept."""

from __future__ import annotations

import json
import queue
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Self
from urllib.parse import urlencode, urlsplit

from wsproto import ConnectionType, WSConnection
from wsproto.events import (
    AcceptConnection,
    CloseConnection,
    Message,
    Ping,
    RejectConnection,
    RejectData,
    Request,
    TextMessage,
)

Body = dict[str, Any]


class Refused(Exception):
    """The handshake was answered with `status`."""

    def __init__(self, status: int):
        super().__init__(f"refused with {status}")
        self.status = status


class Closed(Exception):
    """The connection has ended."""


class Client:
    """One connection. `heard` has every message in the order of arrival; messages that nobody has
    asked for yet wait."""

    def __init__(self, url: str, *, language: str = "en", **query: str):
        address = urlsplit(url)
        assert address.hostname
        self.heard: list[Body] = []
        self.largest = 0
        self._inbox: queue.Queue[Body | None] = queue.Queue()
        self._socket = socket.create_connection((address.hostname, address.port), timeout=60)
        self._wire = WSConnection(ConnectionType.CLIENT)
        self._lock = threading.Lock()
        target = address.path + (f"?{urlencode(query)}" if query else "")
        headers = [(b"accept-language", language.encode())]
        self._transmit(
            Request(
                host=address.netloc,
                target=target,
                extra_headers=headers,  # type: ignore[arg-type]
            )
        )
        self._text: list[str] = []
        self._shake_hands()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _shake_hands(self) -> None:
        status = 0
        while True:
            data = self._socket.recv(65_536)
            self._wire.receive_data(data or None)
            for event in self._wire.events():
                if isinstance(event, AcceptConnection):
                    self._socket.settimeout(None)
                    return
                if isinstance(event, RejectConnection):
                    status = event.status_code
                if isinstance(event, RejectConnection) and not event.has_body:
                    raise Refused(status)
                if isinstance(event, RejectData) and event.body_finished:
                    raise Refused(status)
            if not data:
                raise Refused(status)

    def _transmit(self, event: Any) -> None:
        with self._lock:
            self._socket.sendall(self._wire.send(event))

    def _read(self) -> None:
        with suppress(OSError):
            self._handle_events()
            while data := self._socket.recv(65_536):
                with self._lock:
                    self._wire.receive_data(data)
                self._handle_events()
        self._inbox.put(None)

    def _handle_events(self) -> None:
        for event in self._wire.events():
            if isinstance(event, Ping):
                self._transmit(event.response())
            elif isinstance(event, TextMessage):
                self._text.append(str(event.data))
                if event.message_finished:
                    text = "".join(self._text)
                    self._text.clear()
                    self.largest = max(self.largest, len(text.encode()))
                    body = json.loads(text)
                    self.heard.append(body)
                    self._inbox.put(body)
            elif isinstance(event, CloseConnection):
                with suppress(Exception):
                    self._transmit(event.response())
                raise OSError("closed")

    def say(self, action: str, job: str | None = None, **fields: Any) -> None:
        """One message."""
        body = {"action": action, **({"generationId": job} if job else {}), **fields}
        self.say_raw(json.dumps(body))

    def say_raw(self, text: str) -> None:
        self._transmit(Message(data=text))

    def next(self, seconds: float = 30) -> Body:
        """The next message. Raises Closed or queue.Empty."""
        body = self._inbox.get(timeout=seconds)
        if body is None:
            self._inbox.put(None)
            raise Closed
        return body

    def until(self, wanted: Callable[[Body], bool], seconds: float = 60) -> list[Body]:
        """Messages up to the first that is wanted."""
        end, found = time.monotonic() + seconds, []
        while True:
            found.append(self.next(max(0.01, end - time.monotonic())))
            if wanted(found[-1]):
                return found

    def quiet(self, seconds: float) -> bool:
        """Whether nothing comes for a while."""
        try:
            self.next(seconds)
        except queue.Empty:
            return True
        return False

    def ask(self, action: str, job: str | None = None, **fields: Any) -> Body:
        """The next message after this one."""
        self.say(action, job, **fields)
        return self.next()

    def drop(self) -> None:
        """As a cable that is pulled: no goodbye."""
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def close(self) -> None:
        with suppress(Exception):
            self._transmit(CloseConnection(code=1000))
            self._reader.join(timeout=5)
        self.drop()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()


def events(bodies: list[Body], job: str) -> list[Body]:
    """What the log says of a job, without the answers to messages."""
    return [b for b in bodies if b["generationId"] == job and b["event"].startswith("job:")]


def is_end(body: Body) -> bool:
    return body["event"] in {"job:completed", "job:failed", "job:cancelled"}


def assert_no_gap(bodies: list[Body], job: str, after: int = 0) -> None:
    """The seqs of a job's events rise by one."""
    seqs = [body["seq"] for body in events(bodies, job)]
    assert seqs == list(range(after + 1, after + 1 + len(seqs))), seqs


@contextmanager
def connected(url: str | None, token: str, **options: Any) -> Iterator[Client]:
    assert url
    with Client(url, token=token, **options) as client:
        yield client
