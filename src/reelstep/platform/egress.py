"""The one module that calls servers of strangers: addresses that users give us.

A name is resolved once, every address that it has must be public, and the connection goes to one
of those very addresses; the certificate is still checked against the name. So neither a redirect
(never followed) nor a DNS answer that changes between check and use leads into a private network.
Only HTTPS, only POST, no proxy of the environment, one time limit over everything, and of the
answer only its status counts.
"""

from __future__ import annotations

import io
import queue
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

from reelstep.platform import addresses
from reelstep.platform.addresses import Address
from reelstep.platform.errors import Permanent, Retryable

LONGEST_URL = 2048
TIMEOUT_SECONDS = 10.0
_HTTPS = 443
_FIRST_FREE_PORT = 1024
_ADDRESSES_TRIED = 3
_LONGEST_LINE = 8_192
_LONGEST_HEAD = 16_384
_BODY_READ = 4_096
_POLITE_SECONDS = 1.0
_STATUS = re.compile(rb"HTTP/1\.[01] ([1-9][0-9]{2})(?: [^\r\n]*)?\r?\n")
# What a URL may be written with (RFC 3986) besides percent signs; no blank, control or backslash.
_URL = re.compile(r"[A-Za-z0-9\-._~:/?\[\]@!$&'()*+,;=%]+")

#: Host and port to the addresses that the name has now. Raises OSError.
Resolver = Callable[[str, int], list[str]]


class ForbiddenUrl(Permanent):
    """We do not call this URL. `reason` is one of REASONS."""

    def __init__(self, reason: str):
        super().__init__(f"This URL cannot be called: {reason}")
        self.reason = reason


REASONS = ("length", "form", "scheme", "credentials", "fragment", "port", "host")


class CallFailed(Retryable):
    """The call did not get an HTTP answer. `reason` is one of FAILURES."""

    def __init__(self, reason: str, detail: str = ""):
        super().__init__(f"The call failed: {reason}", detail=detail)
        self.reason = reason


FAILURES = ("NO_SUCH_HOST", "ADDRESS_REFUSED", "UNREACHABLE", "TLS_FAILED", "TIMED_OUT", "NOT_HTTP")


@dataclass(frozen=True)
class Destination:
    """A URL that was checked, in parts. `host` has no brackets and no dot at its end."""

    host: str
    port: int
    target: str

    @property
    def authority(self) -> str:
        """The Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _HTTPS else f"{host}:{self.port}"


def check_url(url: str, *, loopback: bool = False) -> Destination:
    """Take a URL apart. Raises ForbiddenUrl.

    `loopback` also lets `localhost` and literal loopback addresses pass.
    """
    if not 0 < len(url) <= LONGEST_URL:
        raise ForbiddenUrl("length")
    if "#" in url:
        raise ForbiddenUrl("fragment")
    if not _URL.fullmatch(url):
        raise ForbiddenUrl("form")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:  # brackets or a port that are none
        raise ForbiddenUrl("form") from error
    if parts.scheme != "https":
        raise ForbiddenUrl("scheme")
    if "@" in parts.netloc:
        raise ForbiddenUrl("credentials")
    if port is not None and port != _HTTPS and port < _FIRST_FREE_PORT:
        raise ForbiddenUrl("port")
    host = _host(parts)
    address = addresses.literal(host)
    if address is not None:
        fine = addresses.is_public(address) or (loopback and addresses.is_loopback(address))
    else:
        fine = addresses.is_name(host) or (loopback and host == "localhost")
    if not fine:
        raise ForbiddenUrl("host")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Destination(host, port or _HTTPS, target)


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").lower()
    bracketed = "[" in parts.netloc
    if bracketed != (":" in host) or "%" in host:
        raise ForbiddenUrl("host")
    return host.removesuffix(".")


def resolve(host: str, port: int) -> list[str]:
    """What the system's resolver says now, without doubles. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


@dataclass(frozen=True)
class Egress:
    """How strangers are called. `ca_file` and `loopback` are for tests on this very machine:
    a certificate authority to trust besides the public ones, and 127.0.0.1 as a place to call."""

    timeout_seconds: float = TIMEOUT_SECONDS
    loopback: bool = False
    ca_file: str = ""
    resolver: Resolver = field(default=resolve)

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        """POST and return the status of the answer. Raises ForbiddenUrl or CallFailed.

        `headers` are ours: nothing that a user wrote may be in them.
        """
        to = check_url(url, loopback=self.loopback)
        end = time.monotonic() + self.timeout_seconds
        try:
            with self._connect(to, self._checked(to, end), end) as connection:
                connection.settimeout(_left(end))
                connection.sendall(_head(to, body, headers) + body)
                return _answer(connection, end)
        except TimeoutError as error:
            raise CallFailed("TIMED_OUT", str(error)) from error
        except ssl.SSLError as error:
            raise CallFailed("TLS_FAILED", str(error)) from error
        except OSError as error:
            raise CallFailed("UNREACHABLE", str(error)) from error

    def _checked(self, to: Destination, end: float) -> list[Address]:
        """The addresses of the host, resolved once. One that is not public refuses them all."""
        given = addresses.literal(to.host)
        found = [given] if given else [_address(text) for text in self._resolved(to, end)]
        for address in found:
            fine = addresses.is_public(address)
            if not fine and not (self.loopback and addresses.is_loopback(address)):
                raise CallFailed("ADDRESS_REFUSED", f"{to.host} is {address}")
        return found[:_ADDRESSES_TRIED]

    def _resolved(self, to: Destination, end: float) -> list[str]:
        # The system's resolver knows no time limit: it is left behind when ours is over.
        answers: queue.SimpleQueue[list[str] | OSError | UnicodeError] = queue.SimpleQueue()

        def ask() -> None:
            try:
                answers.put(self.resolver(to.host, to.port))
            except (OSError, UnicodeError) as error:
                answers.put(error)

        threading.Thread(target=ask, daemon=True).start()
        try:
            answer = answers.get(timeout=_left(end))
        except queue.Empty:
            raise TimeoutError("no answer of the resolver") from None
        if isinstance(answer, Exception) or not answer:
            raise CallFailed("NO_SUCH_HOST", str(answer))
        return answer

    def _connect(self, to: Destination, found: list[Address], end: float) -> ssl.SSLSocket:
        context = ssl.create_default_context()
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if self.ca_file:
            context.load_verify_locations(self.ca_file)
        plain = _first(found, to.port, end)
        try:
            plain.settimeout(_left(end))
            # SNI and the certificate's check are about the name, the connection is to the address.
            return context.wrap_socket(plain, server_hostname=to.host)
        except BaseException:
            plain.close()
            raise


def _address(text: str) -> Address:
    address = addresses.literal(text)
    if address is None:
        raise CallFailed("NO_SUCH_HOST", f"the resolver says {text}")
    return address


def _first(found: list[Address], port: int, end: float) -> socket.socket:
    """A connection to the first address that takes one. Raises OSError of the last."""
    for number, address in enumerate(found, start=1):
        # Each has its share of what is left, so that a dead one leaves time for the next.
        share = _left(end) / (len(found) - number + 1)
        try:
            return socket.create_connection((str(address), port), timeout=share)
        except OSError:
            if number == len(found):
                raise
    raise OSError("no address")


def _left(end: float) -> float:
    left = end - time.monotonic()
    if left <= 0:
        raise TimeoutError("the time is over")
    return left


def _head(to: Destination, body: bytes, headers: Mapping[str, str]) -> bytes:
    lines = {"Host": to.authority, **headers, "Content-Length": str(len(body))}
    lines["Connection"] = "close"
    for name, value in lines.items():
        if any(char in name + value for char in "\r\n\0"):
            raise ValueError(f"header {name} has a line end")
    text = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"POST {to.target} HTTP/1.1\r\n{text}\r\n".encode("ascii")


class _Timed(io.RawIOBase):
    """Reads of a socket that end in time as a whole, however slowly its bytes drop in."""

    def __init__(self, connection: socket.socket, end: float):
        self._connection, self.end = connection, end

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        self._connection.settimeout(_left(self.end))
        return self._connection.recv_into(buffer)


def _answer(connection: socket.socket, end: float) -> int:
    """The final status. Raises CallFailed for what is not HTTP, OSError."""
    timed = _Timed(connection, end)
    reader = io.BufferedReader(timed, 1024)
    status = 100
    while 100 <= status < 200:  # interim answers come before the one that counts
        match = _STATUS.fullmatch(reader.readline(_LONGEST_LINE))
        if match is None:
            raise CallFailed("NOT_HTTP")
        status = int(match[1])
        size = 0
        while (line := reader.readline(_LONGEST_LINE)) not in (b"\r\n", b"\n"):
            size += len(line)
            if not line.endswith(b"\n") or size > _LONGEST_HEAD:
                raise CallFailed("NOT_HTTP", "its headers do not end")
    timed.end = min(end, time.monotonic() + _POLITE_SECONDS)
    _listen_politely(reader)
    return status


def _listen_politely(reader: io.BufferedReader[_Timed]) -> None:
    """Read a small body before hanging up, as a server may take an early end for an error. What
    it says, and whether it ends well, changes nothing."""
    try:
        reader.read(_BODY_READ)
    except OSError:
        return
