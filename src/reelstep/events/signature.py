"""Signatures of callbacks: `X-Reelstep-Signature: t=<unix>,v1=<hex HMAC-SHA256 of "t.body">`.

docs/webhooks.md shows how receivers check them.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence

HEADER = "X-Reelstep-Signature"


def sign(secrets: Sequence[str], body: bytes, unix_time: int) -> str:
    """The header's value, with a `v1` for each secret that holds now, the newest first."""
    signed = f"{unix_time}.".encode() + body
    codes = (hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest() for secret in secrets)
    return ",".join([f"t={unix_time}", *(f"v1={code}" for code in codes)])
