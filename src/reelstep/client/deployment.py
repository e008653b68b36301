"""Where a deployment is: told, read from its studio, from the environment, or the local cloud."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from reelstep.client import addresses
from reelstep.client.answers import Answer
from reelstep.client.effects import Flow
from reelstep.client.errors import NoLocalCloud, NotSignedIn, NotTheApi, WrongSettings
from reelstep.client.exchange import Call, Caller, Patience, as_a
from reelstep.client.sign_in import Password, SignIn, Token

API_URL, WEBSOCKET_URL = "REELSTEP_API_URL", "REELSTEP_WEBSOCKET_URL"
STUDIO_URL, HOME = "REELSTEP_STUDIO_URL", "REELSTEP_HOME"
TOKEN, EMAIL, PASSWORD = "REELSTEP_TOKEN", "REELSTEP_EMAIL", "REELSTEP_PASSWORD"
_SCHEMES = {"websocket_url": addresses.WEBSOCKET}


@dataclass(frozen=True)
class Deployment:
    """Addresses of one deployment; only `api_url` is needed by everybody.

    Without `websocket_url` jobs are followed by reading their log. `client_id`, and `cognito_url`
    or `region`, are what a password needs. The two users are those of a local cloud. Addresses are
    https and wss; only those of this machine may be http and ws.

    Raises:
        WrongSettings: an address is none, or not encrypted; it is named.
    """

    api_url: str
    websocket_url: str = ""
    region: str = ""
    user_pool_id: str = ""
    client_id: str = ""
    cognito_url: str = ""
    studio_url: str = ""
    stage: str = ""
    features: tuple[str, ...] = ()
    demo_user: Password | None = field(default=None, repr=False)
    admin_user: Password | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if not self.cognito_url and self.region:
            cognito = f"https://cognito-idp.{self.region}.amazonaws.com"
            object.__setattr__(self, "cognito_url", cognito)
        for name in ("api_url", "websocket_url", "cognito_url", "studio_url"):
            url = getattr(self, name).strip().rstrip("/")
            object.__setattr__(self, name, url)
            if url or name == "api_url":
                addresses.check(name, url, _SCHEMES.get(name, addresses.HTTP))

    @property
    def docs_url(self) -> str:
        """Swagger UI."""
        return f"{self.api_url}/docs"

    @classmethod
    def local(cls, folder: Path | str | None = None) -> Self:
        """The local cloud of `reelstep up`, from its `local.json`.

        `folder` is where that is; without it REELSTEP_HOME, else `.reelstep` in the working
        directory or the nearest one above it.

        Raises:
            NoLocalCloud: it is not there, or not readable as what `up` writes.
        """
        place = Path(folder).expanduser() if folder is not None else _home()
        file = place / "local.json"
        try:
            return cls._of_local(json.loads(file.read_text(encoding="utf-8")), place)
        except FileNotFoundError:
            raise NoLocalCloud(
                "The local cloud is not running, or it is another folder's",
                f"There is no {file}: work in the checkout, or name its folder in REELSTEP_HOME.",
                name=str(file),
                advice="Start it:  reelstep up",
            ) from None
        except (OSError, ValueError, KeyError, TypeError, WrongSettings) as error:
            raise NoLocalCloud(
                "The local cloud is not running",
                f"{file} cannot be read ({type(error).__name__}).",
                name=str(file),
                advice="Start it:  reelstep up",
            ) from error

    @classmethod
    def _of_local(cls, written: Mapping[str, Any], place: Path) -> Self:
        demo, admin = written["demoUser"], written["adminUser"]
        return cls(
            api_url=str(written["apiUrl"]),
            websocket_url=str(written.get("websocketUrl") or ""),
            region=str(written.get("region") or ""),
            user_pool_id=str(written.get("userPoolId") or ""),
            client_id=str(written["clientId"]),
            cognito_url=str(written["awsEndpointUrl"]),
            studio_url=str(written.get("studioUrl") or ""),
            stage="local",
            demo_user=Password(demo["email"], demo["password"], place / "session.json"),
            admin_user=Password(admin["email"], admin["password"], place / "session-admin.json"),
        )

    @classmethod
    def from_studio(cls, url: str, patience: Patience = Patience()) -> Self:  # noqa: B008  frozen
        """The deployment whose studio is at `url`, from the `config.json` beside it.

        It asks over the network and waits; `AsyncClient.from_studio` does so without blocking.

        Raises:
            Unreachable: nobody answers there.
            NotTheApi: what answers is no studio, or names an address that is not encrypted.
            WrongSettings: `url` itself is none, or not encrypted.
            ApiProblem: it refuses.
        """
        from reelstep.client.driver import Driver

        with Driver(hosts=(url,)) as driver:
            return driver.run(cls.studio_flow(url, patience))

    @classmethod
    def studio_flow(cls, url: str, patience: Patience) -> Flow[Self]:
        """`from_studio`, without doing it."""
        studio = url.strip().partition("#")[0].removesuffix("index.html").rstrip("/")
        addresses.check("studio_url", studio, addresses.HTTP)
        call = Call("GET", "/config.json", as_a(_StudioConfig), signed=False)
        read = yield from Caller(studio, patience=patience, name="The studio").call(call)
        try:
            return cls(
                api_url=read.api_url,
                websocket_url=read.websocket_url or "",
                region=read.region,
                user_pool_id=read.user_pool_id,
                client_id=read.client_id,
                cognito_url=read.cognito_url or "",
                studio_url=studio,
                stage=read.stage,
                features=read.features,
            )
        except WrongSettings as error:
            raise NotTheApi("That is no studio", str(error), address=studio) from error

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """The one that REELSTEP_STUDIO_URL or REELSTEP_API_URL (with REELSTEP_WEBSOCKET_URL)
        names, else the local cloud.

        Raises:
            WrongSettings: the variables contradict each other; one is named.
            NoLocalCloud, Unreachable, NotTheApi: as `local` and `from_studio`.
        """
        _check_environment(environment)
        if studio := environment.get(STUDIO_URL, ""):
            return cls.from_studio(studio)
        if api := environment.get(API_URL, ""):
            return cls(api_url=api, websocket_url=environment.get(WEBSOCKET_URL, ""))
        return cls.local(environment.get(HOME) or None)


def sign_in_from_environment(environment: Mapping[str, str] = os.environ) -> SignIn | None:
    """REELSTEP_TOKEN, or REELSTEP_EMAIL with REELSTEP_PASSWORD; None for the local cloud, whose
    users are in its description.

    Raises:
        WrongSettings: the variables contradict each other; one is named.
        NotSignedIn: a deployment is named, and nothing to sign in with.
    """
    _check_environment(environment)
    if token := environment.get(TOKEN, ""):
        return Token(token)
    if email := environment.get(EMAIL, ""):
        return Password(email, environment[PASSWORD])
    if environment.get(STUDIO_URL, ""):
        raise NotSignedIn(
            f"{STUDIO_URL} is set and {EMAIL} is not",
            advice=f"Put your sign-in into {EMAIL} and {PASSWORD}, or an ID token into {TOKEN}.",
        )
    if environment.get(API_URL, ""):
        raise NotSignedIn(
            f"{API_URL} is set and {TOKEN} is not",
            advice=f"Put a Cognito ID token of that deployment into {TOKEN}.",
        )
    return None


class _StudioConfig(Answer):
    """`config.json` beside a studio."""

    stage: str = ""
    region: str = ""
    api_url: str
    websocket_url: str | None = None
    user_pool_id: str = ""
    client_id: str = ""
    cognito_url: str | None = None
    features: tuple[str, ...] = ()


def _check_environment(environment: Mapping[str, str]) -> None:
    """Raises WrongSettings for what can only be a mistake, before anything is asked."""
    has = {name: bool(environment.get(name, "")) for name in (API_URL, WEBSOCKET_URL, STUDIO_URL)}
    has |= {name: bool(environment.get(name, "")) for name in (TOKEN, EMAIL, PASSWORD)}
    if has[API_URL] and has[STUDIO_URL]:
        raise WrongSettings(
            f"{API_URL} and {STUDIO_URL} are both set",
            name=STUDIO_URL,
            advice=f"{STUDIO_URL} alone is enough.",
        )
    for name in (API_URL, STUDIO_URL):
        if has[name]:
            addresses.check(name, environment[name].strip(), addresses.HTTP)
    if has[WEBSOCKET_URL] and not has[API_URL]:
        raise _half(WEBSOCKET_URL, API_URL)
    if has[WEBSOCKET_URL]:
        addresses.check(WEBSOCKET_URL, environment[WEBSOCKET_URL].strip(), addresses.WEBSOCKET)
    if has[TOKEN] and not (has[API_URL] or has[STUDIO_URL]):
        raise _half(TOKEN, API_URL)
    for one, other in ((EMAIL, PASSWORD), (PASSWORD, EMAIL), (EMAIL, STUDIO_URL)):
        if has[one] and not has[other] and not has[TOKEN]:
            raise _half(one, other)


def _half(name: str, lacking: str) -> WrongSettings:
    return WrongSettings(
        f"{name} is set and {lacking} is not",
        name=lacking,
        advice=f"Set {lacking} too, or unset all of REELSTEP_… for the local cloud.",
    )


def _home() -> Path:
    if given := os.environ.get(HOME, ""):
        return Path(given).expanduser()
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / ".reelstep" / "local.json").is_file():
            return folder / ".reelstep"
    return here / ".reelstep"
