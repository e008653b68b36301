"""What both drivers share: timeouts, hosts without a proxy, errors and logs of the libraries.

HTTP is spoken by httpx, the WebSocket by websockets.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from urllib.parse import urlsplit

import httpx
from websockets.exceptions import InvalidStatus, WebSocketException

from reelstep import __version__
from reelstep.client.addresses import is_loopback
from reelstep.client.effects import NoConnection, Refused, Reply, Request

TIMEOUT = httpx.Timeout(30.0, connect=5.0)
#: As long as the gateway itself waits for what opens a connection: it may have to be started.
OPEN_SECONDS = 30.0
CLOSE_SECONDS = 1.0
_LOOPBACK = ("127.0.0.1", "localhost", "*.localhost", "[::1]")


#: websockets logs the token in the address and the signed ones in events. This logger stands
#: beside the hierarchy, so no configuration of the program's can switch it on.
_SILENT = logging.Logger(f"{__name__}.silent")
_SILENT.disabled = True
#: Whether what is logged just now is about a request of ours.
_OURS: ContextVar[bool] = ContextVar("reelstep_client_request", default=False)


def _without_secrets(record: logging.LogRecord) -> bool:
    """A filter that takes what may be a signature or a password out of the addresses it logs."""
    if _OURS.get() and isinstance(record.args, tuple):
        record.args = tuple(_bare(each) for each in record.args)
    return True


def _bare(logged: object) -> object:
    if not isinstance(logged, httpx.URL):
        return logged
    return logged.copy_with(query=None, fragment=None, userinfo=b"")


def keep_secrets_from_logs() -> None:
    """Of our own requests httpx logs addresses without their query; may be called again."""
    # httpx has one logger for the process and writes whole URLs at INFO, and a film's is as good
    # as the film. So its logger gets this filter, once: levels, handlers and what httpx logs for
    # others in the same process stay as they are.
    logging.getLogger("httpx").addFilter(_without_secrets)


def loopback_patterns(urls: Iterable[str]) -> list[str]:
    """What httpx shall reach without a proxy: this machine, by the names it has in `urls` too."""
    named = {urlsplit(url).hostname or "" for url in urls if is_loopback(url)}
    hosts = (f"[{host}]" if ":" in host else host for host in sorted(named))
    return [f"all://{host}" for host in dict.fromkeys((*_LOOPBACK, *hosts))]


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
        "logger": _SILENT,
    }


@contextmanager
def http_errors() -> Iterator[None]:
    """What httpx raises, as the flows know it. The name alone: addresses hold signatures.

    What httpx logs meanwhile is about a request of ours.
    """
    before = _OURS.get()
    _OURS.set(True)
    try:
        yield
    except (httpx.RequestError, httpx.InvalidURL) as error:
        raise NoConnection(type(error).__name__) from error
    finally:
        _OURS.set(before)


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
