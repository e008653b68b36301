"""A user cannot raise its own plan, whatever it writes, signs up with, sends or forges."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from reelstep.local.description import Account
from tests.support import films, tokens
from tests.support.local_cloud import PASSWORD, LocalCloud, User

ACCOUNT = "/api/v1/account"
HD = {"prompt": "A dearer film", "durationSeconds": 10, "quality": "HD", "preview": True}
#: Of these, what the client's WriteAttributes name.
WRITABLE = ("name", "locale")
WISHES = [
    ("cognito:groups", "admin"),
    ("cognito:groups", '["plan-vip-plus", "admin"]'),
    ("cognito:preferred_role", "admin"),
    ("custom:plan", "VIP_PLUS"),
    ("custom:role", "admin"),
    ("custom:groups", "plan-vip-plus"),
    ("dev:custom:plan", "VIP_PLUS"),
    ("plan", "VIP_PLUS"),
    ("groups", "plan-vip-plus"),
    ("profile", "plan-vip-plus"),
    ("sub", "00000000-0000-0000-0000-000000000000"),
    ("email_verified", "true"),
    ("name", "[plan-vip-plus admin]"),
    ("locale", "plan-vip-plus"),
]


@pytest.fixture
def user(cloud: LocalCloud) -> User:
    return cloud.new_user()


def assert_free(cloud: LocalCloud, user: User) -> None:
    """On the FREE plan, no admin, without a token more than the welcome."""
    account = cloud.http("GET", ACCOUNT, token=user.token).json()
    assert (account["userId"], account["plan"], account["admin"]) == (user.id, "FREE", False)
    assert account["limits"]["priority"] == 4
    assert account["balance"] == 1_000
    refused(cloud, user)


def refused(cloud: LocalCloud, user: User, **request: Any) -> None:
    """An HD film is above the plan."""
    arguments = {"token": user.token, "json": HD, **request}
    path = f"{films.VIDEOS}/generate{arguments.pop('query', '')}"
    answer = cloud.http("POST", path, **arguments)
    assert answer.status_code == 403, answer.text
    problem = answer.json()
    assert (problem["code"], problem["plan"], problem["limit"]) == (
        "PLAN_LIMIT",
        "FREE",
        "STANDARD",
    )


def attempt(name: str, call: Callable[[], Any]) -> None:
    """Cognito refuses what the client may not write, and nothing comes of the rest."""
    if name in WRITABLE:
        call()
        return
    with pytest.raises(ClientError) as refusal:
        call()
    assert refusal.value.response["Error"]["Code"] == "NotAuthorizedException"


@pytest.mark.parametrize(("name", "value"), WISHES)
def test_by_signing_up(cloud: LocalCloud, name: str, value: str) -> None:
    cognito, described = cloud.client("cognito-idp"), cloud.description
    email = f"{uuid.uuid4().hex}@example.org"
    own = {"Name": "email", "Value": email}
    arguments: dict[str, Any] = {
        "ClientId": described.client_id,
        "Username": email,
        "Password": PASSWORD,
        "ClientMetadata": {name: value},
        "ValidationData": [{"Name": name, "Value": value}],
    }
    wish = [own, {"Name": name, "Value": value}]
    attempt(name, lambda: cognito.sign_up(**arguments, UserAttributes=wish))
    if name not in WRITABLE:  # with the metadata alone
        cognito.sign_up(**arguments, UserAttributes=[own])
    cognito.admin_confirm_sign_up(UserPoolId=described.user_pool_id, Username=email)
    newcomer = cloud.sign_in(Account(email=email, password=PASSWORD))
    assert "cognito:groups" not in tokens.read(newcomer.token)
    assert_free(cloud, newcomer)


def test_by_changing_attributes(cloud: LocalCloud, user: User) -> None:
    cognito = cloud.client("cognito-idp")
    for name, value in WISHES:
        attempt(
            name,
            lambda name=name, value=value: cognito.update_user_attributes(
                AccessToken=user.access_token,
                UserAttributes=[{"Name": name, "Value": value}],
                ClientMetadata={name: value},
            ),
        )
    again = cloud.sign_in(Account(email=user.email, password=PASSWORD))
    assert again.id == user.id
    assert "cognito:groups" not in tokens.read(again.token)
    assert_free(cloud, again)


def test_by_what_a_sign_in_sends_along(cloud: LocalCloud, user: User) -> None:
    answer = cloud.client("cognito-idp").initiate_auth(
        AuthFlow="USER_PASSWORD_AUTH",
        ClientId=cloud.description.client_id,
        AuthParameters={"USERNAME": user.email, "PASSWORD": PASSWORD},
        ClientMetadata=dict(WISHES),
    )["AuthenticationResult"]
    assert_free(cloud, User(user.id, user.email, answer["IdToken"], answer["AccessToken"]))


HEADERS = {
    "X-Plan": "VIP_PLUS",
    "X-Reelstep-Plan": "VIP_PLUS",
    "X-User-Id": "somebody-else",
    "X-User-Groups": "admin",
    "X-Cognito-Groups": "plan-vip-plus",
    "X-Amzn-Oidc-Identity": "somebody-else",
    "X-Amzn-Oidc-Data": tokens.unsigned("e30.e30.", cognito_groups=["admin"]),
    "X-Amzn-Apigateway-Authorizer-Claims": '{"cognito:groups": ["admin"]}',
    "X-Amz-Cognito-Identity": "admin",
    "X-Forwarded-User": "somebody-else",
    "X-Original-Url": "/api/v1/admin/users/me/plan",
    "X-Http-Method-Override": "PUT",
    "X-Priority": "1",
    "X-Price": "0",
    "Cookie": "plan=VIP_PLUS; cognito:groups=admin",
}


def test_by_headers(cloud: LocalCloud, user: User) -> None:
    refused(cloud, user, headers=HEADERS)
    account = cloud.http("GET", ACCOUNT, token=user.token, headers=HEADERS).json()
    assert (account["userId"], account["plan"], account["admin"]) == (user.id, "FREE", False)
    for twice in ("authorization", "AUTHORIZATION "):
        forged = {twice: f"Bearer {tokens.unsigned(user.token, cognito_groups=['admin'])}"}
        answer = cloud.http("GET", ACCOUNT, token=user.token, headers=forged)
        assert answer.status_code >= 400 or answer.json()["plan"] == "FREE"
    assert_free(cloud, user)


def test_by_the_query(cloud: LocalCloud, user: User) -> None:
    query = "?plan=VIP_PLUS&priority=1&userId=x&price=0&tokens=5&cognito%3Agroups=admin&plan=FREE"
    refused(cloud, user, query=query)
    account = cloud.http("GET", ACCOUNT + query, token=user.token).json()
    assert (account["userId"], account["plan"], account["admin"]) == (user.id, "FREE", False)
    assert_free(cloud, user)


@pytest.mark.parametrize(
    "field",
    [
        *("plan", "priority", "userId", "user_id", "price", "tokens", "tokensCost", "groups"),
        *("cap", "concurrent", "cognito:groups", "requestContext", "admin", "balance"),
    ],
)
def test_by_fields_of_the_body(cloud: LocalCloud, user: User, field: str) -> None:
    for path in ("generate", "quote"):
        answer = cloud.http(
            "POST", f"{films.VIDEOS}/{path}", token=user.token, json=HD | {field: "VIP_PLUS"}
        )
        assert answer.status_code == 422, answer.text
        assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_by_tokens_of_its_own_making(cloud: LocalCloud, user: User) -> None:
    wish = {"cognito_groups": ["plan-vip-plus", "admin"]}
    for forged in (
        tokens.with_claims(user.token, **wish),
        tokens.unsigned(user.token, **wish),
        tokens.signed_by_stranger(user.token, **wish),
        tokens.signed_with_public_key(cloud, user.token, **wish),
        tokens.of_another_pool(cloud, "plan-vip-plus", "admin"),
    ):
        assert cloud.http("GET", ACCOUNT, token=forged).status_code == 401
        answer = cloud.http("POST", f"{films.VIDEOS}/generate", token=forged, json=HD)
        assert answer.status_code == 401
    assert_free(cloud, user)


def test_by_asking_as_an_admin_would(cloud: LocalCloud, user: User) -> None:
    for name in (user.id, user.email):
        base = f"/api/v1/admin/users/{name}"
        for path in (base, base.replace("admin", "%61dmin"), base.replace("/admin", "//admin")):
            for method, rest, body in (
                ("PUT", "/plan", {"plan": "VIP_PLUS", "reason": "please"}),
                ("POST", "/tokens", {"tokens": 5, "reason": "please"}),
                ("GET", "", None),
            ):
                answer = cloud.http(method, path + rest, token=user.token, json=body)
                assert answer.status_code == 404, (path + rest, answer.text)
    assert_free(cloud, user)


def test_a_plan_that_an_admin_gives_counts_from_the_next_token_on(cloud: LocalCloud) -> None:
    admin, user = cloud.new_user("admin"), cloud.new_user()
    answer = cloud.http(
        "PUT",
        f"/api/v1/admin/users/{user.email}/plan",
        token=admin.token,
        json={"plan": "VIP_PLUS", "reason": "a present"},
    )
    assert (answer.status_code, answer.json()) == (200, {"userId": user.id, "plan": "VIP_PLUS"})
    assert cloud.http("GET", ACCOUNT, token=user.token).json()["plan"] == "FREE"
    again = cloud.sign_in(Account(email=user.email, password=PASSWORD))
    assert cloud.http("GET", ACCOUNT, token=again.token).json()["plan"] == "VIP_PLUS"
    (note, _welcome) = cloud.http("GET", f"{ACCOUNT}/ledger", token=again.token).json()["entries"]
    assert (note["type"], note["reason"]) == ("PLAN", "VIP_PLUS: a present")
