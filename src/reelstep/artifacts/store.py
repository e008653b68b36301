"""The content-addressed store: a costly result is made once and found ever after.

Writes use `If-None-Match: *`, so of two steps that race to make the same thing one wins and both
go on with the same bytes. Source: S3 conditional writes (412 when the key exists).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from reelstep.platform.errors import ArtifactMissing
from reelstep.platform.observability import logger

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

# boto3's transfer manager cannot send If-None-Match, so bodies go up in one PUT (5 GiB at most).
_EXISTS = {"PreconditionFailed", "412"}
# Two were written at the same moment and S3 has not decided yet: it wants to be asked again.
_CROSSED, _PUT_TRIES = "ConditionalRequestConflict", 5
_MISSING = {"NoSuchKey", "404", "NotFound"}

CONTENT_TYPES = {
    ".json": "application/json",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".wav": "audio/wav",
    ".m4a": "audio/mp4",
    ".mp4": "video/mp4",
    ".vtt": "text/vtt; charset=utf-8",
    ".srt": "application/x-subrip; charset=utf-8",
}


def content_type(key: str) -> str:
    return CONTENT_TYPES.get(Path(key).suffix, "application/octet-stream")


@dataclass(frozen=True)
class ArtifactStore:
    """Objects of one bucket. Keys come from `artifacts.keys`."""

    client: S3Client
    bucket: str

    def exists(self, key: str) -> bool:
        return self.stored_at(key) is not None

    def stored_at(self, key: str) -> datetime | None:
        """When the object was written; None when there is none."""
        try:
            return self.client.head_object(Bucket=self.bucket, Key=key)["LastModified"]
        except ClientError as error:
            if error.response["Error"]["Code"] in _MISSING:
                return None
            raise

    def put_once(
        self, key: str, body: bytes | Path, *, metadata: Mapping[str, str] | None = None
    ) -> None:
        """Store; when the key is there already, keep what is there.

        Either is logged: what is made again though it was there shows up as `stored: false`.
        """
        for left in reversed(range(_PUT_TRIES)):
            try:
                self._put(key, body, metadata, IfNoneMatch="*")
                stored = True
            except ClientError as error:
                code = error.response["Error"]["Code"]
                if code == _CROSSED and left:
                    continue
                if code not in _EXISTS:
                    raise
                stored = False
            break
        logger.info("artifact", key=key, stored=stored)

    def put(self, key: str, body: bytes | Path) -> None:
        """Store, replacing what is there: for a job's own files, which a retry writes again."""
        self._put(key, body, None)

    def _put(
        self, key: str, body: bytes | Path, metadata: Mapping[str, str] | None, **extra: Any
    ) -> None:
        arguments = {
            "Bucket": self.bucket,
            "Key": key,
            "ContentType": content_type(key),
            "Metadata": dict(metadata or {}),
            **extra,
        }
        if isinstance(body, Path):
            with body.open("rb") as file:
                self.client.put_object(Body=file, **arguments)
        else:
            self.client.put_object(Body=body, **arguments)

    def read(self, key: str) -> bytes:
        """Raises ArtifactMissing."""
        try:
            return self.client.get_object(Bucket=self.bucket, Key=key)["Body"].read()
        except ClientError as error:
            raise self._explain(error, key) from error

    def read_if_kept(self, key: str) -> bytes | None:
        """None when it is gone; S3 does not tell that from 'forbidden' to who may not list the
        bucket."""
        try:
            return self.read(key)
        except ArtifactMissing:
            return None
        except ClientError as error:
            if error.response["Error"]["Code"] != "AccessDenied":
                raise
            return None

    def read_up_to(self, key: str, most: int) -> bytes:
        """The first `most` bytes, for objects that somebody else has written. Raises
        ArtifactMissing."""
        try:
            return self.client.get_object(Bucket=self.bucket, Key=key)["Body"].read(most)
        except ClientError as error:
            raise self._explain(error, key) from error

    def copy_from(self, other: ArtifactStore, source: str, key: str) -> None:
        """Copy an object of `other` to `key`, replacing what is there. Raises ArtifactMissing."""
        try:
            self.client.copy_object(
                Bucket=self.bucket, Key=key, CopySource={"Bucket": other.bucket, "Key": source}
            )
        except ClientError as error:
            raise self._explain(error, source) from error

    def download(self, key: str, path: Path) -> Path:
        """Raises ArtifactMissing."""
        try:
            self.client.download_file(self.bucket, key, str(path))
        except ClientError as error:
            raise self._explain(error, key) from error
        return path

    def make_once(self, key: str, make: Callable[[], bytes | Path]) -> bool:
        """Store what `make` gives unless it is there. True when `make` had to run."""
        if self.exists(key):
            return False
        self.put_once(key, make())
        return True

    def delete(self, key: str) -> None:
        """Delete one object; fine when it is not there."""
        self.client.delete_object(Bucket=self.bucket, Key=key)

    def delete_prefix(self, prefix: str) -> int:
        """Delete every object under `prefix`; how many."""
        deleted = 0
        for page in self.client.get_paginator("list_objects_v2").paginate(
            Bucket=self.bucket, Prefix=prefix
        ):
            objects = [{"Key": item["Key"]} for item in page.get("Contents", [])]
            if objects:
                self.client.delete_objects(Bucket=self.bucket, Delete={"Objects": objects})  # type: ignore[typeddict-item]
                deleted += len(objects)
        return deleted

    def signed_url(self, key: str, seconds: int, *, filename: str | None = None) -> str:
        """A URL that reads the object for `seconds`; `filename` makes browsers save it as that."""
        parameters: dict[str, Any] = {"Bucket": self.bucket, "Key": key}
        if filename:
            parameters["ResponseContentDisposition"] = f'attachment; filename="{filename}"'
        return self.client.generate_presigned_url(
            "get_object", Params=parameters, ExpiresIn=seconds
        )

    def signed_upload(self, key: str, seconds: int, *, content_type: str, size: int) -> str:
        """A URL that one PUT of exactly `size` bytes of this type may go to, for `seconds`."""
        parameters = {
            "Bucket": self.bucket,
            "Key": key,
            "ContentType": content_type,
            "ContentLength": size,
        }
        return self.client.generate_presigned_url(
            "put_object", Params=parameters, ExpiresIn=seconds
        )

    def _explain(self, error: ClientError, key: str) -> Exception:
        if error.response["Error"]["Code"] in _MISSING:
            return ArtifactMissing(
                "A stored part of this film is gone; make the film again",
                detail=f"s3://{self.bucket}/{key}",
            )
        return error
