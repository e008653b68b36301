"""docs/websocket.md, played line by line: what it shows is what is said."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.support.live_jobs import live_job
from tests.support.local_cloud import LocalCloud
from tests.support.websocket import Client, connected

PAGE = Path(__file__).resolve().parents[2] / "docs" / "websocket.md"
#: Members whose values are another time's, or this job's.
_LOOSE = {"at", "createdAt", "phases"}


def _lines() -> list[tuple[str, Any]]:
    text = PAGE.read_text(encoding="utf-8")
    return [
        (line[0], json.loads(line[2:]))
        for line in text.splitlines()
        if line.startswith(("> {", "< {"))
    ]


def _said(value: Any, job: str) -> Any:
    """Without what differs from run to run."""
    if isinstance(value, dict):
        return {k: "…" if k in _LOOSE else _said(inner, job) for k, inner in value.items()}
    return "JOB" if value == job else value


def _next(client: Client, wanted: Any) -> Any:
    """The next message; a job's own events come when they come, where none is shown."""
    while True:
        body = client.next()
        if body["event"] == "job:cancelled" != wanted["event"]:
            continue
        return body


def test_the_page_is_what_happens(cloud: LocalCloud) -> None:
    user = cloud.new_user()
    played = 0
    with (
        live_job(cloud, user, 4) as job,
        connected(cloud.description.websocket_url, user.token) as client,
    ):
        for sign, body in _lines():
            if sign == ">":
                named = {"generationId": job.id} if body.get("generationId") == "JOB" else {}
                client.say_raw(json.dumps({**body, **named}))
            else:
                heard = _next(client, body)
                assert _said(heard, job.id) == _said(body, job.id)
                assert all(set(one) == set(body["job"]["phases"][0]) for one in _phases(heard))
            played += 1
        assert client.quiet(0.3)
    assert played > 12


def _phases(body: Any) -> list[Any]:
    return list(body.get("job", {}).get("phases", []))
