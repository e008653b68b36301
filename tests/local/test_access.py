"""Who may do what on the local cloud: tokens at the door, roles behind it."""

from __future__ import annotations

import base64
import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from tests.support import probes
from tests.support.local_cloud import LocalCloud, User

SIGNED_IN = "/api/v1/videos/user"


@pytest.fixture(scope="module")
def user(cloud: LocalCloud) -> User:
    return cloud.new_user()


def _part(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def _claims(token: str) -> dict[str, Any]:
    body = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))


def _other_signature(token: str) -> str:
    head, body, signature = token.split(".")
    swapped = "B" if signature[10] == "A" else "A"
    return f"{head}.{body}.{signature[:10]}{swapped}{signature[11:]}"


def _other_claim(name: str, value: Any) -> Callable[[str], str]:
    def forge(token: str) -> str:
        head, _body, signature = token.split(".")
        return f"{head}.{_part({**_claims(token), name: value})}.{signature}"

    return forge


def _unsigned(token: str) -> str:
    return f"{_part({'alg': 'none', 'typ': 'JWT'})}.{token.split('.')[1]}."


@pytest.mark.parametrize(
    "forge",
    [
        pytest.param(_other_signature, id="other-signature"),
        pytest.param(_other_claim("cognito:groups", ["admin"]), id="added-group"),
        pytest.param(_other_claim("sub", "somebody-else"), id="other-user"),
        pytest.param(_unsigned, id="alg-none"),
        pytest.param(lambda _token: "not-a-token", id="no-token-at-all"),
        pytest.param(lambda _token: "", id="empty"),
    ],
)
def test_a_forged_token_is_refused(
    cloud: LocalCloud, user: User, forge: Callable[[str], str]
) -> None:
    assert cloud.http("GET", SIGNED_IN, token=user.token).status_code == 200
    assert cloud.http("GET", SIGNED_IN, token=forge(user.token)).status_code == 401


def test_without_a_token_only_the_public_routes_answer(cloud: LocalCloud) -> None:
    assert cloud.http("GET", SIGNED_IN).status_code == 401
    assert cloud.http("POST", "/api/v1/videos/generate", json={}).status_code == 401
    for path in ("/health", "/openapi.json", "/docs", "/api/v1/videos/queue-status"):
        assert cloud.http("GET", path).status_code == 200, path


def test_a_token_of_another_pool_is_refused(cloud: LocalCloud) -> None:
    cognito = cloud.client("cognito-idp")
    pool = cognito.create_user_pool(PoolName="other")["UserPool"]["Id"]
    client = cognito.create_user_pool_client(
        UserPoolId=pool, ClientName="other", ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"]
    )["UserPoolClient"]["ClientId"]
    cognito.admin_create_user(UserPoolId=pool, Username="eve", MessageAction="SUPPRESS")
    cognito.admin_set_user_password(
        UserPoolId=pool, Username="eve", Password="Correct-horse-1!", Permanent=True
    )
    token = cognito.initiate_auth(
        AuthFlow="USER_PASSWORD_AUTH",
        ClientId=client,
        AuthParameters={"USERNAME": "eve", "PASSWORD": "Correct-horse-1!"},
    )["AuthenticationResult"]["IdToken"]
    assert cloud.http("GET", SIGNED_IN, token=token).status_code == 401


def test_nobody_joins_a_group_by_signing_up(cloud: LocalCloud) -> None:
    cognito = cloud.client("cognito-idp")
    email = f"{uuid.uuid4().hex}@example.org"
    cognito.sign_up(
        ClientId=cloud.description.client_id,
        Username=email,
        Password="Correct-horse-1!",
        UserAttributes=[{"Name": "email", "Value": email}],
    )
    groups = cognito.admin_list_groups_for_user(
        UserPoolId=cloud.description.user_pool_id, Username=email
    )["Groups"]
    assert groups == []


Attempt = Callable[[str, str], str]


@pytest.fixture
def attempt(cloud: LocalCloud) -> Attempt:
    """Try a line of Python with a deployed function's role: `allowed`, or the error's code."""

    def attempt(role_of: str, line: str) -> str:
        source = f"""
            import boto3, botocore.exceptions

            def handler(event, context):
                try:
                    {line}
                except botocore.exceptions.ClientError as error:
                    return error.response["Error"]["Code"]
                return "allowed"
        """
        with probes.function(cloud, source, role_of=role_of) as arn:
            return str(probes.invoke(cloud, arn))

    return attempt


def test_a_function_may_do_what_its_role_says_and_nothing_else(
    cloud: LocalCloud, attempt: Attempt
) -> None:
    table, buckets = cloud.description.table_name, cloud.description.buckets
    machine = cloud.description.state_machines["generation"]

    put = "boto3.client('s3').put_object(Bucket={!r}, Key='probe', Body=b'')"
    start = "boto3.client('stepfunctions').start_execution(stateMachineArn={!r}, input='{{}}')"
    scan = "boto3.client('dynamodb').scan(TableName={!r})"
    get_item = (
        "boto3.client('dynamodb').get_item("
        "TableName={!r}, Key={{'pk': {{'S': 'x'}}, 'sk': {{'S': 'x'}}}})"
    )

    assert attempt("finish", get_item.format(table)) == "allowed"
    assert attempt("picture", put.format(buckets.artifacts)) == "allowed"

    assert attempt("finish", put.format(buckets.artifacts)) == "AccessDenied"
    assert attempt("picture", put.format(buckets.media)) == "AccessDenied"
    assert attempt("api", put.format(buckets.artifacts)) == "AccessDenied"
    assert attempt("script", scan.format(table)) == "AccessDeniedException"
    assert attempt("render", start.format(machine)) == "AccessDeniedException"
