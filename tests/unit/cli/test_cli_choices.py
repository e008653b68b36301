"""What the options accept is what the API accepts: the command line keeps its own list, so that it
starts without loading the API's models."""

from __future__ import annotations

from enum import StrEnum

import pytest

from functions.api.routes.videos import PublicStatus
from reelstep.cli import choices
from reelstep.media.timeline import CaptionMode, TransitionKind
from reelstep.pipelines.generation import request
from reelstep.providers import base


@pytest.mark.parametrize(
    ("offered", "accepted"),
    [
        (choices.Quality, request.Quality),
        (choices.VisualStyle, base.VisualStyle),
        (choices.MusicStyle, base.MusicStyle),
        (choices.AspectRatio, request.AspectRatio),
        (choices.Captions, CaptionMode),
        (choices.Transition, TransitionKind),
        (choices.Status, PublicStatus),
    ],
)
def test_options_offer_what_the_api_accepts(
    offered: type[StrEnum], accepted: type[StrEnum]
) -> None:
    assert [choice.value for choice in offered] == [choice.value for choice in accepted]


def test_limits_are_the_apis() -> None:
    fields = request.GenerationRequest.model_json_schema()["properties"]
    duration = fields["durationSeconds"]
    assert (duration["minimum"], duration["maximum"]) == choices.DURATION_SECONDS
    assert fields["includeElements"]["maxItems"] == choices.ELEMENTS
    with pytest.raises(ValueError, match="prompt"):
        request.GenerationRequest.model_validate({"prompt": "x" * (choices.PROMPT_LETTERS + 1)})
    request.GenerationRequest.model_validate({"prompt": "x" * choices.PROMPT_LETTERS})
