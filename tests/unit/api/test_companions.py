"""Companions: their routes, their avatars, and what a film is told of them; on moto."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import boto3
import pytest
from PIL import Image

from functions.api.caller import companions_of
from reelstep.accounts import companions as rows
from reelstep.pipelines.companions import MOST_AVATAR_BYTES, Companions
from tests.support.api import Answer, Call
from tests.unit.conftest import MEDIA, UPLOADS

BASE = "/api/v1/companions"
LUNA = {"name": "Luna", "voice": "female"}


def image(colour: str = "red", kind: str = "PNG", **options: Any) -> bytes:
    out = BytesIO()
    Image.new("RGB", (200, 200), colour).save(out, kind, **options)
    return out.getvalue()


def keys_of(bucket: str) -> list[str]:
    listed = boto3.client("s3").list_objects_v2(Bucket=bucket)
    return [item["Key"] for item in listed.get("Contents", [])]


def upload(call: Call, companion: str, data: bytes, *, user: str = "user-1") -> str:
    """As a client does it: ask where to, and put the file there."""
    asked = {"contentType": "image/png", "sizeBytes": min(max(1, len(data)), MOST_AVATAR_BYTES)}
    answer = call("POST", f"{BASE}/{companion}/avatar", asked, user=user)
    assert answer.status == 201, answer.body
    _, bucket, key = unquote(urlsplit(answer.body["url"]).path).split("/", 2)
    boto3.client("s3").put_object(Bucket=bucket, Key=key, Body=data)
    return str(answer.body["uploadId"])


def with_avatar(call: Call, companion: str, data: bytes, **more: Any) -> Answer:
    body = {**LUNA, "avatarUpload": upload(call, companion, data), **more}
    return call("PUT", f"{BASE}/{companion}", body)


def of_user(user: str = "user-1", voice_provider: str = "offline") -> Companions:
    """As the routes make it, for a film of this user."""
    claims = {"sub": user, "token_use": "id"}
    context = SimpleNamespace(authorizer=SimpleNamespace(jwt_claim=claims))
    app: Any = SimpleNamespace(
        current_event=SimpleNamespace(request_context=context), context={"locale": "en"}
    )
    return replace(companions_of(app), voice_provider=voice_provider)


def refused(answer: Answer, status: int, code: str, field: str) -> str:
    """Problem+json that names the field; what it says of it."""
    assert (answer.status, answer.body["code"]) == (status, code), answer.body
    assert answer.headers["Content-Type"] == "application/problem+json"
    if code == "VALIDATION_FAILED":
        (error,) = answer.body["errors"]
        assert error["field"] == field
        return str(error["message"])
    assert answer.body["field"] == field
    return str(answer.body["detail"])


# -- making, looking, deleting ---------------------------------------------------------------------


def test_a_companion_is_made_changed_listed_and_deleted(call: Call) -> None:
    made = call("PUT", f"{BASE}/luna", LUNA)
    assert made.status == 200
    assert made.body == {
        "id": "luna",
        "name": "Luna",
        "voice": "female",
        "avatarUrl": None,
        "createdAt": made.body["createdAt"],
        "updatedAt": made.body["createdAt"],
    }
    assert call("GET", f"{BASE}/luna").body == made.body
    changed = call("PUT", f"{BASE}/luna", {"name": "  Луна 🌙 "}).body
    assert (changed["name"], changed["voice"]) == ("Луна 🌙", None)
    assert changed["createdAt"] == made.body["createdAt"]
    call("PUT", f"{BASE}/Max_2", {"name": "Max"})
    listed = call("GET", BASE).body["companions"]
    assert [one["id"] for one in listed] == ["luna", "Max_2"]
    assert call("DELETE", f"{BASE}/luna").status == 204
    assert call("GET", f"{BASE}/luna").status == 404
    assert call("DELETE", f"{BASE}/luna").status == 404
    assert [one["id"] for one in call("GET", BASE).body["companions"]] == ["Max_2"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": ""}, "name"),
        ({"name": " \u200b "}, "name"),
        ({"name": "x" * 61}, "name"),
        ({"name": 7}, "name"),
        ({"name": "Luna", "voice": "robot"}, "voice"),
        ({"name": "Luna", "voice": "a b"}, "voice"),
        ({"name": "Luna", "avatarUpload": "../../other"}, "avatarUpload"),
        ({"name": "Luna", "avatarUpload": "unknown"}, "avatarUpload"),
        ({"name": "Luna", "avatarUrl": "http://example.org/x.png"}, "avatarUrl"),
        ({"name": "Luna", "id": "other"}, "id"),
    ],
)
def test_what_is_wrong_with_a_companion_is_named(
    call: Call, body: dict[str, Any], field: str
) -> None:
    refused(call("PUT", f"{BASE}/luna", body), 422, "VALIDATION_FAILED", field)
    assert call("GET", f"{BASE}/luna").status == 404


@pytest.mark.parametrize("companion", ["a%20b", "x" * 65, "a.b", "%C3%A9"])
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "POST"])
def test_an_id_is_letters_digits_dashes(call: Call, companion: str, method: str) -> None:
    path = f"{BASE}/{companion}" + ("/avatar" if method == "POST" else "")
    body = {"PUT": LUNA, "POST": {"contentType": "image/png", "sizeBytes": 9}}.get(method)
    answer = call(method, path, body)
    assert answer.status == 422
    assert "letters, digits" in answer.body["errors"][0]["message"]


def test_everybody_has_companions_of_their_own(call: Call) -> None:
    with_avatar(call, "luna", image())
    for method, body in (("GET", None), ("DELETE", None)):
        assert call(method, f"{BASE}/luna", body, user="user-2").status == 404
    assert call("GET", BASE, user="user-2").body == {"companions": []}
    assert call("PUT", f"{BASE}/luna", {"name": "Mine"}, user="user-2").body["avatarUrl"] is None
    assert call("GET", f"{BASE}/luna").body["name"] == "Luna"
    assert call("DELETE", f"{BASE}/luna", user="user-2").status == 204
    assert len(keys_of(MEDIA)) == 1


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_nobody_gets_in_without_a_token(call: Call, method: str) -> None:
    body = LUNA if method == "PUT" else None
    assert call(method, f"{BASE}/luna", body, user=None).status == 401
    assert call(method, f"{BASE}/luna", body, token_use="access").status == 401


def test_fifty_is_enough(call: Call) -> None:
    for number in range(rows.MOST_COMPANIONS):
        of_user("many").rows.put(f"c{number}", name="x", voice=None, avatar=None, now=f"{number}")
    over = call("PUT", f"{BASE}/one-more", LUNA, user="many", language="fr")
    assert (over.status, over.body["code"]) == (409, "CONFLICT")
    assert "supprimez-en un" in over.body["detail"]
    assert call("PUT", f"{BASE}/c7", {"name": "Still"}, user="many").status == 200
    assert call("DELETE", f"{BASE}/c7", user="many").status == 204
    assert call("PUT", f"{BASE}/one-more", LUNA, user="many").status == 200
    assert len(call("GET", BASE, user="many").body["companions"]) == 50


# -- avatars ---------------------------------------------------------------------------------------


def test_an_upload_is_signed_for_its_type_and_size(call: Call) -> None:
    asked = {"contentType": "image/webp", "sizeBytes": 4321}
    answer = call("POST", f"{BASE}/luna/avatar", asked)
    assert answer.status == 201
    assert set(answer.body) == {"uploadId", "url", "method", "headers", "expiresAt"}
    assert answer.body["method"] == "PUT"
    assert answer.body["headers"] == {"Content-Type": "image/webp", "Content-Length": "4321"}
    url = urlsplit(answer.body["url"])
    query = parse_qs(url.query)
    assert set(query["X-Amz-SignedHeaders"][0].split(";")) >= {"content-length", "content-type"}
    assert int(query["X-Amz-Expires"][0]) == 900
    assert url.path == f"/{UPLOADS}/avatars/user-1/luna/{answer.body['uploadId']}"


@pytest.mark.parametrize(
    ("asked", "status", "code", "field"),
    [
        ({"contentType": "image/gif", "sizeBytes": 9}, 415, "UNSUPPORTED_MEDIA", "contentType"),
        ({"contentType": "", "sizeBytes": 9}, 415, "UNSUPPORTED_MEDIA", "contentType"),
        (
            {"contentType": "image/png", "sizeBytes": MOST_AVATAR_BYTES + 1},
            *(413, "TOO_LARGE", "sizeBytes"),
        ),
        ({"contentType": "image/png", "sizeBytes": 0}, 422, "VALIDATION_FAILED", "sizeBytes"),
        ({"contentType": "image/png", "sizeBytes": "9"}, 422, "VALIDATION_FAILED", "sizeBytes"),
        ({"contentType": "image/png"}, 422, "VALIDATION_FAILED", "sizeBytes"),
        ({"sizeBytes": 9}, 422, "VALIDATION_FAILED", "contentType"),
    ],
)
def test_what_cannot_be_an_avatar_is_refused_before_it_is_sent(
    call: Call, asked: dict[str, Any], status: int, code: str, field: str
) -> None:
    refused(call("POST", f"{BASE}/luna/avatar", asked), status, code, field)


def test_an_avatar_is_kept_as_a_clean_png_and_its_upload_is_gone(call: Call) -> None:
    exif = Image.Exif()
    exif[0x010F] = "CameraMaker"
    answer = with_avatar(call, "luna", image(kind="JPEG", exif=exif))
    assert answer.status == 200, answer.body
    (key,) = keys_of(MEDIA)
    assert key.startswith("companions/user-1/luna/")
    assert unquote(urlsplit(answer.body["avatarUrl"]).path) == f"/{MEDIA}/{key}"
    assert "X-Amz-Signature" in answer.body["avatarUrl"]
    stored = boto3.client("s3").get_object(Bucket=MEDIA, Key=key)
    body = stored["Body"].read()
    assert stored["ContentType"] == "image/png"
    assert body.startswith(b"\x89PNG")
    assert b"CameraMaker" not in body
    assert keys_of(UPLOADS) == []


def test_a_new_avatar_replaces_the_old_one_and_a_new_name_does_not(call: Call) -> None:
    with_avatar(call, "luna", image("red"))
    (first,) = keys_of(MEDIA)
    renamed = call("PUT", f"{BASE}/luna", {"name": "Moon"})
    assert first in unquote(renamed.body["avatarUrl"])
    with_avatar(call, "luna", image("blue"))
    (second,) = keys_of(MEDIA)
    assert first != second


def test_the_same_picture_sent_anew_is_not_deleted_with_the_old_one(call: Call) -> None:
    with_avatar(call, "luna", image("red"))
    answer = with_avatar(call, "luna", image("red"))
    (key,) = keys_of(MEDIA)
    assert key in unquote(answer.body["avatarUrl"])


def test_a_put_whose_answer_was_lost_can_be_sent_again(call: Call) -> None:
    body = {**LUNA, "avatarUpload": upload(call, "luna", image())}
    first, second = (call("PUT", f"{BASE}/luna", body) for _ in range(2))
    assert (first.status, second.status) == (200, 200)
    assert len(keys_of(MEDIA)) == 1
    with_avatar(call, "luna", image("blue"))
    refused(call("PUT", f"{BASE}/luna", body), 422, "VALIDATION_FAILED", "avatarUpload")


def test_an_upload_is_its_users_and_its_companions(call: Call) -> None:
    sent = upload(call, "luna", image())
    body = {**LUNA, "avatarUpload": sent}
    for companion, user in (("luna", "user-2"), ("max", "user-1")):
        answer = call("PUT", f"{BASE}/{companion}", body, user=user, language="fr")
        said = refused(answer, 422, "VALIDATION_FAILED", "avatarUpload")
        assert "nouveau" in said
    assert call("PUT", f"{BASE}/luna", body).status == 200


def test_a_file_over_five_megabytes_is_refused_whatever_was_signed(call: Call) -> None:
    answer = with_avatar(call, "luna", image() + b"\x00" * MOST_AVATAR_BYTES)
    assert "5 MB" in refused(answer, 413, "TOO_LARGE", "avatarUpload")
    padded = image()
    padded += b"\x00" * (MOST_AVATAR_BYTES - len(padded))
    assert with_avatar(call, "luna", padded).status == 200
    assert refused(with_avatar(call, "luna", padded + b"\x00"), 413, "TOO_LARGE", "avatarUpload")


@pytest.mark.parametrize(
    ("data", "status", "code"),
    [
        (b"", 415, "UNSUPPORTED_MEDIA"),
        (b"GIF89a" + b"\x00" * 90, 415, "UNSUPPORTED_MEDIA"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", 415, "UNSUPPORTED_MEDIA"),
        (image()[:200], 422, "VALIDATION_FAILED"),
    ],
    ids=["empty", "gif", "svg", "truncated"],
)
def test_what_is_no_picture_leaves_the_companion_as_it_was(
    call: Call, data: bytes, status: int, code: str
) -> None:
    before = with_avatar(call, "luna", image()).body
    refused(with_avatar(call, "luna", data, name="Changed"), status, code, "avatarUpload")
    after = call("GET", f"{BASE}/luna").body
    assert (after["name"], after["updatedAt"]) == (before["name"], before["updatedAt"])
    assert len(keys_of(MEDIA)) == 1


def test_over_the_limit_no_file_is_left_behind(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "MOST_COMPANIONS", 1)
    call("PUT", f"{BASE}/first", LUNA)
    assert with_avatar(call, "second", image()).status == 409
    assert keys_of(MEDIA) == []


def test_deleting_takes_the_avatar_and_waiting_uploads_and_nobody_elses(call: Call) -> None:
    with_avatar(call, "luna", image())
    with_avatar(call, "luna2", image("blue"))
    upload(call, "luna", image())
    assert call("DELETE", f"{BASE}/luna").status == 204
    assert [key.split("/")[2] for key in keys_of(MEDIA)] == ["luna2"]
    assert keys_of(UPLOADS) == []


# -- what a film is told ---------------------------------------------------------------------------


def test_a_film_keeps_what_its_companions_were_at_its_start(call: Call, cloud: Any) -> None:
    with_avatar(call, "luna", image("red"))
    call("PUT", f"{BASE}/max", {"name": "Max"})
    luna, unknown, quiet = of_user().resolve(["luna", "nobody", "max"])
    assert (luna.id, luna.name, luna.voice) == ("luna", "Luna", "female")
    assert (unknown.id, unknown.name, unknown.voice, unknown.avatar) == ("nobody", *[None] * 3)
    assert (quiet.name, quiet.voice, quiet.avatar) == ("Max", None, None)
    assert luna.avatar
    first = cloud.artifacts.read(luna.avatar)
    assert first == cloud.media.read(keys_of(MEDIA)[0])
    with_avatar(call, "luna", image("blue"))
    call("DELETE", f"{BASE}/luna")
    assert cloud.artifacts.read(luna.avatar) == first
    assert of_user().resolve(["luna"])[0].avatar is None


def test_equal_avatars_have_one_copy_and_others_another(call: Call) -> None:
    with_avatar(call, "a", image("red"))
    with_avatar(call, "b", image("red"))
    with_avatar(call, "c", image("blue"))
    a, b, c = (one.avatar for one in of_user().resolve(["a", "b", "c"]))
    assert a == b != c


def test_companions_of_others_are_drawn_and_not_shown(call: Call) -> None:
    with_avatar(call, "luna", image())
    (found,) = of_user("user-2").resolve(["luna"])
    assert found.model_dump() == {"id": "luna", "name": None, "voice": None, "avatar": None}


def test_a_voice_that_is_no_longer_offered_is_left_out(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    call("PUT", f"{BASE}/luna", LUNA)
    row = of_user().rows
    row.put("luna", name="Luna", voice="somebody-elses", avatar=None, now="2026-01-01T00:00:00Z")
    assert of_user().resolve(["luna"])[0].voice is None
    assert of_user(voice_provider="unlisted").resolve(["luna"])[0].voice == "somebody-elses"


def test_an_avatar_that_is_gone_is_drawn(call: Call) -> None:
    with_avatar(call, "luna", image())
    boto3.client("s3").delete_object(Bucket=MEDIA, Key=keys_of(MEDIA)[0])
    assert of_user().resolve(["luna"])[0].avatar is None
