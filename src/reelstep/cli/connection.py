"""Where the API is and who is asking: `.reelstep/local.json`, or the environment for a cloud.

`REELSTEP_API_URL` with `REELSTEP_TOKEN` (a Cognito ID token) points the commands at a deployment.
Without them the local cloud of `reelstep up` is used, signed in as its demo user, or as its admin
for what only admins may do.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import json
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import requests

from reelstep.cli.errors import NotRunning, NotSignedIn, Unreachable, WrongUsage
from reelstep.local.paths import Home, home

REFRESH_BEFORE_EXPIRY_SECONDS = 60
TIMEOUT_SECONDS = (3.05, 30.0)


@dataclass(frozen=True)
class Connection:
    """One place to talk to. Without `client_id` there is a ready `token` and nothing to refresh."""

    api_url: str
    token: str = ""
    cognito_url: str = ""
    client_id: str = ""
    email: str = ""
    password: str = ""
    cache: Path | None = None

    @property
    def local(self) -> bool:
        """True for the local cloud, false for a deployment named by the environment."""
        return bool(self.client_id)

    @property
    def docs_url(self) -> str:
        return f"{self.api_url}/docs"


def discover(environment: Mapping[str, str] = os.environ, *, as_admin: bool = False) -> Connection:
    """The deployment that the environment names, else the local cloud.

    `as_admin` chooses the local cloud's admin; a deployment knows who its token is.

    Raises:
        WrongUsage: REELSTEP_TOKEN without REELSTEP_API_URL, or a URL that is none.
        NotSignedIn: REELSTEP_API_URL without REELSTEP_TOKEN.
        NotRunning: there is no local.json.
    """
    url, token = environment.get("REELSTEP_API_URL", ""), environment.get("REELSTEP_TOKEN", "")
    if url:
        if urlsplit(url).scheme not in ("http", "https"):
            raise WrongUsage("REELSTEP_API_URL is not a URL", f"It says {url!r}.")
        if not token:
            raise NotSignedIn(
                "REELSTEP_API_URL is set and REELSTEP_TOKEN is not",
                hint="Put a Cognito ID token of that deployment into REELSTEP_TOKEN.",
            )
        return Connection(api_url=url.rstrip("/"), token=token)
    if token:
        raise WrongUsage(
            "REELSTEP_TOKEN is set and REELSTEP_API_URL is not",
            hint="Name the deployment in REELSTEP_API_URL, or unset both for the local cloud.",
        )
    return from_home(Home(home(environment)), as_admin=as_admin)


def from_home(at: Home, *, as_admin: bool = False) -> Connection:
    """Read what `reelstep up` wrote; the two users keep their tokens apart.

    Raises:
        NotRunning: it is not there, or not readable as what `up` writes.
    """
    try:
        written = json.loads(at.local_json.read_text(encoding="utf-8"))
        user = written["adminUser" if as_admin else "demoUser"]
        return Connection(
            api_url=str(written["apiUrl"]).rstrip("/"),
            cognito_url=str(written["awsEndpointUrl"]),
            client_id=str(written["clientId"]),
            email=str(user["email"]),
            password=str(user["password"]),
            cache=at.admin_session if as_admin else at.session,
        )
    except FileNotFoundError:
        raise NotRunning() from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NotRunning(f"{at.local_json} cannot be read ({type(error).__name__}).") from error


def http_session(url: str) -> requests.Session:
    """A session for `url`; a proxy of the environment is not asked for addresses on loopback."""
    session = requests.Session()
    host = urlsplit(url).hostname or ""
    session.trust_env = host not in ("localhost", "::1") and not host.startswith("127.")
    return session


class SignIn(Protocol):
    """Gives the token for the Authorization header."""

    def token(self) -> str: ...

    def renew(self) -> bool:
        """Drop the token that was just refused; false when no other can be had."""
        ...


class GivenToken:
    """A token from the environment: used as it is."""

    def __init__(self, token: str):
        self._token = token

    def token(self) -> str:
        return self._token

    def renew(self) -> bool:
        return False


class CognitoSignIn:
    """USER_PASSWORD_AUTH once, REFRESH_TOKEN_AUTH after that, tokens kept in a 0600 file.

    https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_InitiateAuth.html
    The call is unsigned, so plain HTTP does and the AWS SDK stays out of the command's start-up.
    """

    def __init__(self, connection: Connection, session: requests.Session | None = None):
        self._to = connection
        self._http = session or http_session(connection.cognito_url)
        self._tokens: dict[str, Any] = self._read_cache()

    def token(self) -> str:
        """An ID token that is good for at least another minute.

        Raises:
            NotSignedIn: Cognito refused.
            NotRunning: Cognito's address refuses connections.
        """
        expires = float(self._tokens.get("expiresAt", 0))
        if not self._tokens.get("idToken") or time.time() > expires - REFRESH_BEFORE_EXPIRY_SECONDS:
            self._obtain()
        return str(self._tokens["idToken"])

    def renew(self) -> bool:
        self._tokens.pop("idToken", None)
        self._obtain()
        return True

    def _obtain(self) -> None:
        refresh = self._tokens.get("refreshToken")
        if refresh:
            with contextlib.suppress(NotSignedIn):  # a refresh token dies with its pool
                self._initiate("REFRESH_TOKEN_AUTH", {"REFRESH_TOKEN": refresh})
                return
        self._initiate(
            "USER_PASSWORD_AUTH", {"USERNAME": self._to.email, "PASSWORD": self._to.password}
        )

    def _initiate(self, flow: str, parameters: Mapping[str, Any]) -> None:
        try:
            answer = self._http.post(
                self._to.cognito_url,
                data=json.dumps(
                    {
                        "AuthFlow": flow,
                        "ClientId": self._to.client_id,
                        "AuthParameters": parameters,
                    }
                ),
                headers={
                    "Content-Type": "application/x-amz-json-1.1",
                    "X-Amz-Target": "AWSCognitoIdentityProviderService.InitiateAuth",
                },
                timeout=TIMEOUT_SECONDS,
            )
        except requests.RequestException as error:
            raise NotRunning(f"{self._to.cognito_url} does not answer.") from error
        try:
            body = answer.json()
        except ValueError:
            raise Unreachable(
                "The sign-in gave no readable answer", f"HTTP {answer.status_code}."
            ) from None
        result = body.get("AuthenticationResult") if answer.ok else None
        if not result or "IdToken" not in result:
            raise NotSignedIn(
                f"The sign-in as {self._to.email} was refused",
                str(body.get("message") or body.get("__type") or ""),
                hint="`reelstep up` creates its users again if they are lacking.",
            )
        self._tokens = {
            "clientId": self._to.client_id,
            "email": self._to.email,
            "idToken": result["IdToken"],
            "refreshToken": result.get("RefreshToken") or self._tokens.get("refreshToken", ""),
            "expiresAt": _expiry(result["IdToken"], float(result.get("ExpiresIn", 3600))),
        }
        self._write_cache()

    def _read_cache(self) -> dict[str, Any]:
        if self._to.cache is None:
            return {}
        try:
            kept = json.loads(self._to.cache.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        mine = {"clientId": self._to.client_id, "email": self._to.email}
        if not isinstance(kept, dict) or any(kept.get(name) != mine[name] for name in mine):
            return {}  # another pool's, from before a wipe
        return kept

    def _write_cache(self) -> None:
        if self._to.cache is None:
            return
        part = self._to.cache.with_name(f".{self._to.cache.name}.{os.getpid()}")
        with contextlib.suppress(OSError):  # a directory we may not write costs one sign-in more
            part.unlink(missing_ok=True)
            descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                json.dump(self._tokens, file)
            part.replace(self._to.cache)


def sign_in_for(connection: Connection) -> SignIn:
    """The way to sign in that `connection` has."""
    return CognitoSignIn(connection) if connection.local else GivenToken(connection.token)


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
