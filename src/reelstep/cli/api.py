"""A typed client of `/api/v1`: one method a route.

Raised throughout: `ApiProblem`, `Unreachable`, `NotRunning`, `NotSignedIn`; `transport` says what
is sent again after which answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self
from urllib.parse import quote as percent_encoded

from reelstep.cli.answers import (
    Account,
    AvatarUpload,
    Cancellation,
    Companion,
    CompanionList,
    Event,
    EventLog,
    Funds,
    LedgerPage,
    Person,
    PlanOfUser,
    QueueStatus,
    Quote,
    Submission,
    Video,
    VideoPage,
)
from reelstep.cli.connection import discover
from reelstep.cli.transport import Transport, Wait


class Api(Transport):
    """The routes of system "generation" and of accounts, for one signed-in user."""

    @classmethod
    def discovered(cls, *, as_admin: bool = False) -> Self:
        """A client of whatever `connection.discover` finds; it tells the user of long pauses."""
        return cls(discover(as_admin=as_admin), on_wait=_tell)

    # -- films -------------------------------------------------------------------------------

    def generate(self, body: Mapping[str, Any], *, idempotency_key: str) -> Submission:
        """Submit a film. The key makes a second submit of the same the same film."""
        return self.call(
            Submission,
            "POST",
            "/api/v1/videos/generate",
            json=dict(body),
            idempotency_key=idempotency_key,
        )

    def quote(self, body: Mapping[str, Any]) -> Quote:
        """What a film would cost; `body` as of `generate`."""
        return self.call(Quote, "POST", "/api/v1/videos/quote", json=dict(body), safe=True)

    def cancel(self, video_id: str) -> Cancellation:
        return self.call(Cancellation, "POST", _video(video_id, "/cancel"))

    def retry(self, video_id: str, *, idempotency_key: str) -> Submission:
        return self.call(
            Submission, "POST", _video(video_id, "/retry"), idempotency_key=idempotency_key
        )

    def video(self, video_id: str) -> Video:
        return self.call(Video, "GET", _video(video_id))

    def videos(
        self,
        *,
        page: int = 0,
        size: int = 20,
        status: str | None = None,
        favorite: bool | None = None,
    ) -> VideoPage:
        """The user's films, newest first; `size` 1-100."""
        query: dict[str, str] = {"page": str(page), "size": str(size)}
        if status is not None:
            query["status"] = status
        if favorite is not None:
            query["favorite"] = str(favorite).lower()
        return self.call(VideoPage, "GET", "/api/v1/videos/user", params=query)

    def events(self, video_id: str, *, after: int = 0) -> list[Event]:
        """What happened after seq `after`, in order."""
        log = self.call(EventLog, "GET", _video(video_id, "/events"), params={"after": str(after)})
        return log.events

    def set_favorite(self, video_id: str, favorite: bool) -> bool:
        """Returns what it is now."""
        answer = self.send("POST" if favorite else "DELETE", _video(video_id, "/favorite"))
        return bool(self.body(answer).get("isFavorite", favorite))

    def delete(self, video_id: str) -> None:
        self.send("DELETE", _video(video_id))

    def queue_status(self) -> QueueStatus:
        return self.call(QueueStatus, "GET", "/api/v1/videos/queue-status", signed=False)

    def health(self) -> dict[str, Any]:
        return self.body(self.send("GET", "/health", signed=False))

    # -- the account -------------------------------------------------------------------------

    def account(self) -> Account:
        return self.call(Account, "GET", "/api/v1/account")

    def ledger(self, *, size: int = 20, cursor: str | None = None) -> LedgerPage:
        """Movements of tokens, newest first; `cursor` is that of the page before."""
        query = {"size": str(size)} | ({"cursor": cursor} if cursor else {})
        return self.call(LedgerPage, "GET", "/api/v1/account/ledger", params=query)

    # -- companions --------------------------------------------------------------------------

    def companions(self) -> CompanionList:
        return self.call(CompanionList, "GET", "/api/v1/companions")

    def companion(self, companion_id: str) -> Companion:
        return self.call(Companion, "GET", _companion(companion_id))

    def put_companion(self, companion_id: str, body: Mapping[str, Any]) -> Companion:
        return self.call(Companion, "PUT", _companion(companion_id), json=dict(body))

    def delete_companion(self, companion_id: str) -> None:
        self.send("DELETE", _companion(companion_id))

    def avatar_upload(
        self, companion_id: str, *, content_type: str, size_bytes: int
    ) -> AvatarUpload:
        """Where to put a picture of that type and size; one that is never used expires."""
        return self.call(
            AvatarUpload,
            "POST",
            _companion(companion_id, "/avatar"),
            json={"contentType": content_type, "sizeBytes": size_bytes},
            safe=True,
        )

    # -- for admins: to everybody else these addresses do not exist (404) -------------------------

    def person(self, user: str) -> Person:
        """`user` is an id or an e-mail address, here and below."""
        return self.call(Person, "GET", _person(user))

    def grant(self, user: str, tokens: int, *, reason: str, idempotency_key: str) -> Funds:
        """Add tokens, or take them back: negative."""
        return self.call(
            Funds,
            "POST",
            _person(user, "/tokens"),
            json={"tokens": tokens, "reason": reason},
            idempotency_key=idempotency_key,
        )

    def set_plan(self, user: str, plan: str, *, reason: str) -> PlanOfUser:
        return self.call(
            PlanOfUser, "PUT", _person(user, "/plan"), json={"plan": plan, "reason": reason}
        )


def _video(video_id: str, rest: str = "") -> str:
    return f"/api/v1/videos/{percent_encoded(video_id, safe='')}{rest}"


def _companion(companion_id: str, rest: str = "") -> str:
    return f"/api/v1/companions/{percent_encoded(companion_id, safe='')}{rest}"


def _person(user: str, rest: str = "") -> str:
    return f"/api/v1/admin/users/{percent_encoded(user, safe='@')}{rest}"


def _tell(wait: Wait) -> None:
    """A long pause is announced, on stderr: nobody should wonder whether the command hangs."""
    from rich.text import Text

    from reelstep.cli.terminal import clean, console_for, seconds_text

    line = f"{clean(wait.why)}; trying again in {seconds_text(wait.seconds)}"
    console_for(stderr=True).print(
        Text(f"{line} ({wait.attempt} of {wait.attempts})", "warn"), soft_wrap=True
    )
