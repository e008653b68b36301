"""What clients may send, how it is refused, and that nothing we send is 4 KB or more."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given

from reelstep.events import log, protocol
from reelstep.events.protocol import Action, InvalidMessage, Message, encode, parse
from reelstep.platform.errors import MalformedRequest, TooLarge

JOB = "6f1b5a0e-6d0c-5e37-9a54-0d9f6f0f7a11"
AT = "2026-01-01T00:00:00.000Z"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (
            {"action": "subscribe", "generationId": JOB, "lastSeq": 7},
            Message(Action.SUBSCRIBE, JOB, 7),
        ),
        ({"action": "subscribe", "generationId": JOB}, Message(Action.SUBSCRIBE, JOB, 0)),
        ({"action": "unsubscribe", "generationId": JOB}, Message(Action.UNSUBSCRIBE, JOB)),
        ({"action": "cancel", "generationId": JOB}, Message(Action.CANCEL, JOB)),
        ({"action": "ping"}, Message(Action.PING)),
    ],
)
def test_what_the_contract_allows(body: dict[str, Any], message: Message) -> None:
    assert parse(json.dumps(body)) == message


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "x", "null", "[]", '"ping"', "1", "NaN", "{", '{"action": "ping"}{}'),
        *('{"action": NaN}', '{"action": "ping", "action": "cancel"}', "\ufeff{}", "[" * 3_000),
        '{"generationId":' * 200,
    ],
)
def test_what_is_not_one_json_object(text: str) -> None:
    with pytest.raises(MalformedRequest):
        parse(text)


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({}, "action"),
        ({"action": None}, "action"),
        ({"action": "Ping"}, "action"),
        ({"action": ["ping"]}, "action"),
        ({"action": "sendMessage"}, "action"),
        ({"action": "ping", "generationId": JOB}, "nothing"),
        ({"action": "subscribe"}, "generationId"),
        ({"action": "subscribe", "generationId": 5}, "generationId"),
        ({"action": "subscribe", "generationId": ""}, "generationId"),
        ({"action": "subscribe", "generationId": "a#b"}, "generationId"),
        ({"action": "subscribe", "generationId": f"{JOB}\n"}, "generationId"),
        ({"action": "subscribe", "generationId": "\ud800"}, "generationId"),
        ({"action": "subscribe", "generationId": "١٢"}, "generationId"),
        ({"action": "subscribe", "generationId": "a" * 65}, "generationId"),
        ({"action": "cancel", "generationId": JOB, "lastSeq": 1}, "generationId"),
        ({"action": "subscribe", "generationId": JOB, "user": "eve"}, "lastSeq"),
        *(
            ({"action": "subscribe", "generationId": JOB, "lastSeq": value}, "lastSeq")
            for value in (-1, 1.0, "1", True, None, 10**8, [1])
        ),
    ],
)
def test_what_is_no_message_of_ours_names_the_field_in_both_languages(
    body: dict[str, Any], named: str
) -> None:
    with pytest.raises(InvalidMessage, match=named) as caught:
        parse(json.dumps(body))
    assert caught.value.code == "VALIDATION_FAILED"
    assert caught.value.text("fr") != caught.value.text("en")


@pytest.mark.parametrize("size", [protocol.MESSAGE_BYTES + 1, 40_000])
def test_a_large_message_is_not_read(size: int) -> None:
    body = json.dumps({"action": "ping", "x": ""})
    with pytest.raises(TooLarge):
        parse(body.replace('""', '"' + "x" * (size - len(body)) + '"'))
    with pytest.raises(TooLarge):
        parse("é" * (size // 2 + 1))


@given(
    st.text(max_size=300)
    | st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner),
        max_leaves=8,
    ).map(json.dumps)
)
def test_anything_is_read_or_refused_by_name(text: str) -> None:
    with suppress(InvalidMessage, MalformedRequest, TooLarge):
        parse(text)
    assert protocol.told_id(text) is None or "generationId" in text


def test_an_error_says_which_job_a_message_was_about_where_it_can_be_read() -> None:
    assert protocol.told_id(json.dumps({"action": "dance", "generationId": JOB})) == JOB
    assert protocol.told_id(json.dumps({"generationId": "<b>"})) is None
    assert protocol.told_id("{") is None


def test_every_message_has_the_contracts_four_fields() -> None:
    for body in (
        protocol.subscribed(JOB, 3, AT, {"status": "QUEUED"}),
        protocol.accepted(Action.CANCEL, JOB, AT, tokensRefunded=5),
        protocol.pong(AT),
        protocol.error("NOT_FOUND", "no", AT, JOB),
        log.Event(log.QUEUED, JOB, 1, AT, log.queued(2)).wire(),
    ):
        assert {"event", "generationId", "seq", "at"} <= set(body)
        assert json.loads(encode(body)) == body


def _failed(text: str) -> dict[str, Any]:
    return log.Event(log.FAILED, JOB, 9, AT, log.failed("FfmpegFailed", text, "RENDERING")).wire()


@given(st.text(min_size=900, max_size=9_000), st.text(max_size=6_000))
def test_long_texts_are_cut_and_nothing_else(text: str, other: str) -> None:
    body = {**_failed(text), "message": other}
    data = encode(body)
    assert len(data) < protocol.MESSAGE_BYTES
    sent = json.loads(data)
    for name in ("event", "generationId", "seq", "at"):
        assert sent[name] == body[name]
    assert sent["error"]["code"] == "FfmpegFailed"
    assert sent["error"]["stage"] == "RENDERING"
    for kept, given_text in ((sent["error"]["message"], text), (sent["message"], other)):
        clean = given_text.encode("utf-8", "replace").decode()
        assert kept == clean or clean.startswith(kept.removesuffix("…"))


@pytest.mark.parametrize("text", ["x" * 9_000, "é" * 9_000, "\x00" * 9_000, "🎬" * 9_000])
def test_a_cut_text_is_as_long_as_fits(text: str) -> None:
    data = encode(_failed(text))
    assert 3_000 < len(data) < protocol.MESSAGE_BYTES
    assert json.loads(data)["error"]["message"].endswith("…")


def test_what_cannot_be_cut_is_an_error_and_not_a_broken_url() -> None:
    body = log.Event(log.COMPLETED, JOB, 9, AT, {"videoUrl": "https://x/" + "y" * 5_000}).wire()
    with pytest.raises(ValueError, match="job:completed"):
        encode(body)
