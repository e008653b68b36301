"""The client library on the local cloud: a real film, while its connection is cut."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

from reelstep.client import AsyncClient, Client, Deployment, LiveState, Password
from tests.support import films
from tests.support.cable import Cable
from tests.support.local_cloud import PASSWORD, LocalCloud

#: Each of the first connections breaks after the snapshot and one event, so a film that is made
#: faster than it is followed is interrupted as often as a slow one.
BREAKS = (2, 2, 2)


def deployment(cloud: LocalCloud, websocket_url: str) -> Deployment:
    return replace(Deployment.local(cloud.home.folder), websocket_url=websocket_url)


def followed(cloud: LocalCloud, who: Password, film: str, cable: Cable) -> list[Any]:
    """What the blocking client is told, and how it was followed."""
    told: list[dict[str, Any]] = []
    states: list[LiveState] = []
    with Client(deployment(cloud, cable.url), who) as client:
        for event in client.follow(film, on_state=states.append):
            told.append(event.document)
    return [told, states]


async def followed_async(cloud: LocalCloud, who: Password, film: str, cable: Cable) -> list[Any]:
    """The same of the asyncio client."""
    told: list[dict[str, Any]] = []
    states: list[LiveState] = []
    async with AsyncClient(deployment(cloud, cable.url), who) as client:
        async for event in client.follow(film, on_state=states.append):
            told.append(event.document)
    return [told, states]


def test_a_film_is_told_whole_while_the_connection_is_cut(cloud: LocalCloud) -> None:
    user = cloud.new_user("plan-vip-plus")
    who = Password(user.email, PASSWORD)
    url = cloud.description.websocket_url
    assert url
    with Client(deployment(cloud, url), who) as client:
        film = client.generate("A cat on a hill", duration_seconds=10, preview=True).video_id
    with ThreadPoolExecutor(2) as pool, Cable(url, BREAKS) as one, Cable(url, BREAKS) as other:
        blocking = pool.submit(followed, cloud, who, film, one)
        waiting = pool.submit(lambda: asyncio.run(followed_async(cloud, who, film, other)))
        heard = [blocking.result(timeout=300), waiting.result(timeout=300)]
        cables = [one.connections, other.connections]

    logged = [{**body, "videoUrl": 0} for body in films.events(cloud, user, film)]
    for told, states in heard:
        films.assert_told_in_order(told, "job:completed")
        assert [{**body, "videoUrl": 0} for body in told] == logged
        assert (states[0], states[-1]) == (LiveState.CONNECTING, LiveState.ENDED)
        assert states.count(LiveState.LIVE) > 2, "what broke was connected again"
    assert min(cables) > 2


def test_every_route_of_the_client_is_there(cloud: LocalCloud) -> None:
    """Each answer of the real API is read without a complaint."""
    user = cloud.new_user("plan-vip-plus")
    at = Deployment.local(cloud.home.folder)
    with Client(at, Password(user.email, PASSWORD)) as client:
        assert client.health().status
        assert client.queue_status().queued_count >= 0
        account = client.account()
        assert (account.user_id, account.plan) == (user.id, "VIP_PLUS")
        quote = client.quote("A cat", duration_seconds=10)
        assert quote.tokens_cost == 50
        assert client.videos().videos == []
        assert list(client.all_videos(status="COMPLETED")) == []
        assert [len(page.entries) for page in client.ledger_pages()] == [1]
        made = client.put_companion("luna", name="Luna")
        assert [each.id for each in client.companions().companions] == [made.id]
        client.delete_companion("luna")
        submitted = client.generate("A cat", duration_seconds=10)
        assert client.set_favorite(submitted.video_id) is True
        assert client.cancel(submitted.video_id).status == "CANCELLED"
        assert client.wait(submitted.video_id).status == "CANCELLED"
        assert client.previews(submitted.video_id).chunks is not None
        assert client.progress(submitted.video_id).status == "CANCELLED"
        assert client.events(submitted.video_id)[-1].event == "job:cancelled"
        client.delete(submitted.video_id)
    with Client(Deployment(at.api_url)) as stranger:
        assert stranger.studio_url().rstrip("/") == at.studio_url
    with Client(at, at.admin_user) as admin:
        assert admin.person(user.email).user_id == user.id
        before = admin.person(user.id).balance
        assert admin.grant(user.id, 5, reason="test").balance == before + 5
        assert admin.set_plan(user.id, "PREMIUM", reason="test").plan == "PREMIUM"
