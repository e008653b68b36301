"""What socket and fanout work with, made once per process."""

from __future__ import annotations

import os
from functools import cache

from functions.api import limits
from reelstep.events.connections import Connections
from reelstep.events.gateway import Gateway, Pace, endpoint_of, management
from reelstep.pipelines.live import Live
from reelstep.platform import aws
from reelstep.platform.settings import Settings


def live(settings: Settings) -> Live:
    endpoint = endpoint_of(settings.websocket_endpoint, os.environ.get("AWS_ENDPOINT_URL"))
    gateway = Gateway(management(endpoint), _pace(settings.limits.posts_per_second))
    connections = Connections(aws.dynamodb(), settings.table)
    return Live(settings, connections, gateway, lambda user: limits.take_from(user, "socket"))


@cache
def _pace(per_second: int) -> Pace:
    return Pace(per_second)
