"""What happens to jobs, told to others: an event bus, callbacks, and a topic to subscribe to."""

from __future__ import annotations

from typing import cast

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra import nag
from infra.config import DeployConfig
from infra.function_table import CALLBACK, EVENTS_PUT, QUEUE_READ
from infra.functions import allow
from reelstep.platform import settings

SOURCE = "reelstep"
#: Receivers that hang may hold this many functions at once and no more.
CALLBACKS_AT_ONCE = 50


class Notifications(Construct):
    """The bus `reelstep` with two listeners: the queue of callbacks and an SNS topic.

    `takes` takes the URLs of users, `tells` puts the ends of jobs onto the bus and `calls` calls
    the URLs of those that have one.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        config: DeployConfig,
        *,
        takes: lambda_.Function,
        tells: lambda_.Function,
        calls: lambda_.Function,
    ) -> None:
        super().__init__(scope, id)
        self.bus = events.EventBus(self, "Bus", event_bus_name=config.event_bus)
        allow(cast(iam.Role, tells.role), EVENTS_PUT, self.bus.event_bus_arn)
        tells.add_environment(settings.EVENT_BUS, self.bus.event_bus_name)

        self.undelivered = self._queue("Undelivered", retention_period=Duration.days(14))
        nag.acknowledge(
            self.undelivered, "AwsSolutions-SQS3", "It is the queue for what failed elsewhere."
        )
        self._callbacks(config, calls)
        if config.callback_loopback_ca:
            for function in (takes, calls):
                function.add_environment(settings.CALLBACK_LOOPBACK_CA, config.callback_loopback_ca)
        self.topic = sns.Topic(self, "Topic", enforce_ssl=True)
        nag.acknowledge(
            self.topic,
            "AwsSolutions-SNS2",
            "EventBridge cannot use the AWS managed key; ids and states pass, no texts of users.",
        )
        self._rule("Topic", {}, targets.SnsTopic(self.topic, dead_letter_queue=self.undelivered))

    def _callbacks(self, config: DeployConfig, calls: lambda_.Function) -> None:
        tries = len(config.limits.callback_retry_seconds) + 1
        waiting = self._queue(
            "Callbacks",
            # A failed try hides its message for as long as the next one has to wait; this one is
            # for tries that ended without a word.
            visibility_timeout=Duration.seconds(6 * CALLBACK.timeout_seconds),
            retention_period=Duration.days(4),
            dead_letter_queue=sqs.DeadLetterQueue(queue=self.undelivered, max_receive_count=tries),
        )
        self._rule(
            "Callbacks",
            {"callback": [True]},
            targets.SqsQueue(
                waiting,
                message=events.RuleTargetInput.from_event_path("$.detail"),
                dead_letter_queue=self.undelivered,
            ),
        )
        allow(cast(iam.Role, calls.role), QUEUE_READ, waiting.queue_arn)
        calls.add_environment(settings.CALLBACK_QUEUE_URL, waiting.queue_url)
        lambda_.EventSourceMapping(
            self,
            "Calls",
            target=calls,
            event_source_arn=waiting.queue_arn,
            # One, so that a receiver that hangs keeps nobody else waiting.
            batch_size=1,
            max_concurrency=CALLBACKS_AT_ONCE,
            report_batch_item_failures=True,
        )

    def _rule(self, name: str, detail: dict[str, list[bool]], target: events.IRuleTarget) -> None:
        events.Rule(
            self,
            f"To{name}",
            event_bus=self.bus,
            event_pattern=events.EventPattern(source=[SOURCE], detail=detail or None),
            targets=[target],
        )

    def _queue(
        self,
        id: str,
        *,
        retention_period: Duration,
        visibility_timeout: Duration | None = None,
        dead_letter_queue: sqs.DeadLetterQueue | None = None,
    ) -> sqs.Queue:
        return sqs.Queue(
            self,
            id,
            retention_period=retention_period,
            visibility_timeout=visibility_timeout,
            dead_letter_queue=dead_letter_queue,
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=True,
        )
