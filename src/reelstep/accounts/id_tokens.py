"""Cognito's ID tokens, checked where API Gateway does not do it: at the WebSocket's door.

Signature (RS256 alone) by the pool's keys, issuer, audience, expiry, `token_use` (AWS, "Verifying
JSON Web Tokens"). The keys are fetched once per process; an unknown key id asks for them again,
at most once a minute, so that a rotation is noticed and made-up ids cost nothing.
"""

from __future__ import annotations

import json
import time
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from reelstep.platform.errors import Retryable, Unauthorized

_ALGORITHM = "RS256"
_REFETCH_SECONDS = 60.0
_FETCH_SECONDS = 4.0
_LEEWAY_SECONDS = 30
#: Ours have about 1,200 characters; more groups and attributes make some of them longer.
_LONGEST = 8_192
_KEYS = "/.well-known/jwks.json"

Fetch = Callable[[], Mapping[str, Any]]


class KeysUnavailable(Retryable):
    """The pool's keys could not be fetched."""


def keys_url(issuer: str, endpoint_url: str | None) -> str:
    """The issuer's own address, or the pool's behind `endpoint_url` on the local cloud."""
    if not endpoint_url:
        return issuer + _KEYS
    return endpoint_url.rstrip("/") + urlsplit(issuer).path + _KEYS


def fetch_from(url: str) -> Fetch:
    """Raises KeysUnavailable."""

    def fetch() -> Mapping[str, Any]:
        # Loopback and Cognito are reached without a proxy; a Lambda has none.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(url, timeout=_FETCH_SECONDS) as answer:
                return dict(json.load(answer))
        except (OSError, ValueError) as error:
            raise KeysUnavailable("Sign-in cannot be checked now", detail=repr(error)) from error

    return fetch


@dataclass
class IdTokens:
    """The tokens of one client of one pool. `clock` is in seconds and only ever rises."""

    issuer: str
    audience: str
    fetch: Fetch
    clock: Callable[[], float] = time.monotonic
    _keys: dict[str, Any] = field(default_factory=dict, init=False)
    _fetched: float | None = field(default=None, init=False)

    def check(self, token: str) -> dict[str, Any]:
        """The claims of a valid ID token. Raises Unauthorized; KeysUnavailable is not the token's
        fault."""
        # Only this needs them, and importing them costs a cold start.
        from joserfc import jwt
        from joserfc.errors import JoseError

        if len(token) > _LONGEST:
            raise _refused("too long")
        try:
            key = self._key(_key_id(token))
            claims = dict(jwt.decode(token, key, algorithms=[_ALGORITHM]).claims)
            jwt.JWTClaimsRegistry(
                leeway=_LEEWAY_SECONDS,
                iss={"essential": True, "value": self.issuer},
                aud={"essential": True, "value": self.audience},
                exp={"essential": True},
                sub={"essential": True},
                token_use={"essential": True, "value": "id"},
            ).validate(claims)
        except (JoseError, ValueError, TypeError, KeyError, RecursionError) as error:
            raise _refused(repr(error)) from error
        if not isinstance(claims["sub"], str):
            raise _refused("sub")
        return claims

    def _key(self, key_id: str) -> Any:
        if key_id not in self._keys:
            now = self.clock()
            if self._fetched is None or now - self._fetched >= _REFETCH_SECONDS:
                self._keys = _keys_of(self.fetch())
                self._fetched = now
        if key_id not in self._keys:
            raise _refused("unknown key")
        return self._keys[key_id]


def _keys_of(key_set: Mapping[str, Any]) -> dict[str, Any]:
    from joserfc.jwk import RSAKey

    return {
        str(key["kid"]): RSAKey.import_key(key)
        for key in key_set.get("keys", [])
        if key.get("kty") == "RSA" and key.get("use", "sig") == "sig" and key.get("kid")
    }


def _key_id(token: str) -> str:
    from joserfc.jws import extract_compact

    header = extract_compact(token.encode()).headers()
    key_id = header.get("kid")
    if not isinstance(key_id, str) or header.get("alg") != _ALGORITHM:
        raise _refused("header")
    return key_id


def _refused(detail: str) -> Unauthorized:
    return Unauthorized(
        "Send a valid Cognito ID token as ?token=",
        french="Envoyez un jeton ID de Cognito valide dans ?token=",
        detail=detail,
    )
