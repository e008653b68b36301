"""Where the API is and who is asking: `.reelstep/local.json`, or the environment for a cloud.

Without a deployment in the environment the local cloud of `reelstep up` is used, signed in as its
demo user, or as its admin for what only admins may do.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from reelstep.cli.told import told
from reelstep.client.deployment import API_URL, STUDIO_URL, Deployment, sign_in_from_environment
from reelstep.client.errors import ReelstepClientError
from reelstep.client.sign_in import SignIn
from reelstep.local.paths import home


@dataclass(frozen=True)
class Connection:
    """One place to talk to, and as whom. `variable` named it; of the local cloud it is empty."""

    deployment: Deployment
    sign_in: SignIn | None = None
    variable: str = ""

    @property
    def local(self) -> bool:
        """True for the local cloud, false for a deployment named by the environment."""
        return not self.variable

    @property
    def api_url(self) -> str:
        return self.deployment.api_url

    @property
    def docs_url(self) -> str:
        return self.deployment.docs_url


def discover(environment: Mapping[str, str] = os.environ, *, as_admin: bool = False) -> Connection:
    """The deployment that the environment names, else the local cloud.

    `as_admin` chooses the local cloud's admin; a deployment knows who its user is.

    Raises:
        WrongUsage: variables that contradict each other, or a URL that is none.
        NotSignedIn: a deployment without anything to sign in with.
        NotRunning: there is no local.json.
        Unreachable: the studio that is named does not answer, or is none.
    """
    variable = next((name for name in (STUDIO_URL, API_URL) if environment.get(name)), "")
    try:
        sign_in = sign_in_from_environment(environment)
        if variable:
            return Connection(Deployment.from_environment(environment), sign_in, variable)
    except ReelstepClientError as error:
        raise told(error, variable) from error
    return local_cloud(environment, as_admin=as_admin)


def local_cloud(
    environment: Mapping[str, str] = os.environ, *, as_admin: bool = False
) -> Connection:
    """The local cloud, whatever deployment the environment names. Raises NotRunning."""
    try:
        deployment = Deployment.local(home(environment))
    except ReelstepClientError as error:
        raise told(error) from error
    return Connection(deployment, deployment.admin_user if as_admin else deployment.demo_user)
