"""One request with its repetitions: signed in, sent again where that is safe, problems raised.

What may be repeated without doing anything twice is: GET, a POST with an Idempotency-Key (the same
key each time), and what `routes` calls safe. It is sent again after broken connections and 429,
502, 503. Anything else is sent again only after 429, which says that nothing was done.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from pydantic import ValidationError

from reelstep import __version__
from reelstep.client.answers import Answer
from reelstep.client.effects import AskToken, Flow, NoConnection, Reply, Request, Send, Sleep, Wait
from reelstep.client.errors import ApiProblem, NotSignedIn, NotTheApi, Unreachable

RETRIED_STATUS = frozenset({429, 502, 503})
NOTHING_DONE_STATUS = frozenset({429})

Result = TypeVar("Result")
AnswerType = TypeVar("AnswerType", bound=Answer)


@dataclass(frozen=True)
class Patience:
    """How long and how often; times in seconds.

    `in_all` is how long one call waits where the API names its own Retry-After. `lost_after` is
    how long a job that is followed may be out of reach. Silence of `ping_after` is broken by a
    ping, which must be answered within `answer_within`.
    """

    attempts: int = 5
    first_pause: float = 0.25
    longest_pause: float = 4.0
    in_all: float = 120.0
    lost_after: float = 120.0
    poll_every: float = 0.5
    quiet_for: float = 5.0
    ping_after: float = 25.0
    answer_within: float = 20.0
    longest_reconnect_pause: float = 30.0

    def pause(self, attempt: int, longest: float | None = None) -> float:
        """Before the next try where the server names none: doubling, with jitter."""
        longest = self.longest_pause if longest is None else longest
        pause = min(self.first_pause * 2.0 ** min(attempt - 1, 30), longest)
        return pause * random.uniform(0.75, 1.25)


@dataclass(frozen=True)
class Call(Generic[Result]):
    """One route with its arguments. `read` makes the answer of a reply below 400.

    `safe` says that doing it twice does no harm; `signed` that it needs a token.
    """

    method: str
    path: str
    read: Callable[[Reply], Result]
    json: Mapping[str, Any] | None = None
    params: Mapping[str, str] = field(default_factory=dict)
    signed: bool = True
    safe: bool = False
    idempotency_key: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def repeatable(self) -> bool:
        return self.safe or self.method == "GET" or bool(self.idempotency_key)


@dataclass(frozen=True)
class Caller:
    """Who calls where: `api_url` without a slash at its end; `language` is BCP 47."""

    api_url: str
    language: str = "en"
    patience: Patience = Patience()
    name: str = "The API"

    def call(self, call: Call[Result]) -> Flow[Result]:
        """Raises ApiProblem, Unreachable, NotTheApi, NotSignedIn."""
        reply = yield from self.reply(call)
        if reply.status == 401 and call.signed:
            raise _not_signed_in(reply)
        if reply.status >= 400:
            raise problem_of(reply)
        try:
            return call.read(reply)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"]) or "the body"
            raise self._not_the_api(f"{where}: {first['msg']}") from error
        except ValueError as error:
            raise self._not_the_api(str(error)) from error

    def reply(self, call: Call[Result]) -> Flow[Reply]:
        """The last of the replies to it, whatever it says. Raises Unreachable."""
        patience = self.patience
        again = RETRIED_STATUS if call.repeatable else NOTHING_DONE_STATUS
        waited = 0.0
        attempt = 1
        while True:
            last = attempt == patience.attempts
            try:
                reply = yield from self._signed(call)
            except NoConnection as error:
                if last or not call.repeatable:
                    raise self._unreachable(error) from error
                yield Sleep(patience.pause(attempt))
                attempt += 1
                continue
            if reply.status not in again or last:
                return reply
            asked = retry_after(reply)
            if asked is None:
                yield Sleep(patience.pause(attempt))
            else:
                waited += asked
                if waited > patience.in_all:
                    return reply
                wait = Wait(problem_of(reply).title, asked, attempt + 1, patience.attempts)
                yield Sleep(asked, wait if asked >= 1 else None)
            attempt += 1

    def _signed(self, call: Call[Result]) -> Flow[Reply]:
        """Once; a token that is refused is renewed, if that can be, and then once more."""
        if not call.signed:
            public: Reply = yield Send(self._request(call))
            return public
        token = yield AskToken()
        reply: Reply = yield Send(self._request(call, token))
        if reply.status == 401:
            other = yield AskToken(refused=token)
            if other:
                reply = yield Send(self._request(call, other))
        return reply

    def _request(self, call: Call[Result], token: str = "") -> Request:
        headers = {
            "Accept": "application/json, application/problem+json",
            "Accept-Language": self.language,
            "User-Agent": f"reelstep/{__version__}",
        }
        if call.idempotency_key:
            headers["Idempotency-Key"] = call.idempotency_key
        if token:
            headers["Authorization"] = f"Bearer {token}"
        content = b""
        if call.json is not None:
            headers["Content-Type"] = "application/json"
            content = json.dumps(call.json).encode()
        headers |= call.headers
        return Request(call.method, self.api_url + call.path, headers, call.params, content)

    def _unreachable(self, error: NoConnection) -> Unreachable:
        return Unreachable(
            f"{self.name} cannot be reached", f"{self.api_url}: {error}.", address=self.api_url
        )

    def _not_the_api(self, why: str) -> NotTheApi:
        return NotTheApi(
            "That was not the answer of a Reelstep API",
            f"{self.api_url}: {why}.",
            address=self.api_url,
        )


def token() -> Flow[str]:
    """A token that is good for now. Raises NotSignedIn, Unreachable."""
    return str((yield AskToken()))


def as_a(kind: type[AnswerType]) -> Callable[[Reply], AnswerType]:
    """Reads the body of a reply as a `kind`."""
    return lambda reply: kind.model_validate(json_object(reply))


def json_object(reply: Reply) -> dict[str, Any]:
    """The JSON object of a reply. Raises ValueError."""
    try:
        body = json.loads(reply.content)
    except ValueError as error:
        raise ValueError("the body is not JSON") from error
    if not isinstance(body, dict):
        raise ValueError("the body is not an object")
    return body


def retry_after(reply: Reply) -> float | None:
    """Seconds of Retry-After (RFC 9110, 10.2.3); None without one, and for its form as a date."""
    value = reply.headers.get("retry-after", "").strip()
    return float(value) if value.isascii() and value.isdecimal() else None


def problem_of(reply: Reply) -> ApiProblem:
    """A refusal, whatever its body is."""
    return ApiProblem(
        reply.status,
        _object(reply),
        trace_id=reply.headers.get("x-trace-id", ""),
        retry_after=retry_after(reply),
    )


def _not_signed_in(reply: Reply) -> NotSignedIn:
    body = _object(reply)
    return NotSignedIn(
        "Not signed in",
        str(body.get("detail") or body.get("message") or "The API refused the token."),
        trace_id=str(body.get("traceId") or reply.headers.get("x-trace-id", "")),
    )


def _object(reply: Reply) -> Mapping[str, Any]:
    try:
        return json_object(reply)
    except ValueError:
        return {}
