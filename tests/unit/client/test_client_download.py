"""Downloads: whole or not at all, resumed, never over what is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from reelstep.client import DownloadFailed
from reelstep.client.answers import Video
from reelstep.client.download import free_place
from tests.unit.cli.fake_cloud import MOVIE, FakeCloud
from tests.unit.client.conftest import Both


def film(cloud: FakeCloud, name: str = "x") -> Video:
    """A finished film as the API describes it."""
    return Video(id=name, status="COMPLETED", storage_url=f"{cloud.url}/media/{name}")


def test_a_dropped_line_is_resumed_where_it_broke(
    cloud: FakeCloud, rest: Both, tmp_path: Path
) -> None:
    cloud.drop_download_after = [262_154, 0, 262_154]
    out = tmp_path / "film.mp4"

    assert rest.call("download", film(cloud, "x"), out) == out

    assert out.read_bytes() == MOVIE
    ranges = [headers.get("Range") for _, _, headers, _ in cloud.asked("GET", "/media/")]
    # What had arrived is not asked for again.
    assert ranges == [None, "bytes=262154-", "bytes=262154-", "bytes=524308-"]


def test_a_line_that_drops_often_but_gets_on_brings_the_whole_film(
    cloud: FakeCloud, rest: Both, tmp_path: Path
) -> None:
    cloud.drop_download_after = [70_000] * 7  # more often than anything is tried in vain
    out = tmp_path / "film.mp4"

    rest.call("download", film(cloud, "x"), out)

    assert out.read_bytes() == MOVIE


def test_a_server_without_ranges_starts_over(cloud: FakeCloud, rest: Both, tmp_path: Path) -> None:
    cloud.drop_download_after = [300_000]
    cloud.plan("GET", "/media/y", 503, "busy")
    out = tmp_path / "film.mp4"

    rest.call("download", film(cloud, "y"), out)

    assert out.read_bytes() == MOVIE


def test_a_film_that_changed_between_two_tries_is_taken_from_its_start(
    cloud: FakeCloud, rest: Both, tmp_path: Path
) -> None:
    cloud.drop_download_after = [500]
    told: list[int] = []

    def replaced(done: int, _total: int | None) -> None:
        if not told:
            cloud.plan("GET", "/media/z", 200, "a shorter film")
        told.append(done)

    out = tmp_path / "film.mp4"

    rest.call("download", film(cloud, "z"), out, on_progress=replaced)

    assert out.read_text() == "a shorter film"
    assert len(cloud.asked("GET", "/media/")) == 2


def test_a_line_that_never_holds_leaves_nothing_behind(
    cloud: FakeCloud, rest: Both, tmp_path: Path
) -> None:
    cloud.drop_download_after = [10] * 9

    with pytest.raises(DownloadFailed):
        rest.call("download", film(cloud, "x"), tmp_path / "film.mp4")

    assert list(tmp_path.glob("*film*")) + list(tmp_path.glob(".*")) == []


def test_an_expired_address_is_not_tried_again(
    cloud: FakeCloud, rest: Both, tmp_path: Path
) -> None:
    cloud.plan("GET", "/media/x", 403, "expired")

    with pytest.raises(DownloadFailed, match="refused"):
        rest.call("download", film(cloud, "x"), tmp_path / "film.mp4")

    assert len(cloud.asked("GET", "/media/x")) == 1


def test_the_name_is_taken_only_when_all_bytes_are_there(
    cloud: FakeCloud, rest: Both, tmp_path: Path
) -> None:
    out = tmp_path / "film.mp4"
    seen = []

    rest.call("download", film(cloud, "x"), out, on_progress=lambda *_: seen.append(out.exists()))

    assert len(seen) > 1
    assert not any(seen)
    assert out.exists()


def test_progress_ends_at_the_whole(cloud: FakeCloud, rest: Both, tmp_path: Path) -> None:
    told: list[tuple[int, int | None]] = []

    rest.call(
        "download",
        film(cloud, "x"),
        tmp_path / "f",
        on_progress=lambda done, of: told.append((done, of)),
    )

    assert told == sorted(told)
    assert told[-1] == (len(MOVIE), len(MOVIE))


def test_a_file_that_appears_meanwhile_is_not_replaced(
    cloud: FakeCloud, rest: Both, tmp_path: Path
) -> None:
    out = tmp_path / "film.mp4"

    place = rest.call(
        "download",
        film(cloud, "x"),
        out,
        on_progress=lambda *_: out.write_text("somebody's") and None,
    )

    assert out.read_text() == "somebody's"
    assert place == tmp_path / "film-2.mp4"
    assert place.read_bytes() == MOVIE


def test_a_directory_gets_the_film_under_its_id(
    cloud: FakeCloud, rest: Both, tmp_path: Path
) -> None:
    made = cloud.add("A fox")

    assert rest.call("download", made.id, tmp_path) == tmp_path / f"{made.id}.mp4"


def test_what_is_there_is_replaced_only_when_it_is_said(
    cloud: FakeCloud, rest: Both, tmp_path: Path
) -> None:
    out = tmp_path / "film.mp4"
    out.write_text("old")

    beside = rest.call("download", film(cloud), out)
    over = rest.call("download", film(cloud), out, replace=True)

    assert (beside.name, over.name) == ("film-2.mp4", "film.mp4")
    assert beside.read_bytes() == over.read_bytes() == MOVIE


def test_a_film_that_is_not_made_cannot_be_fetched(
    cloud: FakeCloud, rest: Both, tmp_path: Path
) -> None:
    waiting = cloud.add("A fox", finished=False)

    with pytest.raises(DownloadFailed, match="queued"):
        rest.call("download", waiting.id, tmp_path)


def test_a_free_place_counts_up(tmp_path: Path) -> None:
    (tmp_path / "film.mp4").touch()
    (tmp_path / "film-2.mp4").touch()

    assert free_place(tmp_path / "film.mp4").name == "film-3.mp4"
