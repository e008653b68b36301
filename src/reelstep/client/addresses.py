"""Addresses of a deployment: whole, and never in the clear except on this machine.

A password and ID tokens go to them, and a studio's `config.json` may name them.
"""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from reelstep.client.errors import WrongSettings

#: Scheme in the clear and the one that is encrypted.
HTTP, WEBSOCKET = ("http", "https"), ("ws", "wss")


def is_loopback(url: str) -> bool:
    """Whether `url` is on this machine: no proxy is asked for it, and it needs no encryption."""
    host = urlsplit(url).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):  # RFC 6761, 6.3
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:  # a name, also one such as 127.example.org
        return False


def check(name: str, url: str, schemes: tuple[str, str]) -> None:
    """Whether `url` can be one of `schemes`, and may be.

    Raises:
        WrongSettings: it is no URL, or not encrypted and not on this machine; `name` is named.
    """
    clear, encrypted = schemes
    try:
        parts = urlsplit(url)
        usable = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
        in_the_clear = parts.scheme == clear and not is_loopback(url)
    except ValueError:  # a port or an IPv6 address that is none
        usable = in_the_clear = False
    if not usable:
        raise WrongSettings(f"{name} is not a URL", f"It says {url!r}.", name=name)
    if in_the_clear:
        raise WrongSettings(
            f"{name} must begin with {encrypted}://",
            f"It says {url!r}; {clear}:// would send your sign-in in the clear.",
            name=name,
            advice=f"Only addresses of this machine, such as {clear}://127.0.0.1, may be without.",
        )
