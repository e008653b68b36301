"""Requests to the API: signed in, repeated where that is safe, problem+json as `ApiProblem`.

What may be repeated without doing anything twice is: GET, a POST with an Idempotency-Key (the same
key each time), and what its method in `api` calls safe. It is sent again after broken connections
and 429, 502, 503. Anything else is sent again only after 429, which says that nothing was done.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import requests
from pydantic import ValidationError

from reelstep import __version__
from reelstep.cli.answers import Answer
from reelstep.cli.connection import (
    TIMEOUT_SECONDS,
    Connection,
    SignIn,
    http_session,
    sign_in_for,
)
from reelstep.cli.errors import ApiProblem, NotRunning, NotSignedIn, Unreachable

RETRIED_STATUS = frozenset({429, 502, 503})
NOTHING_DONE_STATUS = frozenset({429})
ATTEMPTS = 5
FIRST_PAUSE_SECONDS = 0.25
LONGEST_PAUSE_SECONDS = 4.0
# How long one call waits in all when the API names its own Retry-After.
PATIENCE_SECONDS = 120.0

AnswerType = TypeVar("AnswerType", bound=Answer)


@dataclass(frozen=True)
class Wait:
    """A pause that the API asked for, before attempt number `attempt` of `attempts`."""

    why: str
    seconds: float
    attempt: int
    attempts: int


class Transport:
    """Sends for one signed-in user. `on_wait` hears of every pause that the API asked for.

    Raised throughout: `ApiProblem`, `Unreachable`, `NotRunning`, `NotSignedIn`.
    """

    def __init__(
        self,
        connection: Connection,
        sign_in: SignIn | None = None,
        *,
        sleep: Callable[[float], None] = time.sleep,
        on_wait: Callable[[Wait], None] = lambda _wait: None,
    ):
        self.connection = connection
        self.on_wait = on_wait
        self._sign_in = sign_in or sign_in_for(connection)
        self._http = http_session(connection.api_url)
        self._sleep = sleep

    def call(self, kind: type[AnswerType], method: str, path: str, **request: Any) -> AnswerType:
        """One request, and its answer as a `kind`; arguments as of `send`."""
        answer = self.send(method, path, **request)
        try:
            return kind.model_validate(self.body(answer))
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"]) or "the body"
            raise _not_the_api(self.connection, f"{where}: {first['msg']}") from error

    def body(self, answer: requests.Response) -> dict[str, Any]:
        """The JSON object of an answer."""
        try:
            body = answer.json()
        except ValueError as error:
            raise _not_the_api(self.connection, "the body is not JSON") from error
        if not isinstance(body, Mapping):
            raise _not_the_api(self.connection, "the body is not an object")
        return dict(body)

    def send(
        self,
        method: str,
        path: str,
        *,
        signed: bool = True,
        safe: bool = False,
        idempotency_key: str = "",
        **request: Any,
    ) -> requests.Response:
        """One request with its repetitions; returns an answer below 400.

        `request` is `json` and `params` of requests. `safe` says that doing it twice does no harm.
        """
        headers = {"Idempotency-Key": idempotency_key} if idempotency_key else {}
        repeatable = safe or method == "GET" or bool(idempotency_key)
        again = RETRIED_STATUS if repeatable else NOTHING_DONE_STATUS
        waited = 0.0
        for attempt in range(1, ATTEMPTS + 1):
            try:
                answer = self._signed(method, path, signed, headers, request)
            except requests.RequestException as error:
                if attempt == ATTEMPTS or not repeatable:
                    raise _no_connection(self.connection, error) from error
                self._sleep(_pause(attempt))
                continue
            if answer.status_code not in again or attempt == ATTEMPTS:
                break
            asked = _retry_after(answer)
            if asked is None:
                self._sleep(_pause(attempt))
                continue
            waited += asked
            if waited > PATIENCE_SECONDS:
                break
            if asked >= 1:
                why = problem_title(answer)
                self.on_wait(Wait(why, asked, attempt + 1, ATTEMPTS))
            self._sleep(asked)
        if answer.status_code >= 400:
            raise _problem(answer, self.connection)
        return answer

    def _signed(
        self,
        method: str,
        path: str,
        signed: bool,
        headers: Mapping[str, str],
        request: Mapping[str, Any],
    ) -> requests.Response:
        answer = self._once(method, path, signed, headers, request)
        if signed and answer.status_code == 401 and self._sign_in.renew():
            answer = self._once(method, path, signed, headers, request)
        return answer

    def _once(
        self,
        method: str,
        path: str,
        signed: bool,
        headers: Mapping[str, str],
        request: Mapping[str, Any],
    ) -> requests.Response:
        all_headers = {
            "Accept": "application/json, application/problem+json",
            "Accept-Language": "en",  # the words around the API's own are English
            "User-Agent": f"reelstep/{__version__}",
            **headers,
        }
        if signed:
            all_headers["Authorization"] = f"Bearer {self._sign_in.token()}"
        return self._http.request(
            method,
            self.connection.api_url + path,
            headers=all_headers,
            timeout=TIMEOUT_SECONDS,
            allow_redirects=False,
            **request,
        )


def problem_title(answer: requests.Response) -> str:
    """What a refusal calls itself."""
    return str(_object(answer).get("title") or f"The API answered {answer.status_code}")


def _pause(attempt: int) -> float:
    """Seconds before the next try where the server names none: doubling, with jitter."""
    pause = min(FIRST_PAUSE_SECONDS * 2.0 ** (attempt - 1), LONGEST_PAUSE_SECONDS)
    return pause * random.uniform(0.75, 1.25)


def _retry_after(answer: requests.Response) -> float | None:
    """Seconds of Retry-After (RFC 9110, 10.2.3); None without one, and for its form as a date."""
    value = answer.headers.get("Retry-After", "").strip()
    return float(value) if value.isascii() and value.isdecimal() else None


def _object(answer: requests.Response) -> Mapping[str, Any]:
    try:
        body = answer.json()
    except ValueError:
        return {}
    return body if isinstance(body, Mapping) else {}


def _problem(answer: requests.Response, connection: Connection) -> Exception:
    trace_id = answer.headers.get("X-Trace-Id", "")
    body = _object(answer)
    if answer.status_code == 401:
        return NotSignedIn(
            "Not signed in",
            str(body.get("detail") or body.get("message") or "The API refused the token."),
            hint=(
                "`reelstep up` renews the sign-in of its users."
                if connection.local
                else "Put a fresh Cognito ID token into REELSTEP_TOKEN."
            ),
            trace_id=str(body.get("traceId") or trace_id),
        )
    return ApiProblem(answer.status_code, body, trace_id, retry_after_seconds=_retry_after(answer))


def _no_connection(connection: Connection, error: requests.RequestException) -> Exception:
    if connection.local:
        return NotRunning(f"{connection.api_url} does not answer.")
    return Unreachable(
        "The API cannot be reached",
        f"{connection.api_url}: {type(error).__name__}.",
        hint="Check REELSTEP_API_URL and your network.",
    )


def _not_the_api(connection: Connection, why: str) -> Unreachable:
    return Unreachable(
        "That was not the answer of a Reelstep API",
        f"{connection.api_url}: {why}.",
        hint="" if connection.local else "Check REELSTEP_API_URL.",
    )
