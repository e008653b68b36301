"""Server-Sent Events as text, and the id that a client comes back with. Pure.

The format is WHATWG HTML 9.2.6, "Interpreting an event stream": fields in lines, an empty line
ends an event, and a client that was cut off forgets what has no empty line behind it.
"""

from __future__ import annotations

import re

from reelstep.events.protocol import LARGEST_SEQ

CONTENT_TYPE = "text/event-stream"
#: What a client sends when it connects again, and what it may say when it connects first.
HEADER, PARAMETER = "Last-Event-ID", "lastEventId"

_ENDS_OF_LINE = re.compile(r"\r\n|\r|\n")
_DIGITS = re.compile(r"[0-9]{1,8}", re.ASCII)


def retry(milliseconds: int) -> str:
    """After how long a client connects again."""
    return f"retry: {milliseconds}\n\n"


def comment(text: str) -> str:
    """What only people see; it shows clients and proxies that somebody is there."""
    return "".join(f": {line}\n" for line in _ENDS_OF_LINE.split(text)) + "\n"


def event(name: str, seq: int, data: str) -> str:
    """One event. `seq` becomes its id; `data` may have several lines."""
    if _ENDS_OF_LINE.search(name):
        raise ValueError(f"{name!r} is not one line")
    lines = "".join(f"data: {line}\n" for line in _ENDS_OF_LINE.split(data))
    return f"id: {seq}\nevent: {name}\n{lines}\n"


def last_seq(given: str | None) -> int | None:
    """The seq of a last event id, 0 for none at all; None for what no id of ours looks like."""
    if not given:
        return 0
    return min(int(given), LARGEST_SEQ) if _DIGITS.fullmatch(given) else None
