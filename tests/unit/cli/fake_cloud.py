"""An HTTP server that speaks the generation routes and Cognito's InitiateAuth, on a free port.

The CLI under test reaches it through real sockets. A test scripts it: which events a film has, how
many of them are out at each reading of the log, and which answers go wrong.
"""

from __future__ import annotations

import json
import threading
import time
import uuid
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.unit.cli.fake_people import FakePeople, problem

PHASES = (
    "SCRIPT_GENERATION",
    "ASSET_GENERATION",
    "COMPOSITING",
    "RENDERING",
    "ENCODING",
    "FINALIZATION",
)
WEIGHTS = (5, 25, 10, 45, 10, 5)
LINE_DROPPED = 0  # as a planned status: the request arrives and is never answered
MOVIE = bytes(range(256)) * 4096  # 1 MiB in which a lost or doubled block shows
AT = "2026-11-20T10:00:{:02d}.000Z"


def happy_events(video_id: str) -> list[dict[str, Any]]:
    """A film from queued to completed: every phase at 0, 50 and 100 %."""
    told: list[dict[str, Any]] = [
        {"event": "job:queued", "position": 2},
        {"event": "job:started", "workerId": "w"},
    ]
    before = 0
    for phase, weight in zip(PHASES, WEIGHTS, strict=True):
        for part in (0, 50, 100):
            told.append(
                {
                    "event": "job:progress",
                    "percent": min(99, before + weight * part // 100),
                    "stage": phase,
                    "stagePercent": part,
                    "message": f"{phase.lower()} {part // 50} of 2",
                }
            )
        before += weight
    told.append({"event": "job:completed", "videoUrl": "…"})
    return numbered(video_id, told)


def failing_events(video_id: str) -> list[dict[str, Any]]:
    """A film whose rendering fails."""
    told = [event for event in happy_events(video_id) if event.get("stage") in PHASES[:3]]
    error = {"code": "FfmpegFailed", "message": "Scene 2 could not be drawn", "stage": "RENDERING"}
    progress = {"event": "job:progress", "percent": 41, "stage": "RENDERING", "stagePercent": 3}
    return numbered(video_id, [*told, progress, {"event": "job:failed", "error": error}])


def numbered(video_id: str, told: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {**event, "generationId": video_id, "seq": seq, "at": AT.format(seq % 60)}
        for seq, event in enumerate(told, start=1)
    ]


@dataclass
class Film:
    """One film of the fake: `out` events are told, and `step` more after each reading."""

    id: str
    prompt: str
    request: dict[str, Any]
    events: list[dict[str, Any]]
    out: int = 0
    step: int = 7
    deleted: bool = False
    favorite: bool = False

    @property
    def status(self) -> str:
        told = [event["event"] for event in self.events[: self.out]]
        if told and told[-1] in ("job:completed", "job:failed", "job:cancelled"):
            return told[-1].removeprefix("job:").upper()
        return "PROCESSING" if "job:started" in told else "QUEUED"


@dataclass
class FakeCloud:
    """What the server knows and what it was asked; `url` is where it listens."""

    url: str = ""
    websocket_url: str | None = None
    films: dict[str, Film] = field(default_factory=dict)
    requests: list[tuple[str, str, dict[str, str], Any]] = field(default_factory=list)
    sign_ins: list[str] = field(default_factory=list)
    signed_in: list[str] = field(default_factory=list)
    good_tokens: set[str] = field(default_factory=set)
    # Answers that come before the real ones: (method, path part) → [(status, body, headers)…]
    planned: dict[tuple[str, str], list[tuple[int, Any, dict[str, str]]]] = field(
        default_factory=dict
    )
    make_events: Any = happy_events
    next_attempt: list[dict[str, Any]] = field(default_factory=list)
    movie: bytes = MOVIE
    step: int = 7
    drop_download_after: list[int] = field(default_factory=list)
    refuse_sign_in: str = ""
    refuse_refresh: bool = False
    token_lifetime: int = 3600
    people: FakePeople = field(default_factory=FakePeople)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def plan(self, method: str, path: str, status: int, body: Any = None, **headers: str) -> None:
        """The next request whose path contains `path` gets this answer instead."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.planned.setdefault((method, path), []).append((status, body, named))

    def add(self, prompt: str = "A fox", *, finished: bool = True, **request: Any) -> Film:
        video_id = str(uuid.uuid4())
        events = self.make_events(video_id)
        film = Film(video_id, prompt, {"prompt": prompt, **request}, events, step=self.step)
        film.out = len(events) if finished else 0
        self.films[video_id] = film
        return film

    def asked(self, method: str, part: str) -> list[tuple[str, str, dict[str, str], Any]]:
        return [each for each in self.requests if each[0] == method and part in each[1]]

    def write_local_json(self, home: Path) -> None:
        home.mkdir(parents=True, exist_ok=True)
        (home / "local.json").write_text(
            json.dumps(
                {
                    "apiUrl": self.url,
                    "websocketUrl": self.websocket_url,
                    "awsEndpointUrl": f"{self.url}/cognito",
                    "clientId": "client-1",
                    "demoUser": {"email": "demo@reelstep.test", "password": "correct horse"},
                    "adminUser": {"email": "admin@reelstep.test", "password": "battery"},
                }
            ),
            encoding="utf-8",
        )


def start(cloud: FakeCloud) -> ThreadingHTTPServer:
    """Serve `cloud` from a thread; the caller shuts it down."""

    class Handler(_Handler):
        pass

    Handler.cloud = cloud
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    cloud.url = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    return server


class _Handler(BaseHTTPRequestHandler):
    cloud: FakeCloud
    protocol_version = "HTTP/1.1"

    def log_message(self, *args: Any) -> None:
        """Quiet."""

    def do_GET(self) -> None:
        self._serve("GET")

    def do_POST(self) -> None:
        self._serve("POST")

    def do_DELETE(self) -> None:
        self._serve("DELETE")

    def do_PUT(self) -> None:
        self._serve("PUT")

    def _serve(self, method: str) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        raw = self.rfile.read(length)
        store = self.path.startswith("/store/")
        body: Any = raw if store else json.loads(raw) if raw else None
        cloud = self.cloud
        with cloud.lock:
            cloud.requests.append((method, self.path, dict(self.headers), body))
            for (planned_method, part), answers in cloud.planned.items():
                if planned_method == method and part in self.path and answers:
                    status, answer, headers = answers.pop(0)
                    if status == LINE_DROPPED:
                        self.close_connection = True
                        return
                    self._answer(status, answer, headers)
                    return
            self._route(method, urlsplit(self.path).path, parse_qs(urlsplit(self.path).query), body)

    def _route(self, method: str, path: str, query: dict[str, list[str]], body: Any) -> None:
        cloud = self.cloud
        if path == "/cognito":
            return self._sign_in(body)
        if path.startswith("/media/"):
            return self._media()
        if path.startswith("/store/"):
            return self._answer(200, {})
        if path == "/api/v1/videos/queue-status":
            return self._answer(200, {"queuedCount": 1, "processingCount": 2, "activeWorkers": 2})
        if path == "/health":
            return self._answer(200, {"status": "ok"})
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        if token not in cloud.good_tokens:
            return self._answer(401, {"message": "Unauthorized"})
        if not path.startswith("/api/v1/videos/"):
            return self._answer(*cloud.people.answer(method, path, query, body, token, cloud.url))
        if path == "/api/v1/videos/quote":
            return self._answer(200, cloud.people.quote)
        if path == "/api/v1/videos/generate":
            film = cloud.add(finished=False, **body)
            return self._answer(201, _submission(film))
        if path == "/api/v1/videos/user":
            return self._answer(200, self._page(query))
        video_id, _, rest = path.removeprefix("/api/v1/videos/").partition("/")
        film = cloud.films.get(video_id)
        if film is None or film.deleted:
            return self._answer(404, problem(404, "NOT_FOUND", "Not found", "No such video"))
        if rest == "events":
            after = int(query["after"][0])
            film.out = min(len(film.events), film.out + film.step)
            return self._answer(200, {"events": film.events[after : film.out]})
        if rest == "cancel":
            film.events = numbered(film.id, [*film.events[: film.out], {"event": "job:cancelled"}])
            film.out = len(film.events)
            return self._answer(202, cancelled(film))
        if rest == "retry":
            film.events = numbered(film.id, [*film.events[: film.out], *cloud.next_attempt])
            return self._answer(202, _submission(film))
        if rest == "favorite":
            film.favorite = method == "POST"
            return self._answer(200, {"isFavorite": film.favorite})
        if method == "DELETE":
            film.deleted = True
            return self._answer(204, None)
        return self._answer(200, _video(film, cloud.url))

    def _page(self, query: dict[str, list[str]]) -> dict[str, Any]:
        page, size = int(query["page"][0]), int(query["size"][0])
        films = [film for film in reversed(self.cloud.films.values()) if not film.deleted]
        if "status" in query:
            films = [film for film in films if film.status == query["status"][0]]
        if query.get("favorite") == ["true"]:
            films = [film for film in films if film.favorite]
        shown = films[page * size : (page + 1) * size]
        return {
            "videos": [_video(film, self.cloud.url) for film in shown],
            "currentPage": page,
            "pageSize": size,
            "totalElements": len(films),
            "totalPages": -(-len(films) // size),
            "isLast": (page + 1) * size >= len(films),
        }

    def _sign_in(self, body: dict[str, Any]) -> None:
        cloud = self.cloud
        cloud.sign_ins.append(body["AuthFlow"])
        refused = cloud.refuse_sign_in or (
            "gone" if cloud.refuse_refresh and body["AuthFlow"] == "REFRESH_TOKEN_AUTH" else ""
        )
        if refused:
            self._answer(400, {"__type": "NotAuthorizedException", "message": refused})
            return
        token = f"token-{len(cloud.sign_ins)}"
        who = body["AuthParameters"].get("USERNAME", "")
        cloud.signed_in.append(who)
        if who.startswith("admin"):
            cloud.people.admin_tokens.add(token)
        cloud.good_tokens.add(token)
        result = {"IdToken": token, "ExpiresIn": cloud.token_lifetime}
        if body["AuthFlow"] == "USER_PASSWORD_AUTH":
            result["RefreshToken"] = "refresh-1"
        self._answer(200, {"AuthenticationResult": result})

    def _media(self) -> None:
        """The film's bytes, with ranges; cut short as often as `drop_download_after` says."""
        start_at = 0
        wanted = self.headers.get("Range", "")
        if wanted.startswith("bytes="):
            start_at = int(wanted.removeprefix("bytes=").split("-")[0])
        data = self.cloud.movie[start_at:]
        self.send_response(206 if start_at else 200)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("ETag", '"movie"')
        self.end_headers()
        if self.cloud.drop_download_after:
            self.wfile.write(data[: self.cloud.drop_download_after.pop(0)])
            self.wfile.flush()
            self.close_connection = True
            return
        self.wfile.write(data)

    def _answer(self, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
        raw = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        raw = b"" if status == 204 else raw
        kind = "application/problem+json" if status >= 400 else "application/json"
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(raw)))
        self.send_header("X-Trace-Id", "trace-header")
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(raw)


def cancelled(film: Film) -> dict[str, Any]:
    return {
        "videoId": film.id,
        "status": "CANCELLED",
        "tokensRefunded": 60,
        "message": "Cancelled",
    }


def _submission(film: Film) -> dict[str, Any]:
    return {
        "videoId": film.id,
        "status": "QUEUED",
        "queuePosition": 2,
        "estimatedWaitMinutes": 1,
        "tokensCost": 100,
        "message": "Queued",
        "createdAt": AT.format(0),
    }


def _video(film: Film, url: str) -> dict[str, Any]:
    done = film.status == "COMPLETED"
    error = next((each["error"] for each in film.events if "error" in each), None)
    failed = film.status == "FAILED" and error
    return {
        "id": film.id,
        "prompt": film.prompt,
        "durationSeconds": film.request.get("durationSeconds", 20),
        "resolution": "1080p",
        "frameRate": 30,
        "quality": film.request.get("quality", "STANDARD"),
        "status": film.status,
        "currentPhase": error["stage"] if failed else "FINALIZATION",
        "progressPercentage": 100 if done else 41,
        "storageUrl": f"{url}/media/{film.id}.mp4?signature=s" if done else None,
        "fileSizeMb": 8.4 if done else None,
        "generationTimeMinutes": 0.35 if done else None,
        "isFavorite": film.favorite,
        "tokensCost": 100,
        "costUsd": 0.0012 if done else None,
        "errorPhase": error["stage"] if failed else None,
        "errorMessage": error["message"] if failed else None,
        "createdAt": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "completedAt": AT.format(21) if done else None,
        "outputs": [{"format": "MP4", "url": url, "fileSizeMb": 8.4, "width": 1920, "height": 1080}]
        if done
        else [],
        "phases": [
            {
                "phase": name,
                "progressPercentage": 100,
                "done": 4,
                "total": 4,
                "startedAt": AT.format(index),
                "completedAt": AT.format(index + 1),
            }
            for index, name in enumerate(PHASES)
        ],
        "qualityReport": {
            "passed": True,
            "checks": [{"name": "loudness", "passed": True}, {"name": "frames", "passed": True}],
        },
    }
