"""A user's jobs of one kind, newest first, by page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from reelstep.jobs.model import Job, JobKind, JobStatus
from reelstep.jobs.repository import JobRepository, user_partition
from reelstep.platform import dynamo


@dataclass(frozen=True)
class JobPage:
    jobs: list[Job]
    total: int


def jobs_of_user(
    repository: JobRepository,
    user_id: str,
    kind: JobKind,
    page: int,
    size: int,
    *,
    status: str | None = None,
    favorite: bool | None = None,
) -> JobPage:
    """Page `page` (from 0) of `size` jobs. `status` is the public one.

    DynamoDB cannot jump to an offset: the index is read from its newest end, and counted to its
    last. A user's films number in the hundreds, which is a query or two.
    """
    conditions, names, values = _filter(status, favorite)
    extra: dict[str, Any] = {"ScanIndexForward": False, "names": names, "values": values}
    if conditions:
        extra["FilterExpression"] = " AND ".join(conditions)
    first, total, rows = page * size, 0, []
    for answer in repository.query_index("by_user", user_partition(user_id, kind), **extra):
        for item in answer["Items"]:
            if first <= total < first + size:
                rows.append(Job.model_validate(dynamo.unmarshal(item)))
            total += 1
    return JobPage(rows, total)


def _filter(
    status: str | None, favorite: bool | None
) -> tuple[list[str], dict[str, str], dict[str, Any]]:
    conditions: list[str] = []
    names: dict[str, str] = {}
    values: dict[str, Any] = {}
    if status is not None:
        inner = [name for name in JobStatus if name.public == status]
        marks = {f":s{number}": name.value for number, name in enumerate(inner)}
        conditions.append(f"#status IN ({', '.join(marks)})")
        names["#status"] = "status"
        values |= marks
    if favorite is not None:
        conditions.append("#favorite = :favorite")
        names["#favorite"] = "favorite"
        values[":favorite"] = favorite
    return conditions, names, values
