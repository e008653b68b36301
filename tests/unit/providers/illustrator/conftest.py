from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from reelstep.providers.base import PictureRequest, VisualStyle

Pixels = NDArray[np.uint8]


@pytest.fixture
def request_for() -> Callable[..., PictureRequest]:
    """Builds a small request; keyword arguments replace its fields."""

    def build(prompt: str = "a garden", **changes: object) -> PictureRequest:
        fields: dict[str, object] = {
            "prompt": prompt, "description": prompt, "visual_elements": (), "lighting": "day",
            "visual_style": VisualStyle.REALISTIC, "mood": "joyful", "camera_angle": "wide",
            "width": 320, "height": 180, "seed": 7, "scene_number": 1, "scene_count": 4,
        }  # fmt: skip
        return PictureRequest(**(fields | changes))  # type: ignore[arg-type]

    return build


@pytest.fixture
def decode() -> Callable[[bytes], Pixels]:
    """PNG bytes to an array in the file's own channel count."""

    def read(png: bytes) -> Pixels:
        assert png[:8] == b"\x89PNG\r\n\x1a\n"
        return np.asarray(cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_UNCHANGED))

    return read
