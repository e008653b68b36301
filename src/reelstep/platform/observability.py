"""Logger, tracer and metrics of Powertools, made once, and the trace id that ties them together."""

from __future__ import annotations

import os
import uuid

from aws_lambda_powertools import Logger, Metrics, Tracer

SERVICE = "reelstep"
NAMESPACE = "Reelstep"

logger = Logger(service=SERVICE)
# X-Ray's daemon is only there on AWS; Powertools switches itself off elsewhere.
tracer = Tracer(service=SERVICE)
metrics = Metrics(namespace=NAMESPACE, service=SERVICE)


def trace_id() -> str:
    """The X-Ray root id of this invocation, or a new one of the same kind of uniqueness."""
    header = os.environ.get("_X_AMZN_TRACE_ID", "")
    for part in header.split(";"):
        if part.startswith("Root="):
            return part.removeprefix("Root=")
    return uuid.uuid4().hex
