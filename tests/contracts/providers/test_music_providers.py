"""What every music provider must keep. Another one joins as a `param` of the fixture."""

import io
import wave

import numpy as np
import pytest

from reelstep.platform.errors import ProviderRejected
from reelstep.providers.base import MusicProvider, MusicRequest, MusicStyle
from reelstep.providers.registry import Registry


@pytest.fixture(params=["offline"])
def composer(request: pytest.FixtureRequest) -> MusicProvider:
    return Registry.from_config({"music": request.param}).music


@pytest.mark.parametrize("style", list(MusicStyle))
@pytest.mark.parametrize("seconds", [10, 20.5, 33.3337])
def test_the_length_is_exact_to_the_sample(
    composer: MusicProvider, style: MusicStyle, seconds: float
) -> None:
    data = composer.compose(MusicRequest(style=style, seconds=seconds, seed=7))
    with wave.open(io.BytesIO(data)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (2, 2, 48_000)
        assert file.getnframes() == round(seconds * 48_000)
        sound = np.frombuffer(file.readframes(file.getnframes()), "<i2") / 32_768
    assert len(sound) == round(seconds * 48_000) * 2
    assert np.abs(sound).max() < 0.999
    assert np.sqrt((sound**2).mean()) > 0.01
    assert np.abs(sound[-200:]).max() < 0.002


def test_equal_requests_are_equal_and_seeds_differ(composer: MusicProvider) -> None:
    def made(seed: int) -> bytes:
        return composer.compose(MusicRequest(style=MusicStyle.CALM, seconds=12, seed=seed))

    assert made(1) == made(1)
    assert made(1) != made(2)


@pytest.mark.parametrize("seconds", [0, -5, 1e9])
def test_impossible_lengths_are_refused_by_name(composer: MusicProvider, seconds: float) -> None:
    with pytest.raises(ProviderRejected) as caught:
        composer.compose(MusicRequest(style=MusicStyle.CALM, seconds=seconds, seed=1))
    assert caught.value.field == "seconds"
