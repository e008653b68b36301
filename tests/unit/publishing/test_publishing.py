"""The site bucket after publishing: as few writes as it takes, nothing left of before."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from reelstep.studio.errors import UnknownKindOfFile
from reelstep.studio.files import PageFile
from reelstep.studio.publishing import invalidate, publish

BUCKET = "site"
PAGE = [
    PageFile("index.html", b"<p>"),
    PageFile("js/main.js", b"1"),
    PageFile("fonts/a.woff2", b"a"),
    PageFile("styles/base.css", b"b"),
]


@pytest.fixture
def s3(environment: None) -> Iterator[Any]:
    with mock_aws():
        client = boto3.client("s3")
        client.create_bucket(Bucket=BUCKET)
        yield client


def test_the_first_time_everything_is_written_and_the_page_last(s3: Any) -> None:
    written: list[str] = []
    s3.meta.events.register(
        "before-parameter-build.s3.PutObject",
        lambda params, **_: written.append(params["Key"]),
    )
    changes = publish(s3, BUCKET, PAGE)
    assert set(changes.written) == {file.name for file in PAGE}
    assert changes.removed == ()
    assert written[-1] == "index.html"
    for file in PAGE:
        there = s3.get_object(Bucket=BUCKET, Key=file.name)
        assert there["Body"].read() == file.body
        assert there["ContentType"] == file.content_type
        assert there["CacheControl"] == file.cache_control


def test_the_second_time_nothing_is_written(s3: Any) -> None:
    publish(s3, BUCKET, PAGE)
    changes = publish(s3, BUCKET, PAGE)
    assert not changes
    assert str(changes) == "unchanged"


def test_what_has_changed_is_written_and_what_is_gone_is_removed(s3: Any) -> None:
    publish(s3, BUCKET, PAGE)
    changes = publish(s3, BUCKET, [PAGE[0], PageFile("js/main.js", b"2"), PAGE[2]])
    assert changes.written == ("js/main.js",)
    assert changes.removed == ("styles/base.css",)
    assert str(changes) == "1 written, 1 removed"
    kept = {item["Key"] for item in s3.list_objects_v2(Bucket=BUCKET)["Contents"]}
    assert kept == {"index.html", "js/main.js", "fonts/a.woff2"}
    assert s3.get_object(Bucket=BUCKET, Key="js/main.js")["Body"].read() == b"2"


def test_everything_writes_also_what_has_not_changed(s3: Any) -> None:
    publish(s3, BUCKET, PAGE)
    assert len(publish(s3, BUCKET, PAGE, everything=True).written) == len(PAGE)


def test_a_page_of_more_files_than_one_listing_shows_is_unchanged_too(s3: Any) -> None:
    many = [PageFile(f"js/{number}.js", b"x") for number in range(1_005)]
    for file in many:
        s3.put_object(Bucket=BUCKET, Key=file.name, Body=file.body)
    assert not publish(s3, BUCKET, many)


def test_a_file_of_no_known_kind_stops_it_before_anything_is_written(s3: Any) -> None:
    with pytest.raises(UnknownKindOfFile):
        publish(s3, BUCKET, [*PAGE, PageFile("notes.odt", b"")])
    assert "Contents" not in s3.list_objects_v2(Bucket=BUCKET)


def test_the_whole_distribution_is_told_to_forget() -> None:
    class CloudFront:
        def create_invalidation(self, **asked: Any) -> dict[str, Any]:
            assert asked["DistributionId"] == "E1"
            assert asked["InvalidationBatch"]["Paths"] == {"Quantity": 1, "Items": ["/*"]}
            assert asked["InvalidationBatch"]["CallerReference"]
            return {"Invalidation": {"Id": "I1"}}

    assert invalidate(CloudFront(), "E1") == "I1"
