"""The ID tokens of this deployment, for functions that check them themselves."""

from __future__ import annotations

import os
from functools import cache

from reelstep.accounts.id_tokens import IdTokens, fetch_from, keys_url
from reelstep.platform.settings import Settings


@cache
def id_tokens() -> IdTokens:
    """One per process, because it keeps the pool's keys."""
    settings = Settings.load()
    url = keys_url(settings.id_issuer, os.environ.get("AWS_ENDPOINT_URL"))
    return IdTokens(settings.id_issuer, settings.id_audience, fetch_from(url))
