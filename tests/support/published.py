"""Whether a film that its owner can download is what was checked, and passes the check again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from reelstep.artifacts.keys import content_key
from reelstep.media.chunks import plan_chunks
from reelstep.media.profiles import Profile, profile_for
from reelstep.media.quality import check_film
from reelstep.media.timeline import Timeline
from reelstep.pipelines.generation.encode import MASTER_VERSION, sound_inputs
from reelstep.pipelines.generation.request import GenerationRequest
from tests.support.books import Row
from tests.support.local_cloud import LocalCloud


class Masters:
    """The finished files in the store, each with the plan that it was made from."""

    def __init__(self, cloud: LocalCloud):
        self._s3 = cloud.client("s3")
        self._artifacts = cloud.description.buckets.artifacts
        self._media = cloud.description.buckets.media
        self._etags = dict(self._listed("master/"))
        self._plans = [
            Timeline.model_validate_json(self._read(self._artifacts, key))
            for key, _etag in self._listed("timeline/")
        ]

    def faults(self, job: Row, folder: Path, *, look: bool) -> list[str]:
        """What is wrong with a completed job's film. With `look` it is measured again, which takes
        seconds; without, it must be the very file that passed."""
        film = str(job["output"]["film"])
        if not all(check["passed"] for check in job["output"]["quality_report"]["checks"]):
            return [f"{film}: published although its check failed"]
        etag = self._s3.head_object(Bucket=self._media, Key=film)["ETag"]
        profile = _profile(job)
        plan = self._plan_of(etag, profile)
        if plan is None:
            return [f"{film}: no finished film in the store is this file"]
        if not look:
            return []
        path = folder / f"{job['job_id']}.mp4"
        path.write_bytes(self._read(self._media, film))
        report = check_film(path, plan, profile)
        path.unlink()
        return [f"{film}: {check}" for check in report.checks if not check.passed]

    def _plan_of(self, etag: str, profile: Profile) -> Timeline | None:
        for plan in self._plans:
            if self._etags.get(_master_key(plan, profile)) == etag:
                return plan
        return None

    def _listed(self, prefix: str) -> list[tuple[str, str]]:
        pages = self._s3.get_paginator("list_objects_v2")
        return [
            (item["Key"], item["ETag"])
            for page in pages.paginate(Bucket=self._artifacts, Prefix=prefix)
            for item in page.get("Contents", [])
        ]

    def _read(self, bucket: str, key: str) -> bytes:
        body: bytes = self._s3.get_object(Bucket=bucket, Key=key)["Body"].read()
        return body


def _profile(job: Row) -> Profile:
    request = GenerationRequest.model_validate(_plain(job["request"]))
    return profile_for(request.quality, request.aspect_ratio, request.preview)


def _plain(value: Any) -> Any:
    """DynamoDB's decimals as what JSON has."""
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    is_number = not isinstance(value, bool | str) and value is not None
    return int(value) if is_number and value == int(value) else value


def _master_key(plan: Timeline, profile: Profile) -> str:
    """As `encode` names it."""
    chunks = [
        content_key("chunk", {"fingerprint": chunk.fingerprint}, ".mp4")
        for chunk in plan_chunks(plan, profile)
    ]
    inputs = {
        "version": MASTER_VERSION,
        "chunks": chunks,
        "sound": content_key("sound", sound_inputs(plan), ".m4a"),
        "title": plan.title.text if plan.title else None,
        "language": plan.language,
    }
    return content_key("master", inputs, ".mp4")
