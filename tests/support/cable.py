"""A TCP relay on 127.0.0.1 that a test can cut like a cable, or that breaks by itself."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Self
from urllib.parse import urlsplit, urlunsplit

_BLOCK = 65_536


class Cable:
    """Between a client and the host of `url`; `url` of this object leads through it.

    The first connections break after so many messages of the server as `breaks_after` says; what
    comes after these is lost, however much of it the server has already sent.
    """

    def __init__(self, url: str, breaks_after: tuple[int, ...] = ()):
        parts = urlsplit(url)
        assert parts.hostname
        self._to = (parts.hostname, parts.port or 80)
        self._listener = socket.create_server(("127.0.0.1", 0))
        port = self._listener.getsockname()[1]
        self.url = urlunsplit(parts._replace(netloc=f"127.0.0.1:{port}"))
        self._breaks_after = breaks_after
        self.connections = 0
        self._ends: list[socket.socket] = []
        self._lock = threading.Lock()
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Every connection breaks now, without a goodbye; new ones may be made."""
        with self._lock:
            ends, self._ends = self._ends, []
        for end in ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                far = socket.create_connection(self._to)
                with self._lock:
                    left = self._breaks_after[self.connections : self.connections + 1]
                    self.connections += 1
                    self._ends += [near, far]
                back = self._messages(far, left[0]) if left else self._blocks(far)
                for source, other in ((self._blocks(near), far), (back, near)):
                    pumped = (source, other, (near, far))
                    threading.Thread(target=self._pump, args=pumped, daemon=True).start()

    @staticmethod
    def _blocks(end: socket.socket) -> Iterator[bytes]:
        while data := end.recv(_BLOCK):
            yield data

    @staticmethod
    def _messages(end: socket.socket, count: int) -> Iterator[bytes]:
        """The answer to the handshake and so many frames (RFC 6455, 5.2); fewer if it leaves."""
        with end.makefile("rb") as stream:
            while line := stream.readline():
                yield line
                if line == b"\r\n":
                    break
            for _ in range(count):
                if len(head := stream.read(2)) < 2:
                    return
                more = stream.read({126: 2, 127: 8}.get(head[1] & 0x7F, 0))
                length = int.from_bytes(more) if more else head[1] & 0x7F
                yield head + more + stream.read(length)

    @staticmethod
    def _pump(source: Iterator[bytes], other: socket.socket, ends: Iterable[socket.socket]) -> None:
        with suppress(OSError, ValueError):  # ValueError: cut while a file of it was read
            for data in source:
                other.sendall(data)
        for end in ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self._listener.close()
        self.cut()
