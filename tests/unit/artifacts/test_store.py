"""The content-addressed store: made once, found ever after."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlparse

import pytest
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st

from reelstep.artifacts import keys
from reelstep.artifacts.store import ArtifactStore
from reelstep.platform.errors import ArtifactMissing

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(), json_values, max_size=5))
def test_a_fingerprint_does_not_depend_on_the_order_of_keys(inputs: dict) -> None:
    backwards = dict(reversed(list(inputs.items())))
    assert keys.fingerprint(inputs) == keys.fingerprint(backwards)


def test_kinds_with_equal_inputs_have_different_keys() -> None:
    one, other = (keys.content_key(kind, {"a": 1}, ".png") for kind in ("picture", "companion"))
    assert one.split("/")[-1] != other.split("/")[-1]
    assert one.startswith("picture/")
    assert one.endswith(".png")


def test_what_is_there_stays(cloud: Any) -> None:
    cloud.artifacts.put_once("k.json", b"first")
    cloud.artifacts.put_once("k.json", b"second")
    assert cloud.artifacts.read("k.json") == b"first"
    cloud.artifacts.put("k.json", b"third")
    assert cloud.artifacts.read("k.json") == b"third"


def test_two_that_cross_are_asked_again(cloud: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """S3 answers 409 while it has not decided; the step failed, and its film with it."""
    put, crossings = ArtifactStore._put, iter(range(2))

    def crossed(self: ArtifactStore, *given: Any, **more: Any) -> None:
        for _ in crossings:
            code = {"Code": "ConditionalRequestConflict", "Message": ""}
            raise ClientError({"Error": code}, "PutObject")
        put(self, *given, **more)

    monkeypatch.setattr(ArtifactStore, "_put", crossed)
    cloud.artifacts.put_once("a/key", b"bytes")
    assert cloud.artifacts.read("a/key") == b"bytes"


def test_making_happens_once(cloud: Any) -> None:
    calls = []

    def make() -> bytes:
        calls.append(1)
        return b"made"

    assert cloud.artifacts.make_once("k.wav", make)
    assert not cloud.artifacts.make_once("k.wav", make)
    assert calls == [1]
    assert cloud.artifacts.read("k.wav") == b"made"


def test_files_go_up_and_come_down_whole(cloud: Any, tmp_path: Path) -> None:
    up, down = tmp_path / "up.mp4", tmp_path / "down.mp4"
    up.write_bytes(bytes(range(256)) * 5000)
    cloud.artifacts.put_once("film.mp4", up)
    cloud.artifacts.download("film.mp4", down)
    assert down.read_bytes() == up.read_bytes()
    head = cloud.artifacts.client.head_object(Bucket=cloud.artifacts.bucket, Key="film.mp4")
    assert head["ContentType"] == "video/mp4"


def test_a_missing_artifact_is_named_to_us_and_not_to_clients(cloud: Any, tmp_path: Path) -> None:
    for read in (
        lambda: cloud.artifacts.read("gone.png"),
        lambda: cloud.artifacts.download("gone.png", tmp_path / "x"),
    ):
        with pytest.raises(ArtifactMissing) as caught:
            read()
        assert "gone.png" in (caught.value.detail or "")
        assert "gone.png" not in str(caught.value)
    assert not cloud.artifacts.exists("gone.png")


def test_delete_takes_a_prefix_and_nothing_else(cloud: Any) -> None:
    for key in ("films/a/1", "films/a/2", "films/ab/1"):
        cloud.media.put(key, b"x")
    assert cloud.media.delete_prefix(keys.film_prefix("a")) == 2
    assert cloud.media.exists("films/ab/1")


def test_a_signed_url_names_its_object_and_how_long_it_lasts(cloud: Any) -> None:
    url = urlparse(cloud.media.signed_url("films/a/film.mp4", 600, filename="my film.mp4"))
    query = parse_qs(url.query)
    assert url.path.endswith("/films/a/film.mp4")
    assert query["X-Amz-Expires"] == ["600"]
    assert query["response-content-disposition"] == ['attachment; filename="my film.mp4"']
