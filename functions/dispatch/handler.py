"""From the table's stream: a job that was queued or that ended may let another one start, and the
event bus is told of those that ended."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from reelstep.events.bus import Bus
from reelstep.jobs.dispatch import JobChange, job_rows, kinds_of
from reelstep.jobs.endings import endings_of
from reelstep.pipelines.context import admission
from reelstep.platform import aws
from reelstep.platform.observability import logger, metrics, tracer
from reelstep.platform.settings import Settings


@logger.inject_lambda_context(clear_state=True)
@tracer.capture_lambda_handler(capture_response=False)
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    settings = Settings.load()
    jobs = list(job_rows(event["Records"]))
    started = _admit(settings, jobs)
    endings = endings_of(jobs)
    # Only this may fail the batch, which then comes again: nobody else tells of an end.
    Bus(aws.eventbridge(), settings.event_bus).put([ending.detail() for ending in endings])
    metrics.add_metric("JobsDispatched", MetricUnit.Count, started)
    return {"started": started}


def _admit(settings: Settings, jobs: Sequence[JobChange]) -> int:
    """How many were started. What goes wrong is logged: the sweep looks at the queues as well,
    and the ends in this batch must not be told again for it."""
    started = 0
    try:
        desk = admission(settings)
        for kind, fresh in kinds_of(jobs).items():
            started += len(desk.admit(kind, fresh))
    except Exception:
        metrics.add_metric("DispatchFailures", MetricUnit.Count, 1)
        logger.exception("not all could be started; the sweep looks again")
    return started
