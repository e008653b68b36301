"""From the table's stream: a job that was queued or that ended may let another one start, and the
event bus is told of those that ended."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from reelstep.events.bus import Bus
from reelstep.jobs.dispatch import kinds_of
from reelstep.jobs.endings import endings_of
from reelstep.pipelines.context import admission
from reelstep.platform import aws
from reelstep.platform.observability import logger, metrics, tracer
from reelstep.platform.settings import Settings


@logger.inject_lambda_context(clear_state=True)
@tracer.capture_lambda_handler(capture_response=False)
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    settings, started = Settings.load(), 0
    try:
        desk = admission(settings)
        for kind, fresh in kinds_of(event["Records"]).items():
            started += len(desk.admit(kind, fresh))
    finally:  # whether or not something could be started, the ends are told of
        endings = endings_of(event["Records"])
        Bus(aws.eventbridge(), settings.event_bus).put([ending.detail() for ending in endings])
    metrics.add_metric("JobsDispatched", MetricUnit.Count, started)
    return {"started": started}
