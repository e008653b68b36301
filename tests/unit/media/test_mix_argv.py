"""The arguments of the sound mix, and the levels that it chooses."""

from __future__ import annotations

from pathlib import Path

from reelstep.media.audio import Levels, levels_for, master_argv, mix_argv, sample_count
from reelstep.media.loudness import Loudness
from reelstep.media.timeline import (
    Layer,
    LayerKind,
    Motion,
    Narration,
    Placement,
    Timeline,
    TimelineScene,
)

FULL = Placement(x=0, y=0, width=1, height=1)


def film(**sound: object) -> Timeline:
    layer = Layer(kind=LayerKind.BACKGROUND, source="p", motion=Motion(start=FULL, end=FULL))
    scene = TimelineScene(number=1, start_frame=0, frame_count=61, layers=(layer,))
    return Timeline.model_validate(
        {
            "language": "en",
            "width": 1280,
            "height": 720,
            "fps": 60,
            "frame_count": 61,
            "scenes": (scene,),
            **sound,
        }
    )


SPOKEN = (
    Narration(source="a", scene_number=1, start_frame=7, seconds=0.2),
    Narration(source="b", scene_number=1, start_frame=31, seconds=0.3, tempo=1.25),
)


def test_voices_are_placed_to_the_sample_and_all_has_the_films_length() -> None:
    argv = mix_argv(
        film(narration=SPOKEN, music="m"),
        {"a": Path("a.wav"), "b": Path("b.wav"), "m": Path("m.wav")},
        Levels(voice=3.5, music=-2),
        Path("e.f32"),
        Path("mix.wav"),
    )
    assert argv[:6] == ["-i", "a.wav", "-i", "b.wav", "-i", "m.wav"]
    assert argv[6:14] == ["-f", "f32le", "-ar", "200", "-ac", "1", "-i", "e.f32"]
    chains = argv[argv.index("-filter_complex") + 1].split(";")
    assert chains[0].endswith("highpass=f=70,adelay=5600S:all=1[v0]")
    assert chains[1].endswith("highpass=f=70,atempo=1.250000,adelay=24800S:all=1[v1]")
    assert "volume=3.50dB" in chains[2]
    assert "[2:a:0]" in chains[3]
    assert "volume=-2.00dB" in chains[3]
    assert chains[5] == "[open][envelope]amultiply[music]"
    assert "apad=whole_len=48800,atrim=end_sample=48800" in chains[6]


def test_music_alone_has_no_dip_for_a_voice_that_is_not_there() -> None:
    argv = mix_argv(film(music="m"), {"m": Path("m.wav")}, Levels(), Path("e"), Path("o"))
    graph = argv[argv.index("-filter_complex") + 1]
    assert "equalizer" not in graph
    assert "amix" not in graph


def test_the_limiter_works_on_oversampled_sound_and_gives_its_delay_back() -> None:
    argv = master_argv(Path("mix.wav"), 4.2, -1.6, 48_800, Path("out.m4a"))
    chain = argv[argv.index("-af") + 1]
    assert chain.startswith("volume=4.200dB,aresample=192000,alimiter=limit=0.83176:")
    assert "latency=1" in chain
    assert chain.endswith("aresample=48000,apad=whole_len=48800,atrim=end_sample=48800")


def test_levels_bring_both_buses_to_their_places_whatever_they_measure() -> None:
    quiet = Loudness(integrated=-31.0, range_lu=3, true_peak=-12)
    silent = Loudness(integrated=-70.0, range_lu=0, true_peak=-120)
    assert levels_for({"voice": quiet, "music": quiet}) == Levels(voice=15.0, music=9.0)
    assert levels_for({"voice": silent}) == Levels(voice=0.0, music=0.0)


def test_samples_are_exact_for_every_frame_rate_that_we_have() -> None:
    assert sample_count(film()) == 48_800
