"""What a cloud that is being stopped again and again has to say for itself, collected in between.

Logs and executions since the last checkpoint are gone after a crash; what is collected stays.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from reelstep.local import deploy
from reelstep.local.checkpoint import Checkpoints
from tests.support import books
from tests.support.local_cloud import LocalCloud

#: Artifacts that cost something; layers and timelines are worked out anew by every attempt.
COSTLY = ("scenario", "picture", "companion", "voice", "music", "chunk", "sound", "master")
_MAKERS = ("script", "picture", "voice", "music", "compose", "render", "encode")
#: The killed process, and what is said by one that finds its job ended meanwhile.
EXPECTED_ERRORS = {"Runtime.ExitError", "StaleExecution", "StepCancelled"}
#: (function, error) → how often.
Errors = Counter[tuple[str, str]]


@dataclass
class Evidence:
    """Counts by artifact kind; errors by execution, then (function, error)."""

    made: Counter[str] = field(default_factory=Counter)
    made_again: Counter[str] = field(default_factory=Counter)
    errors: dict[str, Errors] = field(default_factory=lambda: defaultdict(Counter))
    _seen: set[str] = field(default_factory=set)
    _over: set[str] = field(default_factory=set)

    def collect(self, cloud: LocalCloud) -> None:
        self._read_logs(cloud)
        self._read_executions(cloud)

    def died(self) -> Counter[str]:
        """Function → how many of its runs in a film died."""
        died: Counter[str] = Counter()
        for errors in self.errors.values():
            for (function, error), count in errors.items():
                died[function] += count if error == "Runtime.ExitError" else 0
        return +died

    def strange_errors(self) -> dict[str, int]:
        """Errors of steps that a killed process does not explain."""
        found: Counter[str] = Counter()
        for errors in self.errors.values():
            for (function, error), count in errors.items():
                if error not in EXPECTED_ERRORS:
                    found[f"{error} in {function}"] += count
        return dict(found)

    def _read_logs(self, cloud: LocalCloud) -> None:
        logs = cloud.client("logs")
        for function in _MAKERS:
            group = f"/aws/lambda/reelstep-{deploy.STAGE}-{function}"
            try:
                pages = list(logs.get_paginator("filter_log_events").paginate(logGroupName=group))
            except logs.exceptions.ResourceNotFoundException:
                continue
            for event in (event for page in pages for event in page["events"]):
                self._read_line(event["message"])

    def _read_line(self, message: str) -> None:
        for line in message.splitlines():
            if '"artifact"' not in line or line in self._seen:
                continue
            self._seen.add(line)  # has its own time, to the millisecond, and the request's id
            try:
                said = json.loads(line)
            except ValueError:
                continue
            if said.get("message") != "artifact":
                continue
            kind = said["key"].split("/")[0]
            self.made[kind] += bool(said["stored"])
            # A voice is its track; its sound is stored just before, and it can die in between.
            costly = kind in COSTLY and not (kind == "voice" and said["key"].endswith(".wav"))
            if costly and not said["stored"]:
                self.made_again[said["key"]] += 1

    def _read_executions(self, cloud: LocalCloud) -> None:
        states = cloud.client("stepfunctions")
        machine = cloud.description.state_machines["generation"]
        pages = states.get_paginator("list_executions").paginate(stateMachineArn=machine)
        for execution in (one for page in pages for one in page["executions"]):
            arn = execution["executionArn"]
            if arn in self._over:
                continue
            if execution["status"] != "RUNNING":
                self._over.add(arn)
            found: Errors = Counter()
            histories = states.get_paginator("get_execution_history").paginate(executionArn=arn)
            for event in (event for page in histories for event in page["events"]):
                if event["type"] == "TaskFailed":
                    told = event["taskFailedEventDetails"]
                    function = told["resource"].rsplit("-", 1)[-1]
                    found[function, told["error"]] += 1
            self.errors[arn] |= found  # after a crash it may have less to tell than before


def saved_rows(cloud: LocalCloud) -> list[books.Row]:
    """Every row of the table as the newest checkpoint has it: all of one moment."""
    while True:
        newest = Checkpoints(cloud.home.checkpoints).newest()
        assert newest
        try:
            state = json.loads((newest / "dynamodb.json").read_text(encoding="utf-8"))
        except FileNotFoundError:  # replaced by a newer one meanwhile
            continue
        table = saved_table(state, cloud.description.table_name)
        return [books.read(item) for under in table["items"].values() for item in under.values()]


def saved_table(state: Any, name: str) -> dict[str, Any]:
    """A table, somewhere in the emulator's state."""
    if isinstance(state, dict) and state.get("TableName") == name and "items" in state:
        return state
    inner = state.values() if isinstance(state, dict) else state if isinstance(state, list) else ()
    return next((found for part in inner if (found := saved_table(part, name))), {})
