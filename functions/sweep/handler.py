"""On a schedule, on execution-status events, after a local start: resume or end what was lost."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from reelstep.jobs.sweeper import job_ids_of, sweep
from reelstep.pipelines.context import admission
from reelstep.platform.observability import logger, metrics, tracer
from reelstep.platform.settings import Settings


@logger.inject_lambda_context(clear_state=True)
@tracer.capture_lambda_handler(capture_response=False)
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    outcome = sweep(admission(Settings.load()), job_ids=job_ids_of(event))
    logger.info("swept", **asdict(outcome))
    metrics.add_metric("JobsResumed", MetricUnit.Count, len(outcome.resumed))
    metrics.add_metric("JobsLost", MetricUnit.Count, len(outcome.failed))
    return asdict(outcome)
