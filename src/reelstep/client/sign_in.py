"""Who is asking: Cognito by plain HTTPS, without the AWS SDK, or a token that is there already."""

from __future__ import annotations

import base64
import binascii
import contextlib
import json
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from reelstep.client.effects import Flow, Reply
from reelstep.client.errors import NotSignedIn, NotTheApi, Unreachable, WrongSettings
from reelstep.client.exchange import Call, Caller, Patience, json_object

REFRESH_BEFORE_EXPIRY_SECONDS = 60
_BUSY = frozenset({"TooManyRequestsException", "InternalErrorException"})


class Session(Protocol):
    """Tokens of one client, asked for by one flow at a time."""

    def token(self, refused: str = "") -> Flow[str]:
        """An ID token other than `refused`; "" when no other can be had. NotSignedIn."""
        ...


class SignIn(Protocol):
    """A way to sign in: `Password` or `Token`."""

    def session(self, cognito_url: str, client_id: str, patience: Patience) -> Session:
        """Raises WrongSettings when the deployment's description is not enough for it."""
        ...


@dataclass(frozen=True)
class Token:
    """A Cognito ID token, used as it is until it is refused."""

    id_token: str = field(repr=False)

    def session(self, cognito_url: str, client_id: str, patience: Patience) -> Session:
        return _Given(self.id_token)


@dataclass(frozen=True)
class Password:
    """E-mail address and password. Tokens are renewed before they expire.

    `cache` is a file that keeps them from one program to the next, readable by its owner only.
    """

    email: str
    password: str = field(repr=False)
    cache: Path | None = None

    def session(self, cognito_url: str, client_id: str, patience: Patience) -> Session:
        if not client_id or not cognito_url:
            raise WrongSettings(
                "This deployment's sign-in is not known",
                "A password needs its region (or cognitoUrl) and its clientId.",
                name="clientId" if cognito_url else "cognitoUrl",
                advice="Describe the deployment by its studio, or give a token instead.",
            )
        caller = Caller(cognito_url, patience=patience, name="The sign-in")
        return _Cognito(self, client_id, caller)


class _Given:
    def __init__(self, token: str):
        self._token = token

    def token(self, refused: str = "") -> Flow[str]:
        yield from ()
        return "" if refused == self._token else self._token


class _Cognito:
    """USER_PASSWORD_AUTH once, REFRESH_TOKEN_AUTH after that.

    https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_InitiateAuth.html
    """

    def __init__(self, who: Password, client_id: str, caller: Caller):
        self._who = who
        self._client_id = client_id
        self._caller = caller
        self._tokens: dict[str, Any] = self._read_cache()

    def token(self, refused: str = "") -> Flow[str]:
        """An ID token that is good for at least another minute.

        Raises:
            NotSignedIn: Cognito refused.
            Unreachable: Cognito does not answer.
        """
        known = str(self._tokens.get("idToken") or "")
        expires = float(self._tokens.get("expiresAt", 0))
        if not known or known == refused or time.time() > expires - REFRESH_BEFORE_EXPIRY_SECONDS:
            yield from self._obtain()
        return str(self._tokens["idToken"])

    def _obtain(self) -> Flow[None]:
        refresh = self._tokens.get("refreshToken")
        if refresh:
            with contextlib.suppress(NotSignedIn):  # a refresh token dies with its pool
                yield from self._initiate("REFRESH_TOKEN_AUTH", {"REFRESH_TOKEN": refresh})
                return
        who = {"USERNAME": self._who.email, "PASSWORD": self._who.password}
        yield from self._initiate("USER_PASSWORD_AUTH", who)

    def _initiate(self, flow: str, parameters: Mapping[str, Any]) -> Flow[None]:
        reply: Reply = yield from self._caller.reply(
            _initiate_auth(self._client_id, flow, parameters)
        )
        try:
            body = json_object(reply)
        except ValueError as error:
            raise NotTheApi(
                "The sign-in gave no readable answer",
                f"HTTP {reply.status}.",
                address=self._caller.api_url,
            ) from error
        result = body.get("AuthenticationResult") if reply.status < 400 else None
        if not isinstance(result, dict) or "IdToken" not in result:
            raise self._refusal(body)
        self._tokens = {
            "clientId": self._client_id,
            "email": self._who.email,
            "idToken": result["IdToken"],
            "refreshToken": result.get("RefreshToken") or self._tokens.get("refreshToken", ""),
            "expiresAt": _expiry(result["IdToken"], float(result.get("ExpiresIn", 3600))),
        }
        self._write_cache()

    def _refusal(self, body: Mapping[str, Any]) -> Exception:
        kind = str(body.get("__type") or "").rpartition("#")[2]
        if kind in _BUSY:
            said = str(body.get("message") or kind)
            return Unreachable("The sign-in is busy", said, address=self._caller.api_url)
        challenge = body.get("ChallengeName")
        asked = f"Cognito asks for {challenge}, which is done in the studio." if challenge else ""
        return NotSignedIn(
            f"The sign-in as {self._who.email} was refused",
            str(body.get("message") or asked or kind),
        )

    def _read_cache(self) -> dict[str, Any]:
        if self._who.cache is None:
            return {}
        try:
            kept = json.loads(self._who.cache.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        mine = {"clientId": self._client_id, "email": self._who.email}
        if not isinstance(kept, dict) or any(kept.get(name) != mine[name] for name in mine):
            return {}  # another pool's, from before a wipe
        return kept

    def _write_cache(self) -> None:
        cache = self._who.cache
        if cache is None:
            return
        part = cache.with_name(f".{cache.name}.{os.getpid()}")
        with contextlib.suppress(OSError):  # a directory we may not write costs one sign-in more
            part.unlink(missing_ok=True)
            descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                json.dump(self._tokens, file)
            part.replace(cache)


def _initiate_auth(client_id: str, flow: str, parameters: Mapping[str, Any]) -> Call[None]:
    return Call(
        "POST",
        "",
        lambda _reply: None,
        json={"AuthFlow": flow, "ClientId": client_id, "AuthParameters": dict(parameters)},
        signed=False,
        safe=True,
        headers={
            "Content-Type": "application/x-amz-json-1.1",
            "X-Amz-Target": "AWSCognitoIdentityProviderService.InitiateAuth",
        },
    )


def _expiry(token: str, lifetime_seconds: float) -> float:
    """Unix time at which `token` ends: its own `exp`, else counted from now.

    The claim is read for planning only; the API is who verifies it.
    """
    try:
        payload = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        return float(claims["exp"])
    except (IndexError, KeyError, TypeError, ValueError, binascii.Error):
        return time.time() + lifetime_seconds
