"""`companion list|show|put|delete`, and the pictures that are sent with it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reelstep.client import pictures
from tests.unit.cli.conftest import Run, flat
from tests.unit.cli.fake_cloud import FakeCloud
from tests.unit.cli.fake_people import AT, problem

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40
JPEG = b"\xff\xd8\xff\xe0" + bytes(99)
WEBP = b"RIFF\x24\x00\x00\x00WEBPVP8 " + bytes(99)
DENIED = "<Error><Code>AccessDenied</Code><Message>no</Message></Error>"


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "PAUSE_SECONDS", 0.0)


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (PNG, "luna.png", "image/png"),
        (JPEG, "luna.png", "image/jpeg"),
        (WEBP, "luna", "image/webp"),
    ],
)
def test_a_picture_is_sent_as_what_it_is_and_then_named(
    cloud: FakeCloud, run: Run, data: bytes, name: str, kind: str
) -> None:
    Path(name).write_bytes(data)

    result = run(
        "companion", "put", "luna", "--name", "Luna", "--voice", "female", "--avatar", name
    )

    assert result.exit_code == 0, result.output
    asked, sent, put = [
        each for each in cloud.requests if each[0] in ("POST", "PUT") and "/cognito" not in each[1]
    ]
    assert asked[1] == "/api/v1/companions/luna/avatar"
    assert asked[3] == {"contentType": kind, "sizeBytes": len(data)}
    assert sent[1] == "/store/avatar?signature=s"
    assert sent[3] == data
    assert sent[2]["Content-Type"] == kind
    assert sent[2]["x-amz-meta-owner"] == "u"
    assert "Authorization" not in sent[2], "the token is for the API alone"
    assert put[1] == "/api/v1/companions/luna"
    assert put[3] == {"name": "Luna", "voice": "female", "avatarUpload": "upload-1"}
    said = flat(result.stdout)
    for part in ("Id luna", "Name Luna", "Voice female", "Picture yes", "--companion luna"):
        assert part in said


def test_without_a_picture_nothing_is_uploaded(cloud: FakeCloud, run: Run) -> None:
    document = json.loads(run("companion", "put", "luna", "--name", "Luna", "--json").stdout)

    assert document == cloud.people.companions["luna"]
    assert cloud.asked("POST", "/avatar") == []
    assert cloud.asked("PUT", "/companions")[0][3] == {"name": "Luna"}


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (None, "No such file"),
        (b"", "no PNG, JPEG or WebP"),
        (b"GIF89a" + bytes(50), "no PNG, JPEG or WebP"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no PNG, JPEG or WebP"),
        (b"RIFF\x24\x00\x00\x00WAVEfmt ", "no PNG, JPEG or WebP"),
        (PNG + bytes(5 * 1024 * 1024), "larger than 5 MB"),
    ],
)
def test_a_file_that_is_no_picture_is_refused_before_anything_is_sent(
    cloud: FakeCloud, run: Run, content: bytes | None, why: str
) -> None:
    if content is not None:
        Path("a.png").write_bytes(content)

    result = run("companion", "put", "luna", "--name", "Luna", "--avatar", "a.png")

    assert result.exit_code == 2
    assert "--avatar" in result.stderr
    assert why in flat(result.stderr)
    assert cloud.requests == []


def test_exactly_five_megabytes_are_taken(cloud: FakeCloud, run: Run) -> None:
    Path("a.png").write_bytes(PNG.ljust(5 * 1024 * 1024, b"\0"))

    assert run("companion", "put", "luna", "--name", "L", "--avatar", "a.png").exit_code == 0


def test_a_directory_is_no_picture(cloud: FakeCloud, run: Run) -> None:
    result = run("companion", "put", "luna", "--name", "Luna", "--avatar", ".")

    assert result.exit_code == 2
    assert "is a directory" in result.stderr


@pytest.mark.parametrize("name", ["", "  "])
def test_a_companion_needs_a_name(cloud: FakeCloud, run: Run, name: str) -> None:
    result = run("companion", "put", "luna", "--name", name)

    assert result.exit_code == 2
    assert "--name" in result.stderr
    assert cloud.requests == []


def test_a_refused_upload_changes_no_companion(cloud: FakeCloud, run: Run) -> None:
    Path("a.png").write_bytes(PNG)
    cloud.plan("PUT", "/store/", 403, DENIED)

    result = run("companion", "put", "luna", "--name", "Luna", "--avatar", "a.png")

    assert result.exit_code == 3
    assert "HTTP 403, AccessDenied" in result.stderr
    assert len(cloud.asked("PUT", "/store/")) == 1
    assert cloud.people.companions == {}


def test_an_upload_is_tried_again_while_the_store_is_busy(cloud: FakeCloud, run: Run) -> None:
    Path("a.png").write_bytes(PNG)
    cloud.plan("PUT", "/store/", 503, "<Error><Code>SlowDown</Code></Error>")
    cloud.plan("PUT", "/store/", 500, "")

    result = run("companion", "put", "luna", "--name", "Luna", "--avatar", "a.png")

    assert result.exit_code == 0, result.output
    assert [each[3] for each in cloud.asked("PUT", "/store/")] == [PNG] * 3


def test_an_upload_gives_up_in_the_end(cloud: FakeCloud, run: Run) -> None:
    Path("a.png").write_bytes(PNG)
    for _ in range(9):
        cloud.plan("PUT", "/store/", 503, "<Error><Code>SlowDown</Code></Error>")

    result = run("companion", "put", "luna", "--name", "Luna", "--avatar", "a.png")

    assert result.exit_code == 3
    assert "HTTP 503, SlowDown" in result.stderr
    assert len(cloud.asked("PUT", "/store/")) == 3


def test_fields_that_the_api_refuses_are_named(cloud: FakeCloud, run: Run) -> None:
    errors = [{"field": "voice", "message": "no provider has this voice"}]
    cloud.plan(
        "PUT",
        "/companions",
        422,
        problem(422, "VALIDATION_FAILED", "Not valid", "…", errors=errors),
    )

    result = run("companion", "put", "luna", "--name", "Luna", "--voice", "x")

    assert result.exit_code == 2
    assert "no provider has this voice" in result.stderr


def test_companions_are_listed(cloud: FakeCloud, run: Run) -> None:
    assert "No companions yet" in run("companion", "list").stdout
    run("companion", "put", "luna", "--name", "Luna\x1b[2J", "--voice", "female")
    run("companion", "put", "max", "--name", "Max " * 40)

    result = run("companion", "list")

    lines = result.stdout.splitlines()
    assert lines[0].split() == ["id", "name", "voice", "picture", "changed"]
    assert lines[1].split()[0] == "luna"
    assert "female" in lines[1]
    assert lines[2].split()[0] == "max"
    assert "…" in lines[2]
    assert max(len(line) for line in lines) <= 80
    assert "\x1b" not in result.stdout
    known = json.loads(run("companion", "list", "--json").stdout)
    assert [each["id"] for each in known["companions"]] == ["luna", "max"]


def test_one_is_shown(cloud: FakeCloud, run: Run) -> None:
    run("companion", "put", "luna", "--name", "Luna")

    assert "Picture none" in flat(run("companion", "show", "luna").stdout)
    assert json.loads(run("companion", "show", "luna", "--json").stdout)["createdAt"] == AT


def test_one_is_deleted(cloud: FakeCloud, run: Run) -> None:
    for name in ("luna", "max"):
        run("companion", "put", name, "--name", name)

    assert "Deleted luna" in run("companion", "delete", "luna", "--yes").stdout
    document = json.loads(run("companion", "delete", "max", "--yes", "--json").stdout)
    assert document == {"id": "max", "deleted": True}
    assert cloud.people.companions == {}


def test_deleting_needs_a_yes(cloud: FakeCloud, run: Run) -> None:
    run("companion", "put", "luna", "--name", "Luna")

    result = run("companion", "delete", "luna")

    assert result.exit_code == 2
    assert "--yes" in result.stderr
    assert "luna" in cloud.people.companions


@pytest.mark.parametrize("command", [("show",), ("delete", "--yes")])
def test_an_unknown_companion_ends_with_5(
    cloud: FakeCloud, run: Run, command: tuple[str, ...]
) -> None:
    result = run("companion", command[0], "nobody", *command[1:])

    assert result.exit_code == 5
    assert "reelstep companion list" in result.stderr


def test_an_id_cannot_leave_its_place_in_the_path(cloud: FakeCloud, run: Run) -> None:
    assert run("companion", "show", "../account?x#").exit_code == 5
    assert cloud.asked("GET", "/companions")[0][1].endswith("/companions/..%2Faccount%3Fx%23")
