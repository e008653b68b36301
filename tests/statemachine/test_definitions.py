"""Every statemachine/*.asl.json, read and not run."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from infra import function_table, workflows
from reelstep.platform.errors import Retryable
from tests.support import asl

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "statemachine").glob("*.asl.json"))
LAST_RESORT = "Fail"
#: An inline Map runs this many at once, and one history holds this many events.
INLINE_MAP_LIMIT = 40
#: Numbers that infra writes into the definition itself.
NUMBERS = {"RenderConcurrency"}

Definition = dict[str, Any]
Check = Callable[[Definition], list[str]]


def _uncaught(definition: Definition) -> list[str]:
    return asl.uncaught(definition, LAST_RESORT)


CHECKS: dict[str, Check] = {
    "unreachable": asl.unreachable,
    "dangling": asl.dangling,
    "without-time-limit": asl.without_time_limit,
    "without-retry": asl.without_retry,
    "uncaught": _uncaught,
    "unknown-errors": asl.unknown_errors,
}


@pytest.fixture(params=FILES, ids=lambda path: path.name.removesuffix(".asl.json"))
def path(request: pytest.FixtureRequest) -> Path:
    given: Path = request.param
    return given


@pytest.fixture
def definition(path: Path) -> Definition:
    parsed: Definition = json.loads(path.read_text(encoding="utf-8"))
    return parsed


def test_generation_is_there() -> None:
    assert "generation.asl.json" in {path.name for path in FILES}


@pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS.keys())
def test_nothing_is_wrong(definition: Definition, check: Check) -> None:
    assert check(definition) == []


def test_it_is_jsonata_throughout(definition: Definition) -> None:
    assert definition["QueryLanguage"] == "JSONata"
    old = {"Parameters", "ResultPath", "InputPath", "OutputPath", "ResultSelector", "ItemsPath"}
    for state in asl.states(definition):
        assert not old & set(state.body), state.name


def test_every_substitution_is_provided(path: Path) -> None:
    used = asl.substitutions(path.read_text(encoding="utf-8"))
    provided = {workflows.substitution(spec.name) for spec in function_table.STEPS}
    assert used <= provided | NUMBERS
    assert provided <= used, "a step that no state calls"


def test_a_task_waits_longer_than_its_function_runs(definition: Definition) -> None:
    """Else the state gives up on a function that goes on working, and pays for both."""
    timeouts = {
        "${" + workflows.substitution(spec.name) + "}": spec.timeout_seconds
        for spec in function_table.STEPS
    }
    for state in asl.states(definition):
        if state.kind == "Task":
            assert state.body["TimeoutSeconds"] > timeouts[state.body["Resource"]], state.name


def test_only_retryable_errors_of_ours_are_retried(definition: Definition) -> None:
    for state in asl.states(definition):
        for rule in state.body.get("Retry", []):
            for name in rule["ErrorEquals"]:
                ours = asl.our_error(name)
                assert ours is None or issubclass(ours, Retryable), f"{state.name}: {name}"


def test_a_retry_waits_longer_each_time(definition: Definition) -> None:
    for state in asl.states(definition):
        for rule in state.body.get("Retry", []):
            assert rule["BackoffRate"] > 1, state.name
            assert rule["JitterStrategy"] == "FULL", state.name


def test_inline_maps_stay_within_their_limit(definition: Definition) -> None:
    for state in asl.states(definition):
        if state.kind == "Map":
            assert state.body["ItemProcessor"]["ProcessorConfig"]["Mode"] == "INLINE"
            at_once = state.body["MaxConcurrency"]
            if isinstance(at_once, int):
                assert 1 <= at_once <= INLINE_MAP_LIMIT
            else:
                assert asl.substitutions(at_once) <= NUMBERS


def test_the_readme_has_every_machine_and_task(path: Path, definition: Definition) -> None:
    readme = (ROOT / "statemachine" / "README.md").read_text(encoding="utf-8")
    assert path.name in readme
    for state in asl.states(definition):
        if state.kind == "Task":
            assert re.search(rf"\b{state.name}\b", readme), state.name


# -- the checks find what they look for ------------------------------------------------------------


def _broken(definition: Definition, how: str) -> Definition:
    broken = copy.deepcopy(definition)
    script = broken["States"]["Script"]
    if how == "unreachable":
        broken["States"]["Island"] = {"Type": "Succeed"}
    elif how == "dangling":
        script["Next"] = "Nowhere"
    elif how == "without-time-limit":
        del script["TimeoutSeconds"]
    elif how == "without-retry":
        del script["Retry"]
    elif how == "uncaught":
        del script["Catch"]
    else:
        script["Retry"][0]["ErrorEquals"] = ["ProviderUnavialable"]
    return broken


@pytest.mark.parametrize("name", CHECKS)
def test_a_check_finds_its_fault(name: str) -> None:
    definition = json.loads((ROOT / "statemachine/generation.asl.json").read_text())
    assert CHECKS[name](_broken(definition, name)) != []
