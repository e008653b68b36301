"""`list`, `show`, `open`, `favorite`, `delete`, and how errors and tables look."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import webbrowser
from pathlib import Path

import pytest

from tests.unit.cli.conftest import Run, flat
from tests.unit.cli.fake_cloud import FakeCloud, failing_events


def test_the_list_is_newest_first_and_fits_eighty_columns(cloud: FakeCloud, run: Run) -> None:
    first = cloud.add("A very long prompt about a fox who counts all the stars of the sky " * 2)
    second = cloud.add("Un chat", quality="HD")
    second.favorite = True

    result = run("list")

    lines = result.stdout.splitlines()
    assert max(len(line) for line in lines) <= 80
    assert lines[0].split() == ["id", "when", "length", "quality", "status", "prompt"]
    assert lines[1].split()[:2] == [second.id[:8], "★"]
    assert lines[1].split()[-4:] == ["HD", "completed", "Un", "chat"]
    assert lines[2].startswith(first.id[:8])
    assert lines[2].rstrip().endswith("…")


def test_an_empty_list_says_how_to_make_a_film(cloud: FakeCloud, run: Run) -> None:
    result = run("list")

    assert result.exit_code == 0
    assert "No films here yet" in result.stdout
    assert "reelstep generate" in result.stdout


def test_pages_and_filters_reach_the_api(cloud: FakeCloud, run: Run) -> None:
    for number in range(3):
        cloud.add(f"Film {number}")

    result = run("list", "--page", "2", "--size", "2", "--status", "completed", "--favorites")

    path = cloud.asked("GET", "/user")[0][1]
    assert path.endswith("/user?page=1&size=2&status=COMPLETED&favorite=true")
    assert "No films on this page" in result.stdout

    assert "page 1 of 2, 3 films" in run("list", "--size", "2").stdout


def test_the_list_as_json_is_the_apis_page(cloud: FakeCloud, run: Run) -> None:
    cloud.add("A fox")

    page = json.loads(run("list", "--json").stdout)

    assert page["totalElements"] == 1
    assert page["videos"][0]["prompt"] == "A fox"


def test_a_film_is_shown_with_its_phases_and_checks(cloud: FakeCloud, run: Run) -> None:
    film = cloud.add("A fox")

    text = flat(run("show", film.id[:8]).stdout)

    assert film.id in text
    assert "20 s · 1920×1080 · 30 fps · 8.4 MB" in text
    assert "✓ Rendering 100 % 4 of 4 1.0 s" in text
    assert "quality check: 2 of 2 passed" in text
    assert f"reelstep open {film.id[:8]}" in text


def test_a_failed_film_shows_why(cloud: FakeCloud, run: Run) -> None:
    cloud.make_events = failing_events
    film = cloud.add("A fox")

    text = flat(run("show", film.id).stdout)

    assert "✗ Rendering" in text
    assert "Failed in Rendering Scene 2 could not be drawn" in text
    assert f"reelstep retry {film.id[:8]}" in text


def test_a_film_in_the_making_can_be_followed_or_stopped(cloud: FakeCloud, run: Run) -> None:
    short = cloud.add("A fox", finished=False).id[:8]

    text = flat(run("show", short).stdout)

    assert f"reelstep follow {short}" in text
    assert f"reelstep cancel {short}" in text


def test_show_as_json_is_the_apis_document(cloud: FakeCloud, run: Run) -> None:
    film = cloud.add("A fox")

    assert json.loads(run("show", film.id, "--json").stdout)["storageUrl"].endswith("signature=s")


def test_an_unknown_film_is_told_and_ends_with_5(cloud: FakeCloud, run: Run) -> None:
    for arguments in (["show"], ["favorite"], ["delete", "--yes"], ["open"]):
        result = run(*arguments, "beef")
        assert result.exit_code == 5
        assert "reelstep list" in result.stderr


@pytest.mark.parametrize("nothing", ["", "  ", "1", "123"])
def test_an_empty_id_is_nobodys_film(cloud: FakeCloud, run: Run, nothing: str) -> None:
    """As `reelstep delete "$ID" --yes` says it when the variable was never set."""
    film = cloud.add("The only one")
    film.id = "12345678-0"
    cloud.films = {film.id: film}

    for arguments in (["delete", "--yes"], ["cancel"], ["retry"], ["favorite"]):
        result = run(*arguments, nothing)
        assert result.exit_code == 5, result.output
        assert "Give at least 4 letters" in result.stderr

    assert not film.deleted
    assert [method for method, *_ in cloud.asked("POST", "/")] == []


def test_an_id_that_begins_like_several_is_not_guessed(cloud: FakeCloud, run: Run) -> None:
    for ending in ("a", "b"):
        film = cloud.add("A fox")
        film.id = f"12345678-{ending}"
        cloud.films[film.id] = film

    result = run("delete", "1234", "--yes")

    assert result.exit_code == 5
    assert "Several of your films begin with 1234" in result.stderr
    assert not any(film.deleted for film in cloud.films.values())


def test_favorite_and_back(cloud: FakeCloud, run: Run) -> None:
    film = cloud.add("A fox")

    assert json.loads(run("favorite", film.id, "--json").stdout)["isFavorite"] is True
    assert film.favorite
    assert run("favorite", film.id, "--remove").exit_code == 0
    assert not film.favorite


def test_delete_asks_nobody_in_a_script_and_needs_yes(cloud: FakeCloud, run: Run) -> None:
    film = cloud.add("A fox")

    refused = run("delete", film.id)
    assert (refused.exit_code, film.deleted) == (2, False)
    assert "--yes" in refused.stderr

    assert run("delete", film.id, "--yes").exit_code == 0
    assert film.deleted


def test_open_prints_the_address_where_there_is_no_display(
    cloud: FakeCloud, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    film = cloud.add("new")

    assert run("open", film.id).stdout == f"{cloud.url}/media/{film.id}.mp4?signature=s\n"


def test_open_gives_the_browser_films_files_and_addresses(
    cloud: FakeCloud, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", lambda url: opened.append(url) or True)
    monkeypatch.setenv("BROWSER", "anything")
    film = cloud.add("A fox")
    Path("film.mp4").touch()

    for what in (film.id[:6], "film.mp4", "https://example.org/film.mp4"):
        assert run("open", what).exit_code == 0

    assert opened == [
        f"{cloud.url}/media/{film.id}.mp4?signature=s",
        Path("film.mp4").absolute().as_uri(),
        "https://example.org/film.mp4",
    ]


def test_open_of_an_unfinished_film_says_how_to_follow_it(cloud: FakeCloud, run: Run) -> None:
    film = cloud.add("A fox", finished=False)

    result = run("open", film.id)

    assert result.exit_code == 2
    assert f"reelstep follow {film.id[:8]}" in result.stderr


def test_no_colour_when_it_is_not_wanted(cloud: FakeCloud, home: Path) -> None:
    cloud.add("A fox")
    environment = {**os.environ, "FORCE_COLOR": "1", "REELSTEP_HOME": str(home)}

    def listed(**more: str) -> str:
        return subprocess.run(
            [sys.executable, "-m", "reelstep.cli.main", "list"],
            env={**environment, **more},
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    assert "\x1b[36m" in listed()
    assert "\x1b[36m" not in listed(NO_COLOR="1")


def test_a_terminal_without_the_letters_of_a_prompt_still_gets_its_list_and_its_json(
    cloud: FakeCloud, home: Path
) -> None:
    cloud.add("ثعلب يعد النجوم 🦊")

    def listed(*more: str) -> bytes:
        return subprocess.run(
            [sys.executable, "-m", "reelstep.cli.main", "list", *more],
            env={**os.environ, "REELSTEP_HOME": str(home), "PYTHONIOENCODING": "ascii"},
            capture_output=True,
            check=True,
        ).stdout

    assert b"completed" in listed()
    assert json.loads(listed("--json"))["videos"][0]["prompt"] == "ثعلب يعد النجوم 🦊"


def test_help_loads_nothing_heavy() -> None:
    script = (
        "import sys\n"
        "from reelstep.cli.main import app\n"
        "sys.argv = ['reelstep', '--help']\n"
        "try: app()\n"
        "except SystemExit as end: assert not end.code\n"
        "heavy = {'boto3', 'botocore', 'aws_cdk', 'jsii', 'numpy', 'cv2', 'PIL', 'httpx',"
        " 'websockets', 'pydantic', 'ministack', 'aws_lambda_powertools', 'asyncio'}\n"
        "print('HEAVY', sorted(heavy & set(sys.modules)))\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )

    assert "generate" in done.stdout
    assert done.stdout.splitlines()[-1] == "HEAVY []"


def test_every_command_has_help_within_eighty_columns(run: Run) -> None:
    from reelstep.cli.main import app

    names = [command.name for command in app.registered_commands]
    assert set(names) >= {
        *("up", "down", "doctor", "status", "generate", "list", "show", "follow", "open"),
        *("delete", "favorite", "demo", "version"),
    }
    for name in names:
        result = run(str(name), "--help", env={"COLUMNS": "80"})
        assert result.exit_code == 0
        assert max(len(line) for line in result.stdout.splitlines()) <= 80


def test_the_version_is_printed_both_ways(run: Run) -> None:
    from reelstep import __version__

    assert run("version").stdout == run("--version").stdout == f"reelstep {__version__}\n"
