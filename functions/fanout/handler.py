"""From the table's stream: new events, to everybody who has subscribed to their job."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.socket.wiring import live
from reelstep.events.stream import news_of
from reelstep.pipelines.fanout import fan_out
from reelstep.platform.observability import logger, metrics, tracer
from reelstep.platform.settings import Settings


@logger.inject_lambda_context(clear_state=True)
@tracer.capture_lambda_handler(capture_response=False)
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    everybody = live(Settings.load())
    failed, told = fan_out(everybody, news_of(event["Records"]))
    metrics.add_metric("SubscribersTold", MetricUnit.Count, told)
    metrics.add_metric("FanOutFailures", MetricUnit.Count, len(failed))
    return {"batchItemFailures": [{"itemIdentifier": news.first_record} for news in failed]}
