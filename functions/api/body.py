"""What every JSON body must be, before any route reads it."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any

from reelstep.platform.errors import MalformedRequest, TooLarge
from reelstep.platform.settings import Settings

_WITH_BODY = {"POST", "PUT", "PATCH"}


def check_body(event: dict[str, Any]) -> None:
    """Raises TooLarge, or MalformedRequest for what is not one JSON object sent as JSON.

    A POST without a body is fine here: a route that needs one says which fields are missing. The
    content type is then written as the router knows it, which takes capitals for another type.
    """
    method = event["requestContext"]["http"]["method"]
    body = event.get("body")
    if method not in _WITH_BODY or not body:
        return
    limit = Settings.load().limits.body_bytes
    raw = _decoded(body, bool(event.get("isBase64Encoded")), limit)
    if len(raw) > limit:
        raise _too_large(limit)
    given = event.get("headers", {}).get("content-type", "").split(";")[0].strip().lower()
    if given != "application/json":
        raise MalformedRequest(
            f"The body is sent as {given or 'nothing'}; send Content-Type: application/json",
            french=f"Le corps est de type {given or 'inconnu'} ; envoyez "
            "Content-Type: application/json",
        )
    event["headers"] = {**event["headers"], "content-type": "application/json"}
    try:
        parsed = json.loads(raw)
    except RecursionError:
        raise MalformedRequest(
            "The JSON is nested too deeply", french="Le JSON est trop imbriqué"
        ) from None
    except ValueError as error:
        raise MalformedRequest(
            f"The body is not JSON: {error}", french=f"Le corps n'est pas du JSON : {error}"
        ) from None
    if not isinstance(parsed, dict):
        raise MalformedRequest(
            "The body must be one JSON object", french="Le corps doit être un objet JSON"
        )


def _decoded(body: str, encoded: bool, limit: int) -> bytes:
    if not encoded:
        return body.encode("utf-8", "surrogatepass")
    if len(body) > 2 * limit:
        raise _too_large(limit)
    try:
        return base64.b64decode(body, validate=True)
    except binascii.Error as error:
        raise MalformedRequest(
            "The body could not be decoded", french="Le corps n'a pas pu être décodé"
        ) from error


def _too_large(limit: int) -> TooLarge:
    return TooLarge(
        f"The body may have at most {limit} bytes",
        french=f"Le corps peut compter au plus {limit} octets",
    )
