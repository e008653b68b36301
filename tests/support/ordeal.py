"""Films in the making while their functions are killed and the cloud is stopped under them.

`tests/local/test_faults.py` goes through it shortly, `tests/soak/test_faults.py` for long.
"""

from __future__ import annotations

import json
import os
import random
import signal
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from infra.function_table import FUNCTIONS
from reelstep.local import cloud as local
from reelstep.local import emulator
from reelstep.wallet.ledger import Ledger
from tests.support import books, evidence
from tests.support.films import TERMINAL, VIDEOS
from tests.support.local_cloud import LocalCloud, User
from tests.support.published import Masters
from tests.support.workers import Watch, Worker, kill, strays

KILLED, STOPPED = "killed", "stopped"
_TOKENS = 1_000_000
_GLANCE_SECONDS = 0.03
_STORIES = ("a lighthouse", "a fox in the snow", "two robots", "an old train", "a market at night")


@dataclass
class Film:
    """A submission: the key it is sent with, and the id that this key has always had."""

    user: User
    key: str
    body: dict[str, Any]
    id: str | None = None
    cancel_at: float | None = None
    forgotten: int = 0


class Killer:
    """Kills a worker now and then, on a thread of its own, wherever it finds one at work.

    Which one is drawn from all functions alike, less often the more of it have died: a step that
    takes a moment is hit as often as one that takes long.
    """

    def __init__(
        self, cloud: LocalCloud, rng: random.Random, every_seconds: float, look_seconds: float
    ):
        self.kills: Counter[str] = Counter()
        self.told: list[str] = []
        #: Held by who must not be disturbed, and during each kill.
        self.truce = threading.Lock()
        self._home, self._rng = cloud.home, rng
        self._every, self._look = every_seconds, look_seconds
        self._watch, self._done = Watch(cloud.home), threading.Event()

    @contextmanager
    def at_work(self) -> Iterator[Killer]:
        thread = threading.Thread(target=self._run, name="killer")
        thread.start()
        try:
            yield self
        finally:
            self._done.set()
            thread.join()

    def _run(self) -> None:
        while not self._done.wait(self._rng.expovariate(1 / self._every)):
            wanted, moment = self._victim(), self._rng.uniform(0, 0.3)
            self._watch.busy()  # from now on
            began = first_seen = time.monotonic()
            while not self._done.wait(_GLANCE_SECONDS):
                busy, now = self._watch.busy(), time.monotonic()
                fitting = [worker for worker in busy if worker.function == wanted]
                if not fitting:
                    first_seen = now
                if now - began > self._look:
                    if busy:
                        self._kill_instead(self._rng.choice(busy))
                    break
                if fitting and now - first_seen >= moment:
                    self._kill(self._rng.choice(fitting))
                    break

    def _kill_instead(self, worker: Worker) -> None:
        """Of those that are always at work, not so many that no film gets past them."""
        usual = self.kills.total() / max(1, len(self.kills))
        if self._rng.random() < (1 + usual) / (1 + self.kills[worker.function]):
            self._kill(worker)

    def _kill(self, worker: Worker) -> None:
        with self.truce:
            if kill(worker, self._home):
                self.kills[worker.function] += 1
                self.told.append(f"{time.strftime('%H:%M:%S')} {worker}")

    def _victim(self) -> str:
        names = [spec.name for spec in FUNCTIONS]
        return self._rng.choices(names, [1 / (1 + self.kills[name]) ** 2 for name in names])[0]


@dataclass
class Ordeal:
    """A population of short films, and what is done to it. `at_once` films are kept in the making.

    Everything random comes from `seed`.
    """

    cloud: LocalCloud
    project: Path
    seed: int
    at_once: int
    kill_every_seconds: float
    #: How long to look for a function at work before any other one will do.
    look_seconds: float = 3.0
    films: list[Film] = field(default_factory=list)
    restarts: Counter[str] = field(default_factory=Counter)
    mistakes: list[str] = field(default_factory=list)
    evidence: evidence.Evidence = field(default_factory=evidence.Evidence)
    answers: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.rng = random.Random(self.seed)
        self.killer = Killer(
            self.cloud, random.Random(self.seed + 1), self.kill_every_seconds, self.look_seconds
        )
        self.began = time.monotonic()
        groups: Sequence[tuple[str, ...]] = [("plan-vip-plus",), ("plan-standard",), ()]
        self.users = [self.cloud.new_user(*names) for names in groups]
        table = self.cloud.description.table_name
        ledger = Ledger(self.cloud.client("dynamodb"), table)
        for user in self.users:
            ledger.open(user.id, 1000)
            ledger.grant(user.id, "soak", _TOKENS, reason="for the soak", by="test")
        self._save()

    # -- films ---------------------------------------------------------------------------------

    def run(self, seconds: float, *, kills: int | None = None, ended: int | None = None) -> None:
        """Keep films in the making for so long at most, or until so many workers have been killed
        in all, or so many films have ended from now on."""
        end, before = time.monotonic() + seconds, None
        while time.monotonic() < end:
            if kills is not None and self.killer.kills.total() >= kills:
                return
            over = len(self.films) - self._tick(submit=True)
            before = over if before is None else before
            if ended is not None and over - before >= ended:
                return
            time.sleep(0.5)

    def _tick(self, *, submit: bool) -> int:
        """Send what has no answer yet, cancel who wants it, begin new films; how many go on."""
        self._send(self.rng.choice(self.users), f"{VIDEOS}/user?size=5", method="GET")
        jobs = self._jobs()
        live = 0
        for film in self.films:
            status = jobs.get(film.id or "")
            if status is None:
                if film.id is not None:
                    film.forgotten += 1  # by a crash, since the last checkpoint
                self._submit(film)
                live += 1
            elif status not in TERMINAL:
                live += 1
                if film.cancel_at is not None and time.monotonic() >= film.cancel_at:
                    film.cancel_at = None
                    self._send(film.user, f"{VIDEOS}/{film.id}/cancel")
        if submit and live < self.at_once:
            self.films.append(self._new_film())
            self._submit(self.films[-1])
            live += 1
        return live

    def _new_film(self) -> Film:
        number = len(self.films)
        scenes = [
            {"dialogue": f"Film {number} of {self.seed}, scene {scene}.", "description": story}
            for scene, story in enumerate(self.rng.sample(_STORIES, 2))
        ]
        body = {
            "prompt": f"{scenes[0]['description']}, number {number} of {self.seed}",
            "durationSeconds": 10,
            "preview": True,
            "scenes": scenes,
        }
        cancels = self.rng.random() < 0.08
        return Film(
            user=self.rng.choice(self.users),
            key=str(uuid.UUID(int=self.rng.getrandbits(128))),
            body=body,
            cancel_at=time.monotonic() + self.rng.uniform(1, 15) if cancels else None,
        )

    def _submit(self, film: Film) -> None:
        """With its key, now and then twice: the same film each time, whatever died meanwhile."""
        for _ in range(1 + (self.rng.random() < 0.3)):
            answer = self._send(film.user, f"{VIDEOS}/generate", body=film.body, key=film.key)
            if answer is None or answer.status_code not in (200, 201):
                continue
            given = str(answer.json()["videoId"])
            if film.id not in (None, given):
                self.mistakes.append(f"key {film.key}: was film {film.id}, is now {given}")
            film.id = given

    def _send(
        self,
        user: User,
        path: str,
        *,
        method: str = "POST",
        body: Any = None,
        key: str | None = None,
    ) -> requests.Response | None:
        headers = {"Idempotency-Key": key} if key else {}
        try:
            answer = self.cloud.http(
                method, path, token=user.token, json=body, headers=headers, timeout=40
            )
        except requests.RequestException as error:
            self.answers[f"{method} {type(error).__name__}"] += 1
            return None
        self.answers[f"{method} {answer.status_code}"] += 1
        return answer

    def _jobs(self) -> dict[str, str]:
        """Film → status, of those that the table knows."""
        table = self.cloud.description.table_name
        keys = [
            {"pk": {"S": f"JOB#{film.id}"}, "sk": {"S": "JOB"}} for film in self.films if film.id
        ]
        client, found = self.cloud.client("dynamodb"), {}
        for first in range(0, len(keys), 100):
            request = {table: {"Keys": keys[first : first + 100], "ConsistentRead": True}}
            answer = client.batch_get_item(RequestItems=request)
            assert not answer.get("UnprocessedKeys")
            for item in answer["Responses"][table]:
                found[item["job_id"]["S"]] = item["status"]["S"]
        return found

    # -- the cloud -----------------------------------------------------------------------------

    def restart(self, how: str) -> None:
        """Stop the emulator in the middle of everything, orderly or not, and start it again.

        Nothing is saved just before: a crash takes what came after the last checkpoint.
        """
        with self.killer.truce:
            self.evidence.collect(self.cloud)
            folder = self.cloud.home.folder
            if how == KILLED:
                found = emulator.find(self.cloud.home)
                assert found
                os.kill(found.pid, signal.SIGKILL)
                os.waitpid(found.pid, 0)
            else:
                local.down(folder=folder)
            self.cloud = LocalCloud(self.cloud.home, local.up(folder=folder, root=self.project))
            self.restarts[how] += 1
            self.check_books()

    def check_books(self) -> None:
        """Look at a checkpoint, which has all rows as they were in one moment."""
        self._save()
        table = evidence.saved_rows(self.cloud)
        self.mistakes += books.mistakes(table)

    def _save(self) -> None:
        found = emulator.find(self.cloud.home)
        assert found
        found.checkpoint()

    def sweep(self) -> dict[str, Any]:
        """What the schedule does every five minutes."""
        answer = self.cloud.client("lambda").invoke(
            FunctionName=self.cloud.outputs["SweepFunction"], Payload=json.dumps(local.SWEEP_EVENT)
        )
        result: dict[str, Any] = json.load(answer["Payload"])
        assert "FunctionError" not in answer, result
        return result

    def settle(self, seconds: float = 300) -> None:
        """No more faults: sweep until every film has ended."""
        end = time.monotonic() + seconds
        while self._tick(submit=False):
            assert time.monotonic() < end, f"still live after {seconds} s: {self._live()}"
            self.sweep()
            time.sleep(2.0)
        self.evidence.collect(self.cloud)
        self.check_books()

    def _live(self) -> list[dict[str, Any]]:
        table = books.rows(self.cloud.client("dynamodb"), self.cloud.description.table_name)
        shown = ("job_id", "status", "phase", "attempt", "resumed", "execution_arn", "slots")
        return [
            {name: row.get(name) for name in shown}
            for row in table
            if row["sk"] == "JOB" and row["status"] not in TERMINAL
        ]

    # -- what came of it -----------------------------------------------------------------------

    def assert_nothing_lost(self) -> None:
        """Every submission is one job with one charge, the books are right, nothing was made
        twice, nothing runs on, and every completed film is what was checked."""
        table = books.rows(self.cloud.client("dynamodb"), self.cloud.description.table_name)
        assert self.mistakes == []
        assert books.mistakes(table) == []
        jobs = {row["job_id"]: row for row in table if row["sk"] == "JOB"}
        assert set(jobs) == {film.id for film in self.films}
        assert {job["status"] for job in jobs.values()} <= TERMINAL
        assert {
            row["pk"]: row["count"] for row in table if row["sk"] == "SLOT" and row["count"]
        } == {}
        first_charges = [r for r in table if r["sk"].endswith(".1#RESERVE")]
        assert len(first_charges) == len(jobs)
        assert strays(self.cloud.home) == []
        assert self.evidence.made_again == {}
        assert self.evidence.strange_errors() == {}

    def faulty_films(self, folder: Path, *, look_at: int) -> list[str]:
        """Of the completed films, so many are measured again: first those with most attempts."""
        table = books.rows(self.cloud.client("dynamodb"), self.cloud.description.table_name)
        jobs = [row for row in table if row["sk"] == "JOB" and row["status"] == "COMPLETED"]
        jobs.sort(key=lambda job: (-int(job["attempt"]), str(job["job_id"])))
        masters = Masters(self.cloud)
        return [
            fault
            for number, job in enumerate(jobs)
            for fault in masters.faults(job, folder, look=number < look_at)
        ]

    def figures(self) -> dict[str, Any]:
        """For people, and for docs/operations.md."""
        table = books.rows(self.cloud.client("dynamodb"), self.cloud.description.table_name)
        jobs = [row for row in table if row["sk"] == "JOB"]
        return {
            "seed": self.seed,
            "seconds": round(time.monotonic() - self.began),
            "kills": dict(sorted(self.killer.kills.items())) | {"all": self.killer.kills.total()},
            "steps that died": dict(self.evidence.died()),
            "restarts": dict(self.restarts) | {"all": self.restarts.total()},
            "films": dict(Counter(str(job["status"]) for job in jobs)) | {"all": len(jobs)},
            "failures": dict(
                Counter(
                    f"{j['error']['code']} in {j['error']['stage']}" for j in jobs if j.get("error")
                )
            ),
            "attempts": dict(Counter(str(job["attempt"]) for job in jobs)),
            "completed after a lost execution": sum(
                job["status"] == "COMPLETED" and job.get("resumed", 0) > 0 for job in jobs
            ),
            "submissions forgotten by a crash and sent again": sum(
                f.forgotten > 0 for f in self.films
            ),
            "answers": dict(self.answers),
            "artifacts made": self.evidence.made.total(),
            "made again though stored": sum(self.evidence.made_again.values()),
        }
