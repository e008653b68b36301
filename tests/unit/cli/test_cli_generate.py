"""`generate` and `follow`: from the prompt to the file, and every way that can end."""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.unit.cli.conftest import Run
from tests.unit.cli.fake_cloud import MOVIE, PHASES, FakeCloud, failing_events, numbered, problem

FIVE = ("Script", "Assets", "Compositing", "Rendering", "Encoding", "Finalization")


def test_a_prompt_becomes_a_file_with_every_phase_told(cloud: FakeCloud, run: Run) -> None:
    result = run("generate", "Un éléphant, à Paris !", "--duration", "20", "-q", "hd", "-e", "pont")

    assert result.exit_code == 0, result.output
    assert Path("un-elephant-a-paris.mp4").read_bytes() == MOVIE
    assert list(Path().glob(".*part")) == []
    for label in FIVE:
        assert f"{label} done" in result.stdout
    assert "un-elephant-a-paris.mp4" in result.stdout
    assert "20 s · 1920×1080 · 30 fps · 8.4 MB" in result.stdout
    assert "100 tokens · cost to make $0.0012" in result.stdout
    assert result.stderr == ""


@pytest.mark.parametrize("command", ["generate", "quote"])
def test_a_prompt_without_its_quotes_makes_nothing(
    cloud: FakeCloud, run: Run, command: str
) -> None:
    result = run(command, "a", "fox's", "snow", "-d", "20")

    assert result.exit_code == 2
    quoted = shlex.join(["reelstep", command, "a fox's snow"])
    assert f"In quotes:  {quoted}" in result.stderr
    assert cloud.asked("POST", f"/{command}") == []


def test_options_reach_the_api_under_the_contracts_names(cloud: FakeCloud, run: Run) -> None:
    result = run(
        *("generate", "A fox", "--duration", "30", "--quality", "ultra", "--style", "anime"),
        *("--music", "calm", "--element", "a bridge", "--element", "a lamp", "--language", "fr"),
        *("--aspect", "9:16", "--captions", "none", "--companion", "c-1", "--no-follow"),
        *("--transition", "wipe_left", "--voice", "male", "--preview", "--max-tokens", "900"),
        *("--callback-url", "https://example.org/ended"),
    )

    assert result.exit_code == 0, result.output
    ((_, _, headers, body),) = cloud.asked("POST", "/generate")
    assert body == {
        "prompt": "A fox",
        "durationSeconds": 30,
        "quality": "ULTRA",
        "visualStyle": "ANIME",
        "musicStyle": "CALM",
        "includeElements": ["a bridge", "a lamp"],
        "companionId": "c-1",
        "language": "fr",
        "aspectRatio": "9:16",
        "captions": "NONE",
        "transition": "wipe_left",
        "voice": "male",
        "preview": True,
        "maxTokens": 900,
        "callbackUrl": "https://example.org/ended",
    }
    assert len(headers["Idempotency-Key"]) == 36


def test_what_was_not_chosen_is_left_to_the_api(cloud: FakeCloud, run: Run) -> None:
    run("generate", "A fox", "--no-follow")

    assert cloud.asked("POST", "/generate")[0][3] == {"prompt": "A fox"}


def test_each_submission_has_its_own_idempotency_key(cloud: FakeCloud, run: Run) -> None:
    run("generate", "A fox", "--no-follow")
    run("generate", "A fox", "--no-follow")

    keys = [headers["Idempotency-Key"] for _, _, headers, _ in cloud.asked("POST", "/generate")]
    assert len(set(keys)) == 2


def test_the_prompt_can_come_from_stdin(cloud: FakeCloud, run: Run) -> None:
    run("generate", "-", "--no-follow", input="A story\nin two lines\n")

    assert cloud.asked("POST", "/generate")[0][3] == {"prompt": "A story\nin two lines"}


def test_no_follow_tells_the_id_and_how_to_follow(cloud: FakeCloud, run: Run) -> None:
    result = run("generate", "A fox", "--no-follow", "--out", "deep/film.mp4")

    (video_id,) = cloud.films
    assert result.stdout == f"{video_id}\n"
    assert f"reelstep follow {video_id} --out deep/film.mp4" in " ".join(result.stderr.split())
    assert cloud.asked("GET", "/events") == []


def test_json_is_one_document_and_stdout_has_nothing_else(cloud: FakeCloud, run: Run) -> None:
    result = run("generate", "A fox", "--json", "--out", "film.mp4")

    assert result.exit_code == 0
    document = json.loads(result.stdout)
    (video_id,) = cloud.films
    assert document["id"] == video_id
    assert document["status"] == "COMPLETED"
    assert document["file"] == str(Path("film.mp4").absolute())
    assert document["qualityReport"]["passed"] is True
    assert "Rendering done" in result.stderr


def test_json_without_following_is_the_apis_own_answer(cloud: FakeCloud, run: Run) -> None:
    document = json.loads(run("generate", "A fox", "--json", "--no-follow").stdout)

    assert set(document) >= {"videoId", "status", "queuePosition", "tokensCost", "createdAt"}


def test_a_failed_film_is_told_with_its_phase_and_ends_with_1(cloud: FakeCloud, run: Run) -> None:
    cloud.make_events = failing_events

    result = run("generate", "A fox")

    assert result.exit_code == 1
    assert "The film failed in Rendering" in result.stderr
    assert "Scene 2 could not be drawn" in result.stderr
    assert "Rendering failed" in result.stdout
    assert list(Path().iterdir()) == []


def test_a_failed_film_in_json_names_code_and_exit_code(cloud: FakeCloud, run: Run) -> None:
    cloud.make_events = failing_events

    result = run("generate", "A fox", "--json")

    error = json.loads(result.stdout)["error"]
    assert (error["code"], error["exitCode"]) == ("FfmpegFailed", 1)
    assert error["detail"] == "Scene 2 could not be drawn"


def test_a_cancelled_film_ends_with_1(cloud: FakeCloud, run: Run) -> None:
    cloud.make_events = lambda video_id: numbered(
        video_id, [{"event": "job:queued", "position": 0}, {"event": "job:cancelled"}]
    )

    result = run("generate", "A fox")

    assert result.exit_code == 1
    assert "The film was cancelled" in result.stderr


@pytest.mark.parametrize(
    ("prompt", "message"),
    [("   ", "say what the film is about"), ("x" * 2001, "2,001 characters, and 2,000")],
)
def test_a_prompt_that_cannot_be_is_refused_here(
    cloud: FakeCloud, run: Run, prompt: str, message: str
) -> None:
    result = run("generate", prompt)

    assert result.exit_code == 2
    assert "prompt" in result.stderr
    assert message in result.stderr
    assert cloud.requests == []


@pytest.mark.parametrize(
    ("option", "value"),
    [("--duration", "9"), ("--duration", "601"), ("--quality", "4K"), ("--aspect", "4:3")],
)
def test_a_wrong_option_is_named_and_ends_with_2(
    cloud: FakeCloud, run: Run, option: str, value: str
) -> None:
    result = run("generate", "A fox", option, value)

    assert result.exit_code == 2
    assert option in result.stderr
    assert cloud.requests == []


def test_an_existing_file_is_refused_before_anything_is_submitted(
    cloud: FakeCloud, run: Run
) -> None:
    Path("film.mp4").write_text("mine")

    result = run("generate", "A fox", "--out", "film.mp4")

    assert result.exit_code == 2
    assert "--out" in result.stderr
    assert Path("film.mp4").read_text() == "mine"
    assert cloud.requests == []


def test_force_replaces_the_file(cloud: FakeCloud, run: Run) -> None:
    Path("film.mp4").write_text("old")

    assert run("generate", "A fox", "--out", "film.mp4", "--force").exit_code == 0
    assert Path("film.mp4").read_bytes() == MOVIE


def test_the_default_name_steps_aside_for_what_is_there(cloud: FakeCloud, run: Run) -> None:
    Path("a-fox.mp4").write_text("mine")

    assert run("generate", "A fox").exit_code == 0
    assert Path("a-fox.mp4").read_text() == "mine"
    assert Path("a-fox-2.mp4").read_bytes() == MOVIE


def test_follow_starts_at_the_first_event_and_fetches_the_film(cloud: FakeCloud, run: Run) -> None:
    film = cloud.add("A fox")

    result = run("follow", film.id)

    assert result.exit_code == 0
    assert "Script done" in result.stdout
    assert Path("a-fox.mp4").read_bytes() == MOVIE


def test_follow_knows_a_film_by_how_its_id_begins(cloud: FakeCloud, run: Run) -> None:
    film = cloud.add("A fox")

    assert run("follow", film.id[:8], "--no-download").exit_code == 0
    assert list(Path().iterdir()) == []


def test_follow_json_gives_every_event_once_and_in_order(cloud: FakeCloud, run: Run) -> None:
    film = cloud.add("A fox", finished=False)

    result = run("follow", film.id, "--json")

    assert result.exit_code == 0
    assert [json.loads(line) for line in result.stdout.splitlines()] == film.events
    assert list(Path().iterdir()) == []


def test_follow_tells_the_end_of_a_film_whose_log_has_expired(cloud: FakeCloud, run: Run) -> None:
    film = cloud.add("A fox")
    for _ in range(9):
        cloud.plan("GET", "/events", 200, {"events": []})

    result = run("follow", film.id, "--json")

    assert result.exit_code == 0
    (line,) = result.stdout.splitlines()
    assert json.loads(line)["event"] == "job:completed"


def test_follow_of_an_unknown_film_ends_with_5(cloud: FakeCloud, run: Run) -> None:
    result = run("follow", "no-such-film")

    assert result.exit_code == 5
    assert "You have no film no-such-film" in result.stderr


def test_a_cloud_that_goes_away_while_following_ends_with_3_and_says_how_to_go_on(
    cloud: FakeCloud, run: Run
) -> None:
    film = cloud.add("A fox", finished=False)
    for _ in range(5):
        cloud.plan("GET", "/events", 503, problem(503, "UNAVAILABLE", "Not now", "Restarting"))

    result = run("follow", film.id)

    assert result.exit_code == 3
    assert f"reelstep follow {film.id}" in " ".join(result.stderr.split())


def test_short_outages_are_bridged(cloud: FakeCloud, run: Run) -> None:
    film = cloud.add("A fox", finished=False)
    cloud.plan("GET", "/events", 502, "bad gateway")
    cloud.plan("GET", "/events", 429, problem(429, "RATE_LIMITED", "Slow", "…"), Retry_After="0")

    result = run("follow", film.id, "--json")

    assert result.exit_code == 0
    assert [json.loads(line)["seq"] for line in result.stdout.splitlines()] == [
        event["seq"] for event in film.events
    ]


def test_ctrl_c_leaves_the_film_running_and_says_how_to_follow_it(
    cloud: FakeCloud, home: Path
) -> None:
    cloud.step = 0  # a film that never gets on
    process = subprocess.Popen(
        [sys.executable, "-m", "reelstep.cli.main", "generate", "A fox", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "REELSTEP_HOME": str(home)},
    )
    deadline = time.monotonic() + 30
    while not cloud.asked("GET", "/events") and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    stdout, stderr = process.communicate(timeout=30)

    (video_id,) = cloud.films
    assert process.returncode == 130
    assert "The film is still being made" in stderr
    assert f"reelstep follow {video_id}" in " ".join(stderr.split())
    assert f"reelstep cancel {video_id}" in " ".join(stderr.split())
    assert json.loads(stdout)["error"]["exitCode"] == 130
    assert cloud.asked("DELETE", "") == cloud.asked("POST", "/cancel") == []
    assert "Traceback" not in stderr


def test_every_phase_of_the_contract_has_a_line() -> None:
    from reelstep.client.progress import PHASES as SHOWN

    assert tuple(name for name, _ in SHOWN) == PHASES
