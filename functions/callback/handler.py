"""From the queue of callbacks: calls one URL; a try that failed stays in the queue, hidden until
its next one. The queue moves what has failed too often to its dead letters."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from reelstep.pipelines.callbacks import Callback, callbacks
from reelstep.platform import aws
from reelstep.platform.observability import logger, metrics, tracer
from reelstep.platform.settings import Settings


@logger.inject_lambda_context(clear_state=True)
@tracer.capture_lambda_handler(capture_response=False)
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    settings = Settings.load()
    failures = []
    for record in event["Records"]:
        callback = Callback.model_validate_json(record["body"])
        logger.append_keys(job_id=callback.job_id, seq=callback.seq)
        number = int(record["attributes"]["ApproximateReceiveCount"])
        pause = callbacks(settings).attempt(callback, number)
        if pause is not None:
            aws.sqs().change_message_visibility(
                QueueUrl=settings.callback_queue_url,
                ReceiptHandle=record["receiptHandle"],
                VisibilityTimeout=pause,
            )
            failures.append({"itemIdentifier": record["messageId"]})
    metrics.add_metric("CallbacksFailed", MetricUnit.Count, len(failures))
    return {"batchItemFailures": failures}
