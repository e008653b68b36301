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
from reelstep.media.motion import Matrix, Scaling, placement_at, scaling, shifted
from reelstep.media.planes import Frame, Picture, Plane, load_picture
from reelstep.media.timeline import Layer, LayerKind, Timeline
from reelstep.media.visibility import (
    film_light,
    scenes_seen,
    transition_frames,
    visible_frames,
)
from reelstep.platform.errors import ArtifactMissing

SAMPLING = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP


class Scratch:
    """One thread's working memory: a second frame for transitions and room for sprites."""

    def __init__(self, width: int, height: int):
        self.frame = Frame.empty(width, height)
        self._room = np.empty((2, width * height), np.uint8)

    def pair(self, height: int, width: int) -> tuple[Plane, Plane]:
        """Two planes of this size, overwritten by the next call."""
        flat = self._room[:, : height * width]
        return flat[0].reshape(height, width), flat[1].reshape(height, width)


@dataclass(frozen=True)
class _Window:
    """The part of the frame that a sprite touches, in luma samples; all four even."""

    left: int
    top: int
    right: int
    bottom: int


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
        alpha, alpha_half = self.picture.alpha, self.picture.alpha_half
        if alpha is None or alpha_half is None:
            self._fill(where, onto)
        else:
            self._blend(where, onto, scratch, alpha, alpha_half)

    def _fill(self, where: Scaling, onto: Frame) -> None:
        chroma = where.chroma()
        _sample(self.picture.y, where.luma(), onto.y, cv2.BORDER_REPLICATE)
        _sample(self.picture.u, chroma, onto.u, cv2.BORDER_REPLICATE)
        _sample(self.picture.v, chroma, onto.v, cv2.BORDER_REPLICATE)

    def _blend(
        self,
        where: Scaling,
        onto: Frame,
        scratch: Scratch,
        source_alpha: Plane,
        source_alpha_half: Plane,
    ) -> None:
        window = self._window(where)
        if window is None:
            return
        left, top, right, bottom = window.left, window.top, window.right, window.bottom
        luma = shifted(where.luma(), left, top)
        chroma = shifted(where.chroma(), left // 2, top // 2)
        half = (slice(top // 2, bottom // 2), slice(left // 2, right // 2))
        picture = self.picture
        colour, alpha = scratch.pair(bottom - top, right - left)
        _sample(source_alpha, luma, alpha, cv2.BORDER_CONSTANT)
        cv2.bitwise_not(alpha, alpha)
        _sample(picture.y, luma, colour, cv2.BORDER_CONSTANT)
        _over(onto.y[top:bottom, left:right], colour, alpha)
        colour, alpha = scratch.pair((bottom - top) // 2, (right - left) // 2)
        _sample(source_alpha_half, chroma, alpha, cv2.BORDER_CONSTANT)
        cv2.bitwise_not(alpha, alpha)
        for source, ground in ((picture.u, onto.u), (picture.v, onto.v)):
            _sample(source, chroma, colour, cv2.BORDER_CONSTANT)
            _over(ground[half], colour, alpha)

    def _window(self, where: Scaling) -> _Window | None:
        width, height = self.picture.size
        # Two samples of margin: an edge is spread over its neighbours, twice as far in chroma.
        left = max(0, math.floor(where.offset_x) - 2) & ~1
        top = max(0, math.floor(where.offset_y) - 2) & ~1
        right = min(self.frame_size[0], math.ceil(where.offset_x + width * where.scale_x) + 3 & ~1)
        bottom = min(
            self.frame_size[1], math.ceil(where.offset_y + height * where.scale_y) + 3 & ~1
        )
        return _Window(left, top, right, bottom) if right > left and bottom > top else None


def _sample(source: Plane, matrix: Matrix, into: Plane, border: int) -> None:
    size = (into.shape[1], into.shape[0])
    cv2.warpAffine(source, matrix, size, dst=into, flags=SAMPLING, borderMode=border)


def _over(ground: Plane, colour: Plane, transparency: Plane) -> None:
    """Premultiplied `colour` over `ground`, in place."""
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
