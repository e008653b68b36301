"""Quotes: the price of every kind of job, and nothing created by asking."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support import books
from tests.support.api import Call, assert_problem

FILM = "/api/v1/videos/quote"
CLIP, WORKFLOW, MEDIA = "/api/generate/video/quote", "/api/workflow/quote", "/orchestrator/quote"
PROMPTS = {"imagePrompt": "A lion", "videoPrompt": "It walks"}


@pytest.mark.parametrize(
    ("path", "body", "tokens"),
    [
        (FILM, {"prompt": "A lion", "durationSeconds": 60}, 300),
        (FILM, {"prompt": "A lion", "durationSeconds": 25, "preview": True}, 63),
        # Seed 002's own example.
        (CLIP, {"prompt": "A lion", "duration": 5, "model": "wan2", "quality": "high"}, 8),
        (CLIP, {"prompt": "A lion", "duration": 30, "model": "sora"}, 90),
        (CLIP, {"prompt": "A lion", "duration": 3, "model": "gen2", "quality": "high"}, 9),
        (WORKFLOW, PROMPTS, 5 + 40),
        (
            WORKFLOW,
            PROMPTS
            | {
                "imageConfig": {"quality": "hd"},
                "videoConfig": {"duration": "5s", "resolution": "1080p", "generateAudio": True},
            },
            10 + 75,
        ),
        (MEDIA, {"duration_seconds": 61}, 2 * 22),
        (MEDIA, {"duration_seconds": 0.5, "steps": ["language", "language"]}, 2),
    ],
)
def test_what_it_costs(call: Call, cloud: Any, path: str, body: Any, tokens: int) -> None:
    answer = call("POST", path, body)
    assert answer.status == 200, answer.body
    assert answer.body["tokensCost"] == tokens
    assert (answer.body["balance"], answer.body["sufficient"]) == (1000, True)
    assert answer.body["estimatedWaitMinutes"] == 0
    rows = books.rows(cloud.jobs.client, cloud.jobs.table)
    kinds = {row["sk"].split("#")[0] for row in rows}
    assert kinds <= {"WALLET", "LEDGER", "RATE"}, "a quote creates nothing but the wallet"
    assert books.mistakes(rows) == []


def test_a_film_has_an_estimate_in_dollars_and_a_clip_none_yet(call: Call) -> None:
    film = call("POST", FILM, {"prompt": "A lion"}).body
    assert 0 < film["estimatedUsd"] < 1
    assert call("POST", CLIP, {"prompt": "A lion"}).body["estimatedUsd"] is None


def test_too_dear_is_said_and_not_refused(call: Call) -> None:
    film = {"prompt": "A lion", "durationSeconds": 300}
    quote = call("POST", FILM, film, groups=("plan-premium",))
    assert quote.body["tokensCost"] == 1500
    assert quote.body["sufficient"] is False


@pytest.mark.parametrize(
    ("path", "body", "words"),
    [
        (CLIP, {"prompt": "A lion", "duration": 16, "model": "wan2"}, "at most 15 for wan2"),
        (CLIP, {"prompt": "A lion", "duration": 61, "model": "sora"}, "at most 60"),
        (CLIP, {"prompt": "A lion", "model": "sora9"}, "must be one of"),
        (CLIP, {"prompt": "x" * 1001}, "at most 1000"),
        (CLIP, {"prompt": " "}, "prompt"),
        (WORKFLOW, {"imagePrompt": "A lion"}, "is required"),
        (WORKFLOW, PROMPTS | {"videoConfig": {"duration": "8"}}, "8s"),
        (WORKFLOW, PROMPTS | {"videoConfig": {"duration": "8s\n"}}, "8s"),
        (WORKFLOW, PROMPTS | {"videoConfig": {"duration": 8}}, "must be text"),
        (MEDIA, {"duration_seconds": -1}, "must be more than 0"),
        (MEDIA, {"duration_seconds": "5"}, "must be a number"),
        (MEDIA, {"duration_seconds": True}, "must be a number"),
        (MEDIA, '{"duration_seconds": NaN}', "must be a number"),
        (MEDIA, {"duration_seconds": 5, "steps": ["dance"]}, "must be one of"),
        (MEDIA, {"duration_seconds": 5, "steps": []}, "at least 1"),
        (MEDIA, {}, "is required"),
        (FILM, {"prompt": "A lion", "maxTokens": 5}, "300 tokens"),
    ],
)
def test_what_is_wrong_is_named(call: Call, path: str, body: Any, words: str) -> None:
    answer = call("POST", path, body)
    assert_problem(answer, 422, "VALIDATION_FAILED")
    assert words in answer.body["detail"]


def test_above_the_plan(call: Call) -> None:
    answer = call("POST", FILM, {"prompt": "A lion", "quality": "ULTRA"})
    assert_problem(answer, 403, "PLAN_LIMIT")
    assert (answer.body["limit"], answer.body["plan"]) == ("STANDARD", "FREE")
