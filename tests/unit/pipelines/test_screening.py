"""Screening: what is refused, in which words, what is noted, and what never appears in a log."""

from __future__ import annotations

from typing import Any

import pytest

from reelstep.accounts.reputation import Reputations, Standing, standing
from reelstep.pipelines import screening
from reelstep.pipelines.generation.request import GenerationRequest
from reelstep.pipelines.generation.screened_texts import screened_texts
from reelstep.pipelines.screening import Screening
from reelstep.platform import aws
from reelstep.platform.errors import ContentRejected, ProviderUnavailable, RateLimited, Retryable
from reelstep.providers.base import Category, Strictness, Verdict
from reelstep.providers.registry import Registry
from tests.support.table import TABLE
from tests.unit.conftest import Cloud

AT = "2026-11-21T12:00:00.000Z"
BAD = "What a shitty day"
WORSE = "naked children"


class Recorder:
    """The offline moderator, and what it was asked."""

    name, version = "recorder", "1"

    def __init__(self) -> None:
        self.asked: list[tuple[str, Strictness]] = []

    def review(self, text: str, strictness: Strictness) -> Verdict:
        self.asked.append((text, strictness))
        return Registry.from_config({"moderation": "offline"}).moderation.review(text, strictness)


@pytest.fixture
def moderator() -> Recorder:
    return Recorder()


@pytest.fixture
def screen(cloud: Cloud, moderator: Recorder) -> Screening:
    return Screening(moderator, Reputations(aws.dynamodb(), TABLE))


def refusal(screen: Screening, texts: dict[str, str], at: str = AT) -> ContentRejected:
    with pytest.raises(ContentRejected) as caught:
        screen.check("u", texts, at=at)
    return caught.value


def test_harmless_texts_pass_in_one_review_and_leave_no_trace(
    screen: Screening, moderator: Recorder
) -> None:
    texts = {"prompt": "A cat on the beach", "scenes[0].dialogue": "Miaou", "companion": "Léa"}
    screen.check("u", texts, at=AT)
    assert len(moderator.asked) == 1
    assert moderator.asked[0][1] is Strictness.NORMAL
    assert screen.reputations.read("u").at == ""


@pytest.mark.parametrize("texts", [{}, {"prompt": ""}, {"prompt": " \n"}])
def test_nothing_to_review_is_not_reviewed(
    screen: Screening, moderator: Recorder, texts: dict[str, str]
) -> None:
    screen.check("u", texts, at=AT)
    assert moderator.asked == []


def test_a_refusal_names_field_and_category_in_both_languages(screen: Screening) -> None:
    error = refusal(screen, {"prompt": "A cat", "includeElements[1]": BAD})
    assert (error.status, error.field, error.category) == (422, "includeElements[1]", "PROFANITY")
    assert error.extra == {"category": "PROFANITY", "field": "includeElements[1]"}
    assert "includeElements[1]" in error.text("en")
    assert "swear words" in error.text("en")
    assert "includeElements[1]" in error.text("fr")
    assert "grossièretés" in error.text("fr")
    assert "réessayez" in error.text("fr")
    assert "shitty" not in error.text("en") + error.text("fr") + str(error.detail)


@pytest.mark.parametrize("category", list(Category))
def test_every_category_has_words(category: Category, cloud: Cloud) -> None:
    class Always:
        name, version = "always", "1"

        def review(self, text: str, strictness: Strictness) -> Verdict:
            return Verdict(category=category, matched="secret rule")

    screen = Screening(Always(), Reputations(aws.dynamodb(), TABLE))
    error = refusal(screen, {"prompt": "A cat"})
    assert error.category == category.value
    assert category.value not in error.message
    assert error.french
    assert "secret rule" not in error.message + error.french
    assert ("helpline" in error.message) is (category is Category.SELF_HARM)


def test_the_first_field_that_is_refused_is_the_one_named(screen: Screening) -> None:
    error = refusal(screen, {"a": "A cat", "b": BAD, "c": WORSE})
    assert (error.field, error.category) == ("b", "PROFANITY")


def test_what_is_spread_over_fields_is_found_and_blamed_on_the_first(screen: Screening) -> None:
    error = refusal(screen, {"prompt": "how to make", "includeElements[0]": "a pipe bomb"})
    assert error.field in {"prompt", "includeElements[0]"}
    assert error.category == "ILLEGAL"
    error = refusal(screen, {"prompt": "children", "includeElements[0]": "naked"})
    assert (error.field, error.category) == ("prompt", "SEXUAL_MINORS")


def test_letters_at_the_ends_of_fields_hide_nothing(screen: Screening) -> None:
    assert refusal(screen, {"prompt": "plan b", "x": "f u c k", "y": "c d"}).field == "x"


def test_a_refusal_lowers_the_reputation_and_then_the_checks_are_stricter(
    screen: Screening, moderator: Recorder
) -> None:
    for minute in range(2):
        refusal(screen, {"prompt": BAD}, at=f"2026-11-21T12:0{minute}:00.000Z")
    assert standing(screen.reputations.read("u"), AT) is Standing.WATCHED
    moderator.asked.clear()
    assert refusal(screen, {"prompt": "A sexy car"}, at="2026-11-21T12:02:00.000Z")
    assert moderator.asked[0][1] is Strictness.STRICT
    screen.check("somebody else", {"prompt": "A sexy car"}, at=AT)


def test_the_trusted_are_checked_for_the_gravest_alone(screen: Screening) -> None:
    for n in range(12):
        screen.reputations.completed("u", AT, event=f"job-{n}")
    screen.check("u", {"prompt": BAD}, at=AT)
    assert refusal(screen, {"prompt": WORSE}).category == "SEXUAL_MINORS"


def test_a_repeated_offender_waits_and_nothing_is_reviewed_meanwhile(
    screen: Screening, moderator: Recorder
) -> None:
    for minute in range(3):
        refusal(screen, {"prompt": BAD}, at=f"2026-11-21T12:0{minute}:00.000Z")
    moderator.asked.clear()
    with pytest.raises(RateLimited) as caught:
        screen.check("u", {"prompt": "A cat"}, at="2026-11-21T12:02:20.000Z")
    assert moderator.asked == []
    assert caught.value.headers["Retry-After"] == "40"
    assert caught.value.headers["RateLimit-Remaining"] == "0"
    assert "40 s" in caught.value.text("en")
    assert "40 s" in caught.value.text("fr")
    screen.check("somebody else", {"prompt": "A cat"}, at="2026-11-21T12:02:20.000Z")
    screen.check("u", {"prompt": "A cat"}, at="2026-11-21T12:03:00.000Z")
    refusal(screen, {"prompt": BAD}, at="2026-11-21T12:03:01.000Z")
    with pytest.raises(RateLimited) as caught:
        screen.check("u", {"prompt": "A cat"}, at="2026-11-21T12:03:01.000Z")
    assert caught.value.headers["Retry-After"] == "120"


def test_a_client_that_retries_at_once_is_counted_once(screen: Screening) -> None:
    for second in range(10, 20):
        refusal(screen, {"prompt": BAD}, at=f"2026-11-21T12:00:{second}.000Z")
    assert len(screen.reputations.read("u").rejections) == 1


def test_nothing_of_the_text_is_logged(screen: Screening, monkeypatch: pytest.MonkeyPatch) -> None:
    logged: list[Any] = []

    def record(*arguments: Any, **named: Any) -> None:
        logged.append((arguments, named))

    for level in ("debug", "info", "warning", "error", "exception"):
        monkeypatch.setattr(screening.logger, level, record)
    text = "Mon histoire secrète et privée, what a shitty day"
    refusal(screen, {"prompt": text})
    ((_, named),) = logged
    assert named["category"] == "PROFANITY"
    assert named["length"] == len(text)
    assert len(named["text_hash"]) == 12
    for word in text.replace(",", "").split():
        assert len(word) < 4 or word not in str(logged)
    assert "shit" not in str(logged)


def test_a_refusal_that_cannot_be_noted_is_still_a_refusal(
    screen: Screening, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: Any, **__: Any) -> None:
        raise Retryable("busy")

    monkeypatch.setattr(Reputations, "rejected", busy)
    assert refusal(screen, {"prompt": BAD}).category == "PROFANITY"


def test_when_nobody_can_review_nothing_passes(cloud: Cloud) -> None:
    class Down:
        name, version = "down", "1"

        def review(self, text: str, strictness: Strictness) -> Verdict:
            raise ProviderUnavailable("the moderator is down")

    with pytest.raises(ProviderUnavailable):
        Screening(Down(), Reputations(aws.dynamodb(), TABLE)).check("u", {"prompt": "A cat"})


def test_texts_that_no_encoding_takes_are_refused_like_others(screen: Screening) -> None:
    assert refusal(screen, {"prompt": f"\ud800 {BAD}"}).category == "PROFANITY"


def test_the_texts_of_a_film_by_the_names_that_callers_know() -> None:
    request = GenerationRequest.model_validate(
        {
            "prompt": "A cat",
            "includeElements": ["ball", "hat"],
            "scenes": [
                {"description": "a roof", "dialogue": ""},
                {"dialogue": "Hello", "visualElements": ["moon"]},
            ],
            "metadata": {"note": "mine"},
        }
    )
    assert list(screened_texts(request).items()) == [
        ("prompt", "A cat"),
        ("includeElements[0]", "ball"),
        ("includeElements[1]", "hat"),
        ("scenes[0].description", "a roof"),
        ("scenes[1].dialogue", "Hello"),
        ("scenes[1].visualElements[0]", "moon"),
    ]
