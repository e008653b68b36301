"""What a running job has made so far, for its owner to see before the job has ended.

Results are content-addressed, so nobody can guess their keys. A step writes the key of what it has
made into its own progress row, with its last report and in the same transaction: then a repeated
step says it once, and what an attempt has not reported is not there.
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from reelstep.jobs.model import Job
from reelstep.jobs.repository import JobRepository
from reelstep.platform.clock import utc_now


class Preview(BaseModel):
    """Something to see. `facts` are the pipeline's own: sizes, seconds, a codec."""

    model_config = ConfigDict(frozen=True)

    kind: str = Field(description="picture, chunk, …: the pipeline's own word")
    number: int = Field(default=0, description="its place among those of its kind")
    key: str = Field(description="in the artifacts bucket")
    kept_until: int = Field(description="Unix time after which the bucket may have dropped it")
    facts: dict[str, Any] = Field(default_factory=dict)

    def as_row(self, attempt: int) -> dict[str, Any]:
        """The attribute of the step's progress row."""
        return {**self.model_dump(mode="json"), "attempt": attempt}


def previews_of(repository: JobRepository, job: Job) -> list[Preview]:
    """What the job's attempt has made and the bucket still has, by kind and number.

    Rows of an earlier attempt do not count: it may have made other things. The steps of a new
    attempt find what is there and say so again, within seconds.
    """
    now = utc_now().timestamp()
    said = (row.get("preview") for row in repository.progress_rows(job.job_id))
    found = [Preview.model_validate(one) for one in said if one and one["attempt"] == job.attempt]
    kept = (preview for preview in found if preview.kept_until > now)
    return sorted(kept, key=lambda preview: (preview.kind, preview.number))
