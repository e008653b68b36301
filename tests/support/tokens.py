"""Tokens as attackers make them, and as Cognito makes them when their time is over."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import json
import time
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from tests.support.local_cloud import LocalCloud


def part(value: bytes | dict[str, Any]) -> str:
    """A part of a token."""
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def read(token: str, index: int = 1) -> dict[str, Any]:
    """The claims of a token, or its head (0)."""
    text = token.split(".")[index]
    return dict(json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))))


def other_signature(token: str) -> str:
    head, body, signature = token.split(".")
    swapped = "B" if signature[10] == "A" else "A"
    return f"{head}.{body}.{signature[:10]}{swapped}{signature[11:]}"


def with_claims(token: str, **claims: Any) -> str:
    """Other claims under the signature of the old ones; `cognito_groups` is `cognito:groups`."""
    head, _body, signature = token.split(".")
    return f"{head}.{part(changed(token, claims))}.{signature}"


def changed(token: str, claims: dict[str, Any]) -> dict[str, Any]:
    return read(token) | {name.replace("_", ":", 1): v for name, v in claims.items()}


def unsigned(token: str, **claims: Any) -> str:
    return f"{part({'alg': 'none', 'typ': 'JWT'})}.{part(changed(token, claims))}."


def signed_by_stranger(token: str, **claims: Any) -> str:
    """With a fresh key, under the id of the pool's."""
    return _signed(read(token, 0), changed(token, claims), rsa.generate_private_key(65537, 2048))


def signed_with_public_key(cloud: LocalCloud, token: str, **claims: Any) -> str:
    """HMAC with the public key as its secret: passes where the head's `alg` is believed."""
    public = pool_key(cloud).public_key()
    pem = public.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    text = f"{part(read(token, 0) | {'alg': 'HS256'})}.{part(changed(token, claims))}"
    return f"{text}.{part(hmac.digest(pem, text.encode(), hashlib.sha256))}"


def signed_by_pool(cloud: LocalCloud, token: str, **claims: Any) -> str:
    """As the pool itself signs ID tokens: with its own key, which the emulator keeps in a file."""
    return _signed(read(token, 0), changed(token, claims), pool_key(cloud))


def expired(cloud: LocalCloud, token: str) -> str:
    """A real token of two hours ago."""
    then = int(time.time()) - 7_200
    times = {"iat": then, "auth_time": then, "exp": then + 3_600}
    return _signed(read(token, 0), read(token) | times, pool_key(cloud))


def pool_key(cloud: LocalCloud) -> rsa.RSAPrivateKey:
    pool = cloud.description.user_pool_id
    pem = (cloud.home.state / "cognito-pool-keys" / f"{pool}-id.pem").read_bytes()
    key = serialization.load_pem_private_key(pem, password=None)
    assert isinstance(key, rsa.RSAPrivateKey)
    return key


def of_another_pool(cloud: LocalCloud, *groups: str) -> str:
    """A valid ID token of somebody in another pool."""
    cognito = cloud.client("cognito-idp")
    pool = cognito.create_user_pool(PoolName="other")["UserPool"]["Id"]
    client = cognito.create_user_pool_client(
        UserPoolId=pool, ClientName="other", ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"]
    )["UserPoolClient"]["ClientId"]
    return _somebody(cognito, pool, client, groups)


def of_another_client(cloud: LocalCloud, *groups: str) -> str:
    """A valid ID token of our pool, issued to another client."""
    cognito, pool = cloud.client("cognito-idp"), cloud.description.user_pool_id
    client = cognito.create_user_pool_client(
        UserPoolId=pool, ClientName="other", ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"]
    )["UserPoolClient"]["ClientId"]
    return _somebody(cognito, pool, client, groups)


def _somebody(cognito: Any, pool: str, client: str, groups: tuple[str, ...]) -> str:
    name, password = f"eve-{time.time_ns()}@example.org", "Correct-horse-1!"
    cognito.admin_create_user(UserPoolId=pool, Username=name, MessageAction="SUPPRESS")
    cognito.admin_set_user_password(
        UserPoolId=pool, Username=name, Password=password, Permanent=True
    )
    for group in groups:
        with contextlib.suppress(cognito.exceptions.GroupExistsException):
            cognito.create_group(UserPoolId=pool, GroupName=group)
        cognito.admin_add_user_to_group(UserPoolId=pool, Username=name, GroupName=group)
    answer = cognito.initiate_auth(
        AuthFlow="USER_PASSWORD_AUTH",
        ClientId=client,
        AuthParameters={"USERNAME": name, "PASSWORD": password},
    )
    return str(answer["AuthenticationResult"]["IdToken"])


def _signed(head: dict[str, Any], claims: dict[str, Any], key: rsa.RSAPrivateKey) -> str:
    text = f"{part(head)}.{part(claims)}"
    return f"{text}.{part(key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256()))}"
