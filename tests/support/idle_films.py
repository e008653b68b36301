"""Jobs without films: a copy of the project in which making a film is waiting for a while.

Everything about a job is the real thing but its steps: HTTP API, transactions, stream, dispatch,
Step Functions and the functions that begin and end a job. So hundreds of them fit on two cores.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.support.local_cloud import snapshot

_WAIT = '''"""State Script, and the only one here: the job begins, and waits as its prompt says."""

import time
from typing import Any

from reelstep.jobs import lifecycle
from reelstep.jobs.model import Phase
from reelstep.pipelines.context import Step
from reelstep.pipelines.entry import step_handler


@step_handler
def handler(step: Step, event: Any) -> dict[str, Any]:
    lifecycle.begin(step.jobs, step.job, step.worker_id)
    reporter = step.reporter(Phase.SCRIPT_GENERATION)
    end = time.monotonic() + float(step.job.request["prompt"].split()[1])
    while time.monotonic() < end and not reporter.should_stop():
        time.sleep(0.02)
    return {"output": {"film": f"films/{step.job.job_id}/film.mp4"}}
'''


def wish(seconds: float, name: object = "") -> dict[str, Any]:
    """A request for a job that runs `seconds`; it costs PRICE tokens."""
    return {"prompt": f"wait {seconds} seconds {name}", "durationSeconds": 10, "preview": True}


PRICE = 25


def project(target: Path) -> Path:
    """The copy: states Script (waits) and Complete, or Fail; all the rest is as it is."""
    root = snapshot(target)
    (root / "functions" / "script" / "handler.py").write_text(_WAIT, encoding="utf-8")
    path = root / "statemachine" / "generation.asl.json"
    machine = json.loads(path.read_text(encoding="utf-8"))
    states = machine["States"]
    script = states["Script"]
    script["Next"] = "Complete"
    script["Assign"] = {
        **{name: f"{{% $states.input.{name} %}}" for name in ("job_id", "attempt")},
        "output": "{% $states.result.output %}",
    }
    machine["States"] = {
        "Script": script,
        **{name: states[name] for name in ("Complete", "Done", "Fail", "Failed")},
    }
    path.write_text(json.dumps(machine), encoding="utf-8")
    return root
