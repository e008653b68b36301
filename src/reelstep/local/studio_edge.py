"""`http://127.0.0.1:<port>/studio/` as CloudFront would answer it.

The emulator serves the stack's distribution to whoever asks for its host name: origin access,
default object, error page and response headers are the template's own. That name does not resolve
on a laptop, so requests below `/studio/` are passed on as if they had been made for it over HTTPS.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

PATH = "/studio"
#: Host, what would sign a call to AWS, and what a proxy could have added: none of it is a viewer's.
_NOT_PASSED_ON = frozenset({b"host", b"authorization", b"via", b"x-forwarded-proto"})


class StudioEdge:
    """`app` with the studio before it; `domain` finds the distribution's host, "" without one."""

    def __init__(self, app: App, domain: Callable[[], str]):
        self._app = app
        self._domain = domain

    @staticmethod
    def takes(scope: Scope) -> bool:
        """True for requests to the studio, and of a browser to the bare address."""
        path: str = scope.get("path", "")
        if scope["type"] != "http":
            return False
        return path == PATH or path.startswith(f"{PATH}/") or (path == "/" and _is_a_page(scope))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] == "/":
            await _answer(send, 302, [(b"location", f"{PATH}/".encode())])
            return
        if scope["path"] == PATH:
            # Relative, so that it holds for whatever name the machine was asked by.
            await _answer(send, 301, [(b"location", f"{PATH}/".encode())])
            return
        domain = self._domain()
        if not domain:
            await _answer(send, 404, [], b"The studio is not deployed here.\n")
            return
        await self._app(seen_by(scope, domain), receive, send)


def _is_a_page(scope: Scope) -> bool:
    """Somebody who typed the address wants a page. AWS's clients, whose S3 lists its buckets there,
    never accept HTML."""
    accepted = (value for name, value in scope["headers"] if name.lower() == b"accept")
    return scope["method"] in ("GET", "HEAD") and any(b"text/html" in value for value in accepted)


def seen_by(scope: Scope, domain: str) -> Scope:
    """The request as the distribution at `domain` gets it: its path is below `/studio`."""
    passed = [pair for pair in scope["headers"] if pair[0].lower() not in _NOT_PASSED_ON]
    raw = scope.get("raw_path") or scope["path"].encode()
    return {
        **scope,
        "path": scope["path"].removeprefix(PATH),
        "raw_path": raw.removeprefix(PATH.encode()),
        "headers": [*passed, (b"host", domain.encode()), (b"x-forwarded-proto", b"https")],
    }


async def _answer(
    send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes = b""
) -> None:
    kind = [(b"content-type", b"text/plain; charset=utf-8")] if body else []
    size = (b"content-length", str(len(body)).encode())
    await send(
        {"type": "http.response.start", "status": status, "headers": [*headers, *kind, size]}
    )
    await send({"type": "http.response.body", "body": body})


def emulated_domain(stack: str) -> str:
    """Host of the distribution of the emulator's stack; "" when there is none (yet)."""
    from ministack.services import cloudformation

    for _scope, described in cloudformation._stacks.all_items():
        for output in described.get("Outputs", ()) if described["StackName"] == stack else ():
            if output["OutputKey"] == "StudioHost":
                return str(output["OutputValue"])
    return ""
