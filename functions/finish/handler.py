"""States Complete and Fail: the job's end."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from reelstep.pipelines.context import repository
from reelstep.pipelines.generation import finish
from reelstep.platform import outages
from reelstep.platform.observability import logger, metrics, tracer
from reelstep.platform.settings import Settings


@logger.inject_lambda_context(clear_state=True)
@tracer.capture_lambda_handler(capture_response=False)
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    jobs = repository(Settings.load())
    job_id, attempt = event["job_id"], event["attempt"]
    logger.append_keys(job_id=job_id, attempt=attempt)
    with outages.named():
        if event["outcome"] == "COMPLETED":
            job = finish.complete(jobs, job_id, attempt, event["output"])
        else:
            logger.error("step failed", failure=event["failure"])
            job = finish.fail(jobs, job_id, attempt, event["failure"])
    metrics.add_metric(f"Jobs{event['outcome'].title()}", MetricUnit.Count, 1 if job else 0)
    return {"job_id": job_id, "status": job.status if job else None}
