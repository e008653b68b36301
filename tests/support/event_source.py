"""An EventSource, written from the standard (WHATWG HTML 9.2) and from nothing of ours.

`Parser` is "interpreting an event stream"; `EventSource` connects, dispatches, waits `retry` and
comes back with Last-Event-ID until it is told to stop. Its line may be cut by the test.
"""

from __future__ import annotations

import codecs
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import requests


@dataclass(frozen=True)
class Message:
    """What a page's listener gets."""

    type: str
    data: str
    last_event_id: str


@dataclass
class Parser:
    """Bytes in, messages out. `last_event_id` and `retry_ms` outlive a connection."""

    last_event_id: str = ""
    retry_ms: int = 3_000
    comments: list[str] = field(default_factory=list)

    def begin(self) -> None:
        """A new connection: what was half told is forgotten."""
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._text, self._first = "", True
        self._data, self._type, self._id = "", "", self.last_event_id

    def feed(self, chunk: bytes) -> Iterator[Message]:
        self._text += self._decoder.decode(chunk)
        if self._first and self._text:
            self._text, self._first = self._text.removeprefix("\ufeff"), False
        while (line := self._line()) is not None:
            if line:
                self._field(line)
            else:
                yield from self._dispatch()

    def _line(self) -> str | None:
        """The next whole line. A CR at the end may be half of a CRLF: wait for what follows."""
        for index, letter in enumerate(self._text):
            if letter == "\n":
                break
            if letter == "\r" and index + 1 < len(self._text):
                break
        else:
            return None
        line, end = self._text[:index], index + 1
        if self._text[index : index + 2] == "\r\n":
            end += 1
        self._text = self._text[end:]
        return line

    def _field(self, line: str) -> None:
        name, colon, value = line.partition(":")
        value = value.removeprefix(" ")
        if not name and colon:
            self.comments.append(value)
        elif name == "event":
            self._type = value
        elif name == "data":
            self._data += value + "\n"
        elif name == "id" and "\0" not in value:
            self._id = value
        elif name == "retry" and value.isascii() and value.isdigit():
            self.retry_ms = int(value)

    def _dispatch(self) -> Iterator[Message]:
        self.last_event_id = self._id
        data, kind = self._data, self._type
        self._data, self._type = "", ""
        if data:
            yield Message(kind or "message", data.removesuffix("\n"), self.last_event_id)


#: Bytes that arrive of an answer before the line is cut; None for all, and seconds to wait for it.
Cut = Callable[[], tuple[int | None, float]]


@dataclass
class EventSource:
    """`closed_by` is the status that ended it, as the standard says: any but 200."""

    url: str
    cut: Cut = lambda: (None, 60.0)
    requests: int = 0
    cuts: int = 0
    largest: int = 0
    closed_by: int | None = None
    parser: Parser = field(default_factory=Parser)

    def __iter__(self) -> Iterator[Message]:
        while True:
            yield from self._connect()
            if self.closed_by is not None:
                return
            time.sleep(self.parser.retry_ms / 1_000)

    def _connect(self) -> Iterator[Message]:
        most, seconds = self.cut()
        headers = {"Accept": "text/event-stream", "Cache-Control": "no-store"}
        if self.parser.last_event_id:
            headers["Last-Event-ID"] = self.parser.last_event_id
        self.requests += 1
        self.parser.begin()
        session = requests.Session()
        session.trust_env = False
        try:
            with session.get(self.url, headers=headers, stream=True, timeout=seconds) as answer:
                kind = answer.headers.get("Content-Type", "").split(";")[0]
                if answer.status_code != 200 or kind != "text/event-stream":
                    self.closed_by = answer.status_code
                    return
                size = 0
                for byte in answer.iter_content(1):
                    if most is not None and size >= most:
                        self.cuts += 1
                        return
                    size += 1
                    yield from self.parser.feed(byte)
                self.largest = max(self.largest, size)
        except requests.RequestException:
            self.cuts += 1
        finally:
            session.close()
