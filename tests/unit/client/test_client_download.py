"""Downloads: whole or not at all, resumed, never over what is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from reelstep.cli.download import BLOCK_BYTES, check_place, download, free_place, slug
from reelstep.cli.errors import DownloadFailed, WrongUsage
from tests.unit.cli.fake_cloud import MOVIE, FakeCloud


def no_wait(_seconds: float) -> None:
    """In place of sleeping."""


def test_a_dropped_line_is_resumed_where_it_broke(cloud: FakeCloud, tmp_path: Path) -> None:
    cloud.drop_download_after = [BLOCK_BYTES + 10, 0, BLOCK_BYTES + 10]
    out = tmp_path / "film.mp4"

    assert download(f"{cloud.url}/media/x", out, sleep=no_wait) == out

    assert out.read_bytes() == MOVIE
    ranges = [headers.get("Range") for _, _, headers, _ in cloud.asked("GET", "/media/")]
    assert ranges == [
        None,
        f"bytes={BLOCK_BYTES}-",
        f"bytes={BLOCK_BYTES}-",
        f"bytes={2 * BLOCK_BYTES}-",
    ]


def test_a_server_without_ranges_starts_over(cloud: FakeCloud, tmp_path: Path) -> None:
    cloud.drop_download_after = [300_000]
    cloud.plan("GET", "/media/y", 503, "busy")
    out = tmp_path / "film.mp4"

    download(f"{cloud.url}/media/y", out, sleep=no_wait)

    assert out.read_bytes() == MOVIE


def test_a_film_that_changed_between_two_tries_is_taken_from_its_start(
    cloud: FakeCloud, tmp_path: Path
) -> None:
    cloud.drop_download_after = [500]
    out = tmp_path / "film.mp4"
    calls = []

    def replaced(_seconds: float) -> None:
        calls.append(1)
        cloud.plan("GET", "/media/z", 200, "a shorter film")

    download(f"{cloud.url}/media/z", out, sleep=replaced)

    assert out.read_text() == "a shorter film"
    assert calls == [1]


def test_a_line_that_never_holds_leaves_nothing_behind(cloud: FakeCloud, tmp_path: Path) -> None:
    cloud.drop_download_after = [10] * 9

    with pytest.raises(DownloadFailed):
        download(f"{cloud.url}/media/x", tmp_path / "film.mp4", sleep=no_wait)

    assert list(tmp_path.glob("*film*")) + list(tmp_path.glob(".*")) == []


def test_an_expired_address_is_not_tried_again(cloud: FakeCloud, tmp_path: Path) -> None:
    cloud.plan("GET", "/media/x", 403, "expired")

    with pytest.raises(DownloadFailed, match="refused"):
        download(f"{cloud.url}/media/x", tmp_path / "film.mp4", sleep=no_wait)

    assert len(cloud.asked("GET", "/media/x")) == 1


def test_the_name_is_taken_only_when_all_bytes_are_there(cloud: FakeCloud, tmp_path: Path) -> None:
    out = tmp_path / "film.mp4"
    seen = []

    download(f"{cloud.url}/media/x", out, on_progress=lambda *_: seen.append(out.exists()))

    assert len(seen) > 1
    assert not any(seen)
    assert out.exists()


def test_progress_ends_at_the_whole(cloud: FakeCloud, tmp_path: Path) -> None:
    told: list[tuple[int, int | None]] = []

    download(
        f"{cloud.url}/media/x", tmp_path / "f", on_progress=lambda done, of: told.append((done, of))
    )

    assert told == sorted(told)
    assert told[-1] == (len(MOVIE), len(MOVIE))


def test_a_file_that_appears_meanwhile_is_not_replaced(cloud: FakeCloud, tmp_path: Path) -> None:
    out = tmp_path / "film.mp4"

    place = download(
        f"{cloud.url}/media/x", out, on_progress=lambda *_: out.write_text("somebody's") and None
    )

    assert out.read_text() == "somebody's"
    assert place == tmp_path / "film-2.mp4"
    assert place.read_bytes() == MOVIE


@pytest.mark.parametrize(
    ("prompt", "name"),
    [
        ("A robot learns to dance!", "a-robot-learns-to-dance"),
        ("Un été à la plage, déjà", "un-ete-a-la-plage-deja"),
        ("ثعلب يعد النجوم", "ثعلب-يعد-النجوم"),
        ("星を数える狐", "星を数える狐"),
        ("../../etc/passwd; rm -rf *", "etc-passwd-rm-rf"),
        ("🎈🎈", "film"),
        ("con" * 40, ("con" * 40)[:48]),
        ("letters " * 6, "letters-letters-letters-letters-letters-letters"),
        ("letters " * 9, "letters-letters-letters-letters-letters-letters"),
    ],
)  # fmt: skip
def test_a_prompt_becomes_a_file_name(prompt: str, name: str) -> None:
    assert slug(prompt) == name


def test_a_free_place_counts_up(tmp_path: Path) -> None:
    (tmp_path / "film.mp4").touch()
    (tmp_path / "film-2.mp4").touch()

    assert free_place(tmp_path / "film.mp4").name == "film-3.mp4"


def test_places_that_cannot_take_a_film(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    for out in (tmp_path, tmp_path / "file" / "film.mp4", tmp_path / "file"):
        with pytest.raises(WrongUsage) as refused:
            check_place(out, force=False)
        assert refused.value.fields[0][0] == "--out"
