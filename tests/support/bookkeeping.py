"""Everything that can happen to jobs and tokens, in any order, doubled, late, lost or cut short.

Hypothesis plays users, workers, the stream, Step Functions and a process that dies between any
two calls (before or after the call took effect). After every step the rows must add up
(tests/support/books.py), and at the end nothing may be forgotten. `Books` is played against
DynamoDB as moto has it (tests/unit/jobs) and as the local cloud has it (tests/local).
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from unittest import TestCase
from unittest.mock import patch

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from reelstep.accounts.plans import Plan
from reelstep.jobs import dispatch, lifecycle, sweeper
from reelstep.jobs.admission import Admission
from reelstep.jobs.executions import execution_name
from reelstep.jobs.model import Job, JobError, JobKind, JobStatus, Phase
from reelstep.jobs.reporter import StepReporter
from reelstep.jobs.repository import JobRepository
from reelstep.pipelines import submission
from reelstep.pipelines.submission import Submission, User
from reelstep.platform import clock
from reelstep.platform.errors import Conflict, InsufficientTokens, QueueFull, StaleExecution
from reelstep.platform.settings import Limits
from reelstep.wallet.ledger import Ledger
from tests.support import books
from tests.support.jobs import TOTALS
from tests.support.mortal import Died, Mortal

LIMITS = Limits(
    running={"generation": 2, "clip": 1},
    queue_size=3,
    provider_slots={"vendor": 1},
    welcome_tokens=300,
)
CAPS = {"kind#generation": 2, "kind#clip": 1, "provider#vendor": 1}
USERS = (User("ann", Plan.FREE), User("bob", Plan.VIP_PLUS))
OWNERS = {user.id: user for user in USERS}
PRICES = (7, 50, 120)
ENDED = {"COMPLETED", "FAILED", "CANCELLED"}

users = st.sampled_from(USERS)
kinds = st.sampled_from((JobKind.GENERATION, JobKind.CLIP))
picks = st.integers(0, 30)
# A process dies at one of its next writes, before or after that took effect; mostly it does not.
deaths = st.one_of(st.none(), st.none(), st.tuples(st.integers(0, 3), st.booleans()))


class Machine:
    """Step Functions as far as jobs know it; `lose` is what the platform does to an execution."""

    def __init__(self) -> None:
        self.states: dict[str, str] = {}
        self.unreachable = False

    def start(self, job: Job) -> str:
        if self.unreachable:
            raise Died
        self.states.setdefault(self.arn(job), "RUNNING")
        return self.arn(job)

    def arn(self, job: Job) -> str:
        return execution_name(job)

    def stop(self, arn: str, cause: str) -> None:
        if self.states.get(arn) == "RUNNING":
            self.states[arn] = "ABORTED"

    def status(self, arn: str) -> str | None:
        return self.states.get(arn)


class Books(RuleBasedStateMachine):
    """A subclass says where the table is: `open_table`, `close_table` and `read_rows`."""

    dynamodb: Any
    table: str

    def open_table(self) -> None:
        """Set `dynamodb` and `table` to a new, empty table."""
        raise NotImplementedError

    def close_table(self) -> None:
        raise NotImplementedError

    def read_rows(self) -> list[books.Row]:
        return books.rows(self.dynamodb, self.table)

    @initialize()
    def open_the_shop(self) -> None:
        self.open_table()
        self.client = Mortal(self.dynamodb)
        self.client.on_write = self._record
        self.jobs = JobRepository(self.client, self.table)  # type: ignore[arg-type]
        self.machine = Machine()
        self.admission = Admission(self.jobs, self.machine, LIMITS)  # type: ignore[arg-type]
        self.ledger = Ledger(self.client, self.table)  # type: ignore[arg-type]
        self.rows: list[books.Row] = []
        self.ids: list[str] = []
        self.half_deleted: set[str] = set()
        self.stream: list[dict[str, Any]] = []
        self.now = datetime(2026, 1, 1, tzinfo=UTC)
        self.time = patch.object(clock, "utc_now", self._tick)
        self.time.start()
        # Ids by Hypothesis's own seed, so that a game that fails fails again. Only ours: the table
        # of the local cloud outlives a game, and remembers the tokens of botocore's requests.
        chance = SimpleNamespace(
            uuid4=lambda: uuid.UUID(int=random.getrandbits(128)), uuid5=uuid.uuid5
        )
        self.chance = patch.object(submission, "uuid", chance)
        self.chance.start()

    def _tick(self) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now

    def _record(self, arguments: dict[str, Any]) -> None:
        """The stream: the job row as it is after a write that touched it."""
        for item in arguments.get("TransactItems", [arguments]):
            inner = next(iter(item.values())) if "TransactItems" in arguments else item
            key = inner.get("Key") or inner.get("Item") or {}
            if key.get("sk") == {"S": "JOB"}:
                key = {name: key[name] for name in ("pk", "sk")}
                found = self.dynamodb.get_item(TableName=self.table, Key=key, ConsistentRead=True)
                if "Item" in found:
                    self.stream.append({"dynamodb": {"NewImage": found["Item"]}})

    @contextmanager
    def _process(self, death: tuple[int, bool] | None) -> Iterator[None]:
        self.client.death = death
        with suppress(Died):
            yield
        self.client.death = None

    def _desk(self, user: User) -> Submission:
        return Submission(self.admission, self.ledger, user)

    def _pick(self, pick: int, *allowed: JobStatus) -> Job | None:
        """One of the jobs there were after the last step."""
        found = [row for row in self.rows if row["sk"] == "JOB"]
        found = [row for row in found if not allowed or row["status"] in allowed]
        if not found:
            return None
        return self.jobs.get(found[pick % len(found)]["job_id"])

    # -- users -----------------------------------------------------------------------------------

    @rule(
        user=users, number=st.integers(0, 3), tokens=st.sampled_from((-40, 60, 500)), death=deaths
    )
    def grant(self, user: User, number: int, tokens: int, death: Any) -> None:
        with self._process(death), suppress(Conflict):
            self.ledger.grant(user.id, f"gift-{number % 4}", tokens, reason="test", by="admin")

    @rule(
        user=users,
        kind=kinds,
        price=st.sampled_from(PRICES),
        key=st.sampled_from((None, None, "a", "b")),
        vendor=st.booleans(),
        death=deaths,
    )
    def submit(
        self, user: User, kind: JobKind, price: int, key: str | None, vendor: bool, death: Any
    ) -> None:
        desk = self._desk(user)
        job = desk.new_job(
            kind,
            {"prompt": "a film", "price": price},
            price=price,
            estimate_micro_usd=1000,
            idempotency_key=key,
            providers=("vendor",) if vendor else (),
        )
        if job.job_id not in self.ids:
            self.ids.append(job.job_id)
        with self._process(death), suppress(InsufficientTokens, QueueFull, Conflict):
            desk.submit(job)

    @rule(pick=picks, death=deaths)
    def cancel(self, pick: int, death: Any) -> None:
        job = self._pick(pick)
        if job is None:
            return
        with self._process(death), suppress(Conflict):
            self._desk(OWNERS[job.user_id]).cancel(job, "test")

    @rule(first=picks, death=deaths)
    def cancel_what_was_read_before_it_started(self, first: int, death: Any) -> None:
        job = self._pick(first, JobStatus.QUEUED)
        if job is None:
            return
        self.admission.admit(job.kind)
        with self._process(death), suppress(Conflict):
            self._desk(OWNERS[job.user_id]).cancel(job, "test")

    @rule(pick=picks, death=deaths)
    def retry(self, pick: int, death: Any) -> None:
        job = self._pick(pick)
        if job is None:
            return
        with self._process(death), suppress(Conflict, InsufficientTokens, QueueFull):
            self._desk(OWNERS[job.user_id]).retry(job)

    @rule(pick=picks, death=deaths)
    def delete(self, pick: int, death: Any) -> None:
        job = self._pick(pick)
        if job is None:
            return
        self.half_deleted.add(job.job_id)
        with self._process(death):
            if not job.status.terminal:
                with suppress(Conflict):
                    self._desk(OWNERS[job.user_id]).cancel(job, "deleted")
            self.jobs.delete(job.job_id)

    @rule(pick=picks)
    def delete_what_is_retried_meanwhile(self, pick: int) -> None:
        job = self._pick(pick, JobStatus.FAILED)
        if job is None:
            return
        self.half_deleted.add(job.job_id)
        with suppress(InsufficientTokens, QueueFull, Conflict):
            self._desk(OWNERS[job.user_id]).retry(job)
        self.jobs.delete(job.job_id)

    # -- the platform ----------------------------------------------------------------------------

    @rule(kind=kinds, death=deaths)
    def admit(self, kind: JobKind, death: Any) -> None:
        with self._process(death):
            self.admission.admit(kind)

    @rule(kind=kinds)
    def admit_while_step_functions_is_away(self, kind: JobKind) -> None:
        self.machine.unreachable = True
        with self._process(None):
            self.admission.admit(kind)
        self.machine.unreachable = False

    @rule(first=st.integers(0, 200), count=st.integers(1, 8), death=deaths)
    def deliver_records(self, first: int, count: int, death: Any) -> None:
        """Any stretch of the stream, however old, however often; what is never chosen is lost."""
        first %= max(1, len(self.stream))
        with self._process(death):
            changes = dispatch.job_rows(self.stream[first : first + count])
            for kind, fresh in dispatch.kinds_of(changes).items():
                self.admission.admit(kind, fresh)

    @rule(pick=picks)
    def lose_execution(self, pick: int) -> None:
        job = self._pick(pick, JobStatus.STARTING, JobStatus.PROCESSING)
        if job is None:
            return
        if job.execution_arn:
            self.machine.states[job.execution_arn] = "FAILED"

    @rule(death=deaths)
    def sweep(self, death: Any) -> None:
        with self._process(death):
            sweeper.sweep(self.admission)

    @rule(pick=picks, death=deaths)
    def hear_of_an_ended_execution(self, pick: int, death: Any) -> None:
        job = self._pick(pick)
        if job is None:
            return
        with self._process(death):
            sweeper.sweep(self.admission, job_ids=[job.job_id])

    @rule(seconds=st.sampled_from((1, 20, 700, 4000)))
    def wait(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    # -- workers ---------------------------------------------------------------------------------

    @rule(pick=picks, death=deaths)
    def begin(self, pick: int, death: Any) -> None:
        job = self._pick(pick, JobStatus.STARTING, JobStatus.PROCESSING)
        if job is None:
            return
        with self._process(death), suppress(StaleExecution):
            lifecycle.begin(self.jobs, job, "worker")
            if job.kind is JobKind.GENERATION:
                self.jobs.set_totals(job, TOTALS)

    @rule(
        pick=picks,
        phase=st.sampled_from(tuple(Phase)),
        done=st.integers(1, 600),
        late=st.booleans(),
        death=deaths,
    )
    def report(self, pick: int, phase: Phase, done: int, late: bool, death: Any) -> None:
        job = self._pick(pick)
        if job is None:
            return
        if job.kind is not JobKind.GENERATION:
            return
        attempt = job.attempt - 1 if late else job.attempt
        step = StepReporter(self.jobs, job.job_id, attempt, phase, "0", lambda *_: "", interval=0)
        with self._process(death), suppress(StaleExecution):
            step.report(done, last=True)
            self.jobs.put_cost(job.job_id, phase, "0", "vendor", done, done)

    @rule(pick=picks, good=st.booleans(), late=st.booleans(), death=deaths)
    def finish(self, pick: int, good: bool, late: bool, death: Any) -> None:
        job = self._pick(pick)
        if job is None:
            return
        attempt = job.attempt - 1 if late else job.attempt
        with self._process(death):
            if good:
                lifecycle.complete(self.jobs, job.job_id, attempt, {"film": "film.mp4"})
            else:
                error = JobError(code="BROKEN", message="It broke", stage="RENDERING")
                lifecycle.fail(self.jobs, job.job_id, attempt, error)

    # -- what must hold --------------------------------------------------------------------------

    @invariant()
    def the_books_balance(self) -> None:
        if hasattr(self, "jobs"):
            self.rows = self.read_rows()
            assert books.mistakes(self.rows, CAPS, self.half_deleted) == []

    def teardown(self) -> None:
        if not hasattr(self, "jobs"):
            return
        try:
            self._settle()
        finally:
            self.chance.stop()
            self.time.stop()
            self.close_table()

    def _settle(self) -> None:
        """With only the sweep and honest workers, every job comes to its end."""
        for _ in range(len(self.ids) + 5):
            if not self._open_jobs():
                break
            self.now += timedelta(seconds=30)
            sweeper.sweep(self.admission)
            for job in self.jobs.running():
                # By its name: whoever started it may have died before that was noted.
                if self.machine.status(self.machine.arn(job)) == "RUNNING":
                    lifecycle.complete(self.jobs, job.job_id, job.attempt, {"film": "film.mp4"})
        self.the_books_balance()
        assert self._open_jobs() == [], "forgotten"

    def _open_jobs(self) -> list[books.Row]:
        jobs = (row for row in self.read_rows() if row["sk"] == "JOB")
        return [row for row in jobs if row["status"] not in ENDED]


def played(machine: type[Books], examples: int, steps: int) -> type[TestCase]:
    """A test case of so many games of so many steps."""
    machine.TestCase.settings = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    return machine.TestCase
