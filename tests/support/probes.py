"""Small functions and machines that tests put beside the deployed ones."""

from __future__ import annotations

import io
import json
import textwrap
import time
import uuid
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from reelstep.local import deploy
from tests.support.local_cloud import LocalCloud


@contextmanager
def function(
    cloud: LocalCloud, source: str, *, role_of: str = "finish", memory_mb: int = 128
) -> Iterator[str]:
    """A function with this source and the role of a deployed one; its ARN. Gone after the block."""
    client = cloud.client("lambda")
    role = client.get_function(FunctionName=f"reelstep-{deploy.STAGE}-{role_of}")["Configuration"]
    name = f"probe-{uuid.uuid4().hex[:8]}"
    made = client.create_function(
        FunctionName=name,
        Runtime="python3.13",
        Handler="probe.handler",
        Role=role["Role"],
        Timeout=60,
        MemorySize=memory_mb,
        Code={"ZipFile": packed(textwrap.dedent(source))},
    )
    try:
        yield made["FunctionArn"]
    finally:
        client.delete_function(FunctionName=name)


def invoke(cloud: LocalCloud, arn: str, event: Any = None) -> Any:
    """What the function returns."""
    answer = cloud.client("lambda").invoke(FunctionName=arn, Payload=json.dumps(event or {}))
    return json.load(answer["Payload"])


def run_machine(cloud: LocalCloud, definition: Any, *, seconds: float = 60) -> dict[str, Any]:
    """Run a definition once, with no input, to its end; the execution as described then."""
    client = cloud.client("stepfunctions")
    deployed = client.describe_state_machine(
        stateMachineArn=cloud.description.state_machines["generation"]
    )
    machine = client.create_state_machine(
        name=f"probe-{uuid.uuid4().hex[:8]}",
        definition=json.dumps({"QueryLanguage": "JSONata", **definition}),
        roleArn=deployed["roleArn"],
    )["stateMachineArn"]
    try:
        execution = client.start_execution(stateMachineArn=machine)["executionArn"]
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            described: dict[str, Any] = client.describe_execution(executionArn=execution)
            if described["status"] != "RUNNING":
                return described
            time.sleep(0.1)
        raise AssertionError(f"still running after {seconds} s")
    finally:
        client.delete_state_machine(stateMachineArn=machine)


def packed(source: str) -> bytes:
    """The code of a function, as Lambda takes it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("probe.py", source)
    return buffer.getvalue()
