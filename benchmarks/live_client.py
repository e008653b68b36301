"""A WebSocket client that notes when each message came: wsproto over a plain socket."""

from __future__ import annotations

import json
import queue
import socket
import threading
import time
from contextlib import suppress
from typing import Any, Self
from urllib.parse import urlencode, urlsplit

from wsproto import ConnectionType, WSConnection
from wsproto.events import (
    AcceptConnection,
    CloseConnection,
    Event,
    Message,
    Ping,
    RejectConnection,
    Request,
    TextMessage,
)

from benchmarks.result import Unavailable

Body = dict[str, Any]


class LiveClient:
    """One connection, as a browser's. `next` gives (when it came, message), in order."""

    def __init__(self, url: str, token: str) -> None:
        address = urlsplit(url)
        self._inbox: queue.Queue[tuple[float, Body] | None] = queue.Queue()
        self._socket = socket.create_connection((address.hostname, address.port), timeout=60)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._wire, self._text = WSConnection(ConnectionType.CLIENT), ""
        self._lock = threading.RLock()
        target = f"{address.path}?{urlencode({'token': token})}"
        self._send(Request(host=address.netloc, target=target))
        self._opened = threading.Event()
        threading.Thread(target=self._read, daemon=True).start()
        if not self._opened.wait(60):
            raise Unavailable("the WebSocket did not open")

    def say(self, action: str, job_id: str) -> None:
        self._send(Message(data=json.dumps({"action": action, "generationId": job_id})))

    def next(self, seconds: float = 60) -> tuple[float, Body]:
        """Raises Unavailable when nothing comes, or the connection has ended."""
        try:
            got = self._inbox.get(timeout=seconds)
        except queue.Empty:
            got = None
        if got is None:
            raise Unavailable("a message did not come")
        return got

    def _send(self, event: Event) -> None:
        with self._lock:
            self._socket.sendall(self._wire.send(event))

    def _read(self) -> None:
        with suppress(OSError):
            while data := self._socket.recv(65_536):
                came = time.perf_counter()
                with self._lock:
                    self._wire.receive_data(data)
                    for event in self._wire.events():
                        self._handle(event, came)
        self._inbox.put(None)

    def _handle(self, event: Event, came: float) -> None:
        if isinstance(event, AcceptConnection):
            self._socket.settimeout(None)
            self._opened.set()
        elif isinstance(event, Ping):
            self._send(event.response())
        elif isinstance(event, TextMessage):
            self._text += event.data
            if event.message_finished:
                text, self._text = self._text, ""
                self._inbox.put((came, json.loads(text)))
        elif isinstance(event, CloseConnection | RejectConnection):
            raise OSError("closed")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
