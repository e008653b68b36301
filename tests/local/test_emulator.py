"""Where the emulator is mended to be like AWS (docs/decisions/0003), seen from outside."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from reelstep.local.emulator_fixes import ONE_VCPU_MB
from reelstep.local.machine import cores
from tests.support import probes
from tests.support.local_cloud import LocalCloud

FAILS = """
    class ProviderUnavailable(Exception):
        pass

    def handler(event, context):
        raise ProviderUnavailable("the vendor answered 503")
"""


def _task(arn: str, **more: Any) -> dict[str, Any]:
    return {"Type": "Task", "Resource": arn, "TimeoutSeconds": 90, **more}


def test_an_exceptions_class_is_the_error_that_a_machine_catches(cloud: LocalCloud) -> None:
    with probes.function(cloud, FAILS) as fails:
        ended = probes.run_machine(
            cloud,
            {
                "StartAt": "Try",
                "States": {
                    "Try": _task(
                        fails,
                        End=True,
                        Catch=[
                            {"ErrorEquals": ["FfmpegFailed"], "Next": "Other"},
                            {
                                "ErrorEquals": ["ProviderUnavailable"],
                                "Output": "{% $states.errorOutput %}",
                                "Next": "Caught",
                            },
                        ],
                    ),
                    "Caught": {"Type": "Succeed"},
                    "Other": {"Type": "Fail"},
                },
            },
        )
    assert ended["status"] == "SUCCEEDED", ended
    caught = json.loads(ended["output"])
    assert caught["Error"] == "ProviderUnavailable"
    assert json.loads(caught["Cause"]) == {
        "errorType": "ProviderUnavailable",
        "errorMessage": "the vendor answered 503",
    }


def test_an_error_is_retried_by_its_name(cloud: LocalCloud) -> None:
    retry = {"IntervalSeconds": 1, "BackoffRate": 1.0, "MaxAttempts": 2}
    with probes.function(cloud, FAILS) as fails:
        definition = {
            "StartAt": "Try",
            "States": {
                "Try": _task(
                    fails, End=True, Retry=[{"ErrorEquals": ["ProviderUnavailable"], **retry}]
                )
            },
        }
        ended = probes.run_machine(cloud, definition)
        said = cloud.client("logs").filter_log_events(
            logGroupName=f"/aws/lambda/{fails.rsplit(':', 1)[1]}", filterPattern="START"
        )
    assert (ended["status"], ended["error"]) == ("FAILED", "ProviderUnavailable")
    assert len(said["events"]) == 3


def test_a_parallel_state_speaks_jsonata_and_its_branches_keep_their_variables(
    cloud: LocalCloud,
) -> None:
    def branch(name: str) -> dict[str, Any]:
        output = f"{{% $states.input.{name} %}}"
        state = {"Type": "Pass", "Assign": {"seen": name}, "Output": output, "End": True}
        return {"StartAt": name, "States": {name: state}}

    ended = probes.run_machine(
        cloud,
        {
            "StartAt": "Before",
            "States": {
                "Before": {"Type": "Pass", "Assign": {"seen": "outside"}, "Next": "Both"},
                "Both": {
                    "Type": "Parallel",
                    "Arguments": {"left": 1, "right": 2},
                    "Branches": [branch("left"), branch("right")],
                    "Assign": {"total": "{% $sum($states.result) %}"},
                    "Output": {"first": "{% $states.result[0] %}"},
                    "Next": "After",
                },
                "After": {
                    "Type": "Pass",
                    "Output": {
                        "total": "{% $total %}",
                        "seen": "{% $seen %}",
                        "input": "{% $states.input %}",
                    },
                    "End": True,
                },
            },
        },
    )
    assert ended["status"] == "SUCCEEDED", ended
    assert json.loads(ended["output"]) == {"total": 3, "seen": "outside", "input": {"first": 1}}


def test_heavy_functions_take_turns_at_the_cores_and_none_is_refused(cloud: LocalCloud) -> None:
    works = """
        import time

        def handler(event, context):
            began = time.monotonic()
            time.sleep(0.3)
            return [began, time.monotonic()]
    """
    with probes.function(cloud, works, memory_mb=ONE_VCPU_MB) as heavy:
        ended = probes.run_machine(
            cloud,
            {
                "StartAt": "All",
                "States": {
                    "All": {
                        "Type": "Map",
                        "Items": "{% [1..12] %}",
                        "MaxConcurrency": 12,
                        "ItemProcessor": {
                            "ProcessorConfig": {"Mode": "INLINE"},
                            "StartAt": "Work",
                            "States": {"Work": _task(heavy, End=True)},
                        },
                        "End": True,
                    }
                },
            },
        )
    assert ended["status"] == "SUCCEEDED", ended
    spans = json.loads(ended["output"])
    assert len(spans) == 12
    at_once = max(sum(a <= began < b for a, b in spans) for began, _ in spans)
    assert 1 <= at_once <= cores()


def test_functions_have_their_own_scratch_below_the_clouds_folder(cloud: LocalCloud) -> None:
    tells = """
        import os, tempfile

        def handler(event, context):
            names = ("AWS_ENDPOINT_URL", "AWS_PROFILE")
            return [tempfile.gettempdir(), *map(os.environ.get, names)]
    """
    with probes.function(cloud, tells) as arn:
        assert probes.invoke(cloud, arn) == [str(cloud.home.tmp), cloud.endpoint, None]


def test_new_code_lets_running_invocations_finish(cloud: LocalCloud) -> None:
    slow = """
        import pathlib, time

        def handler(event, context):
            pathlib.Path(event["began"]).touch()
            while not pathlib.Path(event["go"]).exists():
                time.sleep(0.02)
            return "old"
    """
    began, go = (cloud.home.tmp / name for name in ("began", "go"))
    client = cloud.client("lambda")
    with probes.function(cloud, slow) as arn, ThreadPoolExecutor(1) as pool:
        event = {"began": str(began), "go": str(go)}
        answer = pool.submit(probes.invoke, cloud, arn, event)
        while not began.exists():
            time.sleep(0.02)
        source = "def handler(event, context):\n    return 'new'\n"
        client.update_function_code(FunctionName=arn, ZipFile=probes.packed(source))
        assert probes.invoke(cloud, arn) == "new"
        go.touch()
        assert answer.result(30) == "old"
        assert probes.invoke(cloud, arn) == "new"


def test_a_function_whose_process_dies_has_the_name_that_aws_gives_it(cloud: LocalCloud) -> None:
    dies = """
        import os

        def handler(event, context):
            os._exit(1)
    """
    with probes.function(cloud, dies) as arn:
        assert probes.invoke(cloud, arn)["errorType"] == "Runtime.ExitError"


def test_a_function_that_dies_while_it_starts_has_that_name_too(cloud: LocalCloud) -> None:
    dies = "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n"
    with probes.function(cloud, dies) as arn:
        assert probes.invoke(cloud, arn)["errorType"] == "Runtime.ExitError"


def test_a_function_that_dies_before_it_has_its_event_has_that_name_too(cloud: LocalCloud) -> None:
    """It used to be a BrokenPipeError of the emulator, which no Retry knows."""
    deaf = """
        import os, threading, time

        def handler(event, context):
            threading.Thread(target=time.sleep, args=(30,)).start()
            os.close(0)
    """
    with probes.function(cloud, deaf) as arn:
        assert probes.invoke(cloud, arn) is None
        assert probes.invoke(cloud, arn)["errorType"] == "Runtime.ExitError"


def test_browsers_may_call_the_api(cloud: LocalCloud) -> None:
    origin = {"Origin": "https://studio.example.org"}
    asked = {
        **origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type",
    }
    preflight = cloud.http("OPTIONS", "/api/v1/videos/generate", headers=asked)
    assert preflight.status_code in (200, 204)
    assert preflight.headers["Access-Control-Allow-Origin"] == "*"
    assert "POST" in preflight.headers["Access-Control-Allow-Methods"]
    assert "authorization" in preflight.headers["Access-Control-Allow-Headers"].lower()
    answer = cloud.http("GET", "/health", headers=origin)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "x-trace-id" in answer.headers["Access-Control-Expose-Headers"].lower()
