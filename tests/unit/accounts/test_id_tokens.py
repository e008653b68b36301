"""ID tokens, signed here by hand: everything that makes one valid, and each thing that does not."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from reelstep.accounts.id_tokens import IdTokens, KeysUnavailable, fetch_from, keys_url
from reelstep.platform.errors import Unauthorized
from tests.support.tokens import part

ISSUER = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_abc"
CLIENT = "client-1"
KEYS = {name: rsa.generate_private_key(65537, 2048) for name in ("one", "two")}


def _public(name: str) -> dict[str, Any]:
    numbers = KEYS[name].public_key().public_numbers()
    size = (numbers.n.bit_length() + 7) // 8
    return {
        "kid": name,
        "kty": "RSA",
        "alg": "RS256",
        "use": "sig",
        "n": part(numbers.n.to_bytes(size)),
        "e": part(numbers.e.to_bytes(3)),
    }


def _claims(**changes: Any) -> dict[str, Any]:
    now = int(time.time())
    claims = {
        "sub": "ada",
        "iss": ISSUER,
        "aud": CLIENT,
        "token_use": "id",
        "iat": now,
        "exp": now + 3_600,
        "cognito:groups": ["admin"],
    }
    return {name: v for name, v in (claims | changes).items() if v is not None}


def _signed(claims: Any, key: str = "one", **head: Any) -> str:
    header = {"alg": "RS256", "kid": key, "typ": "JWT"} | head
    body = claims if isinstance(claims, bytes) else json.dumps(claims).encode()
    text = f"{part({k: v for k, v in header.items() if v is not None})}.{part(body)}"
    return f"{text}.{part(KEYS[key].sign(text.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


class Pool:
    """Its keys, how often they were asked for, and a clock."""

    def __init__(self) -> None:
        self.names, self.asked, self.now, self.down = ["one"], 0, 0.0, False
        self.tokens = IdTokens(ISSUER, CLIENT, self._fetch, lambda: self.now)

    def _fetch(self) -> Mapping[str, Any]:
        self.asked += 1
        if self.down:
            raise KeysUnavailable("down")
        return {"keys": [*(_public(name) for name in self.names), {"kty": "EC", "kid": "ec"}]}


@pytest.fixture
def pool() -> Pool:
    return Pool()


def test_a_valid_token_is_let_in_and_keys_are_fetched_once(pool: Pool) -> None:
    for _ in range(3):
        assert pool.tokens.check(_signed(_claims()))["sub"] == "ada"
    assert pool.asked == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": ISSUER + "x"},
        {"iss": None},
        {"iss": "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_abd"},
        {"aud": "client-2"},
        {"aud": None},
        {"token_use": "access"},
        {"token_use": None},
        {"exp": 1_000_000_000},
        {"exp": None},
        {"exp": "soon"},
        {"exp": True},
        {"nbf": 4_102_444_800},  # 2100: this list is made when tests are collected, long before
        {"sub": None},
        {"sub": ""},
        {"sub": 5},
        {"sub": ["ada"]},
    ],
    ids=str,
)
def test_a_claim_that_is_wrong_or_missing(pool: Pool, changes: dict[str, Any]) -> None:
    with pytest.raises(Unauthorized):
        pool.tokens.check(_signed(_claims(**changes)))


def _other_body() -> str:
    head, _body, signature = _signed(_claims()).split(".")
    return f"{head}.{part(_claims(sub='eve'))}.{signature}"


def _with_public_key_as_secret() -> str:
    import hashlib
    import hmac

    pem = (
        KEYS["one"]
        .public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    text = f"{part({'alg': 'HS256', 'kid': 'one'})}.{part(_claims())}"
    return f"{text}.{part(hmac.digest(pem, text.encode(), hashlib.sha256))}"


@pytest.mark.parametrize(
    "token",
    [
        *("", "x", "a.b", "a.b.c", "a.b.c.d", "....", "é.é.é", "\x00", "x" * 9_000),
        f"{part({'alg': 'none', 'kid': 'one'})}.{part(_claims())}.",
        _signed(_claims(), kid=None),
        _signed(_claims(), kid=["one"]),
        _signed(_claims(), kid="../one"),
        _signed(_claims(), alg="RS512"),
        _signed(_claims(), alg=None),
        _signed(_claims(), crit=["exp"]),
        _signed(_claims(), key="two", kid="one"),
        _signed(b"[]"),
        _signed(b"null"),
        _signed(b"{"),
        _signed(b"[" * 3_000),
        _signed(_claims())[:-4],
        _other_body(),
        _with_public_key_as_secret(),
    ],
    ids=range(24),
)
def test_what_is_no_token_of_this_pool(pool: Pool, token: str) -> None:
    with pytest.raises(Unauthorized):
        pool.tokens.check(token)


def test_a_rotated_key_is_noticed_and_made_up_ids_cost_nothing(pool: Pool) -> None:
    pool.tokens.check(_signed(_claims()))
    pool.names = ["two"]
    for _ in range(20):
        with pytest.raises(Unauthorized):
            pool.tokens.check(_signed(_claims(), key="two"))
    assert pool.asked == 1
    pool.now = 61.0
    assert pool.tokens.check(_signed(_claims(), key="two"))["sub"] == "ada"
    assert pool.asked == 2
    with pytest.raises(Unauthorized):
        pool.tokens.check(_signed(_claims()))  # the old key has gone


def test_keys_that_cannot_be_fetched_are_not_the_tokens_fault(pool: Pool) -> None:
    pool.down = True
    with pytest.raises(KeysUnavailable):
        pool.tokens.check(_signed(_claims()))
    pool.down = False
    assert pool.tokens.check(_signed(_claims()))
    with pytest.raises(KeysUnavailable):
        fetch_from("http://127.0.0.1:9/keys")()


def test_where_the_keys_are() -> None:
    assert keys_url(ISSUER, None) == f"{ISSUER}/.well-known/jwks.json"
    local = keys_url(ISSUER, "http://127.0.0.1:4566/")
    assert local == "http://127.0.0.1:4566/us-east-1_abc/.well-known/jwks.json"
