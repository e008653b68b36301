"""What admins do with accounts of others, on moto."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import boto3
import pytest

from reelstep.accounts.directory import Directory
from reelstep.accounts.plans import GROUPS, Plan
from reelstep.platform import aws
from reelstep.platform.errors import Conflict, NotFound
from reelstep.platform.settings import Settings
from tests.support.api import Answer, Call, assert_problem

USERS = "/api/v1/admin/users"
EMAIL = "ada+1@example.org"
GIFT = {"tokens": 500, "reason": "A lovely film"}
PREMIUM = {"plan": "PREMIUM", "reason": "paid"}


@pytest.fixture
def pool(cloud: Any, monkeypatch: pytest.MonkeyPatch) -> str:
    client = boto3.client("cognito-idp")
    pool_id = client.create_user_pool(PoolName="users", UsernameAttributes=["email"])["UserPool"][
        "Id"
    ]
    for group in (*GROUPS.values(), "admin", "beta-testers"):
        client.create_group(UserPoolId=pool_id, GroupName=group)
    monkeypatch.setenv("REELSTEP_USER_POOL_ID", pool_id)
    Settings.load.cache_clear()
    return str(pool_id)


@pytest.fixture
def ada(pool: str) -> str:
    """Somebody who has signed up and has not been here yet."""
    client = boto3.client("cognito-idp")
    user = client.admin_create_user(
        UserPoolId=pool, Username=EMAIL, UserAttributes=[{"Name": "email", "Value": EMAIL}]
    )["User"]
    return next(str(item["Value"]) for item in user["Attributes"] if item["Name"] == "sub")


@pytest.fixture
def as_admin(call: Call) -> Call:
    def send(*arguments: Any, **named: Any) -> Answer:
        return call(*arguments, **{"user": "boss", "groups": ("admin",), **named})

    return send


def _groups(pool: str, user: str) -> set[str]:
    answer = boto3.client("cognito-idp").admin_list_groups_for_user(UserPoolId=pool, Username=user)
    return {group["GroupName"] for group in answer["Groups"]}


# -- tokens ----------------------------------------------------------------------------------------


def test_an_admin_sees_a_user_by_id_and_by_address(as_admin: Call, ada: str) -> None:
    for name in (ada, EMAIL, "ada%2B1%40example.org"):
        answer = as_admin("GET", f"{USERS}/{name}")
        assert answer.status == 200, answer.body
        assert answer.body == {
            "userId": ada,
            "email": EMAIL,
            "plan": "FREE",
            "admin": False,
            "balance": 1_000,
            "reserved": 0,
        }


def test_a_grant_before_the_first_visit_does_not_replace_the_welcome(
    as_admin: Call, call: Call, ada: str
) -> None:
    answer = as_admin("POST", f"{USERS}/{EMAIL}/tokens", GIFT)
    assert answer.status == 201
    assert answer.body == {"userId": ada, "balance": 1_500, "reserved": 0}
    entries = call("GET", "/api/v1/account/ledger", user=ada).body["entries"]
    assert [(e["type"], e["tokens"], e["reason"]) for e in entries] == [
        ("GRANT", 500, "A lovely film"),
        ("GRANT", 1_000, "welcome"),
    ]


def test_the_ledger_keeps_who_it_was_and_does_not_tell_the_user(
    as_admin: Call, call: Call, cloud: Any, ada: str
) -> None:
    as_admin("POST", f"{USERS}/{ada}/tokens", GIFT)
    as_admin("PUT", f"{USERS}/{ada}/plan", PREMIUM)
    entries, _ = cloud.ledger.page(ada, 10)
    assert [(entry.type, entry.by) for entry in entries] == [
        ("PLAN", "boss"),
        ("GRANT", "boss"),
        ("GRANT", "system"),
    ]
    assert "boss" not in str(call("GET", "/api/v1/account/ledger", user=ada).body)


def test_taking_back_stops_at_nothing(as_admin: Call, ada: str) -> None:
    path = f"{USERS}/{ada}/tokens"
    taken = as_admin("POST", path, {"tokens": -1_000, "reason": "a mistake"})
    assert (taken.status, taken.body["balance"]) == (201, 0)
    assert_problem(as_admin("POST", path, {"tokens": -1, "reason": "more"}), 409, "CONFLICT")
    assert as_admin("GET", f"{USERS}/{ada}").body["balance"] == 0


def test_the_same_key_grants_once(as_admin: Call, ada: str) -> None:
    path, key = f"{USERS}/{ada}/tokens", {"idempotency-key": "k-1"}
    first = as_admin("POST", path, GIFT, headers=key)
    again = as_admin("POST", path, GIFT, headers=key)
    assert (first.status, again.status) == (201, 201)
    assert first.body == again.body
    assert again.headers["Idempotency-Replayed"] == "true"
    # By the other name it is another route, and still the same grant.
    assert as_admin("POST", f"{USERS}/{EMAIL}/tokens", GIFT, headers=key).body["balance"] == 1_500
    other = as_admin("POST", path, GIFT | {"tokens": 501}, headers=key)
    assert_problem(other, 409, "CONFLICT")
    assert as_admin("GET", f"{USERS}/{ada}").body["balance"] == 1_500


def test_a_key_is_one_admins_own(as_admin: Call, ada: str) -> None:
    path, key = f"{USERS}/{ada}/tokens", {"idempotency-key": "k-1"}
    as_admin("POST", path, GIFT, headers=key)
    second = as_admin("POST", path, GIFT, headers=key, user="another-boss")
    assert second.body["balance"] == 2_000


def test_a_key_that_comes_back_after_its_answer_is_forgotten(
    as_admin: Call, cloud: Any, ada: str
) -> None:
    """Same body: counts once for ever. Another body: is another grant."""
    path, key = f"{USERS}/{ada}/tokens", {"idempotency-key": "k-1"}
    as_admin("POST", path, GIFT, headers=key)
    _forget_answers("boss")
    assert as_admin("POST", path, GIFT, headers=key).body["balance"] == 1_500
    _forget_answers("boss")
    again = as_admin("POST", path, GIFT | {"tokens": 1}, headers=key)
    assert again.body["balance"] == 1_501


def _forget_answers(user: str) -> None:
    table = boto3.resource("dynamodb").Table(Settings.load().table)
    pk = f"IDEMPOTENCY#{user}"
    rows = [row for row in table.scan()["Items"] if row["pk"] == pk]
    assert rows
    for row in rows:
        table.delete_item(Key={"pk": pk, "sk": row["sk"]})


BAD_GRANTS: list[tuple[dict[str, Any], str]] = [
    ({"reason": "x"}, "tokens"),
    ({"tokens": 0, "reason": "x"}, "tokens"),
    ({"tokens": 10_000_001, "reason": "x"}, "tokens"),
    ({"tokens": -10_000_001, "reason": "x"}, "tokens"),
    ({"tokens": 10**40, "reason": "x"}, "tokens"),
    ({"tokens": 1.0, "reason": "x"}, "tokens"),
    ({"tokens": 1e400, "reason": "x"}, "tokens"),
    ({"tokens": "1", "reason": "x"}, "tokens"),
    ({"tokens": True, "reason": "x"}, "tokens"),
    ({"tokens": None, "reason": "x"}, "tokens"),
    ({"tokens": 1}, "reason"),
    ({"tokens": 1, "reason": ""}, "reason"),
    ({"tokens": 1, "reason": " \t\n\u200b"}, "reason"),
    ({"tokens": 1, "reason": "\x00"}, "reason"),
    ({"tokens": 1, "reason": "x" * 201}, "reason"),
    ({"tokens": 1, "reason": 7}, "reason"),
    ({"tokens": 1, "reason": "x", "by": "somebody"}, "by"),
    ({"tokens": 1, "reason": "x", "balance": 5}, "balance"),
]


def test_a_bad_grant_is_named_and_moves_nothing(as_admin: Call, ada: str) -> None:
    for number, (body, field) in enumerate(BAD_GRANTS):
        # Another admin each time: nobody may ask that often.
        boss = f"boss-{number}"
        answer = as_admin("POST", f"{USERS}/{ada}/tokens", body, language="fr", user=boss)
        assert_problem(answer, 422, "VALIDATION_FAILED")
        assert [error["field"] for error in answer.body["errors"]] == [field], body
    assert as_admin("GET", f"{USERS}/{ada}").body["balance"] == 1_000


def test_a_reason_may_have_two_hundred_characters_in_any_script(as_admin: Call, ada: str) -> None:
    for reason in ("é" * 200, "🎂", "شكرا"):
        answer = as_admin("POST", f"{USERS}/{ada}/tokens", {"tokens": 1, "reason": reason})
        assert answer.status == 201


# -- plans -----------------------------------------------------------------------------------------


def test_a_user_is_on_one_plan_at_a_time(as_admin: Call, call: Call, pool: str, ada: str) -> None:
    aws.cognito().admin_add_user_to_group(UserPoolId=pool, Username=ada, GroupName="beta-testers")
    for plan in ("STANDARD", "VIP_PLUS", "PREMIUM", "PREMIUM", "FREE", "FREE"):
        body = {"plan": plan, "reason": f"now {plan}"}
        answer = as_admin("PUT", f"{USERS}/{EMAIL}/plan", body)
        assert (answer.status, answer.body) == (200, {"userId": ada, "plan": plan})
        wanted = {GROUPS[Plan(plan)]} if plan != "FREE" else set()
        assert _groups(pool, ada) == wanted | {"beta-testers"}
        assert as_admin("GET", f"{USERS}/{ada}").body["plan"] == plan
    newest = call("GET", "/api/v1/account/ledger", user=ada).body["entries"][0]
    assert (newest["type"], newest["tokens"], newest["reason"]) == ("PLAN", 0, "FREE: now FREE")


def test_a_plan_is_no_way_to_become_or_stop_being_an_admin(
    as_admin: Call, pool: str, ada: str
) -> None:
    for plan in ("ADMIN", "admin", "plan-premium", "premium", "", None, 4, ["PREMIUM"]):
        answer = as_admin("PUT", f"{USERS}/{ada}/plan", {"plan": plan, "reason": "x"})
        assert_problem(answer, 422, "VALIDATION_FAILED")
        assert [error["field"] for error in answer.body["errors"]] == ["plan"]
    assert _groups(pool, ada) == set()
    aws.cognito().admin_add_user_to_group(UserPoolId=pool, Username=ada, GroupName="admin")
    assert as_admin("PUT", f"{USERS}/{ada}/plan", PREMIUM).status == 200
    assert _groups(pool, ada) == {"admin", "plan-premium"}
    assert as_admin("GET", f"{USERS}/{ada}").body["admin"] is True


def test_a_crash_between_two_groups_lowers_nobody(
    pool: str, ada: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    directory = Directory(aws.cognito(), pool)
    directory.put_on(Plan.STANDARD, directory.find(ada))

    def die(**_arguments: Any) -> None:
        raise ConnectionError("gone")

    with monkeypatch.context() as patched:
        patched.setattr(directory.client, "admin_remove_user_from_group", die)
        with pytest.raises(ConnectionError):
            directory.put_on(Plan.PREMIUM, directory.find(ada))
    assert directory.find(ada).plan is Plan.PREMIUM
    directory.put_on(Plan.PREMIUM, directory.find(ada))
    assert directory.find(ada).groups == {"plan-premium"}


def test_two_admins_at_the_same_moment_are_told(
    pool: str, ada: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    directory = Directory(aws.cognito(), pool)
    found = directory.find(ada)
    join: Callable[..., Any] = directory.client.admin_add_user_to_group

    def join_both(**arguments: Any) -> None:
        join(**arguments)
        join(**{**arguments, "GroupName": "plan-vip-plus"})

    monkeypatch.setattr(directory.client, "admin_add_user_to_group", join_both)
    with pytest.raises(Conflict):
        directory.put_on(Plan.STANDARD, found)


# -- who may ---------------------------------------------------------------------------------------

ROUTES = [("GET", "", None), ("POST", "/tokens", GIFT), ("PUT", "/plan", PREMIUM)]


@pytest.mark.parametrize("sent", ["right", "wrong", "broken", "none"])
def test_to_others_an_admins_address_is_no_address(
    call: Call, ada: str, cloud: Any, sent: str
) -> None:
    for number, groups in enumerate(
        [(), ("plan-vip-plus",), ("administrators", "Admin", "xadmin")]
    ):
        for method, rest, body in ROUTES:
            given = {"right": body, "wrong": {"surprise": 1}, "broken": "{", "none": None}[sent]
            answers = [
                call(
                    method,
                    f"/api/v1/{area}/users/{ada}{rest}",
                    given,
                    groups=groups,
                    user=f"user-{number}",
                )
                for area in ("admin", "nothing")
            ]
            for answer in answers:
                answer.body.pop("traceId")
                for name in ("X-Trace-Id", "RateLimit-Remaining"):
                    answer.headers.pop(name)
            assert answers[0] == answers[1]
            assert answers[0].status == (400 if given == "{" and method != "GET" else 404)
    assert cloud.ledger.wallet(ada) is None


def test_an_admins_access_token_is_refused(as_admin: Call, ada: str) -> None:
    answer = as_admin("GET", f"{USERS}/{ada}", token_use="access")
    assert_problem(answer, 401, "UNAUTHORIZED")


def test_a_function_without_the_user_pool_has_no_admin_part(
    as_admin: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert_problem(as_admin("GET", f"{USERS}/anybody"), 404, "NOT_FOUND")


def test_an_unknown_user_is_not_found(as_admin: Call, pool: str) -> None:
    for name in (
        *("nobody@example.org", "00000000-0000-0000-0000-000000000000", "%00", "a" * 320),
        *("%F0%9F%8E%82", "%FF", "..", "*", "a b", "%25"),
    ):
        for method, rest, body in ROUTES:
            answer = as_admin(method, f"{USERS}/{name}{rest}", body, user=f"boss of {name}")
            assert_problem(answer, 404, "NOT_FOUND")


def test_what_cognito_cannot_do_right_now_is_not_taken_for_nobody(
    pool: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing = Directory(aws.cognito(), "us-east-1_nothing")
    with pytest.raises(Exception, match="ResourceNotFound") as caught:
        missing.find("ada")
    assert not isinstance(caught.value, NotFound)
