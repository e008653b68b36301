"""The client for blocking programs; `async_client` has the same for asyncio."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
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
from reelstep.client.deployment import Deployment, sign_in_from_environment
from reelstep.client.download import film_to
from reelstep.client.driver import Driver
from reelstep.client.effects import Flow, OnProgress, OnState, OnWait
from reelstep.client.exchange import Call, Caller, Patience, token
from reelstep.client.live import Following
from reelstep.client.pictures import Picture
from reelstep.client.progress import JobProgress, so_far
from reelstep.client.routes import FilmOptions
from reelstep.client.sign_in import SignIn

Result = TypeVar("Result")


class Client:
    """One signed-in user of one deployment: `/api/v1`, a method a route, and its jobs live.

    Without `sign_in` a local cloud's demo user is signed in, and on another deployment only what
    is public can be asked. `language` (BCP 47) is that of texts for people. `on_wait` hears of
    every pause that the API asks for; `sleep` is how those are passed. Threads may share it.

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
        sleep: Callable[[float], None] = time.sleep,
    ):
        """Raises WrongSettings when the description lacks what `sign_in` needs."""
        self.deployment = deployment
        self._caller = Caller(deployment.api_url, language, patience)
        who = sign_in or deployment.demo_user
        at = deployment.cognito_url, deployment.client_id, patience
        self._driver = Driver(
            who.session(*at) if who else None,
            hosts=(deployment.api_url, deployment.cognito_url),
            on_wait=on_wait,
            sleep=sleep,
        )

    @classmethod
    def from_studio(cls, url: str, sign_in: SignIn | None = None, **more: Any) -> Self:
        """A client of the deployment whose studio is at `url`; raises as Deployment's."""
        patience = more.get("patience", Patience())
        return cls(Deployment.from_studio(url, patience), sign_in, **more)

    @classmethod
    def from_environment(cls, **more: Any) -> Self:
        """As REELSTEP_… says: deployment and sign-in; raises as the two of `deployment` do."""
        sign_in = sign_in_from_environment()
        return cls(Deployment.from_environment(), sign_in, **more)

    def token(self) -> str:
        """An ID token that is good for at least another minute, for requests of your own."""
        return self._run(token())

    # -- films -------------------------------------------------------------------------------

    def generate(
        self,
        prompt: str,
        *,
        idempotency_key: str | None = None,
        **options: Unpack[FilmOptions],
    ) -> Submission:
        """Submit a film. A second submit under the same key is the same film; without a key
        each call has its own, so that only the repetitions within it are one film."""
        return self._call(routes.generate(routes.film(prompt, options), idempotency_key))

    def quote(self, prompt: str, **options: Unpack[FilmOptions]) -> Quote:
        """What a film would cost; nothing is made."""
        return self._call(routes.quote(routes.film(prompt, options)))

    def cancel(self, video_id: str) -> Cancellation:
        """Stop a film; what was not spent comes back. ApiProblem 409 when it has ended."""
        return self._call(routes.cancel(video_id))

    def retry(self, video_id: str, *, idempotency_key: str | None = None) -> Submission:
        """A failed film again, from the step that failed."""
        return self._call(routes.retry(video_id, idempotency_key))

    def video(self, video_id: str) -> Video:
        """All that is known of one film; its addresses are good for a limited time."""
        return self._call(routes.video(video_id))

    def videos(
        self,
        *,
        page: int = 0,
        size: int = 20,
        status: str | None = None,
        favorite: bool | None = None,
    ) -> VideoPage:
        """A page of the user's films, newest first; `size` 1-100."""
        return self._call(routes.videos(page, size, status, favorite))

    def all_videos(
        self, *, status: str | None = None, favorite: bool | None = None
    ) -> Iterator[Video]:
        """Every film of the user, newest first, page by page as they are asked for."""
        return self._items(routes.all_videos(self._caller, status, favorite))

    def previews(self, video_id: str) -> Previews:
        """What can be seen of a film so far: its scenes, small pictures, rendered parts."""
        return self._call(routes.previews(video_id))

    def set_favorite(self, video_id: str, favorite: bool = True) -> bool:
        """Returns what it is now."""
        return (self._call(routes.set_favorite(video_id, favorite))).is_favorite

    def delete(self, video_id: str) -> None:
        """Delete a film and its files; one that is being made is stopped."""
        self._call(routes.delete(video_id))

    def queue_status(self) -> QueueStatus:
        """How many wait and run, of everybody. Needs no sign-in."""
        return self._call(routes.queue_status())

    def health(self) -> Health:
        """Whether the API is there. Needs no sign-in."""
        return self._call(routes.health())

    def studio_url(self) -> str:
        """Where people go with a browser. Needs no sign-in."""
        return self.deployment.studio_url or self._call(routes.studio())

    # -- a job as it happens -----------------------------------------------------------------

    def events(self, job_id: str, *, after: int = 0) -> list[Event]:
        """What the log has after seq `after`, in order, up to now; the end of a long one may
        take another call."""
        return (self._call(routes.events(job_id, after))).events

    def follow(
        self, job_id: str, *, after: int = 0, on_state: OnState | None = None
    ) -> Iterator[Event]:
        """Every event after seq `after` as it happens, in order and once, up to the job's last.

        Lost connections are made again and taken up where they broke. `on_state` hears how it
        is being followed.

        Raises:
            ApiProblem: 404 when the user has no such job.
            LostTouch: nothing could be heard for too long; the job itself goes on.
        """
        following = Following(self._caller, self.deployment.websocket_url, job_id, after)
        return self._items(following.run(), on_state)

    def wait(self, job_id: str, *, on_event: Callable[[Event], None] | None = None) -> Video:
        """Follow a film to its end and return it: COMPLETED, FAILED or CANCELLED."""
        for event in self.follow(job_id):
            if on_event:
                on_event(event)
        return self.video(job_id)

    def download(
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
        return self._run(
            film_to(self._caller, video, path, replace=replace, on_progress=on_progress)
        )

    def progress(self, job_id: str) -> JobProgress:
        """A job as its log tells it up to now."""
        return self._run(so_far(self._caller, job_id))

    # -- the account -------------------------------------------------------------------------

    def account(self) -> Account:
        """Plan, its limits, balance."""
        return self._call(routes.account())

    def ledger(self, *, size: int = 20, cursor: str | None = None) -> LedgerPage:
        """Movements of tokens, newest first; `cursor` is that of the page before."""
        return self._call(routes.ledger(size, cursor))

    def ledger_pages(self) -> Iterator[LedgerPage]:
        """All of them, page by page."""
        return self._items(routes.ledger_pages(self._caller))

    # -- companions --------------------------------------------------------------------------

    def companions(self) -> CompanionList:
        """Who may play in the user's films."""
        return self._call(routes.companions())

    def companion(self, companion_id: str) -> Companion:
        """One of them."""
        return self._call(routes.companion(companion_id))

    def put_companion(
        self,
        companion_id: str,
        *,
        name: str,
        voice: str | None = None,
        picture: Picture | None = None,
    ) -> Companion:
        """Create one, or replace its name and voice; without `picture` it keeps its own."""
        return self._run(routes.put_companion(self._caller, companion_id, name, voice, picture))

    def delete_companion(self, companion_id: str) -> None:
        """Films with it stay as they are."""
        self._call(routes.delete_companion(companion_id))

    # -- for admins: to everybody else these addresses do not exist (404) -------------------------

    def person(self, user: str) -> Person:
        """Plan and tokens of somebody; `user` is an id or an e-mail address, here and below."""
        return self._call(routes.person(user))

    def grant(
        self, user: str, tokens: int, *, reason: str, idempotency_key: str | None = None
    ) -> Funds:
        """Add tokens, or take them back: negative."""
        return self._call(routes.grant(user, tokens, reason, idempotency_key))

    def set_plan(self, user: str, plan: str, *, reason: str) -> PlanOfUser:
        """Put somebody on another plan; it counts from the next sign-in on."""
        return self._call(routes.set_plan(user, plan, reason))

    # -- how ---------------------------------------------------------------------------------

    def _call(self, call: Call[Result]) -> Result:
        return self._run(self._caller.call(call))

    def _run(self, flow: Flow[Result]) -> Result:
        return self._driver.run(flow)

    def _items(self, flow: Flow[None], on_state: OnState | None = None) -> Iterator[Any]:
        return self._driver.items(flow, on_state)

    def close(self) -> None:
        """Let go of its connections."""
        self._driver.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
