"""A fake cloud and both clients: every test of `both` runs with blocking calls and with asyncio."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from reelstep.client import (
    AsyncClient,
    Client,
    Deployment,
    LiveState,
    Password,
    Patience,
    SignIn,
    Token,
    Wait,
)
from tests.unit.cli.fake_cloud import FakeCloud, start
from tests.unit.client.live_server import LiveServer, serving

#: So short that a test never waits for long, so long that nothing is late by accident.
QUICK = Patience(
    first_pause=0.005,
    longest_pause=0.05,
    lost_after=30.0,
    poll_every=0.02,
    quiet_for=0.2,
    ping_after=20.0,
    answer_within=10.0,
    longest_reconnect_pause=0.05,
)


@dataclass
class Both:
    """One of the two clients, asked in the same words. `naps` are the pauses it took."""

    kind: str
    runner: asyncio.Runner
    client: Any = None
    naps: list[float] = field(default_factory=list)
    waits: list[Wait] = field(default_factory=list)
    states: list[LiveState] = field(default_factory=list)

    def open(self, deployment: Deployment, sign_in: SignIn | None = None, **options: Any) -> None:
        kind: Any = Client if self.kind == "sync" else AsyncClient
        given = {"patience": QUICK, "on_wait": self.waits.append, "sleep": self.sleep()}
        self.client = kind(deployment, sign_in, **{**given, **options})

    def sleep(self) -> Callable[[float], Any]:
        """Notes the seconds; long ones are over at once."""
        import time

        def blocking(seconds: float) -> None:
            self.naps.append(seconds)
            time.sleep(min(seconds, 0.05))

        async def waiting(seconds: float) -> None:
            self.naps.append(seconds)
            await asyncio.sleep(min(seconds, 0.05))

        return blocking if self.kind == "sync" else waiting

    def call(self, name: str, /, *arguments: Any, **named: Any) -> Any:
        answer = getattr(self.client, name)(*arguments, **named)
        return answer if self.kind == "sync" else self.runner.run(self._await(answer))

    def items(
        self, name: str, /, *arguments: Any, most: int | None = None, **named: Any
    ) -> list[Any]:
        """What an iterator gives, up to `most`; then it is closed."""
        iterator = getattr(self.client, name)(*arguments, **named)
        if self.kind == "async":
            return self.runner.run(self._collect(iterator, most))
        found = []
        for item in iterator:
            found.append(item)
            if len(found) == most:
                break
        iterator.close()
        return found

    def follow(self, job_id: str, **named: Any) -> list[dict[str, Any]]:
        """The documents of all events; `states` has how it went."""
        told = self.items("follow", job_id, on_state=self.states.append, **named)
        return [event.document for event in told]

    @staticmethod
    async def _await(answer: Any) -> Any:
        return await answer

    @staticmethod
    async def _collect(iterator: Any, most: int | None) -> list[Any]:
        found = []
        async for item in iterator:
            found.append(item)
            if len(found) == most:
                break
        await iterator.aclose()
        return found


@pytest.fixture(params=["sync", "async"])
def both(request: pytest.FixtureRequest) -> Iterator[Both]:
    with asyncio.Runner() as runner:
        made = Both(request.param, runner)
        yield made
        if made.client is not None:
            made.call("close")


@pytest.fixture
def cloud() -> Iterator[FakeCloud]:
    fake = FakeCloud()
    server = start(fake)
    fake.good_tokens.add("good")
    yield fake
    server.shutdown()
    server.server_close()


@pytest.fixture
def rest(cloud: FakeCloud, both: Both) -> Both:
    """A client with a token, of a deployment that has no WebSocket."""
    both.open(Deployment(cloud.url), Token("good"))
    return both


@pytest.fixture
def signed_in(cloud: FakeCloud, both: Both) -> Both:
    """A client with a password."""
    both.open(deployment_of(cloud), Password("me@reelstep.test", "correct horse"))
    return both


def deployment_of(cloud: FakeCloud, websocket_url: str = "") -> Deployment:
    return Deployment(
        cloud.url,
        websocket_url,
        client_id="client-1",
        cognito_url=f"{cloud.url}/cognito",
    )


@pytest.fixture
def live(cloud: FakeCloud) -> Iterator[LiveServer]:
    """A finished film, told over a WebSocket; over REST all at once."""
    film = cloud.add("A fox")
    with serving(cloud, film) as server:
        yield server


@pytest.fixture
def follower(cloud: FakeCloud, live: LiveServer, both: Both) -> Both:
    """A client with a password that can follow `live`."""
    both.open(deployment_of(cloud, live.url), Password("me@reelstep.test", "correct horse"))
    return both
