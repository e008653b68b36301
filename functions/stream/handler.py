"""Server-Sent Events: everything after Last-Event-ID, or a while of waiting for it."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.api import limits, problems
from functions.stream import door, routes
from reelstep.pipelines.texts import locale_of
from reelstep.platform.errors import ReelstepError, Unauthorized
from reelstep.platform.observability import logger, metrics, trace_id, tracer

# The query string has the token: nothing here prints or logs a request, whatever the environment
# says (POWERTOOLS_DEV, POWERTOOLS_LOGGER_LOG_EVENT).
app = APIGatewayHttpResolver(enable_validation=True, serializer=problems.to_json, debug=False)
problems.register(app)
app.include_router(routes.make())


@logger.inject_lambda_context(clear_state=True, log_event=False)
@tracer.capture_lambda_handler(capture_response=False)
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    trace = trace_id()
    logger.append_keys(trace_id=trace)
    wanted = (event.get("queryStringParameters") or {}).get("locale")
    locale = locale_of(wanted or event.get("headers", {}).get("accept-language"))
    headers = {"X-Trace-Id": trace, "Cache-Control": "no-store"}
    try:
        user = door.user_of(event)
        headers |= limits.take_from(user, "streams")
        app.append_context(trace_id=trace, locale=locale, user_id=user)
        answer: dict[str, Any] = app.resolve(event, context)
    except ReelstepError as error:
        logger.info("refused", code=error.code, reason=error.detail)
        if isinstance(error, Unauthorized):
            headers["WWW-Authenticate"] = "Bearer"
        answer = problems.gateway_answer(error, trace, locale)
    answer["headers"] = headers | answer.get("headers", {})
    metrics.add_metric("StreamRequests", MetricUnit.Count, 1)
    return answer
