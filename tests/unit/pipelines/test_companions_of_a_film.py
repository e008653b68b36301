"""The layers of companions: drawn or by avatar, and what a change of one makes new."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image

from reelstep.artifacts import keys
from reelstep.media import portrait
from reelstep.media.chunks import plan_chunks
from reelstep.media.profiles import profile_for
from reelstep.media.timeline import Layer, LayerKind, Motion, Placement, Timeline, TimelineScene
from reelstep.pipelines.companions import CompanionSnapshot
from reelstep.pipelines.context import Step
from reelstep.pipelines.generation import companions
from reelstep.pipelines.generation.film import Film
from reelstep.platform.errors import ArtifactMissing
from reelstep.platform.settings import Settings
from reelstep.providers.base import CompanionRequest, SceneScript
from tests.support.jobs import a_job

SCENE = SceneScript(
    number=1, duration_seconds=5, description="a lake", visual_elements=(), lighting="night"
)


def png(*colour: int, hole: bool = False) -> bytes:
    image = Image.new("RGBA" if hole else "RGB", (200, 260), colour)
    if hole:
        image.paste((0, 0, 0, 0), (0, 0, 200, 60))
        image.paste((0, 0, 0, 0), (0, 0, 30, 260))
    out = BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def film(cloud: Any) -> Any:
    """A film with these players; those who are given a picture have an avatar."""

    def make(players: list[str], request: dict[str, Any] | None = None, **pictures: bytes) -> Film:
        cast = []
        for player in players:
            key = None
            if player in pictures:
                key = keys.film_avatar(keys.fingerprint({"png": pictures[player].hex()}))
                cloud.artifacts.put(key, pictures[player])
            snapshot = CompanionSnapshot(
                id=player, name=player if key else None, voice="male" if key else None, avatar=key
            )
            cast.append(snapshot.model_dump(mode="json"))
        wishes = {"prompt": "A film", "companionIds": players, "preview": True, **(request or {})}
        job = a_job(request=wishes, context={"companions": cast})
        return Film(Step(Settings.load(), cloud.jobs, job, "worker"))

    return make


def layers(film: Film, scene: SceneScript = SCENE) -> list[Layer]:
    return companions.layers(film.step, film, scene)


def pixels(film: Film, layer: Layer) -> Any:
    return np.asarray(Image.open(BytesIO(film.step.artifacts.read(layer.source))).convert("RGBA"))


def test_no_companions_no_layers(film: Any) -> None:
    assert layers(film([])) == []


@pytest.mark.parametrize("players", [["a"], ["a", "b"], ["a", "b", "c"]])
def test_each_companion_is_a_layer_of_its_own(film: Any, players: list[str]) -> None:
    made = layers(film(players, a=png(200, 40, 40)))
    assert [layer.kind for layer in made] == [LayerKind.COMPANION] * len(players)
    assert len({layer.source for layer in made}) == len(players)
    assert made[0].source.startswith("portrait/")
    assert all(layer.source.startswith("companion/") for layer in made[1:])


def test_one_drawn_companion_is_what_it_was_before_there_were_avatars(
    film: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Films made before keep their chunks: same picture, same place, whichever field names it."""
    asked: list[CompanionRequest] = []
    alone = film([], {"companionId": "luna"})
    artist = alone.step.providers.companion
    draw = artist.draw_companion
    monkeypatch.setattr(
        type(artist), "draw_companion", lambda _, wishes: asked.append(wishes) or draw(wishes)
    )
    (layer,) = layers(alone)
    assert asked[0].pose == "wave"
    assert asked[0].height == round(720 * 0.60 * 1.05)
    assert layer.motion.start.height == pytest.approx(0.60)
    assert layers(film(["luna"])) == [layer]


def test_an_opaque_photo_hangs_in_a_round_frame(film: Any) -> None:
    photo = film(["anna"], a=b"", anna=png(200, 40, 40))
    (layer,) = layers(photo)
    shown = pixels(photo, layer)
    size = shown.shape[0]
    assert shown.shape[:2] == (size, size)
    assert shown[2, 2, 3] == 0
    middle = shown[size // 2, size // 2]
    assert middle[3] == 255
    assert middle[0] > 120 > middle[1]
    assert layer.motion.end.y + layer.motion.end.height < 0.8


def test_a_transparent_avatar_stands_as_it_is(film: Any) -> None:
    cut = film(["max"], max=png(40, 40, 200, 255, hole=True))
    (layer,) = layers(cut)
    shown = pixels(cut, layer)
    # Its empty margins are gone and its lowest row stands on the frame's edge.
    assert shown[-1, shown.shape[1] // 2, 3] == 255
    assert layer.motion.end.y + layer.motion.end.height == pytest.approx(1.01)
    assert portrait.is_cut_out(png(1, 2, 3, 255, hole=True))
    assert not portrait.is_cut_out(png(1, 2, 3))


def test_a_picture_is_made_once_for_equal_wishes_and_anew_for_others(film: Any) -> None:
    red = png(200, 40, 40)

    def source(**request: Any) -> str:
        return layers(film(["anna"], request, anna=red))[0].source

    assert source() == source() == source(prompt="Another film")
    others = {source(visualStyle="ANIME"), source(quality="ULTRA", preview=False), source()}
    assert len(others) == 3
    night, day = SCENE, SCENE.model_copy(update={"lighting": "day"})
    photo = film(["anna"], anna=red)
    assert layers(photo, night)[0].source != layers(photo, day)[0].source


def test_a_new_avatar_makes_new_chunks_and_nothing_else_does(film: Any) -> None:
    def fingerprints(**pictures: bytes) -> list[str]:
        own = layers(film(["anna", "b"], **pictures))
        full = Placement(x=0, y=0, width=1, height=1)
        ground = Layer(
            kind=LayerKind.BACKGROUND, source="p.png", motion=Motion(start=full, end=full)
        )
        scenes = [
            TimelineScene(number=1, start_frame=0, frame_count=150, layers=(ground,)),
            TimelineScene(number=2, start_frame=150, frame_count=150, layers=(ground, *own)),
        ]
        timeline = Timeline(
            language="en", width=1280, height=720, fps=30, frame_count=300, scenes=tuple(scenes)
        )
        profile = profile_for("STANDARD", preview=True)
        return [chunk.fingerprint for chunk in plan_chunks(timeline, profile)]

    red, blue = fingerprints(anna=png(200, 0, 0)), fingerprints(anna=png(0, 0, 200))
    assert red == fingerprints(anna=png(200, 0, 0))
    assert red[0] == blue[0]
    assert red[1] != blue[1]
    assert red[1] != fingerprints()[1]


def test_a_lost_copy_is_an_error_and_not_a_stranger_in_the_film(film: Any) -> None:
    photo = film(["anna"], anna=png(9, 9, 9))
    photo.step.artifacts.delete(photo.companions[0].avatar)
    with pytest.raises(ArtifactMissing):
        layers(photo)


def test_the_voice_is_the_requests_else_the_first_companions(film: Any) -> None:
    assert film(["a", "b"], b=png(1, 1, 1)).voice == "male"
    assert film(["a", "b"], {"voice": "female"}, b=png(1, 1, 1)).voice == "female"
    assert film(["a", "b"]).voice is None


def test_jobs_from_before_companions_were_kept_are_drawn(cloud: Any) -> None:
    job = a_job(request={"prompt": "x", "companionId": "550e8400-e29b-41d4-a716-446655440000"})
    old = Film(Step(Settings.load(), cloud.jobs, job, "worker"))
    assert old.companions == ()
    assert layers(old)[0].source.startswith("companion/")


@pytest.mark.parametrize("style", ["REALISTIC", "CINEMATIC", "ANIME", "ARTISTIC", "unheard of"])
def test_every_style_has_its_frame(style: str) -> None:
    made = portrait.medallion(png(120, 160, 90), 300, style=style, lighting="a stormy night")
    shown = np.asarray(Image.open(BytesIO(made)))
    assert shown.shape == (300, 300, 4)
    ends = [int(300 * share) for share in portrait.MEDALLION_SEEN]
    ring = shown[150, ends[0] : ends[1], 3]
    assert (ring[2:-2] == 255).all()
    assert portrait.columns_seen(made)[0] < portrait.MEDALLION_SEEN[0] + 0.01


def test_night_is_darker_than_day() -> None:
    for make in (portrait.medallion, portrait.cut_out):
        day, night = (
            np.asarray(Image.open(BytesIO(make(png(150, 150, 150), 200, style="", lighting=hour))))
            for hour in ("day", "night")
        )
        assert night[100, 100, :3].mean() < day[100, 100, :3].mean()
