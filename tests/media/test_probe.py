"""What a file says of itself, on files made for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from reelstep.media import ffmpeg
from reelstep.media.probe import probe
from reelstep.platform.errors import MediaUnreadable

PICTURE = ("-f", "lavfi", "-i", "testsrc2=s=320x180:r=25:d=1")
TONE = ("-f", "lavfi", "-i", "sine=d=1:r=44100")


def made(out: Path, *argv: str) -> Path:
    ffmpeg.run([*argv, str(out)], timeout=60)
    return out


def test_an_mp4_is_described_by_ffmpegs_names(tmp_path: Path) -> None:
    film = made(
        tmp_path / "a.mp4",
        *(*PICTURE, *TONE, "-c:v", "libx264", "-profile:v", "main", "-pix_fmt", "yuv420p"),
        *("-c:a", "aac", "-ac", "2", "-shortest", "-movflags", "+faststart"),
    )
    info = probe(film)
    assert (info.container, info.faststart, info.size_bytes) == ("mp4", True, film.stat().st_size)
    assert info.seconds == pytest.approx(1.0, abs=0.05)
    assert info.video is not None
    assert info.audio is not None
    video, audio = info.video, info.audio
    assert (video.codec, video.profile.split("@")[0], video.tag) == ("h264", "Main", "avc1")
    assert (video.width, video.height, video.fps, video.frame_count) == (320, 180, 25.0, 25)
    assert (video.bit_depth, video.chroma) == (8, "4:2:0")
    assert (audio.codec, audio.profile) == ("aac", "LC")
    assert (audio.sample_rate, audio.channels) == (44_100, 2)


def test_an_index_at_the_end_is_seen(tmp_path: Path) -> None:
    assert not probe(made(tmp_path / "a.mp4", *PICTURE, "-c:v", "libx264")).faststart


def test_other_containers_and_codecs_have_their_names(tmp_path: Path) -> None:
    webm = probe(
        made(tmp_path / "a.webm", *PICTURE, *TONE, "-c:v", "libvpx-vp9", "-deadline", "realtime",
             "-c:a", "libopus", "-ar", "48000", "-shortest")
    )  # fmt: skip
    assert webm.container == "webm"
    assert webm.video is not None
    assert webm.audio is not None
    assert (webm.video.codec, webm.audio.codec) == ("vp9", "opus")
    tone = probe(made(tmp_path / "a.mp3", *TONE))
    assert tone.audio is not None
    assert (tone.video, tone.audio.codec) == (None, "mp3")


@pytest.mark.parametrize("content", [b"", b"not a film at all", b"\0" * 4096, b"#EXTM3U\nx.ts\n"])
def test_what_is_no_film_is_unreadable(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(content)
    with pytest.raises(MediaUnreadable):
        probe(path)


def test_a_picture_and_a_missing_file_are_unreadable(tmp_path: Path) -> None:
    with pytest.raises(MediaUnreadable, match="not a video or sound"):
        probe(made(tmp_path / "a.png", *PICTURE, "-frames:v", "1"))
    with pytest.raises(MediaUnreadable, match="missing"):
        probe(tmp_path / "b.mp4")
