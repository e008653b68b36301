"""The companion: one character per id, on a transparent ground, showing pose, mood and light."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from reelstep.platform.errors import ProviderRejected
from reelstep.providers.base import CompanionRequest, VisualStyle
from reelstep.providers.offline.illustrator import OfflineCompanionArtist
from reelstep.providers.offline.illustrator.companion.look import (
    ACCESSORIES,
    HAIR,
    OUTFITS,
    SPECIES,
    look_of,
)
from reelstep.providers.offline.illustrator.companion.pose import POSES

Decode = Callable[[bytes], NDArray[np.uint8]]


def companion(**changes: object) -> bytes:
    fields: dict[str, object] = {
        "companion_id": "luna", "visual_style": VisualStyle.REALISTIC, "lighting": "day",
        "mood": "joyful", "pose": "wave", "height": 240,
    }  # fmt: skip
    return OfflineCompanionArtist().draw_companion(CompanionRequest(**(fields | changes)))  # type: ignore[arg-type]


def test_alpha_is_soft_edged_and_the_feet_stand_at_the_bottom(decode: Decode) -> None:
    sprite = decode(companion())
    assert sprite.shape[0] == 240
    assert sprite.shape[2] == 4
    alpha = sprite[..., 3]
    assert (alpha == 0).mean() > 0.3
    assert (alpha == 255).mean() > 0.2
    assert ((alpha > 0) & (alpha < 255)).any()
    assert alpha[:3].max() < 40, "head room"
    assert np.flatnonzero(alpha.max(axis=1) > 200)[-1] > 0.93 * 240
    assert alpha[:, [0, -1]].max() == 0, "nothing is cut off at the sides"


def test_the_same_request_gives_the_same_bytes() -> None:
    assert companion() == companion()


def test_different_ids_are_different_characters(decode: Decode) -> None:
    sprites = [decode(companion(companion_id=f"id-{n}")).astype(int) for n in range(6)]
    for index, one in enumerate(sprites):
        for other in sprites[index + 1 :]:
            assert np.abs(one - other).mean() > 4


def test_a_look_is_kept_across_poses_moods_and_styles() -> None:
    assert look_of("mia") == look_of("mia")
    looks = [look_of(f"friend {n}") for n in range(400)]
    assert {look.species for look in looks} == set(SPECIES)
    assert {look.outfit for look in looks} == set(OUTFITS)
    assert {look.accessory for look in looks} == set(ACCESSORIES)
    assert {look.hair_style for look in looks} == set(HAIR)


@pytest.mark.parametrize("pose", sorted(POSES))
def test_poses_differ(pose: str, decode: Decode) -> None:
    own = decode(companion(pose=pose)).astype(int)
    for other in POSES:
        if other != pose:
            assert np.abs(own - decode(companion(pose=other)).astype(int)).mean() > 2


def test_an_unknown_pose_is_idle() -> None:
    assert companion(pose="somersault") == companion(pose="idle")


def test_moods_show_on_the_face() -> None:
    moods = ("joyful", "calm", "epic", "romantic", "mysterious", "sad")
    assert len({companion(mood=mood, pose="idle") for mood in moods}) == len(moods)


def test_light_and_style_change_the_rendering(decode: Decode) -> None:
    day = decode(companion()).astype(float)
    night = decode(companion(lighting="night")).astype(float)
    opaque = day[..., 3] == 255
    assert night[opaque][:, :3].mean() < day[opaque][:, :3].mean()
    sunset = decode(companion(lighting="sunset")).astype(float)
    warmth = sunset[opaque][:, 2].mean() - sunset[opaque][:, 0].mean()
    assert warmth > night[opaque][:, 2].mean() - night[opaque][:, 0].mean()
    assert len({companion(visual_style=style) for style in VisualStyle}) == len(VisualStyle)


def test_every_kind_of_companion_can_be_drawn(decode: Decode) -> None:
    seen: set[tuple[str, ...]] = set()
    for number in range(120):
        look = look_of(f"kind {number}")
        traits = {
            ("species", look.species),
            ("outfit", look.outfit),
            ("acc", look.accessory),
            ("hair", look.hair_style),
        }
        if traits <= seen:
            continue
        seen |= traits
        assert decode(companion(companion_id=f"kind {number}", height=80))[..., 3].max() == 255


def test_impossible_heights_are_refused() -> None:
    with pytest.raises(ProviderRejected):
        companion(height=4)


def test_facing_left_is_the_mirror_image(decode: Decode) -> None:
    right, left = decode(companion(facing="right")), decode(companion(facing="left"))
    assert np.array_equal(right[:, ::-1], left)
    assert not np.array_equal(right, left)
