"""`up`, `down`, `doctor`, `status`, `demo`: what is shown of the local cloud, and the exit codes.

Starting the cloud itself is tested in tests/local; here it answers at once.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from reelstep.local import cloud as local
from reelstep.local import doctor
from reelstep.local.description import Account, Buckets, Description
from reelstep.local.doctor import Check
from reelstep.local.errors import PortTaken
from reelstep.media.ffmpeg import find_ffmpeg
from tests.unit.cli.conftest import Run, flat
from tests.unit.cli.fake_cloud import FakeCloud, failing_events


def described(url: str) -> Description:
    user = Account(email="demo@reelstep.test", password="correct horse")
    return Description(
        api_url=url,
        user_pool_id="pool",
        client_id="client-1",
        region="us-east-1",
        aws_endpoint_url=f"{url}/cognito",
        table_name="table",
        buckets=Buckets(artifacts="a", media="m", uploads="u"),
        state_machines={"generation": "arn"},
        demo_user=user,
        admin_user=user,
    )


@pytest.fixture
def started(cloud: FakeCloud, monkeypatch: pytest.MonkeyPatch) -> list[int | None]:
    """`reelstep.local.cloud.up` that is up already; gathers the ports it was asked for."""
    ports: list[int | None] = []

    def up(*, port: int | None, reporter: Callable[[local.Progress], None]) -> Description:
        ports.append(port)
        for step, detail in (("emulator", cloud.url), ("template", "unchanged"), ("api", "ok")):
            reporter(local.Progress(step, "started"))
            reporter(local.Progress(step, "done", detail, 1.25))
        return described(cloud.url)

    monkeypatch.setattr(local, "up", up)
    return ports


def test_up_tells_its_steps_with_times_and_where_to_go(
    cloud: FakeCloud, run: Run, started: list[int | None]
) -> None:
    result = run("up", "--port", "4999")

    assert result.exit_code == 0
    assert started == [4999]
    assert "Template: unchanged (1.2 s)" in result.stdout
    text = flat(result.stdout)
    assert f"API {cloud.url}" in text
    assert f"Docs {cloud.url}/docs" in text
    assert "Sign-in demo@reelstep.test" in text
    assert "correct horse" not in result.output


def test_up_as_json_is_the_description(
    cloud: FakeCloud, run: Run, started: list[int | None]
) -> None:
    result = run("up", "--json")

    assert json.loads(result.stdout)["apiUrl"] == cloud.url
    assert "Template: unchanged" in result.stderr


def test_a_cloud_that_cannot_start_says_why_and_what_to_do(
    cloud: FakeCloud, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def up(**_given: object) -> Description:
        raise PortTaken(
            "Port 4566 is in use", hint="Stop that program, or: reelstep up --port 4999"
        )

    monkeypatch.setattr(local, "up", up)

    result = run("up")

    assert result.exit_code == 3
    assert "Port 4566 is in use" in result.stderr
    assert "reelstep up --port 4999" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "stopped", "said"),
    [
        ([], True, "The local cloud is stopped. Its state is kept."),
        ([], False, "The local cloud was not running."),
        (
            ["--wipe", "--yes"],
            True,
            "The local cloud is stopped. Its films, users and state are gone.",
        ),
    ],
)
def test_down_says_what_is_left(
    run: Run, monkeypatch: pytest.MonkeyPatch, arguments: list[str], stopped: bool, said: str
) -> None:
    asked: list[bool] = []
    monkeypatch.setattr(local, "down", lambda *, wipe: asked.append(wipe) or stopped)

    result = run("down", *arguments)

    assert (result.exit_code, flat(result.stdout)) == (0, said)
    assert asked == ["--wipe" in arguments]


def test_a_wipe_that_nobody_can_be_asked_about_is_refused(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local, "down", lambda **_: pytest.fail("it was stopped"))

    result = run("down", "--wipe")

    assert result.exit_code == 2
    assert "Add --yes" in result.stderr


def test_doctor_ends_with_1_and_the_fix_when_something_is_lacking(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    checks = [Check("Python", True, "3.11.7", ""), Check("ffmpeg", False, "none", "Run `make up`.")]
    monkeypatch.setattr(doctor, "run_checks", lambda: checks)

    result = run("doctor", env={"COLUMNS": "80"})

    assert result.exit_code == 1
    assert [line.split() for line in result.stdout.splitlines()] == [
        ["✓", "Python", "3.11.7"],
        ["✗", "ffmpeg", "none"],
        ["Run", "`make", "up`."],
    ]
    document = json.loads(run("doctor", "--json").stdout)
    assert document["ok"] is False
    assert document["checks"][1]["fix"] == "Run `make up`."


def test_doctor_ends_with_0_when_nothing_is_lacking(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "run_checks", lambda: [Check("Python", True, "3.11.7", "")])

    result = run("doctor")

    assert result.exit_code == 0
    assert "Nothing is lacking" in result.stdout


def test_status_of_a_stopped_cloud_ends_with_3(cloud: FakeCloud, run: Run) -> None:
    result = run("status", "--json")

    assert result.exit_code == 3
    assert json.loads(result.stdout)["error"]["code"] == "NotRunning"


def test_status_of_a_deployment_tells_its_queue(
    cloud: FakeCloud, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REELSTEP_API_URL", cloud.url)
    monkeypatch.setenv("REELSTEP_TOKEN", "t")

    assert "2 in the making · 1 waiting" in run("status").stdout
    document = json.loads(run("status", "--json").stdout)
    assert document["queue"]["processingCount"] == 2
    assert document["health"]["status"] == "ok"


def test_the_token_is_printed_alone(cloud: FakeCloud, run: Run) -> None:
    assert run("token").stdout == "token-1\n"


def a_film(folder: Path) -> bytes:
    """One second of a real MP4."""
    out = folder / "source.mp4"
    subprocess.run(
        [
            *(str(find_ffmpeg()), "-loglevel", "error", "-f", "lavfi"),
            *("-i", "testsrc=size=320x180:rate=30:duration=1", "-f", "lavfi"),
            *("-i", "sine=sample_rate=48000:duration=1", "-pix_fmt", "yuv420p", str(out)),
        ],
        check=True,
        capture_output=True,
    )
    return out.read_bytes()


def test_the_demo_makes_a_film_and_tells_what_the_file_is(
    cloud: FakeCloud, run: Run, started: list[int | None], tmp_path: Path
) -> None:
    cloud.movie = a_film(tmp_path)
    Path("out").mkdir()
    Path("out/demo.mp4").write_text("of the last time")

    result = run("demo")

    assert result.exit_code == 0, result.output
    assert Path("out/demo.mp4").read_bytes() == cloud.movie
    ((_, _, _, body),) = cloud.asked("POST", "/generate")
    assert body["durationSeconds"] == 20
    text = flat(result.stdout)
    assert "Picture 320×180 · 30 fps · 30 frames · h264" in text
    assert "48 kHz" in text
    assert "reelstep open out/demo.mp4" in text
    assert f"Docs {cloud.url}/docs" in text
    assert "demo@reelstep.test" in text


def test_the_demo_is_of_this_machine_whatever_the_environment_names(
    cloud: FakeCloud,
    run: Run,
    started: list[int | None],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cloud.movie = a_film(tmp_path)
    monkeypatch.setenv("REELSTEP_API_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("REELSTEP_TOKEN", "of another cloud")

    result = run("demo")

    assert result.exit_code == 0, result.output
    assert len(cloud.asked("POST", "/generate")) == 1


def test_a_demo_that_fails_leaves_the_film_of_the_last_time(
    cloud: FakeCloud, run: Run, started: list[int | None]
) -> None:
    cloud.make_events = failing_events
    Path("out").mkdir()
    Path("out/demo.mp4").write_text("of the last time")

    assert run("demo").exit_code == 1
    assert Path("out/demo.mp4").read_text() == "of the last time"


def test_a_file_that_is_no_film_is_told(
    cloud: FakeCloud, run: Run, started: list[int | None]
) -> None:
    result = run("demo", "--out", "deep/er/film.mp4")

    assert result.exit_code == 1
    assert "The film cannot be read" in result.stderr
