"""A typed client of `/api/v1/videos`: one method a route, problem+json as `ApiProblem`.

GET is tried again after refused or broken connections and 429, 502, 503; anything that changes
something is sent once (and once more after a renewed sign-in, when the first was refused with 401
and so did nothing). Raised throughout: `ApiProblem`, `Unreachable`, `NotRunning`, `NotSignedIn`.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Self, TypeVar
from urllib.parse import quote

import requests
from pydantic import (
    BaseModel,
    ConfigDict,
    ModelWrapValidatorHandler,
    PrivateAttr,
    ValidationError,
    model_validator,
)
from pydantic.alias_generators import to_camel

from reelstep import __version__
from reelstep.cli.connection import (
    TIMEOUT_SECONDS,
    Connection,
    SignIn,
    discover,
    http_session,
    sign_in_for,
)
from reelstep.cli.errors import ApiProblem, NotRunning, NotSignedIn, Unreachable

RETRIED_STATUS = frozenset({429, 502, 503})
ATTEMPTS = 5
FIRST_PAUSE_SECONDS = 0.25
LONGEST_PAUSE_SECONDS = 4.0
TERMINAL = frozenset({"COMPLETED", "FAILED", "CANCELLED"})


class Answer(BaseModel):
    """A body of the API: the fields this program reads, and all of it as `document`."""

    model_config = ConfigDict(
        frozen=True, extra="ignore", alias_generator=to_camel, populate_by_name=True
    )
    _document: dict[str, Any] = PrivateAttr(default_factory=dict)

    @property
    def document(self) -> dict[str, Any]:
        """The body as it came, for `--json`."""
        return self._document

    @model_validator(mode="wrap")
    @classmethod
    def _keep_document(cls, body: Any, read: ModelWrapValidatorHandler[Self]) -> Self:
        answer = read(body)
        if isinstance(body, Mapping):
            answer._document = dict(body)
        return answer


class Submission(Answer):
    """201 of `POST /generate`."""

    video_id: str
    status: str
    queue_position: int = 0
    estimated_wait_minutes: float = 0
    tokens_cost: int = 0
    message: str = ""


class Phase(Answer):
    """One of the six, as `GET /{videoId}` tells it; `done` of `total` are the phase's own units."""

    phase: str
    progress_percentage: float = 0
    done: int = 0
    total: int = 0
    started_at: datetime | None = None
    completed_at: datetime | None = None


class Output(Answer):
    """One file of a finished film; sizes in pixels."""

    format: str
    url: str
    width: int = 0
    height: int = 0


class Video(Answer):
    """200 of `GET /{videoId}`, and what a row of the list has of it."""

    id: str
    prompt: str = ""
    title: str | None = None
    language: str | None = None
    duration_seconds: float = 0
    quality: str = ""
    status: str = ""
    current_phase: str | None = None
    progress_percentage: float = 0
    resolution: str | None = None
    frame_rate: float | None = None
    storage_url: str | None = None
    file_size_mb: float | None = None
    generation_time_minutes: float | None = None
    is_favorite: bool = False
    tokens_cost: int | None = None
    cost_usd: float | None = None
    error_code: str | None = None
    error_message: str | None = None
    error_phase: str | None = None
    phases: list[Phase] = []
    outputs: list[Output] = []
    created_at: datetime | None = None
    completed_at: datetime | None = None
    degraded: list[str] | None = None

    @property
    def finished(self) -> bool:
        return self.status in TERMINAL


class VideoPage(Answer):
    """200 of `GET /user`."""

    videos: list[Video]
    current_page: int = 0
    total_elements: int = 0
    total_pages: int = 0
    is_last: bool = True


class EventError(Answer):
    """What a failed job says of itself."""

    code: str = ""
    message: str = ""
    stage: str | None = None


class Event(Answer):
    """One entry of a job's log; fields as in the contract's WebSocket table."""

    event: str
    seq: int
    at: datetime
    position: int | None = None
    percent: float | None = None
    stage: str | None = None
    stage_percent: float | None = None
    message: str | None = None
    error: EventError | None = None
    retry_in: float | None = None


class EventLog(Answer):
    """200 of `GET /{videoId}/events`."""

    events: list[Event]


class QueueStatus(Answer):
    """200 of `GET /queue-status`."""

    queued_count: int = 0
    processing_count: int = 0
    active_workers: int = 0
    average_wait_minutes: float = 0


AnswerType = TypeVar("AnswerType", bound=Answer)


class Api:
    """The routes of system "generation", for one signed-in user."""

    def __init__(
        self,
        connection: Connection,
        sign_in: SignIn | None = None,
        *,
        sleep: Callable[[float], None] = time.sleep,
    ):
        self.connection = connection
        self._sign_in = sign_in or sign_in_for(connection)
        self._http = http_session(connection.api_url)
        self._sleep = sleep

    @classmethod
    def discovered(cls) -> Self:
        """A client of whatever `connection.discover` finds."""
        return cls(discover())

    def generate(self, body: Mapping[str, Any], *, idempotency_key: str) -> Submission:
        """Submit a film. The key makes a second submit of the same the same film."""
        return self._call(
            Submission,
            "POST",
            "/api/v1/videos/generate",
            json=dict(body),
            headers={"Idempotency-Key": idempotency_key},
        )

    def video(self, video_id: str) -> Video:
        return self._call(Video, "GET", _path(video_id))

    def videos(
        self,
        *,
        page: int = 0,
        size: int = 20,
        status: str | None = None,
        favorite: bool | None = None,
    ) -> VideoPage:
        """The user's films, newest first; `size` 1-100."""
        query: dict[str, str] = {"page": str(page), "size": str(size)}
        if status is not None:
            query["status"] = status
        if favorite is not None:
            query["favorite"] = str(favorite).lower()
        return self._call(VideoPage, "GET", "/api/v1/videos/user", params=query)

    def events(self, video_id: str, *, after: int = 0) -> list[Event]:
        """What happened after seq `after`, in order."""
        log = self._call(EventLog, "GET", _path(video_id, "/events"), params={"after": str(after)})
        return log.events

    def set_favorite(self, video_id: str, favorite: bool) -> bool:
        """Returns what it is now."""
        answer = self._send("POST" if favorite else "DELETE", _path(video_id, "/favorite"))
        return bool(_json(answer, self.connection).get("isFavorite", favorite))

    def delete(self, video_id: str) -> None:
        self._send("DELETE", _path(video_id))

    def queue_status(self) -> QueueStatus:
        return self._call(QueueStatus, "GET", "/api/v1/videos/queue-status", signed=False)

    def health(self) -> dict[str, Any]:
        return dict(_json(self._send("GET", "/health", signed=False), self.connection))

    def _call(self, kind: type[AnswerType], method: str, path: str, **request: Any) -> AnswerType:
        answer = self._send(method, path, **request)
        try:
            return kind.model_validate(_json(answer, self.connection))
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"]) or "the body"
            raise _not_the_api(self.connection, f"{where}: {first['msg']}") from error

    def _send(
        self, method: str, path: str, *, signed: bool = True, **request: Any
    ) -> requests.Response:
        """One request with its retries; returns an answer below 400.

        Raises:
            ApiProblem, NotRunning, Unreachable, NotSignedIn.
        """
        attempts = ATTEMPTS if method == "GET" else 1
        for attempt in range(1, attempts + 1):
            try:
                answer = self._signed(method, path, signed, request)
            except requests.RequestException as error:
                if attempt == attempts:
                    raise _no_connection(self.connection, error) from error
                self._sleep(_pause(attempt))
                continue
            if answer.status_code not in RETRIED_STATUS or attempt == attempts:
                break
            self._sleep(_pause(attempt, answer.headers.get("Retry-After")))
        if answer.status_code >= 400:
            raise _problem(answer, self.connection)
        return answer

    def _signed(
        self, method: str, path: str, signed: bool, request: Mapping[str, Any]
    ) -> requests.Response:
        answer = self._once(method, path, signed, request)
        if signed and answer.status_code == 401 and self._sign_in.renew():
            answer = self._once(method, path, signed, request)
        return answer

    def _once(
        self, method: str, path: str, signed: bool, request: Mapping[str, Any]
    ) -> requests.Response:
        headers = {
            "Accept": "application/json, application/problem+json",
            "Accept-Language": "en",  # the words around the API's own are English
            "User-Agent": f"reelstep/{__version__}",
            **request.get("headers", {}),
        }
        if signed:
            headers["Authorization"] = f"Bearer {self._sign_in.token()}"
        rest = {name: value for name, value in request.items() if name != "headers"}
        return self._http.request(
            method,
            self.connection.api_url + path,
            headers=headers,
            timeout=TIMEOUT_SECONDS,
            allow_redirects=False,
            **rest,
        )


def _path(video_id: str, rest: str = "") -> str:
    return f"/api/v1/videos/{quote(video_id, safe='')}{rest}"


def _pause(attempt: int, retry_after: str | None = None) -> float:
    """Seconds before the next try: what the server asks, within reason, else doubling."""
    if retry_after and retry_after.isdecimal():
        return min(float(retry_after), LONGEST_PAUSE_SECONDS)
    pause = min(FIRST_PAUSE_SECONDS * 2.0 ** (attempt - 1), LONGEST_PAUSE_SECONDS)
    return pause * random.uniform(0.75, 1.25)


def _json(answer: requests.Response, connection: Connection) -> Any:
    try:
        body = answer.json()
    except ValueError as error:
        raise _not_the_api(connection, "the body is not JSON") from error
    if not isinstance(body, Mapping):
        raise _not_the_api(connection, "the body is not an object")
    return body


def _problem(answer: requests.Response, connection: Connection) -> Exception:
    trace_id = answer.headers.get("X-Trace-Id", "")
    try:
        body = answer.json()
    except ValueError:
        body = None
    body = body if isinstance(body, Mapping) else {}
    if answer.status_code == 401:
        return NotSignedIn(
            "Not signed in",
            str(body.get("detail") or body.get("message") or "The API refused the token."),
            hint=(
                "`reelstep up` renews the demo user's sign-in."
                if connection.local
                else "Put a fresh Cognito ID token into REELSTEP_TOKEN."
            ),
            trace_id=str(body.get("traceId") or trace_id),
        )
    return ApiProblem(answer.status_code, body, trace_id)


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
