"""Plans come from groups, however a gateway writes them."""

from __future__ import annotations

from typing import Any

import pytest

from reelstep.accounts.plans import TERMS, Plan, check_film, groups_of, plan_of
from reelstep.platform.errors import PlanLimit


@pytest.mark.parametrize(
    ("claim", "groups"),
    [
        (None, set()),
        ("", set()),
        ("[]", set()),
        ("[admin]", {"admin"}),
        ("[admin plan-premium]", {"admin", "plan-premium"}),
        ("admin,plan-premium", {"admin", "plan-premium"}),
        (["admin", "plan-premium"], {"admin", "plan-premium"}),
        ([1, None, "admin"], {"admin"}),
        (7, set()),
        ({"admin": True}, set()),
        # A name that only contains one of ours is another group.
        ("[not-admin plan-vip-plus-waiting]", {"not-admin", "plan-vip-plus-waiting"}),
    ],
)
def test_groups_of_a_claim(claim: Any, groups: set[str]) -> None:
    assert groups_of(claim) == groups


def test_the_highest_plan_counts_and_nothing_else_does() -> None:
    assert plan_of([]) is Plan.FREE
    assert plan_of(["admin", "PLAN-VIP-PLUS", "vip_plus", "plan"]) is Plan.FREE
    assert plan_of(["plan-standard", "plan-vip-plus", "plan-premium"]) is Plan.VIP_PLUS


@pytest.mark.parametrize("plan", list(Plan))
def test_the_limit_itself_is_allowed_and_one_more_is_not(plan: Plan) -> None:
    terms = TERMS[plan]
    check_film(plan, terms.max_seconds, terms.max_quality)
    with pytest.raises(PlanLimit) as limit:
        check_film(plan, terms.max_seconds + 1, "STANDARD")
    assert limit.value.extra == {
        "limit": terms.max_seconds,
        "plan": plan,
        "field": "durationSeconds",
    }
    assert limit.value.text("fr") != limit.value.text("en")
