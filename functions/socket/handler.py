"""The WebSocket's routes: $connect and $disconnect keep the books, $default hears every message.

Nothing is posted from $connect: the connection is not there yet. Nothing is answered with a body
either: what the client is told goes the one way that keeps its order.
"""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.socket.wiring import live
from reelstep.pipelines.texts import locale_of
from reelstep.platform.observability import logger, metrics, tracer
from reelstep.platform.settings import Settings

_DONE = {"statusCode": 200}


@logger.inject_lambda_context(clear_state=True)
@tracer.capture_lambda_handler(capture_response=False)
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    given = event["requestContext"]
    connection_id = str(given["connectionId"])
    logger.append_keys(connection=connection_id)
    metrics.add_metric(f"Socket{given['eventType'].capitalize()}", MetricUnit.Count, 1)
    everybody = live(Settings.load())
    match given["eventType"]:
        case "CONNECT":
            return _connect(event, connection_id)
        case "DISCONNECT":
            everybody.connections.forget(connection_id)
        case _:
            everybody.hear(connection_id, event.get("body") or "")
    return _DONE


def _connect(event: dict[str, Any], connection_id: str) -> dict[str, Any]:
    settings = Settings.load()
    headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
    wanted = (event.get("queryStringParameters") or {}).get("locale")
    opened = live(settings).connections.open(
        connection_id,
        str(event["requestContext"]["authorizer"]["principalId"]),
        locale_of(wanted or headers.get("accept-language")),
        settings.limits.connections,
    )
    return _DONE if opened else {"statusCode": 429}
