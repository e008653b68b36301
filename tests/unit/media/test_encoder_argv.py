"""What ffmpeg is asked to do, word for word."""

from __future__ import annotations

from pathlib import Path

import pytest

from reelstep.media.boxes import VideoTrack
from reelstep.media.ffmpeg import command
from reelstep.media.join import check_joinable, concat_list, join_argv, three_letters
from reelstep.media.profiles import encode_argv, frame_size, profile_for
from reelstep.media.thumbnails import extract_argv
from reelstep.platform.errors import MediaUnreadable, ValidationFailed


def test_every_input_of_a_command_is_limited_to_files_and_pipes() -> None:
    full = command(Path("/opt/bin/ffmpeg"), ["-i", "a.mp4", "-i", "b.wav", "out.mp4"], 7)
    assert " ".join(full) == (
        "/opt/bin/ffmpeg -nostdin -hide_banner -nostats -y -stats_period 0.25 -progress pipe:7"
        " -protocol_whitelist file,pipe -i a.mp4 -protocol_whitelist file,pipe -i b.wav out.mp4"
    )


def test_standard_is_encoded_as_high_profile_at_crf_23() -> None:
    argv = encode_argv(profile_for("STANDARD"), Path("/w/out.mp4"), frame_count=150)
    assert " ".join(argv) == (
        "-f rawvideo -pix_fmt yuv420p -s 1920x1080 -framerate 30 -i pipe:0"
        " -vf setparams=colorspace=bt709:color_primaries=bt709:color_trc=bt709:range=tv"
        " -frames:v 150 -c:v libx264 -profile:v high -level:v 4.0 -preset veryfast -crf 23"
        " -x264-params keyint=60:min-keyint=60:scenecut=0:open-gop=0:force-cfr=1:stitchable=1"
        " -pix_fmt yuv420p -colorspace bt709 -color_primaries bt709 -color_trc bt709"
        " -color_range tv -chroma_sample_location left -fps_mode passthrough"
        " -video_track_timescale 15360 -write_btrt 0 -an -map_metadata -1 -fflags +bitexact"
        " -f mp4 /w/out.mp4"
    )


def test_ultra_is_hevc_that_players_know() -> None:
    argv = " ".join(encode_argv(profile_for("ULTRA"), Path("o.mp4"), frame_count=60))
    assert "-c:v libx265 -profile:v main -tag:v hvc1" in argv
    assert "-crf 22" in argv
    assert "keyint=120:min-keyint=120:scenecut=0:open-gop=0:repeat-headers=0" in argv


def test_captions_come_after_the_colours_are_named() -> None:
    profile = profile_for("HD")
    argv = encode_argv(profile, Path("o.mp4"), frame_count=60, filters=("ass=filename=o.ass",))
    graph = argv[argv.index("-vf") + 1]
    assert graph.startswith("setparams=")
    assert graph.endswith(",ass=filename=o.ass")


@pytest.mark.parametrize(
    ("quality", "aspect", "preview", "size", "fps", "codec"),
    [
        ("STANDARD", "16:9", False, (1920, 1080), 30, "h264"),
        ("HD", "16:9", False, (1920, 1080), 60, "h264"),
        ("ULTRA", "16:9", False, (3840, 2160), 60, "hevc"),
        ("STANDARD", "9:16", False, (1080, 1920), 30, "h264"),
        ("ULTRA", "1:1", False, (2160, 2160), 60, "hevc"),
        ("STANDARD", "16:9", True, (1280, 720), 30, "h264"),
        ("ULTRA", "9:16", True, (720, 1280), 60, "h264"),
    ],
)
def test_profiles(
    quality: str, aspect: str, preview: bool, size: tuple[int, int], fps: int, codec: str
) -> None:
    profile = profile_for(quality, aspect, preview)
    assert (profile.width, profile.height) == size
    assert (profile.fps, profile.codec) == (fps, codec)
    assert profile.gop == 2 * fps
    assert profile.timescale % fps == 0


def test_every_profile_has_a_name_of_its_own() -> None:
    profiles = [
        profile_for(quality, aspect, preview)
        for quality in ("STANDARD", "HD", "ULTRA")
        for aspect in ("16:9", "9:16", "1:1")
        for preview in (False, True)
    ]
    assert len({profile.name for profile in profiles}) == len(profiles)


def test_unknown_names_are_refused_with_their_field() -> None:
    with pytest.raises(ValidationFailed, match="quality"):
        profile_for("4K")
    with pytest.raises(ValidationFailed, match="aspectRatio"):
        profile_for("HD", "4:3")


@pytest.mark.parametrize("short", [180, 720, 1080, 2160])
def test_frames_have_even_sides(short: int) -> None:
    sizes = [frame_size(short, aspect) for aspect in ("16:9", "9:16", "1:1")]
    assert all(side % 2 == 0 for size in sizes for side in size)


def test_joining_copies_and_puts_the_index_first() -> None:
    argv = join_argv(
        Path("list.txt"),
        Path("/w/mix.m4a"),
        Path("/w/film.mp4"),
        timescale=15360,
        title="C'est; l'été",
        language="fr",
    )
    assert argv == [
        *("-f", "concat", "-safe", "0", "-i", "list.txt", "-i", "/w/mix.m4a"),
        *("-map", "0:v:0", "-map", "1:a:0", "-c", "copy", "-video_track_timescale", "15360"),
        *("-movflags", "+faststart", "-movie_timescale", "48000"),
        *("-map_metadata", "-1", "-fflags", "+bitexact"),
        *("-metadata", "title=C'est; l'été", "-metadata:s:a:0", "language=fra"),
        *("-f", "mp4", "/w/film.mp4"),
    ]


@pytest.mark.parametrize(
    ("tag", "code"), [("fr", "fra"), ("pt-BR", "por"), ("ZH_hant", "zho"), ("tlh", "und")]
)
def test_a_language_has_three_letters_in_a_file(tag: str, code: str) -> None:
    assert three_letters(tag) == code


def test_a_silent_film_in_hevc_keeps_its_tag() -> None:
    argv = join_argv(Path("list.txt"), None, Path("film.mp4"), timescale=30720, hevc=True)
    assert argv[argv.index("-tag:v") + 1] == "hvc1"
    assert "1:a:0" not in argv


def test_the_concat_list_gives_durations_to_the_microsecond() -> None:
    tracks = [VideoTrack(15360, 151 * 512, 151, b""), VideoTrack(15360, 30 * 512, 30, b"")]
    assert concat_list(["00000.mp4", "00001.mp4"], tracks) == (
        "ffconcat version 1.0\n"
        "file 00000.mp4\nduration 5033333us\n"
        "file 00001.mp4\nduration 1000000us\n"
    )


def test_chunks_that_would_not_play_as_one_are_not_joined() -> None:
    good = VideoTrack(15360, 30 * 512, 30, b"headers")
    assert check_joinable([good, good], 30) == 60
    with pytest.raises(MediaUnreadable, match="Chunk 1 was not encoded like the first"):
        check_joinable([good, VideoTrack(15360, 30 * 512, 30, b"others")], 30)
    with pytest.raises(MediaUnreadable, match="Chunk 1 does not have 30 frames"):
        check_joinable([good, VideoTrack(15360, 30 * 512, 29, b"headers")], 30)
    with pytest.raises(MediaUnreadable, match="no chunks"):
        check_joinable([], 30)


def test_a_thumbnail_has_the_colours_that_jpeg_readers_expect() -> None:
    assert extract_argv(Path("/w/film.mp4"), 10, Path("/w/t.jpg"), 640) == [
        *("-ss", "10.000000", "-i", "/w/film.mp4", "-map", "0:v:0", "-frames:v", "1", "-vf"),
        "scale=w=640:h=-2:flags=lanczos:in_color_matrix=bt709:in_range=tv,format=gbrp,"
        "scale=out_color_matrix=bt601:out_range=pc,format=yuvj420p",
        *("-q:v", "3", "-f", "image2", "-update", "1", "/w/t.jpg"),
    ]
