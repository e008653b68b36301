"""Bring the site bucket to what the page's files say, with as few writes as that takes."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reelstep.studio.files import PageFile

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

#: Written last: it is what the new files are asked for by.
_ENTRY = "index.html"


@dataclass(frozen=True)
class Changes:
    """Names of what was written and of what was removed."""

    written: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.written or self.removed)

    def __str__(self) -> str:
        if not self:
            return "unchanged"
        parts = [f"{len(self.written)} written"] if self.written else []
        return ", ".join([*parts, *([f"{len(self.removed)} removed"] if self.removed else [])])


def publish(
    s3: S3Client, bucket: str, files: Iterable[PageFile], *, everything: bool = False
) -> Changes:
    """Write the files whose content differs, then remove what is not among them.

    `everything` writes also what is there already: its headers may have changed, which an ETag
    does not tell. Raises UnknownKindOfFile before anything is written.
    """
    wanted = {file.name: file for file in files}
    there = _listed(s3, bucket)
    kinds = {name: file.content_type for name, file in wanted.items()}
    changed = sorted(
        (name for name, file in wanted.items() if everything or there.get(name) != file.md5),
        key=lambda name: (name == _ENTRY, name),
    )
    for name in changed:
        s3.put_object(
            Bucket=bucket,
            Key=name,
            Body=wanted[name].body,
            ContentType=kinds[name],
            CacheControl=wanted[name].cache_control,
        )
    gone = sorted(set(there) - set(wanted))
    for name in gone:
        s3.delete_object(Bucket=bucket, Key=name)
    return Changes(tuple(changed), tuple(gone))


def _listed(s3: S3Client, bucket: str) -> dict[str, str]:
    """Key → ETag without its quotes."""
    return {
        item["Key"]: item["ETag"].strip('"')
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket)
        for item in page.get("Contents", [])
    }


def invalidate(cloudfront: Any, distribution_id: str) -> str:
    """Let CloudFront forget what it keeps of the page. Returns the invalidation's id."""
    answer = cloudfront.create_invalidation(
        DistributionId=distribution_id,
        InvalidationBatch={
            "Paths": {"Quantity": 1, "Items": ["/*"]},
            "CallerReference": uuid.uuid4().hex,
        },
    )
    return str(answer["Invalidation"]["Id"])
