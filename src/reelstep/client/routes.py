"""The routes of `/api/v1`, as calls that are ready to be made. Pure; both clients use them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any, Literal, TypedDict
from urllib.parse import quote as percent_encoded

from pydantic.alias_generators import to_camel

from reelstep.client import answers
from reelstep.client.effects import Flow, Reply, Tell
from reelstep.client.errors import NotTheApi
from reelstep.client.exchange import Call, Caller, as_a
from reelstep.client.pictures import Picture, upload

VIDEOS = "/api/v1/videos"
MOST_ON_A_PAGE = 100


class SceneWish(TypedDict, total=False):
    """A scene of the caller's own script."""

    description: str
    dialogue: str
    visual_elements: list[str]


class FilmOptions(TypedDict, total=False):
    """What a film may be asked to be, besides its prompt; the API chooses what is left out.

    `duration_seconds` 10-600; `language` is BCP 47; `max_tokens` refuses a film that costs more;
    `metadata` is echoed back; `callback_url` gets the job's end (docs/webhooks.md).
    """

    duration_seconds: int
    quality: Literal["STANDARD", "HD", "ULTRA"]
    visual_style: Literal["REALISTIC", "ANIME", "ARTISTIC", "CINEMATIC"]
    music_style: Literal["UPBEAT", "CALM", "EPIC", "ROMANTIC"]
    include_elements: list[str]
    companion_id: str
    companion_ids: list[str]
    language: str
    aspect_ratio: Literal["16:9", "9:16", "1:1"]
    captions: Literal["BURNED", "SIDECAR", "NONE"]
    transition: str
    voice: str
    preview: bool
    scenes: list[SceneWish]
    max_tokens: int
    callback_url: str
    metadata: dict[str, str]


def film(prompt: str, options: FilmOptions) -> dict[str, Any]:
    """The body of `generate` and `quote`; options that are None are left to the API."""
    body: dict[str, Any] = {"prompt": prompt}
    for name, value in options.items():
        if value is None:
            continue
        if name == "scenes" and isinstance(value, list):
            value = [{to_camel(key): part for key, part in scene.items()} for scene in value]
        # A caller's StrEnum goes out as its value; str() leaves plain text alone.
        body[to_camel(name)] = str(value) if isinstance(value, str) else value
    return body


# -- films -----------------------------------------------------------------------------------------


def generate(body: Mapping[str, Any], idempotency_key: str | None) -> Call[answers.Submission]:
    return Call(
        "POST",
        f"{VIDEOS}/generate",
        as_a(answers.Submission),
        json=body,
        idempotency_key=_key(idempotency_key),
    )


def quote(body: Mapping[str, Any]) -> Call[answers.Quote]:
    return Call("POST", f"{VIDEOS}/quote", as_a(answers.Quote), json=body, safe=True)


def cancel(video_id: str) -> Call[answers.Cancellation]:
    return Call("POST", _video(video_id, "/cancel"), as_a(answers.Cancellation))


def retry(video_id: str, idempotency_key: str | None) -> Call[answers.Submission]:
    return Call(
        "POST",
        _video(video_id, "/retry"),
        as_a(answers.Submission),
        idempotency_key=_key(idempotency_key),
    )


def video(video_id: str) -> Call[answers.Video]:
    return Call("GET", _video(video_id), as_a(answers.Video))


def videos(
    page: int = 0, size: int = 20, status: str | None = None, favorite: bool | None = None
) -> Call[answers.VideoPage]:
    query = {"page": str(page), "size": str(size)}
    if status is not None:
        query["status"] = str(status)
    if favorite is not None:
        query["favorite"] = str(favorite).lower()
    return Call("GET", f"{VIDEOS}/user", as_a(answers.VideoPage), params=query)


def all_videos(caller: Caller, status: str | None, favorite: bool | None) -> Flow[None]:
    """Tells each film once: pages move on when a new film comes in meanwhile."""
    seen: set[str] = set()
    page = 0
    while True:
        answer = yield from caller.call(videos(page, MOST_ON_A_PAGE, status, favorite))
        for each in answer.videos:
            if each.id not in seen:
                seen.add(each.id)
                yield Tell(each)
        if answer.is_last or not answer.videos:
            return
        page += 1


def previews(video_id: str) -> Call[answers.Previews]:
    return Call("GET", _video(video_id, "/previews"), as_a(answers.Previews))


def events(video_id: str, after: int) -> Call[answers.EventLog]:
    query = {"after": str(after)}
    return Call("GET", _video(video_id, "/events"), as_a(answers.EventLog), params=query)


def set_favorite(video_id: str, favorite: bool) -> Call[answers.Favorite]:
    method = "POST" if favorite else "DELETE"
    return Call(method, _video(video_id, "/favorite"), as_a(answers.Favorite))


def delete(video_id: str) -> Call[None]:
    return Call("DELETE", _video(video_id), _nothing)


def queue_status() -> Call[answers.QueueStatus]:
    return Call("GET", f"{VIDEOS}/queue-status", as_a(answers.QueueStatus), signed=False)


def health() -> Call[answers.Health]:
    return Call("GET", "/health", as_a(answers.Health), signed=False)


def studio() -> Call[str]:
    return Call("GET", "/dashboard", _location, signed=False)


# -- the account -----------------------------------------------------------------------------------


def account() -> Call[answers.Account]:
    return Call("GET", "/api/v1/account", as_a(answers.Account))


def ledger(size: int = 20, cursor: str | None = None) -> Call[answers.LedgerPage]:
    query = {"size": str(size)} | ({"cursor": cursor} if cursor else {})
    return Call("GET", "/api/v1/account/ledger", as_a(answers.LedgerPage), params=query)


def ledger_pages(caller: Caller) -> Flow[None]:
    """Tells every page; a cursor that came before would go round for ever."""
    cursor: str | None = None
    seen: set[str] = set()
    while True:
        page = yield from caller.call(ledger(MOST_ON_A_PAGE, cursor))
        yield Tell(page)
        if not page.cursor:
            return
        if page.cursor in seen:
            raise NotTheApi("The ledger does not end", "The API gave the same page again.")
        seen.add(page.cursor)
        cursor = page.cursor


# -- companions ------------------------------------------------------------------------------------


def companions() -> Call[answers.CompanionList]:
    return Call("GET", "/api/v1/companions", as_a(answers.CompanionList))


def companion(companion_id: str) -> Call[answers.Companion]:
    return Call("GET", _companion(companion_id), as_a(answers.Companion))


def put_companion(
    caller: Caller, companion_id: str, name: str, voice: str | None, picture: Picture | None
) -> Flow[answers.Companion]:
    """The picture first: it takes effect with the companion that names its upload."""
    body: dict[str, Any] = {"name": name}
    if voice is not None:
        body["voice"] = voice
    if picture is not None:
        call = avatar_upload(companion_id, picture.content_type, len(picture.data))
        to = yield from caller.call(call)
        yield from upload(picture, to)
        body["avatarUpload"] = to.upload_id
    put = Call("PUT", _companion(companion_id), as_a(answers.Companion), json=body)
    return (yield from caller.call(put))


def delete_companion(companion_id: str) -> Call[None]:
    return Call("DELETE", _companion(companion_id), _nothing)


def avatar_upload(
    companion_id: str, content_type: str, size_bytes: int
) -> Call[answers.AvatarUpload]:
    return Call(
        "POST",
        _companion(companion_id, "/avatar"),
        as_a(answers.AvatarUpload),
        json={"contentType": content_type, "sizeBytes": size_bytes},
        safe=True,
    )


# -- for admins ------------------------------------------------------------------------------------


def person(user: str) -> Call[answers.Person]:
    return Call("GET", _person(user), as_a(answers.Person))


def grant(user: str, tokens: int, reason: str, idempotency_key: str | None) -> Call[answers.Funds]:
    return Call(
        "POST",
        _person(user, "/tokens"),
        as_a(answers.Funds),
        json={"tokens": tokens, "reason": reason},
        idempotency_key=_key(idempotency_key),
    )


def set_plan(user: str, plan: str, reason: str) -> Call[answers.PlanOfUser]:
    body = {"plan": str(plan), "reason": reason}
    return Call("PUT", _person(user, "/plan"), as_a(answers.PlanOfUser), json=body)


def _key(given: str | None) -> str:
    return given or str(uuid.uuid4())


def _nothing(_reply: Reply) -> None:
    """For 204."""


def _location(reply: Reply) -> str:
    if reply.status != 302 or not reply.headers.get("location"):
        raise ValueError("it does not know its studio")
    return reply.headers["location"]


def _video(video_id: str, rest: str = "") -> str:
    return f"{VIDEOS}/{percent_encoded(video_id, safe='')}{rest}"


def _companion(companion_id: str, rest: str = "") -> str:
    return f"/api/v1/companions/{percent_encoded(companion_id, safe='')}{rest}"


def _person(user: str, rest: str = "") -> str:
    return f"/api/v1/admin/users/{percent_encoded(user, safe='@')}{rest}"
