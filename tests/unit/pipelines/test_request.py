"""The request: every field out of range, of the wrong type, hostile or strange."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from reelstep.pipelines.generation.request import GenerationRequest, clean_text


def parse(**fields: Any) -> GenerationRequest:
    return GenerationRequest.model_validate({"prompt": "A film", **fields})


def test_the_seeds_example_is_valid() -> None:
    request = GenerationRequest.model_validate(
        {
            "prompt": "Une vidéo de mon compagnon me souhaitant joyeux anniversaire",
            "companionId": "550e8400-e29b-41d4-a716-446655440000",
            "durationSeconds": 120,
            "quality": "HD",
            "visualStyle": "REALISTIC",
            "musicStyle": "UPBEAT",
            "includeElements": ["ballons", "gâteau", "confettis"],
        }
    )
    assert request.include_elements == ["ballons", "gâteau", "confettis"]
    stored = request.model_dump(mode="json", by_alias=True)
    assert GenerationRequest.model_validate(stored) == request


@pytest.mark.parametrize(
    ("fields", "players"),
    [
        ({}, ()),
        ({"companionId": "a"}, ("a",)),
        ({"companionIds": ["c", "b", "a"]}, ("c", "b", "a")),
        ({"companionId": "a", "companionIds": ["b", "c"]}, ("a", "b", "c")),
        ({"companionId": "b", "companionIds": ["a", "b", "c"]}, ("b", "a", "c")),
    ],
)
def test_companions_play_once_each_the_first_first(
    fields: dict[str, Any], players: tuple[str, ...]
) -> None:
    request = parse(**fields)
    assert request.companions == players
    assert GenerationRequest.model_validate(request.model_dump(by_alias=True)) == request


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"companionIds": ["a", "b", "c", "d"]}, "too_long"),
        ({"companionId": "x", "companionIds": ["a", "b", "c"]}, "companions_in_all"),
        ({"companionIds": ["a", "a"]}, "repeated"),
        ({"companionIds": ["a b"]}, "opaque_id"),
        ({"companionIds": [None]}, "string_type"),
        ({"companionIds": "a"}, "list_type"),
    ],
)
def test_a_crowd_of_companions_is_refused(fields: dict[str, Any], kind: str) -> None:
    with pytest.raises(ValidationError) as refused:
        parse(**fields)
    (error,) = refused.value.errors()
    assert error["loc"][0] == "companionIds"
    assert error["type"] == kind


def test_defaults_are_the_contracts() -> None:
    request = parse()
    assert (request.duration_seconds, request.quality) == (60, "STANDARD")
    assert (request.visual_style, request.music_style) == ("REALISTIC", "UPBEAT")
    assert (request.captions, request.aspect_ratio) == ("BURNED", "16:9")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("prompt", ""),
        ("prompt", "   \n\t "),
        ("prompt", "\x00\x07\u202e"),
        ("prompt", "x" * 2001),
        ("prompt", 7),
        ("prompt", None),
        ("prompt", ["a"]),
        ("durationSeconds", 9),
        ("durationSeconds", 601),
        ("durationSeconds", "60"),
        ("durationSeconds", 60.5),
        ("durationSeconds", True),
        ("durationSeconds", None),
        ("quality", "8K"),
        ("quality", "hd"),
        ("visualStyle", "CUBIST"),
        ("musicStyle", 3),
        ("companionId", "../../etc/passwd"),
        ("companionId", ""),
        ("companionId", "luna\n"),
        ("includeElements", ["a"] * 11),
        ("includeElements", ["x" * 61]),
        ("includeElements", [""]),
        ("includeElements", "ballons"),
        ("language", "French, please"),
        ("language", "f"),
        ("language", "fr\n"),
        ("aspectRatio", "4:3"),
        ("captions", "YES"),
        ("transition", "star_wipe"),
        ("voice", "a b"),
        ("preview", "true"),
        ("scenes", []),
        ("scenes", [{}] * 41),
        ("scenes", [{"dialogue": "x" * 1001}]),
        ("scenes", [{"dialog": "x"}]),
        ("maxTokens", -1),
        ("metadata", {"k": 1}),
        ("metadata", {str(n): "v" for n in range(21)}),
        ("unknown", 1),
        ("plan", "VIP_PLUS"),
        ("price", 0),
    ],
)
def test_a_wrong_field_is_named(field: str, value: Any) -> None:
    with pytest.raises(ValidationError) as caught:
        parse(**{field: value})
    assert {error["loc"][0] for error in caught.value.errors()} == {field}


@pytest.mark.parametrize(
    "text",
    [
        "'; rm -rf / #",
        "drawtext=text='x':fontfile=/etc/passwd,scale=1:1[out];[out]null",
        r"{\an8\fs200}big{\r}",
        '<script>alert(1)</script> & "quotes"',
        "🎂🎈 Bon anniversaire 👩‍👩‍👧‍👦",
        "عيد ميلاد سعيد",
        "生日快乐",
        "%s %d {0} ${HOME}",
        "NULL",
    ],
)
def test_text_is_kept_to_the_letter(text: str) -> None:
    assert parse(prompt=text).prompt == text


def test_control_and_bidi_override_characters_go() -> None:
    assert clean_text("a\x00b\x1bc\u202ed\u2066e\ufeff") == "abcde"


def test_newlines_and_runs_of_blanks_become_one_blank() -> None:
    assert clean_text("  one\r\n\ttwo\u2028three  ") == "one two three"


def test_length_is_measured_after_cleaning() -> None:
    assert len(parse(prompt=" " * 500 + "x" * 2000 + "\x00" * 500).prompt) == 2000


@given(st.text(max_size=300))
def test_cleaning_is_stable_and_leaves_nothing_invisible(text: str) -> None:
    once = clean_text(text)
    assert clean_text(once) == once
    assert not any(ord(char) < 32 for char in once)
