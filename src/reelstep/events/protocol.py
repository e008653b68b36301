"""What clients and server say to each other over the WebSocket. Pure.

A client sends JSON objects with an `action`; the server sends JSON objects with `event`,
`generationId`, `seq` and `at` (contract, "WebSocket"). What is not about one job has null there.
docs/websocket.md shows each of them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from reelstep.platform.errors import MalformedRequest, Permanent, TooLarge

#: The contract's "wire size under 4 KB a message", for what we send; more is not read either.
MESSAGE_BYTES = 4_096
LARGEST_SEQ = 99_999_999
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
_ELLIPSIS = "…"


class Action(StrEnum):
    """What a client may ask for."""

    SUBSCRIBE = "subscribe"
    UNSUBSCRIBE = "unsubscribe"
    CANCEL = "cancel"
    PING = "ping"


#: Members of a message by its action, besides `action`; those after the first are optional.
_MEMBERS = {
    Action.SUBSCRIBE: ("generationId", "lastSeq"),
    Action.UNSUBSCRIBE: ("generationId",),
    Action.CANCEL: ("generationId",),
    Action.PING: (),
}


class InvalidMessage(Permanent):
    """A client's message is JSON and yet nothing we know."""

    status, code, title = 422, "VALIDATION_FAILED", "The message is not valid"


@dataclass(frozen=True)
class Message:
    """A client's message. `last_seq` is the last event that it has, 0 for none."""

    action: Action
    job_id: str = ""
    last_seq: int = 0


def parse(text: str) -> Message:
    """Read what a client sent. Raises TooLarge, MalformedRequest or InvalidMessage."""
    if len(text.encode("utf-8", "replace")) > MESSAGE_BYTES:
        raise TooLarge(
            f"A message may have {MESSAGE_BYTES} bytes",
            french=f"Un message peut avoir {MESSAGE_BYTES} octets",
        )
    try:
        given = json.loads(text, object_pairs_hook=_without_doubles, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise _malformed() from error
    if not isinstance(given, dict):
        raise _malformed()
    action = _action(given.pop("action", None))
    members = _MEMBERS[action]
    unknown = sorted(set(given) - set(members))
    if unknown:
        raise InvalidMessage(
            f"{action} takes {', '.join(members) or 'nothing'} and nothing else",
            french=f"{action} prend {', '.join(members) or 'rien'} et rien d'autre",
        )
    job_id = _job_id(given.get("generationId")) if members else ""
    return Message(action, job_id, _last_seq(given.get("lastSeq", 0)))


def told_id(text: str) -> str | None:
    """The job that a message which could not be read is about, if it says so."""
    try:
        given = json.loads(text[:MESSAGE_BYTES])
    except (ValueError, RecursionError):
        return None
    job_id = given.get("generationId") if isinstance(given, dict) else None
    return job_id if isinstance(job_id, str) and _ID.fullmatch(job_id) else None


def _action(value: Any) -> Action:
    if not isinstance(value, str) or value not in set(Action):
        known = ", ".join(Action)
        raise InvalidMessage(
            f"action must be one of {known}", french=f"action doit être l'une de {known}"
        )
    return Action(value)


def _job_id(value: Any) -> str:
    if not isinstance(value, str) or not _ID.fullmatch(value):
        raise InvalidMessage(
            "generationId must be the id of a job",
            french="generationId doit être l'identifiant d'un travail",
        )
    return value


def _last_seq(value: Any) -> int:
    if type(value) is not int or not 0 <= value <= LARGEST_SEQ:
        raise InvalidMessage(
            f"lastSeq must be a whole number from 0 to {LARGEST_SEQ}",
            french=f"lastSeq doit être un nombre entier de 0 à {LARGEST_SEQ}",
        )
    return value


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = dict(pairs)
    if len(names) != len(pairs):
        raise ValueError("a member comes twice")
    return names


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _malformed() -> MalformedRequest:
    return MalformedRequest("Send one JSON object", french="Envoyez un objet JSON")


# -- what the server says --------------------------------------------------------------------------


def subscribed(job_id: str, last_seq: int, at: str, job: Mapping[str, Any]) -> dict[str, Any]:
    """The snapshot. Its `seq` is where the replay begins: the next event has `seq + 1`, so that a
    client which keeps the last `seq` it saw can come back with it at any moment."""
    return _about(job_id, "subscribed", at, seq=last_seq, job=dict(job))


def accepted(action: Action, job_id: str, at: str, **fields: Any) -> dict[str, Any]:
    """An unsubscribe or cancel has been done."""
    return _about(job_id, "accepted", at, action=action.value, **fields)


def pong(at: str) -> dict[str, Any]:
    return _about(None, "pong", at)


def error(code: str, message: str, at: str, job_id: str | None = None) -> dict[str, Any]:
    return _about(job_id, "error", at, code=code, message=message)


def _about(job_id: str | None, event: str, at: str, **fields: Any) -> dict[str, Any]:
    return {"event": event, "generationId": job_id, "seq": None, "at": at, **fields}


def encode(body: Mapping[str, Any]) -> bytes:
    """JSON under MESSAGE_BYTES. Texts for people (`message`, wherever it is) are cut, the longest
    first, and end in `…`; nothing else is. Raises ValueError when that is not enough."""
    data = _json(body)
    if len(data) < MESSAGE_BYTES:
        return data
    cut: dict[str, Any] = json.loads(data)
    while len(data) >= MESSAGE_BYTES:
        holder = max(_holders(cut), key=lambda one: len(_json(one["message"])), default=None)
        text = holder["message"].removesuffix(_ELLIPSIS) if holder else ""
        if holder is None or not text:
            raise ValueError(f"{body.get('event')} has {len(data)} bytes")
        # A character takes at least one byte, so this never cuts more than it must by much.
        excess = len(data) - MESSAGE_BYTES + 1 + len(_ELLIPSIS.encode())
        widest = max(1, len(_json(text)) // len(text))
        keep = max(0, len(text) - max(1, excess // widest))
        holder["message"] = text[:keep] + _ELLIPSIS
        data = _json(cut)
    return data


def _holders(value: Any) -> list[dict[str, Any]]:
    """Every object in `value` that has a text called `message`."""
    if not isinstance(value, dict):
        return []
    own = [value] if isinstance(value.get("message"), str) else []
    return own + [holder for inner in value.values() for holder in _holders(inner)]


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
