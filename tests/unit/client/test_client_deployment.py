"""Where a deployment is: told, from a studio, from the environment, or the local cloud."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from reelstep.client import (
    AsyncClient,
    Client,
    Deployment,
    NoLocalCloud,
    NotSignedIn,
    NotTheApi,
    Password,
    ReelstepClientError,
    Token,
    Unreachable,
    WrongSettings,
    sign_in_from_environment,
)
from tests.unit.cli.fake_cloud import FakeCloud
from tests.unit.client.conftest import QUICK, Both

STUDIO = {
    "stage": "prod",
    "region": "eu-west-3",
    "apiUrl": "https://api.example",
    "websocketUrl": "wss://live.example/live",
    "userPoolId": "eu-west-3_x",
    "clientId": "client-1",
    "cognitoUrl": "https://cognito-idp.eu-west-3.amazonaws.com/",
    "features": ["films"],
}


def test_an_address_is_all_that_is_needed() -> None:
    known = Deployment("https://api.example/")

    assert (known.api_url, known.docs_url) == ("https://api.example", "https://api.example/docs")
    assert (known.websocket_url, known.cognito_url) == ("", "")


def test_cognito_is_where_its_region_is() -> None:
    known = Deployment("https://api.example", region="eu-west-3")

    assert known.cognito_url == "https://cognito-idp.eu-west-3.amazonaws.com"


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("api_url", ""),
        ("api_url", "api.example"),
        ("api_url", "ftp://api.example"),
        ("api_url", "https://"),
        ("api_url", "https://:443"),
        ("api_url", "https://[::1"),
        ("api_url", "https://api.example:port"),
        ("websocket_url", "https://live.example"),
        ("cognito_url", "cognito"),
    ],
)
def test_what_is_no_address_is_named(name: str, url: str) -> None:
    given: dict[str, Any] = {"api_url": "https://api.example", name: url}

    with pytest.raises(WrongSettings, match=name) as wrong:
        Deployment(**given)
    assert wrong.value.name == name


#: Names and forms that only look like this machine.
ELSEWHERE = ("example.org", "127.example.org", "localhost.example.org", "10.0.0.7", "[fe80::1]")


@pytest.mark.parametrize("host", ELSEWHERE)
@pytest.mark.parametrize("name", ["api_url", "websocket_url", "cognito_url", "studio_url"])
def test_what_is_not_encrypted_is_named(name: str, host: str) -> None:
    scheme = "ws" if name == "websocket_url" else "http"
    given: dict[str, Any] = {"api_url": "https://api.example", name: f"{scheme}://{host}"}

    with pytest.raises(WrongSettings, match=f"{name} must begin with {scheme}s://") as wrong:
        Deployment(**given)
    assert wrong.value.name == name
    Deployment(**{**given, name: f"{scheme}s://{host}"})


@pytest.mark.parametrize(
    "host", ["127.0.0.1:5", "127.1.2.3", "localhost", "LOCALHOST:5", "api.localhost", "[::1]:5"]
)
def test_this_machine_needs_no_encryption(host: str) -> None:
    at = f"http://{host}"
    known = Deployment(at, f"ws://{host}", cognito_url=at, studio_url=at)

    assert known.websocket_url == f"ws://{host}"


# -- a studio --------------------------------------------------------------------------------------


def opened(both: Both, url: str, sign_in: Any = None) -> Deployment:
    """Through the client of that kind."""
    if both.kind == "sync":
        both.client = Client.from_studio(url, sign_in, patience=QUICK)
    else:
        made = AsyncClient.from_studio(url, sign_in, patience=QUICK)
        both.client = both.runner.run(made)
    known: Deployment = both.client.deployment
    return known


@pytest.mark.parametrize("rest", ["", "/", "/index.html", "/#/films/7"])
def test_a_studio_tells_where_everything_is(cloud: FakeCloud, both: Both, rest: str) -> None:
    cloud.plan("GET", "/studio/config.json", 200, STUDIO)

    known = opened(both, f"{cloud.url}/studio{rest}")

    assert known == Deployment(
        "https://api.example",
        "wss://live.example/live",
        region="eu-west-3",
        user_pool_id="eu-west-3_x",
        client_id="client-1",
        cognito_url="https://cognito-idp.eu-west-3.amazonaws.com",
        studio_url=f"{cloud.url}/studio",
        stage="prod",
        features=("films",),
    )


def test_a_studio_and_a_password_are_enough(cloud: FakeCloud, both: Both) -> None:
    here = {"apiUrl": cloud.url, "cognitoUrl": f"{cloud.url}/cognito", "websocketUrl": None}
    cloud.plan("GET", "/config.json", 200, {**STUDIO, **here})

    opened(both, cloud.url, Password("me@reelstep.test", "x"))

    assert both.call("account").plan == "PREMIUM"


@pytest.mark.parametrize(
    "body", ["<html>", [], {}, {**STUDIO, "apiUrl": "nowhere"}, {**STUDIO, "apiUrl": None}]
)
def test_what_is_no_studio_is_told_as_such(cloud: FakeCloud, both: Both, body: Any) -> None:
    cloud.plan("GET", "/config.json", 200, body)

    with pytest.raises(NotTheApi):
        opened(both, cloud.url)


@pytest.mark.parametrize(
    ("member", "name", "url"),
    [
        ("apiUrl", "api_url", "http://api.example"),
        ("websocketUrl", "websocket_url", "ws://live.example/live"),
        ("cognitoUrl", "cognito_url", "http://cognito.example/"),
    ],
)
def test_a_studio_cannot_have_a_password_or_a_token_sent_in_the_clear(
    cloud: FakeCloud, both: Both, member: str, name: str, url: str
) -> None:
    cloud.plan("GET", "/config.json", 200, {**STUDIO, member: url})

    with pytest.raises(NotTheApi, match=f"{name} must begin with"):
        opened(both, cloud.url, Password("me@reelstep.test", "x"))
    assert cloud.sign_ins == []


def test_a_studio_is_not_read_in_the_clear(both: Both) -> None:
    with pytest.raises(WrongSettings, match="studio_url must begin with https://"):
        opened(both, "http://studio.example")


def test_a_studio_that_does_not_answer(both: Both) -> None:
    with pytest.raises(Unreachable, match="The studio cannot be reached"):
        opened(both, "http://127.0.0.1:9")


# -- the local cloud -------------------------------------------------------------------------------


def test_the_local_cloud_is_known_with_its_users(cloud: FakeCloud, tmp_path: Path) -> None:
    cloud.write_local_json(tmp_path)

    known = Deployment.local(tmp_path)

    assert known.api_url == cloud.url
    assert known.demo_user is not None
    assert known.demo_user.cache == tmp_path / "session.json"
    with Client(known) as client:
        client.account()
    assert cloud.signed_in == ["demo@reelstep.test"]
    with Client(known, known.admin_user) as client:
        client.account()
    assert cloud.signed_in[1:] == ["admin@reelstep.test"]


def test_the_local_cloud_is_found_from_below(
    cloud: FakeCloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("REELSTEP_HOME", raising=False)
    cloud.write_local_json(tmp_path / ".reelstep")
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    monkeypatch.chdir(deep)

    assert Deployment.local().api_url == cloud.url


@pytest.mark.parametrize("text", [None, "", '{"apiUrl": 3', "{}", '{"apiUrl": "x"}', "[]"])
def test_a_local_cloud_that_is_not_there_says_how_to_start_it(
    tmp_path: Path, text: str | None
) -> None:
    if text is not None:
        (tmp_path / "local.json").write_text(text)

    with pytest.raises(NoLocalCloud) as missing:
        Deployment.local(tmp_path)
    assert "reelstep up" in missing.value.advice


# -- the environment -------------------------------------------------------------------------------

API, WS = "REELSTEP_API_URL", "REELSTEP_WEBSOCKET_URL"
AT, TOKEN = "REELSTEP_STUDIO_URL", "REELSTEP_TOKEN"
EMAIL, PASSWORD = "REELSTEP_EMAIL", "REELSTEP_PASSWORD"


def test_an_api_and_a_token_are_named() -> None:
    named = {API: "https://api.example/", WS: "wss://live.example", TOKEN: "t"}

    known = Deployment.from_environment(named)

    assert (known.api_url, known.websocket_url) == ("https://api.example", "wss://live.example")
    assert sign_in_from_environment(named) == Token("t")


def test_a_studio_and_a_password_are_named(cloud: FakeCloud) -> None:
    cloud.plan("GET", "/config.json", 200, STUDIO)
    named = {AT: cloud.url, EMAIL: "me@reelstep.test", PASSWORD: "x"}

    assert Deployment.from_environment(named).api_url == "https://api.example"
    assert sign_in_from_environment(named) == Password("me@reelstep.test", "x")


def test_without_names_it_is_the_local_cloud(cloud: FakeCloud, tmp_path: Path) -> None:
    cloud.write_local_json(tmp_path)
    named = {"REELSTEP_HOME": str(tmp_path)}

    assert Deployment.from_environment(named).stage == "local"
    assert sign_in_from_environment(named) is None


@pytest.mark.parametrize(
    ("named", "error", "said"),
    [
        ({TOKEN: "t"}, WrongSettings, API),
        ({API: "api.example", TOKEN: "t"}, WrongSettings, API),
        ({AT: "studio.example", TOKEN: "t"}, WrongSettings, AT),
        ({API: "http://a", TOKEN: "t"}, WrongSettings, API),
        ({AT: "http://a", EMAIL: "a", PASSWORD: "b"}, WrongSettings, AT),
        ({API: "https://a", WS: "ws://a", TOKEN: "t"}, WrongSettings, WS),
        ({API: "https://a", AT: "https://b", TOKEN: "t"}, WrongSettings, AT),
        ({WS: "wss://a"}, WrongSettings, API),
        ({API: "https://a", WS: "https://a", TOKEN: "t"}, WrongSettings, WS),
        ({EMAIL: "a", PASSWORD: "b"}, WrongSettings, AT),
        ({AT: "https://a", EMAIL: "a"}, WrongSettings, PASSWORD),
        ({AT: "https://a", PASSWORD: "a"}, WrongSettings, EMAIL),
        ({API: "https://a", EMAIL: "a", PASSWORD: "b"}, WrongSettings, AT),
        ({API: "https://a"}, NotSignedIn, TOKEN),
        ({AT: "https://a"}, NotSignedIn, EMAIL),
    ],
)
def test_names_that_do_not_fit_together_are_told_before_anybody_is_asked(
    named: Mapping[str, str], error: type[ReelstepClientError], said: str
) -> None:
    with pytest.raises(error) as wrong:
        sign_in_from_environment(named)
    assert said in f"{wrong.value} {wrong.value.advice}"


def test_a_client_as_the_environment_says(
    cloud: FakeCloud, both: Both, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in (AT, WS, EMAIL, PASSWORD):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(API, cloud.url)
    monkeypatch.setenv(TOKEN, "good")
    if both.kind == "sync":
        both.client = Client.from_environment()
    else:
        both.client = both.runner.run(AsyncClient.from_environment())

    assert both.call("account").balance == 940


# -- the package -----------------------------------------------------------------------------------


def test_every_public_name_is_there_and_nothing_heavy_is_loaded_for_an_error() -> None:
    code = (
        "import sys, reelstep.client as c\n"
        "from reelstep.client import ApiProblem\n"
        "heavy = {'httpx', 'websockets', 'pydantic', 'asyncio', 'boto3'} & set(sys.modules)\n"
        "print([n for n in c.__all__ if getattr(c, n, None) is None], sorted(heavy))\n"
        "print(sorted({'boto3', 'botocore', 'typer'} & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.splitlines() == ["[] []", "[]"]


def test_the_client_is_typed(tmp_path: Path) -> None:
    """What a caller's mypy knows of it: answers, iterators, and options that are none."""
    root = Path(__file__).resolve().parents[3]
    sample = tmp_path / "sample.py"
    sample.write_text(SAMPLE)
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--no-error-summary", str(sample)],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    wrong = [number for number, line in enumerate(SAMPLE.splitlines(), 1) if "# wrong" in line]
    lines = done.stdout.splitlines()
    assert [int(line.split(":")[1]) for line in lines if ": error:" in line] == wrong, done.stdout


SAMPLE = """\
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import assert_type
from reelstep.client import *

def blocking(client: Client) -> None:
    assert_type(client.generate("A fox", duration_seconds=20, quality="HD"), Submission)
    assert_type(client.follow("id"), Iterator[Event])
    assert_type(client.all_videos(), Iterator[Video])
    assert_type(client.wait("id").status, str)
    assert_type(client.download("id", "out"), Path)
    client.generate("A fox", quality="SUPER")  # wrong
    client.generate("A fox", seconds=20)  # wrong
    client.video("id").status = "COMPLETED"  # wrong

async def waiting(client: AsyncClient) -> None:
    assert_type(await client.generate("A fox"), Submission)
    assert_type(client.follow("id"), AsyncIterator[Event])
    assert_type((await client.previews("id")).title, str | None)
    client.account().balance  # wrong
"""


def test_local_json_of_the_launcher_is_what_is_read_here(tmp_path: Path) -> None:
    from reelstep.local.description import Account, Buckets, Description, write

    described = Description(
        api_url="http://127.0.0.1:4566/api",
        websocket_url="ws://127.0.0.1:4566/live",
        studio_url="http://127.0.0.1:4566/studio/",
        user_pool_id="p",
        client_id="c",
        region="us-east-1",
        aws_endpoint_url="http://127.0.0.1:4566",
        table_name="t",
        buckets=Buckets(artifacts="a", media="m", uploads="u"),
        state_machines={},
        demo_user=Account(email="d", password="1"),
        admin_user=Account(email="a", password="2"),
    )
    write(tmp_path / "local.json", described)

    known = Deployment.local(tmp_path)

    assert (known.websocket_url, known.studio_url) == (
        "ws://127.0.0.1:4566/live",
        "http://127.0.0.1:4566/studio",
    )
    assert (known.user_pool_id, known.region, known.stage) == ("p", "us-east-1", "local")
    assert json.loads((tmp_path / "local.json").read_text())["clientId"] == known.client_id
