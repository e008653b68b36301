"""The generation state machine, and what looks after executions that end without a word."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import cast

from aws_cdk import ArnFormat, Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from infra import nag
from infra.config import DeployConfig
from infra.log_groups import log_group

DEFINITIONS = Path(__file__).resolve().parents[1] / "statemachine"


def substitution(function_name: str) -> str:
    """`script` is ${ScriptFunctionArn} in the definition."""
    return f"{function_name.capitalize()}FunctionArn"


def _definition(kind: str, **numbers: int) -> str:
    """The definition with its numbers in place, as numbers.

    They are known now; as strings in JSONata they would work and fail the schema of cfn-lint.
    """
    text = (DEFINITIONS / f"{kind}.asl.json").read_text(encoding="utf-8")
    for name, value in numbers.items():
        text = text.replace(f'"{{% ${{{name}}} %}}"', str(value))
    return text


class Workflow(Construct):
    """A Standard state machine from statemachine/<kind>.asl.json.

    Time limits are the definition's own; its role may invoke the functions of its steps only.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        config: DeployConfig,
        *,
        kind: str,
        steps: Mapping[str, lambda_.IFunction],
    ) -> None:
        super().__init__(scope, id)
        role = iam.Role(self, "Role", assumed_by=iam.ServicePrincipal("states.amazonaws.com"))
        for function in steps.values():
            # Not grant_invoke: that would also allow every version and alias.
            role.add_to_principal_policy(
                iam.PolicyStatement(
                    actions=["lambda:InvokeFunction"], resources=[function.function_arn]
                )
            )
        self.machine = sfn.StateMachine(
            self,
            "Machine",
            state_machine_name=f"reelstep-{config.stage}-{kind}",
            state_machine_type=sfn.StateMachineType.STANDARD,
            definition_body=sfn.DefinitionBody.from_string(
                _definition(kind, RenderConcurrency=config.render_concurrency)
            ),
            definition_substitutions={
                substitution(name): function.function_arn for name, function in steps.items()
            },
            role=role,
            logs=sfn.LogOptions(
                # Step Functions may only write to groups whose name begins like this.
                destination=log_group(
                    self, "Logs", f"/aws/vendedlogs/states/reelstep-{config.stage}-{kind}", config
                ),
                level=sfn.LogLevel.ALL,
                # Prompts are their authors' own: they stay out of the logs in production.
                include_execution_data=not config.production,
            ),
            tracing_enabled=True,
        )
        nag.acknowledge_wildcard(
            role, "", "*", "Log delivery and X-Ray have no resource-level permissions."
        )

    def allow(self, function: lambda_.Function, actions: tuple[str, ...]) -> None:
        """Let `function` make these Step Functions calls on this machine and its executions."""
        on_machine = [f"states:{name}" for name in actions if name == "StartExecution"]
        on_execution = [f"states:{name}" for name in actions if name != "StartExecution"]
        if on_machine:
            function.add_to_role_policy(
                iam.PolicyStatement(actions=on_machine, resources=[self.machine.state_machine_arn])
            )
        if on_execution:
            function.add_to_role_policy(
                iam.PolicyStatement(
                    actions=on_execution,
                    resources=[self._execution_arns()],
                )
            )
            machine = self.machine.stack.get_logical_id(
                cast(sfn.CfnStateMachine, self.machine.node.default_child)
            )
            nag.acknowledge_wildcard(
                cast(iam.Role, function.role),
                f"arn:<AWS::Partition>:states:{self.machine.stack.region}:<AWS::AccountId>"
                f":execution:<{machine}.Name>",
                ":*",
                "The executions of the one machine.",
            )

    def _execution_arns(self) -> str:
        stack = self.machine.stack
        return stack.format_arn(
            service="states",
            resource="execution",
            resource_name=f"{self.machine.state_machine_name}:*",
            arn_format=ArnFormat.COLON_RESOURCE_NAME,
        )


class Sweep(Construct):
    """Calls the sweep function when an execution ends badly, and every five minutes."""

    def __init__(
        self, scope: Construct, id: str, *, function: lambda_.Function, machine: sfn.StateMachine
    ) -> None:
        super().__init__(scope, id)
        events.Rule(
            self,
            "ExecutionEnded",
            description="What no Catch can see: the machine's own timeout, a stop, a lost state",
            event_pattern=events.EventPattern(
                source=["aws.states"],
                detail_type=["Step Functions Execution Status Change"],
                detail={
                    "status": ["FAILED", "TIMED_OUT", "ABORTED"],
                    "stateMachineArn": [machine.state_machine_arn],
                },
            ),
            targets=[targets.LambdaFunction(function, retry_attempts=5)],
        )
        events.Rule(
            self,
            "EveryFiveMinutes",
            description="Jobs that stopped reporting",
            schedule=events.Schedule.rate(Duration.minutes(5)),
            targets=[targets.LambdaFunction(function, retry_attempts=0)],
        )
