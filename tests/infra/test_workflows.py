"""The state machine, and what looks after the jobs it runs."""

from __future__ import annotations

import json

from tests.infra.conftest import Synthesis


def test_the_machine_is_standard_traced_and_discreet_in_production(
    stage: Synthesis, production: Synthesis
) -> None:
    (machine,) = stage.of_type("AWS::StepFunctions::StateMachine").values()
    assert machine["StateMachineType"] == "STANDARD"
    assert machine["TracingConfiguration"] == {"Enabled": True}
    logging = machine["LoggingConfiguration"]
    assert logging["Level"] == "ALL"
    assert logging["IncludeExecutionData"] == (stage is not production)


def test_lost_executions_reach_the_sweep_function(stage: Synthesis) -> None:
    found = stage.of_type("AWS::Events::Rule").items()
    rules = [rule for name, rule in found if name.startswith("Sweep")]
    (sweep,) = (
        name
        for name, function in stage.of_type("AWS::Lambda::Function").items()
        if function["FunctionName"].endswith("-sweep")
    )
    for rule in rules:
        assert [target["Arn"]["Fn::GetAtt"][0] for target in rule["Targets"]] == [sweep]
    (pattern,) = (rule["EventPattern"] for rule in rules if "EventPattern" in rule)
    assert pattern["detail"]["status"] == ["FAILED", "TIMED_OUT", "ABORTED"]
    (machine,) = stage.of_type("AWS::StepFunctions::StateMachine")
    assert pattern["detail"]["stateMachineArn"] == [{"Ref": machine}]
    assert [rule["ScheduleExpression"] for rule in rules if "EventPattern" not in rule] == [
        "rate(5 minutes)"
    ]


def test_the_stream_wakes_dispatch_for_jobs_that_wait_or_have_ended(stage: Synthesis) -> None:
    sources = stage.of_type("AWS::Lambda::EventSourceMapping").values()
    (source,) = (one for one in sources if "Dispatch" in json.dumps(one["FunctionName"]))
    assert source["BisectBatchOnFunctionError"] is True
    # Ends are told of also after hours without the event bus.
    assert source["MaximumRecordAgeInSeconds"] == 12 * 3600
    assert source.get("MaximumRetryAttempts", -1) == -1
    assert source["DestinationConfig"]["OnFailure"]["Destination"]
    (pattern,) = source["FilterCriteria"]["Filters"]
    wanted = json.loads(pattern["Pattern"])["dynamodb"]
    assert wanted["Keys"] == {"sk": {"S": ["JOB"]}}
    # A change of progress (PROCESSING) must not wake it: there are thousands of those.
    assert set(wanted["NewImage"]["status"]["S"]) == {"QUEUED", "COMPLETED", "FAILED", "CANCELLED"}
