"""The frames against a parser written from the standard, and the parser against the standard's
own examples."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reelstep.events import sse
from tests.support.event_source import Message, Parser


def parsed(text: str | bytes, size: int = 1_000_000) -> tuple[list[Message], Parser]:
    """What a client makes of it, when it arrives in pieces of `size` bytes."""
    data, parser = text.encode() if isinstance(text, str) else text, Parser()
    parser.begin()
    pieces = [data[at : at + size] for at in range(0, len(data), size)]
    return [message for piece in pieces for message in parser.feed(piece)], parser


@pytest.mark.parametrize("size", [1, 3, 1_000])
@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
def test_the_parser_reads_the_standards_examples(end: str, size: int) -> None:
    """WHATWG HTML 9.2.6; a last CR waits for what may be its LF."""

    def told(text: str) -> list[tuple[str, str, str]]:
        messages, _ = parsed(text.replace("\n", end) + ":\n", size)
        return [(m.type, m.data, m.last_event_id) for m in messages]

    assert told("data: YHOO\ndata: +2\ndata: 10\n\n") == [("message", "YHOO\n+2\n10", "")]
    stream = (
        ": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third\n\n"
    )
    assert told(stream) == [
        ("message", "first event", "1"),
        ("message", "second event", ""),
        ("message", " third", ""),
    ]
    assert told("data\n\ndata\ndata\n\ndata:") == [("message", "", ""), ("message", "\n", "")]
    assert told("data:test\n\ndata: test\n\n") == [("message", "test", "")] * 2
    assert told("\ufeffevent: add\ndata: 7\n\nevent: x\n\n") == [("add", "7", "")]
    assert told("id: 1\ndata: half") == []


_NAMES = st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]), min_size=1)
_TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)


@given(
    st.lists(st.tuples(_NAMES, st.integers(0, 99_999_999), _TEXTS), max_size=5),
    st.integers(1, 40),
    st.integers(0, 100_000),
)
def test_what_is_framed_is_what_arrives_in_whatever_pieces(
    events: list[tuple[str, int, str]], size: int, retry: int
) -> None:
    text = sse.retry(retry) + "".join(sse.event(*event) for event in events) + sse.comment("end")
    messages, parser = parsed(text, size)
    # Lines end in three ways, and arrive as one.
    assert [(m.type, m.last_event_id, m.data) for m in messages] == [
        (name, str(seq), data.replace("\r\n", "\n").replace("\r", "\n"))
        for name, seq, data in events
    ]
    assert parser.retry_ms == retry
    assert parser.comments == ["end"]
    assert parser.last_event_id == (str(events[-1][1]) if events else "")


@given(st.integers(0, 200))
def test_a_stream_that_is_cut_has_told_whole_events_only(at: int) -> None:
    text = "".join(sse.event("job:progress", seq, '{"été": 1}') for seq in (1, 2, 3)).encode()
    messages, parser = parsed(text[:at])
    whole = text[:at].count(b"\n\n")
    assert [m.data for m in messages] == ['{"été": 1}'] * whole
    assert parser.last_event_id == (str(whole) if whole else "")


def test_a_name_of_two_lines_is_refused_and_a_comment_of_two_is_two() -> None:
    with pytest.raises(ValueError, match="one line"):
        sse.event("job\ndata: forged", 1, "{}")
    messages, parser = parsed(sse.comment("one\n\ndata: two"))
    assert messages == []
    assert parser.comments == ["one", "", "data: two"]


@pytest.mark.parametrize(
    ("given_", "seq"),
    [
        *((None, 0), ("", 0), ("0", 0), ("7", 7), ("007", 7), ("99999999", 99_999_999)),
        *((text, None) for text in ("-1", "+1", "1.0", "1e3", " 1", "1 ", "1,2", "abc", "٣")),
        *((text, None) for text in ("1\n", "100000000", "0x1", "null", "1" * 5_000)),
    ],
)
def test_last_event_ids(given_: str | None, seq: int | None) -> None:
    assert sse.last_seq(given_) == seq
