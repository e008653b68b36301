"""A scene spoken once, and what holds when that is cut off in the middle."""

from __future__ import annotations

import time
from typing import Any

import pytest

from reelstep.artifacts.store import ArtifactStore
from reelstep.pipelines.generation.voice import VoiceTrack, spoken
from reelstep.providers.base import Speech, VoiceRequest, WordTiming

WISHES = VoiceRequest(text="Hello", language="en")


class Moody:
    """Speaks the same text otherwise each time, as hosted voices do."""

    name, version = "moody", "1"

    def __init__(self) -> None:
        self.times = 0

    def speak(self, request: VoiceRequest) -> Speech:
        self.times += 1
        word = WordTiming(text=request.text, start=0.0, end=float(self.times))
        return Speech(wav=f"take {self.times}".encode(), duration=self.times, words=(word,))


def test_a_scene_is_spoken_once(cloud: Any) -> None:
    voice = Moody()
    assert spoken(cloud.artifacts, voice, WISHES) == spoken(cloud.artifacts, voice, WISHES)
    assert voice.times == 1


def test_a_voice_that_was_cut_off_before_its_word_times_lends_its_sound_to_no_others(
    cloud: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sound of one take used to be found with the word times of the next one."""
    voice, put_once = Moody(), ArtifactStore.put_once

    def dies_at_the_track(self: ArtifactStore, key: str, *args: Any, **kwargs: Any) -> None:
        if key.endswith(".json"):
            raise SystemExit("killed")
        put_once(self, key, *args, **kwargs)

    with monkeypatch.context() as dying:
        dying.setattr(ArtifactStore, "put_once", dies_at_the_track)
        with pytest.raises(SystemExit):
            spoken(cloud.artifacts, voice, WISHES)
    track = VoiceTrack.model_validate_json(
        cloud.artifacts.read(spoken(cloud.artifacts, voice, WISHES))
    )
    assert cloud.artifacts.read(track.wav) == b"take 2"
    assert track.seconds == 2.0


def test_a_sound_lives_as_long_as_the_track_that_names_it(cloud: Any) -> None:
    """Objects expire by their age, and two tracks may name one sound."""
    voice = Moody()
    key = spoken(cloud.artifacts, voice, WISHES)
    first = VoiceTrack.model_validate_json(cloud.artifacts.read(key))
    written = cloud.artifacts.stored_at(first.wav)

    voice.times = 0  # the same sound for other wishes, much later
    time.sleep(1.1)  # S3 tells the time in seconds
    spoken(cloud.artifacts, voice, WISHES.model_copy(update={"fit_seconds": 9.0}))
    assert cloud.artifacts.stored_at(first.wav) > written

    cloud.artifacts.delete(first.wav)
    assert spoken(cloud.artifacts, voice, WISHES) == key
    again = VoiceTrack.model_validate_json(cloud.artifacts.read(key))
    assert cloud.artifacts.read(again.wav) == b"take 2"
    assert again.seconds == 2.0
