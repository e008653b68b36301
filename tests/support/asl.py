"""What can be wrong with a state machine definition before it ever runs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from reelstep.platform import errors

#: Error names that AWS itself uses.
#: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
AWS_ERRORS = frozenset(
    {
        "Lambda.AWSLambdaException",
        "Lambda.ClientExecutionTimeoutException",
        "Lambda.SdkClientException",
        "Lambda.ServiceException",
        "Lambda.TooManyRequestsException",
        "Lambda.Unknown",
        "Runtime.ExitError",
        "Sandbox.Timedout",
        "States.ALL",
        "States.DataLimitExceeded",
        "States.Runtime",
        "States.TaskFailed",
        "States.Timeout",
    }
)
_SUBSTITUTION = re.compile(r"\$\{(\w+)\}")


@dataclass(frozen=True)
class State:
    """One state, its machine and the states around it, innermost last."""

    name: str
    body: Mapping[str, Any]
    siblings: Mapping[str, Any]
    parents: tuple[Mapping[str, Any], ...]

    @property
    def kind(self) -> str:
        return str(self.body["Type"])


def machines(
    definition: Mapping[str, Any], parents: tuple[Mapping[str, Any], ...] = ()
) -> Iterator[tuple[Mapping[str, Any], tuple[Mapping[str, Any], ...]]]:
    """The machine itself and those inside its Map and Parallel states."""
    yield definition, parents
    for body in definition["States"].values():
        inner = list(body.get("Branches", []))
        inner += [body["ItemProcessor"]] if "ItemProcessor" in body else []
        for machine in inner:
            yield from machines(machine, (*parents, body))


def states(definition: Mapping[str, Any]) -> Iterator[State]:
    """Every state at every depth."""
    for machine, parents in machines(definition):
        for name, body in machine["States"].items():
            yield State(name, body, machine["States"], parents)


def error_names(definition: Mapping[str, Any]) -> set[str]:
    """Names that Retry and Catch match."""
    return {
        name
        for state in states(definition)
        for rule in (*state.body.get("Retry", []), *state.body.get("Catch", []))
        for name in rule["ErrorEquals"]
    }


def substitutions(text: str) -> set[str]:
    """Names in ${…}."""
    return set(_SUBSTITUTION.findall(text))


def unreachable(definition: Mapping[str, Any]) -> list[str]:
    """States that no path leads to."""
    missing = []
    for machine, _ in machines(definition):
        reached, todo = set(), [machine["StartAt"]]
        while todo:
            name = todo.pop()
            if name not in reached and name in machine["States"]:
                reached.add(name)
                todo += targets(machine["States"][name])
        missing += sorted(set(machine["States"]) - reached)
    return missing


def targets(body: Mapping[str, Any]) -> list[str]:
    """Where a state may go: Next, Default, and those of its choices and catchers."""
    found = [body[key] for key in ("Next", "Default") if key in body]
    found += [choice["Next"] for choice in body.get("Choices", [])]
    return found + [catcher["Next"] for catcher in body.get("Catch", [])]


def dangling(definition: Mapping[str, Any]) -> list[str]:
    """Transitions to states that do not exist, and states that neither go on nor end."""
    found = []
    for machine, _ in machines(definition):
        if machine["StartAt"] not in machine["States"]:
            found.append(f"StartAt {machine['StartAt']}")
    for state in states(definition):
        found += [
            f"{state.name} → {name}" for name in targets(state.body) if name not in state.siblings
        ]
        ends = state.body.get("End") or state.kind in ("Succeed", "Fail")
        if not ends and not targets(state.body):
            found.append(f"{state.name} neither goes on nor ends")
    return found


def without_time_limit(definition: Mapping[str, Any]) -> list[str]:
    """Tasks (and the machine) that could run for ever."""
    found = [s.name for s in states(definition) if s.kind == "Task" and not _limit(s.body)]
    return found + ([] if _limit(definition) else ["the machine"])


def _limit(body: Mapping[str, Any]) -> bool:
    return isinstance(body.get("TimeoutSeconds"), int) and body["TimeoutSeconds"] > 0


def without_retry(definition: Mapping[str, Any]) -> list[str]:
    """Tasks that a passing fault of Lambda itself would end."""
    needed = {
        "Lambda.ServiceException",
        "Lambda.SdkClientException",
        "Lambda.TooManyRequestsException",
    }
    return [
        state.name
        for state in states(definition)
        if state.kind == "Task"
        and needed - {name for rule in state.body.get("Retry", []) for name in rule["ErrorEquals"]}
    ]


def uncaught(definition: Mapping[str, Any], last_resort: str) -> list[str]:
    """Tasks whose failure reaches neither `last_resort` by a catcher of theirs nor of a parent.

    `last_resort` is the task that ends the job; its own failure is for the status-change rule.
    """

    def catches_all(body: Mapping[str, Any]) -> bool:
        return any(
            "States.ALL" in catcher["ErrorEquals"] and catcher["Next"] == last_resort
            for catcher in body.get("Catch", [])
        )

    return [
        state.name
        for state in states(definition)
        if state.kind == "Task"
        and state.name != last_resort
        and not any(catches_all(body) for body in (state.body, *state.parents))
    ]


def unknown_errors(definition: Mapping[str, Any]) -> list[str]:
    """Names that neither AWS nor reelstep.platform.errors knows."""
    return sorted(name for name in error_names(definition) - AWS_ERRORS if not our_error(name))


def our_error(name: str) -> type[errors.ReelstepError] | None:
    """The error class of this name."""
    found = getattr(errors, name, None)
    is_error = isinstance(found, type) and issubclass(found, errors.ReelstepError)
    return found if is_error else None
