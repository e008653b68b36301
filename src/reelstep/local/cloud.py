"""`up`, `down` and `status` of the local cloud, for the command line and for tests.

description = cloud.up(reporter=print)
cloud.status().api_answers
cloud.down(wipe=True)
"""

from __future__ import annotations

import json
import os
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from reelstep.local import deploy, description, emulator, locks, studio_edge, users
from reelstep.local.description import Account, Buckets, Description
from reelstep.local.errors import AlreadyRunning, LocalCloudError
from reelstep.local.paths import ROOT, STUDIO_FONTS, Home, home
from reelstep.studio import publishing
from reelstep.studio.errors import NothingToPublish, UnknownKindOfFile
from reelstep.studio.files import Addresses, page_files
from reelstep.wallet.ledger import Ledger

#: The event of the five-minute schedule: after a start, lost executions resume at once.
SWEEP_EVENT = {"source": "aws.events", "detail-type": "Scheduled Event", "detail": {}}


@dataclass(frozen=True)
class Progress:
    """One step of `up`: `emulator`, `template`, `stack`, `studio`, `users`, `api`.

    `detail` is for people; `seconds` is how long the step took, 0 when it has just started.
    """

    step: str
    state: Literal["started", "done"]
    detail: str = ""
    seconds: float = 0.0


Reporter = Callable[[Progress], None]


@dataclass(frozen=True)
class Status:
    """What is known of a local cloud without changing anything."""

    home: Path
    running: bool
    pid: int | None = None
    url: str | None = None
    stack: str = ""
    api_url: str | None = None
    api_answers: bool = False
    running_executions: int = 0


def up(
    *,
    port: int | None = None,
    folder: Path | None = None,
    context: Mapping[str, Any] | None = None,
    reporter: Reporter = lambda _progress: None,
    root: Path = ROOT,
) -> Description:
    """Start the emulator if it is not running, deploy what changed, and say where things are.

    Harmless when everything is up already. `port` defaults to REELSTEP_PORT, then to the port of
    the last time, then to 4566; `context` overrides single keys of the deploy config.

    Raises PortTaken, AlreadyRunning, EmulatorFailed, SynthesisFailed or DeployFailed; each is a
    LocalCloudError with a `hint`.
    """
    at = Home(folder or home())
    at.make()
    step = _Steps(reporter)
    with locks.waiting_for(at.changing):
        with step("emulator") as say:
            running = _running(at, port)
            say(f"{running.url}, process {running.pid}")
        with step("template") as say:
            settings = {
                "stage": deploy.STAGE,
                "render_concurrency": _render_concurrency(),
                **(context or {}),
            }
            say("synthesised" if deploy.synthesise(at, settings, root) else "unchanged")
        with step("stack") as say:
            clients = _clients(running)
            bucket = deploy.bootstrap(clients)
            template = deploy.upload(clients, at.assembly, bucket)
            outputs = deploy.apply(clients, f"{running.url}/{bucket}/{template}")
            say(deploy.STACK)
        described = _describe(at, running, outputs)
        with step("studio") as say:
            say(str(_publish(described, running, outputs, root)))
        with step("users") as say:
            cognito = client(running.url, "cognito-idp")
            ledger = Ledger(client(running.url, "dynamodb"), described.table_name)
            for name, account in _accounts(described).items():
                groups = users.ACCOUNTS[name][1]
                user_id = users.ensure(
                    cognito, described.user_pool_id, account.email, account.password, groups
                )
                # In place of the welcome grant, so that it is given once.
                ledger.open(user_id, users.TOKENS)
            description.write(at.local_json, described)
            running.checkpoint()
            say(described.demo_user.email)
        with step("api") as say:
            _resume(running, outputs["SweepFunction"])
            _check_api(described, at)
            say(described.api_url)
    return described


def down(*, wipe: bool = False, folder: Path | None = None) -> bool:
    """Stop the local cloud; `wipe` also forgets all it holds. False when it was not running."""
    at = Home(folder or home())
    if not at.folder.is_dir():
        return False
    with locks.waiting_for(at.changing):
        stopped = emulator.stop(at)
        if wipe:
            at.forget()
    if wipe and not any(at.folder.iterdir()):
        at.folder.rmdir()
    return stopped


def status(*, folder: Path | None = None) -> Status:
    """Look at the local cloud of a folder."""
    at = Home(folder or home())
    running = emulator.find(at)
    if running is None or not running.answers(at):
        return Status(at.folder, running=False, pid=running.pid if running else None)
    described = description.read(at.local_json)
    executions = 0
    if described:
        states = client(running.url, "stepfunctions")
        for arn in described.state_machines.values():
            page = states.list_executions(stateMachineArn=arn, statusFilter="RUNNING")
            executions += len(page["executions"])
    return Status(
        at.folder,
        running=True,
        pid=running.pid,
        url=running.url,
        stack=deploy.status(client(running.url, "cloudformation")),
        api_url=described.api_url if described else None,
        api_answers=bool(described and _get(f"{described.api_url}/health")[0] == 200),
        running_executions=executions,
    )


def client(url: str, service: Any) -> Any:
    """A boto3 client of the emulator's operator, whatever the machine's AWS settings are."""
    import boto3
    from botocore.config import Config

    return boto3.client(
        service,
        endpoint_url=url,
        region_name=deploy.REGION,
        aws_access_key_id="test",
        aws_secret_access_key="test",  # noqa: S106  the emulator's own root key, on loopback only
        config=Config(proxies={}, retries={"mode": "standard"}),
    )


def _running(at: Home, port: int | None) -> emulator.Emulator:
    """The emulator of this folder, started now if need be."""
    try:
        wanted = port or emulator.required_port(os.environ)
    except ValueError as error:
        raise LocalCloudError(
            f"{emulator.PORT_VARIABLE} is not a port", hint="Use a number from 1 to 65535."
        ) from error
    found = emulator.find(at)
    if found is not None and wanted is not None and found.port != wanted:
        raise AlreadyRunning(
            f"The local cloud runs on port {found.port} already",
            hint="Run `reelstep down` first, then `reelstep up` with the other port.",
        )
    if found is not None:
        if found.answers(at, timeout=10.0) and found.is_current():
            return found
        # It hangs, or an upgrade has replaced its code. Its state is kept.
        emulator.stop(at)
    return emulator.start(at, emulator.chosen_port(at, os.environ, wanted), os.environ)


def _render_concurrency() -> int:
    from reelstep.local.machine import cores

    return min(40, cores())


def _clients(running: emulator.Emulator) -> deploy.Clients:
    return deploy.Clients(
        cloudformation=client(running.url, "cloudformation"),
        s3=client(running.url, "s3"),
        ssm=client(running.url, "ssm"),
    )


def _describe(at: Home, running: emulator.Emulator, outputs: Mapping[str, str]) -> Description:
    before = description.read(at.local_json)
    accounts = {
        name: _accounts(before)[name]
        if before
        else Account(email=email, password=users.new_password())
        for name, (email, _groups) in users.ACCOUNTS.items()
    }
    return Description(
        # The stack's own output names a host that does not resolve everywhere.
        api_url=f"{running.url}/_aws/execute-api/{outputs['ApiId']}",
        websocket_url=(
            f"{running.url.replace('http', 'ws', 1)}/_aws/execute-api/{outputs['WebSocketApiId']}"
            f"/{outputs['WebSocketUrl'].rpartition('/')[2]}"
        ),
        studio_url=f"{running.url}{studio_edge.PATH}/",
        user_pool_id=outputs["UserPoolId"],
        client_id=outputs["ClientId"],
        region=deploy.REGION,
        aws_endpoint_url=running.url,
        table_name=outputs["TableName"],
        buckets=Buckets(
            artifacts=outputs["ArtifactsBucket"],
            media=outputs["MediaBucket"],
            uploads=outputs["UploadsBucket"],
        ),
        state_machines={"generation": outputs["GenerationStateMachineArn"]},
        demo_user=accounts["demoUser"],
        admin_user=accounts["adminUser"],
    )


def _publish(
    described: Description, running: emulator.Emulator, outputs: Mapping[str, str], root: Path
) -> publishing.Changes:
    addresses = Addresses(
        stage=outputs["Stage"],
        region=described.region,
        api_url=described.api_url,
        websocket_url=described.websocket_url or "",
        user_pool_id=described.user_pool_id,
        client_id=described.client_id,
        cognito_url=described.aws_endpoint_url,
    )
    try:
        files = [*page_files(root / "studio", STUDIO_FONTS), addresses.config()]
        return publishing.publish(client(running.url, "s3"), outputs["SiteBucket"], files)
    except (NothingToPublish, UnknownKindOfFile) as error:
        raise LocalCloudError(error.message, hint="The rest of the cloud is deployed.") from error


def _accounts(described: Description) -> dict[str, Account]:
    return {"demoUser": described.demo_user, "adminUser": described.admin_user}


def _resume(running: emulator.Emulator, function: str) -> None:
    client(running.url, "lambda").invoke(
        FunctionName=function, InvocationType="Event", Payload=json.dumps(SWEEP_EVENT)
    )


def _check_api(described: Description, at: Home) -> None:
    code, body = _get(f"{described.api_url}/health")
    if code != 200:
        raise LocalCloudError(
            f"The API is deployed and answers {code or 'nothing'}",
            hint=f"The emulator's log is {at.log}.",
            detail=body[:2000],
        )


def _get(url: str) -> tuple[int, str]:
    """Status and body, or 0 and the reason. Proxies are not asked for loopback addresses."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=30) as response:
            return response.status, response.read().decode("utf-8", "replace")
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode("utf-8", "replace")
    except OSError as error:
        return 0, str(error)


class _Steps:
    """Tells the reporter when a step starts and what came of it."""

    def __init__(self, reporter: Reporter):
        self._report = reporter

    @contextmanager
    def __call__(self, step: str) -> Iterator[Callable[[str], None]]:
        detail = ""

        def say(text: str) -> None:
            nonlocal detail
            detail = text

        started = time.monotonic()
        self._report(Progress(step, "started"))
        yield say
        self._report(Progress(step, "done", detail, time.monotonic() - started))
