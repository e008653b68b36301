"""The companions of a scene: drawn or shown by their avatar, and placed."""

from __future__ import annotations

import struct

from reelstep.artifacts.keys import content_key
from reelstep.media.timeline import Layer, LayerKind
from reelstep.pipelines.context import Step
from reelstep.pipelines.generation import staging
from reelstep.pipelines.generation.film import Film
from reelstep.pipelines.generation.staging import Figure
from reelstep.platform.errors import MediaUnreadable
from reelstep.providers.base import CompanionRequest, SceneScript, Side

_PNG = b"\x89PNG\r\n\x1a\n"
# One gesture a scene, so that the character is alive: a greeting first, then by mood.
_POSES = ("wave", "present", "idle", "cheer")


def layers(step: Step, film: Film, script: SceneScript) -> list[Layer]:
    """A layer for each companion of the film, made once for equal wishes.

    An avatar's bytes are part of its layer's key, so another avatar makes other chunks.
    """
    players = film.request.companions
    if not players:
        return []
    frame_aspect = film.profile.width / film.profile.height
    known = {snapshot.id: snapshot.avatar for snapshot in film.companions}
    if len(players) == 1 and not known.get(players[0]):
        tallest = staging.companion_height(script.camera_angle) * staging.COMPANION_GROWTH
        key = _drawn(step, film, script, players[0], 0, round(film.profile.height * tallest))
        width, height = png_size(step.artifacts.read(key))
        motion = staging.companion_motion(
            script.number,
            script.camera_angle,
            sprite_aspect=width / height,
            frame_aspect=frame_aspect,
        )
        return [Layer(kind=LayerKind.COMPANION, source=key, motion=motion)]
    found = [
        _figure(step, film, script, player, index, known.get(player))
        for index, player in enumerate(players)
    ]
    motions = staging.group_motions(
        [figure for _, figure in found], script.number, script.camera_angle, frame_aspect
    )
    return [
        Layer(kind=LayerKind.COMPANION, source=key, motion=motion)
        for (key, _), motion in zip(found, motions, strict=True)
    ]


def _figure(
    step: Step, film: Film, script: SceneScript, player: str, index: int, avatar: str | None
) -> tuple[str, Figure]:
    """Key of a companion's picture, and what staging needs to know of it."""
    # Imported here: a film without companions, or with a drawn one alone, needs no OpenCV.
    from reelstep.media import portrait

    shown = step.artifacts.read(avatar) if avatar else b""
    floating = bool(avatar) and not portrait.is_cut_out(shown)
    # Made for the largest it becomes, so that it is never enlarged.
    tallest = staging.figure_height(
        script.camera_angle,
        film.profile.width / film.profile.height,
        len(film.request.companions),
        floating=floating,
    )
    height = round(film.profile.height * tallest)
    if avatar is None:
        key = _drawn(step, film, script, player, index, height)
    else:
        key = _portrait(step, film, script, avatar, shown, height, floating)
    picture = step.artifacts.read(key)
    width, tall = png_size(picture)
    seen = portrait.MEDALLION_SEEN if floating else portrait.columns_seen(picture)
    return key, Figure(width / tall, seen, floating=floating, feet=avatar is None)


def _portrait(
    step: Step,
    film: Film,
    script: SceneScript,
    avatar: str,
    shown: bytes,
    height: int,
    floating: bool,
) -> str:
    from reelstep.media import portrait

    style, lighting = film.request.visual_style.value, script.lighting
    if floating:
        # The disc is as tall as asked for; the picture around it has room for its shadow.
        height = round(height / (portrait.MEDALLION_SEEN[1] - portrait.MEDALLION_SEEN[0]))
    wishes = {
        "version": portrait.VERSION,
        "avatar": avatar,
        "height": height,
        "style": style,
        "lighting": lighting,
    }
    make = portrait.medallion if floating else portrait.cut_out
    key = content_key("portrait", wishes, ".png")
    step.artifacts.make_once(key, lambda: make(shown, height, style=style, lighting=lighting))
    return key


def _drawn(
    step: Step, film: Film, script: SceneScript, player: str, index: int, height: int
) -> str:
    """Key of the character that the provider draws for this id."""
    provider = step.providers.companion
    side = staging.side_of(index, script.number)
    wishes = CompanionRequest(
        companion_id=player,
        visual_style=film.request.visual_style,
        lighting=script.lighting,
        mood=script.mood,
        pose=_POSES[(script.number - 1 + index) % len(_POSES)],
        facing=Side.RIGHT if side is Side.LEFT else Side.LEFT,
        height=height,
    )
    key = content_key(
        "companion",
        {"provider": [provider.name, provider.version], "request": wishes.model_dump(mode="json")},
        ".png",
    )
    step.artifacts.make_once(key, lambda: provider.draw_companion(wishes))
    return key


def png_size(data: bytes) -> tuple[int, int]:
    """Width and height from a PNG's header (PNG spec, 11.2.2). Raises MediaUnreadable."""
    if data[:8] != _PNG or data[12:16] != b"IHDR":
        raise MediaUnreadable("The companion's picture is not a PNG")
    width, height = struct.unpack(">II", data[16:24])
    return width, height
