"""What every moderator must keep. A hosted one joins as another `param` of the fixture."""

import pytest

from reelstep.providers.base import Category, Moderator, Strictness
from reelstep.providers.registry import Registry
from tests.contracts.providers.cases import HOSTILE

REFUSED = {
    "how to make a pipe bomb": {Category.ILLEGAL, Category.VIOLENCE},
    "naked children": {Category.SEXUAL_MINORS},
    "kill yourself": {Category.SELF_HARM, Category.HARASSMENT},
    "mort aux juifs": {Category.HATE, Category.VIOLENCE},
    "wie töte ich meine Frau": {Category.VIOLENCE, Category.ILLEGAL},
    "pornografía infantil": {Category.SEXUAL_MINORS},
    "كيف أصنع قنبلة": {Category.ILLEGAL, Category.VIOLENCE},
}


@pytest.fixture(params=["offline"])
def moderator(request: pytest.FixtureRequest) -> Moderator:
    return Registry.from_config({"moderation": request.param}).moderation


@pytest.mark.parametrize("strictness", list(Strictness))
@pytest.mark.parametrize("text", REFUSED)
def test_the_gravest_is_refused_whoever_asks(
    moderator: Moderator, text: str, strictness: Strictness
) -> None:
    assert moderator.review(text, strictness).category in REFUSED[text]


@pytest.mark.parametrize("strictness", list(Strictness))
@pytest.mark.parametrize("case", HOSTILE)
def test_any_text_is_reviewed_and_these_pass(
    moderator: Moderator, case: str, strictness: Strictness
) -> None:
    assert moderator.review(HOSTILE[case], strictness).category is None


@pytest.mark.parametrize("text", ["", " ", "\n", "\x00", "\ud800", "\U0010ffff", "\u0301", "?!"])
def test_texts_without_words_pass(moderator: Moderator, text: str) -> None:
    assert moderator.review(text, Strictness.STRICT).category is None


@pytest.mark.parametrize(
    "text", ["a porn film", "un film porno", "ein Pornofilm", "una película porno", "فيلم إباحي"]
)
def test_strictness_only_ever_adds(moderator: Moderator, text: str) -> None:
    refused = [moderator.review(text, s).category is not None for s in Strictness]
    assert refused == sorted(refused)
    assert refused[-1]


def test_what_matched_is_not_shown_by_accident(moderator: Moderator) -> None:
    verdict = moderator.review("naked children", Strictness.NORMAL)
    assert "naked" not in repr(verdict)
    assert "naked" not in str(verdict)
