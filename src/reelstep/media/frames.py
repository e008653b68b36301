"""Draws the frames of a chunk from its timeline: layers in motion, transitions, fades.

A `FrameMaker` decodes each picture once. `draw` may be called from several threads at a time, as
long as each brings its own `Scratch`.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np

from reelstep.media.blend import darken, mix
from reelstep.media.motion import Scaling, between, placement_at, scaling
from reelstep.media.planes import Background, Frame, Picture, Plane, Sprite, load_picture
from reelstep.media.resample import Room, sample_padded, warp
from reelstep.media.timeline import Layer, LayerKind, Timeline
from reelstep.media.visibility import (
    film_light,
    scenes_seen,
    transition_frames,
    visible_frames,
)
from reelstep.platform.errors import ArtifactMissing


class Scratch:
    """One thread's working memory: a second frame for transitions, and room for samples."""

    def __init__(self, width: int, height: int):
        self.frame = Frame.empty(width, height)
        self.room = Room(width, height)
        self._samples = np.empty(width * height * 4, np.uint8)
        self._planes = np.empty((2, width * height), np.uint8)

    def samples(self, height: int, width: int) -> Plane:
        """Room for four channels of this size; overwritten by the next call."""
        return self._samples[: height * width * 4].reshape(height, width, 4)

    def pair(self, height: int, width: int) -> tuple[Plane, Plane]:
        """Two planes of this size; overwritten by the next call."""
        flat = self._planes[:, : height * width]
        return flat[0].reshape(height, width), flat[1].reshape(height, width)


@dataclass(frozen=True)
class _Drawn:
    """A layer with its picture decoded."""

    layer: Layer
    picture: Picture
    frame_size: tuple[int, int]
    visible: int
    still: bool = field(init=False)

    def __post_init__(self) -> None:
        motion = self.layer.motion
        object.__setattr__(self, "still", motion.start == motion.end)

    def paint(self, frame: int, onto: Frame, scratch: Scratch) -> None:
        """Paint the layer as it lies in `frame` of the scene's visible frames."""
        placement = placement_at(self.layer.motion, frame, self.visible)
        where = scaling(placement, self.picture.size, self.frame_size)
        if isinstance(self.picture, Background):
            _fill(self.picture, where, onto, scratch)
        else:
            _blend(self.picture, where, onto, scratch)


def _fill(picture: Background, where: Scaling, onto: Frame, scratch: Scratch) -> None:
    chroma = where.chroma()
    sample_padded(picture.y, where.luma(), onto.y, scratch.room)
    sample_padded(picture.u, chroma, onto.u, scratch.room)
    sample_padded(picture.v, chroma, onto.v, scratch.room)


def _blend(sprite: Sprite, where: Scaling, onto: Frame, scratch: Scratch) -> None:
    window = _window(sprite, where, (onto.y.shape[1], onto.y.shape[0]))
    if window is None:
        return
    left, top, right, bottom = window
    origin = sprite.origin
    samples = scratch.samples(bottom - top, right - left)
    colour, alpha = scratch.pair(bottom - top, right - left)
    luma = between(where.luma(), (left, top), origin)
    warp(sprite.luma, luma, samples, cv2.BORDER_CONSTANT)
    _transparency(samples, 1, alpha)
    _over(onto.y[top:bottom, left:right], samples, 0, colour, alpha)

    half = (slice(top // 2, bottom // 2), slice(left // 2, right // 2))
    samples = scratch.samples((bottom - top) // 2, (right - left) // 2)
    colour, alpha = scratch.pair((bottom - top) // 2, (right - left) // 2)
    chroma = between(where.chroma(), (left / 2, top / 2), (origin[0] / 2, origin[1] / 2))
    warp(sprite.chroma, chroma, samples, cv2.BORDER_CONSTANT)
    _transparency(samples, 2, alpha)
    _over(onto.u[half], samples, 0, colour, alpha)
    _over(onto.v[half], samples, 1, colour, alpha)


def _window(
    sprite: Sprite, where: Scaling, frame_size: tuple[int, int]
) -> tuple[int, int, int, int] | None:
    """The part of the frame that a sprite touches: left, top, right, bottom, all even."""
    height, width = sprite.luma.shape[:2]
    x = where.offset_x + sprite.origin[0] * where.scale_x
    y = where.offset_y + sprite.origin[1] * where.scale_y
    # Two samples of margin: an edge is spread over its neighbours, twice as far in chroma.
    left = max(0, math.floor(x) - 2) & ~1
    top = max(0, math.floor(y) - 2) & ~1
    right = min(frame_size[0], math.ceil(x + width * where.scale_x) + 3 & ~1)
    bottom = min(frame_size[1], math.ceil(y + height * where.scale_y) + 3 & ~1)
    return (left, top, right, bottom) if right > left and bottom > top else None


def _transparency(samples: Plane, channel: int, into: Plane) -> None:
    """1 - alpha, of the alpha in a channel."""
    cv2.extractChannel(samples, channel, dst=into)
    cv2.bitwise_not(into, into)


def _over(ground: Plane, samples: Plane, channel: int, colour: Plane, transparency: Plane) -> None:
    """A premultiplied channel of `samples` over `ground`, in place; `colour` is working room."""
    cv2.extractChannel(samples, channel, dst=colour)
    cv2.multiply(ground, transparency, dst=ground, scale=1 / 255)
    cv2.add(ground, colour, dst=ground)


class _SceneFrames:
    """One scene; what lies still at its bottom is painted once."""

    def __init__(self, layers: tuple[_Drawn, ...], frame_size: tuple[int, int]):
        moving = next((i for i, layer in enumerate(layers) if not layer.still), len(layers))
        self._ground: Frame | None = None
        self._layers = layers
        if moving:
            ground = Frame.empty(*frame_size)
            scratch = Scratch(*frame_size)
            for layer in layers[:moving]:
                layer.paint(0, ground, scratch)
            self._ground, self._layers = ground, layers[moving:]

    def paint(self, frame: int, onto: Frame, scratch: Scratch) -> None:
        if self._ground is not None:
            np.copyto(onto.data, self._ground.data)
        for layer in self._layers:
            layer.paint(frame, onto, scratch)


class FrameMaker:
    """Draws any frame of `start_frame … start_frame + frame_count` of a timeline.

    `sources` maps each layer's source to a local file. Raises ArtifactMissing, MediaUnreadable.
    """

    def __init__(
        self,
        timeline: Timeline,
        start_frame: int,
        frame_count: int,
        sources: Mapping[str, Path],
        size: tuple[int, int],
    ):
        self._timeline = timeline
        self._size = size
        self._starts = [scene.start_frame for scene in timeline.scenes]
        self._scenes = {
            index: self._load(index, sources)
            for index in scenes_seen(timeline, start_frame, frame_count)
        }

    def _load(self, index: int, sources: Mapping[str, Path]) -> _SceneFrames:
        visible = visible_frames(self._timeline, index)
        drawn = []
        for layer in self._timeline.scenes[index].layers:
            path = sources.get(layer.source)
            if path is None or not path.is_file():
                raise ArtifactMissing("A layer's picture is missing", detail=layer.source)
            start, end = layer.motion.start, layer.motion.end
            shown = (
                max(start.width, end.width) * self._size[0],
                max(start.height, end.height) * self._size[1],
            )
            opaque = layer.kind is LayerKind.BACKGROUND
            picture = load_picture(path, opaque=opaque, shown=shown)
            drawn.append(_Drawn(layer, picture, self._size, visible))
        return _SceneFrames(tuple(drawn), self._size)

    def scratch(self) -> Scratch:
        return Scratch(*self._size)

    def draw(self, frame: int, onto: Frame, scratch: Scratch) -> None:
        """Draw film frame `frame`, captions excepted."""
        index = bisect_right(self._starts, frame) - 1
        scene = self._timeline.scenes[index]
        local = frame - scene.start_frame
        length = transition_frames(scene) if index else 0
        if local >= length:
            self._scenes[index].paint(local, onto, scratch)
        else:
            before = self._timeline.scenes[index - 1]
            self._scenes[index - 1].paint(before.frame_count + local, onto, scratch)
            self._scenes[index].paint(local, scratch.frame, scratch)
            mix(scene.transition_in.kind, onto, scratch.frame, (local + 1) / (length + 1))
        light = film_light(self._timeline, frame)
        if light < 1:
            darken(onto, light)
