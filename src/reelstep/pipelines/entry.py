"""From a Lambda invocation to a step: what all step handlers share."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any, cast

from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from reelstep.pipelines.context import Step, open_step
from reelstep.platform import outages
from reelstep.platform.errors import ReelstepError
from reelstep.platform.observability import logger, metrics, tracer
from reelstep.wallet.estimates import compute_micro_usd

Run = Callable[[Step, Mapping[str, Any]], dict[str, Any]]
Handler = Callable[[dict[str, Any], LambdaContext], dict[str, Any]]


def step_handler(run: Run) -> Handler:
    """A Lambda handler that opens the step, runs it and returns its (small, JSON) output.

    Errors go on to the state machine, which matches them by class name; what is not for clients
    (`detail`) is logged here, where it is known.
    """

    @logger.inject_lambda_context(clear_state=True)
    @tracer.capture_lambda_handler(capture_response=False)
    @metrics.log_metrics
    def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
        started = time.monotonic()
        try:
            with outages.named():
                step = open_step(event, context.aws_request_id)
                output = run(step, event)
                _put_compute(step, event, context, time.monotonic() - started)
            return output
        except ReelstepError as error:
            logger.warning(error.message, error=type(error).__name__, detail=error.detail)
            metrics.add_metric("StepErrors", MetricUnit.Count, 1)
            raise
        finally:
            elapsed = 1000 * (time.monotonic() - started)
            metrics.add_metric("StepDuration", MetricUnit.Milliseconds, elapsed)

    return cast(Handler, handler)


def _put_compute(
    step: Step, event: Mapping[str, Any], context: LambdaContext, seconds: float
) -> None:
    """The cost line of this run: Lambda time at list price, also where nobody bills it."""
    memory_mb = int(context.memory_limit_in_mb)
    name = context.function_name.rpartition("-")[2]
    index = event.get("scene", event.get("chunk", 0))
    step.jobs.put_cost(
        step.job.job_id,
        "COMPUTE",
        f"{name}-{index}",
        "lambda",
        round(memory_mb / 1024 * seconds, 3),
        compute_micro_usd(memory_mb, seconds),
    )
