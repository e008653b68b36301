"""What both drivers share: timeouts, which hosts need no proxy, and errors of the libraries.

HTTP is spoken by httpx, the WebSocket by websockets.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import httpx
from websockets.exceptions import InvalidStatus, WebSocketException

from reelstep import __version__
from reelstep.client.effects import NoConnection, Refused, Reply, Request

TIMEOUT = httpx.Timeout(30.0, connect=5.0)
#: As long as the gateway itself waits for what opens a connection: it may have to be started.
OPEN_SECONDS = 30.0
CLOSE_SECONDS = 1.0
_LOOPBACK = ("127.0.0.1", "localhost", "*.localhost", "[::1]")


def is_loopback(url: str) -> bool:
    """Whether `url` is on this machine, where no proxy of the environment is to be asked."""
    host = urlsplit(url).hostname or ""
    return host in ("localhost", "::1") or host.startswith("127.") or host.endswith(".localhost")


def loopback_patterns(urls: Iterable[str]) -> list[str]:
    """What httpx shall reach without a proxy: this machine, by the names it has in `urls` too."""
    named = {urlsplit(url).hostname or "" for url in urls if is_loopback(url)} - {"::1"}
    return [f"all://{host}" for host in dict.fromkeys((*_LOOPBACK, *sorted(named)))]


def outgoing(request: Request) -> dict[str, Any]:
    """Arguments of httpx's `request` and `stream`."""
    return {
        "method": request.method,
        "url": request.url,
        "params": dict(request.params) or None,
        "headers": dict(request.headers),
        "content": request.content or None,
    }


def incoming(answer: httpx.Response) -> Reply:
    """A reply whose body has been read."""
    return Reply(answer.status_code, headers_of(answer), answer.content)


def headers_of(answer: httpx.Response) -> Mapping[str, str]:
    return {name.lower(): value for name, value in answer.headers.items()}


def handshake(url: str, headers: Mapping[str, str]) -> dict[str, Any]:
    """Arguments of websockets' `connect`. Its own pings stay off: `live` has the protocol's."""
    return {
        "uri": url,
        "additional_headers": dict(headers),
        "user_agent_header": f"reelstep/{__version__}",
        "proxy": None if is_loopback(url) else True,
        "compression": None,
        "open_timeout": OPEN_SECONDS,
        "close_timeout": CLOSE_SECONDS,
        "ping_interval": None,
    }


@contextmanager
def http_errors() -> Iterator[None]:
    """What httpx raises, as the flows know it. The name alone: addresses hold signatures."""
    try:
        yield
    except (httpx.RequestError, httpx.InvalidURL) as error:
        raise NoConnection(type(error).__name__) from error


@contextmanager
def websocket_errors() -> Iterator[None]:
    """What websockets raises, as the flows know it. The name alone: the address has the token."""
    try:
        yield
    except InvalidStatus as error:
        raise Refused(error.response.status_code) from None
    except (WebSocketException, OSError, EOFError, ImportError) as error:
        # ImportError: a SOCKS proxy is asked for and its library is not installed.
        raise NoConnection(type(error).__name__) from None
