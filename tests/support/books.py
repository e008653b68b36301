"""Whether tokens, slots, indexes and jobs agree: read from the rows themselves, not from our code.

`mistakes` is used by the unit tests (moto), the tests on the local cloud and the soak.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

from boto3.dynamodb.types import TypeDeserializer

_RUNNING = {"STARTING", "PROCESSING"}
_TERMINAL = {"COMPLETED", "FAILED", "CANCELLED"}
_read = TypeDeserializer().deserialize

Row = dict[str, Any]


def rows(client: Any, table: str) -> list[Row]:
    """Every row of the table."""
    return [
        read(item)
        for page in client.get_paginator("scan").paginate(TableName=table, ConsistentRead=True)
        for item in page["Items"]
    ]


def read(item: dict[str, Any]) -> Row:
    """A row without DynamoDB's types."""
    return {name: _read(value) for name, value in item.items()}


def mistakes(
    table: Iterable[Row],
    caps: dict[str, int] | None = None,
    half_deleted: Iterable[str] = (),
) -> list[str]:
    """What does not add up, in words; empty when all is well.

    `caps` are limits of slot scopes ("kind#generation": 40); users' own caps are on their jobs.
    `half_deleted` are jobs whose deletion was cut short: their events may be gone already.
    """
    by_kind: dict[str, list[Row]] = defaultdict(list)
    for row in table:
        by_kind[_kind(row)].append(row)
    jobs = by_kind["job"]
    return [
        *_wallets(by_kind["wallet"], by_kind["ledger"]),
        *_charges(jobs, by_kind["ledger"]),
        *_slots(jobs, by_kind["slot"], caps or {}),
        *_indexes(jobs),
        *_events(jobs, by_kind["event"], set(half_deleted)),
    ]


def _kind(row: Row) -> str:
    pk, sk = row["pk"], row["sk"]
    if sk == "JOB":
        return "job"
    for name, prefix in (("wallet", "WALLET"), ("ledger", "LEDGER#"), ("event", "EVT#")):
        if sk.startswith(prefix):
            return name
    return "slot" if pk.startswith("SLOT#") else "other"


def _wallets(wallets: list[Row], ledger: list[Row]) -> list[str]:
    found = []
    moved: dict[str, Counter[str]] = defaultdict(Counter)
    for row in ledger:
        moved[row["pk"]][row["type"]] += int(row["tokens"])
    for wallet in wallets:
        have = {
            name: int(wallet.get(name, 0)) for name in ("balance", "reserved", "settled", "granted")
        }
        told = moved[wallet["pk"]]
        closed = told["SETTLE"] + told["REFUND"]
        expected = {
            "granted": told["GRANT"],
            "reserved": told["RESERVE"] - closed,
            "settled": told["SETTLE"],
            "balance": told["GRANT"] - told["RESERVE"] + told["REFUND"],
        }
        if have["balance"] + have["reserved"] + have["settled"] != have["granted"]:
            found.append(f"{wallet['pk']}: balance + reserved + settled ≠ granted in {have}")
        if have != expected:
            found.append(f"{wallet['pk']}: the wallet says {have}, its ledger {expected}")
        if min(have.values()) < 0:
            found.append(f"{wallet['pk']}: negative in {have}")
    return found


def _charges(jobs: list[Row], ledger: list[Row]) -> list[str]:
    """Each charge is reserved once and closed once, exactly when its job has ended."""
    found = []
    charges: dict[str, dict[str, int]] = defaultdict(dict)
    for row in ledger:
        if row["type"] in {"RESERVE", "SETTLE", "REFUND"}:
            charges[row["sk"].removeprefix("LEDGER#").split("#")[0]][row["type"]] = int(
                row["tokens"]
            )
    open_charges = {
        f"{job['job_id']}.{job['charge']}" for job in jobs if job["status"] not in _TERMINAL
    }
    for charge, parts in charges.items():
        if "RESERVE" not in parts:
            found.append(f"charge {charge}: closed and never reserved")
            continue
        closed = parts.get("SETTLE", 0) + parts.get("REFUND", 0)
        if charge in open_charges and closed:
            found.append(f"charge {charge}: closed while its job goes on")
        if charge not in open_charges and closed != parts["RESERVE"]:
            found.append(f"charge {charge}: {parts}, and its job has ended or is gone")
    for job in jobs:
        charge = f"{job['job_id']}.{job['charge']}"
        parts = charges.get(charge, {})
        if parts.get("RESERVE") != int(job["price"]):
            found.append(f"job {job['job_id']}: costs {job['price']}, reserved {parts}")
        status, price = job["status"], int(job["price"])
        if status == "COMPLETED" and parts.get("SETTLE") != price:
            found.append(f"job {job['job_id']}: completed and not settled: {parts}")
        if status == "FAILED" and parts.get("REFUND") != price:
            found.append(f"job {job['job_id']}: failed and not refunded: {parts}")
    return found


def _slots(jobs: list[Row], slots: list[Row], caps: dict[str, int]) -> list[str]:
    expected: Counter[str] = Counter()
    user_caps: dict[str, int] = defaultdict(int)
    for job in jobs:
        if job["status"] in _RUNNING:
            expected.update(job["slots"])
            held = set(job["slots"])
            if not {f"kind#{job['kind']}", f"user#{job['user_id']}"} <= held:
                expected[f"a slot of job {job['job_id']}"] += 1
        if job["status"] == "QUEUED":
            expected[f"queue#{job['kind']}"] += 1
        scope = f"user#{job['user_id']}"
        user_caps[scope] = max(user_caps[scope], int(job["cap"]))
    have = {row["pk"].removeprefix("SLOT#"): int(row["count"]) for row in slots}
    found = [
        f"slot {scope}: counts {have.get(scope, 0)}, {expected[scope]} are held"
        for scope in sorted(expected.keys() | have.keys())
        if have.get(scope, 0) != expected[scope]
    ]
    for scope, cap in {**user_caps, **caps}.items():
        if have.get(scope, 0) > cap:
            found.append(f"slot {scope}: {have[scope]} of at most {cap}")
    return found


def _indexes(jobs: list[Row]) -> list[str]:
    found = []
    for job in jobs:
        waits, runs = "queue_pk" in job, "running_pk" in job
        if waits != (job["status"] == "QUEUED") or runs != (job["status"] in _RUNNING):
            found.append(f"job {job['job_id']}: {job['status']} with {waits=} {runs=}")
    return found


def _events(jobs: list[Row], events: list[Row], half_deleted: set[str]) -> list[str]:
    """Numbered without gaps, the percentage never down, the last one the end."""
    found = []
    by_job: dict[str, list[Row]] = defaultdict(list)
    for event in events:
        by_job[event["pk"]].append(event)
    for job in jobs:
        told = sorted(by_job.pop(f"JOB#{job['job_id']}", []), key=lambda row: row["seq"])
        if job["job_id"] in half_deleted:
            continue
        if [int(row["seq"]) for row in told] != list(range(1, int(job["seq"]) + 1)):
            found.append(f"job {job['job_id']}: its events have a gap or a double")
        percents = [int(r["fields"]["percent"]) for r in told if r["event"] == "job:progress"]
        if percents != sorted(percents):
            found.append(f"job {job['job_id']}: the percentage went down: {percents}")
        if job["status"] in _TERMINAL and told[-1]["event"] != f"job:{job['status'].lower()}":
            found.append(f"job {job['job_id']}: {job['status']}, told as {told[-1]['event']}")
    return [*found, *(f"{pk}: events without a job" for pk in by_job)]
