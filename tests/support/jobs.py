"""Jobs for tests."""

from __future__ import annotations

import itertools
from typing import Any

from reelstep.jobs.model import Job, JobKind, Phase, blank_phases

_numbers = itertools.count(1)


def a_job(**changes: Any) -> Job:
    """A new job of user-1, unlike every other one."""
    number = next(_numbers)
    request = {"prompt": f"A film, number {number}", "durationSeconds": 10, "quality": "STANDARD"}
    values: dict[str, Any] = {
        "job_id": f"job-{number}",
        "kind": JobKind.GENERATION,
        "user_id": "user-1",
        "phases": blank_phases(JobKind.GENERATION),
        "request": request,
        "price": 50,
        "created_at": f"2026-01-01T00:{number // 60 % 60:02d}:{number % 60:02d}.000Z",
    }
    return Job.model_validate(values | changes)


TOTALS = {
    Phase.SCRIPT_GENERATION: 1,
    Phase.ASSET_GENERATION: 7,
    Phase.COMPOSITING: 4,
    Phase.RENDERING: 600,
    Phase.ENCODING: 100,
    Phase.FINALIZATION: 100,
}
