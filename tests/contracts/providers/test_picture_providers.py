"""What every picture and companion provider must keep. A hosted one joins as another `param`."""

import io

import pytest
from PIL import Image

from reelstep.providers.base import (
    CompanionArtist,
    CompanionRequest,
    PictureProvider,
    PictureRequest,
    VisualStyle,
)
from reelstep.providers.registry import Registry
from tests.contracts.providers.cases import HOSTILE


@pytest.fixture(params=["offline"])
def painter(request: pytest.FixtureRequest) -> PictureProvider:
    return Registry.from_config({"picture": request.param}).picture


@pytest.fixture(params=["offline"])
def artist(request: pytest.FixtureRequest) -> CompanionArtist:
    return Registry.from_config({"companion": request.param}).companion


def wish(**changed: object) -> PictureRequest:
    usual = {
        "prompt": "A cat on the beach",
        "description": "wide shot: a beach",
        "visual_elements": ("cat", "beach"),
        "visual_style": VisualStyle.REALISTIC,
        "lighting": "day",
        "mood": "joyful",
        "camera_angle": "wide",
        "width": 320,
        "height": 180,
        "seed": 1,
        "scene_number": 1,
        "scene_count": 3,
    }
    return PictureRequest.model_validate({**usual, **changed})


@pytest.mark.parametrize(("width", "height"), [(320, 180), (180, 320), (240, 240)])
def test_a_picture_is_opaque_and_of_the_size_asked_for(
    painter: PictureProvider, width: int, height: int
) -> None:
    with Image.open(io.BytesIO(painter.draw(wish(width=width, height=height)))) as picture:
        assert picture.format == "PNG"
        assert picture.mode == "RGB"
        assert picture.size == (width, height)
        low, high = picture.convert("L").getextrema()
        assert high - low > 60


@pytest.mark.parametrize("case", ["shell", "ass", "template", "emoji", "long word", "mixed"])
def test_any_words_give_a_picture(painter: PictureProvider, case: str) -> None:
    text = HOSTILE[case]
    data = painter.draw(wish(prompt=text, description=text, visual_elements=(text[:80],)))
    with Image.open(io.BytesIO(data)) as picture:
        assert picture.size == (320, 180)


def test_equal_wishes_are_equal_and_styles_differ(painter: PictureProvider) -> None:
    assert painter.draw(wish()) == painter.draw(wish())
    drawn = {painter.draw(wish(visual_style=style)) for style in VisualStyle}
    assert len(drawn) == len(VisualStyle)


def test_a_companion_stands_on_a_transparent_ground_and_keeps_its_look(
    artist: CompanionArtist,
) -> None:
    def drawn(companion: str) -> bytes:
        return artist.draw_companion(
            CompanionRequest(
                companion_id=companion,
                visual_style=VisualStyle.ANIME,
                lighting="day",
                mood="joyful",
                height=200,
            )
        )

    data = drawn("550e8400-e29b-41d4-a716-446655440000")
    with Image.open(io.BytesIO(data)) as sprite:
        assert (sprite.format, sprite.mode, sprite.height) == ("PNG", "RGBA", 200)
        alpha = sprite.getchannel("A")
        assert alpha.getextrema() == (0, 255)
        box = alpha.getbbox()
        assert box is not None
        assert box[3] > 180
    assert data == drawn("550e8400-e29b-41d4-a716-446655440000")
    assert data != drawn("another")
