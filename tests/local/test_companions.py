"""Companions on the local cloud: signed uploads, IAM enforced, a film that keeps its cast."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
import requests
from PIL import Image

from tests.support import films
from tests.support.local_cloud import LocalCloud, User

COMPANIONS = "/api/v1/companions"


def photo() -> bytes:
    exif = Image.Exif()
    exif[0x010F] = "CameraMaker"
    exif.get_ifd(0x8825)[1] = "N"
    out = BytesIO()
    Image.linear_gradient("L").convert("RGB").resize((900, 1200)).save(out, "JPEG", exif=exif)
    return out.getvalue()


def call(cloud: LocalCloud, user: User, method: str, path: str, body: Any = None) -> Any:
    return cloud.http(method, f"{COMPANIONS}{path}", token=user.token, json=body)


def with_avatar(cloud: LocalCloud, user: User, companion: str, data: bytes) -> dict[str, Any]:
    asked = {"contentType": "image/jpeg", "sizeBytes": len(data)}
    upload = call(cloud, user, "POST", f"/{companion}/avatar", asked).json()
    sent = requests.request(
        upload["method"], upload["url"], data=data, headers=upload["headers"], timeout=60
    )
    assert sent.status_code == 200, sent.text
    body = {"name": "Anna", "voice": "female", "avatarUpload": upload["uploadId"]}
    answer = call(cloud, user, "PUT", f"/{companion}", body)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


@pytest.fixture(scope="module")
def user(cloud: LocalCloud) -> User:
    return cloud.new_user("plan-premium")


def test_an_avatar_travels_by_signed_urls_and_comes_back_clean(
    cloud: LocalCloud, user: User
) -> None:
    made = with_avatar(cloud, user, "anna", photo())
    shown = films.download(made["avatarUrl"])
    assert shown.startswith(b"\x89PNG")
    assert b"CameraMaker" not in shown
    assert Image.open(BytesIO(shown)).size == (768, 1024)
    uploads = cloud.client("s3").list_objects_v2(Bucket=cloud.description.buckets.uploads)
    assert not [item for item in uploads.get("Contents", []) if user.id in item["Key"]]
    other = cloud.new_user()
    for method in ("GET", "DELETE"):
        assert call(cloud, other, method, "/anna").status_code == 404
    assert call(cloud, other, "GET", "").json() == {"companions": []}


def test_the_signed_url_takes_one_file_of_that_size_and_kind(cloud: LocalCloud, user: User) -> None:
    asked = {"contentType": "image/png", "sizeBytes": 100}
    upload = call(cloud, user, "POST", "/anna/avatar", asked).json()
    for size, kind in ((101, "image/png"), (100, "text/html")):
        sent = requests.put(
            upload["url"], data=b"x" * size, headers={"Content-Type": kind}, timeout=60
        )
        assert sent.status_code == 403, (size, kind)
    bare = upload["url"].split("?")[0]
    assert requests.put(bare, data=b"x" * 100, timeout=60).status_code == 403


def test_a_film_is_finished_with_a_companion_that_was_deleted_meanwhile(
    cloud: LocalCloud, user: User
) -> None:
    with_avatar(cloud, user, "gone", photo())
    request = {"companionId": "gone", "companionIds": ["luna", "max"], "aspectRatio": "9:16"}
    video_id = films.start(cloud, user, prompt="A walk with my companion", **request)
    assert call(cloud, user, "DELETE", "/gone").status_code == 204
    video = films.completed(cloud, user, video_id)
    assert video["qualityReport"]["passed"]
    assert video["companionId"] == "gone"
    left = cloud.client("s3").list_objects_v2(
        Bucket=cloud.description.buckets.media, Prefix=f"companions/{user.id}/gone/"
    )
    assert left["KeyCount"] == 0
