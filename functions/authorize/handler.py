"""The WebSocket's door: lets a connection in that brings a valid ID token (`?token=`)."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.authorize.tokens import id_tokens
from reelstep.platform.errors import Unauthorized
from reelstep.platform.observability import logger, tracer


@logger.inject_lambda_context(clear_state=True)
@tracer.capture_lambda_handler(capture_response=False)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    token = (event.get("queryStringParameters") or {}).get("token") or ""
    try:
        claims = id_tokens().check(token)
    except Unauthorized as error:
        logger.info("refused", reason=error.detail)
        return _policy("nobody", "Deny", event["methodArn"])
    return _policy(claims["sub"], "Allow", event["methodArn"])


def _policy(principal: str, effect: str, arn: str) -> dict[str, Any]:
    statement = {"Action": "execute-api:Invoke", "Effect": effect, "Resource": arn}
    return {
        "principalId": principal,
        "policyDocument": {"Version": "2012-10-17", "Statement": [statement]},
    }
