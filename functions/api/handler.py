"""The HTTP API: one function behind API Gateway's routes, a router per system of the contract."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.api import limits, problems
from functions.api.body import check_body
from functions.api.caller import check_area
from functions.api.routes import account, admin, companions, dashboard, health, quotes, videos
from reelstep.pipelines.texts import locale_of
from reelstep.platform.errors import ReelstepError
from reelstep.platform.observability import logger, metrics, trace_id, tracer

app = APIGatewayHttpResolver(enable_validation=True, serializer=problems.to_json)
problems.register(app)
app.include_router(videos.router, prefix="/api/v1/videos")
app.include_router(companions.router, prefix="/api/v1/companions")
app.include_router(account.router, prefix="/api/v1/account")
app.include_router(admin.router, prefix="/api/v1/admin")
app.include_router(quotes.router)
app.include_router(health.router)
app.include_router(dashboard.router)
_documented = False


def _document(path: str) -> None:
    global _documented
    if path in ("/docs", "/openapi.json") and not _documented:
        from functions.api import documentation

        documentation.register(app)
        _documented = True


@logger.inject_lambda_context(clear_state=True)
@tracer.capture_lambda_handler(capture_response=False)
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    trace = trace_id()
    logger.append_keys(trace_id=trace)
    locale = locale_of(event.get("headers", {}).get("accept-language"))
    headers = {"X-Trace-Id": trace}  # of whatever is answered; routes add theirs
    app.append_context(trace_id=trace, locale=locale, headers=headers)
    try:
        headers |= limits.take(event)
        check_body(event)
        check_area(event)
        _document(event["rawPath"])
        answer: dict[str, Any] = app.resolve(event, context)
    except ReelstepError as error:
        answer = problems.gateway_answer(error, trace, locale)
    # A refusal's own RateLimit-* say more than those of the request's bucket.
    answer["headers"] = headers | answer.get("headers", {})
    metrics.add_metric("ApiRequests", MetricUnit.Count, 1)
    return answer
