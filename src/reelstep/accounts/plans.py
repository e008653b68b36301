"""What each plan allows. A plan is a Cognito group, which no user can join by itself."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from reelstep.platform.errors import PlanLimit


class Plan(StrEnum):
    FREE = "FREE"
    STANDARD = "STANDARD"
    PREMIUM = "PREMIUM"
    VIP_PLUS = "VIP_PLUS"


@dataclass(frozen=True)
class Terms:
    """Longest film in seconds, best quality, jobs at once, and priority (1 is first)."""

    max_seconds: int
    max_quality: str
    concurrent: int
    priority: int


# contracts.md, "Plans"
TERMS = {
    Plan.FREE: Terms(60, "STANDARD", 1, 4),
    Plan.STANDARD: Terms(180, "HD", 2, 3),
    Plan.PREMIUM: Terms(300, "HD", 3, 2),
    Plan.VIP_PLUS: Terms(600, "ULTRA", 5, 1),
}
GROUPS = {
    Plan.STANDARD: "plan-standard",
    Plan.PREMIUM: "plan-premium",
    Plan.VIP_PLUS: "plan-vip-plus",
}
ADMIN_GROUP = "admin"
_QUALITIES = ("STANDARD", "HD", "ULTRA")


def groups_of(claim: Any) -> frozenset[str]:
    """The groups of a `cognito:groups` claim.

    A Lambda gets it as a list, or as the text `[a b]` that HTTP APIs make of one. Cognito's group
    names have no blanks.
    """
    if isinstance(claim, str):
        claim = re.split(r"[\s,]+", claim.strip().removeprefix("[").removesuffix("]"))
    if not isinstance(claim, list | tuple):
        return frozenset()
    return frozenset(name for name in claim if isinstance(name, str) and name)


def plan_of(groups: Iterable[str]) -> Plan:
    """The highest plan among the groups; FREE in none."""
    held = set(groups)
    plans = [plan for plan, group in GROUPS.items() if group in held]
    return min(plans, key=lambda plan: TERMS[plan].priority, default=Plan.FREE)


def check_film(plan: Plan, duration_seconds: int, quality: str) -> None:
    """Raises PlanLimit when the film is longer or finer than the plan allows."""
    terms = TERMS[plan]
    if _QUALITIES.index(quality) > _QUALITIES.index(terms.max_quality):
        raise PlanLimit(
            f"The {plan} plan makes films up to {terms.max_quality}, not {quality}",
            french=f"L'offre {plan} va jusqu'à la qualité {terms.max_quality}, pas {quality}",
            limit=terms.max_quality,
            plan=plan,
            field="quality",
        )
    if duration_seconds > terms.max_seconds:
        raise PlanLimit(
            f"The {plan} plan makes films up to {terms.max_seconds} s, not {duration_seconds} s",
            french=f"L'offre {plan} va jusqu'à {terms.max_seconds} s, pas {duration_seconds} s",
            limit=terms.max_seconds,
            plan=plan,
            field="durationSeconds",
        )
