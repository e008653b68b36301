"""Who may do what on the local cloud: tokens at the door, roles behind it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from tests.support import probes, tokens
from tests.support.local_cloud import LocalCloud, User

SIGNED_IN = "/api/v1/videos/user"


@pytest.fixture(scope="module")
def user(cloud: LocalCloud) -> User:
    return cloud.new_user()


@pytest.mark.parametrize(
    "forge",
    [
        pytest.param(tokens.other_signature, id="other-signature"),
        pytest.param(partial(tokens.with_claims, cognito_groups=["admin"]), id="added-group"),
        pytest.param(partial(tokens.with_claims, sub="somebody-else"), id="other-user"),
        pytest.param(tokens.unsigned, id="alg-none"),
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


def test_only_the_function_of_admins_may_change_groups_and_it_reaches_nothing_else(
    cloud: LocalCloud, attempt: Attempt
) -> None:
    pool, user = cloud.description.user_pool_id, cloud.new_user()
    call = "boto3.client('cognito-idp').{}(UserPoolId={!r}, Username={!r}{})"
    join = call.format("admin_add_user_to_group", pool, user.email, ", GroupName='plan-standard'")
    delete = call.format("admin_delete_user", pool, user.email, "")
    other = cloud.client("cognito-idp").create_user_pool(PoolName="other")["UserPool"]["Id"]

    assert attempt("api", join) == "AccessDeniedException"
    assert attempt("finish", join) == "AccessDeniedException"
    assert attempt("admin", delete) == "AccessDeniedException"
    assert attempt("admin", join.replace(pool, other)) == "AccessDeniedException"
    assert attempt("admin", join) == "allowed"

    read = "boto3.client('s3').get_object(Bucket={!r}, Key='probe')"
    buckets = cloud.description.buckets
    for bucket in (buckets.media, buckets.artifacts, buckets.uploads):
        assert attempt("admin", read.format(bucket)) == "AccessDenied"
    machine = cloud.description.state_machines["generation"]
    start = f"boto3.client('stepfunctions').start_execution(stateMachineArn={machine!r})"
    assert attempt("admin", start) == "AccessDeniedException"
