"""What the options accept is what the API accepts: the command line keeps its own list, so that it
starts without loading the API's models."""

from __future__ import annotations

from enum import StrEnum

import pytest

from functions.api.routes.videos import PublicStatus
from reelstep.accounts.plans import Plan
from reelstep.cli import choices
from reelstep.client import pictures
from reelstep.media.timeline import CaptionMode, TransitionKind
from reelstep.pipelines import companions
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
        (choices.Plan, Plan),
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
    assert fields["companionIds"]["maxItems"] == choices.COMPANIONS
    with pytest.raises(ValueError, match="prompt"):
        request.GenerationRequest.model_validate({"prompt": "x" * (choices.PROMPT_LETTERS + 1)})
    request.GenerationRequest.model_validate({"prompt": "x" * choices.PROMPT_LETTERS})


def test_a_picture_that_the_command_line_takes_is_one_that_the_api_takes() -> None:
    assert pictures.MOST_BYTES == companions.MOST_AVATAR_BYTES
    kinds = {
        pictures.content_type_of(start.ljust(20, b"\0"))
        for start in (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF\0\0\0\0WEBP")
    }
    assert kinds == set(companions.AvatarType)
