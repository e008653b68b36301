"""The life of a local cloud: started twice, stopped, killed, upgraded, on a port that is taken."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import stat
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from reelstep.local import cloud as local
from reelstep.local import deploy, description, doctor, emulator, locks
from reelstep.local.checkpoint import Checkpoints
from reelstep.local.cloud import Progress
from reelstep.local.errors import AlreadyRunning, DeployFailed, EmulatorFailed, PortTaken
from reelstep.local.paths import Home
from tests.support.local_cloud import LocalCloud, added_environment, free_port, stopping


@pytest.fixture(scope="module")
def assembly(cloud: LocalCloud) -> Path:
    """The template that the session's cloud has synthesised already."""
    return cloud.home.assembly


Up = Callable[..., tuple[LocalCloud, list[Progress]]]


@pytest.fixture
def up(folder: Path, project: Path) -> Up:
    """`reelstep up` in that folder: the cloud, and the steps that were reported."""

    def up(port: int | None = None) -> tuple[LocalCloud, list[Progress]]:
        steps: list[Progress] = []
        described = local.up(folder=folder, port=port, reporter=steps.append, root=project)
        return LocalCloud(Home(folder), described), steps

    return up


@pytest.fixture
def folder(tmp_path: Path, assembly: Path) -> Iterator[Path]:
    """The folder of another local cloud, with nothing running; stopped at the end."""
    folder = tmp_path / "home"
    shutil.copytree(assembly, Home(folder).assembly)
    with stopping(folder):
        yield folder


def _kill(folder: Path) -> int:
    """End the emulator as a crash would."""
    found = emulator.find(Home(folder))
    assert found
    os.kill(found.pid, signal.SIGKILL)
    os.waitpid(found.pid, 0)
    return found.pid


def _wait_until(true: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)


def test_up_twice_is_harmless_and_down_keeps_everything(folder: Path, up: Up) -> None:
    first, _ = up(free_port())
    before = emulator.find(first.home)
    first.client("s3").put_object(Bucket=first.description.buckets.media, Key="film", Body=b"x")

    again, steps = up()
    assert again.description == first.description
    assert emulator.find(first.home) == before
    assert {step.step: step.detail for step in steps if step.state == "done"}[
        "template"
    ] == "unchanged"

    assert local.down(folder=folder) is True
    assert local.status(folder=folder).running is False
    assert local.down(folder=folder) is False

    # Same port, ids, accounts and films; REELSTEP_PORT not set, none asked for.
    later, _ = up()
    assert later.description == first.description
    assert later.demo_user().token
    bucket = later.description.buckets.media
    assert later.client("s3").get_object(Bucket=bucket, Key="film")["Body"].read() == b"x"


def test_local_json_is_for_its_owner_and_as_designed(folder: Path, up: Up) -> None:
    local_cloud, _ = up(free_port())
    path = local_cloud.home.local_json
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    written = json.loads(path.read_text())
    assert set(written) == {
        *("apiUrl", "websocketUrl", "studioUrl", "userPoolId", "clientId", "region"),
        *("awsEndpointUrl", "tableName", "buckets", "stateMachines", "demoUser", "adminUser"),
    }
    assert set(written["buckets"]) == {"artifacts", "media", "uploads"}
    assert written["demoUser"]["password"] != written["adminUser"]["password"]
    groups = local_cloud.client("cognito-idp").admin_list_groups_for_user(
        UserPoolId=written["userPoolId"], Username=written["demoUser"]["email"]
    )["Groups"]
    assert [group["GroupName"] for group in groups] == ["plan-vip-plus"]
    assert description.read(path) == local_cloud.description


def test_a_killed_emulator_is_recovered_by_up(folder: Path, up: Up) -> None:
    with added_environment({"REELSTEP_CHECKPOINT_SECONDS": "0.3"}):
        before, _ = up(free_port())
    table = before.description.table_name
    item = {"pk": {"S": "JOB#1"}, "sk": {"S": "JOB"}, "note": {"S": "kept"}}
    before.client("dynamodb").put_item(TableName=table, Item=item)
    _wait_until(lambda: _saved(before.home, "dynamodb", "kept"))

    _kill(folder)
    assert emulator.find(before.home) is None
    after, _ = up()
    assert after.description == before.description
    assert (
        after.client("dynamodb").get_item(
            TableName=table, Key={"pk": item["pk"], "sk": item["sk"]}
        )["Item"]
        == item
    )
    assert after.http("GET", "/api/v1/videos/user", token=after.demo_user().token).ok


def _saved(home: Home, service: str, text: str) -> bool:
    newest = Checkpoints(home.checkpoints).newest()
    file = newest / f"{service}.json" if newest else None
    try:
        return bool(file and text in file.read_text(encoding="utf-8"))
    except FileNotFoundError:  # replaced by a newer one meanwhile
        return False


def test_functions_of_a_killed_emulator_end_with_it(folder: Path, up: Up) -> None:
    local_cloud, _ = up(free_port())
    group = emulator.find(local_cloud.home)
    assert group
    assert local_cloud.http("GET", "/health").ok  # a worker of the api function is warm
    assert len(_processes(group.pid)) > 1
    _kill(folder)
    _wait_until(lambda: not _processes(group.pid))


def _processes(group: int) -> list[int]:
    listed = subprocess.run(
        ["ps", "-A", "-o", "pid=,pgid=,stat="], capture_output=True, text=True, check=True
    )
    rows = [line.split() for line in listed.stdout.splitlines()]
    return [int(pid) for pid, pgid, state in rows if int(pgid) == group and state[0] != "Z"]


def test_a_lock_file_left_by_a_dead_emulator_does_not_count(folder: Path, up: Up) -> None:
    home = Home(folder)
    home.make()
    # The number of a process that lives, and is not ours to stop.
    home.running.write_text(json.dumps({"pid": os.getpid(), "port": free_port()}))
    assert emulator.find(home) is None
    assert local.down(folder=folder) is False
    local_cloud, _ = up()
    assert local_cloud.http("GET", "/health").ok


def test_a_taken_port_is_named_with_the_option_that_helps(folder: Path, up: Up) -> None:
    with socket.socket() as other:
        other.bind((emulator.HOST, 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(PortTaken) as raised:
            up(port)
        assert str(port) in raised.value.message
        assert "--port" in raised.value.hint
        assert "REELSTEP_PORT" in raised.value.hint
        with added_environment({"REELSTEP_PORT": str(port)}):
            checks = {check.name: check for check in doctor.run_checks(folder)}
            assert not checks["Port"].ok
            assert str(port) in checks["Port"].found
    up(port)


def test_another_port_while_it_runs_is_refused(folder: Path, up: Up) -> None:
    running, _ = up(free_port())
    with pytest.raises(AlreadyRunning) as raised:
        up(free_port())
    assert "reelstep down" in raised.value.hint
    assert running.http("GET", "/health").ok


def test_wipe_forgets_its_own_and_nothing_else(folder: Path, up: Up) -> None:
    first, _ = up(free_port())
    (folder / "notes.txt").write_text("mine")
    assert local.down(folder=folder, wipe=True) is True
    assert [path.name for path in folder.iterdir()] == ["notes.txt"]
    assert local.status(folder=folder).running is False
    assert first.description.demo_user.password


def test_it_listens_on_loopback_only(cloud: LocalCloud) -> None:
    found = emulator.find(cloud.home)
    assert found
    assert cloud.http("GET", "/health").ok
    listening = _listening(_processes(found.pid))
    assert listening == {f"127.0.0.1:{found.port}"}


def _listening(pids: list[int]) -> set[str]:
    """Addresses on which these processes accept TCP or receive UDP, of either family."""
    sockets = {
        link.readlink().name
        for pid in pids
        for link in Path(f"/proc/{pid}/fd").iterdir()
        if link.is_symlink() and _name(link).startswith("socket:")
    }
    found = set()
    for table, state in (("tcp", "0A"), ("tcp6", "0A"), ("udp", "07"), ("udp6", "07")):
        for row in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            fields = row.split()
            if fields[3] == state and f"socket:[{fields[9]}]" in sockets:
                address, port = fields[1].split(":")
                packed = bytes.fromhex(address)[::-1] if len(address) == 8 else b""
                host = socket.inet_ntoa(packed) if packed else address
                found.add(f"{host}:{int(port, 16)}")
    return found


def _name(link: Path) -> str:
    try:
        return os.readlink(link)
    except FileNotFoundError:
        return ""


def test_new_code_replaces_warm_functions(folder: Path, up: Up) -> None:
    local_cloud, _ = up(free_port())
    functions = local_cloud.client("lambda")
    name = f"reelstep-{deploy.STAGE}-sweep"

    def invoke() -> object:
        return json.load(functions.invoke(FunctionName=name, Payload="{}")["Payload"])

    invoke()
    assembly = local_cloud.home.assembly
    code = _code_asset(assembly)
    changed = code.with_name(code.name + ".changed")
    shutil.copytree(code, changed)
    handler = changed / "functions/sweep/handler.py"
    handler.write_text("def handler(event, context):\n    return 'new code'\n")
    _replace_asset(assembly, code.name, changed.name)

    clients = deploy.Clients(
        *(local_cloud.client(service) for service in ("cloudformation", "s3", "ssm"))
    )
    bucket = deploy.bootstrap(clients)
    template = deploy.upload(clients, assembly, bucket)
    deploy.apply(clients, f"{local_cloud.endpoint}/{bucket}/{template}")
    assert invoke() == "new code"


def _code_asset(assembly: Path) -> Path:
    (handler,) = assembly.glob("asset.*/functions/sweep/handler.py")
    return handler.parents[2]


def _replace_asset(assembly: Path, old: str, new: str) -> None:
    """Give the code another key in the template, and the template another key in the manifest."""
    key = old.removeprefix("asset.")
    other = key[::-1]
    template = assembly / f"{deploy.STACK}.template.json"
    template.write_text(template.read_text().replace(key, other))
    manifest = assembly / f"{deploy.STACK}.assets.json"
    text = (
        manifest.read_text().replace(f'"{old}"', f'"{new}"').replace(f"{key}.zip", f"{other}.zip")
    )
    listed = json.loads(text)
    for asset in listed["files"].values():
        if asset["source"]["path"] == template.name:
            for destination in asset["destinations"].values():
                destination["objectKey"] = "changed.json"
    manifest.write_text(json.dumps(listed))


def test_a_stack_that_fails_says_why(folder: Path, up: Up) -> None:
    template = Home(folder).assembly / f"{deploy.STACK}.template.json"
    broken = json.loads(template.read_text())
    broken["Resources"]["Broken"] = {
        "Type": "AWS::SSM::Parameter",
        "Properties": {"Type": "Nonsense", "Value": "x"},
    }
    template.write_text(json.dumps(broken))
    with pytest.raises(DeployFailed) as raised:
        up(free_port())
    assert "Broken: " in (raised.value.detail or "")
    assert "Nonsense" in (raised.value.detail or "")


def test_an_emulator_that_cannot_start_shows_its_log(
    folder: Path, up: Up, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(folder / "elsewhere"))
    elsewhere = folder / "elsewhere" / "hypercorn"
    elsewhere.mkdir(parents=True)
    (elsewhere / "__init__.py").write_text("raise RuntimeError('this hypercorn is broken')")
    with pytest.raises(EmulatorFailed) as raised:
        up(free_port())
    assert "this hypercorn is broken" in (raised.value.detail or "")
    assert not locks.is_held(Home(folder).running)
