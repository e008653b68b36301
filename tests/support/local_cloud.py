"""A private local cloud for tests: own port, own folder, the real template, IAM enforced."""

from __future__ import annotations

import os
import shutil
import socket
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from reelstep.local import cloud, deploy, emulator, function_logs, users
from reelstep.local.description import Account, Description
from reelstep.local.errors import PortTaken
from reelstep.local.launcher import STOP_WITH_VARIABLE
from reelstep.local.paths import ROOT, Home

PASSWORD = "Correct-horse-1!"
#: Tried before a cloud is given up.
_PORTS = 3


@dataclass(frozen=True)
class User:
    """Somebody signed in. `id` is the `sub` of the token."""

    id: str
    email: str
    token: str
    access_token: str


@dataclass(frozen=True)
class LocalCloud:
    """A running local cloud and the ways to talk to it."""

    home: Home
    description: Description
    _session: requests.Session = field(default_factory=requests.Session)

    @property
    def endpoint(self) -> str:
        return self.description.aws_endpoint_url

    @property
    def outputs(self) -> dict[str, str]:
        """The stack's outputs."""
        return deploy.outputs(self.client("cloudformation"))

    def client(self, service: str) -> Any:
        """A boto3 client with the operator's rights."""
        return cloud.client(self.endpoint, service)

    def sign_in(self, account: Account) -> User:
        """Tokens by USER_PASSWORD_AUTH, as the command line gets them."""
        cognito = self.client("cognito-idp")
        tokens = cognito.initiate_auth(
            AuthFlow="USER_PASSWORD_AUTH",
            ClientId=self.description.client_id,
            AuthParameters={"USERNAME": account.email, "PASSWORD": account.password},
        )["AuthenticationResult"]
        attributes = cognito.get_user(AccessToken=tokens["AccessToken"])["UserAttributes"]
        return User(
            id=next(item["Value"] for item in attributes if item["Name"] == "sub"),
            email=account.email,
            token=tokens["IdToken"],
            access_token=tokens["AccessToken"],
        )

    def new_user(self, *groups: str) -> User:
        """Somebody nobody has seen before, in these groups."""
        account = Account(email=f"{uuid.uuid4().hex}@example.org", password=PASSWORD)
        users.ensure(
            self.client("cognito-idp"),
            self.description.user_pool_id,
            account.email,
            account.password,
            groups,
        )
        return self.sign_in(account)

    def demo_user(self) -> User:
        """The account that `up` made."""
        return self.sign_in(self.description.demo_user)

    def http(
        self,
        method: str,
        path: str,
        *,
        token: str | None = None,
        json: Any = None,
        data: str | bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float = 60,
        follow: bool = True,
    ) -> requests.Response:
        """A request to the HTTP API; `token` goes into the Authorization header. `follow` goes on
        to where a redirect points."""
        given = dict(headers or {})
        if token is not None:
            given["Authorization"] = f"Bearer {token}"
        self._session.trust_env = False
        return self._session.request(
            method,
            self.description.api_url + path,
            json=json,
            data=data,
            headers=given,
            timeout=timeout,
            allow_redirects=follow,
        )

    def logs(self, function: str) -> str:
        """What a function has said so far."""
        return "\n".join(function_logs.tail(self.client("logs"), function, limit=2000))


def free_port() -> int:
    """A port that nobody has right now."""
    with socket.socket() as probe:
        probe.bind((emulator.HOST, 0))
        return int(probe.getsockname()[1])


def snapshot(target: Path) -> Path:
    """A copy of what is deployed, so that editing the project does not change a running test."""
    for name in (*deploy.SOURCES, "studio"):
        source = ROOT / name
        if source.is_file():
            target.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target / name)
        else:
            junk = shutil.ignore_patterns("node_modules", "__pycache__")
            shutil.copytree(source, target / name, ignore=junk)
    return target


@contextmanager
def running(
    folder: Path, root: Path = ROOT, context: Mapping[str, Any] | None = None
) -> Iterator[LocalCloud]:
    """Bring a local cloud up in `folder` and take it down afterwards, whatever happens.

    `context` overrides keys of the deploy config. It also ends with this process.
    """
    with stopping(folder):
        yield LocalCloud(Home(folder), _up(folder, root, context))


def _up(folder: Path, root: Path, context: Mapping[str, Any] | None) -> Description:
    """On a port that is free; somebody may take it between the look and the start."""
    for _ in range(_PORTS - 1):
        with suppress(PortTaken):
            return cloud.up(folder=folder, port=free_port(), root=root, context=context)
    return cloud.up(folder=folder, port=free_port(), root=root, context=context)


@contextmanager
def stopping(folder: Path) -> Iterator[None]:
    """Whatever runs in `folder` at the end of the block is stopped."""
    with added_environment({STOP_WITH_VARIABLE: str(os.getpid())}):
        try:
            yield
        finally:
            cloud.down(folder=folder)


@contextmanager
def added_environment(variables: Mapping[str, str]) -> Iterator[None]:
    """These variables, for the block."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
