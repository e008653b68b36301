"""The studio from the terminal: where it is, who signs in there, and bringing it to AWS."""

from __future__ import annotations

import sys
from typing import Any

from rich.text import Text

from reelstep.cli.api import Api
from reelstep.cli.browser import open_address
from reelstep.cli.connection import discover
from reelstep.cli.errors import CliError, NotRunning, NotSignedIn, Unreachable, WrongUsage
from reelstep.cli.terminal import Terminal, pairs
from reelstep.local import description, emulator
from reelstep.local.description import Description
from reelstep.local.paths import ROOT, STUDIO_FONTS, Home, home
from reelstep.platform.errors import Permanent


def open_studio(*, url_only: bool) -> None:
    """Raises NotRunning, or Unreachable when a deployment does not say where its studio is."""
    open_address(_address(), url_only=url_only)


def print_password() -> None:
    """The demo user's, alone on its line. Raises NotRunning."""
    sys.stdout.write(_described().demo_user.password + "\n")


def _described() -> Description:
    found = description.read(Home(home()).local_json)
    if found is None:
        raise NotRunning
    return found


def _address() -> str:
    connection = discover()
    if connection.local:
        if emulator.find(Home(home())) is None:
            raise NotRunning("Its state is kept and comes back with it.")
        studio = _described().studio_url
        if not studio:
            raise NotRunning("It was started before there was a studio.")
        return studio
    return Api(connection).studio_url()


def publish(*, stack: str, region: str | None, everything: bool, as_json: bool) -> None:
    """Bring the studio of this checkout to the site bucket of a stack on AWS.

    Raises:
        WrongUsage: there is no such stack, or it has no studio.
        NotSignedIn: no credentials of AWS.
    """
    import boto3
    from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, NoRegionError

    terminal = Terminal(as_json=as_json)
    try:
        session = boto3.Session(region_name=region)
        done = _publish(session, stack, everything=everything)
    except NoRegionError as error:
        raise WrongUsage("No region", "Say --region, or set AWS_REGION.") from error
    except NoCredentialsError as error:
        raise NotSignedIn("No credentials of AWS were found") from error
    except ClientError as error:
        raise CliError(
            "AWS refused",
            str(error),
            hint=f"Is the stack called {stack}? `cdk list` names those of the app.",
            code=str(error.response.get("Error", {}).get("Code", "")),
        ) from error
    except BotoCoreError as error:
        raise Unreachable("AWS does not answer", str(error)) from error
    except Permanent as error:
        raise WrongUsage(error.title, error.message) from error
    if as_json:
        terminal.emit(done)
        return
    terminal.say(
        pairs(
            [
                ("Studio", Text(done["studioUrl"], "key", overflow="fold")),
                ("Written", str(len(done["written"]))),
                ("Removed", str(len(done["removed"]))),
            ]
        )
    )


def _publish(session: Any, stack: str, *, everything: bool) -> dict[str, Any]:
    from reelstep.studio import publishing
    from reelstep.studio.files import Addresses, page_files

    (described,) = session.client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
    outputs = {item["OutputKey"]: item["OutputValue"] for item in described.get("Outputs", ())}
    addresses = Addresses.of_stack(outputs)
    files = [*page_files(ROOT / "studio", STUDIO_FONTS), addresses.config()]
    changes = publishing.publish(
        session.client("s3"), outputs["SiteBucket"], files, everything=everything
    )
    if changes:
        publishing.invalidate(session.client("cloudfront"), outputs["StudioDistributionId"])
    return {
        "studioUrl": outputs["StudioUrl"],
        "written": list(changes.written),
        "removed": list(changes.removed),
    }
