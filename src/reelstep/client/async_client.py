"""The client for asyncio; `client` has the same for blocking programs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar, Unpack

from reelstep.client import routes
from reelstep.client.answers import (
    Account,
    Cancellation,
    Companion,
    CompanionList,
    Event,
    Funds,
    Health,
    LedgerPage,
    Person,
    PlanOfUser,
    Previews,
    QueueStatus,
    Quote,
    Submission,
    Video,
    VideoPage,
)
from reelstep.client.async_driver import AsyncDriver
from reelstep.client.deployment import Deployment, sign_in_from_environment
from reelstep.client.download import film_to
from reelstep.client.effects import Flow, OnProgress, OnState, OnWait
from reelstep.client.exchange import Call, Caller, Patience, token
from reelstep.client.live import Following
from reelstep.client.pictures import Picture
from reelstep.client.progress import JobProgress, so_far
from reelstep.client.routes import FilmOptions
from reelstep.client.sign_in import SignIn

Result = TypeVar("Result")


class AsyncClient:
    """One signed-in user of one deployment: `/api/v1`, a method a route, and its jobs live.

    Without `sign_in` a local cloud's demo user is signed in, and on another deployment only what
    is public can be asked. `language` (BCP 47) is that of texts for people. `on_wait` hears of
    every pause that the API asks for; `sleep` is how those are passed. It belongs to one
    event loop.

    Raised throughout: ApiProblem, Unreachable, NotTheApi, NotSignedIn. `exchange` says what is
    sent again after which answers.
    """

    def __init__(
        self,
        deployment: Deployment,
        sign_in: SignIn | None = None,
        *,
        language: str = "en",
        patience: Patience = Patience(),  # noqa: B008  frozen
        on_wait: OnWait | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ):
        """Raises WrongSettings when the description lacks what `sign_in` needs."""
        self.deployment = deployment
        self._caller = Caller(deployment.api_url, language, patience)
        who = sign_in or deployment.demo_user
        at = deployment.cognito_url, deployment.client_id, patience
        self._driver = AsyncDriver(
            who.session(*at) if who else None,
            hosts=(deployment.api_url, deployment.cognito_url),
            on_wait=on_wait,
            sleep=sleep,
        )

    @classmethod
    async def from_studio(cls, url: str, sign_in: SignIn | None = None, **more: Any) -> Self:
        """A client of the deployment whose studio is at `url`; raises as Deployment's."""
        async with AsyncDriver(hosts=(url,)) as driver:
            patience = more.get("patience", Patience())
            deployment = await driver.run(Deployment.studio_flow(url, patience))
        return cls(deployment, sign_in, **more)

    @classmethod
    async def from_environment(cls, **more: Any) -> Self:
        """As REELSTEP_… says: deployment and sign-in; raises as the two of `deployment` do."""
        sign_in = sign_in_from_environment()
        deployment = await asyncio.to_thread(Deployment.from_environment)
        return cls(deployment, sign_in, **more)

    async def token(self) -> str:
        """An ID token that is good for at least another minute, for requests of your own."""
        return await self._run(token())

    # -- films -------------------------------------------------------------------------------

    async def generate(
        self,
        prompt: str,
        *,
        idempotency_key: str | None = None,
        **options: Unpack[FilmOptions],
    ) -> Submission:
        """Submit a film. A second submit under the same key is the same film; without a key
        each call has its own, so that only the repetitions within it are one film."""
        return await self._call(routes.generate(routes.film(prompt, options), idempotency_key))

    async def quote(self, prompt: str, **options: Unpack[FilmOptions]) -> Quote:
        """What a film would cost; nothing is made."""
        return await self._call(routes.quote(routes.film(prompt, options)))

    async def cancel(self, video_id: str) -> Cancellation:
        """Stop a film; what was not spent comes back. ApiProblem 409 when it has ended."""
        return await self._call(routes.cancel(video_id))

    async def retry(self, video_id: str, *, idempotency_key: str | None = None) -> Submission:
        """A failed film again, from the step that failed."""
        return await self._call(routes.retry(video_id, idempotency_key))

    async def video(self, video_id: str) -> Video:
        """All that is known of one film; its addresses are good for a limited time."""
        return await self._call(routes.video(video_id))

    async def videos(
        self,
        *,
        page: int = 0,
        size: int = 20,
        status: str | None = None,
        favorite: bool | None = None,
    ) -> VideoPage:
        """A page of the user's films, newest first; `size` 1-100."""
        return await self._call(routes.videos(page, size, status, favorite))

    def all_videos(
        self, *, status: str | None = None, favorite: bool | None = None
    ) -> AsyncIterator[Video]:
        """Every film of the user, newest first, page by page as they are asked for."""
        return self._items(routes.all_videos(self._caller, status, favorite))

    async def previews(self, video_id: str) -> Previews:
        """What can be seen of a film so far: its scenes, small pictures, rendered parts."""
        return await self._call(routes.previews(video_id))

    async def set_favorite(self, video_id: str, favorite: bool = True) -> bool:
        """Returns what it is now."""
        return (await self._call(routes.set_favorite(video_id, favorite))).is_favorite

    async def delete(self, video_id: str) -> None:
        """Delete a film and its files; one that is being made is stopped."""
        await self._call(routes.delete(video_id))

    async def queue_status(self) -> QueueStatus:
        """How many wait and run, of everybody. Needs no sign-in."""
        return await self._call(routes.queue_status())

    async def health(self) -> Health:
        """Whether the API is there. Needs no sign-in."""
        return await self._call(routes.health())

    async def studio_url(self) -> str:
        """Where people go with a browser. Needs no sign-in."""
        return self.deployment.studio_url or await self._call(routes.studio())

    # -- a job as it happens -----------------------------------------------------------------

    async def events(self, job_id: str, *, after: int = 0) -> list[Event]:
        """What the log has after seq `after`, in order, up to now; the end of a long one may
        take another call."""
        return (await self._call(routes.events(job_id, after))).events

    def follow(
        self, job_id: str, *, after: int = 0, on_state: OnState | None = None
    ) -> AsyncIterator[Event]:
        """Every event after seq `after` as it happens, in order and once, up to the job's last.

        Lost connections are made again and taken up where they broke. `on_state` hears how it
        is being followed.

        Raises:
            ApiProblem: 404 when the user has no such job.
            LostTouch: nothing could be heard for too long; the job itself goes on.
        """
        following = Following(self._caller, self.deployment.websocket_url, job_id, after)
        return self._items(following.run(), on_state)

    async def wait(self, job_id: str, *, on_event: Callable[[Event], None] | None = None) -> Video:
        """Follow a film to its end and return it: COMPLETED, FAILED or CANCELLED."""
        async for event in self.follow(job_id):
            if on_event:
                on_event(event)
        return await self.video(job_id)

    async def download(
        self,
        video: Video | str,
        path: Path | str,
        *,
        replace: bool = False,
        on_progress: OnProgress | None = None,
    ) -> Path:
        """Fetch a finished film (or the one with that id) whole, resuming where a line drops.

        `path` is a file, or a directory that gets `<id>.mp4`. What is there is never replaced
        without `replace`: the film takes a free name beside it. Returns where it is.

        Raises:
            DownloadFailed: it could not be had whole; nothing is left of it.
        """
        return await self._run(
            film_to(self._caller, video, path, replace=replace, on_progress=on_progress)
        )

    async def progress(self, job_id: str) -> JobProgress:
        """A job as its log tells it up to now."""
        return await self._run(so_far(self._caller, job_id))

    # -- the account -------------------------------------------------------------------------

    async def account(self) -> Account:
        """Plan, its limits, balance."""
        return await self._call(routes.account())

    async def ledger(self, *, size: int = 20, cursor: str | None = None) -> LedgerPage:
        """Movements of tokens, newest first; `cursor` is that of the page before."""
        return await self._call(routes.ledger(size, cursor))

    def ledger_pages(self) -> AsyncIterator[LedgerPage]:
        """All of them, page by page."""
        return self._items(routes.ledger_pages(self._caller))

    # -- companions --------------------------------------------------------------------------

    async def companions(self) -> CompanionList:
        """Who may play in the user's films."""
        return await self._call(routes.companions())

    async def companion(self, companion_id: str) -> Companion:
        """One of them."""
        return await self._call(routes.companion(companion_id))

    async def put_companion(
        self,
        companion_id: str,
        *,
        name: str,
        voice: str | None = None,
        picture: Picture | None = None,
    ) -> Companion:
        """Create one, or replace its name and voice; without `picture` it keeps its own."""
        return await self._run(
            routes.put_companion(self._caller, companion_id, name, voice, picture)
        )

    async def delete_companion(self, companion_id: str) -> None:
        """Films with it stay as they are."""
        await self._call(routes.delete_companion(companion_id))

    # -- for admins: to everybody else these addresses do not exist (404) -------------------------

    async def person(self, user: str) -> Person:
        """Plan and tokens of somebody; `user` is an id or an e-mail address, here and below."""
        return await self._call(routes.person(user))

    async def grant(
        self, user: str, tokens: int, *, reason: str, idempotency_key: str | None = None
    ) -> Funds:
        """Add tokens, or take them back: negative."""
        return await self._call(routes.grant(user, tokens, reason, idempotency_key))

    async def set_plan(self, user: str, plan: str, *, reason: str) -> PlanOfUser:
        """Put somebody on another plan; it counts from the next sign-in on."""
        return await self._call(routes.set_plan(user, plan, reason))

    # -- how ---------------------------------------------------------------------------------

    async def _call(self, call: Call[Result]) -> Result:
        return await self._run(self._caller.call(call))

    async def _run(self, flow: Flow[Result]) -> Result:
        return await self._driver.run(flow)

    def _items(self, flow: Flow[None], on_state: OnState | None = None) -> AsyncIterator[Any]:
        return self._driver.items(flow, on_state)

    async def close(self) -> None:
        """Let go of its connections."""
        await self._driver.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()
